/* SPDX-License-Identifier: GPL-2.0-only */
/* Guests that are interrupted. */
#include "guest.inc"

	.set VECTOR_LOW, 0x31
	.set VECTOR, 0x52
	.set SELF, 0x61

	.macro wrapic msr, value=0
	mov $0x800 + \msr, %ecx
	mov $\value, %eax
	xor %edx, %edx
	wrmsr
	.endm

	.macro rdapic msr
	mov $0x800 + \msr, %ecx
	rdmsr
	.endm

/* Each says R11 vector, R12 where, R13 PPR, R14 IRR of its 32 vectors. */
	.macro handler vector
	mov $\vector, %r11d
	mov (%rsp), %r12
	rdapic 0x0a
	mov %rax, %r13
	rdapic 0x20 + \vector / 32
	mov %rax, %r14
	show
	.endm

	.macro gate_of label
	.word AT(\label) & 0xffff, 8
	.byte 0, 0x8e
	.word AT(\label) >> 16
	.quad 0
	.endm

	.section .rodata

/*
 * It lets interrupts in one by one: none while IF is 0, none in the shadow of
 * STI, the higher class first, the lower after EOI, TPR keeps one off.
 */
	guest interrupted
	lidt idtr(%rip)
	mov $CODE_END, %esp
	/* The VMM posts two interrupts now. */
	mov $AT(after_sti), %r15d
	show
	rdapic 0x20 + VECTOR / 32
	mov %rax, %r12			/* requested */
	rdapic 0x0a
	mov %rax, %r13
	mov $AT(shadow_over), %r15d
	show
	sti
after_sti:
	nop
shadow_over:
	cli
	/* An interrupt of its own, kept off by TPR. */
	wrapic 0x08, 0x60
	wrapic 0x3f, SELF
	sti
	nop
	nop
	rdapic 0x08
	mov %rax, %r12
	rdapic 0x20 + SELF / 32
	mov %rax, %r13
	xor %r11d, %r11d
	show
	wrapic 0x08
	nop
	/* The VMM has an NMI for it: once, and while one is handled none. */
	mov $AT(1f), %r15d
	show
1:	nop
	xor %r11d, %r11d
	show
	cli
2:	show
	jmp 2b

on_nmi:	mov $2, %r11d
	mov (%rsp), %r12
	show
	nop
	xor %r11d, %r11d
	show
	iretq
on_low:
	handler VECTOR_LOW
	wrapic 0x0b
	iretq
on_vector:
	handler VECTOR
	wrapic 0x0b
	iretq
on_self:
	handler SELF
	wrapic 0x0b
	iretq
	.balign 8
idt:	.fill 2 * 2, 8, 0
	gate_of on_nmi
	.fill 2 * (VECTOR_LOW - 3), 8, 0
	gate_of on_low
	.fill 2 * (VECTOR - VECTOR_LOW - 1), 8, 0
	gate_of on_vector
	.fill 2 * (SELF - VECTOR - 1), 8, 0
	gate_of on_self
idtr:	.word idtr - idt - 1
	.quad AT(idt)
	guest_end interrupted

	.section .note.GNU-stack, "", @progbits
