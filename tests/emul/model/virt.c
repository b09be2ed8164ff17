// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions that the TDX module does in the place of the CPU: CPUID, MSRs,
 * control registers.  The guest has what the tables give it, and #VE or #GP for
 * the rest.
 * Source: TDX Module Base spec, "CPU Virtualization": CR and MSR handling, #VE.
 */
#include "x86.h"

/* Bits of CR0 that are not there: they stay what they are. */
#define CR0_IGNORED		0x1ff2ffc0ULL

#define MSR_EFER		0xc0000080
#define MSR_TSC_DEADLINE	0x6e0
/* MSRs that are for hypervisors to define. */
#define IS_HYPERVISORS(n)	((n) >> 8 == 0x400000)

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

/*
 * Of the MSRs that the TDX module has by its tables there is no more here than
 * EFER, and some of those that end in #VE.
 */
enum model_step model_virt_rdmsr(struct model_guest *g, unsigned int length)
{
	struct model_cpu *c = &g->v->cpu;
	u32 msr = c->gpr[GPR_RCX];

	if (msr == MSR_TSC_DEADLINE || IS_HYPERVISORS(msr))
		return model_virt_ve(g, length, MODEL_EXIT_RDMSR, 0);
	if (msr != MSR_EFER)
		return MODEL_STEP_UNKNOWN;
	c->gpr[GPR_RAX] = (u32)c->efer;
	c->gpr[GPR_RDX] = c->efer >> 32;
	return MODEL_STEP_NEXT;
}

/* Of EFER only SCE is the guest's to change. */
enum model_step model_virt_wrmsr(struct model_guest *g, unsigned int length)
{
	struct model_cpu *c = &g->v->cpu;
	u32 msr = c->gpr[GPR_RCX];
	u64 value = (u32)c->gpr[GPR_RAX] | c->gpr[GPR_RDX] << 32;

	if (msr == MSR_TSC_DEADLINE || IS_HYPERVISORS(msr) ||
	    (msr == MSR_EFER &&
	     (value ^ c->efer) & ~(MODEL_EFER_SCE | MODEL_EFER_LMA)))
		return model_virt_ve(g, length, MODEL_EXIT_WRMSR, 0);
	if (msr != MSR_EFER)
		return MODEL_STEP_UNKNOWN;
	c->efer = (value & ~MODEL_EFER_LMA) | (c->efer & MODEL_EFER_LMA);
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
		invalid = c->efer & MODEL_EFER_LMA && !(value & MODEL_CR4_PAE);
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
