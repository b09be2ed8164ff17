// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TD's TDR, KeyID and TDCX pages, from creation to teardown.
 * Source: TDX Module ABI 1.5, TDH.MNG.*.
 */
#include <linux/string.h>

#include "td.h"

static struct model_td *new_td(struct model *m, u64 pa, u32 *index)
{
	unsigned int i;

	for (i = 0; i < MODEL_MAX_TDS; i++) {
		struct model_td *td = &m->tds[i];
		u64 none = 0;

		if (!__atomic_compare_exchange_n(&td->tdr, &none, pa | 1, false,
						 __ATOMIC_ACQ_REL,
						 __ATOMIC_RELAXED))
			continue;
		memset((u8 *)td + sizeof(td->tdr), 0,
		       sizeof(*td) - sizeof(td->tdr));
		*index = i;
		return td;
	}
	return NULL;
}

static u64 create_tdr(struct model *m, unsigned int lp, u64 keyid,
		      struct model_pamt *tdr)
{
	struct model_kot_entry *e = &m->kot[keyid];
	struct model_td *td;
	unsigned int i;

	if (model_load(&e->state) != MODEL_KOT_FREE)
		return TDX_ST_HKID_NOT_FREE;
	/* The TDR is the one page under the global KeyID; nobody owns it. */
	model_clear_page(m, m->global_keyid, tdr->pa);
	if (model_dry(&m->lp[lp].rdseed_dry)) {
		model_release_page(m, tdr->pa);
		return TDX_ST_RND_NO_ENTROPY;
	}
	td = new_td(m, tdr->pa, &tdr->page->object);
	if (!td) {
		/* More TDs than the model has room for: say so loudly. */
		__atomic_add_fetch(&m->refused, 1, __ATOMIC_RELAXED);
		model_release_page(m, tdr->pa);
		return TDX_ST_RND_NO_ENTROPY;
	}

	td->lifecycle = MODEL_LC_HKID_ASSIGNED;
	td->keyid = keyid;
	td->interpreted = model_load(&m->interpret);
	for (i = 0; i < 4; i++)
		td->uuid[i] = env_random();
	model_pamt_give(m, tdr, MODEL_PT_TDR, 0);
	model_store(&e->state, MODEL_KOT_ASSIGNED);
	return TDX_ST_SUCCESS;
}

u64 model_mng_create(struct model *m, unsigned int lp,
		     const struct model_regs *in, struct model_regs *out)
{
	struct model_pamt tdr;
	u64 status;

	if (in->rdx >> 16 || !model_keyid_private(m, in->rdx))
		return OPERAND_INVALID(RDX);
	status = model_pamt_lock(m, in->rcx, TDX_OPERAND_RCX, MODEL_PT_NDA,
				 MODEL_4K, true, &tdr);
	if (status)
		return status;
	if (model_try_exclusive(&m->kot_lock)) {
		status = create_tdr(m, lp, in->rdx, &tdr);
		model_unlock_exclusive(&m->kot_lock);
	} else {
		status = OPERAND_BUSY(KOT);
	}
	model_pamt_unlock(&tdr);
	return status;
}

static u64 key_config(struct model *m, unsigned int lp, struct model_td *td)
{
	unsigned int pkg = m->lp[lp].pkg;
	bool dry;

	if (td->fatal)
		return TDX_ST_TD_FATAL;
	if (td->lifecycle != MODEL_LC_HKID_ASSIGNED)
		return TDX_ST_LIFECYCLE_STATE_INCORRECT;
	if (td->pkgs & 1U << pkg)
		return TDX_ST_KEY_CONFIGURED;
	if (!model_try_exclusive(&m->ket[pkg]))
		return OPERAND_BUSY(KET);
	dry = model_dry(&m->lp[lp].pconfig_dry);
	model_unlock_exclusive(&m->ket[pkg]);
	if (dry)
		return TDX_ST_KEY_GENERATION_FAILED;
	td->pkgs |= 1U << pkg;
	if (td->pkgs == (1U << m->pkgs) - 1)
		td->lifecycle = MODEL_LC_KEYS_CONFIGURED;
	return TDX_ST_SUCCESS;
}

u64 model_mng_key_config(struct model *m, unsigned int lp,
			 const struct model_regs *in, struct model_regs *out)
{
	struct model_td_ref ref;
	u64 status = model_td_lock(m, in->rcx, TDX_OPERAND_RCX, true, &ref);

	if (status)
		return status;
	status = key_config(m, lp, ref.td);
	model_td_put(&ref);
	return status;
}

/*
 * Six pages make a TDCS; more are for L2 VMs, before TDH.MNG.INIT only.  Both
 * are found out with the page written already.
 */
static u64 tdcx_allowed(struct model *m, unsigned int lp,
			const struct model_td *td)
{
	if (td->tdcx + 1 == MODEL_MIN_TDCX &&
	    model_dry(&m->lp[lp].rdseed_dry))
		return TDX_ST_RND_NO_ENTROPY;
	if (td->tdcx >= MODEL_MIN_TDCX &&
	    td->op_state != MODEL_OP_UNINITIALIZED)
		return TDX_ST_OP_STATE_INCORRECT;
	return 0;
}

static u64 add_tdcx(struct model *m, unsigned int lp, u64 pa,
		    struct model_td *td)
{
	struct model_pamt page;
	u64 status;

	if (td->fatal)
		return TDX_ST_TD_FATAL;
	if (td->lifecycle != MODEL_LC_KEYS_CONFIGURED)
		return TDX_ST_TD_KEYS_NOT_CONFIGURED;
	if (td->tdcx >= MODEL_MAX_TDCX)
		return TDX_ST_TDCX_NUM_INCORRECT;
	status = model_td_take_page(m, td, pa, TDX_OPERAND_RCX,
				    MODEL_PT_TDCX, MODEL_4K, &page);
	if (status)
		return status;
	if (td->tdcx == MODEL_SEPT_ROOT_TDCX)
		model_clear_sept_page(m, td->keyid, pa);
	else
		model_clear_page(m, td->keyid, pa);
	status = tdcx_allowed(m, lp, td);
	if (status) {
		model_td_drop_page(m, td, &page);
		return status;
	}
	td->tdcx_pa[td->tdcx++] = pa;
	model_pamt_unlock(&page);
	return TDX_ST_SUCCESS;
}

u64 model_mng_addcx(struct model *m, unsigned int lp,
		    const struct model_regs *in, struct model_regs *out)
{
	struct model_td_ref ref;
	u64 status = model_td_lock(m, in->rdx, TDX_OPERAND_RDX, true, &ref);

	if (status)
		return status;
	status = add_tdcx(m, lp, in->rcx, ref.td);
	model_td_put(&ref);
	return status;
}

/* No VCPU may run any more; caches hold lines of the TD's KeyID still. */
static u64 block_td(struct model *m, struct model_td *td)
{
	struct model_kot_entry *e = &m->kot[td->keyid];

	if (td->lifecycle != MODEL_LC_HKID_ASSIGNED &&
	    td->lifecycle != MODEL_LC_KEYS_CONFIGURED)
		return TDX_ST_LIFECYCLE_STATE_INCORRECT;
	if (model_load(&td->assoc))
		return TDX_ST_FLUSHVP_NOT_DONE;
	td->lifecycle = MODEL_LC_BLOCKED;
	model_store(&e->flushing, 0);
	model_store(&e->flush, (u8)((1U << m->pkgs) - 1));
	model_store(&e->state, MODEL_KOT_FLUSHED);
	return TDX_ST_SUCCESS;
}

u64 model_mng_vpflushdone(struct model *m, unsigned int lp,
			  const struct model_regs *in, struct model_regs *out)
{
	struct model_td_ref ref;
	u64 status = model_td_lock(m, in->rcx, TDX_OPERAND_RCX, true, &ref);

	if (status)
		return status;
	if (model_try_exclusive(&m->kot_lock)) {
		status = block_td(m, ref.td);
		model_unlock_exclusive(&m->kot_lock);
	} else {
		status = OPERAND_BUSY(KOT);
	}
	model_td_put(&ref);
	return status;
}

static u64 free_keyid(struct model *m, struct model_td *td)
{
	struct model_kot_entry *e = &m->kot[td->keyid];
	u64 status = TDX_ST_SUCCESS;

	if (td->lifecycle != MODEL_LC_BLOCKED)
		return TDX_ST_LIFECYCLE_STATE_INCORRECT;
	if (!model_try_exclusive(&m->kot_lock))
		return OPERAND_BUSY(KOT);
	if (model_load(&e->flush)) {
		status = TDX_ST_WBCACHE_NOT_COMPLETE;
	} else {
		e->uses++;
		model_store(&e->state, MODEL_KOT_FREE);
		td->lifecycle = MODEL_LC_TEARDOWN;
	}
	model_unlock_exclusive(&m->kot_lock);
	return status;
}

u64 model_mng_key_freeid(struct model *m, unsigned int lp,
			 const struct model_regs *in, struct model_regs *out)
{
	struct model_td_ref ref;
	u64 status = model_td_lock(m, in->rcx, TDX_OPERAND_RCX, true, &ref);

	if (status)
		return status;
	status = free_keyid(m, ref.td);
	model_td_put(&ref);
	return status;
}

u64 model_mng_key_reclaimid(struct model *m, unsigned int lp,
			    const struct model_regs *in,
			    struct model_regs *out)
{
	return TDX_ST_SUCCESS;
}
