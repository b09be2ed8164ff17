/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TDCALL, and nothing around it.
 *
 * Whatever the instruction does comes back in RAX: the TDX module's
 * completion status, or for a fault (#UD: this is no TD) a code of class
 * 0xff, which the TDX module never returns.  The exception table delivers the
 * trap number in RAX.
 *
 * Source: TDX Module ABI 1.5, "TDCALL Instruction (Common)", TDG.VP.VMCALL.
 */
#include <linux/linkage.h>
#include <asm/asm.h>
#include <asm/frame.h>
#include <tdx_host/tdcall.h>
#include "../src/compat_asm.h"

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
 *			     struct tdx_guest_args *out)
 *
 * The third C argument is in its place already.  RDI is no operand of the
 * leaves that this shape is for, so the TDX module brings it back unchanged.
 * TDG.VP.VMCALL (leaf 0) could let the VMM choose it, and others that this
 * function does not save: it is refused.
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
	movq	%rcx, TDX_GUEST_ARGS_RCX(%rdi)
	movq	%rdx, TDX_GUEST_ARGS_RDX(%rdi)
	movq	%r8, TDX_GUEST_ARGS_R8(%rdi)
	movq	%r9, TDX_GUEST_ARGS_R9(%rdi)
	movq	%r10, TDX_GUEST_ARGS_R10(%rdi)
	movq	%r11, TDX_GUEST_ARGS_R11(%rdi)
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

/*
 * What the shapes below share.  No mask of ours exposes RBP, but an L2 VM may
 * change it: ORC goes by RSP here, and where the kernel unwinds by frame
 * pointers a stack cannot be taken between that TDCALL and the pop.
 */
.macro save_registers
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

.macro restore_registers
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
.endm

/* No value that the VMM or an L2 VM chose is left to speculate with. */
.macro scrub_registers
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

.macro load_r10_r15 from
	movq	TDX_GUEST_ARGS_R10(\from), %r10
	movq	TDX_GUEST_ARGS_R11(\from), %r11
	movq	TDX_GUEST_ARGS_R12(\from), %r12
	movq	TDX_GUEST_ARGS_R13(\from), %r13
	movq	TDX_GUEST_ARGS_R14(\from), %r14
	movq	TDX_GUEST_ARGS_R15(\from), %r15
.endm

.macro store_r10_r15 to
	movq	%r10, TDX_GUEST_ARGS_R10(\to)
	movq	%r11, TDX_GUEST_ARGS_R11(\to)
	movq	%r12, TDX_GUEST_ARGS_R12(\to)
	movq	%r13, TDX_GUEST_ARGS_R13(\to)
	movq	%r14, TDX_GUEST_ARGS_R14(\to)
	movq	%r15, TDX_GUEST_ARGS_R15(\to)
.endm

/*
 * u64 tdx_guest_module_call_saved(u64 leaf, struct tdx_guest_args *args)
 */
TDX_FUNC_START(tdx_guest_module_call_saved)
	save_registers
	pushq	%rsi

	movq	%rdi, %rax
	movq	TDX_GUEST_ARGS_RCX(%rsi), %rcx
	movq	TDX_GUEST_ARGS_RDX(%rsi), %rdx
	movq	TDX_GUEST_ARGS_R8(%rsi), %r8
	movq	TDX_GUEST_ARGS_R9(%rsi), %r9
	load_r10_r15 %rsi
	movq	TDX_GUEST_ARGS_RBX(%rsi), %rbx
	movq	TDX_GUEST_ARGS_RDI(%rsi), %rdi
	movq	TDX_GUEST_ARGS_RSI(%rsi), %rsi
1:	TDCALL

	pushq	%rsi
	movq	8(%rsp), %rsi
	movq	%rcx, TDX_GUEST_ARGS_RCX(%rsi)
	movq	%rdx, TDX_GUEST_ARGS_RDX(%rsi)
	movq	%r8, TDX_GUEST_ARGS_R8(%rsi)
	movq	%r9, TDX_GUEST_ARGS_R9(%rsi)
	store_r10_r15 %rsi
	movq	%rbx, TDX_GUEST_ARGS_RBX(%rsi)
	movq	%rdi, TDX_GUEST_ARGS_RDI(%rsi)
	popq	%rdi
	movq	%rdi, TDX_GUEST_ARGS_RSI(%rsi)

2:	scrub_registers
	popq	%rsi
	restore_registers
	RET

3:	movabsq	$TDX_GUEST_FAULT, %rcx
	orq	%rcx, %rax
	jmp	2b
	_ASM_EXTABLE_FAULT(1b, 3b)
SYM_FUNC_END(tdx_guest_module_call_saved)

/*
 * u64 tdx_guest_hypercall(const struct tdx_guest_args *in,
 *			   struct tdx_guest_args *out)
 *
 * RSI is not in the mask, so the VMM cannot reach it.
 */
TDX_FUNC_START(tdx_guest_hypercall)
	save_registers
	load_r10_r15 %rdi
	movl	$TDX_GUEST_EXPOSE_R10_R15, %ecx
	xorl	%eax, %eax			/* TDG.VP.VMCALL */
1:	TDCALL

	testq	%rsi, %rsi
	jz	2f
	store_r10_r15 %rsi

2:	scrub_registers
	restore_registers
	RET

3:	movabsq	$TDX_GUEST_FAULT, %rcx
	orq	%rcx, %rax
	jmp	2b
	_ASM_EXTABLE_FAULT(1b, 3b)
SYM_FUNC_END(tdx_guest_hypercall)

/*
 * u64 tdx_guest_hypercall_saved(const struct tdx_guest_args *in,
 *				 struct tdx_guest_args *out)
 *
 * Where the outputs go waits on the stack: RSP is what no mask can expose.
 */
TDX_FUNC_START(tdx_guest_hypercall_saved)
	save_registers
	pushq	%rsi

	movq	TDX_GUEST_ARGS_RDX(%rdi), %rdx
	movq	TDX_GUEST_ARGS_R8(%rdi), %r8
	movq	TDX_GUEST_ARGS_R9(%rdi), %r9
	load_r10_r15 %rdi
	movq	TDX_GUEST_ARGS_RBX(%rdi), %rbx
	movq	TDX_GUEST_ARGS_RSI(%rdi), %rsi
	movq	TDX_GUEST_ARGS_RDI(%rdi), %rdi
	movl	$TDX_GUEST_EXPOSE_ALL, %ecx
	xorl	%eax, %eax			/* TDG.VP.VMCALL */
1:	TDCALL

	/* The VMM's RSI, for the pointer; RCX is the mask and of no use now. */
	movq	%rsi, %rcx
	movq	(%rsp), %rsi
	testq	%rsi, %rsi
	jz	2f
	movq	%rdx, TDX_GUEST_ARGS_RDX(%rsi)
	movq	%r8, TDX_GUEST_ARGS_R8(%rsi)
	movq	%r9, TDX_GUEST_ARGS_R9(%rsi)
	store_r10_r15 %rsi
	movq	%rbx, TDX_GUEST_ARGS_RBX(%rsi)
	movq	%rdi, TDX_GUEST_ARGS_RDI(%rsi)
	movq	%rcx, TDX_GUEST_ARGS_RSI(%rsi)

2:	scrub_registers
	popq	%rsi
	restore_registers
	RET

3:	movabsq	$TDX_GUEST_FAULT, %rcx
	orq	%rcx, %rax
	jmp	2b
	_ASM_EXTABLE_FAULT(1b, 3b)
SYM_FUNC_END(tdx_guest_hypercall_saved)
