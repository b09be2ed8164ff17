/* SPDX-License-Identifier: GPL-2.0-only */
/* The guests of the tests: x86 code, each for a page at CODE. */
#include "guest.inc"

	.section .rodata

/* The first page of all of them, unless they bring their own. */
	reset_page reset
	mov $CODE, %eax
	jmp *%rax
	reset_page_end reset

/* All in one page. */
	reset_page short
	halt
	reset_page_end short

	guest halt
	halt
	guest_end halt

	guest forever
	jmp .
	guest_end forever

	guest shutdown
	ud2
	guest_end shutdown

/* One that the interpreter does not know. */
	guest unknown
	fldpi
	guest_end unknown

/* The host's answer to the second is handed back by the third. */
	guest life
	halt
	vmcall 0x1234, 0x12, 0x13
	mov %r11, %r12
	show
	ud2
	guest_end life

/* What a store and a load meet: no page, a pending one, then one of theirs. */
	guest toucher
	mov $0x5a5a, %r12d
	mov $DATA, %ebx
	mov %r12, 0x18(%rbx)
	mov 0x18(%rbx), %r13
	show
	guest_end toucher

	guest shared
	mov $SHARED, %rbx
	mov 0x1008(%rbx), %r12
	guest_end shared

/* It writes to its page once, and reads that again and again. */
	guest keeper
	mov $0x1122334455667788, %r12
	mov $DATA, %ebx
	mov %r12, (%rbx)
1:	mov (%rbx), %r12
	show
	jmp 1b
	guest_end keeper

/* It reads from the VMM's page at 0 and writes back what it has read. */
	guest sharer
	mov $SHARED, %rbx
1:	mov 0x1008(%rbx), %r12
	mov %r12, 0x1010(%rbx)
	show
	jmp 1b
	guest_end sharer

/* Only for a CPU: XMM1 goes to the VMM and comes back, XMM2 stays. */
	guest xmm
	mov %cr4, %rax
	or $0x600, %rax				/* OSFXSR, OSXMMEXCPT */
	mov %rax, %cr4
	mov $0x1234, %eax
	movq %rax, %xmm1
	movq %rax, %xmm2
	xor %eax, %eax
	mov $0x2fc00, %ecx
	tdcall
	movq %xmm1, %r12
	movq %xmm2, %r13
	show
	guest_end xmm

	guest acceptor
	accept DATA
	mov %rax, %r14
	accept DATA
	mov %rax, %r15
	mov $DATA, %ebx
	mov 0xff8(%rbx), %r11
	mov $0x5a5a, %r12d
	mov %r12, 0xff8(%rbx)
	mov 0xff8(%rbx), %r13
	show
	guest_end acceptor

/* 2 MiB, written before and read after each thing that the host does to them. */
	guest sizes
	accept HUGE_GPA, 1
	mov %rax, %r14
	mov $HUGE_GPA, %ebx
	mov $0xbeef, %r12d
	mov %r12, 0x123008(%rbx)
	show
1:	mov 0x123008(%rbx), %r13
	show
	jmp 1b
	guest_end sizes

/*
 * VCPU 1 (RSI) waits until VCPU 0 has written the flag, and the reverse: it
 * takes two that run at once or in turns.
 */
	guest ping_pong
	mov $CODE + 0x800, %ebx
	mov $1, %r12d
	test %rsi, %rsi
	jnz 2f
	mov %r12, (%rbx)
1:	mov 8(%rbx), %r13
	test %r13, %r13
	jz 1b
	halt
2:	mov (%rbx), %r13
	test %r13, %r13
	jz 2b
	mov %r12, 8(%rbx)
	halt
	guest_end ping_pong

	.section .note.GNU-stack, "", @progbits
