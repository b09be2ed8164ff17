/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the trampolines are compared with: all 13 registers go through memory,
 * in and out, whichever of them the leaf uses.  There is nothing else in it,
 * no gate, no fixup, no scrubbing.
 *
 * u64 structure_call(u64 leaf, struct tdx_regs *args)
 */
#include "regs.h"
#include "standin.h"

	.text
	.globl	structure_call, structure_call_end
structure_call:
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rsi
	movq	%rdi, %rax
	load_all_regs
	.byte	0x0f, 0x1f, 0x40, STANDIN_SEAMCALL
	jc	2f
	store_all_regs
1:	popq	%rsi
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	ret

2:	movq	$-1, %rax
	jmp	1b
structure_call_end:
	.section .note.GNU-stack, "", @progbits
