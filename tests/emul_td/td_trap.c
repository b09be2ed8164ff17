// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TDCALL instruction.  A CPU that runs no TD raises #UD; a die notifier
 * sees it before anybody else, and does to the registers what the instruction
 * would have done.
 *
 * Source: TDX Module ABI 1.5, "TDCALL Instruction (Common)".
 */
#include <linux/kdebug.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/ptrace.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <asm/trapnr.h>

#include "td.h"

/* 66 0F 01 CC */
static const u8 tdcall_insn[] = { 0x66, 0x0f, 0x01, 0xcc };

/*
 * The bytes at an IP that raised #UD can be read: the CPU has decoded them.
 * Byte by byte, so that nothing behind a shorter instruction is touched.
 */
static bool is_tdcall(unsigned long ip)
{
	unsigned int i;

	for (i = 0; i < sizeof(tdcall_insn); i++)
		if (((const u8 *)ip)[i] != tdcall_insn[i])
			return false;
	return true;
}

static void load_regs(struct td_regs *r, const struct pt_regs *regs)
{
	*r = (struct td_regs) { .reg = {
		[TD_RAX] = regs->ax, [TD_RCX] = regs->cx, [TD_RDX] = regs->dx,
		[TD_RBX] = regs->bx, [TD_RSP] = regs->sp, [TD_RBP] = regs->bp,
		[TD_RSI] = regs->si, [TD_RDI] = regs->di, [TD_R8] = regs->r8,
		[TD_R9] = regs->r9, [TD_R10] = regs->r10, [TD_R11] = regs->r11,
		[TD_R12] = regs->r12, [TD_R13] = regs->r13,
		[TD_R14] = regs->r14, [TD_R15] = regs->r15,
	} };
}

/* RSP is never changed. */
static void store_regs(struct pt_regs *regs, const struct td_regs *r)
{
	regs->ax = r->reg[TD_RAX];
	regs->cx = r->reg[TD_RCX];
	regs->dx = r->reg[TD_RDX];
	regs->bx = r->reg[TD_RBX];
	regs->bp = r->reg[TD_RBP];
	regs->si = r->reg[TD_RSI];
	regs->di = r->reg[TD_RDI];
	regs->r8 = r->reg[TD_R8];
	regs->r9 = r->reg[TD_R9];
	regs->r10 = r->reg[TD_R10];
	regs->r11 = r->reg[TD_R11];
	regs->r12 = r->reg[TD_R12];
	regs->r13 = r->reg[TD_R13];
	regs->r14 = r->reg[TD_R14];
	regs->r15 = r->reg[TD_R15];
}

static int on_die(struct notifier_block *nb, unsigned long event, void *data)
{
	struct die_args *args = data;
	struct pt_regs *regs = args->regs;
	struct td_regs r;

	if (event != DIE_TRAP || args->trapnr != X86_TRAP_UD || !regs ||
	    user_mode(regs) || !is_tdcall(regs->ip))
		return NOTIFY_DONE;

	load_regs(&r, regs);
	/* The trap handler has interrupts off, and so has the lock. */
	raw_spin_lock(&td.lock);
	td.last_in = r;
	td_call(raw_smp_processor_id(), &r);
	td.last_out = r;
	raw_spin_unlock(&td.lock);
	store_regs(regs, &r);
	regs->ip += sizeof(tdcall_insn);
	return NOTIFY_STOP;
}

static struct notifier_block die_nb = {
	.notifier_call = on_die,
	.priority = INT_MAX,
};

int td_trap_init(void)
{
	return register_die_notifier(&die_nb);
}

void td_trap_exit(void)
{
	unregister_die_notifier(&die_nb);
}
