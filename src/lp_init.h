/* SPDX-License-Identifier: GPL-2.0-only */
/* Global and per-LP initialisation of the TDX module. */
#ifndef TDX_HOST_LP_INIT_H
#define TDX_HOST_LP_INIT_H

#include <linux/cpumask.h>

int lp_init_all(void);
int lp_init_this(bool may_sleep);
void lp_init_forget(void);
const struct cpumask *lp_init_mask(void);
int lp_init_package(int lp);
bool lp_init_adopt(void);
bool lp_init_wanted(void);
void lp_init_ready_mask(struct cpumask *mask);

#endif /* TDX_HOST_LP_INIT_H */
