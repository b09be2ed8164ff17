/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TDCALL, and nothing around it.
 *
 * Whatever the instruction does, RAX says it: the completion status of the TDX
 * module; or for a fault (#UD: this is not a TD) a status of class 0xff, which
 * the TDX module never returns.  The exception table delivers the trap number
 * in RAX.
 *
 * Source: TDX Module ABI 1.5, "TDCALL Instruction (Common)", TDG.VP.VMCALL.
 */
#include <linux/linkage.h>
#include <asm/asm.h>
#include <asm/frame.h>
#include <tdx_guest/tdcall.h>
#include "compat/compat_asm.h"
#include "regs.h"

/* 66 0F 01 CC; binutils before 2.36 do not know the mnemonic. */
#define TDCALL			.byte 0x66, 0x0f, 0x01, 0xcc

/*
 * OPERAND_INVALID with operand id RAX: what the TDX module itself says of a
 * RAX that it does not take.
 */
#define OPERAND_INVALID_RAX	0xc000010000000000

	.text

/*
 * u64 tdx_guest_module_call(u64 leaf, u64 rcx, u64 rdx, u64 r8, u64 r9,
 *			     struct tdx_regs *out)
 *
 * The third C argument is in its place already.  RDI is not an operand of the
 * leaves that this function is for, so the TDX module brings it back unchanged.
 * TDG.VP.VMCALL (leaf 0) is refused: it could let the VMM change RDI, and
 * registers that this function does not save.
 */
TDX_FUNC_START(tdx_guest_module_call)
	FRAME_BEGIN
	testw	%di, %di
	jz	2f
	movq	%rdi, %rax
	movq	%r9, %rdi
	movq	%r8, %r9
	movq	%rcx, %r8
	movq	%rsi, %rcx
1:	TDCALL
	testq	%rdi, %rdi
	jz	4f
	store_rcx_r11 %rdi
4:	FRAME_END
	RET

2:	movabsq	$OPERAND_INVALID_RAX, %rax
	FRAME_END
	RET

3:	movabsq	$TDX_GUEST_FAULT, %rcx
	orq	%rcx, %rax
	FRAME_END
	RET
	_ASM_EXTABLE_FAULT(1b, 3b)
SYM_FUNC_END(tdx_guest_module_call)

/* What a VMM may see and change by the convention of the GHCI: R10 to R15. */
.macro load_r10_r15 from
	movq	TDX_REGS_R10(\from), %r10
	movq	TDX_REGS_R11(\from), %r11
	load_r12_r15 \from
.endm

.macro store_r10_r15 to
	movq	%r10, TDX_REGS_R10(\to)
	movq	%r11, TDX_REGS_R11(\to)
	store_r12_r15 \to
.endm

/*
 * u64 tdx_guest_module_call_saved(u64 leaf, struct tdx_regs *args)
 *
 * No mask of ours exposes RBP, but an L2 VM may change it.
 */
TDX_FUNC_START(tdx_guest_module_call_saved)
	save_callee_regs
	pushq	%rsi

	movq	%rdi, %rax
	load_all_regs
1:	TDCALL
	store_all_regs

2:	scrub_regs
	popq	%rsi
	restore_callee_regs
	RET

3:	movabsq	$TDX_GUEST_FAULT, %rcx
	orq	%rcx, %rax
	jmp	2b
	_ASM_EXTABLE_FAULT(1b, 3b)
SYM_FUNC_END(tdx_guest_module_call_saved)

/*
 * u64 tdx_guest_hypercall(const struct tdx_regs *in,
 *			   struct tdx_regs *out)
 *
 * RSI is not in the mask, so the VMM cannot reach it.
 */
TDX_FUNC_START(tdx_guest_hypercall)
	save_callee_regs
	load_r10_r15 %rdi
	movl	$TDX_GUEST_EXPOSE_R10_R15, %ecx
	xorl	%eax, %eax			/* TDG.VP.VMCALL */
1:	TDCALL

	testq	%rsi, %rsi
	jz	2f
	store_r10_r15 %rsi

2:	scrub_regs
	restore_callee_regs
	RET

3:	movabsq	$TDX_GUEST_FAULT, %rcx
	orq	%rcx, %rax
	jmp	2b
	_ASM_EXTABLE_FAULT(1b, 3b)
SYM_FUNC_END(tdx_guest_hypercall)

/*
 * u64 tdx_guest_hypercall_saved(const struct tdx_regs *in,
 *				 struct tdx_regs *out)
 *
 * The address for the outputs waits on the stack: no mask can expose RSP.
 */
TDX_FUNC_START(tdx_guest_hypercall_saved)
	save_callee_regs
	pushq	%rsi

	movq	TDX_REGS_RDX(%rdi), %rdx
	movq	TDX_REGS_R8(%rdi), %r8
	movq	TDX_REGS_R9(%rdi), %r9
	load_r10_r15 %rdi
	movq	TDX_REGS_RBX(%rdi), %rbx
	movq	TDX_REGS_RSI(%rdi), %rsi
	movq	TDX_REGS_RDI(%rdi), %rdi
	movl	$TDX_GUEST_EXPOSE_ALL, %ecx
	xorl	%eax, %eax			/* TDG.VP.VMCALL */
1:	TDCALL

	/* RSI takes the pointer; RCX, the mask, is not needed any more. */
	movq	%rsi, %rcx
	movq	(%rsp), %rsi
	testq	%rsi, %rsi
	jz	2f
	movq	%rdx, TDX_REGS_RDX(%rsi)
	movq	%r8, TDX_REGS_R8(%rsi)
	movq	%r9, TDX_REGS_R9(%rsi)
	store_r10_r15 %rsi
	movq	%rbx, TDX_REGS_RBX(%rsi)
	movq	%rdi, TDX_REGS_RDI(%rsi)
	movq	%rcx, TDX_REGS_RSI(%rsi)

2:	scrub_regs
	popq	%rsi
	restore_callee_regs
	RET

3:	movabsq	$TDX_GUEST_FAULT, %rcx
	orq	%rcx, %rax
	jmp	2b
	_ASM_EXTABLE_FAULT(1b, 3b)
SYM_FUNC_END(tdx_guest_hypercall_saved)
