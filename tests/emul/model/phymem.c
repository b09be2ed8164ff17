// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages and caches from the host's side: the PHYMEM leaves.
 * Source: TDX Module ABI 1.5, TDH.PHYMEM.*.
 */
#include "engine.h"

static void metadata_out(const struct model_pamt *page, unsigned int type,
			 struct model_regs *out)
{
	out->rcx = type;
	out->rdx = page->page->owner;
	out->r8 = page->level;
}

u64 model_page_rdmd(struct model *m, unsigned int lp,
		    const struct model_regs *in, struct model_regs *out)
{
	struct model_pamt page;
	u64 status = model_pamt_lock(m, in->rcx, TDX_OPERAND_RCX,
				     MODEL_ANY_TYPE, MODEL_ANY_LEVEL, false,
				     &page);
	unsigned int type;

	if (status)
		return status;
	type = model_pamt_type(m, &page);
	metadata_out(&page, type, out);
	if (type == MODEL_PT_REG || type == MODEL_PT_EPT)
		out->r9 = page.page->bepoch;
	model_pamt_unlock(&page);
	return TDX_ST_SUCCESS;
}

/* The last page of a TD: with it goes all that the model knows of it. */
static u64 reclaim_tdr(struct model *m, struct model_pamt *page)
{
	struct model_td *td = &m->tds[page->page->object];

	if (td->lifecycle != MODEL_LC_TEARDOWN)
		return TDX_ST_LIFECYCLE_STATE_INCORRECT;
	if (model_load(&td->children))
		return TDX_ST_TD_ASSOCIATED_PAGES_EXIST;
	if (td->hw)
		m->engine->forget_td(td);
	model_pamt_free(m, page);
	model_store(&td->tdr, 0);
	return TDX_ST_SUCCESS;
}

static u64 reclaim_child(struct model *m, struct model_pamt *page)
{
	struct model_td_ref ref;

	if (model_td_lock(m, page->page->owner, TDX_OPERAND_TDR, false, &ref))
		return OPERAND_BUSY(TDR);
	if (ref.td->lifecycle != MODEL_LC_TEARDOWN) {
		model_td_put(&ref);
		return TDX_ST_LIFECYCLE_STATE_INCORRECT;
	}
	if (page->page->type == MODEL_PT_TDVPR)
		model_vp_forget(m, page->page->object);
	model_pamt_free(m, page);
	__atomic_sub_fetch(&ref.td->children,
			   model_level_size(page->level) / MODEL_PAGE,
			   __ATOMIC_ACQ_REL);
	model_td_put(&ref);
	return TDX_ST_SUCCESS;
}

u64 model_page_reclaim(struct model *m, unsigned int lp,
		       const struct model_regs *in, struct model_regs *out)
{
	struct model_pamt page;
	u64 status = model_pamt_lock(m, in->rcx, TDX_OPERAND_RCX,
				     MODEL_ANY_TYPE, MODEL_ANY_LEVEL, true,
				     &page);
	unsigned int type;

	if (status)
		return status;
	type = model_pamt_type(m, &page);
	if (type == MODEL_PT_NDA || type == MODEL_PT_RSVD) {
		status = (u64)TDX_ST_PAGE_METADATA_INCORRECT | TDX_OPERAND_RCX;
	} else {
		metadata_out(&page, type, out);
		if (in->rcx != page.pa)
			status = OPERAND_INVALID(RCX);
		else
			status = type == MODEL_PT_TDR ?
				 reclaim_tdr(m, &page) :
				 reclaim_child(m, &page);
	}
	model_pamt_unlock(&page);
	return status;
}

/* The KeyID in the address says whose lines; any is accepted. */
u64 model_page_wbinvd(struct model *m, unsigned int lp,
		      const struct model_regs *in, struct model_regs *out)
{
	u64 pa = in->rcx & ~model_keyid_mask(m);
	struct model_pamt page;
	u64 status = model_pamt_lock(m, pa, TDX_OPERAND_RCX, MODEL_PT_NDA,
				     MODEL_4K, false, &page);

	if (status)
		return status;
	model_flush_page(m, model_pa_keyid(m, in->rcx), pa);
	model_pamt_unlock(&page);
	return TDX_ST_SUCCESS;
}

/* Marks the KeyIDs whose flush this package is about to do.  False: none. */
static bool start_flush(struct model *m, u8 pkg_bit)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < MODEL_MAX_KEYIDS; i++) {
		struct model_kot_entry *e = &m->kot[i];

		if (model_load(&e->state) != MODEL_KOT_FLUSHED)
			continue;
		any = true;
		__atomic_or_fetch(&e->flushing, pkg_bit, __ATOMIC_ACQ_REL);
	}
	return any;
}

static void finish_flush(struct model *m, u8 pkg_bit)
{
	unsigned int i;

	for (i = 0; i < MODEL_MAX_KEYIDS; i++) {
		struct model_kot_entry *e = &m->kot[i];

		if (!(model_load(&e->flushing) & pkg_bit))
			continue;
		__atomic_and_fetch(&e->flushing, (u8)~pkg_bit,
				   __ATOMIC_ACQ_REL);
		__atomic_and_fetch(&e->flush, (u8)~pkg_bit, __ATOMIC_ACQ_REL);
	}
}

/* Sub-block by sub-block, as many as IA32_WBINVDP says. */
static u64 flush_blocks(struct model *m, unsigned int lp, unsigned int pkg,
			unsigned int block)
{
	unsigned int blocks = model_msr(m, lp, 0x98);

	for (; block < blocks; block++)
		if (block && model_dry(&m->lp[lp].interrupts)) {
			m->wb_next[pkg] = block;
			return TDX_ST_INTERRUPTED_RESUMABLE;
		}
	m->wb_next[pkg] = 0;
	finish_flush(m, 1U << pkg);
	return TDX_ST_SUCCESS;
}

u64 model_cache_wb(struct model *m, unsigned int lp,
		   const struct model_regs *in, struct model_regs *out)
{
	unsigned int pkg = m->lp[lp].pkg;
	u64 status;

	if (in->rcx > 1)
		return OPERAND_INVALID(RCX);
	if (!model_try_exclusive(&m->wbcache[pkg]))
		return OPERAND_BUSY(WBCACHE);
	if (!model_try_shared(&m->kot_lock)) {
		model_unlock_exclusive(&m->wbcache[pkg]);
		return OPERAND_BUSY(KOT);
	}
	if (in->rcx)
		status = m->wb_next[pkg] ?
			 flush_blocks(m, lp, pkg, m->wb_next[pkg]) :
			 TDX_ST_WBCACHE_RESUME_ERROR;
	else if (start_flush(m, 1U << pkg))
		status = flush_blocks(m, lp, pkg, 0);
	else
		status = TDX_ST_NO_HKID_READY_TO_WBCACHE;
	model_unlock_shared(&m->kot_lock);
	model_unlock_exclusive(&m->wbcache[pkg]);
	return status;
}
