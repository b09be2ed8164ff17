/* SPDX-License-Identifier: GPL-2.0-only */
/* Global and per-LP initialisation of the TDX module. */
#ifndef TDX_HOST_LP_INIT_H
#define TDX_HOST_LP_INIT_H

#include <linux/cpumask.h>

int tdx_host_lp_init_all(void);
int tdx_host_lp_init_this(bool may_sleep);
void tdx_host_lp_init_forget(void);
bool tdx_host_lp_adopt(void);
bool tdx_host_lp_wanted(void);
void tdx_host_lp_ready_mask(struct cpumask *mask);

#endif /* TDX_HOST_LP_INIT_H */
