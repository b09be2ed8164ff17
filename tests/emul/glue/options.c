// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module parameters: all of them text, so that a bad value is answered with
 * a sentence and not with the kernel's "invalid for parameter".
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/sched/task_stack.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/unistd.h>

#include "emul.h"

#define EMUL_OPTION(name, text)						\
	char *emul_opt_##name;						\
	module_param_named(name, emul_opt_##name, charp, 0444);		\
	MODULE_PARM_DESC(name, text)

EMUL_OPTION(lps, "LPs that BIOS knows (default: the present CPUs)");
EMUL_OPTION(pkgs, "packages that BIOS knows (default: the real ones)");
EMUL_OPTION(keyids, "MKTME:TDX, the number of KeyIDs of each kind (default 31:32)");
EMUL_OPTION(keyid_bits, "KeyID bits, IA32_TME_ACTIVATE[35:32] (default 6)");
EMUL_OPTION(cmrs, "BASE+SIZE[,...], the CMR table; SIZE 0 is an empty slot (default: from the memory map)");
EMUL_OPTION(version, "of the TDX module: 1.0, 1.5 (default) or 2.0");
EMUL_OPTION(seam, "on (default), off: SEAMCALL raises #GP, or absent: it raises #UD");
EMUL_OPTION(seamrr, "locked (default), unlocked or unconfigured: what the SEAMRR MSRs say; SEAMCALL raises #GP unless locked");
EMUL_OPTION(module, "present (default) or absent: SEAMCALL gives VMfailInvalid");
EMUL_OPTION(vmx, "on (default) or off: a CPU without VMX is left to tdx_host as it is");
EMUL_OPTION(erratum, "none (default) or partial-write: the CPU poisons memory that TDX gives back");
EMUL_OPTION(inject, "LEAF:STATUS:COUNT[:SKIP[:LP]][,...]: after SKIP calls of LEAF (of LP), the next COUNT return STATUS");
EMUL_OPTION(msr, "LP:MSR:VALUE[,...]: what MSR reads as on LP (or all)");
EMUL_OPTION(cpuid, "LP:LEAF:SUBLEAF:EAX:EBX:ECX:EDX[,...]: what the TDX module reads there");
EMUL_OPTION(sysrd, "ID:VALUE[,...]: what TDH.SYS.RD returns for that field");
EMUL_OPTION(tdmr_init_ns, "nanoseconds that one TDH.SYS.TDMR.INIT takes (default 0)");
EMUL_OPTION(call_ns, "nanoseconds that every other leaf takes inside its locks (default 0)");
EMUL_OPTION(hostile, "seed: the TDX module lies, each seed in its own way (default 0: it does not)");
EMUL_OPTION(guest_mem, "MiB that guests have together where the CPU runs them (default 8; 0: the interpreter does)");
EMUL_OPTION(hold, "LOCK:LP[,...]: LP holds LOCK from the beginning");

/* The kernel's own, which it takes for any module. */
static bool option_is_kernels(const char *name)
{
	return !strcmp(name, "async_probe") || !strcmp(name, "dyndbg");
}

static bool option_is_known(const char *name)
{
	unsigned int i;

	for (i = 0; i < THIS_MODULE->num_kp; i++)
		if (!strcmp(name, THIS_MODULE->kp[i].name))
			return true;
	return option_is_kernels(name);
}

/*
 * What the module was loaded with.  The kernel's copy was cut up as it was
 * parsed, and its end is not to be seen any more; that of the program which
 * made the system call is whole.
 */
static char *option_arguments(void)
{
	const struct pt_regs *regs = current_pt_regs();
	unsigned long from;

	switch (regs->orig_ax) {
	case __NR_init_module:
		from = regs->dx;
		break;
	case __NR_finit_module:
		from = regs->si;
		break;
	default:
		return NULL;
	}
	return strndup_user((const char __user *)from, SZ_64K);
}

/*
 * The kernel ignores a parameter that it does not know, and a scenario with a
 * slip of the pen would test another machine than it says.  Returns 0, or
 * -EINVAL after a sentence that names it.
 */
int emul_options_check(void)
{
	char *args = option_arguments();
	char *rest = args, *one, *name;
	int ret = 0;

	if (IS_ERR_OR_NULL(args))
		return PTR_ERR_OR_ZERO(args);
	while ((one = strsep(&rest, " ")) && !ret) {
		name = strsep(&one, "=");
		/* To the kernel they are the same. */
		strreplace(name, '-', '_');
		if (!*name || option_is_known(name))
			continue;
		pr_err("%s: there is no such parameter\n", name);
		ret = -EINVAL;
	}
	kfree(args);
	return ret;
}
