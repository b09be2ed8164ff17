// SPDX-License-Identifier: GPL-2.0-only
/*
 * VMX operation.  A CPU that has VMX is asked.  On one that has not, the LP
 * is in VMX operation while tdx_host has its window open, and while a test
 * says that somebody else keeps it there, as KVM does with a guest.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/smp.h>
#include <asm/asm.h>

#include "emul.h"

/* VMPTRST raises #UD outside VMX operation.  Intel SDM volume 3. */
static bool in_vmx_operation(void)
{
	u64 vmcs;
	u32 in = 0;

	asm volatile("1:	vmptrst %[vmcs]\n"
		     "	movl $1, %[in]\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : [vmcs] "=m" (vmcs), [in] "+r" (in) : : "cc");
	return in;
}

/* Before a SEAMCALL on this CPU. */
void emul_vmx_sync(unsigned int lp)
{
	if (emul.real_vmx)
		model_set_vmx(emul.model, lp, in_vmx_operation());
}

/* tdx_host opens or closes its window on this CPU, @lp. */
void emul_vmx_set(unsigned int lp, bool on)
{
	if (lp < emul.lps)
		model_set_vmx(emul.model, lp,
			      on || cpumask_test_cpu(lp, &emul.vmx_held));
}

struct hold {
	unsigned int lp;
	bool on;
};

/* On @lp itself with interrupts off: never inside a window. */
static void hold_here(void *arg)
{
	struct hold *h = arg;

	if (h->on)
		cpumask_set_cpu(h->lp, &emul.vmx_held);
	else
		cpumask_clear_cpu(h->lp, &emul.vmx_held);
	model_set_vmx(emul.model, h->lp, h->on);
}

int emul_vmx_hold(unsigned int lp, bool on)
{
	struct hold h = { .lp = lp, .on = on };
	int ret;

	if (emul.real_vmx) {
		pr_err("this CPU has VMX: hold it with a KVM guest\n");
		return -EOPNOTSUPP;
	}
	if (lp >= emul.lps || lp >= nr_cpu_ids || !cpu_online(lp)) {
		pr_err("CPU %u is not online: nobody can be in VMX operation there\n",
		       lp);
		return -ENXIO;
	}
	ret = smp_call_function_single(lp, hold_here, &h, 1);
	if (ret)
		pr_err("CPU %u went offline\n", lp);
	return ret;
}
