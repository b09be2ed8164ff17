// SPDX-License-Identifier: GPL-2.0-only
/*
 * seamcall: one raw SEAMCALL by one of the three exported shapes, and what
 * every register holds afterwards; or one by tdx_host_call(), and its status.
 *
 *	SHAPE CPU LEAF [REG=VALUE]...
 *
 * SHAPE is thin, ret, saved or call.  Registers of the shape that are not named
 * are 0 on entry (saved: the pattern).  CPU must be in VMX operation, but for
 * call.
 */
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include <tdx_host/seamcall.h>
#include "test.h"

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

static enum { THIN, RET, SAVED, CALL } shape;
static struct tdx_regs args;
static struct test_call call;
static bool called;

static u64 *operand(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(operands); i++)
		if (!strcmp(operands[i].name, name))
			return (void *)&args + operands[i].offset;
	return NULL;
}

static void call_here(void *unused)
{
	switch (shape) {
	case THIN:
		test_call_thin(&call);
		break;
	case RET:
		test_call_ret(&call);
		break;
	case SAVED:
		test_call_saved(&call);
		break;
	case CALL:
		call.after[TEST_RAX] = tdx_host_call(call.arg[0], &args, false);
		break;
	}
}

static int parse_shape(const char *word)
{
	static const char *const names[] = { "thin", "ret", "saved", "call" };
	int i = word ? match_string(names, ARRAY_SIZE(names), word) : -EINVAL;

	if (i < 0)
		return -EINVAL;
	shape = i;
	return 0;
}

static int parse_operands(char *line)
{
	char *word;
	u64 *reg;
	int ret = 0;

	while (!ret && (word = strsep(&line, " "))) {
		char *name = strsep(&word, "=");

		reg = operand(name);
		ret = reg && word ? kstrtou64(word, 0, reg) : -EINVAL;
	}
	return ret;
}

static int seamcall_write(char *line)
{
	unsigned int cpu, i;
	u64 leaf;

	called = false;
	memset(&args, 0, sizeof(args));
	memset(&call, 0, sizeof(call));
	if (parse_shape(strsep(&line, " ")) || !line ||
	    kstrtouint(strsep(&line, " "), 0, &cpu) || !line ||
	    kstrtou64(strsep(&line, " "), 0, &leaf))
		return -EINVAL;
	if (shape == SAVED)
		for (i = 0; i < ARRAY_SIZE(operands); i++)
			*operand(operands[i].name) = TEST_PATTERN + 0x100 + i;
	if (parse_operands(line))
		return -EINVAL;

	call.arg[0] = leaf;
	call.arg[5] = TEST_PATTERN + TEST_R9;
	if (shape == THIN) {
		call.arg[1] = args.rcx;
		call.arg[2] = args.rdx;
		call.arg[3] = args.r8;
		call.arg[4] = args.r9;
	} else {
		call.arg[1] = (u64)&args;
	}
	called = cpu < nr_cpu_ids &&
		 !smp_call_function_single(cpu, call_here, NULL, 1);
	return called ? 0 : -ENXIO;
}

static void seamcall_show(struct seq_file *m)
{
	unsigned int i;

	if (!called)
		return;
	seq_printf(m, "status 0x%016llx\n", call.after[TEST_RAX]);
	if (shape == CALL)
		return;
	seq_printf(m, "kept %s\n", test_callee_saved_kept(&call) ? "yes" : "no");
	seq_printf(m, "scrubbed %s\n",
		   test_others_scrubbed(&call, (u64)&args) ? "yes" : "no");
	for (i = 0; i < TEST_NR_REGS; i++)
		seq_printf(m, "after %s 0x%016llx\n", reg_names[i],
			   call.after[i]);
	for (i = 0; shape != THIN && i < ARRAY_SIZE(operands); i++)
		seq_printf(m, "args %s 0x%016llx\n", operands[i].name,
			   *operand(operands[i].name));
}

const struct test_file test_seamcall = {
	.name = "seamcall",
	.write = seamcall_write,
	.show = seamcall_show,
};
