// SPDX-License-Identifier: GPL-2.0-only
/*
 * Private pages: their metadata, and the PHYMEM leaves.
 * Source: TDX Module ABI 1.5, TDH.PHYMEM.*.
 *
 * Metadata of a page is kept from its first use on; a page without is free,
 * or reserved where its TDMR says so.  Slots are claimed once and never
 * given up, so that finding one needs no lock.
 */
#include "model_internal.h"

static struct model_tdmr *tdmr_of(struct model *m, u64 pa)
{
	unsigned int i, n = model_load(&m->nr_tdmrs);

	for (i = 0; i < n; i++)
		if (pa >= m->tdmr[i].area.base &&
		    pa - m->tdmr[i].area.base < m->tdmr[i].area.size)
			return &m->tdmr[i];
	return NULL;
}

/* Address checks of a private page; @operand is the register's id. */
u64 model_private_page(struct model *m, u64 pa, unsigned int operand)
{
	struct model_tdmr *t;
	u64 blocks;

	if (pa & (MODEL_PAGE - 1) || !model_pa_keyid0(m, pa))
		return (u64)TDX_ST_OPERAND_INVALID | operand;
	t = tdmr_of(m, pa);
	if (!t)
		return (u64)TDX_ST_OPERAND_ADDR_RANGE_ERROR | operand;
	/* Usable one finished 1 GiB block after the other. */
	blocks = model_load(&t->chunks) / (MODEL_1G / MODEL_4M);
	if ((pa - t->area.base) / MODEL_1G >= blocks)
		return (u64)TDX_ST_OPERAND_ADDR_RANGE_ERROR | operand;
	return 0;
}

static bool reserved(struct model *m, u64 pa)
{
	const struct model_tdmr *t = tdmr_of(m, pa);
	unsigned int i;

	for (i = 0; i < MODEL_MAX_RESERVED && t; i++)
		if (model_ranges_overlap(pa - t->area.base, MODEL_PAGE,
					 t->rsvd[i].base, t->rsvd[i].size))
			return true;
	return false;
}

/* NULL: the page was never used (!@create), or there is no slot left. */
struct model_page *model_page_slot(struct model *m, u64 pa, bool create)
{
	u64 mark = pa | 1;
	unsigned int i, at = (pa / MODEL_PAGE * 0x9e3779b97f4a7c15ULL) >> 40;

	for (i = 0; i < MODEL_PAGE_SLOTS; i++) {
		struct model_page *p =
			&m->pages[(at + i) & (MODEL_PAGE_SLOTS - 1)];
		u64 have = model_load(&p->pa);

		if (!have && !create)
			return NULL;
		if (!have && __atomic_compare_exchange_n(&p->pa, &have, mark,
							 false,
							 __ATOMIC_ACQ_REL,
							 __ATOMIC_ACQUIRE))
			return p;
		if (have == mark)
			return p;
	}
	return NULL;
}

static unsigned int page_type(struct model *m, u64 pa,
			      const struct model_page *p)
{
	if (reserved(m, pa))
		return MODEL_PT_RSVD;
	return p ? model_load(&p->type) : MODEL_PT_NDA;
}

static void unlock_page(struct model_page *p, bool exclusive)
{
	if (exclusive)
		model_unlock_exclusive(&p->lock);
	else
		model_unlock_shared(&p->lock);
}

/*
 * "Explicit HPA": all checks of a private 4 KiB page that must be of @type.
 * On success (0) *@page is locked.
 */
u64 model_lock_page(struct model *m, u64 pa, unsigned int operand,
		    unsigned int type, bool exclusive,
		    struct model_page **page)
{
	u64 status = model_private_page(m, pa, operand);
	struct model_page *p;

	if (status)
		return status;
	p = model_page_slot(m, pa, true);
	if (!p) {
		/* More pages than the model can remember: say so loudly. */
		__atomic_add_fetch(&m->refused, 1, __ATOMIC_RELAXED);
		return (u64)TDX_ST_OPERAND_ADDR_RANGE_ERROR | operand;
	}
	if (!(exclusive ? model_try_exclusive(&p->lock) :
			  model_try_shared(&p->lock)))
		return (u64)TDX_ST_OPERAND_BUSY | operand;
	if (page_type(m, pa, p) != type) {
		unlock_page(p, exclusive);
		return (u64)TDX_ST_PAGE_METADATA_INCORRECT | operand;
	}
	*page = p;
	return 0;
}

u64 model_page_rdmd(struct model *m, unsigned int lp,
		    const struct model_regs *in, struct model_regs *out)
{
	u64 status = model_private_page(m, in->rcx, TDX_OPERAND_RCX);
	struct model_page *p;

	if (status)
		return status;
	p = model_page_slot(m, in->rcx, false);
	if (p && !model_try_shared(&p->lock))
		return OPERAND_BUSY(RCX);
	out->rcx = page_type(m, in->rcx, p);
	if (p) {
		out->rdx = p->owner;
		model_unlock_shared(&p->lock);
	}
	return TDX_ST_SUCCESS;
}

static u64 reclaim_tdr(struct model_page *p)
{
	if (p->lifecycle != MODEL_LC_TEARDOWN)
		return TDX_ST_LIFECYCLE_STATE_INCORRECT;
	if (model_load(&p->children))
		return TDX_ST_TD_ASSOCIATED_PAGES_EXIST;
	return 0;
}

static u64 reclaim_child(struct model *m, struct model_page *p)
{
	struct model_page *tdr = model_page_slot(m, p->owner, false);
	u64 status = 0;

	if (!tdr || !model_try_shared(&tdr->lock))
		return OPERAND_BUSY(TDR);
	if (tdr->lifecycle != MODEL_LC_TEARDOWN)
		status = TDX_ST_LIFECYCLE_STATE_INCORRECT;
	else
		__atomic_sub_fetch(&tdr->children, 1, __ATOMIC_ACQ_REL);
	model_unlock_shared(&tdr->lock);
	return status;
}

u64 model_page_reclaim(struct model *m, unsigned int lp,
		       const struct model_regs *in, struct model_regs *out)
{
	u64 status = model_private_page(m, in->rcx, TDX_OPERAND_RCX);
	struct model_page *p;
	unsigned int type;

	if (status)
		return status;
	p = model_page_slot(m, in->rcx, false);
	if (!p)
		return (u64)TDX_ST_PAGE_METADATA_INCORRECT | TDX_OPERAND_RCX;
	if (!model_try_exclusive(&p->lock))
		return OPERAND_BUSY(RCX);
	type = page_type(m, in->rcx, p);
	if (type == MODEL_PT_NDA || type == MODEL_PT_RSVD) {
		status = (u64)TDX_ST_PAGE_METADATA_INCORRECT | TDX_OPERAND_RCX;
	} else {
		out->rcx = type;
		out->rdx = p->owner;
		status = type == MODEL_PT_TDR ? reclaim_tdr(p) :
						reclaim_child(m, p);
		if (!status)
			model_store(&p->type, MODEL_PT_NDA);
	}
	model_unlock_exclusive(&p->lock);
	return status;
}

/* The KeyID in the address says whose lines; any is accepted. */
u64 model_page_wbinvd(struct model *m, unsigned int lp,
		      const struct model_regs *in, struct model_regs *out)
{
	u64 pa = in->rcx & ~model_keyid_mask(m);
	u64 status = model_private_page(m, pa, TDX_OPERAND_RCX);
	struct model_page *p;

	if (status)
		return status;
	p = model_page_slot(m, pa, false);
	if (p && !model_try_shared(&p->lock))
		return OPERAND_BUSY(RCX);
	if (page_type(m, pa, p) != MODEL_PT_NDA)
		status = (u64)TDX_ST_PAGE_METADATA_INCORRECT | TDX_OPERAND_RCX;
	if (p)
		model_unlock_shared(&p->lock);
	return status;
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
