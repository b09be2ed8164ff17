/* SPDX-License-Identifier: GPL-2.0-only */
/* The VMX window: VMX operation for the length of one SEAMCALL. */
#ifndef TDX_HOST_VMX_H
#define TDX_HOST_VMX_H

#include <linux/types.h>

/**
 * struct vmx_window - an open window on one CPU
 * @cr4: CR4 as found, restored on leaving
 * @ours: VMXON was done here and VMXOFF is owed
 */
struct vmx_window {
	unsigned long cr4;
	bool ours;
};

int vmx_alloc(unsigned int cpu);
void vmx_free(unsigned int cpu);
u64 tdx_host_vmx_enter(struct vmx_window *w);
u64 vmx_take(struct vmx_window *w);
void tdx_host_vmx_leave(struct vmx_window *w);

/* asm/vmx.S: 0, 1 for VMfail, or the number of the trap that was raised. */
int tdx_host_vmxon(u64 pa);
int tdx_host_vmxoff(void);

#endif /* TDX_HOST_VMX_H */
