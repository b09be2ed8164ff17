// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest behind TDH.VP.ENTER: it runs the x86 code that lies in its private
 * memory, and asks the TDX module by TDCALL.
 * Source: TDX Module ABI 1.5, "Guest-Side (TDCALL) Interface".
 */
#include <linux/string.h>

#include "engine.h"
#include "x86.h"

/* The host's next interrupt comes after so many instructions at the latest. */
#define MAX_STEPS	4096

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

static void tell_unknown(struct model_guest *g, const u8 *code, unsigned int n)
{
	struct env_unknown u = {
		.code = code, .n = n, .rip = g->v->cpu.rip,
		.rax = g->v->cpu.gpr[GPR_RAX], .rcx = g->v->cpu.gpr[GPR_RCX],
		.vector = g->v->event ? g->v->vector : -1,
	};

	env_guest_unknown(&u);
}

/* An instruction, or the delivery of an exception or interrupt. */
static enum model_step interpret(struct model_guest *g)
{
	u8 code[X86_MAX_LENGTH];
	struct model_cpu *c = &g->v->cpu;
	struct model_x86_insn insn;
	enum model_step step;
	unsigned int n = 0;

	/* No other event waits, and the interpreter looks again in any case. */
	if (!g->v->event)
		model_apic_inject(g, c->masked, c->nmi_masked);
	if (g->v->event) {
		step = model_x86_deliver(g);
	} else {
		c->masked = false;
		step = fetch(g, code, &n, &insn);
		if (step == MODEL_STEP_NEXT)
			step = model_x86_execute(g, &insn);
	}
	if (step == MODEL_STEP_UNKNOWN)
		tell_unknown(g, code, n);
	return step;
}

static enum model_step step(struct model_guest *g)
{
	return g->td->interpreted ? interpret(g) : g->m->engine->step(g);
}

/*
 * What is not there must not look like what the guest should not have done: it
 * is counted as a refused leaf is.
 */
static void refuse(struct model_guest *g)
{
	__atomic_add_fetch(&g->m->refused, 1, __ATOMIC_RELAXED);
	model_store(&g->m->refused_leaf, TDH_VP_ENTER);
}

static void run_steps(struct model_guest *g)
{
	struct model_lp *lp = &g->m->lp[g->lp];
	unsigned int i;

	model_apic_sync(g);
	for (i = 0; i < MAX_STEPS; i++) {
		if (model_dry(&lp->interrupts))
			break;
		if (model_dry(&lp->nmis)) {
			g->e->reason = MODEL_EXIT_EXCEPTION_NMI;
			g->e->interruption = MODEL_INTERRUPTION_NMI;
			return;
		}
		switch (step(g)) {
		case MODEL_STEP_NEXT:
		case MODEL_STEP_EXCEPTION:
			continue;
		case MODEL_STEP_EXIT:
			/* Of the interrupt that notifies there is an exit, too. */
			if (g->e->reason == MODEL_EXIT_INTERRUPT)
				model_apic_sync(g);
			return;
		case MODEL_STEP_UNKNOWN:
			refuse(g);
			break;
		case MODEL_STEP_SHUTDOWN:
			break;
		}
		g->e->status = TDX_ST_NON_RECOVERABLE_VCPU;
		g->e->reason = MODEL_EXIT_TRIPLE_FAULT;
		return;
	}
	g->e->reason = MODEL_EXIT_INTERRUPT;
}

void model_guest_run(struct model *m, unsigned int lp, struct model_td *td,
		     struct model_vcpu *v, struct model_exit *e)
{
	struct model_guest g = { m, lp, td, v, e };

	if (td->interpreted) {
		run_steps(&g);
		return;
	}
	if (m->engine->enter(&g)) {
		run_steps(&g);
		m->engine->leave(&g);
		return;
	}
	refuse(&g);
	e->status = TDX_ST_NON_RECOVERABLE_VCPU;
	e->reason = MODEL_ENTRY_FAILED;
}
