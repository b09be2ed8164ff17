/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Call one of the three SEAMCALL shapes with a known value in every register
 * and record every register on return, which C cannot do.
 */
#include <linux/linkage.h>
#include "test.h"

	.text

.macro fill reg, n
	movabsq	$(TEST_PATTERN + \n), \reg
.endm

.macro record reg, n
	movq	\reg, (TEST_CALL_AFTER + 8 * \n)(%rax)
.endm

/* void test_call_NAME(struct test_call *c) */
.macro test_call name, target
SYM_FUNC_START(test_call_\name)
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rdi

	movq	(TEST_CALL_ARG + 8)(%rdi), %rsi
	movq	(TEST_CALL_ARG + 16)(%rdi), %rdx
	movq	(TEST_CALL_ARG + 24)(%rdi), %rcx
	movq	(TEST_CALL_ARG + 32)(%rdi), %r8
	movq	TEST_CALL_ARG(%rdi), %rdi
	fill	%rax, 0
	fill	%rbx, 3
	fill	%rbp, 4
	fill	%r9, 8
	fill	%r10, 9
	fill	%r11, 10
	fill	%r12, 11
	fill	%r13, 12
	fill	%r14, 13
	fill	%r15, 14
	call	\target

	pushq	%rax
	movq	8(%rsp), %rax
	record	%rcx, 1
	record	%rdx, 2
	record	%rbx, 3
	record	%rbp, 4
	record	%rsi, 5
	record	%rdi, 6
	record	%r8, 7
	record	%r9, 8
	record	%r10, 9
	record	%r11, 10
	record	%r12, 11
	record	%r13, 12
	record	%r14, 13
	record	%r15, 14
	popq	%rcx
	record	%rcx, 0

	popq	%rdi
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	RET
SYM_FUNC_END(test_call_\name)
.endm

test_call thin, tdx_host_seamcall
test_call ret, tdx_host_seamcall_ret
test_call saved, tdx_host_seamcall_saved_ret
