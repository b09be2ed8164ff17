// SPDX-License-Identifier: GPL-2.0-only
/* Random operands, and the bytes of an instruction. */
#include <string.h>

#include "cpu_emit.h"

u64 cpu_random(u64 *seed)
{
	u64 z = *seed += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

unsigned int emit_pick(struct maker *k, unsigned int n)
{
	return cpu_random(k->seed) % n;
}

void emit_byte(struct maker *k, u8 value)
{
	k->c->bytes[k->c->size++] = value;
}

void emit_number(struct maker *k, u64 value, unsigned int bytes)
{
	memcpy(k->c->bytes + k->c->size, &value, bytes);
	k->c->size += bytes;
}

/* Small ones, those at the edges, and any. */
u64 emit_value(struct maker *k)
{
	u64 value = cpu_random(k->seed);

	switch (emit_pick(k, 4)) {
	case 0:
		return value & 0xf;
	case 1:
		return (1ULL << emit_pick(k, 64)) - (value & 1);
	case 2:
		return ~0ULL << emit_pick(k, 64);
	default:
		return value;
	}
}

static unsigned int any_reg(struct maker *k)
{
	return emit_pick(k, k->c->code64 ? 16 : 8);
}

/* Not the stack pointer. */
unsigned int emit_free_reg(struct maker *k)
{
	unsigned int reg;

	do {
		reg = any_reg(k);
	} while (reg == GPR_RSP);
	return reg;
}

static void load(struct maker *k, unsigned int reg, u32 value)
{
	if (reg >= 8)
		emit_byte(k, 0x41);
	emit_byte(k, 0xb8 | (reg & 7));
	emit_number(k, value, 4);
}

/* How a memory operand is given. */
enum way { BASE, BASE_INDEX, INDEX, ABSOLUTE, RELATIVE, STACK };

/**
 * struct memory - a memory operand
 * @way: enum way
 * @base: register
 * @index: register
 * @scale: power of two
 * @mod: of ModRM
 * @disp: displacement; of RELATIVE the address itself
 */
struct memory {
	enum way way;
	unsigned int base, index, scale, mod;
	u32 disp;
};

static struct memory make_memory(struct maker *k)
{
	u32 to = OPERANDS + emit_pick(k, 0x700);
	u32 in_index = emit_pick(k, 0x1000);
	struct memory m = {
		.way = emit_pick(k, k->in_function ? STACK : STACK + 1),
		.base = emit_free_reg(k), .scale = emit_pick(k, 4),
		.mod = emit_pick(k, 3),
	};

	do {
		m.index = emit_free_reg(k);
	} while (m.index == m.base);
	/* RBP and R13 as a base need a displacement. */
	if (m.mod == 0 && (m.base & 7) == GPR_RBP)
		m.mod = 1;
	if (m.mod == 1)
		m.disp = (int)emit_pick(k, 256) - 128;
	if (m.mod == 2)
		m.disp = emit_pick(k, 0x10000) - 0x8000;
	switch (m.way) {
	case BASE:
		load(k, m.base, to - m.disp);
		break;
	case BASE_INDEX:
		load(k, m.index, in_index);
		load(k, m.base, to - m.disp - (in_index << m.scale));
		break;
	case INDEX:
		m.disp = to - (in_index << m.scale);
		load(k, m.index, in_index);
		break;
	case ABSOLUTE:
	case RELATIVE:
		m.disp = to;
		break;
	case STACK:
		m.mod = 1;
		m.disp = emit_pick(k, 64);
		break;
	}
	return m;
}

/* ModRM and what follows it; @immediate: bytes that come after. */
static void put_memory(struct maker *k, const struct memory *m,
		       unsigned int reg, unsigned int immediate)
{
	u8 field = (reg & 7) << 3;
	u32 here = CPU_CODE + k->c->size + 5 + immediate;

	switch (m->way) {
	case RELATIVE:
		emit_byte(k, field | 5);
		emit_number(k, k->c->code64 ? m->disp - here : m->disp, 4);
		return;
	case ABSOLUTE:
		emit_byte(k, field | 4);
		emit_byte(k, 0x25);
		emit_number(k, m->disp, 4);
		return;
	case INDEX:
		emit_byte(k, field | 4);
		emit_byte(k, m->scale << 6 | (m->index & 7) << 3 | 5);
		emit_number(k, m->disp, 4);
		return;
	case BASE_INDEX:
		emit_byte(k, m->mod << 6 | field | 4);
		emit_byte(k, m->scale << 6 | (m->index & 7) << 3 |
			  (m->base & 7));
		break;
	case STACK:
		emit_byte(k, m->mod << 6 | field | 4);
		emit_byte(k, 0x24);
		break;
	case BASE:
		emit_byte(k, m->mod << 6 | field | (m->base & 7));
		/* RSP and R12 need a SIB byte. */
		if ((m->base & 7) == GPR_RSP)
			emit_byte(k, 0x24);
		break;
	}
	if (m->mod)
		emit_number(k, m->disp, m->mod == 1 ? 1 : 4);
}


/* A register that is written is not RSP; without REX 4 to 7 may be AH to BH. */
static unsigned int choose(struct maker *k, bool written, bool high)
{
	return written && !high ? emit_free_reg(k) : any_reg(k);
}

void emit_insn(struct maker *k, const struct shape *s)
{
	bool in_memory = s->memory_only || emit_pick(k, 2);
	bool word = !s->is_byte && !s->wide && !emit_pick(k, 5);
	bool high = s->is_byte && (!k->c->code64 || !emit_pick(k, 3));
	unsigned int rex = !high && k->c->code64 &&
			   (s->rex_w || emit_pick(k, 2)) ? 0x40 : 0;
	unsigned int reg = s->reg == REG ? choose(k, s->reg_written, high) :
					   s->reg;
	unsigned int rm = choose(k, s->rm_written, high);
	unsigned int immediate = s->immediate == 4 && word ? 2 : s->immediate;
	struct memory m = { 0 };

	if (high) {
		/* No REX, no R8 to R15. */
		reg &= 7;
		rm &= 7;
	}
	if (in_memory)
		m = make_memory(k);
	if (word)
		emit_byte(k, 0x66);
	if (s->reg == REG && reg & 8)
		rex |= 0x44;
	if (in_memory && m.way <= BASE_INDEX && m.base & 8)
		rex |= 0x41;
	if (in_memory && (m.way == BASE_INDEX || m.way == INDEX) && m.index & 8)
		rex |= 0x42;
	if (!in_memory && rm & 8)
		rex |= 0x41;
	if (s->rex_w || (rex && !word && emit_pick(k, 2)))
		rex |= 0x48;
	/* SPL is the stack pointer, too. */
	if (s->is_byte && rex && s->reg == REG && reg == GPR_RSP)
		reg = GPR_RAX;
	if (rex)
		emit_byte(k, rex);
	if (s->opcode >> 8)
		emit_byte(k, 0x0f);
	emit_byte(k, s->opcode);
	if (in_memory)
		put_memory(k, &m, reg, immediate);
	else
		emit_byte(k, 0xc0 | (reg & 7) << 3 | (rm & 7));
	if (immediate)
		emit_number(k, emit_value(k), immediate);
}
