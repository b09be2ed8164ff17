// SPDX-License-Identifier: GPL-2.0-only
/*
 * The three functions of tdx_host that meet hardware which a virtual machine
 * does not have: the MSR read, and the opening and closing of the VMX window.
 * What ftrace calls at the entry of each answers in its place, as livepatch
 * does.  On a CPU with VMX the window is real, and only looked at.  A kprobe would be left out where it is met
 * in an interrupt that came in the midst of another probe.
 *
 * They are placed while tdx_host is coming up, before its first instruction
 * runs, and the emulator stays as long as tdx_host does.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/compiler.h>
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/preempt.h>
#include <linux/ptrace.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/version.h>

#include "../../../src/vmx.h"
#include "emul.h"

#define PRODUCT		"tdx_host"

/*
 * The TDX module wants x2APIC, which not every virtual CPU has: it looks as
 * if BIOS had switched it on.
 */
#define MSR_APIC_BASE	0x1b
#define MSR_APIC_EXTD	(1ULL << 10)

/* The VMX capability MSRs and what guards VMXON: real where VMX is. */
#define FEATURE_CONTROL	0x3a
#define VMX_MSR_FIRST	0x480
#define VMX_MSR_LAST	0x493

/*
 * What a test says that an MSR reads as, beyond what the model knows.  An
 * entry is complete before nr_overrides covers it and only its value ever
 * changes, so reading needs no lock.
 */
#define MAX_OVERRIDES	64

static struct {
	unsigned int lp;
	u32 msr;
	u64 value;
} overrides[MAX_OVERRIDES];
static unsigned int nr_overrides;
static DEFINE_RAW_SPINLOCK(overrides_lock);

int emul_override_msr(unsigned int lp, u32 msr, u64 value)
{
	unsigned long flags;
	unsigned int i;
	int ret = 0;

	raw_spin_lock_irqsave(&overrides_lock, flags);
	for (i = 0; i < nr_overrides; i++)
		if (overrides[i].lp == lp && overrides[i].msr == msr)
			break;
	if (i == MAX_OVERRIDES) {
		ret = -ENOSPC;
	} else if (i < nr_overrides) {
		WRITE_ONCE(overrides[i].value, value);
	} else {
		overrides[i].lp = lp;
		overrides[i].msr = msr;
		overrides[i].value = value;
		smp_store_release(&nr_overrides, i + 1);
	}
	raw_spin_unlock_irqrestore(&overrides_lock, flags);
	return ret;
}

/* The value of @lp itself, else the one of all LPs. */
static bool overridden(unsigned int lp, u32 msr, u64 *value)
{
	unsigned int i, nr = smp_load_acquire(&nr_overrides);
	bool found = false;

	for (i = 0; i < nr; i++) {
		if (overrides[i].msr != msr ||
		    (overrides[i].lp != lp &&
		     (found || overrides[i].lp != EMUL_ALL_LPS)))
			continue;
		*value = READ_ONCE(overrides[i].value);
		found = true;
		if (overrides[i].lp == lp)
			break;
	}
	return found;
}

static bool read_msr(unsigned int lp, u32 msr, u64 *value)
{
	if (lp >= emul.lps)
		return false;
	if (overridden(lp, msr, value))
		return true;
	if (emul.real_vmx && (msr == FEATURE_CONTROL ||
			      (msr >= VMX_MSR_FIRST && msr <= VMX_MSR_LAST)))
		return false;
	if (model_read_msr(emul.model, lp, msr, value))
		return true;
	if (msr != MSR_APIC_BASE || !emul_platform_rdmsr(msr, value))
		return false;
	*value |= MSR_APIC_EXTD;
	return true;
}

/* The function that was called returns @ret at once. */
static void return_at_once(struct pt_regs *regs, unsigned long ret)
{
	regs->ax = ret;
	regs->ip = (unsigned long)emul_return;
}

/* int tdx_host_rdmsr(u32 msr, u64 *val) */
static void on_rdmsr(struct pt_regs *regs)
{
	u64 value;

	if (!read_msr(smp_processor_id(), regs->di, &value))
		return;
	*(u64 *)regs->si = value;
	atomic64_inc(&emul_counts.rdmsr);
	return_at_once(regs, 0);
}

/* u64 tdx_host_vmx_enter(struct vmx_window *w) */
static void on_vmx_enter(struct pt_regs *regs)
{
	struct vmx_window *w = (void *)regs->di;
	unsigned int lp = smp_processor_id();

	if (emul.real_vmx) {
		/* Somebody may have left VMX operation since the last call. */
		emul_vmx_sync(lp);
		return;
	}
	atomic64_inc(&emul_counts.vmx_enters);
	if (regs->flags & X86_EFLAGS_IF)
		atomic64_inc(&emul_counts.window_interruptible);
	w->ours = emul_vmx_enter(lp);
	return_at_once(regs, 0);
}

/* void tdx_host_vmx_leave(struct vmx_window *w) */
static void on_vmx_leave(struct pt_regs *regs)
{
	struct vmx_window *w = (void *)regs->di;

	if (w->ours)
		emul_vmx_leave(smp_processor_id());
	if (emul.real_vmx)
		return;
	w->ours = false;
	atomic64_inc(&emul_counts.vmx_leaves);
	return_at_once(regs, 0);
}

/* Nothing here calls what is intercepted: there is no recursion to guard. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0)
static void notrace on_call(unsigned long ip, unsigned long parent,
			    struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	struct pt_regs *regs = ftrace_get_regs(fregs);
#else
static void notrace on_call(unsigned long ip, unsigned long parent,
			    struct ftrace_ops *ops, struct pt_regs *regs)
{
#endif
	void (*answer)(struct pt_regs *regs) = ops->private;

	/* As it is when ftrace alone calls this one, it may be on. */
	preempt_disable_notrace();
	answer(regs);
	preempt_enable_notrace();
}

#define ANSWERED_BY(fn)	{						\
	.func = on_call,						\
	.private = fn,							\
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY |	\
		 FTRACE_OPS_FL_PERMANENT,				\
}

static struct target {
	char *function;
	bool window;
	struct ftrace_ops ops;
	bool armed;
} targets[] = {
	{ "tdx_host_rdmsr", false, ANSWERED_BY(on_rdmsr) },
	{ "tdx_host_vmx_enter", true, ANSWERED_BY(on_vmx_enter) },
	{ "tdx_host_vmx_leave", true, ANSWERED_BY(on_vmx_leave) },
};

/* 0 if there is such a function now. */
static int find(struct target *t)
{
	return ftrace_set_filter(&t->ops, t->function, strlen(t->function), 1);
}

static void forget(struct target *t)
{
	ftrace_set_filter(&t->ops, NULL, 0, 1);
}

static int arm(struct target *t)
{
	int ret = find(t);

	if (ret)
		return ret;
	ret = register_ftrace_function(&t->ops);
	t->armed = !ret;
	if (ret)
		forget(t);
	return ret;
}

static void disarm(struct target *t)
{
	if (!t->armed)
		return;
	unregister_ftrace_function(&t->ops);
	forget(t);
	t->armed = false;
}

static void release_product(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(targets); i++)
		disarm(&targets[i]);
}

static int intercept_product(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		if (targets[i].window && !emul.vmx && !emul.real_vmx)
			continue;
		ret = arm(&targets[i]);
		if (ret) {
			pr_err("%s cannot be intercepted (error %d): build both modules from the same tree, and leave kernel.ftrace_enabled at 1\n",
			       targets[i].function, ret);
			release_product();
			return ret;
		}
	}
	return 0;
}

static int module_coming(struct module *mod)
{
	int ret = emul_trap_add_module(mod);

	if (ret || strcmp(mod->name, PRODUCT))
		return ret;
	ret = intercept_product();
	if (ret)
		emul_trap_del_module(mod);
	else
		__module_get(THIS_MODULE);
	return ret;
}

static void module_going(struct module *mod)
{
	if (!strcmp(mod->name, PRODUCT) && targets[0].armed) {
		release_product();
		module_put(THIS_MODULE);
	}
	emul_trap_del_module(mod);
}

static int on_module(struct notifier_block *nb, unsigned long event, void *data)
{
	switch (event) {
	case MODULE_STATE_COMING:
		return notifier_from_errno(module_coming(data));
	case MODULE_STATE_GOING:
		module_going(data);
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block module_nb = { .notifier_call = on_module };

int emul_intercept_init(void)
{
	struct target *t = &targets[0];
	int ret = register_module_notifier(&module_nb);

	if (ret)
		return ret;

	/*
	 * A tdx_host that is there already has seen the machine as it is and
	 * may hold state that the emulator would contradict.
	 */
	if (!t->armed && !find(t)) {
		forget(t);
		pr_err("tdx_host is loaded already: unload it, load tdx_emul first\n");
		emul_intercept_exit();
		return -EBUSY;
	}
	return 0;
}

void emul_intercept_exit(void)
{
	unregister_module_notifier(&module_nb);
}
