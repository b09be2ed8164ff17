/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions that a process may not execute, in a copy of the code that
 * does: nopl N(%rax), one for one, and N tells which.  VMXON and VMXOFF also
 * have to leave the flags of their success, which test %rsp, %rsp does; CR4 is
 * a variable.
 */
#ifndef TESTS_BENCH_STANDIN_H
#define TESTS_BENCH_STANDIN_H

#define STANDIN_SEAMCALL	1
#define STANDIN_CLI		2
#define STANDIN_STI		3
#define STANDIN_RDMSR		4
#define STANDIN_CPUID		5

#define STANDIN_TEXT_(n)	#n
#define STANDIN_TEXT(n)		STANDIN_TEXT_(n)
#define STANDIN(n)		".byte 0x0f, 0x1f, 0x40, " STANDIN_TEXT(n) "\n\t"

#endif /* TESTS_BENCH_STANDIN_H */
