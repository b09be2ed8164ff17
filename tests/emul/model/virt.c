// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions that the TDX module does in the place of the CPU: CPUID and
 * control registers; MSRs are in virt_msr.c.
 * Source: TDX Module Base spec, "CPU Virtualization": CR handling, #VE.
 */
#include "x86.h"

/* Bits of CR0 that are not there: they stay what they are. */
#define CR0_IGNORED		0x1ff2ffc0ULL

#define CR4_PKE			(1ULL << 22)
#define CR4_CET			(1ULL << 23)
#define CR4_PKS			(1ULL << 24)
#define XFAM_PKRU		(1ULL << 9)
#define XFAM_CET		(3ULL << 11)

enum model_step model_virt_ve(struct model_guest *g, unsigned int length,
			      u32 reason, u64 qualification)
{
	const u64 info[5] = { reason, qualification, 0, 0, length };

	return model_guest_ve(g, info);
}

enum model_step model_virt_cpuid(struct model_guest *g, unsigned int length)
{
	u64 *gpr = g->v->cpu.gpr;
	u32 regs[4];

	if (!model_td_cpuid(g, gpr[GPR_RAX], gpr[GPR_RCX], regs))
		return model_virt_ve(g, length, MODEL_EXIT_CPUID, 0);
	gpr[GPR_RAX] = regs[0];
	gpr[GPR_RBX] = regs[1];
	gpr[GPR_RCX] = regs[2];
	gpr[GPR_RDX] = regs[3];
	return MODEL_STEP_NEXT;
}

/* PG comes on or goes off: LMA follows. */
static enum model_step switch_paging(struct model_guest *g, u64 value)
{
	struct model_cpu *c = &g->v->cpu;

	if (!((value ^ c->cr0) & MODEL_CR0_PG))
		return MODEL_STEP_NEXT;
	if (value & MODEL_CR0_PG ? !(c->cr4 & MODEL_CR4_PAE) : c->code64)
		return model_x86_raise(g, X86_GP, 0);
	c->efer ^= MODEL_EFER_LMA;
	return MODEL_STEP_NEXT;
}

static enum model_step write_cr0(struct model_guest *g, u64 value)
{
	struct model_cpu *c = &g->v->cpu;
	enum model_step step = switch_paging(g, value);

	if (step == MODEL_STEP_NEXT)
		c->cr0 = (value & ~CR0_IGNORED) | (c->cr0 & CR0_IGNORED) |
			 MODEL_CR0_ET;
	return step;
}

/* What goes with parts of the extended state, or with attributes. */
static u64 cr4_absent(const struct model_td *td)
{
	u64 absent = 0;

	if (!(td->xfam & XFAM_PKRU))
		absent |= CR4_PKE;
	if ((td->xfam & XFAM_CET) != XFAM_CET)
		absent |= CR4_CET;
	if (!(td->attributes & ATTR_PKS))
		absent |= CR4_PKS;
	return absent;
}

u64 model_virt_cr4_owned(const struct model_td *td)
{
	return MODEL_CR4_TDX | MODEL_CR4_MCE | cr4_absent(td);
}

enum model_step model_virt_write_cr(struct model_guest *g, unsigned int number,
				    unsigned int reg, u64 value,
				    unsigned int length)
{
	struct model_cpu *c = &g->v->cpu;
	bool invalid, owned;

	if (number == 0) {
		invalid = value >> 32 || !(value & MODEL_CR0_NE) ||
			  (value & MODEL_CR0_PG && !(value & MODEL_CR0_PE)) ||
			  (value & MODEL_CR0_NW && !(value & MODEL_CR0_CD));
		owned = (value & MODEL_CR0_TDX) !=
			(MODEL_CR0_PE | MODEL_CR0_NE);
	} else {
		invalid = value & cr4_absent(g->td) ||
			  (c->efer & MODEL_EFER_LMA &&
			   !(value & MODEL_CR4_PAE));
		owned = value & MODEL_CR4_TDX || !(value & MODEL_CR4_MCE);
	}
	if (invalid)
		return model_x86_raise(g, X86_GP, 0);
	if (owned)
		return model_virt_ve(g, length, MODEL_EXIT_CR_ACCESS,
				     reg << 8 | number);
	if (number == 0)
		return write_cr0(g, value);
	c->cr4 = value;
	return MODEL_STEP_NEXT;
}
