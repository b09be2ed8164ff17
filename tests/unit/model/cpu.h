/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interpreter beside the CPU that this runs on: random code (cpu_code.c),
 * run by both (cpu_native.c, cpu_test.c).
 */
#ifndef MODEL_CPU_H
#define MODEL_CPU_H

/* Where code, its data and what is needed to run it are; below 2 GiB. */
#define CPU_CODE		0x10000000
#define CPU_DATA		0x10010000
#define CPU_CONTEXT		0x10020000
#define CPU_PAGE		0x1000

/* In the page at CPU_CONTEXT. */
#define CPU_FLAGS		(CPU_CONTEXT + 0x80)
#define CPU_HOST_RSP		(CPU_CONTEXT + 0x88)
#define CPU_ENTRY		(CPU_CONTEXT + 0x90)
#define CPU_EXIT		(CPU_CONTEXT + 0x98)
#define CPU_EXIT_JMP		(CPU_CONTEXT + 0xa0)

/* Segments of Linux. */
#define CPU_CS64		0x33
#define CPU_CS32		0x23
#define CPU_DS			0x2b

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>

#include "../../emul/model/x86.h"

/**
 * struct cpu_state - registers, in the order of GPR_*
 * @gpr: general purpose registers
 * @flags: RFLAGS
 * @rip: next instruction
 */
struct cpu_state {
	u64 gpr[GPR_COUNT];
	u64 flags;
	u64 rip;
};

/**
 * struct cpu_code - a piece of random code
 * @code64: 64-bit code, else 32-bit
 * @size: bytes, without the jump at its end that leaves it
 * @undefined: flags that it leaves undefined
 * @bytes: what goes to CPU_CODE
 */
struct cpu_code {
	bool code64;
	unsigned int size;
	u64 undefined;
	u8 bytes[CPU_PAGE];
};

/* cpu_code.c: the same for the same *@seed, which goes on. */
void cpu_code_make(struct cpu_code *c, bool code64, u64 *seed);
u64 cpu_random(u64 *seed);

/* cpu_native.c; they return 0, or the signal that the code has met. */
void cpu_native_init(void);
int cpu_native_run(const struct cpu_code *c, struct cpu_state *s);
/* @step is called after each instruction, and returns false to end it. */
int cpu_native_step(const struct cpu_code *c, struct cpu_state *s,
		    bool (*step)(struct cpu_state *s));

/* cpu_enter.S */
void cpu_enter(void);
void cpu_exit(void);

#endif /* __ASSEMBLER__ */

#endif /* MODEL_CPU_H */
