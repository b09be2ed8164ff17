// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TD from creation to teardown, as far as its KeyID, its TDR and its TDCX
 * pages go.
 * Source: TDX Module ABI 1.5, TDH.MNG.*.
 */
#include "model_internal.h"

#define MIN_TDCX	6
#define MAX_TDCX	9	/* one for each of three L2 VMs */

static void zero_page(struct model *m, u64 pa)
{
	unsigned int i;

	for (i = 0; i < MODEL_PAGE; i += 8)
		model_write64(m, pa + i, 0);
}

static u64 create_tdr(struct model *m, unsigned int lp, u64 keyid,
		      struct model_page *tdr)
{
	struct model_kot_entry *e = &m->kot[keyid];

	if (model_load(&e->state) != MODEL_KOT_FREE)
		return TDX_ST_HKID_NOT_FREE;
	zero_page(m, tdr->pa & ~1ULL);
	if (model_dry(&m->lp[lp].rdseed_dry))
		return TDX_ST_RND_NO_ENTROPY;

	tdr->owner = 0;
	tdr->lifecycle = MODEL_LC_HKID_ASSIGNED;
	tdr->keyid = keyid;
	tdr->pkgs = 0;
	tdr->children = 0;
	model_store(&tdr->type, MODEL_PT_TDR);
	model_store(&e->state, MODEL_KOT_ASSIGNED);
	return TDX_ST_SUCCESS;
}

u64 model_mng_create(struct model *m, unsigned int lp,
		     const struct model_regs *in, struct model_regs *out)
{
	struct model_page *tdr;
	u64 status;

	if (in->rdx >> 16 || !model_keyid_private(m, in->rdx))
		return OPERAND_INVALID(RDX);
	status = model_lock_page(m, in->rcx, TDX_OPERAND_RCX, MODEL_PT_NDA,
				 true, &tdr);
	if (status)
		return status;
	if (model_try_exclusive(&m->kot_lock)) {
		status = create_tdr(m, lp, in->rdx, tdr);
		model_unlock_exclusive(&m->kot_lock);
	} else {
		status = OPERAND_BUSY(KOT);
	}
	model_unlock_exclusive(&tdr->lock);
	return status;
}

static u64 key_config(struct model *m, unsigned int lp, struct model_page *tdr)
{
	unsigned int pkg = m->lp[lp].pkg;
	bool dry;

	if (tdr->lifecycle != MODEL_LC_HKID_ASSIGNED)
		return TDX_ST_LIFECYCLE_STATE_INCORRECT;
	if (tdr->pkgs & 1U << pkg)
		return TDX_ST_KEY_CONFIGURED;
	if (!model_try_exclusive(&m->ket[pkg]))
		return OPERAND_BUSY(KET);
	dry = model_dry(&m->lp[lp].pconfig_dry);
	model_unlock_exclusive(&m->ket[pkg]);
	if (dry)
		return TDX_ST_KEY_GENERATION_FAILED;
	tdr->pkgs |= 1U << pkg;
	if (tdr->pkgs == (1U << m->pkgs) - 1)
		tdr->lifecycle = MODEL_LC_KEYS_CONFIGURED;
	return TDX_ST_SUCCESS;
}

u64 model_mng_key_config(struct model *m, unsigned int lp,
			 const struct model_regs *in, struct model_regs *out)
{
	struct model_page *tdr;
	u64 status = model_lock_page(m, in->rcx, TDX_OPERAND_RCX,
				     MODEL_PT_TDR, true, &tdr);

	if (status)
		return status;
	status = key_config(m, lp, tdr);
	model_unlock_exclusive(&tdr->lock);
	return status;
}

static u64 add_tdcx(struct model *m, unsigned int lp, u64 pa,
		    struct model_page *tdr)
{
	struct model_page *page;
	u64 status;

	if (tdr->lifecycle != MODEL_LC_KEYS_CONFIGURED)
		return TDX_ST_TD_KEYS_NOT_CONFIGURED;
	if (tdr->children >= MAX_TDCX)
		return TDX_ST_TDCX_NUM_INCORRECT;
	status = model_lock_page(m, pa, TDX_OPERAND_RCX, MODEL_PT_NDA, true,
				 &page);
	if (status)
		return status;
	if (tdr->children + 1 == MIN_TDCX && model_dry(&m->lp[lp].rdseed_dry)) {
		status = TDX_ST_RND_NO_ENTROPY;
	} else {
		zero_page(m, pa);
		page->owner = tdr->pa & ~1ULL;
		model_store(&page->type, MODEL_PT_TDCX);
		tdr->children++;
	}
	model_unlock_exclusive(&page->lock);
	return status;
}

u64 model_mng_addcx(struct model *m, unsigned int lp,
		    const struct model_regs *in, struct model_regs *out)
{
	struct model_page *tdr;
	u64 status = model_lock_page(m, in->rdx, TDX_OPERAND_RDX,
				     MODEL_PT_TDR, true, &tdr);

	if (status)
		return status;
	status = add_tdcx(m, lp, in->rcx, tdr);
	model_unlock_exclusive(&tdr->lock);
	return status;
}

/* No VCPU is modelled, so none is associated with an LP. */
static u64 block_td(struct model *m, struct model_page *tdr)
{
	struct model_kot_entry *e = &m->kot[tdr->keyid];

	if (tdr->lifecycle != MODEL_LC_HKID_ASSIGNED &&
	    tdr->lifecycle != MODEL_LC_KEYS_CONFIGURED)
		return TDX_ST_LIFECYCLE_STATE_INCORRECT;
	tdr->lifecycle = MODEL_LC_BLOCKED;
	model_store(&e->flushing, 0);
	model_store(&e->flush, (u8)((1U << m->pkgs) - 1));
	model_store(&e->state, MODEL_KOT_FLUSHED);
	return TDX_ST_SUCCESS;
}

u64 model_mng_vpflushdone(struct model *m, unsigned int lp,
			  const struct model_regs *in, struct model_regs *out)
{
	struct model_page *tdr;
	u64 status = model_lock_page(m, in->rcx, TDX_OPERAND_RCX,
				     MODEL_PT_TDR, true, &tdr);

	if (status)
		return status;
	if (model_try_exclusive(&m->kot_lock)) {
		status = block_td(m, tdr);
		model_unlock_exclusive(&m->kot_lock);
	} else {
		status = OPERAND_BUSY(KOT);
	}
	model_unlock_exclusive(&tdr->lock);
	return status;
}

static u64 free_keyid(struct model *m, struct model_page *tdr)
{
	struct model_kot_entry *e = &m->kot[tdr->keyid];
	u64 status = TDX_ST_SUCCESS;

	if (tdr->lifecycle != MODEL_LC_BLOCKED)
		return TDX_ST_LIFECYCLE_STATE_INCORRECT;
	if (!model_try_exclusive(&m->kot_lock))
		return OPERAND_BUSY(KOT);
	if (model_load(&e->flush)) {
		status = TDX_ST_WBCACHE_NOT_COMPLETE;
	} else {
		model_store(&e->state, MODEL_KOT_FREE);
		tdr->lifecycle = MODEL_LC_TEARDOWN;
	}
	model_unlock_exclusive(&m->kot_lock);
	return status;
}

u64 model_mng_key_freeid(struct model *m, unsigned int lp,
			 const struct model_regs *in, struct model_regs *out)
{
	struct model_page *tdr;
	u64 status = model_lock_page(m, in->rcx, TDX_OPERAND_RCX,
				     MODEL_PT_TDR, true, &tdr);

	if (status)
		return status;
	status = free_keyid(m, tdr);
	model_unlock_exclusive(&tdr->lock);
	return status;
}

u64 model_mng_key_reclaimid(struct model *m, unsigned int lp,
			    const struct model_regs *in,
			    struct model_regs *out)
{
	return TDX_ST_SUCCESS;
}
