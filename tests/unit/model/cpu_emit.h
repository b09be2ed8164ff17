/* SPDX-License-Identifier: GPL-2.0-only */
/* Random instructions, as cpu_code.c puts them together. */
#ifndef MODEL_CPU_EMIT_H
#define MODEL_CPU_EMIT_H

#include "cpu.h"

/*
 * The lower half of the data page is what memory operands lie in, the upper
 * half is the stack.
 */
#define OPERANDS	(CPU_DATA + 0x40)	/* 0x700 bytes */
#define POINTER		(CPU_DATA + 0x7c0)	/* of an indirect call */

/**
 * struct maker - code in the making
 * @c: the code
 * @seed: of what comes next
 * @nested: it may be left out, or be done again, at run time
 * @in_function: there is a return address on the stack
 */
struct maker {
	struct cpu_code *c;
	u64 *seed;
	unsigned int nested;
	bool in_function;
};

unsigned int emit_pick(struct maker *k, unsigned int n);
void emit_byte(struct maker *k, u8 value);
void emit_number(struct maker *k, u64 value, unsigned int bytes);
u64 emit_value(struct maker *k);
/* A register, but not the stack pointer. */
unsigned int emit_free_reg(struct maker *k);

/**
 * struct shape - an instruction with ModRM
 * @opcode: with 0x0f in bits 15:8 for two bytes
 * @reg: what is in ModRM's reg, 16: a register
 * @rm_written: its reg/mem may be written
 * @reg_written: its reg may be written
 * @is_byte: operands of one byte
 * @memory_only: no register as reg/mem
 * @wide: 8 bytes without REX.W, and never 2
 * @rex_w: REX.W must be there
 * @immediate: bytes; 4: 2 where operands are
 */
struct shape {
	unsigned int opcode;
	unsigned int reg;
	bool rm_written, reg_written;
	bool is_byte;
	bool memory_only;
	bool wide;
	bool rex_w;
	unsigned int immediate;
};

#define REG	16

/*
 * All that is left open is random.  What a memory operand needs in registers
 * is loaded right before.
 */
void emit_insn(struct maker *k, const struct shape *s);

#endif /* MODEL_CPU_EMIT_H */
