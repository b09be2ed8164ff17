/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What asm/ takes from the kernel, as it is without frame pointers.  There is
 * no exception table: nothing here faults.
 */
#ifndef TESTS_BENCH_LINKAGE_H
#define TESTS_BENCH_LINKAGE_H

#define FRAME_BEGIN
#define FRAME_END
#define RET			ret
#define _ASM_EXTABLE_FAULT(from, to)
#define SYM_FUNC_START(name)	.globl name; .balign 16; name:
/* The end has a name, by which instructions are told apart. */
#define SYM_FUNC_END(name)	.globl name##_end; name##_end:

	.section .note.GNU-stack, "", @progbits
	.text

#endif /* TESTS_BENCH_LINKAGE_H */
