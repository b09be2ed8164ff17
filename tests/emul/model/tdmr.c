// SPDX-License-Identifier: GPL-2.0-only
/*
 * From configured to ready, and out again: TDH.SYS.KEY.CONFIG, TDMR.INIT,
 * LP.SHUTDOWN, SHUTDOWN, UPDATE and DISABLE.
 * Source: TDX Module ABI 1.5, the leaves of these names; DISABLE: see there.
 */
#include <linux/string.h>

#include "engine.h"

#define CHUNKS_PER_1G	(MODEL_1G / MODEL_4M)

u64 model_sys_key_config(struct model *m, unsigned int lp,
			 const struct model_regs *in, struct model_regs *out)
{
	unsigned int pkg = m->lp[lp].pkg;
	bool dry;

	if (model_load(&m->state) != MODEL_SYSCONFIG_DONE)
		return TDX_ST_SYS_KEY_CONFIG_NOT_PENDING;
	if (m->pkg_bitmap & 1U << pkg)
		return TDX_ST_KEY_CONFIGURED;
	if (!model_try_exclusive(&m->ket[pkg]))
		return OPERAND_BUSY(KET);
	dry = model_dry(&m->lp[lp].pconfig_dry);
	model_unlock_exclusive(&m->ket[pkg]);
	if (dry)
		return TDX_ST_KEY_GENERATION_FAILED;

	m->pkg_bitmap |= 1U << pkg;
	model_store(&m->pkgs_done, m->pkgs_done + 1);
	if (m->pkgs_done == m->pkgs)
		model_store(&m->state, MODEL_SYS_READY);
	return TDX_ST_SUCCESS;
}

static struct model_tdmr *tdmr_at(struct model *m, u64 base)
{
	unsigned int i, n = model_load(&m->nr_tdmrs);

	for (i = 0; i < n; i++)
		if (m->tdmr[i].area.base == base)
			return &m->tdmr[i];
	return NULL;
}

u64 model_sys_tdmr_init(struct model *m, unsigned int lp,
			const struct model_regs *in, struct model_regs *out)
{
	struct model_tdmr *t;
	u64 chunks;

	if (in->rcx & (MODEL_1G - 1) || !model_pa_keyid0(m, in->rcx))
		return OPERAND_INVALID(RCX);
	t = tdmr_at(m, in->rcx);
	if (!t)
		return OPERAND_INVALID(RCX);
	if (!model_try_exclusive(&t->lock))
		return OPERAND_BUSY(RCX);
	chunks = model_load(&t->chunks);
	if (chunks == t->area.size / MODEL_4M) {
		model_unlock_exclusive(&t->lock);
		return TDX_ST_TDMR_ALREADY_INITIALIZED;
	}
	if (model_load(&m->tdmr_init_ns))
		env_delay_ns(model_load(&m->tdmr_init_ns));
	chunks++;
	model_pamt_extend(m, t, chunks);
	out->rdx = t->area.base + chunks / CHUNKS_PER_1G * MODEL_1G;
	model_unlock_exclusive(&t->lock);
	return TDX_ST_SUCCESS;
}

u64 model_sys_lp_shutdown(struct model *m, unsigned int lp,
			  const struct model_regs *in, struct model_regs *out)
{
	return TDX_ST_SUCCESS;
}

/*
 * Lets nobody in any more, then looks who is inside besides the caller.  A
 * call counts itself as inside before it reads the state: it is seen here or
 * sees the new state (hence the full barrier).  True: nobody; else the state
 * is as it was.
 */
static bool shut_out_others(struct model *m)
{
	unsigned int before = __atomic_exchange_n(&m->state,
						  MODEL_SYS_SHUTDOWN,
						  __ATOMIC_SEQ_CST);

	if (model_load(&m->call_ns))
		env_delay_ns(model_load(&m->call_ns));
	if (model_load(&m->inside) == 1)
		return true;
	model_store(&m->state, before);
	return false;
}

u64 model_sys_shutdown(struct model *m, unsigned int lp,
		       const struct model_regs *in, struct model_regs *out)
{
	u64 status = TDX_ST_SUCCESS;

	/* MIN_UPDATE_HV to MODEL_HV: this module has one hand-off version. */
	if (in->rcx != MODEL_HV)
		return OPERAND_INVALID(RCX);
	if (!model_try_exclusive(&m->global))
		return TDX_ST_SYS_BUSY;
	/* Other LPs meet SYS_SHUTDOWN meanwhile, even if this call fails. */
	if (!shut_out_others(m))
		status = TDX_ST_SYS_BUSY;
	model_unlock_exclusive(&m->global);
	return status;
}

/*
 * No image ever runs before this one, so there is no hand-off data: what an
 * update would find is the failure of a freshly loaded module.
 */
u64 model_sys_update(struct model *m, unsigned int lp,
		     const struct model_regs *in, struct model_regs *out)
{
	if (model_load(&m->state) != MODEL_SYSINIT_DONE ||
	    model_load(&m->init_lps) < m->bios_lps)
		return TDX_ST_SYS_STATE_INCORRECT;
	return TDX_ST_SYS_INVALID_HANDOFF;
}

static void forget_guests(struct model *m)
{
	unsigned int i;

	for (i = 0; i < MODEL_MAX_VCPUS; i++)
		if (m->vcpus[i].hw)
			m->engine->forget_vcpu(&m->vcpus[i]);
	for (i = 0; i < MODEL_MAX_TDS; i++)
		if (m->tds[i].hw)
			m->engine->forget_td(&m->tds[i]);
}

/*
 * After 1.5 (TDX_FEATURES0 bit 53), modelled thus: takes the global lock
 * exclusively and needs every other LP outside (SYS_BUSY).  All memory,
 * KeyIDs and TDs are given back; from then on only DISABLE (SUCCESS again)
 * and LP.SHUTDOWN answer, everything else says SYS_SHUTDOWN.  Where the LP
 * has an interrupt pending it returns INTERRUPTED_RESUMABLE and has locked
 * out all others already, so that repeating it makes progress.
 */
u64 model_sys_disable(struct model *m, unsigned int lp,
		      const struct model_regs *in, struct model_regs *out)
{
	unsigned int i;

	if (model_load(&m->disabled))
		return TDX_ST_SUCCESS;
	if (!shut_out_others(m))
		return TDX_ST_SYS_BUSY;
	if (model_dry(&m->lp[lp].interrupts))
		return TDX_ST_INTERRUPTED_RESUMABLE;
	if (!model_pamt_release(m))
		return TDX_ST_SYS_BUSY;
	forget_guests(m);
	model_pages_forget(m);
	memset(m->tds, 0, MODEL_MAX_TDS * sizeof(*m->tds));
	memset(m->vcpus, 0, MODEL_MAX_VCPUS * sizeof(*m->vcpus));
	for (i = 0; i < MODEL_MAX_LPS; i++)
		m->lp[i].assoc = 0;
	for (i = 0; i < MODEL_MAX_KEYIDS; i++)
		model_store(&m->kot[i].state, MODEL_KOT_FREE);
	model_store(&m->disabled, true);
	return TDX_ST_SUCCESS;
}
