// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decoding: the bytes of an instruction into what it does with what.
 * Source: SDM 2A, "Instruction Format".
 */
#include <linux/string.h>

#include "x86_opcodes.h"

/**
 * struct decoder - an instruction on its way
 * @code: its bytes
 * @n: how many of them are known
 * @at: how many were taken
 * @shortage: more were wanted than are known
 * @code64: 64-bit code
 * @size16: prefix 0x66
 * @repeat: prefix 0xf3
 * @rex: REX, 0: none
 * @opcode: its last byte
 * @modrm: ModRM
 * @insn: what comes out
 */
struct decoder {
	const u8 *code;
	unsigned int n;
	unsigned int at;
	bool shortage;
	bool code64;
	bool size16;
	bool repeat;
	u8 rex;
	u8 opcode;
	u8 modrm;
	struct model_x86_insn *insn;
};

#define REX_W(d)	((d)->rex >> 3 & 1)
#define REX_R(d)	((d)->rex << 1 & 8)
#define REX_X(d)	((d)->rex << 2 & 8)
#define REX_B(d)	((d)->rex << 3 & 8)
#define MODRM_MOD(d)	((d)->modrm >> 6)
#define MODRM_REG(d)	((d)->modrm >> 3 & 7)
#define MODRM_RM(d)	((d)->modrm & 7)

/* The next bytes as a number, zero-extended. */
static u64 take(struct decoder *d, unsigned int bytes)
{
	u64 value = 0;

	if (d->n - d->at < bytes) {
		d->shortage = true;
		d->at = d->n;
		return 0;
	}
	memcpy(&value, d->code + d->at, bytes);
	d->at += bytes;
	return value;
}

static u64 take_signed(struct decoder *d, unsigned int bytes)
{
	unsigned int up = 64 - 8 * bytes;

	return (s64)(take(d, bytes) << up) >> up;
}

static struct model_x86_operand in_reg(const struct decoder *d, u8 reg,
				       unsigned int size)
{
	if (size == 1 && !d->rex && reg >= 4)
		reg = (reg - 4) | X86_HIGH_BYTE;
	return (struct model_x86_operand) { X86_REG, reg };
}

static struct model_x86_operand in_g(const struct decoder *d,
				     unsigned int size)
{
	return in_reg(d, MODRM_REG(d) | REX_R(d), size);
}

static void take_sib(struct decoder *d)
{
	struct model_x86_insn *insn = d->insn;
	u8 sib = take(d, 1);

	insn->scale = sib >> 6;
	insn->index = (sib >> 3 & 7) | REX_X(d);
	if (insn->index == GPR_RSP)
		insn->index = X86_NO_REG;
	insn->base = (sib & 7) | REX_B(d);
	if ((sib & 7) == GPR_RBP && MODRM_MOD(d) == 0) {
		insn->base = X86_NO_REG;
		insn->displacement = take_signed(d, 4);
	}
}

static void take_memory(struct decoder *d)
{
	struct model_x86_insn *insn = d->insn;

	insn->base = MODRM_RM(d) | REX_B(d);
	if (MODRM_RM(d) == GPR_RSP) {
		take_sib(d);
	} else if ((d->modrm & 0xc7) == 5) {
		insn->base = d->code64 ? X86_RIP : X86_NO_REG;
		insn->displacement = take_signed(d, 4);
	}
	switch (MODRM_MOD(d)) {
	case 1:
		insn->displacement = take_signed(d, 1);
		break;
	case 2:
		insn->displacement = take_signed(d, 4);
		break;
	}
}

/* What E stands for.  ModRM has been taken. */
static struct model_x86_operand in_e(struct decoder *d, unsigned int size)
{
	if (MODRM_MOD(d) == 3)
		return in_reg(d, MODRM_RM(d) | REX_B(d), size);
	take_memory(d);
	return (struct model_x86_operand) { X86_MEM, 0 };
}

static bool has_modrm(u8 form)
{
	switch (form) {
	case E:
	case E_G:
	case G_E:
	case G_M:
	case E_I:
	case E_IB:
	case E_1:
	case E_CL:
	case CR:
		return true;
	default:
		return false;
	}
}

static unsigned int operand_size(const struct decoder *d, u8 flags)
{
	if (flags & BYTE)
		return 1;
	if (d->code64 && (REX_W(d) || flags & D64))
		return 8;
	return d->size16 ? 2 : 4;
}

static void take_imm(struct decoder *d, unsigned int bytes)
{
	d->insn->src.place = X86_IMM;
	d->insn->imm = take_signed(d, bytes);
}

static void take_operands(struct decoder *d, u8 form)
{
	static const struct model_x86_operand memory = { X86_MEM, 0 };
	struct model_x86_insn *insn = d->insn;
	unsigned int size = insn->size, imm = size < 4 ? size : 4;

	if (has_modrm(form) && form != CR)
		insn->dst = in_e(d, insn->source_size ?: size);
	switch (form) {
	case E_G:
		insn->src = in_g(d, size);
		break;
	case G_E:
	case G_M:
		insn->src = insn->dst;
		insn->dst = in_g(d, size);
		break;
	case E_I:
		take_imm(d, imm);
		break;
	case E_IB:
		take_imm(d, 1);
		break;
	case E_1:
		insn->src.place = X86_IMM;
		insn->imm = 1;
		break;
	case E_CL:
		insn->src.place = X86_REG;
		insn->src.reg = GPR_RCX;
		break;
	case A_I:
		insn->dst = in_reg(d, GPR_RAX, size);
		take_imm(d, imm);
		break;
	case A_O:
	case O_A:
		insn->displacement = take(d, insn->address_size);
		insn->dst = form == A_O ? in_reg(d, GPR_RAX, size) : memory;
		insn->src = form == A_O ? memory : in_reg(d, GPR_RAX, size);
		break;
	case R:
		insn->dst = in_reg(d, (d->opcode & 7) | REX_B(d), size);
		break;
	case R_I:
		insn->dst = in_reg(d, (d->opcode & 7) | REX_B(d), size);
		take_imm(d, size);
		break;
	case I:
	case J:
		take_imm(d, 4);
		insn->dst = insn->src;
		break;
	case IB:
	case JB:
		take_imm(d, 1);
		insn->dst = insn->src;
		break;
	case PORT_IB:
		take_imm(d, 1);
		insn->imm &= 0xff;
		break;
	case FAR:
		insn->imm = take(d, 4);
		insn->number = take(d, 2);
		break;
	case CR:
		insn->number = MODRM_REG(d) | REX_R(d);
		insn->dst = in_reg(d, MODRM_RM(d) | REX_B(d), size);
		break;
	}
}

/* Bits 5:3 of ModRM are part of the opcode. */
static void apply_group(const struct decoder *d, struct rule *rule)
{
	const struct rule *r = &groups[rule->op][MODRM_REG(d)];

	rule->op = r->op;
	rule->flags = (rule->flags & BYTE) | r->flags;
	/* E of the group's member: as the opcode has it. */
	if (r->form != E)
		rule->form = r->form;
}

static void take_prefixes(struct decoder *d)
{
	while (d->at < d->n) {
		u8 byte = d->code[d->at];

		if (byte == 0x66)
			d->size16 = true;
		else if (byte == 0xf3)
			d->repeat = true;
		else
			break;
		d->at++;
	}
	if (d->code64 && d->at < d->n && d->code[d->at] >> 4 == 4)
		d->rex = d->code[d->at++];
}

static struct rule take_opcode(struct decoder *d)
{
	d->opcode = take(d, 1);
	if (d->opcode != 0x0f)
		return one_byte[d->opcode];
	d->opcode = take(d, 1);
	return two_bytes[d->opcode];
}

static void set_sizes(struct decoder *d, const struct rule *rule)
{
	struct model_x86_insn *insn = d->insn;

	insn->op = rule->op;
	insn->condition = d->opcode & 0xf;
	insn->size = operand_size(d, rule->flags);
	insn->address_size = d->code64 ? 8 : 4;
	switch (rule->op) {
	case X86_MOVSX:
	case X86_MOVZX:
		insn->source_size = d->opcode == 0x63 ? 4 :
				    d->opcode & 1 ? 2 : 1;
		break;
	case X86_READ_CR:
	case X86_WRITE_CR:
		insn->size = insn->address_size;
		break;
	}
}

/* Are there forms of it that are none, or are others than the tables say? */
static bool is_known(const struct decoder *d, const struct rule *rule)
{
	const struct model_x86_insn *insn = d->insn;

	if (rule->flags & D64 && d->size16)
		return false;
	switch (insn->op) {
	case X86_NOP:
		/* 0x90 with REX.B exchanges; 0x0f 0x1f is NOP with 0 alone. */
		return rule->form == E ? !d->repeat && !MODRM_REG(d) :
					 !REX_B(d);
	case X86_MOV:
		if (d->opcode >> 1 == 0xc6 >> 1 && MODRM_REG(d))
			return false;
		break;
	case X86_MOVSX:
		if (d->opcode == 0x63 && insn->size != 8)
			return false;
		break;
	case X86_CALL:
	case X86_JMP:
	case X86_PUSH:
		if (d->opcode == 0xfe)
			return false;
		break;
	case X86_LEA:
		if (insn->src.place != X86_MEM)
			return false;
		break;
	case X86_JMP_FAR:
		if (d->size16 || d->rex)
			return false;
		if (rule->form == FAR ? d->code64 :
		    d->opcode != 0xff || insn->src.place != X86_MEM)
			return false;
		break;
	case X86_LGDT:
	case X86_LIDT:
		if (insn->dst.place != X86_MEM || d->size16)
			return false;
		break;
	case X86_TDCALL:
		return d->modrm == 0xcc && d->size16 && !d->repeat;
	case X86_IRET:
		if (insn->size != 8)
			return false;
		break;
	}
	return !d->repeat;
}

enum model_x86_decoded model_x86_decode(const u8 *code, unsigned int n,
					bool code64,
					struct model_x86_insn *insn)
{
	struct decoder d = {
		.code = code, .n = n, .code64 = code64, .insn = insn,
	};
	struct rule rule;

	memset(insn, 0, sizeof(*insn));
	insn->base = X86_NO_REG;
	insn->index = X86_NO_REG;
	take_prefixes(&d);
	rule = take_opcode(&d);
	/* In 64-bit code these are REX: two of them, or REX before a prefix. */
	if (code64 && !d.shortage && rule.form == R && d.opcode >> 4 == 4)
		return X86_UNKNOWN;
	if (has_modrm(rule.form))
		d.modrm = take(&d, 1);
	if (!d.shortage && rule.flags & GROUP)
		apply_group(&d, &rule);
	if (!d.shortage && rule.form == UNKNOWN)
		return X86_UNKNOWN;
	set_sizes(&d, &rule);
	take_operands(&d, rule.form);
	if (d.shortage)
		return n < X86_MAX_LENGTH ? X86_SHORT : X86_UNKNOWN;
	insn->length = d.at;
	return is_known(&d, &rule) ? X86_DECODED : X86_UNKNOWN;
}
