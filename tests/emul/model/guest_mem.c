// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest's memory: accesses through the Secure EPT, TDG.MEM.PAGE.ACCEPT.
 * Source: TDX Module ABI 1.5, TDG.MEM.PAGE.ACCEPT, "EPT Violations"; SDM,
 * "Exit Qualification for EPT Violations".
 *
 * Nothing is cached from one access to the next, and the shared EPT is empty:
 * every access to a shared address is an EPT violation.
 */
#include "guest.h"

#define EEQ_REQUESTED_LEVEL	32
#define EEQ_LEVEL		35
#define EEQ_STATE		38
#define EEQ_LEAF		46
#define VE_LENGTH		8	/* of one instruction */

static unsigned int gpa_bits(const struct model_td *td)
{
	return td->config_flags & CONFIG_GPAW ? 52 : 48;
}

static enum model_step violation(struct model_guest *g, u64 gpa, u32 access,
				 u64 permissions, u64 extended)
{
	g->e->reason = MODEL_EXIT_EPT_VIOLATION;
	g->e->qualification = access |
			      permissions << MODEL_EQ_PERMISSIONS_SHIFT |
			      MODEL_EQ_GLA_VALID | MODEL_EQ_NOT_PAGE_WALK;
	g->e->extended = extended;
	/* Which bytes of a private page is nothing to the host. */
	g->e->gpa = model_gpa_private(g->td, gpa) ? gpa & SEPT_HPA : gpa;
	return MODEL_STEP_EXIT;
}

/* The guest asked for #VE where it should accept a page first. */
static enum model_step pending(struct model_guest *g, u64 gpa, u32 access)
{
	struct model_vcpu *v = g->v;

	if (g->td->attributes & ATTR_SEPT_VE_DISABLE)
		return violation(g, gpa, access, 0, MODEL_EEQ_PENDING);
	if (v->ve_valid)
		return MODEL_STEP_FAULT;
	v->ve_valid = true;
	v->ve[0] = MODEL_EXIT_EPT_VIOLATION;
	v->ve[1] = access | MODEL_EQ_GLA_VALID | MODEL_EQ_NOT_PAGE_WALK;
	v->ve[2] = gpa;
	v->ve[3] = gpa;
	v->ve[4] = VE_LENGTH;
	return MODEL_STEP_VE;
}

/* The entry leads to a page of this TD, and not where a stray write made it. */
static bool page_is_ours(struct model_guest *g, u64 pa)
{
	const struct model_page *p = model_page_slot(g->m,
						     pa & ~(MODEL_PAGE - 1),
						     false);

	return p && model_load(&p->watched) && p->key == g->td->keyid;
}

enum model_step model_guest_access(struct model_guest *g, u64 gpa,
				   u32 access, u64 *value)
{
	struct model_walk w = { .m = g->m, .td = g->td, .gpa = gpa };
	u64 pa;

	if (gpa & 7 || gpa >> gpa_bits(g->td))
		return MODEL_STEP_FAULT;
	if (!model_gpa_private(g->td, gpa))
		return violation(g, gpa, access, 0, 0);
	model_sept_walk(&w, 0);
	if (model_sept_state(w.entry) == SEPT_PENDING)
		return pending(g, gpa, access);
	if (model_sept_state(w.entry) != SEPT_MAPPED)
		return violation(g, gpa, access, 0, 0);
	pa = (w.entry & SEPT_HPA) +
	     (gpa & (model_sept_level_size(w.level) - 1));
	if (!page_is_ours(g, pa)) {
		g->e->status = TDX_ST_NON_RECOVERABLE_TD;
		return violation(g, gpa, access, 0, 0);
	}
	if (access == MODEL_EQ_WRITE)
		model_put64(g->m, g->td->keyid, pa, *value);
	else
		*value = model_get64(g->m, g->td->keyid, pa);
	return MODEL_STEP_NEXT;
}

/* The host is to make the page as it was asked for; then this is repeated. */
static enum model_step accept_violation(struct model_guest *g,
					const struct model_walk *w,
					unsigned int level)
{
	struct model_regs info = { 0 };

	model_sept_info(w, &info);
	return violation(g, w->gpa, MODEL_EQ_WRITE, 0,
			 MODEL_EEQ_ACCEPT |
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
