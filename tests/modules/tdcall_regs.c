// SPDX-License-Identifier: GPL-2.0-only
/*
 * registers: one call of a function of tdx_guest_call, and what every register
 * holds afterwards.
 *
 *	SHAPE [LEAF] [REG=VALUE]...
 *
 * SHAPE is module, module_saved, hypercall or hypercall_saved, with a "-"
 * behind it for a call without outputs, or with a "=" (hypercalls) for one
 * whose outputs go where the inputs came from.  Hypercalls have no LEAF.
 * Registers that are not named hold the pattern.
 */
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include "tdcall.h"

static const char *const reg_names[TEST_NR_REGS] = {
	"rax", "rcx", "rdx", "rbx", "rbp", "rsi", "rdi", "r8", "r9", "r10",
	"r11", "r12", "r13", "r14", "r15",
};

/* Where an operand is in struct tdx_regs; rax and rbp are not there. */
static const struct {
	const char *name;
	size_t offset;
} operands[] = {
#define OPERAND(reg) { #reg, offsetof(struct tdx_regs, reg) }
	OPERAND(rcx), OPERAND(rdx), OPERAND(r8), OPERAND(r9), OPERAND(r10),
	OPERAND(r11), OPERAND(r12), OPERAND(r13), OPERAND(r14), OPERAND(r15),
	OPERAND(rbx), OPERAND(rdi), OPERAND(rsi),
#undef OPERAND
};

static enum { CALL, CALL_SAVED, HYPER, HYPER_SAVED } shape;
static const char *const shapes[] = {
	"module", "module_saved", "hypercall", "hypercall_saved",
};

static struct tdx_regs in, out;
static struct tdx_regs *shown;	/* where the outputs are, or NULL */
static struct test_call call;
static bool called;

static u64 *operand(struct tdx_regs *args, unsigned int i)
{
	return (void *)args + operands[i].offset;
}

static int parse_operands(char *line)
{
	char *word, *name;
	unsigned int i;
	int ret = 0;

	while (!ret && (word = strsep(&line, " "))) {
		name = strsep(&word, "=");
		for (i = 0; i < ARRAY_SIZE(operands); i++)
			if (!strcmp(operands[i].name, name))
				break;
		ret = i < ARRAY_SIZE(operands) && word ?
			kstrtou64(word, 0, operand(&in, i)) : -EINVAL;
	}
	return ret;
}

/* Directly: assembly has ENDBR in some releases only. */
static void make_call(void)
{
	unsigned long flags;

	switch (shape) {
	case CALL:
		test_call_module(&call);
		break;
	case CALL_SAVED:
		/* RBP may be another's: see tdx_guest_module_call_saved(). */
		local_irq_save(flags);
		test_call_module_saved(&call);
		local_irq_restore(flags);
		break;
	case HYPER:
		test_call_hypercall(&call);
		break;
	case HYPER_SAVED:
		test_call_hypercall_saved(&call);
		break;
	}
}

static int regs_write(char *line)
{
	char *name = strsep(&line, " ");
	char *end = name + strcspn(name, "-=");
	char outputs = *end;
	bool has_leaf;
	unsigned int i;
	u64 leaf = 0;
	int s;

	called = false;
	*end = '\0';
	s = match_string(shapes, ARRAY_SIZE(shapes), name);
	if (s < 0)
		return -EINVAL;
	shape = s;
	has_leaf = shape == CALL || shape == CALL_SAVED;
	if (has_leaf &&
	    (!line || kstrtou64(strsep(&line, " "), 0, &leaf)))
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(operands); i++) {
		*operand(&in, i) = TEST_PATTERN + 0x100 + i;
		*operand(&out, i) = TEST_PATTERN + 0x200 + i;
	}
	if (parse_operands(line))
		return -EINVAL;

	memset(&call, 0, sizeof(call));
	shown = outputs == '-' ? NULL : outputs == '=' ? &in : &out;
	if (shape == CALL) {
		call = (struct test_call) { .arg = {
			leaf, in.rcx, in.rdx, in.r8, in.r9, (u64)shown,
		} };
	} else {
		for (i = 2; i < ARRAY_SIZE(call.arg); i++)
			call.arg[i] = TEST_PATTERN + 0x300 + i;
		call.arg[0] = has_leaf ? leaf : (u64)&in;
		call.arg[1] = has_leaf ? (u64)&in : (u64)shown;
		if (has_leaf)
			shown = &in;
	}
	make_call();
	called = true;
	return 0;
}

static void regs_show(struct seq_file *m)
{
	unsigned int i;

	if (!called)
		return;
	seq_printf(m, "status 0x%016llx\n", call.after[TEST_RAX]);
	seq_printf(m, "kept %s\n", test_callee_saved_kept(&call) ? "yes" : "no");
	seq_printf(m, "scrubbed %s\n",
		   test_others_scrubbed(&call, call.arg[1]) ? "yes" : "no");
	for (i = 0; i < TEST_NR_REGS; i++)
		seq_printf(m, "after %s 0x%016llx\n", reg_names[i],
			   call.after[i]);
	for (i = 0; shown && i < ARRAY_SIZE(operands); i++)
		seq_printf(m, "out %s 0x%016llx\n", operands[i].name,
			   *operand(shown, i));
}

const struct test_file tdcall_regs = {
	.name = "registers",
	.write = regs_write,
	.show = regs_show,
};
