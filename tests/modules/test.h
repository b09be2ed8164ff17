/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdx_test: what another module can do with tdx_host, at the command of a
 * scenario.  One debugfs file a subject: writing does something, reading
 * gives what came of it.
 */
#ifndef TDX_TEST_TEST_H
#define TDX_TEST_TEST_H

/* Offsets in struct test_call, for test_call.S. */
#define TEST_CALL_ARG		0x00	/* rdi rsi rdx rcx r8 r9 */
#define TEST_CALL_AFTER		0x30	/* 15 registers, in their own order */

/* What the registers hold that are no arguments: the pattern and a number. */
#define TEST_PATTERN		0x5a5a5a5a00000000

#ifndef __ASSEMBLER__

#include <linux/mutex.h>
#include <linux/types.h>

struct dentry;
struct seq_file;

enum test_reg {
	TEST_RAX, TEST_RCX, TEST_RDX, TEST_RBX, TEST_RBP, TEST_RSI, TEST_RDI,
	TEST_R8, TEST_R9, TEST_R10, TEST_R11, TEST_R12, TEST_R13, TEST_R14,
	TEST_R15, TEST_NR_REGS,
};

/**
 * struct test_call - one call of a C function, seen from outside
 * @arg: its arguments
 * @after: every register but RSP when it returned
 */
struct test_call {
	u64 arg[6];
	u64 after[TEST_NR_REGS];
};

/* What the C ABI says that a function brings back. */
static inline bool test_callee_saved_kept(const struct test_call *c)
{
	static const u8 saved[] = {
		TEST_RBX, TEST_RBP, TEST_R12, TEST_R13, TEST_R14, TEST_R15,
	};
	/* In test_call.inc each of these holds the pattern and its number. */
	unsigned int i;

	for (i = 0; i < sizeof(saved); i++)
		if (c->after[saved[i]] != TEST_PATTERN + saved[i])
			return false;
	return true;
}

/* Nothing that another party could have chosen: zero, or our own @pointer. */
static inline bool test_others_scrubbed(const struct test_call *c, u64 pointer)
{
	static const u8 others[] = {
		TEST_RCX, TEST_RDX, TEST_RDI, TEST_R8, TEST_R9, TEST_R10,
		TEST_R11,
	};
	unsigned int i;

	for (i = 0; i < sizeof(others); i++)
		if (c->after[others[i]])
			return false;
	return !c->after[TEST_RSI] || c->after[TEST_RSI] == pointer;
}

/* test_call.S: fill all registers, call, record all registers. */
void test_call_thin(struct test_call *c);
void test_call_ret(struct test_call *c);
void test_call_saved(struct test_call *c);

/**
 * struct test_file - a debugfs file
 * @name: its name
 * @write: obeys a line; 0 or a negative errno.  NULL: the file is only read
 * @show: prints what came of it, or what there is to see
 *
 * One file at a time is written or read.
 */
struct test_file {
	const char *name;
	int (*write)(char *line);
	void (*show)(struct seq_file *m);
};

extern const struct test_file test_cpu_enable, test_storm, test_enable,
			      test_seamcall, test_cr4, test_vmx_race;

#endif /* !__ASSEMBLER__ */
#endif /* TDX_TEST_TEST_H */
