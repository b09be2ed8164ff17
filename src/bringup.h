/* SPDX-License-Identifier: GPL-2.0-only */
/* The state machine that takes the TDX module to ready. */
#ifndef TDX_HOST_BRINGUP_H
#define TDX_HOST_BRINGUP_H

#include <linux/types.h>

void bringup_exit(void);
int bringup_disable(void);
bool bringup_active(void);
bool bringup_configured(void);
void bringup_end(void);

#endif /* TDX_HOST_BRINGUP_H */
