/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Into the guest whose VMCS is current, and out of it.
 * Source: SDM 3C, "VM Entries", "VM Exits".
 */
#include <linux/linkage.h>
#include <asm/asm.h>

#define VMCS_HOST_RSP	0x6c14
#define VMCS_HOST_RIP	0x6c16

	.text

/*
 * int emul_guest_enter(u64 *gpr, bool launched): GPRs in the order of their
 * numbers, all but RSP, which is in the VMCS.  0: there was an exit; 1: the
 * VMCS was refused.
 */
SYM_FUNC_START(emul_guest_enter)
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rdi
	movl	$VMCS_HOST_RSP, %edx
	vmwrite	%rsp, %rdx
	leaq	2f(%rip), %rax
	movl	$VMCS_HOST_RIP, %edx
	vmwrite	%rax, %rdx
	testb	%sil, %sil
	movq	0x00(%rdi), %rax
	movq	0x08(%rdi), %rcx
	movq	0x10(%rdi), %rdx
	movq	0x18(%rdi), %rbx
	movq	0x28(%rdi), %rbp
	movq	0x30(%rdi), %rsi
	movq	0x40(%rdi), %r8
	movq	0x48(%rdi), %r9
	movq	0x50(%rdi), %r10
	movq	0x58(%rdi), %r11
	movq	0x60(%rdi), %r12
	movq	0x68(%rdi), %r13
	movq	0x70(%rdi), %r14
	movq	0x78(%rdi), %r15
	movq	0x38(%rdi), %rdi
	jnz	1f
	vmlaunch
	jmp	3f
1:	vmresume
	/* CF or ZF is set here, for objtool, which sees no way to the exit. */
	ja	2f
3:	popq	%rdi
	movl	$1, %eax
	jmp	4f

	/* An exit, with registers of the guest in all but RSP. */
2:	pushq	%rdi
	movq	8(%rsp), %rdi
	movq	%rax, 0x00(%rdi)
	movq	%rcx, 0x08(%rdi)
	movq	%rdx, 0x10(%rdi)
	movq	%rbx, 0x18(%rdi)
	movq	%rbp, 0x28(%rdi)
	movq	%rsi, 0x30(%rdi)
	movq	%r8, 0x40(%rdi)
	movq	%r9, 0x48(%rdi)
	movq	%r10, 0x50(%rdi)
	movq	%r11, 0x58(%rdi)
	movq	%r12, 0x60(%rdi)
	movq	%r13, 0x68(%rdi)
	movq	%r14, 0x70(%rdi)
	movq	%r15, 0x78(%rdi)
	popq	%rax
	movq	%rax, 0x38(%rdi)
	popq	%rdi
	xorl	%eax, %eax
4:	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	RET
SYM_FUNC_END(emul_guest_enter)
