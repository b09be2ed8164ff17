// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest behind TDH.VP.ENTER: it runs the program that lies in its private
 * memory, in the format of guest.h.
 * Source: TDX Module ABI 1.5, "Guest-Side (TDCALL) Interface".
 */
#include <linux/string.h>

#include "guest.h"

/* The host's next interrupt comes after so many instructions at the latest. */
#define MAX_STEPS	4096

#define TDG_VP_VMCALL		0
#define TDG_VP_INFO		1
#define TDG_VP_VEINFO_GET	3
#define TDG_MEM_PAGE_ACCEPT	6

struct word {
	u8 op, a, b;
	u64 n;			/* sign-extended */
};

static bool decode(u64 raw, struct word *w)
{
	w->op = raw;
	w->a = raw >> 8;
	w->b = raw >> 16;
	w->n = (s64)raw >> 32;
	return !(raw >> 24 & 0xff) && w->a < GPR_COUNT && w->b < GPR_COUNT;
}

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
	u64 *r = g->v->gpr;

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
		v->gpr[to[i]] = v->ve_valid ? v->ve[i] : 0;
	v->gpr[GPR_RAX] = v->ve_valid ? TDX_ST_SUCCESS :
					TDX_ST_NO_VALID_VE_INFO;
	v->ve_valid = false;
}

/* The instruction is over when the host comes back. */
static enum model_step vmcall(struct model_guest *g)
{
	if (!vmcall_mask_ok(g->td, g->v->gpr[GPR_RCX])) {
		g->v->gpr[GPR_RAX] = OPERAND_INVALID(RCX);
		return MODEL_STEP_NEXT;
	}
	g->v->rip += 8;
	g->e->reason = MODEL_EXIT_TDCALL;
	return MODEL_STEP_EXIT;
}

static enum model_step tdcall(struct model_guest *g)
{
	u64 *r = g->v->gpr, status = 0;
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

/* HLT itself is #VE in a TD; this is what its handler does about it. */
static enum model_step hlt(struct model_guest *g)
{
	u64 *r = g->v->gpr;

	r[GPR_RCX] = 0xfc00;
	memset(&r[GPR_R10], 0, 6 * sizeof(*r));
	r[GPR_R11] = GUEST_VMCALL_HLT;
	return vmcall(g);
}

/* The word after this one, and past it. */
static enum model_step operand(struct model_guest *g, u64 *value)
{
	enum model_step step = model_guest_access(g, g->v->rip + 8,
						  MODEL_EQ_FETCH, value);

	if (step == MODEL_STEP_NEXT)
		g->v->rip += 8;
	return step;
}

static enum model_step execute(struct model_guest *g, const struct word *w)
{
	struct model_vcpu *v = g->v;
	u64 *a = &v->gpr[w->a], *b = &v->gpr[w->b];
	enum model_step step = MODEL_STEP_NEXT;
	u64 value;

	switch (w->op) {
	case GUEST_OP_SET:
		step = operand(g, &value);
		if (step == MODEL_STEP_NEXT)
			*a = value;
		break;
	case GUEST_OP_MOV:
		*a = *b;
		break;
	case GUEST_OP_ADD:
		*a += w->n;
		break;
	case GUEST_OP_LOAD:
		step = model_guest_access(g, *b + w->n, MODEL_EQ_READ, &value);
		if (step == MODEL_STEP_NEXT)
			*a = value;
		break;
	case GUEST_OP_STORE:
		step = model_guest_access(g, *b + w->n, MODEL_EQ_WRITE, a);
		break;
	case GUEST_OP_JMP:
		step = operand(g, &value);
		if (step == MODEL_STEP_NEXT)
			v->rip = value - 8;
		break;
	case GUEST_OP_BNZ:
		v->rip += *a ? 8 * w->n : 0;
		break;
	case GUEST_OP_BZ:
		v->rip += *a ? 0 : 8 * w->n;
		break;
	case GUEST_OP_TDCALL:
		return tdcall(g);
	case GUEST_OP_HLT:
		return hlt(g);
	case GUEST_OP_ON_VE:
		step = operand(g, &value);
		if (step == MODEL_STEP_NEXT)
			v->ve_handler = value;
		break;
	case GUEST_OP_IRET:
		v->rip = v->ve_return - 8;
		break;
	default:
		return MODEL_STEP_FAULT;
	}
	return step;
}

static enum model_step step(struct model_guest *g)
{
	enum model_step result;
	struct word w;
	u64 raw, rip = g->v->rip;

	result = model_guest_access(g, rip, MODEL_EQ_FETCH, &raw);
	if (result != MODEL_STEP_NEXT)
		return result;
	if (!decode(raw, &w))
		return MODEL_STEP_FAULT;
	result = execute(g, &w);
	if (result == MODEL_STEP_NEXT)
		g->v->rip += 8;
	/* What did not happen is done again, unless the host finished it. */
	else if (g->e->reason != MODEL_EXIT_TDCALL)
		g->v->rip = rip;
	return result;
}

static bool take_ve(struct model_vcpu *v)
{
	if (!v->ve_handler)
		return false;
	v->ve_return = v->rip;
	v->rip = v->ve_handler;
	return true;
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
			continue;
		case MODEL_STEP_VE:
			if (take_ve(v))
				continue;
			break;
		case MODEL_STEP_EXIT:
			return;
		case MODEL_STEP_FAULT:
			break;
		}
		/* Nobody handles faults here: the guest shuts down. */
		e->status = TDX_ST_NON_RECOVERABLE_VCPU;
		e->reason = MODEL_EXIT_TRIPLE_FAULT;
		return;
	}
	e->reason = MODEL_EXIT_INTERRUPT;
}
