/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvm_td's guest: all of it, in one page that ends below 4 GiB.
 *
 * A VCPU of a TD starts in the last 16 bytes of that page, in 32-bit protected
 * mode, paging off, IA32_EFER.LME set.  TDCALL is for 64-bit mode, so that is
 * where it goes first.  There is no IDT: what is not foreseen is a triple
 * fault, which ends the TD.
 * Source: TDX Module Base spec, "Initial State of Guest VCPUs"; GHCI,
 * "TDG.VP.VMCALL<Instruction.IO>", "<ReportFatalError>".
 */
#include "kvm_td.h"

#define PTE_TABLE	0x03
#define PTE_2M		0x83

#define CR4_PAE		(1 << 5)
#define CR0_PG		(1 << 31)

/* Where a label is, once this is the page at TD_CODE. */
#define AT(label)	(label - kvm_td_page + TD_CODE)

/* Linear address of GPA 0, by the page tables below. */
#define LINEAR_0	0xc0200000

#define TDG_VP_VMCALL		0
#define TDG_MEM_PAGE_ACCEPT	6
#define VMCALL_IO		30
#define VMCALL_FATAL_ERROR	0x10003

/* Older assemblers do not know it. */
	.macro	tdcall
	.byte	0x66, 0x0f, 0x01, 0xcc
	.endm

	/* R10 to R15 are passed; R10 comes back as 0. */
	.macro	vmcall function
	mov	$TDG_VP_VMCALL, %eax
	mov	$0xfc00, %ecx
	xor	%r10d, %r10d
	mov	$\function, %r11d
	tdcall
	.endm

	/* Fatal error @code, unless the last comparison was equal. */
	.macro	must_equal code
	mov	$\code, %r12d
	jne	fatal
	.endm

	/* 4 bytes; the value is in R15, or comes back in R11. */
	.macro	port number, write
	mov	$4, %r12d
	mov	$\write, %r13d
	mov	$\number, %r14d
	vmcall	VMCALL_IO
	cmp	$0, %r10
	must_equal TD_FATAL_IO
	.endm

	.section .rodata
	.balign	4096
	.globl	kvm_td_page
kvm_td_page:
	/*
	 * This page is the table of all three levels: entries 0 and 3 lead to
	 * itself.  Of the fourth GiB, entry 1 is the 2 MiB at GPA 0, and entry
	 * 511, at the end, this code at its own address.
	 */
	.quad	TD_CODE + PTE_TABLE
	.quad	0 + PTE_2M
	.quad	0
	.quad	TD_CODE + PTE_TABLE

gdt:	.quad	0
	.quad	0x00af9b000000ffff	/* 64-bit code */
gdtr:	.word	gdtr - gdt - 1
	.long	AT(gdt)

	.code32
start:
	lgdt	AT(gdtr)
	mov	%cr4, %eax
	or	$CR4_PAE, %eax
	mov	%eax, %cr4
	mov	$TD_CODE, %eax
	mov	%eax, %cr3
	mov	%cr0, %eax
	or	$CR0_PG, %eax
	mov	%eax, %cr0
	ljmp	$8, $AT(long_mode)

	.code64
long_mode:
	mov	$TD_HELLO, %r15d
	port	TD_PORT_HELLO, 1

	mov	$0x21, %eax
	xor	%ecx, %ecx
	cpuid
	cmp	$0x65746e49, %ebx	/* "Inte" */
	must_equal TD_FATAL_CPUID
	cmp	$0x5844546c, %edx	/* "lTDX" */
	must_equal TD_FATAL_CPUID

	port	TD_PORT_ASK, 0
	mov	%r11d, %edi

	/* The page is not there yet: an EPT violation, which KVM heeds. */
	mov	$TDG_MEM_PAGE_ACCEPT, %eax
	mov	$TD_HEAP, %ecx
	tdcall
	cmp	$0, %rax
	must_equal TD_FATAL_ACCEPT
	mov	$LINEAR_0 + TD_HEAP, %ebx
	cmpq	$0, (%rbx)
	must_equal TD_FATAL_CONTENT
	mov	%rdi, (%rbx)
	mov	(%rbx), %r15
	port	TD_PORT_TELL, 1

	mov	$TD_FATAL_DONE, %r12d
fatal:
	xor	%r13d, %r13d
	vmcall	VMCALL_FATAL_ERROR
	ud2

	/* Where the VCPU starts, and the last entry of the page tables. */
	.org	kvm_td_page + 0xff0
	.code32
	jmp	start
	.org	kvm_td_page + 0xff8
	.quad	0xffe00000 + PTE_2M

	.section .note.GNU-stack, "", @progbits
