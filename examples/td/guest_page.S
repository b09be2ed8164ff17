/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest: all of it, in one page that ends below 4 GiB.
 *
 * A TD starts in the last 16 bytes of that page, in 32-bit protected mode with
 * paging off; IA32_EFER.LME is set and stays so.  TDCALL is for 64-bit mode, so
 * that is where it goes first.  Nothing here raises #VE, hence there is no IDT;
 * anything unforeseen is a triple fault, which the VMM gets to see.
 * Source: TDX Module Base spec, "Initial State of Guest VCPUs".
 */
#include "guest.h"

#define PTE_PRESENT	(1 << 0)
#define PTE_WRITE	(1 << 1)
#define PTE_LARGE	(1 << 7)
#define PTE_TABLE	(PTE_PRESENT | PTE_WRITE)
#define PTE_2M		(PTE_PRESENT | PTE_WRITE | PTE_LARGE)

#define CR4_PAE		(1 << 5)
#define CR0_PG		(1 << 31)

/* Where a label will be, once this is the page at CONSUMER_GPA_CODE. */
#define AT(label)	(label - consumer_guest_page + CONSUMER_GPA_CODE)

/* Where the page tables below have the heap. */
#define HEAP		0xc0200000

/* Leaves of TDCALL, sub-functions of TDG.VP.VMCALL. */
#define VP_VMCALL	0
#define MEM_PAGE_ACCEPT	6
#define VMCALL_HLT	12
#define VMCALL_IO	30
#define VMCALL_MAP_GPA	0x10001

#define SERIAL		0x3f8

/* Older assemblers do not know it. */
	.macro tdcall
	.byte	0x66, 0x0f, 0x01, 0xcc
	.endm

/* The VMM gets R10 to R15, and may answer in them. */
	.macro vmcall function
	mov	$VP_VMCALL, %eax
	mov	$0xfc00, %ecx
	mov	$0, %r10d
	mov	$\function, %r11d
	tdcall
	.endm

/* What is in R15 goes to the port, as 4 bytes. */
	.macro say port
	mov	$4, %r12d
	mov	$1, %r13d
	mov	$\port, %r14d
	vmcall	VMCALL_IO
	.endm

	.macro halt blocked
	mov	$\blocked, %r12d
	vmcall	VMCALL_HLT
	.endm

	.macro map_gpa gpa, size
	mov	$\gpa, %r12
	mov	$\size, %r13d
	vmcall	VMCALL_MAP_GPA
	.endm

/* 4 KiB; what is in them is zero from then on. */
	.macro accept gpa
	mov	$MEM_PAGE_ACCEPT, %eax
	mov	$\gpa, %ecx
	tdcall
	.endm

	.section .rodata
	.globl	consumer_guest_page
consumer_guest_page:
	/*
	 * Page tables.  This page is the table of all three levels: entries 0
	 * and 3 lead to itself.  So the way of an address in the fourth GiB is
	 * entry 0, entry 3, and one for 2 MiB.  Of these, entry 1 is the heap,
	 * and entry 511, at the end, is this code at its own address.
	 */
	.quad	CONSUMER_GPA_CODE + PTE_TABLE
	.quad	CONSUMER_GPA_HEAP + PTE_2M
	.quad	0
	.quad	CONSUMER_GPA_CODE + PTE_TABLE

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
	mov	$CONSUMER_GPA_CODE, %eax
	mov	%eax, %cr3
	mov	%cr0, %eax
	or	$CR0_PG, %eax
	mov	%eax, %cr0
	ljmp	$8, $AT(long_mode)

	.code64
long_mode:
	mov	$0x21444c54, %r15d
	say	SERIAL
	halt	0

	/* The page is not there yet: an EPT violation. */
	accept	CONSUMER_GPA_HEAP
	mov	$HEAP, %ebx
	mov	$0x5ec2e7ed, %edi
	mov	%rdi, (%rbx)
	mov	(%rbx), %r15
	say	SERIAL
	map_gpa	CONSUMER_GPA_HEAP + CONSUMER_SHARED, 4096

	/* Another page, with nothing in it. */
	accept	CONSUMER_GPA_HEAP
	mov	(%rbx), %r15
	say	SERIAL
	halt	1
	ud2

	/* Where the VCPU starts, and the last entry of the page tables. */
	.org	consumer_guest_page + 0xff0
	.code32
	jmp	start
	.org	consumer_guest_page + 0xff8
	.quad	0xffe00000 + PTE_2M

	.section .note.GNU-stack, "", @progbits
