// SPDX-License-Identifier: GPL-2.0-only
/*
 * VMX operation.  A CPU that has VMX is asked.  On one that has not, the LP
 * is in VMX operation while tdx_host has its window open, and while a test
 * says that somebody else keeps it there, as KVM does with a guest.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
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
	if (emul.real_vmx && lp < emul.lps)
		model_set_vmx(emul.model, lp, in_vmx_operation());
}

/*
 * tdx_host wants its window open on this CPU, @lp, which has no VMX.  True if
 * it has to leave VMX operation afterwards: nobody else holds it there.
 */
bool emul_vmx_enter(unsigned int lp)
{
	if (lp >= emul.lps || cpumask_test_cpu(lp, &emul.vmx_held))
		return false;
	model_set_vmx(emul.model, lp, true);
	return true;
}

/* VMXOFF on this CPU, @lp. */
void emul_vmx_leave(unsigned int lp)
{
	if (lp < emul.lps)
		model_set_vmx(emul.model, lp, false);
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

/* KVM takes a CPU that comes into VMX operation, and one that goes out of it. */
static int hold_online(unsigned int cpu)
{
	if (cpu < emul.lps && cpumask_test_cpu(cpu, &emul.vmx_held))
		model_set_vmx(emul.model, cpu, true);
	return 0;
}

/* A CPU that has VMX leaves it when KVM says so, after KVM's flushes. */
static int hold_offline(unsigned int cpu)
{
	if (cpu < emul.lps && !emul.real_vmx)
		model_set_vmx(emul.model, cpu, false);
	return 0;
}

static int hold_state;

/*
 * tdx_host comes later, so its own callback of the same kind is called before
 * this one when a CPU goes, as it is before KVM's.
 */
int emul_vmx_init(void)
{
	int ret = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN,
					    "tdx_emul:vmx", hold_online,
					    hold_offline);

	hold_state = ret;
	return min(ret, 0);
}

void emul_vmx_exit(void)
{
	cpuhp_remove_state_nocalls(hold_state);
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
