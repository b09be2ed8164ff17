// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest's memory: accesses through the Secure EPT, TDG.MEM.PAGE.ACCEPT.
 * Source: TDX Module ABI 1.5, TDG.MEM.PAGE.ACCEPT, "EPT Violations"; SDM,
 * "Exit Qualification for EPT Violations".
 *
 * Nothing is cached from one access to the next.
 */
#include "guest.h"

#define EEQ_REQUESTED_LEVEL	32
#define EEQ_LEVEL		35
#define EEQ_STATE		38
#define EEQ_LEAF		46

unsigned int model_gpa_bits(const struct model_td *td)
{
	return td->config_flags & CONFIG_GPAW ? 52 : 48;
}

static u64 qualification(const struct model_access *a)
{
	return a->access | a->rights << MODEL_EQ_RIGHTS | MODEL_EQ_GLA_VALID |
	       (a->walk ? 0 : MODEL_EQ_NOT_PAGE_WALK);
}

enum model_step model_guest_violation(struct model_guest *g,
				      const struct model_access *a,
				      u64 extended)
{
	g->e->reason = MODEL_EXIT_EPT_VIOLATION;
	g->e->qualification = qualification(a);
	g->e->extended = extended;
	/* Which bytes of a private page is nothing to the host. */
	g->e->gpa = model_gpa_private(g->td, a->gpa) ? a->gpa & SEPT_HPA :
						       a->gpa;
	return MODEL_STEP_EXIT;
}

enum model_step model_guest_violation_ve(struct model_guest *g,
					 const struct model_access *a)
{
	/* No instruction caused it, so there is no length. */
	const u64 info[5] = {
		MODEL_EXIT_EPT_VIOLATION, qualification(a), a->gla, a->gpa,
	};

	return model_guest_ve(g, info);
}

/* The guest asked for #VE where it should accept a page first. */
static enum model_step pending(struct model_guest *g,
			       const struct model_access *a)
{
	if (g->td->attributes & ATTR_SEPT_VE_DISABLE ||
	    g->td->td_ctls & TD_CTLS_PENDING_VE_DISABLE)
		return model_guest_violation(g, a, MODEL_EEQ_PENDING);
	return model_guest_violation_ve(g, a);
}

/* The entry leads to a page of this TD, and not where a stray write made it. */
static bool page_is_ours(struct model_guest *g, u64 pa)
{
	const struct model_page *p = model_page_slot(g->m,
						     pa & ~(MODEL_PAGE - 1),
						     false);

	return p && model_load(&p->watched) && p->key == g->td->keyid;
}

enum model_step model_guest_pa(struct model_guest *g, struct model_access *a,
			       u64 *pa)
{
	struct model_walk w = { .m = g->m, .td = g->td, .gpa = a->gpa };

	if (!model_gpa_private(g->td, a->gpa))
		return model_shared_pa(g, a, pa);
	a->rights = 0;
	model_sept_walk(&w, 0);
	if (model_sept_state(w.entry) == SEPT_PENDING)
		return pending(g, a);
	if (model_sept_state(w.entry) != SEPT_MAPPED)
		return model_guest_violation(g, a, 0);
	*pa = (w.entry & SEPT_HPA) +
	      (a->gpa & (model_sept_level_size(w.level) - 1));
	if (!page_is_ours(g, *pa)) {
		g->e->status = TDX_ST_NON_RECOVERABLE_TD;
		return model_guest_violation(g, a, 0);
	}
	a->rights = SEPT_RWX;
	return MODEL_STEP_NEXT;
}

void model_guest_load(struct model_guest *g, u64 pa, void *buf, size_t len)
{
	if (pa & MODEL_PA_SHARED)
		model_read(g->m, pa & ~MODEL_PA_SHARED, buf, len);
	else
		model_get(g->m, g->td->keyid, pa, buf, len);
}

bool model_guest_own(struct model_guest *g, u64 pa)
{
	return g->td->interpreted || pa & MODEL_PA_SHARED ||
	       model_plain_page(g->m, g->td->keyid, pa & ~(MODEL_PAGE - 1));
}

void model_guest_store(struct model_guest *g, u64 pa, u64 mask, u64 value)
{
	u64 at = pa & ~MODEL_PA_SHARED, old, new;
	unsigned int tries;
	bool done;

	model_guest_load(g, pa, &old, sizeof(old));
	/* Another VCPU may change the rest of the word meanwhile. */
	for (tries = 0; tries < 1000; tries++) {
		new = (old & ~mask) | (value & mask);
		done = pa & MODEL_PA_SHARED ? env_cas_phys(at, &old, new) :
		       model_cas64(g->m, g->td->keyid, at, &old, new);
		if (done)
			return;
	}
}

/* The host is to make the page as it was asked for; then this is repeated. */
static enum model_step accept_violation(struct model_guest *g,
					const struct model_walk *w,
					unsigned int level)
{
	const struct model_access a = {
		.gpa = w->gpa, .access = MODEL_EQ_WRITE,
	};
	struct model_regs info = { 0 };

	model_sept_info(w, &info);
	return model_guest_violation(g, &a, MODEL_EEQ_ACCEPT |
				     (u64)level << EEQ_REQUESTED_LEVEL |
				     (u64)w->level << EEQ_LEVEL |
				     (info.rdx >> 8 & 0xff) << EEQ_STATE |
				     (u64)!!(w->entry & SEPT_LEAF) << EEQ_LEAF);
}

enum model_step model_guest_accept(struct model_guest *g, u64 rcx, u64 *rax)
{
	struct model_walk w = { .m = g->m, .td = g->td };
	enum model_sept_state state;
	unsigned int level;

	*rax = OPERAND_INVALID(RCX);
	if (!model_gpa_level(rcx, 0, 1, &w.gpa, &level) ||
	    !model_gpa_private(g->td, w.gpa))
		return MODEL_STEP_NEXT;
	model_sept_walk(&w, level);
	state = model_sept_state(w.entry);
	if (state == SEPT_MAPPED) {
		*rax = (u64)TDX_ST_PAGE_ALREADY_ACCEPTED | w.level;
		return MODEL_STEP_NEXT;
	}
	if (w.level == level && state == SEPT_NL_MAPPED) {
		*rax = (u64)TDX_ST_PAGE_SIZE_MISMATCH | w.level;
		return MODEL_STEP_NEXT;
	}
	if (w.level != level || state != SEPT_PENDING)
		return accept_violation(g, &w, level);
	if (!model_sept_lock(&w)) {
		*rax = OPERAND_BUSY(RCX);
		return MODEL_STEP_NEXT;
	}
	/* The page has been zeroes since it came to the TD. */
	model_sept_set(&w, model_sept_with_state(w.entry, SEPT_MAPPED));
	*rax = TDX_ST_SUCCESS;
	return MODEL_STEP_NEXT;
}
