// SPDX-License-Identifier: GPL-2.0-only
/*
 * What TDH.VP.ENTER leaves in its initial state, or in the guest's, beside the
 * extended state that kernel_fpu_begin() saves.  A VMM that runs many VCPUs is
 * lazier about it.
 * Source: TDX Module ABI 1.5, TDH.VP.ENTER, "Host VMM State on TD Exit".
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <asm/cpufeature.h>
#include <asm/msr-index.h>

#include "consumer.h"

/* @feature: X86_FEATURE_* without which the MSR is not there; 0 for none. */
static const struct {
	u32 msr;
	u32 feature;
} msrs[] = {
	{ MSR_STAR, 0 },
	{ MSR_LSTAR, 0 },
	{ MSR_CSTAR, 0 },
	{ MSR_SYSCALL_MASK, 0 },
	{ MSR_KERNEL_GS_BASE, 0 },
	{ MSR_TSC_AUX, X86_FEATURE_RDTSCP },
	{ MSR_IA32_XSS, X86_FEATURE_XSAVES },
};

static_assert(ARRAY_SIZE(msrs) ==
	      ARRAY_SIZE(((struct consumer_host_state *)0)->msr));

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

static u64 read_xcr0(void)
{
	u32 low, high;

	asm volatile("xgetbv" : "=a" (low), "=d" (high) : "c" (0));
	return low | (u64)high << 32;
}

static void write_xcr0(u64 value)
{
	asm volatile("xsetbv" : : "c" (0), "a" ((u32)value),
		     "d" ((u32)(value >> 32)) : "memory");
}

static bool is_there(unsigned int i)
{
	return !msrs[i].feature || boot_cpu_has(msrs[i].feature);
}

/*
 * Breakpoints of the host.  TDH.VP.ENTER leaves the debug registers as a reset
 * does.  Where none is enabled there is nothing to keep; what is, is enabled
 * again last.
 */
#define DR7_ENABLED	0xffUL

#define READ_DR(n, to)	asm volatile("mov %%db" #n ", %0" : "=r" (to))
#define WRITE_DR(n, v)	asm volatile("mov %0, %%db" #n : : "r" (v))

static void save_debug(struct consumer_host_state *hs)
{
	READ_DR(7, hs->dr7);
	if (!(hs->dr7 & DR7_ENABLED))
		return;
	READ_DR(0, hs->dr[0]);
	READ_DR(1, hs->dr[1]);
	READ_DR(2, hs->dr[2]);
	READ_DR(3, hs->dr[3]);
	READ_DR(6, hs->dr6);
}

static void restore_debug(const struct consumer_host_state *hs)
{
	if (!(hs->dr7 & DR7_ENABLED))
		return;
	WRITE_DR(0, hs->dr[0]);
	WRITE_DR(1, hs->dr[1]);
	WRITE_DR(2, hs->dr[2]);
	WRITE_DR(3, hs->dr[3]);
	WRITE_DR(6, hs->dr6);
	WRITE_DR(7, hs->dr7);
}

/* With interrupts off until consumer_host_restore(). */
void consumer_host_save(struct consumer_host_state *hs)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(msrs); i++)
		hs->msr[i] = is_there(i) ? read_msr(msrs[i].msr) : 0;
	hs->xcr0 = boot_cpu_has(X86_FEATURE_OSXSAVE) ? read_xcr0() : 0;
	save_debug(hs);
}

void consumer_host_restore(const struct consumer_host_state *hs)
{
	unsigned int i;

	if (boot_cpu_has(X86_FEATURE_OSXSAVE))
		write_xcr0(hs->xcr0);
	for (i = 0; i < ARRAY_SIZE(msrs); i++)
		if (is_there(i))
			write_msr(msrs[i].msr, hs->msr[i]);
	restore_debug(hs);
}
