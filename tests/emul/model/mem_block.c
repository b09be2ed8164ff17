// SPDX-License-Identifier: GPL-2.0-only
/*
 * Translations are withdrawn: TDH.MEM.RANGE.BLOCK, UNBLOCK and TRACK.
 * Source: TDX Module ABI 1.5, the leaves of these names, "TLB Tracking".
 */
#include "sept.h"

static const u8 blocked[SEPT_STATES] = {
	[SEPT_MAPPED] = SEPT_BLOCKED,
	[SEPT_PENDING] = SEPT_PENDING_BLOCKED,
	[SEPT_NL_MAPPED] = SEPT_NL_BLOCKED,
};

static const u8 unblocked[SEPT_STATES] = {
	[SEPT_BLOCKED] = SEPT_MAPPED,
	[SEPT_PENDING_BLOCKED] = SEPT_PENDING,
	[SEPT_NL_BLOCKED] = SEPT_NL_MAPPED,
};

/* The PAMT entry of what an entry points at. */
static u64 lock_target(struct model *m, const struct model_walk *w,
		       struct model_pamt *page)
{
	bool leaf = w->entry & SEPT_LEAF;

	return model_pamt_lock(m, w->entry & SEPT_HPA, TDX_OPERAND_RCX,
			       leaf ? MODEL_PT_REG : MODEL_PT_EPT,
			       leaf ? w->level : MODEL_4K, false, page);
}

static u64 block(struct model *m, struct model_mem *mem,
		 struct model_regs *out)
{
	enum model_sept_state state = model_sept_state(mem->w.entry);
	struct model_pamt page;
	u64 status;

	if (unblocked[state])
		return model_mem_status(TDX_ST_GPA_RANGE_ALREADY_BLOCKED,
					&mem->w, out);
	if (!blocked[state])
		return model_mem_status(TDX_ST_EPT_ENTRY_STATE_INCORRECT,
					&mem->w, out);
	status = lock_target(m, &mem->w, &page);
	if (status)
		return status;
	page.page->bepoch = model_load(&mem->ref.td->epoch);
	model_sept_set(&mem->w, model_sept_with_state(mem->w.entry,
						      blocked[state]));
	model_pamt_unlock(&page);
	return 0;
}

u64 model_mem_range_block(struct model *m, unsigned int lp,
			  const struct model_regs *in, struct model_regs *out)
{
	static const struct model_mem_leaf leaf = {
		.leaf = TDH_MEM_RANGE_BLOCK, .max = MODEL_TOP,
		.tree_exclusive = true, .states = 0xff,
	};
	struct model_mem mem;
	u64 status = model_mem_begin(m, &leaf, in, out, &mem);

	if (status)
		return status;
	status = block(m, &mem, out);
	model_mem_end(&mem);
	return status;
}

static u64 unblock(struct model *m, struct model_mem *mem)
{
	enum model_sept_state state = model_sept_state(mem->w.entry);
	struct model_pamt page;
	u64 status = lock_target(m, &mem->w, &page);

	if (status)
		return status;
	/* Asked in every OP_STATE, and told with another operand's id. */
	if (!model_tracked(mem->ref.td, page.page->bepoch))
		status = (u64)TDX_ST_TLB_TRACKING_NOT_DONE |
			 TDX_OPERAND_SEPT_TREE;
	else
		model_sept_set(&mem->w,
			       model_sept_with_state(mem->w.entry,
						     unblocked[state]));
	model_pamt_unlock(&page);
	return status;
}

u64 model_mem_range_unblock(struct model *m, unsigned int lp,
			    const struct model_regs *in,
			    struct model_regs *out)
{
	static const struct model_mem_leaf leaf = {
		.leaf = TDH_MEM_RANGE_UNBLOCK, .max = MODEL_TOP,
		.tree_exclusive = true,
		.states = SEPT_S(SEPT_BLOCKED) | SEPT_S(SEPT_NL_BLOCKED) |
			  SEPT_S(SEPT_PENDING_BLOCKED),
	};
	struct model_mem mem;
	u64 status = model_mem_begin(m, &leaf, in, out, &mem);

	if (status)
		return status;
	status = unblock(m, &mem);
	model_mem_end(&mem);
	return status;
}

static u64 track(struct model_td *td)
{
	u64 status = TDX_ST_SUCCESS;

	if (!model_try_exclusive(&td->epoch_lock))
		return OPERAND_BUSY(TD_EPOCH);
	/* The counter of the next epoch is that of the one before. */
	if (model_load(&td->inside[(td->epoch + 1) & 1]))
		status = TDX_ST_PREVIOUS_TLB_EPOCH_BUSY;
	else
		model_store(&td->epoch, td->epoch + 1);
	model_unlock_exclusive(&td->epoch_lock);
	return status;
}

u64 model_mem_track(struct model *m, unsigned int lp,
		    const struct model_regs *in, struct model_regs *out)
{
	struct model_td_ref ref;
	u64 status = model_td_get(m, in->rcx, TDX_OPERAND_RCX, false,
				  TDH_MEM_TRACK, &ref);

	if (status)
		return status;
	status = track(ref.td);
	model_td_put(&ref);
	return status;
}
