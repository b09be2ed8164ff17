// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Secure EPT: entries, walks, and the checks that all MEM leaves share.
 * Source: TDX Module ABI 1.5, "Secure EPT", TDH.MEM.*.
 */
#include <linux/string.h>

#include "sept.h"

/* "Secure EPT states", as RDX 15:8 tells them. */
static const u8 sept_public[SEPT_STATES] = {
	[SEPT_FREE] = 0,
	[SEPT_BLOCKED] = 1,
	[SEPT_PENDING] = 2,
	[SEPT_PENDING_BLOCKED] = 3,
	[SEPT_MAPPED] = 4,
	[SEPT_NL_BLOCKED] = 129,
	[SEPT_NL_MAPPED] = 132,
};

/* A guest's access to a page that is PENDING may end in #VE, to no other. */
u64 model_sept_entry(enum model_sept_state state, u64 hpa)
{
	u64 entry = (u64)state << SEPT_STATE_SHIFT | hpa;

	switch (state) {
	case SEPT_MAPPED:
		return entry | SEPT_LEAF_BITS | SEPT_RWX | SEPT_SVE;
	case SEPT_BLOCKED:
	case SEPT_PENDING_BLOCKED:
		return entry | SEPT_LEAF_BITS | SEPT_SVE;
	case SEPT_PENDING:
		return entry | SEPT_LEAF_BITS;
	case SEPT_NL_MAPPED:
		return entry | SEPT_RWX;
	case SEPT_NL_BLOCKED:
		return entry;
	default:
		return MODEL_SEPT_FREE;
	}
}

u64 model_sept_with_state(u64 entry, enum model_sept_state state)
{
	return model_sept_entry(state, entry & SEPT_HPA);
}

bool model_gpa_private(const struct model_td *td, u64 gpa)
{
	return !(gpa >> (td->config_flags & CONFIG_GPAW ? 51 : 47));
}

bool model_gpa_level(u64 rcx, unsigned int min, unsigned int max,
		     u64 *gpa, unsigned int *level)
{
	*level = rcx & 7;
	*gpa = rcx & SEPT_HPA;
	if (rcx & ~(SEPT_HPA | 7))
		return false;
	if (*level < min || *level > max)
		return false;
	return !(*gpa & (model_sept_level_size(*level) - 1));
}

static void read_entry(struct model_walk *w, u64 table, unsigned int level)
{
	w->level = level;
	w->pa = table + 8 * (w->gpa >> (12 + 9 * level) & 511);
	w->entry = model_get64(w->m, w->td->keyid, w->pa) & ~SEPT_LOCK;
}

/* A table is where the parent says only as long as it is a SEPT page of ours. */
static bool is_table(struct model_walk *w, u64 pa)
{
	const struct model_page *p = model_page_slot(w->m, pa, false);

	return p && model_load(&p->type) == MODEL_PT_EPT &&
	       p->owner == model_td_pa(w->td);
}

bool model_sept_walk(struct model_walk *w, unsigned int level)
{
	read_entry(w, w->td->tdcx_pa[MODEL_SEPT_ROOT_TDCX], w->td->top);
	while (w->level > level) {
		enum model_sept_state state = model_sept_state(w->entry);
		u64 table = w->entry & SEPT_HPA;

		if (state != SEPT_NL_MAPPED && state != SEPT_NL_BLOCKED)
			return false;
		if (!is_table(w, table)) {
			/* Somebody wrote into a SEPT page. */
			model_store(&w->td->fatal, true);
			return false;
		}
		read_entry(w, table, w->level - 1);
	}
	return true;
}

bool model_sept_lock(struct model_walk *w)
{
	u64 old = w->entry;

	w->locked = model_cas64(w->m, w->td->keyid, w->pa, &old,
				old | SEPT_LOCK);
	return w->locked;
}

void model_sept_set(struct model_walk *w, u64 entry)
{
	model_put64(w->m, w->td->keyid, w->pa, entry);
	w->entry = entry;
	w->locked = false;
}

void model_sept_info(const struct model_walk *w, struct model_regs *out)
{
	enum model_sept_state state = model_sept_state(w->entry);
	u64 bits = w->entry & ~SEPT_STATE;

	/* Where tables are is nobody's business. */
	if (state == SEPT_NL_MAPPED || state == SEPT_NL_BLOCKED)
		bits &= SEPT_RWX | SEPT_LEAF;
	out->rcx = bits;
	out->rdx = w->level |
		   (u64)(state < SEPT_STATES ? sept_public[state] : 0) << 8;
}

u64 model_mem_status(enum tdx_status status, const struct model_walk *w,
		     struct model_regs *out)
{
	model_sept_info(w, out);
	return (u64)status | TDX_OPERAND_RCX;
}

static bool lock_tree(struct model_mem *mem, bool exclusive)
{
	struct model_lock *l = &mem->ref.td->sept_lock;

	if (!(exclusive ? model_try_exclusive(l) : model_try_shared(l)))
		return false;
	mem->w.tree = exclusive ? 2 : 1;
	return true;
}

void model_mem_end(struct model_mem *mem)
{
	if (mem->w.locked)
		model_sept_set(&mem->w, mem->w.entry);
	if (mem->w.tree == 2)
		model_unlock_exclusive(&mem->ref.td->sept_lock);
	else if (mem->w.tree)
		model_unlock_shared(&mem->ref.td->sept_lock);
	model_td_put(&mem->ref);
}

static u64 walk(const struct model_mem_leaf *l, const struct model_regs *in,
		struct model_regs *out, struct model_mem *mem)
{
	unsigned int level, max = l->max;

	if (max == MODEL_TOP)
		max = mem->ref.td->top;
	if (!model_gpa_level(in->rcx, l->min, max, &mem->w.gpa, &level))
		return OPERAND_INVALID(RCX);
	if (!model_gpa_private(mem->ref.td, mem->w.gpa))
		return OPERAND_INVALID(RCX);
	/* Who holds the TDR exclusively is alone with the tree. */
	if (!l->tdr_exclusive && !lock_tree(mem, l->tree_exclusive))
		return OPERAND_BUSY(SEPT_TREE);
	if (!model_sept_walk(&mem->w, level))
		return model_mem_status(TDX_ST_EPT_WALK_FAILED, &mem->w, out);
	return 0;
}

u64 model_mem_walk(struct model *m, const struct model_mem_leaf *l,
		   const struct model_regs *in, struct model_regs *out,
		   struct model_mem *mem)
{
	u64 flags = in->rdx & (0xfffULL << 52 | 0xfff);
	u64 status;

	memset(mem, 0, sizeof(*mem));
	if (l->rdx_flags && flags & ~(u64)l->rdx_flags)
		return OPERAND_INVALID(RDX);
	status = model_td_get(m, in->rdx & ~(u64)l->rdx_flags,
			      TDX_OPERAND_RDX, l->tdr_exclusive, l->leaf,
			      &mem->ref);
	if (status)
		return status;
	mem->w.m = m;
	mem->w.td = mem->ref.td;
	status = in->rdx & l->debug_flags &&
		 !(mem->ref.td->attributes & ATTR_DEBUG) ?
		 OPERAND_INVALID(RDX) : walk(l, in, out, mem);
	if (status)
		model_mem_end(mem);
	return status;
}

u64 model_mem_entry(const struct model_mem_leaf *l, struct model_regs *out,
		    struct model_mem *mem)
{
	if (!model_sept_lock(&mem->w)) {
		model_sept_info(&mem->w, out);
		return OPERAND_BUSY(RCX);
	}
	if (!(l->states & SEPT_S(model_sept_state(mem->w.entry))))
		return model_mem_status(TDX_ST_EPT_ENTRY_STATE_INCORRECT,
					&mem->w, out);
	return 0;
}

u64 model_mem_begin(struct model *m, const struct model_mem_leaf *l,
		    const struct model_regs *in, struct model_regs *out,
		    struct model_mem *mem)
{
	u64 status = model_mem_walk(m, l, in, out, mem);

	if (status)
		return status;
	status = model_mem_entry(l, out, mem);
	if (status)
		model_mem_end(mem);
	return status;
}

/*
 * "TLB Tracking": nobody can be inside the TD who came before the entry was
 * blocked in epoch @bepoch.
 */
bool model_tracked(const struct model_td *td, u64 bepoch)
{
	u64 epoch = model_load(&td->epoch);

	return epoch > bepoch + 1 ||
	       (epoch == bepoch + 1 && !model_load(&td->inside[bepoch & 1]));
}

/* Before TDH.MR.FINALIZE nobody can have a translation cached. */
u64 model_mem_tracked(const struct model_mem *mem,
		      const struct model_pamt *page, struct model_regs *out)
{
	enum model_sept_state state = model_sept_state(mem->w.entry);

	if (mem->ref.td->op_state != MODEL_OP_RUNNABLE || state == SEPT_FREE)
		return 0;
	if (state != SEPT_BLOCKED && state != SEPT_PENDING_BLOCKED &&
	    state != SEPT_NL_BLOCKED)
		return model_mem_status(TDX_ST_GPA_RANGE_NOT_BLOCKED, &mem->w,
					out);
	if (!model_tracked(mem->ref.td, page->page->bepoch))
		return (u64)TDX_ST_TLB_TRACKING_NOT_DONE | TDX_OPERAND_RCX;
	return 0;
}
