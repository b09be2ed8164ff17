// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.VP.ENTER, and the host's state that it does not keep.
 * Source: TDX Module ABI 1.5, TDH.VP.ENTER, "Host VMM State on TD Exit".
 */
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/cpufeature.h>
#include <asm/fpu/api.h>
#include <asm/msr-index.h>

#include "guests.h"

/* More than that, and the guest does not come to its end. */
#define MAX_INTERRUPTS	1000

static const u32 msrs[] = {
	MSR_STAR, MSR_LSTAR, MSR_CSTAR, MSR_SYSCALL_MASK, MSR_KERNEL_GS_BASE,
	MSR_TSC_AUX, MSR_IA32_XSS,
};

static bool has_msr(u32 msr)
{
	if (msr == MSR_TSC_AUX)
		return boot_cpu_has(X86_FEATURE_RDTSCP);
	return msr != MSR_IA32_XSS || boot_cpu_has(X86_FEATURE_XSAVES);
}

/* The kernel's own have other names and forms from release to release. */
static u64 read_msr(u32 msr)
{
	u32 low, high;

	asm volatile("rdmsr" : "=a" (low), "=d" (high) : "c" (msr));
	return low | (u64)high << 32;
}

static void write_msr(u32 msr, u64 value)
{
	asm volatile("wrmsr" : : "c" (msr), "a" ((u32)value),
		     "d" ((u32)(value >> 32)) : "memory");
}

u64 guests_enter(struct guests_td *t, struct tdx_regs *args)
{
	u64 msr[ARRAY_SIZE(msrs)], status;
	u32 low = 0, high = 0;
	unsigned long flags;
	unsigned int i;

	kernel_fpu_begin();
	local_irq_save(flags);
	for (i = 0; i < ARRAY_SIZE(msrs); i++)
		msr[i] = has_msr(msrs[i]) ? read_msr(msrs[i]) : 0;
	if (boot_cpu_has(X86_FEATURE_OSXSAVE))
		asm volatile("xgetbv" : "=a" (low), "=d" (high) : "c" (0));
	if (t->notify)
		guests_notify();
	t->notify = false;
	asm volatile("movq %0, %%xmm1" : : "r" (t->xmm[0]));
	asm volatile("movq %0, %%xmm2" : : "r" (t->xmm[1]));
	status = tdx_host_vp_enter(&t->vp, args);
	asm volatile("movq %%xmm1, %0" : "=r" (t->xmm[0]));
	asm volatile("movq %%xmm2, %0" : "=r" (t->xmm[1]));
	if (boot_cpu_has(X86_FEATURE_OSXSAVE))
		asm volatile("xsetbv" : : "a" (low), "d" (high), "c" (0));
	for (i = 0; i < ARRAY_SIZE(msrs); i++)
		if (has_msr(msrs[i]))
			write_msr(msrs[i], msr[i]);
	local_irq_restore(flags);
	kernel_fpu_end();
	return status;
}

u64 guests_go(struct guests_td *t, struct tdx_regs *args)
{
	const struct tdx_regs in = *args;
	u64 xmm[2] = { t->xmm[0], t->xmm[1] }, status;
	unsigned int i;

	for (i = 0; i < MAX_INTERRUPTS; i++) {
		status = guests_enter(t, args);
		if (status != TDX_HOST_EXIT_EXTERNAL_INTERRUPT)
			break;
		/* What the guest has got by now it does not get again. */
		*args = in;
		memcpy(t->xmm, xmm, sizeof(xmm));
	}
	return status;
}
