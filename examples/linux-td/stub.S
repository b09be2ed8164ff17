/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The first two pages of the guest, which are what MRTD measures.  VCPU 0
 * accepts all memory, copies what the VMM shows it in shared pages to where
 * Linux wants it, and enters the kernel; other VCPUs wait until the kernel
 * wakes them up by the mailbox that ACPI's MADT names.
 *
 * A TD starts in the last 16 bytes of the second page, in 32-bit protected mode
 * with paging off; IA32_EFER.LME is set and stays so.  RSI is the number of the
 * VCPU.  Nothing here raises #VE, hence there is no IDT; anything unforeseen
 * is a triple fault, which the VMM gets to see.
 * Source: TDX Module Base spec, "Initial State of Guest VCPUs"; Linux,
 * Documentation/arch/x86/boot.rst, "64-bit Boot Protocol"; ACPI 6.4,
 * "Multiprocessor Wakeup Structure".
 *
 * What the VMM shows is believed: a loader that has something to lose would
 * measure it into an RTMR first.
 */
#include "guest.h"

#define PTE_TABLE	3
#define PTE_LARGE	0x83

#define CR4_PAE		(1 << 5)
#define CR0_PG		(1 << 31)

/* Where a label will be, once these are the pages at LINUX_TD_GPA_STUB. */
#define AT(label)	(label - linux_td_stub + LINUX_TD_GPA_STUB)

/* Where the page tables below have what the VMM shows. */
#define SHOWN		0x100000000

/* Leaves of TDCALL, sub-functions of TDG.VP.VMCALL. */
#define VP_VMCALL		0
#define MEM_PAGE_ACCEPT		6
#define VMCALL_HLT		12
#define VMCALL_FATAL_ERROR	0x10003

/* With the level in the lower bits of the address. */
#define ACCEPT_2M		1
#define SIZE_2M			0x200000

#define MAILBOX_COMMAND		0
#define MAILBOX_APIC_ID		4
#define MAILBOX_VECTOR		8
#define COMMAND_WAKEUP		1

/* Older assemblers do not know it. */
	.macro tdcall
	.byte	0x66, 0x0f, 0x01, 0xcc
	.endm

/* The VMM gets R10 to R15, and may answer in them. */
	.macro vmcall function
	mov	$VP_VMCALL, %eax
	mov	$0xfc00, %ecx
	xor	%r10d, %r10d
	mov	$\function, %r11d
	tdcall
	.endm

	.section .rodata
	.balign	4096
	.globl	linux_td_stub
linux_td_stub:
	/* The table at the top, and code. */
	.quad	LINUX_TD_GPA_STUB + 0x1000 + PTE_TABLE

gdt:	.quad	0
	.quad	0x00af9b000000ffff	/* 64-bit code */
	.quad	0x00cf93000000ffff	/* data; what Linux calls __BOOT_DS */
gdtr:	.word	gdtr - gdt - 1
	.long	AT(gdt)

	/* All memory is there: the other VCPUs may look at the mailbox. */
	.balign	8
ready:	.quad	0

	.code32
start:
	lgdt	AT(gdtr)
	mov	%cr4, %eax
	or	$CR4_PAE, %eax
	mov	%eax, %cr4
	mov	$LINUX_TD_GPA_STUB, %eax
	mov	%eax, %cr3
	mov	%cr0, %eax
	or	$CR0_PG, %eax
	mov	%eax, %cr0
	ljmp	$8, $AT(long_mode)

	.code64
long_mode:
	test	%esi, %esi
	jnz	other
	mov	$SHOWN, %rbp

	/* All memory, which the VMM brings in as it is accepted. */
	xor	%ebx, %ebx
1:	mov	$MEM_PAGE_ACCEPT, %eax
	lea	ACCEPT_2M(%rbx), %rcx
	tdcall
	test	%rax, %rax
	jnz	failed
	add	$SIZE_2M, %rbx
	cmp	LINUX_TD_BOOT_RAM(%rbp), %rbx
	jb	1b

	/* The kernel, what goes with it, and ACPI's tables. */
	mov	LINUX_TD_BOOT_PIECES(%rbp), %rdx
	lea	LINUX_TD_BOOT_PIECE(%rbp), %rbx
	cld
2:	mov	(%rbx), %rsi
	add	%rbp, %rsi
	mov	8(%rbx), %rdi
	mov	16(%rbx), %rcx
	shr	$3, %rcx
	rep movsq
	add	$24, %rbx
	dec	%rdx
	jnz	2b

	movq	$1, ready(%rip)
	mov	LINUX_TD_BOOT_ENTRY(%rbp), %rax
	mov	$LINUX_TD_GPA_PARAMS, %esi
	mov	$0x10, %ecx
	mov	%ecx, %ds
	mov	%ecx, %es
	mov	%ecx, %ss
	jmp	*%rax

/* The VMM hears of the status, and does not come back. */
failed:
	mov	%rax, %r12
	vmcall	VMCALL_FATAL_ERROR
	ud2

/* RBP: which VCPU.  It halts between two looks, and the VMM wakes it up. */
other:
	mov	%esi, %ebp
3:	xor	%r12d, %r12d
	vmcall	VMCALL_HLT
	cmpq	$0, ready(%rip)
	je	3b
	mov	$LINUX_TD_GPA_MAILBOX, %ebx
4:	xor	%r12d, %r12d
	vmcall	VMCALL_HLT
	cmpw	$COMMAND_WAKEUP, MAILBOX_COMMAND(%rbx)
	jne	4b
	cmp	%ebp, MAILBOX_APIC_ID(%rbx)
	jne	4b
	mov	MAILBOX_VECTOR(%rbx), %rax
	/* The kernel waits for that. */
	movw	$0, MAILBOX_COMMAND(%rbx)
	jmp	*%rax

	.org	linux_td_stub + 0x1000
	/* Below: 4 GiB at their own address; then shared memory. */
	.quad	PTE_LARGE
	.quad	0x40000000 + PTE_LARGE
	.quad	0x80000000 + PTE_LARGE
	.quad	0xc0000000 + PTE_LARGE
	.quad	LINUX_TD_SHARED + LINUX_TD_GPA_SHOWN + PTE_LARGE

	/* Where a VCPU starts. */
	.org	linux_td_stub + 0x1ff0
	.code32
	jmp	start
	.org	linux_td_stub + LINUX_TD_STUB_SIZE

	.section .note.GNU-stack, "", @progbits
