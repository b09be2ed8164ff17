// SPDX-License-Identifier: GPL-2.0-only
/*
 * MSRs of a guest: its own, values of the TDX module's, #VE or #GP.
 * Source: TDX Module Base spec, "MSR Virtualization"; what is not in its table
 * ends in #VE.
 */
#include <linux/kernel.h>

#include "x86.h"

#define MSR_APIC_BASE		0x1b
#define MSR_SPEC_CTRL		0x48
#define MSR_PRED_CMD		0x49
#define MSR_XAPIC_STATUS	0xbd
#define MSR_ARCH_CAPABILITIES	0x10a
#define MSR_FLUSH_CMD		0x10b
#define MSR_MISC_ENABLE		0x1a0
#define MSR_DEBUGCTL		0x1d9
#define MSR_XSS			0xda0
#define MSR_EFER		0xc0000080

#define APIC_BASE		0xfee00c00ULL	/* enabled, x2APIC */
#define APIC_BSP		(1ULL << 8)
#define XAPIC_DISABLED		1
#define MISC_ENABLE		0x1801ULL	/* fast strings, no BTS, no PEBS */

/* IBRS, STIBP, SSBD, and what CPUID 7.2 adds. */
#define SPEC_CTRL		0x4dfULL
/* Of PRED_CMD and FLUSH_CMD. */
#define COMMAND			1ULL
/* Bus locks are reported, of which the CPU here knows none. */
#define DEBUGCTL_BUS_LOCK	(1ULL << 2)

#define XFAM_PT			(1ULL << 8)
#define XFAM_CET		(3ULL << 11)
#define XFAM_LBR		(1ULL << 15)
#define XFAM_AMX		(3ULL << 17)

enum action {
	VE,
	GP,
	/* With @of, which other MSRs may need: else #GP. */
	BY_ATTRIBUTE,
	BY_XFAM,
	VIRTUAL,	/* read_virtual(), write_virtual() */
	APIC,		/* the virtual APIC's */
	MISSING,	/* the guest has it, and the model has not */
};

/* What the guest has for itself; @reset when a VCPU starts. */
const u32 model_own_msrs[MODEL_OWN_MSRS] = {
	[MODEL_SYSENTER_CS] = 0x174,
	[MODEL_SYSENTER_ESP] = 0x175,
	[MODEL_SYSENTER_EIP] = 0x176,
	[MODEL_PAT] = 0x277,
	[MODEL_STAR] = 0xc0000081,
	[MODEL_LSTAR] = 0xc0000082,
	[MODEL_FMASK] = 0xc0000084,
	[MODEL_FS_BASE] = 0xc0000100,
	[MODEL_GS_BASE] = 0xc0000101,
	[MODEL_KERNEL_GS_BASE] = 0xc0000102,
	[MODEL_TSC_AUX] = 0xc0000103,
};

/**
 * struct msr_row - MSRs that are handled alike
 * @first: number of the first
 * @last: and of the last
 * @read: what reading comes to
 * @write: and writing
 * @of: ATTRIBUTES or XFAM bits for BY_*
 */
struct msr_row {
	u32 first, last;
	u8 read, write;
	u64 of;
};

static const struct msr_row rows[] = {
	{ 0x10, 0x10, MISSING, VE, 0 },			/* TSC */
	{ MSR_APIC_BASE, MSR_APIC_BASE, VIRTUAL, VE, 0 },
	{ 0x3a, 0x3a, VIRTUAL, GP, 0 },			/* FEATURE_CONTROL */
	{ MSR_SPEC_CTRL, MSR_SPEC_CTRL, VIRTUAL, VIRTUAL, 0 },
	{ MSR_PRED_CMD, MSR_PRED_CMD, GP, VIRTUAL, 0 },
	{ 0x87, 0x87, GP, GP, 0 },			/* MKTME partitioning */
	{ 0x8c, 0x8f, GP, GP, 0 },			/* SGXLEPUBKEYHASH */
	{ 0x9b, 0x9b, GP, GP, 0 },			/* SMM_MONITOR_CTL */
	{ 0x9e, 0x9e, GP, GP, 0 },			/* SMBASE */
	{ MSR_XAPIC_STATUS, MSR_XAPIC_STATUS, VIRTUAL, GP, 0 },
	{ 0xc1, 0xc8, BY_ATTRIBUTE, BY_ATTRIBUTE, ATTR_PERFMON },
	{ 0xe1, 0xe1, GP, GP, 0 },			/* UMWAIT_CONTROL */
	{ MSR_ARCH_CAPABILITIES, MSR_ARCH_CAPABILITIES, VIRTUAL, GP, 0 },
	{ MSR_FLUSH_CMD, MSR_FLUSH_CMD, GP, VIRTUAL, 0 },
	{ 0x122, 0x122, GP, GP, 0 },			/* TSX_CTRL */
	{ 0x186, 0x18d, BY_ATTRIBUTE, BY_ATTRIBUTE, ATTR_PERFMON },
	{ MSR_MISC_ENABLE, MSR_MISC_ENABLE, VIRTUAL, VIRTUAL, 0 },
	{ 0x1a6, 0x1a7, BY_ATTRIBUTE, BY_ATTRIBUTE, ATTR_PERFMON },
	{ 0x1c4, 0x1c5, BY_XFAM, BY_XFAM, XFAM_AMX },	/* XFD */
	{ MSR_DEBUGCTL, MSR_DEBUGCTL, VIRTUAL, VIRTUAL, 0 },
	{ 0x309, 0x30f, BY_ATTRIBUTE, BY_ATTRIBUTE, ATTR_PERFMON },
	{ 0x329, 0x329, BY_ATTRIBUTE, BY_ATTRIBUTE, ATTR_PERFMON },
	{ 0x345, 0x345, BY_ATTRIBUTE, GP, ATTR_PERFMON },
	{ 0x38d, 0x392, BY_ATTRIBUTE, BY_ATTRIBUTE, ATTR_PERFMON },
	{ 0x3f1, 0x3f7, BY_ATTRIBUTE, BY_ATTRIBUTE, ATTR_PERFMON },
	{ 0x480, 0x493, GP, GP, 0 },			/* VMX */
	{ 0x4c1, 0x4c8, BY_ATTRIBUTE, BY_ATTRIBUTE, ATTR_PERFMON },
	{ 0x500, 0x500, GP, GP, 0 },			/* SGX_SVN_STATUS */
	{ 0x560, 0x587, BY_XFAM, BY_XFAM, XFAM_PT },
	{ 0x600, 0x600, BY_ATTRIBUTE, BY_ATTRIBUTE, ATTR_PERFMON },
	{ 0x6a0, 0x6a8, BY_XFAM, BY_XFAM, XFAM_CET },
	{ 0x6e1, 0x6e1, BY_ATTRIBUTE, BY_ATTRIBUTE, ATTR_PKS },
	/* The virtual APIC's registers; what is not there is the VMM's. */
	{ 0x808, 0x808, APIC, APIC, 0 },		/* TPR */
	{ 0x80a, 0x80a, APIC, VE, 0 },			/* PPR */
	{ 0x80b, 0x80b, VE, APIC, 0 },			/* EOI */
	{ 0x810, 0x827, APIC, VE, 0 },			/* ISR, TMR, IRR */
	{ 0x83f, 0x83f, VE, APIC, 0 },			/* SELF_IPI */
	{ 0x981, 0x982, GP, GP, 0 },			/* TME */
	{ 0x9ff, 0x9ff, GP, GP, 0 },
	{ MSR_XSS, MSR_XSS, VIRTUAL, VIRTUAL, 0 },
	{ 0x1200, 0x121f, BY_XFAM, BY_XFAM, XFAM_LBR },
	{ 0x14ce, 0x14cf, BY_XFAM, BY_XFAM, XFAM_LBR },
	{ 0x1500, 0x151f, BY_XFAM, BY_XFAM, XFAM_LBR },
	{ 0x1600, 0x161f, BY_XFAM, BY_XFAM, XFAM_LBR },
	{ MSR_EFER, MSR_EFER, VIRTUAL, VIRTUAL, 0 },
};

static enum action action_of(const struct model_guest *g, u32 msr, bool write)
{
	enum action action = VE;
	unsigned int i;
	u64 have;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (msr < rows[i].first || msr > rows[i].last)
			continue;
		action = write ? rows[i].write : rows[i].read;
		have = action == BY_XFAM ? g->td->xfam : g->td->attributes;
		if (action == BY_XFAM || action == BY_ATTRIBUTE)
			return (have & rows[i].of) == rows[i].of ? MISSING : GP;
		break;
	}
	return action;
}

static u64 *own_msr(struct model_guest *g, u32 msr)
{
	unsigned int i;

	for (i = 0; i < MODEL_OWN_MSRS; i++)
		if (model_own_msrs[i] == msr)
			return &g->v->cpu.msr[i];
	return NULL;
}

static u64 read_virtual(const struct model_guest *g, u32 msr)
{
	switch (msr) {
	case MSR_APIC_BASE:
		return APIC_BASE | (g->v->index ? 0 : APIC_BSP);
	case MSR_XAPIC_STATUS:
		return XAPIC_DISABLED;
	case MSR_ARCH_CAPABILITIES:
		return g->td->arch_capabilities;
	case MSR_MISC_ENABLE:
		return MISC_ENABLE;
	case MSR_XSS:
		return g->v->cpu.xss;
	case MSR_SPEC_CTRL:
		return g->v->cpu.spec_ctrl;
	case MSR_DEBUGCTL:
		return g->v->cpu.debugctl;
	case MSR_EFER:
		return g->v->cpu.efer;
	default:		/* FEATURE_CONTROL: locked, and nothing allowed */
		return 1;
	}
}

/* Of EFER only SCE is the guest's to change. */
static enum action write_virtual(struct model_guest *g, u32 msr, u64 value)
{
	struct model_cpu *c = &g->v->cpu;

	switch (msr) {
	case MSR_MISC_ENABLE:
		return value == MISC_ENABLE ? VIRTUAL : VE;
	case MSR_XSS:
		if (value & ~(g->td->xfam & MODEL_XFAM_SUPERVISOR))
			return GP;
		c->xss = value;
		return VIRTUAL;
	case MSR_SPEC_CTRL:
		if (value & ~SPEC_CTRL)
			return GP;
		c->spec_ctrl = value;
		return VIRTUAL;
	case MSR_PRED_CMD:
	case MSR_FLUSH_CMD:
		return value & ~COMMAND ? GP : VIRTUAL;
	case MSR_DEBUGCTL:
		/* All else would have an effect. */
		if (value & ~DEBUGCTL_BUS_LOCK)
			return MISSING;
		c->debugctl = value;
		return VIRTUAL;
	default:
		if ((value ^ c->efer) & ~(MODEL_EFER_SCE | MODEL_EFER_LMA))
			return VE;
		c->efer = (value & ~MODEL_EFER_LMA) |
			  (c->efer & MODEL_EFER_LMA);
		return VIRTUAL;
	}
}

static enum action write_apic(struct model_guest *g, u32 msr, u64 value)
{
	switch (model_apic_write(g->v, msr, value)) {
	case MODEL_APIC_DONE:
		return APIC;
	case MODEL_APIC_GP:
		return GP;
	default:
		return MISSING;
	}
}

static enum model_step finish(struct model_guest *g, enum action action,
			      unsigned int length, u32 reason)
{
	switch (action) {
	case VIRTUAL:
	case APIC:
		return MODEL_STEP_NEXT;
	case VE:
		return model_virt_ve(g, length, reason, 0);
	case GP:
		return model_x86_raise(g, X86_GP, 0);
	default:
		return MODEL_STEP_UNKNOWN;
	}
}

enum model_step model_virt_rdmsr(struct model_guest *g, unsigned int length)
{
	u64 *gpr = g->v->cpu.gpr, value = 0;
	u32 msr = gpr[GPR_RCX];
	const u64 *own = own_msr(g, msr);
	enum action action = own ? VIRTUAL : action_of(g, msr, false);

	if (action == VIRTUAL || action == APIC) {
		value = own ? *own :
			action == APIC ? model_apic_read(g->v, msr) :
					 read_virtual(g, msr);
		gpr[GPR_RAX] = (u32)value;
		gpr[GPR_RDX] = value >> 32;
	}
	return finish(g, action, length, MODEL_EXIT_RDMSR);
}

enum model_step model_virt_wrmsr(struct model_guest *g, unsigned int length)
{
	u64 *gpr = g->v->cpu.gpr;
	u64 value = (u32)gpr[GPR_RAX] | gpr[GPR_RDX] << 32;
	u32 msr = gpr[GPR_RCX];
	u64 *own = own_msr(g, msr);
	enum action action = own ? VIRTUAL : action_of(g, msr, true);

	if (own)
		*own = value;
	else if (action == VIRTUAL)
		action = write_virtual(g, msr, value);
	else if (action == APIC)
		action = write_apic(g, msr, value);
	return finish(g, action, length, MODEL_EXIT_WRMSR);
}
