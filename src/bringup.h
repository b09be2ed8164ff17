/* SPDX-License-Identifier: GPL-2.0-only */
/* The state machine that takes the TDX module to ready. */
#ifndef TDX_HOST_BRINGUP_H
#define TDX_HOST_BRINGUP_H

void tdx_host_bringup_exit(void);

#endif /* TDX_HOST_BRINGUP_H */
