/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the trampolines of SEAMCALL and TDCALL share: loading registers from
 * struct tdx_regs, storing them there, and scrubbing them afterwards.
 */
#ifndef TDX_ASM_REGS_H
#define TDX_ASM_REGS_H

#include <tdx/regs.h>

/*
 * How the functions with all GPRs begin and end.  From the instruction to its
 * pop here RBP holds what the other side left in it.  ORC goes by RSP and does
 * not mind; where the kernel unwinds by frame pointers a stack trace that is
 * taken in between is wrong.
 */
.macro save_callee_regs
	pushq	%rbp
#ifdef CONFIG_FRAME_POINTER
	movq	%rsp, %rbp
#endif
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
.endm

.macro restore_callee_regs
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
.endm

/*
 * No value that the other side chose is left to speculate with.  Used on every
 * way out, after a fault as well.
 */
.macro scrub_regs
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%ebx, %ebx
	xorl	%esi, %esi
	xorl	%edi, %edi
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
.endm

/* RCX, RDX, R8 to R11: operands and outputs of leaves that are not "saved". */
.macro load_rcx_r11 from
	movq	TDX_REGS_RCX(\from), %rcx
	movq	TDX_REGS_RDX(\from), %rdx
	movq	TDX_REGS_R8(\from), %r8
	movq	TDX_REGS_R9(\from), %r9
	movq	TDX_REGS_R10(\from), %r10
	movq	TDX_REGS_R11(\from), %r11
.endm

.macro store_rcx_r11 to
	movq	%rcx, TDX_REGS_RCX(\to)
	movq	%rdx, TDX_REGS_RDX(\to)
	movq	%r8, TDX_REGS_R8(\to)
	movq	%r9, TDX_REGS_R9(\to)
	movq	%r10, TDX_REGS_R10(\to)
	movq	%r11, TDX_REGS_R11(\to)
.endm

/* R12 to R15. */
.macro load_r12_r15 from
	movq	TDX_REGS_R12(\from), %r12
	movq	TDX_REGS_R13(\from), %r13
	movq	TDX_REGS_R14(\from), %r14
	movq	TDX_REGS_R15(\from), %r15
.endm

.macro store_r12_r15 to
	movq	%r12, TDX_REGS_R12(\to)
	movq	%r13, TDX_REGS_R13(\to)
	movq	%r14, TDX_REGS_R14(\to)
	movq	%r15, TDX_REGS_R15(\to)
.endm

/* All GPRs from where RSI points to; RSI itself comes last. */
.macro load_all_regs
	load_rcx_r11 %rsi
	load_r12_r15 %rsi
	movq	TDX_REGS_RBX(%rsi), %rbx
	movq	TDX_REGS_RDI(%rsi), %rdi
	movq	TDX_REGS_RSI(%rsi), %rsi
.endm

/* All GPRs to the address on top of the stack, which stays there. */
.macro store_all_regs
	pushq	%rsi
	movq	8(%rsp), %rsi
	store_rcx_r11 %rsi
	store_r12_r15 %rsi
	movq	%rbx, TDX_REGS_RBX(%rsi)
	movq	%rdi, TDX_REGS_RDI(%rsi)
	popq	%rdi
	movq	%rdi, TDX_REGS_RSI(%rsi)
.endm

#endif /* TDX_ASM_REGS_H */
