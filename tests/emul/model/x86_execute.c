// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an instruction does to registers, flags and memory.
 * Source: SDM 2, the page of each instruction; SDM 1, "EFLAGS Register".
 *
 * Flags that an instruction leaves undefined are 0, or as the sum has them.
 */
#include "x86.h"

static u64 size_mask(unsigned int size)
{
	return size == 8 ? ~0ULL : (1ULL << 8 * size) - 1;
}

static u64 sign_bit(unsigned int size)
{
	return 1ULL << (8 * size - 1);
}

u64 model_x86_reg(const struct model_cpu *c, u8 reg, unsigned int size)
{
	if (reg & X86_HIGH_BYTE)
		return c->gpr[reg & ~X86_HIGH_BYTE] >> 8 & 0xff;
	return c->gpr[reg] & size_mask(size);
}

void model_x86_set_reg(struct model_cpu *c, u8 reg, unsigned int size,
		       u64 value)
{
	u64 mask = size_mask(size);

	if (reg & X86_HIGH_BYTE) {
		reg &= ~X86_HIGH_BYTE;
		mask = 0xff00;
		value <<= 8;
	} else if (size == 4) {
		c->gpr[reg] = (u32)value;
		return;
	}
	c->gpr[reg] = (c->gpr[reg] & ~mask) | (value & mask);
}

u64 model_x86_address(const struct model_cpu *c,
		      const struct model_x86_insn *insn)
{
	u64 at = insn->displacement;

	if (insn->base == X86_RIP)
		at += c->rip + insn->length;
	else if (insn->base != X86_NO_REG)
		at += c->gpr[insn->base];
	if (insn->index != X86_NO_REG)
		at += c->gpr[insn->index] << insn->scale;
	return at & size_mask(insn->address_size);
}

static enum model_step insn_get(struct model_guest *g,
				const struct model_x86_insn *insn,
				const struct model_x86_operand *from,
				unsigned int size, u32 access, u64 *value)
{
	struct model_cpu *c = &g->v->cpu;

	switch (from->place) {
	case X86_REG:
		*value = model_x86_reg(c, from->reg, size);
		return MODEL_STEP_NEXT;
	case X86_IMM:
		*value = insn->imm & size_mask(size);
		return MODEL_STEP_NEXT;
	default:
		return model_x86_read(g, model_x86_address(c, insn), size,
				      access, value);
	}
}

static enum model_step insn_put(struct model_guest *g,
				const struct model_x86_insn *insn,
				const struct model_x86_operand *to, u64 value)
{
	struct model_cpu *c = &g->v->cpu;

	if (to->place == X86_MEM)
		return model_x86_write(g, model_x86_address(c, insn),
				       insn->size, value);
	model_x86_set_reg(c, to->reg, insn->size, value);
	return MODEL_STEP_NEXT;
}

/* ZF, SF and PF, which depend on the result alone. */
static u64 result_flags(u64 result, unsigned int size)
{
	u64 flags = 0;
	u8 low = result;

	low ^= low >> 4;
	low ^= low >> 2;
	low ^= low >> 1;
	if (!(low & 1))
		flags |= X86_PF;
	if (!result)
		flags |= X86_ZF;
	if (result & sign_bit(size))
		flags |= X86_SF;
	return flags;
}

/* @signs has the sign bit of an overflow, @halves bit 4 of a carry into it. */
static u64 sum_flags(u64 result, u64 signs, u64 halves, bool carry,
		     unsigned int size)
{
	u64 flags = result_flags(result, size);

	if (signs & sign_bit(size))
		flags |= X86_OF;
	if (halves & 0x10)
		flags |= X86_AF;
	if (carry)
		flags |= X86_CF;
	return flags;
}

static u64 alu_add(u64 a, u64 b, bool carry, unsigned int size, u64 *flags)
{
	u64 r = (a + b + carry) & size_mask(size);

	*flags = sum_flags(r, ~(a ^ b) & (a ^ r), a ^ b ^ r,
			   carry ? r <= a : r < a, size);
	return r;
}

static u64 alu_sub(u64 a, u64 b, bool borrow, unsigned int size, u64 *flags)
{
	u64 r = (a - b - borrow) & size_mask(size);

	*flags = sum_flags(r, (a ^ b) & (a ^ r), a ^ b ^ r,
			   borrow ? a <= b : a < b, size);
	return r;
}

/* Bit @i of @value; there is none beyond 63, nor below 0. */
static bool bit(u64 value, unsigned int i)
{
	return i < 64 && value >> i & 1;
}

/* @n is 1 to 63. */
static u64 alu_shift(u8 op, u64 a, unsigned int n, unsigned int size,
		     u64 *flags)
{
	unsigned int bits = 8 * size;
	s64 s = (s64)(a << (64 - bits)) >> (64 - bits);
	bool carry, overflow = false;
	u64 r;

	switch (op) {
	case X86_SHL:
		r = a << n & size_mask(size);
		carry = bit(a, bits - n);
		overflow = !!(r & sign_bit(size)) != carry;
		break;
	case X86_SHR:
		r = a >> n;
		carry = bit(a, n - 1);
		overflow = a & sign_bit(size);
		break;
	default:
		r = s >> n & size_mask(size);
		carry = s >> (n - 1) & 1;
		break;
	}
	*flags = result_flags(r, size);
	if (carry)
		*flags |= X86_CF;
	if (overflow && n == 1)
		*flags |= X86_OF;
	return r;
}

/* @flags: in and out, the arithmetic ones. */
static u64 alu_calculate(u8 op, u64 a, u64 b, unsigned int size, u64 *flags)
{
	bool carry = *flags & X86_CF;
	u64 keep, r;

	switch (op) {
	case X86_ADD:
		return alu_add(a, b, false, size, flags);
	case X86_ADC:
		return alu_add(a, b, carry, size, flags);
	case X86_SUB:
	case X86_CMP:
		return alu_sub(a, b, false, size, flags);
	case X86_SBB:
		return alu_sub(a, b, carry, size, flags);
	case X86_NEG:
		return alu_sub(0, a, false, size, flags);
	case X86_INC:
	case X86_DEC:
		keep = *flags & X86_CF;
		r = op == X86_INC ? alu_add(a, 1, false, size, flags) :
				    alu_sub(a, 1, false, size, flags);
		*flags = (*flags & ~(u64)X86_CF) | keep;
		return r;
	case X86_NOT:
		return ~a & size_mask(size);
	case X86_AND:
	case X86_TEST:
		r = a & b;
		break;
	case X86_OR:
		r = a | b;
		break;
	default:
		r = a ^ b;
		break;
	}
	*flags = result_flags(r, size);
	return r;
}

static bool is_shift(u8 op)
{
	return op >= X86_SHL && op <= X86_SAR;
}

static enum model_step insn_arithmetic(struct model_guest *g,
				       const struct model_x86_insn *insn)
{
	bool writes = insn->op != X86_CMP && insn->op != X86_TEST;
	u32 access = MODEL_EQ_READ | (writes ? MODEL_EQ_WRITE : 0);
	struct model_cpu *c = &g->v->cpu;
	u64 a, b = 0, r, flags = c->rflags & X86_ARITHMETIC;
	unsigned int size = is_shift(insn->op) ? 1 : insn->size;
	enum model_step step;

	step = insn_get(g, insn, &insn->dst, insn->size, access, &a);
	if (step == MODEL_STEP_NEXT && insn->src.place != X86_NOWHERE)
		step = insn_get(g, insn, &insn->src, size, MODEL_EQ_READ, &b);
	if (step != MODEL_STEP_NEXT)
		return step;
	if (is_shift(insn->op)) {
		b &= insn->size == 8 ? 63 : 31;
		r = b ? alu_shift(insn->op, a, b, insn->size, &flags) : a;
	} else {
		r = alu_calculate(insn->op, a, b, insn->size, &flags);
	}
	if (writes) {
		step = insn_put(g, insn, &insn->dst, r);
		if (step != MODEL_STEP_NEXT)
			return step;
	}
	c->rflags = (c->rflags & ~(u64)X86_ARITHMETIC) | flags;
	return MODEL_STEP_NEXT;
}

static enum model_step insn_move(struct model_guest *g,
				 const struct model_x86_insn *insn)
{
	unsigned int size = insn->source_size ?: insn->size;
	enum model_step step;
	u64 value;

	step = insn_get(g, insn, &insn->src, size, MODEL_EQ_READ, &value);
	if (step != MODEL_STEP_NEXT)
		return step;
	if (insn->op == X86_MOVSX && value & sign_bit(size))
		value |= ~size_mask(size);
	return insn_put(g, insn, &insn->dst, value);
}

static enum model_step insn_push(struct model_guest *g, unsigned int size,
				 u64 value)
{
	struct model_cpu *c = &g->v->cpu;
	unsigned int width = c->code64 ? 8 : 4;
	u64 sp = (c->gpr[GPR_RSP] - size) & size_mask(width);
	enum model_step step = model_x86_write(g, sp, size, value);

	if (step == MODEL_STEP_NEXT)
		c->gpr[GPR_RSP] = sp;
	return step;
}

static enum model_step insn_pop(struct model_guest *g, unsigned int size,
				u64 *value)
{
	struct model_cpu *c = &g->v->cpu;
	unsigned int width = c->code64 ? 8 : 4;
	u64 sp = c->gpr[GPR_RSP] & size_mask(width);
	enum model_step step;

	step = model_x86_read(g, sp, size, MODEL_EQ_READ, value);
	if (step == MODEL_STEP_NEXT)
		c->gpr[GPR_RSP] = (sp + size) & size_mask(width);
	return step;
}

/* Bit 0 of the condition turns it round. */
static bool insn_condition(const struct model_cpu *c, u8 cond)
{
	u64 f = c->rflags;
	bool less = !(f & X86_SF) != !(f & X86_OF), yes;

	switch (cond >> 1) {
	case 0:
		yes = f & X86_OF;
		break;
	case 1:
		yes = f & X86_CF;
		break;
	case 2:
		yes = f & X86_ZF;
		break;
	case 3:
		yes = f & (X86_CF | X86_ZF);
		break;
	case 4:
		yes = f & X86_SF;
		break;
	case 5:
		yes = f & X86_PF;
		break;
	case 6:
		yes = less;
		break;
	default:
		yes = less || f & X86_ZF;
		break;
	}
	return yes != (cond & 1);
}

/* Where a near jump or call leads; @next is the instruction behind it. */
static enum model_step insn_target(struct model_guest *g,
				   const struct model_x86_insn *insn, u64 next,
				   u64 *to)
{
	*to = next + insn->imm;
	if (insn->dst.place == X86_IMM)
		return MODEL_STEP_NEXT;
	return insn_get(g, insn, &insn->dst, insn->size, MODEL_EQ_READ, to);
}

static enum model_step insn_call(struct model_guest *g,
				 const struct model_x86_insn *insn, u64 *next)
{
	enum model_step step;
	u64 to;

	step = insn_target(g, insn, *next, &to);
	if (step == MODEL_STEP_NEXT)
		step = insn_push(g, insn->size, *next);
	if (step == MODEL_STEP_NEXT)
		*next = to;
	return step;
}

static enum model_step insn_execute(struct model_guest *g,
				    const struct model_x86_insn *insn,
				    u64 *next)
{
	struct model_cpu *c = &g->v->cpu;
	enum model_step step;
	u64 value;

	switch (insn->op) {
	case X86_MOV:
	case X86_MOVZX:
	case X86_MOVSX:
		return insn_move(g, insn);
	case X86_LEA:
		value = model_x86_address(c, insn);
		return insn_put(g, insn, &insn->dst, value);
	case X86_PUSH:
		step = insn_get(g, insn, &insn->dst, insn->size, MODEL_EQ_READ,
				&value);
		return step == MODEL_STEP_NEXT ?
		       insn_push(g, insn->size, value) : step;
	case X86_POP:
		step = insn_pop(g, insn->size, &value);
		return step == MODEL_STEP_NEXT ?
		       insn_put(g, insn, &insn->dst, value) : step;
	case X86_CALL:
		return insn_call(g, insn, next);
	case X86_RET:
		return insn_pop(g, insn->size, next);
	case X86_JCC:
		if (insn_condition(c, insn->condition))
			*next += insn->imm;
		return MODEL_STEP_NEXT;
	case X86_JMP:
		return insn_target(g, insn, *next, next);
	case X86_NOP:
		return MODEL_STEP_NEXT;
	default:
		return insn_arithmetic(g, insn);
	}
}

enum model_step model_x86_execute(struct model_guest *g,
				  const struct model_x86_insn *insn)
{
	struct model_cpu *c = &g->v->cpu;
	u64 next = c->rip + insn->length;
	enum model_step step;

	step = insn->op < X86_SYSTEM ? insn_execute(g, insn, &next) :
				       model_x86_system(g, insn, &next);
	/* The exit of TDG.VP.VMCALL is not begun again. */
	if (step == MODEL_STEP_NEXT ||
	    (step == MODEL_STEP_EXIT && g->e->reason == MODEL_EXIT_TDCALL))
		c->rip = next & size_mask(c->code64 ? 8 : 4);
	return step;
}
