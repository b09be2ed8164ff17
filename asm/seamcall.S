/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SEAMCALL, and nothing around it.
 *
 * Whatever the instruction does, RAX says it: the completion status of the TDX
 * module; or a status of class 0xff, which the TDX module never returns, for
 * CF=1 (VMfailInvalid: no TDX module, RAX is still the leaf), #UD and #GP.  The
 * exception table delivers the trap number in RAX.  FRAME_BEGIN and FRAME_END
 * are empty unless the kernel unwinds by frame pointers.
 *
 * Each begins with the gate that seamcall_stop() closes.  There is nothing in
 * them that a compiler instruments.
 *
 * Tests probe the functions by their names.
 *
 * Source: TDX Module ABI 1.5, "SEAMCALL Instruction (Common)".
 */
#include <linux/linkage.h>
#include <asm/asm.h>
#include <asm/frame.h>
#include <tdx_host/seamcall.h>
#include "compat/compat_asm.h"
#include "regs.h"
#include "seamcall.h"

/* 66 0F 01 CF; binutils before 2.36 do not know the mnemonic. */
#define SEAMCALL		.byte 0x66, 0x0f, 0x01, 0xcf

/* One byte that is hardly ever written, and a branch never taken but once. */
.macro gate closed
	cmpb	$0, seamcall_stopped(%rip)
	jne	\closed
.endm

	.text

/*
 * u64 tdx_host_seamcall(u64 leaf, u64 rcx, u64 rdx, u64 r8, u64 r9)
 *
 * RDX, the third C argument, is in its place already.
 */
TDX_FUNC_START(tdx_host_seamcall)
	FRAME_BEGIN
	gate	4f
	movq	%r8, %r9
	movq	%rcx, %r8
	movq	%rsi, %rcx
	movq	%rdi, %rax
1:	SEAMCALL
	jc	2f
	FRAME_END
	RET

2:	movabsq	$TDX_HOST_VMFAILINVALID, %rax
	FRAME_END
	RET

3:	movabsq	$TDX_HOST_FAULT, %rcx
	orq	%rcx, %rax
	FRAME_END
	RET

4:	movabsq	$TDX_HOST_GOING_DOWN, %rax
	FRAME_END
	RET
	_ASM_EXTABLE_FAULT(1b, 3b)
SYM_FUNC_END(tdx_host_seamcall)

/*
 * u64 tdx_host_seamcall_ret(u64 leaf, struct tdx_regs *args)
 *
 * RSI is not an operand of the leaves that this function is for, so the TDX
 * module brings it back unchanged.  The leaf with which tdx_host itself ends
 * TDX goes through the closed gate.
 */
TDX_FUNC_START(tdx_host_seamcall_ret)
	FRAME_BEGIN
	gate	4f
0:	movq	%rdi, %rax
	load_rcx_r11 %rsi
1:	SEAMCALL
	jc	2f
	store_rcx_r11 %rsi
	FRAME_END
	RET

2:	movabsq	$TDX_HOST_VMFAILINVALID, %rax
	FRAME_END
	RET

3:	movabsq	$TDX_HOST_FAULT, %rcx
	orq	%rcx, %rax
	FRAME_END
	RET

4:	cmpq	$SEAMCALL_LAST_LEAF, %rdi
	je	0b
	movabsq	$TDX_HOST_GOING_DOWN, %rax
	FRAME_END
	RET
	_ASM_EXTABLE_FAULT(1b, 3b)
SYM_FUNC_END(tdx_host_seamcall_ret)

/*
 * u64 tdx_host_seamcall_saved_ret(u64 leaf, struct tdx_regs *args)
 *
 * After TDH.VP.ENTER every register but RSP may hold what the TD put there.
 *
 * A VMM enters a TD from noinstr code, between leaving the host's context and
 * coming back to it: no probe may be put here.
 */
	.pushsection .noinstr.text, "ax"
TDX_FUNC_START(tdx_host_seamcall_saved_ret)
	gate	5f
	save_callee_regs
	pushq	%rsi

	movq	%rdi, %rax
	load_all_regs
1:	SEAMCALL
	jc	4f
	store_all_regs

2:	scrub_regs
	popq	%rsi
	restore_callee_regs
	RET

3:	movabsq	$TDX_HOST_FAULT, %rcx
	orq	%rcx, %rax
	jmp	2b

4:	movabsq	$TDX_HOST_VMFAILINVALID, %rax
	jmp	2b

5:	movabsq	$TDX_HOST_GOING_DOWN, %rax
	RET
	_ASM_EXTABLE_FAULT(1b, 3b)
SYM_FUNC_END(tdx_host_seamcall_saved_ret)
	.popsection
