// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses that a guest shares with its VMM: the way through the tables that
 * the VMM keeps itself and has named by TDH.VP.WR.  They are read afresh on
 * each access; what an LP has cached of them is the engine's.
 * Source: SDM 3C, "EPT Translation Mechanism"; TDX Module Base spec, "Shared
 * EPT".
 */
#include "guest.h"

#define EPT_LARGE	(1ULL << 7)

/* An LP that meets a present page there needs all its rights on the way. */
static u64 walk_shared(struct model_guest *g, struct model_access *a)
{
	u64 table = g->v->shared_eptp, entry = 0;
	unsigned int level = g->td->top;

	a->rights = SEPT_RWX;
	for (;; level--) {
		model_read(g->m, table + 8 * (a->gpa >> (12 + 9 * level) & 511),
			   &entry, sizeof(entry));
		a->rights &= entry;
		if (!(entry & SEPT_RWX) || !level ||
		    (level < 3 && entry & EPT_LARGE))
			break;
		table = entry & SEPT_HPA;
	}
	a->level = level;
	return entry;
}

/*
 * Where there are no tables, or an entry that suppresses #VE is in the way, it
 * is the host's to do something; else the guest is to ask for it.
 */
enum model_step model_shared_pa(struct model_guest *g, struct model_access *a,
				u64 *pa)
{
	u64 entry, size;

	if (!g->v->shared_eptp) {
		a->rights = 0;
		return model_guest_violation(g, a, 0);
	}
	entry = walk_shared(g, a);
	if (a->access & ~a->rights)
		return entry & SEPT_SVE ? model_guest_violation(g, a, 0) :
					  model_guest_violation_ve(g, a);
	size = model_sept_level_size(a->level);
	*pa = ((entry & SEPT_HPA & ~(size - 1)) | (a->gpa & (size - 1))) |
	      MODEL_PA_SHARED;
	return MODEL_STEP_NEXT;
}
