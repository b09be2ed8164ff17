// SPDX-License-Identifier: GPL-2.0-only
/*
 * What only a kernel does: control registers, descriptor tables, far jumps,
 * exceptions.
 * Source: SDM 3A, "Interrupt and Exception Handling", "Initializing IA-32e
 * Mode"; TDX Module Base spec, "Initial State of Guest VCPUs".
 */
#include <linux/kernel.h>

#include "x86.h"

/* PSE, PAE, MCE, PGE, OSFXSR, OSXMMEXCPT: what changes nothing here, or is. */
#define CR4_KNOWN		0x6f0ULL

#define DESC_ACCESSED		(1ULL << 40)
#define DESC_CODE		(1ULL << 43)
#define DESC_SEGMENT		(1ULL << 44)
#define DESC_DPL		(3ULL << 45)
#define DESC_PRESENT		(1ULL << 47)
#define DESC_L			(1ULL << 53)
#define DESC_D			(1ULL << 54)
/* Base 0, limit 4 GiB. */
#define DESC_FLAT_MASK		0xff8f00ffffffffffULL
#define DESC_FLAT		0x008f00000000ffffULL

#define GATE_INTERRUPT		0xe
#define GATE_TRAP		0xf
#define ERROR_EXT		1
#define ERROR_IDT		2

#define RFLAGS_RF		(1U << 16)
#define RFLAGS_KNOWN		(X86_ARITHMETIC | X86_FIXED | X86_IF | X86_DF)

void model_x86_reset(struct model_cpu *c)
{
	*c = (struct model_cpu) {
		.rip = 0xfffffff0,
		.rflags = X86_FIXED,
		.cr0 = MODEL_CR0_PE | MODEL_CR0_ET | MODEL_CR0_NE,
		.cr4 = MODEL_CR4_MCE,
		.efer = MODEL_EFER_SCE | MODEL_EFER_LME | MODEL_EFER_NXE,
		.gdt_limit = 0xffff,
		.msr[MODEL_PAT] = MODEL_PAT_RESET,
	};
}

enum model_step model_x86_raise(struct model_guest *g, u8 vector, u32 error)
{
	g->v->event = true;
	g->v->vector = vector;
	g->v->event_type = MODEL_EVENT_EXCEPTION;
	g->v->error = error;
	return MODEL_STEP_EXCEPTION;
}

static bool canonical(u64 linear)
{
	return (u64)((s64)(linear << 16) >> 16) == linear;
}

/* What CS becomes with that selector: 32-bit or 64-bit code. */
static enum model_step load_cs(struct model_guest *g, u16 selector,
			       bool *code64)
{
	struct model_cpu *c = &g->v->cpu;
	bool long_mode = c->efer & MODEL_EFER_LMA;
	u64 at = c->gdt + (selector & ~7U), desc;
	enum model_step step;

	/* No LDT, no other privilege level. */
	if (!(selector & ~3U) || selector & 7 ||
	    (selector | 7U) > c->gdt_limit)
		return model_x86_raise(g, X86_GP, selector & ~3U);
	step = model_x86_read(g, at, 8, MODEL_EQ_READ, &desc);
	if (step != MODEL_STEP_NEXT)
		return step;
	if (!(desc & DESC_SEGMENT) || !(desc & DESC_CODE) || desc & DESC_DPL)
		return model_x86_raise(g, X86_GP, selector);
	if (long_mode && desc & DESC_L && desc & DESC_D)
		return model_x86_raise(g, X86_GP, selector);
	if (!(desc & DESC_PRESENT))
		return model_x86_raise(g, X86_NP, selector);
	*code64 = long_mode && desc & DESC_L;
	if (!*code64 &&
	    (!(desc & DESC_D) || (desc & DESC_FLAT_MASK) != DESC_FLAT))
		return MODEL_STEP_UNKNOWN;
	return desc & DESC_ACCESSED ? MODEL_STEP_NEXT :
	       model_x86_write(g, at, 8, desc | DESC_ACCESSED);
}

static enum model_step jump_far(struct model_guest *g,
				const struct model_x86_insn *insn, u64 *next)
{
	struct model_cpu *c = &g->v->cpu;
	u64 selector = insn->number, to = insn->imm, at;
	enum model_step step = MODEL_STEP_NEXT;
	bool code64;

	if (insn->src.place == X86_MEM) {
		at = model_x86_address(c, insn);
		step = model_x86_read(g, at, 4, MODEL_EQ_READ, &to);
		if (step == MODEL_STEP_NEXT)
			step = model_x86_read(g, at + 4, 2, MODEL_EQ_READ,
					      &selector);
	}
	if (step == MODEL_STEP_NEXT)
		step = load_cs(g, selector, &code64);
	if (step != MODEL_STEP_NEXT)
		return step;
	c->cs = selector;
	c->code64 = code64;
	*next = to;
	return MODEL_STEP_NEXT;
}

enum { FRAME_RIP, FRAME_CS, FRAME_RFLAGS, FRAME_RSP, FRAME_SS, FRAME_WORDS };

static enum model_step iret(struct model_guest *g, u64 *next)
{
	struct model_cpu *c = &g->v->cpu;
	u64 frame[FRAME_WORDS];
	enum model_step step;
	unsigned int i;
	bool code64;

	for (i = 0; i < FRAME_WORDS; i++) {
		step = model_x86_read(g, c->gpr[GPR_RSP] + 8 * i, 8,
				      MODEL_EQ_READ, &frame[i]);
		if (step != MODEL_STEP_NEXT)
			return step;
	}
	step = load_cs(g, frame[FRAME_CS], &code64);
	if (step != MODEL_STEP_NEXT)
		return step;
	/* 64-bit code has no use for a stack segment. */
	if (!code64 || frame[FRAME_SS] ||
	    frame[FRAME_RFLAGS] & ~(u64)(RFLAGS_KNOWN | RFLAGS_RF))
		return MODEL_STEP_UNKNOWN;
	if (!canonical(frame[FRAME_RIP]))
		return model_x86_raise(g, X86_GP, 0);
	c->cs = frame[FRAME_CS];
	c->ss = frame[FRAME_SS];
	c->rflags = (frame[FRAME_RFLAGS] & RFLAGS_KNOWN) | X86_FIXED;
	c->gpr[GPR_RSP] = frame[FRAME_RSP];
	c->nmi_masked = false;
	*next = frame[FRAME_RIP];
	return MODEL_STEP_NEXT;
}

bool model_x86_has_error_code(u8 vector)
{
	return vector == X86_DF_VECTOR || (vector >= 10 && vector <= 14) ||
	       vector == X86_AC || vector == X86_CP;
}

/* The frame, and at last the error code, below the stack as it was. */
static enum model_step push_frame(struct model_guest *g, u64 *sp)
{
	struct model_vcpu *v = g->v;
	struct model_cpu *c = &v->cpu;
	bool exception = v->event_type == MODEL_EVENT_EXCEPTION;
	u64 rf = exception && v->vector != X86_DF_VECTOR ? RFLAGS_RF : 0;
	const u64 frame[FRAME_WORDS] = {
		c->rip, c->cs, c->rflags | rf, c->gpr[GPR_RSP], c->ss,
	};
	enum model_step step;
	unsigned int i;

	*sp = c->gpr[GPR_RSP] & ~15ULL;
	for (i = FRAME_WORDS; i--;) {
		*sp -= 8;
		step = model_x86_write(g, *sp, 8, frame[i]);
		if (step != MODEL_STEP_NEXT)
			return step;
	}
	if (!exception || !model_x86_has_error_code(v->vector))
		return MODEL_STEP_NEXT;
	*sp -= 8;
	return model_x86_write(g, *sp, 8, v->error);
}

static enum model_step deliver(struct model_guest *g)
{
	struct model_cpu *c = &g->v->cpu;
	unsigned int at = 16 * g->v->vector, error = 8 * g->v->vector;
	u64 low, high, sp, to;
	enum model_step step;
	bool code64;
	u8 type;

	/* Without an IDT that is the same in all modes. */
	if (!(c->efer & MODEL_EFER_LMA)) {
		if (at / 2 + 7 > c->idt_limit)
			return model_x86_raise(g, X86_GP, error | ERROR_IDT);
		return MODEL_STEP_UNKNOWN;
	}
	if (at + 15 > c->idt_limit)
		return model_x86_raise(g, X86_GP, error | ERROR_IDT);
	step = model_x86_read(g, c->idt + at, 8, MODEL_EQ_READ, &low);
	if (step == MODEL_STEP_NEXT)
		step = model_x86_read(g, c->idt + at + 8, 8, MODEL_EQ_READ,
				      &high);
	if (step != MODEL_STEP_NEXT)
		return step;
	type = low >> 40 & 0x1f;
	if (type != GATE_INTERRUPT && type != GATE_TRAP)
		return model_x86_raise(g, X86_GP, error | ERROR_IDT);
	if (!(low & DESC_PRESENT))
		return model_x86_raise(g, X86_NP, error | ERROR_IDT);
	to = (low & 0xffff) | (low >> 32 & 0xffff0000) | high << 32;
	step = load_cs(g, low >> 16 & 0xffff, &code64);
	if (step != MODEL_STEP_NEXT)
		return step;
	/* A stack of its own (IST) would need a task state segment. */
	if (!code64 || !c->code64 || low >> 32 & 7)
		return MODEL_STEP_UNKNOWN;
	step = push_frame(g, &sp);
	if (step != MODEL_STEP_NEXT)
		return step;
	c->gpr[GPR_RSP] = sp;
	c->cs = low >> 16 & 0xffff;
	c->rip = to;
	if (type == GATE_INTERRUPT)
		c->rflags &= ~(u64)X86_IF;
	if (g->v->event_type == MODEL_EVENT_NMI)
		c->nmi_masked = true;
	c->masked = false;
	g->v->event = false;
	return MODEL_STEP_NEXT;
}

enum model_step model_x86_double_fault(struct model_guest *g, u8 vector)
{
	if (vector == X86_DF_VECTOR)
		return MODEL_STEP_SHUTDOWN;
	return model_x86_raise(g, X86_DF_VECTOR, 0);
}

enum model_step model_x86_deliver(struct model_guest *g)
{
	u8 vector = g->v->vector, type = g->v->event_type;
	enum model_step step = deliver(g);

	if (step != MODEL_STEP_EXCEPTION)
		return step;
	if (type == MODEL_EVENT_EXCEPTION)
		return model_x86_double_fault(g, vector);
	/* An interrupt is lost; its handler's descriptor is what is wrong. */
	if (g->v->vector != X86_PF_VECTOR && g->v->error)
		g->v->error |= ERROR_EXT;
	return step;
}

static enum model_step write_cr(struct model_guest *g,
				const struct model_x86_insn *insn)
{
	struct model_cpu *c = &g->v->cpu;
	u64 value = model_x86_reg(c, insn->dst.reg, insn->size);

	switch (insn->number) {
	case 0:
		return model_virt_write_cr(g, 0, insn->dst.reg, value,
					   insn->length);
	case 2:
		c->cr2 = value;
		return MODEL_STEP_NEXT;
	case 3:
		if (value >> 52)
			return model_x86_raise(g, X86_GP, 0);
		c->cr3 = value;
		return MODEL_STEP_NEXT;
	case 4:
		if (value & ~(CR4_KNOWN | MODEL_CR4_TDX))
			return MODEL_STEP_UNKNOWN;
		return model_virt_write_cr(g, 4, insn->dst.reg, value,
					   insn->length);
	default:
		return MODEL_STEP_UNKNOWN;
	}
}

static enum model_step read_cr(struct model_guest *g,
			       const struct model_x86_insn *insn)
{
	struct model_cpu *c = &g->v->cpu;
	const u64 *cr[] = { &c->cr0, NULL, &c->cr2, &c->cr3, &c->cr4 };

	if (insn->number >= ARRAY_SIZE(cr) || !cr[insn->number])
		return MODEL_STEP_UNKNOWN;
	model_x86_set_reg(c, insn->dst.reg, insn->size, *cr[insn->number]);
	return MODEL_STEP_NEXT;
}

static enum model_step load_table(struct model_guest *g,
				  const struct model_x86_insn *insn,
				  u64 *base, u16 *limit)
{
	struct model_cpu *c = &g->v->cpu;
	u64 at = model_x86_address(c, insn), to, size;
	enum model_step step;

	step = model_x86_read(g, at, 2, MODEL_EQ_READ, &size);
	if (step == MODEL_STEP_NEXT)
		step = model_x86_read(g, at + 2, c->code64 ? 8 : 4,
				      MODEL_EQ_READ, &to);
	if (step != MODEL_STEP_NEXT)
		return step;
	if (!canonical(to))
		return model_x86_raise(g, X86_GP, 0);
	*base = to;
	*limit = size;
	return MODEL_STEP_NEXT;
}

/* Exit qualification: size, direction, how the port was given, port. */
static enum model_step port_io(struct model_guest *g,
			       const struct model_x86_insn *insn)
{
	bool given = insn->src.place == X86_IMM;
	u64 port = given ? insn->imm : g->v->cpu.gpr[GPR_RDX] & 0xffff;

	return model_virt_ve(g, insn->length, MODEL_EXIT_IO,
			     (insn->size - 1) | (insn->op == X86_IN) << 3 |
			     given << 6 | port << 16);
}

enum model_step model_x86_system(struct model_guest *g,
				 const struct model_x86_insn *insn, u64 *next)
{
	struct model_cpu *c = &g->v->cpu;

	switch (insn->op) {
	case X86_CLI:
		c->rflags &= ~(u64)X86_IF;
		return MODEL_STEP_NEXT;
	case X86_STI:
		c->masked = !(c->rflags & X86_IF);
		c->rflags |= X86_IF;
		return MODEL_STEP_NEXT;
	case X86_HLT:
		return model_virt_ve(g, insn->length, MODEL_EXIT_HLT, 0);
	case X86_IN:
	case X86_OUT:
		return port_io(g, insn);
	case X86_CPUID:
		return model_virt_cpuid(g, insn->length);
	case X86_RDMSR:
		return model_virt_rdmsr(g, insn->length);
	case X86_WRMSR:
		return model_virt_wrmsr(g, insn->length);
	case X86_READ_CR:
		return read_cr(g, insn);
	case X86_WRITE_CR:
		return write_cr(g, insn);
	case X86_LGDT:
		return load_table(g, insn, &c->gdt, &c->gdt_limit);
	case X86_LIDT:
		return load_table(g, insn, &c->idt, &c->idt_limit);
	case X86_JMP_FAR:
		return jump_far(g, insn, next);
	case X86_IRET:
		return iret(g, next);
	case X86_TDCALL:
		return model_guest_tdcall(g);
	case X86_UD2:
		return model_x86_raise(g, X86_UD, 0);
	default:
		return MODEL_STEP_UNKNOWN;
	}
}
