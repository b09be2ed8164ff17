// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest behind TDH.VP.ENTER: it runs the x86 code that lies in its private
 * memory, and asks the TDX module by TDCALL.
 * Source: TDX Module ABI 1.5, "Guest-Side (TDCALL) Interface".
 */
#include <linux/string.h>

#include "x86.h"

/* The host's next interrupt comes after so many instructions at the latest. */
#define MAX_STEPS	4096

#define TDG_VP_VMCALL		0
#define TDG_VP_INFO		1
#define TDG_VP_VEINFO_GET	3
#define TDG_MEM_PAGE_ACCEPT	6

/* Registers that hardware keeps to itself must not be asked for. */
static bool vmcall_mask_ok(const struct model_td *td, u64 mask)
{
	u64 never = 1U << GPR_RAX | 1U << GPR_RCX | 1U << GPR_RSP;

	if (td->config_flags & CONFIG_NO_RBP_MOD)
		never |= 1U << GPR_RBP;
	return !(mask >> 32) && !(mask & never);
}

static void vp_info(const struct model_guest *g)
{
	u64 *r = g->v->cpu.gpr;

	r[GPR_RCX] = g->td->config_flags & CONFIG_GPAW ? 52 : 48;
	r[GPR_RDX] = g->td->attributes;
	r[GPR_R8] = model_load(&g->td->vcpus) | (u64)g->td->max_vcpus << 32;
	r[GPR_R9] = g->v->index;
	r[GPR_R10] = 1;		/* TDG.SYS.RD is there */
	r[GPR_R11] = 0;
	r[GPR_RAX] = TDX_ST_SUCCESS;
}

static void veinfo_get(struct model_vcpu *v)
{
	static const u8 to[] = { GPR_RCX, GPR_RDX, GPR_R8, GPR_R9, GPR_R10 };
	unsigned int i;

	for (i = 0; i < 5; i++)
		v->cpu.gpr[to[i]] = v->ve_valid ? v->ve[i] : 0;
	v->cpu.gpr[GPR_RAX] = v->ve_valid ? TDX_ST_SUCCESS :
					TDX_ST_NO_VALID_VE_INFO;
	v->ve_valid = false;
}

/* The instruction is over when the host comes back. */
static enum model_step vmcall(struct model_guest *g)
{
	if (!vmcall_mask_ok(g->td, g->v->cpu.gpr[GPR_RCX])) {
		g->v->cpu.gpr[GPR_RAX] = OPERAND_INVALID(RCX);
		return MODEL_STEP_NEXT;
	}
	g->e->reason = MODEL_EXIT_TDCALL;
	return MODEL_STEP_EXIT;
}

enum model_step model_guest_tdcall(struct model_guest *g)
{
	u64 *r = g->v->cpu.gpr, status = 0;
	enum model_step step;

	switch (r[GPR_RAX]) {
	case TDG_VP_VMCALL:
		return vmcall(g);
	case TDG_VP_INFO:
		vp_info(g);
		return MODEL_STEP_NEXT;
	case TDG_VP_VEINFO_GET:
		veinfo_get(g->v);
		return MODEL_STEP_NEXT;
	case TDG_MEM_PAGE_ACCEPT:
		step = model_guest_accept(g, r[GPR_RCX], &status);
		/* On an exit the leaf number stays, for it is done again. */
		if (step == MODEL_STEP_NEXT)
			r[GPR_RAX] = status;
		return step;
	default:
		r[GPR_RAX] = OPERAND_INVALID(RAX);
		return MODEL_STEP_NEXT;
	}
}

enum model_step model_guest_ve(struct model_guest *g, const u64 info[5])
{
	struct model_vcpu *v = g->v;

	if (v->ve_valid)
		return model_x86_raise(g, X86_DF_VECTOR, 0);
	v->ve_valid = true;
	memcpy(v->ve, info, sizeof(v->ve));
	return model_x86_raise(g, X86_VE, 0);
}

/* As much of the next instruction as it takes to know it. */
static enum model_step fetch(struct model_guest *g, u8 *code, unsigned int *n,
			     struct model_x86_insn *insn)
{
	const struct model_cpu *c = &g->v->cpu;
	enum model_x86_decoded decoded;
	enum model_step step;
	unsigned int more;

	step = model_x86_fetch(g, c->rip, code, X86_MAX_LENGTH, n);
	if (step != MODEL_STEP_NEXT)
		return step;
	decoded = model_x86_decode(code, *n, c->code64, insn);
	/* It goes on in the next page. */
	if (decoded == X86_SHORT && *n < X86_MAX_LENGTH) {
		step = model_x86_fetch(g, c->rip + *n, code + *n,
				       X86_MAX_LENGTH - *n, &more);
		if (step != MODEL_STEP_NEXT)
			return step;
		*n += more;
		decoded = model_x86_decode(code, *n, c->code64, insn);
	}
	return decoded == X86_DECODED ? MODEL_STEP_NEXT : MODEL_STEP_UNKNOWN;
}

/*
 * An instruction that is not there must not look like one that the guest should
 * not have executed: it is counted as a refused leaf is.
 */
static void tell_unknown(struct model_guest *g, const u8 *code, unsigned int n)
{
	struct env_unknown u = {
		.code = code, .n = n, .rip = g->v->cpu.rip,
		.rax = g->v->cpu.gpr[GPR_RAX], .rcx = g->v->cpu.gpr[GPR_RCX],
		.vector = g->v->event ? g->v->vector : -1,
	};

	__atomic_add_fetch(&g->m->refused, 1, __ATOMIC_RELAXED);
	model_store(&g->m->refused_leaf, TDH_VP_ENTER);
	env_guest_unknown(&u);
}

/* An instruction, or the delivery of the exception that the last one met. */
static enum model_step step(struct model_guest *g)
{
	u8 code[X86_MAX_LENGTH];
	struct model_x86_insn insn;
	enum model_step step;
	unsigned int n = 0;

	if (g->v->event) {
		step = model_x86_deliver(g);
	} else {
		step = fetch(g, code, &n, &insn);
		if (step == MODEL_STEP_NEXT)
			step = model_x86_execute(g, &insn);
	}
	if (step == MODEL_STEP_UNKNOWN)
		tell_unknown(g, code, n);
	return step;
}

void model_guest_run(struct model *m, unsigned int lp, struct model_td *td,
		     struct model_vcpu *v, struct model_exit *e)
{
	struct model_guest g = { m, lp, td, v, e };
	unsigned int i;

	for (i = 0; i < MAX_STEPS; i++) {
		if (model_dry(&m->lp[lp].interrupts))
			break;
		if (model_dry(&m->lp[lp].nmis)) {
			e->reason = MODEL_EXIT_EXCEPTION_NMI;
			e->interruption = MODEL_INTERRUPTION_NMI;
			return;
		}
		switch (step(&g)) {
		case MODEL_STEP_NEXT:
		case MODEL_STEP_EXCEPTION:
			continue;
		case MODEL_STEP_EXIT:
			return;
		case MODEL_STEP_SHUTDOWN:
		case MODEL_STEP_UNKNOWN:
			break;
		}
		e->status = TDX_ST_NON_RECOVERABLE_VCPU;
		e->reason = MODEL_EXIT_TRIPLE_FAULT;
		return;
	}
	e->reason = MODEL_EXIT_INTERRUPT;
}
