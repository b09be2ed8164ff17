/* SPDX-License-Identifier: GPL-2.0-only */
/* Into the code at CPU_CODE, with registers of its own, and out of it. */
#include "cpu.h"

#define GPR(n)	CPU_CONTEXT + 8 * n

	.text
	.globl cpu_enter
	.type cpu_enter, @function
cpu_enter:
	push %rbx
	push %rbp
	push %r12
	push %r13
	push %r14
	push %r15
	mov %rsp, CPU_HOST_RSP
	pushq CPU_FLAGS
	popfq
	mov GPR(0), %rax
	mov GPR(1), %rcx
	mov GPR(2), %rdx
	mov GPR(3), %rbx
	mov GPR(4), %rsp
	mov GPR(5), %rbp
	mov GPR(6), %rsi
	mov GPR(7), %rdi
	mov GPR(8), %r8
	mov GPR(9), %r9
	mov GPR(10), %r10
	mov GPR(11), %r11
	mov GPR(12), %r12
	mov GPR(13), %r13
	mov GPR(14), %r14
	mov GPR(15), %r15
	ljmp *CPU_ENTRY
	.size cpu_enter, . - cpu_enter

	.globl cpu_exit
	.type cpu_exit, @function
cpu_exit:
	mov %rax, GPR(0)
	mov %rcx, GPR(1)
	mov %rdx, GPR(2)
	mov %rbx, GPR(3)
	mov %rsp, GPR(4)
	mov %rbp, GPR(5)
	mov %rsi, GPR(6)
	mov %rdi, GPR(7)
	mov %r8, GPR(8)
	mov %r9, GPR(9)
	mov %r10, GPR(10)
	mov %r11, GPR(11)
	mov %r12, GPR(12)
	mov %r13, GPR(13)
	mov %r14, GPR(14)
	mov %r15, GPR(15)
	mov CPU_HOST_RSP, %rsp
	pushfq
	popq CPU_FLAGS
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	ret
	.size cpu_exit, . - cpu_exit

	.section .note.GNU-stack, "", @progbits
