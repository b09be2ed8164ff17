/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SEAMCALL, and nothing around it.
 *
 * Whatever the instruction does comes back in RAX: the module's completion
 * status; for CF=1 (VMfailInvalid: no TDX module, RAX still the leaf) and for
 * #UD and #GP a code of class 0xff, which the module never returns.  The
 * exception table delivers the trap number in RAX.  FRAME_BEGIN and FRAME_END
 * are nothing unless the kernel unwinds by frame pointers.
 *
 * Source: TDX Module ABI 1.5, "SEAMCALL Instruction (Common)".
 */
#include <linux/linkage.h>
#include <asm/asm.h>
#include <asm/frame.h>
#include <tdx_host/seamcall.h>
#include "../src/compat_asm.h"

/* 66 0F 01 CF; binutils before 2.36 do not know the mnemonic. */
#define SEAMCALL		.byte 0x66, 0x0f, 0x01, 0xcf

/* TDX_ST_SEAMCALL_VMFAILINVALID and what a trap number is or'ed into. */
#define VMFAILINVALID		0x8000ff00ffff0000
#define FAULT			0x8000ff0000000000

	.text

/*
 * u64 tdx_host_seamcall(u64 leaf, u64 rcx, u64 rdx, u64 r8, u64 r9)
 *
 * RDX, the third C argument, is in its place already.
 */
TDX_FUNC_START(tdx_host_seamcall)
	FRAME_BEGIN
	movq	%r8, %r9
	movq	%rcx, %r8
	movq	%rsi, %rcx
	movq	%rdi, %rax
1:	SEAMCALL
	jc	2f
	FRAME_END
	RET

2:	movabsq	$VMFAILINVALID, %rax
	FRAME_END
	RET

3:	movabsq	$FAULT, %rcx
	orq	%rcx, %rax
	FRAME_END
	RET
	_ASM_EXTABLE_FAULT(1b, 3b)
SYM_FUNC_END(tdx_host_seamcall)

/*
 * u64 tdx_host_seamcall_ret(u64 leaf, struct tdx_host_args *args)
 *
 * RSI is no operand of the leaves that this shape is for, so the module
 * brings it back unchanged.
 */
TDX_FUNC_START(tdx_host_seamcall_ret)
	FRAME_BEGIN
	movq	%rdi, %rax
	movq	TDX_HOST_ARGS_RCX(%rsi), %rcx
	movq	TDX_HOST_ARGS_RDX(%rsi), %rdx
	movq	TDX_HOST_ARGS_R8(%rsi), %r8
	movq	TDX_HOST_ARGS_R9(%rsi), %r9
	movq	TDX_HOST_ARGS_R10(%rsi), %r10
	movq	TDX_HOST_ARGS_R11(%rsi), %r11
1:	SEAMCALL
	jc	2f
	movq	%rcx, TDX_HOST_ARGS_RCX(%rsi)
	movq	%rdx, TDX_HOST_ARGS_RDX(%rsi)
	movq	%r8, TDX_HOST_ARGS_R8(%rsi)
	movq	%r9, TDX_HOST_ARGS_R9(%rsi)
	movq	%r10, TDX_HOST_ARGS_R10(%rsi)
	movq	%r11, TDX_HOST_ARGS_R11(%rsi)
	FRAME_END
	RET

2:	movabsq	$VMFAILINVALID, %rax
	FRAME_END
	RET

3:	movabsq	$FAULT, %rcx
	orq	%rcx, %rax
	FRAME_END
	RET
	_ASM_EXTABLE_FAULT(1b, 3b)
SYM_FUNC_END(tdx_host_seamcall_ret)

/*
 * u64 tdx_host_seamcall_saved_ret(u64 leaf, struct tdx_host_args *args)
 *
 * After TDH.VP.ENTER every register but RSP may hold what the TD put there.
 * RBP too, from the instruction to its pop: ORC goes by RSP here, and where
 * the kernel unwinds by frame pointers a stack cannot be taken in between.
 * Scrubbing comes last on every path, before anything can speculate with a
 * value of the TD.
 */
TDX_FUNC_START(tdx_host_seamcall_saved_ret)
	pushq	%rbp
#ifdef CONFIG_FRAME_POINTER
	movq	%rsp, %rbp
#endif
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rsi

	movq	%rdi, %rax
	movq	TDX_HOST_ARGS_RCX(%rsi), %rcx
	movq	TDX_HOST_ARGS_RDX(%rsi), %rdx
	movq	TDX_HOST_ARGS_R8(%rsi), %r8
	movq	TDX_HOST_ARGS_R9(%rsi), %r9
	movq	TDX_HOST_ARGS_R10(%rsi), %r10
	movq	TDX_HOST_ARGS_R11(%rsi), %r11
	movq	TDX_HOST_ARGS_R12(%rsi), %r12
	movq	TDX_HOST_ARGS_R13(%rsi), %r13
	movq	TDX_HOST_ARGS_R14(%rsi), %r14
	movq	TDX_HOST_ARGS_R15(%rsi), %r15
	movq	TDX_HOST_ARGS_RBX(%rsi), %rbx
	movq	TDX_HOST_ARGS_RDI(%rsi), %rdi
	movq	TDX_HOST_ARGS_RSI(%rsi), %rsi
1:	SEAMCALL
	jc	2f

	pushq	%rsi
	movq	8(%rsp), %rsi
	movq	%rcx, TDX_HOST_ARGS_RCX(%rsi)
	movq	%rdx, TDX_HOST_ARGS_RDX(%rsi)
	movq	%r8, TDX_HOST_ARGS_R8(%rsi)
	movq	%r9, TDX_HOST_ARGS_R9(%rsi)
	movq	%r10, TDX_HOST_ARGS_R10(%rsi)
	movq	%r11, TDX_HOST_ARGS_R11(%rsi)
	movq	%r12, TDX_HOST_ARGS_R12(%rsi)
	movq	%r13, TDX_HOST_ARGS_R13(%rsi)
	movq	%r14, TDX_HOST_ARGS_R14(%rsi)
	movq	%r15, TDX_HOST_ARGS_R15(%rsi)
	movq	%rbx, TDX_HOST_ARGS_RBX(%rsi)
	movq	%rdi, TDX_HOST_ARGS_RDI(%rsi)
	popq	%rdi
	movq	%rdi, TDX_HOST_ARGS_RSI(%rsi)

.Lscrub:
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%edi, %edi
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
	xorl	%ebx, %ebx
	popq	%rsi
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	RET

2:	movabsq	$VMFAILINVALID, %rax
	jmp	.Lscrub

3:	movabsq	$FAULT, %rcx
	orq	%rcx, %rax
	jmp	.Lscrub
	_ASM_EXTABLE_FAULT(1b, 3b)
SYM_FUNC_END(tdx_host_seamcall_saved_ret)
