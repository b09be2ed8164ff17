// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random code of the interpreter's subset.  It ends, touches no memory but its
 * data page, and makes nothing depend on flags that the SDM calls undefined.
 */
#include <string.h>

#include "cpu_emit.h"

#define MAX_CODE	0xc00

static void defines(struct maker *k, u64 flags)
{
	if (!k->nested)
		k->c->undefined &= ~flags;
}

static void undefines(struct maker *k, u64 flags)
{
	k->c->undefined |= flags;
}

static unsigned int alu(struct maker *k)
{
	unsigned int op;

	do {
		op = emit_pick(k, 8);
	} while ((op == X86_ADC || op == X86_SBB) &&
		 k->c->undefined & X86_CF);
	return op;
}

static void alu_flags(struct maker *k, unsigned int op)
{
	defines(k, X86_ARITHMETIC);
	if (op == X86_AND || op == X86_OR || op == X86_XOR || op == X86_TEST)
		undefines(k, X86_AF);
}

static void make_alu(struct maker *k)
{
	unsigned int op = alu(k), form = emit_pick(k, 4);
	bool writes = op != X86_CMP;

	emit_insn(k, &(struct shape) {
		.opcode = op << 3 | form, .reg = REG, .is_byte = !(form & 1),
		.rm_written = writes && form < 2,
		.reg_written = writes && form >= 2 });
	alu_flags(k, op);
}

static void make_alu_immediate(struct maker *k)
{
	static const u8 opcodes[] = { 0x80, 0x81, 0x83 };
	unsigned int op = alu(k), i = emit_pick(k, 3);

	emit_insn(k, &(struct shape) {
		.opcode = opcodes[i], .reg = op, .is_byte = !i,
		.rm_written = op != X86_CMP, .immediate = i == 1 ? 4 : 1 });
	alu_flags(k, op);
}

static void make_accumulator(struct maker *k)
{
	bool is_test = !emit_pick(k, 4), is_byte = emit_pick(k, 2);
	unsigned int op = is_test ? (unsigned int)X86_TEST : alu(k);
	bool word = !is_byte && !emit_pick(k, 4);

	if (word)
		emit_byte(k, 0x66);
	else if (k->c->code64 && emit_pick(k, 2))
		emit_byte(k, 0x48);
	emit_byte(k, (is_test ? 0xa8 : op << 3 | 4) | !is_byte);
	emit_number(k, emit_value(k), is_byte ? 1 : word ? 2 : 4);
	alu_flags(k, op);
}

static void make_test(struct maker *k)
{
	bool is_byte = emit_pick(k, 2);

	if (emit_pick(k, 2))
		emit_insn(k, &(struct shape) {
			.opcode = 0x84 | !is_byte, .reg = REG,
			.is_byte = is_byte });
	else
		emit_insn(k, &(struct shape) {
			.opcode = 0xf6 | !is_byte, .is_byte = is_byte,
			.immediate = is_byte ? 1 : 4 });
	alu_flags(k, X86_TEST);
}

static void make_move(struct maker *k)
{
	bool is_byte = emit_pick(k, 2), to_reg = emit_pick(k, 2);

	if (emit_pick(k, 3))
		emit_insn(k, &(struct shape) {
			.opcode = 0x88 | to_reg << 1 | !is_byte, .reg = REG,
			.is_byte = is_byte, .rm_written = !to_reg,
			.reg_written = to_reg });
	else
		emit_insn(k, &(struct shape) {
			.opcode = 0xc6 | !is_byte, .is_byte = is_byte,
			.rm_written = true, .immediate = is_byte ? 1 : 4 });
}

static void make_move_immediate(struct maker *k)
{
	unsigned int reg = emit_free_reg(k);
	bool wide = k->c->code64 && emit_pick(k, 2);

	if (!emit_pick(k, 3)) {
		/* AL to DL, AH to BH. */
		emit_byte(k, 0xb0 | emit_pick(k, 8));
		emit_number(k, emit_value(k), 1);
		return;
	}
	if (wide || reg & 8)
		emit_byte(k, 0x40 | wide << 3 | reg >> 3);
	emit_byte(k, 0xb8 | (reg & 7));
	emit_number(k, emit_value(k), wide ? 8 : 4);
}

/* To or from the address in the instruction. */
static void make_move_offset(struct maker *k)
{
	if (k->c->code64 && emit_pick(k, 2))
		emit_byte(k, 0x48);
	emit_byte(k, 0xa0 | emit_pick(k, 4));
	emit_number(k, OPERANDS + emit_pick(k, 0x700), k->c->code64 ? 8 : 4);
}

static void make_extension(struct maker *k)
{
	static const unsigned int opcodes[] = {
		0x0fb6, 0x0fb7, 0x0fbe, 0x0fbf, 0x63,
	};
	unsigned int i = emit_pick(k, k->c->code64 ? 5 : 4);

	emit_insn(k, &(struct shape) {
		.opcode = opcodes[i], .reg = REG, .reg_written = true,
		.rex_w = i == 4, .wide = i == 4 });
}

static void make_lea(struct maker *k)
{
	emit_insn(k, &(struct shape) {
		.opcode = 0x8d, .reg = REG, .reg_written = true,
		.memory_only = true });
}

static void make_unary(struct maker *k)
{
	bool is_byte = emit_pick(k, 2);

	switch (emit_pick(k, 5)) {
	case 0:
		emit_insn(k, &(struct shape) {
			.opcode = 0xf6 | !is_byte, .reg = 2,
			.is_byte = is_byte, .rm_written = true });
		return;
	case 1:
		emit_insn(k, &(struct shape) {
			.opcode = 0xf6 | !is_byte, .reg = 3,
			.is_byte = is_byte, .rm_written = true });
		defines(k, X86_ARITHMETIC);
		return;
	case 2:
		if (!k->c->code64) {
			emit_byte(k, 0x40 | emit_pick(k, 2) << 3 |
				"\0\1\2\3\5\6\7\0"[emit_pick(k, 8)]);
			break;
		}
		/* fall through */
	default:
		emit_insn(k, &(struct shape) {
			.opcode = 0xfe | !is_byte, .reg = emit_pick(k, 2),
			.is_byte = is_byte, .rm_written = true });
		break;
	}
	defines(k, X86_ARITHMETIC & ~X86_CF);
}

static void make_shift(struct maker *k)
{
	static const u8 opcodes[] = { 0xc0, 0xd0, 0xd2 };
	static const u8 ops[] = { 4, 5, 7 };
	unsigned int i = emit_pick(k, 3), is_byte = emit_pick(k, 2);

	emit_insn(k, &(struct shape) {
		.opcode = opcodes[i] | !is_byte, .reg = ops[emit_pick(k, 3)],
		.is_byte = is_byte, .rm_written = true, .immediate = !i });
	if (i == 1) {
		defines(k, X86_ARITHMETIC & ~X86_AF);
		undefines(k, X86_AF);
	} else {
		/* By 0 they stay, by more than there are bits they are lost. */
		undefines(k, X86_AF | X86_OF | X86_CF);
	}
}

static void make_stack(struct maker *k)
{
	unsigned int reg = emit_free_reg(k);

	switch (emit_pick(k, 5)) {
	case 0:
		emit_byte(k, 0x68);
		emit_number(k, emit_value(k), 4);
		break;
	case 1:
		emit_byte(k, 0x6a);
		emit_number(k, emit_value(k), 1);
		break;
	case 2:
		emit_insn(k, &(struct shape) {
			.opcode = 0xff, .reg = 6, .memory_only = true,
			.wide = true });
		break;
	default:
		/* What is popped in a function is its return address. */
		if (reg & 8)
			emit_byte(k, 0x41);
		emit_byte(k, (reg & 7) |
			  (!k->in_function && emit_pick(k, 2) ? 0x58 : 0x50));
		break;
	}
}

static void make_nop(struct maker *k)
{
	static const u8 nops[][4] = {
		{ 0x90 }, { 0xf3, 0x90 }, { 0x0f, 0x1f, 0 },
		{ 0x0f, 0x1f, 0x40, 0 },
	};
	static const u8 sizes[] = { 1, 2, 3, 4 };
	unsigned int i = emit_pick(k, 4), j;

	for (j = 0; j < sizes[i]; j++)
		emit_byte(k, nops[i][j]);
}

static void make_straight(struct maker *k)
{
	static void (*const makers[])(struct maker *k) = {
		make_alu, make_alu, make_alu, make_alu_immediate,
		make_accumulator, make_test, make_move, make_move,
		make_move_immediate, make_move_offset, make_extension,
		make_lea, make_unary, make_shift, make_shift, make_nop,
	};

	makers[emit_pick(k, sizeof(makers) / sizeof(makers[0]))](k);
}

/* The distance at @field, of @bytes, leads to where code goes on. */
static void land(struct maker *k, unsigned int field, unsigned int bytes)
{
	u32 distance = k->c->size - (field + bytes);

	memcpy(k->c->bytes + field, &distance, bytes);
}

static unsigned int put_distance(struct maker *k, bool near)
{
	emit_number(k, 0, near ? 4 : 1);
	return k->c->size - (near ? 4 : 1);
}

/* Conditions that need a flag which is undefined are none. */
static unsigned int pick_condition(struct maker *k)
{
	static const u16 needs[8] = {
		X86_OF, X86_CF, X86_ZF, X86_CF | X86_ZF, X86_SF, X86_PF,
		X86_SF | X86_OF, X86_ZF | X86_SF | X86_OF,
	};
	unsigned int cond;

	do {
		cond = emit_pick(k, 16);
	} while (needs[cond >> 1] & k->c->undefined);
	return cond;
}

static void make_branch(struct maker *k)
{
	bool near = !emit_pick(k, 3);
	unsigned int cond = pick_condition(k), field, i;

	if (near)
		emit_byte(k, 0x0f);
	emit_byte(k, (near ? 0x80 : 0x70) | cond);
	field = put_distance(k, near);
	k->nested++;
	for (i = emit_pick(k, 3) + 1; i--;)
		make_straight(k);
	k->nested--;
	land(k, field, near ? 4 : 1);
}

/* Over bytes that nobody executes. */
static void make_jump(struct maker *k)
{
	bool near = emit_pick(k, 2);
	unsigned int field, i;

	emit_byte(k, near ? 0xe9 : 0xeb);
	field = put_distance(k, near);
	for (i = emit_pick(k, 8); i--;)
		emit_byte(k, cpu_random(k->seed));
	land(k, field, near ? 4 : 1);
}

/* Through a register or memory, call or jump (@op is in ModRM) to @to. */
static unsigned int put_indirect(struct maker *k, unsigned int op)
{
	unsigned int field, reg = emit_free_reg(k);

	if (emit_pick(k, 2)) {
		if (reg & 8)
			emit_byte(k, 0x41);
		emit_byte(k, 0xb8 | (reg & 7));
		emit_number(k, 0, 4);
		field = k->c->size - 4;
		if (reg & 8)
			emit_byte(k, 0x41);
		emit_byte(k, 0xff);
		emit_byte(k, 0xc0 | op << 3 | (reg & 7));
		return field;
	}
	/* mov $to, POINTER */
	if (k->c->code64)
		emit_byte(k, 0x48);
	emit_number(k, 0x2504c7, 3);
	emit_number(k, POINTER, 4);
	emit_number(k, 0, 4);
	field = k->c->size - 4;
	emit_byte(k, 0xff);
	emit_byte(k, op << 3 | 4);
	emit_byte(k, 0x25);
	emit_number(k, POINTER, 4);
	return field;
}

/* call, a jump over the function, and the function, which returns. */
static void make_call(struct maker *k)
{
	bool indirect = emit_pick(k, 2), back_indirect = emit_pick(k, 2);
	unsigned int field, over, i;
	u32 to;

	if (indirect) {
		field = put_indirect(k, 2);
	} else {
		emit_byte(k, 0xe8);
		field = put_distance(k, true);
	}
	if (back_indirect) {
		over = put_indirect(k, 4);
	} else {
		emit_byte(k, 0xe9);
		over = put_distance(k, true);
	}
	if (indirect) {
		to = CPU_CODE + k->c->size;
		memcpy(k->c->bytes + field, &to, 4);
	} else {
		land(k, field, 4);
	}
	k->in_function = true;
	for (i = emit_pick(k, 3); i--;)
		make_straight(k);
	k->in_function = false;
	emit_byte(k, 0xc3);
	to = CPU_CODE + k->c->size;
	if (back_indirect)
		memcpy(k->c->bytes + over, &to, 4);
	else
		land(k, over, 4);
}

/* Two or three times; the counter is on the stack. */
static void make_loop(struct maker *k)
{
	unsigned int begin, i;

	emit_byte(k, 0x6a);
	emit_byte(k, 2 + emit_pick(k, 2));
	begin = k->c->size;
	/* What the end of the body leaves is what its beginning finds. */
	undefines(k, X86_CF | X86_AF);
	k->nested++;
	k->in_function = true;
	for (i = emit_pick(k, 3) + 1; i--;)
		make_straight(k);
	k->in_function = false;
	k->nested--;
	if (k->c->code64)
		emit_byte(k, 0x48);
	emit_number(k, 0x240cff, 3);		/* dec (%rsp) */
	emit_byte(k, 0x0f);
	emit_byte(k, 0x85);			/* jnz */
	emit_number(k, begin - (k->c->size + 4), 4);
	defines(k, X86_ARITHMETIC & ~X86_CF);
	emit_byte(k, 0x58 | GPR_RBP);
}

void cpu_code_make(struct cpu_code *c, bool code64, u64 *seed)
{
	struct maker k = { .c = c, .seed = seed };
	unsigned int i;

	c->code64 = code64;
	c->size = 0;
	c->undefined = 0;
	for (i = emit_pick(&k, 16) + 1; i-- && c->size < MAX_CODE;) {
		switch (emit_pick(&k, 16)) {
		case 0:
		case 1:
			make_branch(&k);
			break;
		case 2:
			make_jump(&k);
			break;
		case 3:
			make_call(&k);
			break;
		case 4:
			make_loop(&k);
			break;
		case 5:
		case 6:
			make_stack(&k);
			break;
		default:
			make_straight(&k);
			break;
		}
	}
}
