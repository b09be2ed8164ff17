/* SPDX-License-Identifier: GPL-2.0-only */
/* Which VCPUs a CPU has. */
#ifndef TDX_HOST_SRC_VP_CPU_H
#define TDX_HOST_SRC_VP_CPU_H

#include <tdx_host/vp.h>

bool vp_cpu_keeps(const struct tdx_host_vp *vp);
void vp_cpu_note(struct tdx_host_vp *vp, bool stays, u64 status);
u64 vp_cpu_flush(struct tdx_host_vp *vp);
void vp_cpu_open(void);
void vp_cpu_close(void);

#endif /* TDX_HOST_SRC_VP_CPU_H */
