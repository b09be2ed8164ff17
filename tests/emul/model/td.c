// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TD as the operand of a call: its TDR page locked, its state fit for the
 * leaf, pages that it gets and gives back.
 * Source: TDX Module ABI 1.5, "TD Life Cycle", "TD Operation State Machine".
 */
#include <linux/string.h>

#include "td.h"

#define S(state)	(1U << (state))
#define S_1_3		(S(1) | S(2) | S(3))
#define S_EXPORTS	(S_1_3 | S(4) | S(5) | S(8) | S(9))
#define S_NO_EXPORT	(S_1_3 | S(6) | S(7) | S(8) | S(9))
#define S_ALL_BUT_0	0x7feU

/* "OP_STATE against leaf": in which states a leaf is allowed; 0: in all. */
static const u16 op_states[MODEL_MAX_LEAVES] = {
	[TDH_VP_ENTER] = S(2) | S(3) | S(9),
	[TDH_MNG_ADDCX] = S(0),
	[TDH_MEM_PAGE_ADD] = S(1),
	[TDH_MEM_SEPT_ADD] = S_NO_EXPORT,
	[TDH_VP_ADDCX] = S(1) | S(7),
	[TDH_MEM_PAGE_RELOCATE] = S_EXPORTS,
	[TDH_MEM_PAGE_AUG] = S_1_3 | S(9),
	[TDH_MEM_RANGE_BLOCK] = S_EXPORTS,
	[TDH_VP_CREATE] = S(1) | S(7),
	[TDH_MNG_RD] = S_ALL_BUT_0,
	[TDH_MEM_RD] = S_ALL_BUT_0,
	[TDH_MNG_WR] = S_NO_EXPORT | S(10),
	[TDH_MEM_WR] = S_NO_EXPORT | S(10),
	[TDH_MEM_PAGE_DEMOTE] = S_EXPORTS,
	[TDH_MR_EXTEND] = S(1),
	[TDH_MR_FINALIZE] = S(1),
	[TDH_MNG_INIT] = S(0),
	[TDH_VP_INIT] = S(1),
	[TDH_MEM_PAGE_PROMOTE] = S_EXPORTS,
	[TDH_MEM_SEPT_RD] = S_ALL_BUT_0,
	[TDH_VP_RD] = S_ALL_BUT_0,
	[TDH_MEM_PAGE_REMOVE] = S_EXPORTS | S(10),
	[TDH_MEM_SEPT_REMOVE] = S_ALL_BUT_0,
	[TDH_MEM_TRACK] = S_ALL_BUT_0 & ~S(10),
	[TDH_MEM_RANGE_UNBLOCK] = S_EXPORTS,
	[TDH_VP_WR] = S_NO_EXPORT | S(10),
};

u64 model_td_lock(struct model *m, u64 pa, unsigned int operand,
		  bool exclusive, struct model_td_ref *ref)
{
	u64 status = model_pamt_lock(m, pa, operand, MODEL_PT_TDR, MODEL_4K,
				     exclusive, &ref->tdr);

	if (status)
		return status;
	ref->td = &m->tds[ref->tdr.page->object];
	ref->op = false;
	return 0;
}

void model_td_put(struct model_td_ref *ref)
{
	if (ref->op)
		model_unlock_shared(&ref->td->op_lock);
	model_pamt_unlock(&ref->tdr);
}

/*
 * Five checks, in this order.  The OP_STATE lock is of no use to who holds
 * the TDR exclusively, and is not taken then.
 */
u64 model_td_usable(struct model_td_ref *ref, u16 leaf)
{
	struct model_td *td = ref->td;
	u16 allowed = op_states[leaf];

	if (model_load(&td->fatal))
		return TDX_ST_TD_FATAL;
	if (td->lifecycle != MODEL_LC_KEYS_CONFIGURED)
		return TDX_ST_TD_KEYS_NOT_CONFIGURED;
	if (td->tdcx < MODEL_MIN_TDCX)
		return TDX_ST_TDCS_NOT_ALLOCATED;
	if (!ref->tdr.exclusive) {
		if (!model_try_shared(&td->op_lock))
			return OPERAND_BUSY(OP_STATE);
		ref->op = true;
	}
	if (allowed && !(allowed & S(td->op_state)))
		return TDX_ST_OP_STATE_INCORRECT;
	return 0;
}

u64 model_td_get(struct model *m, u64 pa, unsigned int operand,
		 bool exclusive, u16 leaf, struct model_td_ref *ref)
{
	u64 status = model_td_lock(m, pa, operand, exclusive, ref);

	if (status)
		return status;
	status = model_td_usable(ref, leaf);
	if (status)
		model_td_put(ref);
	return status;
}

u64 model_td_take_page(struct model *m, struct model_td *td, u64 pa,
		       unsigned int operand, unsigned int type,
		       unsigned int level, struct model_pamt *page)
{
	u64 status = model_pamt_lock(m, pa, operand, MODEL_PT_NDA, level, true,
				     page);

	if (status)
		return status;
	model_pamt_give(m, page, type, model_td_pa(td));
	__atomic_add_fetch(&td->children, model_level_size(level) / MODEL_PAGE,
			   __ATOMIC_ACQ_REL);
	return 0;
}

void model_td_drop_page(struct model *m, struct model_td *td,
			struct model_pamt *page)
{
	model_pamt_free(m, page);
	model_pamt_unlock(page);
	__atomic_sub_fetch(&td->children,
			   model_level_size(page->level) / MODEL_PAGE,
			   __ATOMIC_ACQ_REL);
}
