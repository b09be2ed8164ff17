// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SEAMCALL instruction.  A CPU without TDX raises #UD; a die notifier
 * sees it before anybody else, asks the model, and does to the registers
 * what the instruction would have done.  Where SEAMCALL is #UD for a model
 * too (no VMX operation), the trap goes on to the caller's own fixup.
 *
 * Source: TDX Module ABI 1.5, "SEAMCALL Instruction (Common)".
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kdebug.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/ptrace.h>
#include <linux/rculist.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/stacktrace.h>
#include <linux/uaccess.h>
#include <asm/extable.h>
#include <asm/processor-flags.h>
#include <asm/trapnr.h>

#include <tdx/leaf.h>

#include "emul.h"

static const u8 seamcall_insn[] = { 0x66, 0x0f, 0x01, 0xcf };

#define STATUS_FLAGS	(X86_EFLAGS_CF | X86_EFLAGS_PF | X86_EFLAGS_AF | \
			 X86_EFLAGS_ZF | X86_EFLAGS_SF | X86_EFLAGS_OF)

struct emul_counts emul_counts;

/*
 * Modules that came after the emulator: only their SEAMCALLs are answered.
 * A #UD may come from anywhere; in a module's own text the bytes at IP are
 * there to be read, and its exception table is at hand.
 */
struct caller {
	struct list_head list;
	struct module *mod;
};

static LIST_HEAD(callers);
static DEFINE_MUTEX(callers_lock);

int emul_trap_add_module(struct module *mod)
{
	struct caller *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return -ENOMEM;
	c->mod = mod;
	mutex_lock(&callers_lock);
	list_add_rcu(&c->list, &callers);
	mutex_unlock(&callers_lock);
	return 0;
}

void emul_trap_del_module(struct module *mod)
{
	struct caller *c;

	mutex_lock(&callers_lock);
	list_for_each_entry(c, &callers, list)
		if (c->mod == mod)
			break;
	if (list_entry_is_head(c, &callers, list))
		c = NULL;
	else
		list_del_rcu(&c->list);
	mutex_unlock(&callers_lock);
	if (!c)
		return;
	synchronize_rcu();
	kfree(c);
}

static struct module *find_caller(unsigned long ip)
{
	struct caller *c;

	list_for_each_entry_rcu(c, &callers, list)
		if (within_module(ip, c->mod) &&
		    within_module(ip + sizeof(seamcall_insn) - 1, c->mod))
			return c->mod;
	return NULL;
}

/* One stack for the test that wants to see who called. */
static struct {
	atomic_t armed;			/* leaf + 1, 0 = not armed */
	unsigned int nr;		/* entries, valid when not 0 */
	unsigned long entry[64];
} trace;

void emul_trap_arm_trace(u16 leaf)
{
	atomic_set(&trace.armed, 0);
	smp_store_release(&trace.nr, 0);
	atomic_set(&trace.armed, leaf + 1);
}

/* The leaf + 1 in which the kernel is to crash, 0 = none. */
static unsigned int crash_leaf;

void emul_trap_arm_crash(u16 leaf)
{
	WRITE_ONCE(crash_leaf, leaf + 1);
}

static void take_trace(u16 leaf)
{
	if (atomic_read(&trace.armed) != leaf + 1 ||
	    atomic_cmpxchg(&trace.armed, leaf + 1, 0) != leaf + 1)
		return;
	smp_store_release(&trace.nr,
			  stack_trace_save(trace.entry,
					   ARRAY_SIZE(trace.entry), 0));
}

void emul_trap_show_trace(struct seq_file *m)
{
	unsigned int i, nr = smp_load_acquire(&trace.nr);

	for (i = 0; i < nr; i++)
		seq_printf(m, "%pS\n", (void *)trace.entry[i]);
}

#ifndef EX_TYPE_FAULT
/* Before 5.16 an entry names its handler; this one is exported, undeclared. */
bool ex_handler_fault(const struct exception_table_entry *fixup,
		      struct pt_regs *regs, int trapnr,
		      unsigned long error_code, unsigned long fault_addr);
#endif

/*
 * #GP at regs->ip: what fixup_exception() does with the caller's own entry,
 * for the two kinds of entry that a SEAMCALL can sensibly have.
 */
static bool raise_gp(struct pt_regs *regs, const struct module *mod)
{
	const struct exception_table_entry *e = mod->extable;
	unsigned int i;

	for (i = 0; i < mod->num_exentries; i++, e++) {
		if ((unsigned long)&e->insn + e->insn != regs->ip)
			continue;
#ifdef EX_TYPE_FAULT
		if ((e->data & EX_DATA_TYPE_MASK) == EX_TYPE_FAULT)
			regs->ax = X86_TRAP_GP;
		else if ((e->data & EX_DATA_TYPE_MASK) != EX_TYPE_DEFAULT)
			break;
#else
		if ((unsigned long)&e->handler + e->handler ==
		    (unsigned long)ex_handler_fault)
			regs->ax = X86_TRAP_GP;
#endif
		regs->ip = (unsigned long)&e->fixup + e->fixup;
		return true;
	}
	pr_err_ratelimited("SEAMCALL at %pS raises #GP and has no exception table entry for it\n",
			   (void *)regs->ip);
	return false;
}

static void load_regs(struct model_regs *r, const struct pt_regs *regs)
{
	*r = (struct model_regs) {
		.rax = regs->ax, .rcx = regs->cx, .rdx = regs->dx,
		.rbx = regs->bx, .rbp = regs->bp, .rsi = regs->si,
		.rdi = regs->di, .r8 = regs->r8, .r9 = regs->r9,
		.r10 = regs->r10, .r11 = regs->r11, .r12 = regs->r12,
		.r13 = regs->r13, .r14 = regs->r14, .r15 = regs->r15,
	};
}

static void store_regs(struct pt_regs *regs, const struct model_regs *r)
{
	regs->ax = r->rax;
	regs->cx = r->rcx;
	regs->dx = r->rdx;
	regs->bx = r->rbx;
	regs->bp = r->rbp;
	regs->si = r->rsi;
	regs->di = r->rdi;
	regs->r8 = r->r8;
	regs->r9 = r->r9;
	regs->r10 = r->r10;
	regs->r11 = r->r11;
	regs->r12 = r->r12;
	regs->r13 = r->r13;
	regs->r14 = r->r14;
	regs->r15 = r->r15;
}

/* A guest had the CPU: the debug registers are as after a reset. */
static void reset_debug_registers(void)
{
	asm volatile("mov %0, %%db7" : : "r" (0x400UL));
	asm volatile("mov %0, %%db0" : : "r" (0UL));
	asm volatile("mov %0, %%db1" : : "r" (0UL));
	asm volatile("mov %0, %%db2" : : "r" (0UL));
	asm volatile("mov %0, %%db3" : : "r" (0UL));
	asm volatile("mov %0, %%db6" : : "r" (0xffff0ff0UL));
}

static enum model_outcome seamcall(unsigned int lp, struct model_regs *r)
{
	/* Firmware set SEAMRR up on the CPUs that it knew, on no others. */
	if (lp >= emul.lps)
		return MODEL_GP;
	emul_vmx_sync(lp);
	return model_seamcall(emul.model, lp, r);
}

static int on_die(struct notifier_block *nb, unsigned long event, void *data)
{
	struct die_args *args = data;
	struct pt_regs *regs = args->regs;
	struct model_regs r;
	struct module *mod;

	if (event != DIE_TRAP || args->trapnr != X86_TRAP_UD || !regs ||
	    user_mode(regs))
		return NOTIFY_DONE;
	mod = find_caller(regs->ip);
	if (!mod)
		return NOTIFY_DONE;
	if (memcmp((void *)regs->ip, seamcall_insn, sizeof(seamcall_insn)))
		return emul_erratum_trap(regs) ? NOTIFY_STOP : NOTIFY_DONE;

	atomic64_inc(&emul_counts.seamcalls);
	if (regs->flags & X86_EFLAGS_IF)
		atomic64_inc(&emul_counts.interruptible);
	take_trace(regs->ax);
	if (READ_ONCE(crash_leaf) == (regs->ax & 0xffff) + 1)
		panic("tdx_emul: told to crash in SEAMCALL %lu", regs->ax);

	load_regs(&r, regs);
	switch (seamcall(raw_smp_processor_id(), &r)) {
	case MODEL_UD:
		atomic64_inc(&emul_counts.ud);
		return NOTIFY_DONE;
	case MODEL_GP:
		atomic64_inc(&emul_counts.gp);
		return raise_gp(regs, mod) ? NOTIFY_STOP : NOTIFY_DONE;
	case MODEL_VMFAILINVALID:
		atomic64_inc(&emul_counts.vmfail);
		regs->flags &= ~STATUS_FLAGS;
		regs->flags |= X86_EFLAGS_CF;
		break;
	case MODEL_RETURNED:
		if ((u16)regs->ax == TDH_VP_ENTER && !(r.rax >> 63))
			reset_debug_registers();
		regs->flags &= ~STATUS_FLAGS;
		store_regs(regs, &r);
		break;
	}
	regs->ip += sizeof(seamcall_insn);
	return NOTIFY_STOP;
}

static struct notifier_block die_nb = {
	.notifier_call = on_die,
	.priority = INT_MAX,
};

int emul_trap_init(void)
{
	return register_die_notifier(&die_nb);
}

void emul_trap_exit(void)
{
	struct caller *c, *next;

	unregister_die_notifier(&die_nb);
	list_for_each_entry_safe(c, next, &callers, list) {
		list_del(&c->list);
		kfree(c);
	}
}
