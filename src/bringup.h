/* SPDX-License-Identifier: GPL-2.0-only */
/* The state machine that takes the TDX module to ready. */
#ifndef TDX_HOST_BRINGUP_H
#define TDX_HOST_BRINGUP_H

struct tdx_host_platform;

void tdx_host_bringup_init(const struct tdx_host_platform *p);
void tdx_host_bringup_exit(void);
int tdx_host_disable(void);
bool tdx_host_bringup_active(void);
void tdx_host_end(void);

#endif /* TDX_HOST_BRINGUP_H */
