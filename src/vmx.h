/* SPDX-License-Identifier: GPL-2.0-only */
/* The VMX window: VMX operation for the length of one SEAMCALL. */
#ifndef TDX_HOST_VMX_H
#define TDX_HOST_VMX_H

#include <linux/types.h>

/**
 * struct tdx_host_vmx - an open window on one CPU
 * @cr4: CR4 as found, restored on leaving
 * @ours: VMXON was done here and VMXOFF is owed
 */
struct tdx_host_vmx {
	unsigned long cr4;
	bool ours;
};

int tdx_host_vmx_alloc(unsigned int cpu);
void tdx_host_vmx_free(unsigned int cpu);
u64 tdx_host_vmx_enter(struct tdx_host_vmx *w);
u64 tdx_host_vmx_take(struct tdx_host_vmx *w);
void tdx_host_vmx_leave(struct tdx_host_vmx *w);

/* asm/vmx.S */
int tdx_host_vmxon(u64 pa);
int tdx_host_vmxoff(void);

#endif /* TDX_HOST_VMX_H */
