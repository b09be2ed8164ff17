/* SPDX-License-Identifier: GPL-2.0-only */
/* Guests that try out what a CPU has for kernels: modes, paging, exceptions. */
#include "guest.inc"

/* Linear addresses of a guest that has loaded its tables, see below. */
	.set SMALL, 0x200000

	.macro no_gates n
	.fill 2 * \n, 8, 0
	.endm

	.macro gate label
	.word AT(\label) & 0xffff, 8
	.byte 0, 0x8e
	.word AT(\label) >> 16
	.quad 0
	.endm

/*
 * After this #UD, #DF, #GP, #PF and #VE have handlers, and there is a stack.
 * #VE shows the VMM what VEINFO has: R10 length, R11 reason, R12 qualification,
 * R13 GPA, R14 GLA; it accepts a page that is pending, or goes on with the next
 * instruction.  The others show R11 vector, R12 error code, R13 CR2, R14 RIP,
 * and go on at R15.  With @df=0 #DF has none.  With RBP set the handler of #VE
 * meets one itself, before it has fetched what its own is about.
 */
	.macro exceptions df=1
	lidt idtr\@(%rip)
	mov $CODE_END, %esp
	jmp behind\@
on_ud\@:
	push $0
	push $6
	jmp common\@
on_df\@:
	push $8
	jmp common\@
on_gp\@:
	push $13
	jmp common\@
on_pf\@:
	push $14
common\@:
	pop %r11
	pop %r12
	mov %cr2, %r13
	mov (%rsp), %r14
	mov %r15, (%rsp)
	show
	iretq
on_ve\@:
	test %rbp, %rbp
	jz 2f
	hlt
2:	veinfo
	mov %rcx, %r11
	mov %rdx, %r12
	mov %r9, %r13
	mov %r8, %r14
	mov %r10, %rdi
	show
	cmp $48, %r11
	jne 1f
	mov $6, %eax
	mov %r13, %rcx
	and $-0x1000, %rcx
	tdcall
	iretq
1:	add %rdi, (%rsp)
	iretq
	.balign 8
idt\@:	no_gates 6
	gate on_ud\@
	no_gates 1
	.if \df
	gate on_df\@
	.else
	no_gates 1
	.endif
	no_gates 4
	gate on_gp\@
	gate on_pf\@
	no_gates 5
	gate on_ve\@
idtr\@:	.word idtr\@ - idt\@ - 1
	.quad AT(idt\@)
behind\@:
	.endm

	.section .rodata

/* What a VCPU starts with, as it can be seen: CR0, CR4, EFER. */
	.balign 4096
	.globl guest_initial
guest_initial:
	.quad RESET_PAGE + 0x3
	.quad 0x40000083, 0x80000083, 0xc0000083
gdt:
	.quad 0, 0x00af9a000000ffff	/* not accessed yet */
gdtr:
	.word gdtr - gdt - 1
	.long gdt - guest_initial + RESET_PAGE
	.code32
enter_long:
	mov %cr0, %edi
	mov %cr4, %ebp
	lgdt gdtr - guest_initial + RESET_PAGE
	mov %ebp, %eax
	or $0x20, %eax
	mov %eax, %cr4
	mov $RESET_PAGE, %eax
	mov %eax, %cr3
	mov %edi, %eax
	or $0x80000000, %eax
	mov %eax, %cr0
	ljmp *(target - guest_initial + RESET_PAGE)
target:
	.long in_long - guest_initial + RESET_PAGE
	.word 8
	.code64
in_long:
	mov $0xc0000080, %ecx
	rdmsr
	mov %rax, %r14
	mov %rdi, %r12
	mov %rbp, %r13
	mov gdt + 8(%rip), %r15
	show
	.org guest_initial + 0xff0
	.code32
	jmp enter_long
	.code64
	.org guest_initial + 0x1000
	guest_end initial

/* TDCALL is for 64-bit code. */
	.balign 4096
	.globl guest_tdcall32
guest_tdcall32:
	.org guest_tdcall32 + 0xff0
	.code32
	tdcall
	.code64
	.org guest_tdcall32 + 0x1000
	guest_end tdcall32

	guest port
	out %al, $0x80
	guest_end port

/* Each instruction that ends in #VE, and a page that is pending. */
/* CPUID: EAX to EDX in R12 to R15; the last four are #VE. */
	.macro cpuid_of leaf, subleaf=0
	mov $\leaf, %eax
	mov $\subleaf, %ecx
	cpuid
	mov %rax, %r12
	mov %rbx, %r13
	mov %rcx, %r14
	mov %rdx, %r15
	.endm

	guest cpuid
	exceptions
	.irp leaf, 1, 7, 0xd, 0x80000001, 0x21, 0x12345678
	cpuid_of \leaf
	show
	.endr
	cpuid_of 6
	cpuid_of 0x1f
	cpuid_of 0x4f000000
	cpuid_of 4, 5
	guest_end cpuid

	guest ve
	exceptions
	mov $0x3f8, %dx
	out %eax, %dx
	in $0x40, %al
	mov $0x40000000, %eax
	cpuid
	hlt
	mov $0x6e0, %ecx
	rdmsr
	mov $0x40000000, %ecx
	wrmsr
	mov $0x20, %ebx				/* no MCE */
	mov %rbx, %cr4
	mov %cr0, %rsi
	or $0x40000000, %rsi			/* CD */
	mov %rsi, %cr0
	mov $0xc0000080, %ecx
	xor %edx, %edx
	mov $0x501, %eax			/* no NXE */
	wrmsr
	mov $DATA, %ebx
	mov 0x123(%rbx), %rsi
	/* SCE is the guest's own. */
	mov $0xc0000080, %ecx
	xor %edx, %edx
	mov $0xd00, %eax
	wrmsr
	rdmsr
	mov %rax, %r12
	mov %rsi, %r13
	show
	guest_end ve

	.macro ve_in_ve
	mov $1, %ebp
	mov $AT(1f), %r15d
	hlt
1:	veinfo
	mov %rcx, %r11
	show
	.endm

/* TDCALL with what the VMM gives in RAX, RCX, RDX, R8, R9; shows these again. */
	guest caller
1:	show
	mov %r10, %rax
	mov %r11, %rcx
	mov %r12, %rdx
	mov %r13, %r8
	mov %r14, %r9
	tdcall
	mov %rax, %r10
	mov %rcx, %r11
	mov %rdx, %r12
	mov %r8, %r13
	mov %r9, %r14
	jmp 1b
	guest_end caller

/*
 * RDMSR of R10 or, if R11, WRMSR of R12.  Shows the value in R12, and R11 0; or
 * what the exception handlers show.
 */
	guest msrs
	exceptions
1:	show
	mov $AT(1b), %r15d
	mov %r10, %rcx
	test %r11, %r11
	jnz 2f
	rdmsr
	shl $32, %rdx
	lea (%rdx, %rax), %r12
	jmp 3f
2:	mov %r12, %rax
	mov %r12, %rdx
	shr $32, %rdx
	wrmsr
3:	xor %r11d, %r11d
	jmp 1b
	guest_end msrs

	guest df
	exceptions
	ve_in_ve
	guest_end df

	guest no_df
	exceptions 0
	ve_in_ve
	guest_end no_df

/* Its stack is not there when it needs it. */
	guest stackless
	exceptions
	mov $DATA + 0x1000, %esp
	hlt
	ud2
	guest_end stackless

/* An instruction that goes on in the next page, and one that ends before. */
	guest crossing
	jmp 1f
	.org guest_crossing + 0x1000 - 3
1:	.byte 0x48, 0xb8, 0x11
	guest_end crossing

	guest fitting
	jmp 1f
	.org guest_fitting + 0x1000 - 2
1:	ud2
	guest_end fitting

/* The instruction faults; the guest goes on behind it. */
	.macro fault insn:vararg
	mov $AT(9f), %r15d
	\insn
9:
	.endm

/* By tables of its own: pages of 4 KiB, 2 MiB, 1 GiB. */
	guest faults
	exceptions
	mov $CODE + 0x1000, %eax
	mov %rax, %cr3
	mov $SMALL, %ebx
	mov $0x1122334455667788, %rdx
	mov %rdx, (%rbx)
	cmp %rdx, DATA - CODE			/* 2 MiB */
	jne bad
	cmp %rdx, DATA				/* 1 GiB */
	jne bad
	cmp %rdx, 0x1000(%rbx)			/* read-only */
	jne bad
	mov %rdx, 0x1008(%rbx)			/* which means nothing */
	mov %cr0, %rax
	or $0x10000, %rax			/* before WP is set */
	mov %rax, %cr0
	fault mov %rdx, 0x1010(%rbx)
	fault mov %rdx, 0x200010(%rbx)
	fault mov 0x3000(%rbx), %rax
	fault mov %rdx, 0x3000(%rbx)
	fault addl $1, 0x2ffe(%rbx)
	mov $SMALL + 0x2000, %esi
	fault jmp *%rsi
	fault mov 0x4000(%rbx), %rax
	mov $0x100000000, %rsi
	fault mov (%rsi), %rax
	mov $0x10000000000, %rsi
	fault mov (%rsi), %rax
	mov $0x80000000, %esi
	fault mov (%rsi), %rax
	mov $0x8000000000, %rsi
	fault mov (%rsi), %rax
	mov $0x800000000000, %rsi
	fault mov (%rsi), %rax
	fault ud2
	fault ljmp *far(%rip)
	mov %cr0, %rsi
	and $-0x21, %rsi
	fault mov %rsi, %cr0			/* no NE */
	/* What has been marked as accessed and dirty. */
	mov CODE + 0x4000, %r12
	mov CODE + 0x4008, %r13
	mov CODE + 0x3008, %r14
	mov 0x2ff8(%rbx), %r15
	show
bad:	ud2
far:	.long AT(bad)
	.word 0x10				/* beyond the GDT's limit */
	guest_end faults

/* Its tables, at CODE + 0x1000 and the following pages. */
	.balign 4096
	.globl guest_tables
guest_tables:
	.quad CODE + 0x2003
	.quad 0
	.quad CODE + 0x2083			/* no page is as large as that */
	.org guest_tables + 0x1000
	.quad CODE + 0x3003, 0x40000083, 0, 0xc0000083
	.quad 0x40002083			/* what is reserved of 1 GiB */
	.org guest_tables + 0x2000
	.quad 0x40000083
	.quad CODE + 0x4003
	.quad CODE + 0x4001			/* the same, read-only */
	.org guest_tables + 0x3000
	.quad DATA + 3
	.quad DATA + 1				/* read-only */
	.quad CODE + 3 + 0x8000000000000000	/* no code */
	.quad 0					/* not there */
	.quad DATA + 3 + 0x4000000000000	/* beyond all addresses */
	.org guest_tables + 0x4000
	guest_end tables

	.section .note.GNU-stack, "", @progbits
