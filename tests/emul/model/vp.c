// SPDX-License-Identifier: GPL-2.0-only
/*
 * VCPUs: making them, and which LP they are associated with.
 * Source: TDX Module ABI 1.5, TDH.VP.CREATE, ADDCX, INIT and FLUSH.
 */
#include <linux/string.h>

#include "engine.h"
#include "x86.h"

#define NO_VCPU		~0U

u64 model_vp_lock(struct model *m, u64 pa, unsigned int operand,
		  bool exclusive, struct model_vp_ref *vp)
{
	u64 status = model_pamt_lock(m, pa, operand, MODEL_PT_TDVPR, MODEL_4K,
				     exclusive, &vp->tdvpr);

	if (status)
		return status;
	if (model_td_lock(m, vp->tdvpr.page->owner, TDX_OPERAND_TDR, false,
			  &vp->ref)) {
		model_pamt_unlock(&vp->tdvpr);
		return OPERAND_BUSY(TDR);
	}
	vp->vcpu = &m->vcpus[vp->tdvpr.page->object];
	return 0;
}

void model_vp_put(struct model_vp_ref *vp)
{
	model_td_put(&vp->ref);
	model_pamt_unlock(&vp->tdvpr);
}

static u64 vp_get(struct model *m, u64 pa, unsigned int operand,
		  bool exclusive, u16 leaf, struct model_vp_ref *vp)
{
	u64 status = model_vp_lock(m, pa, operand, exclusive, vp);

	if (status)
		return status;
	status = model_td_usable(&vp->ref, leaf);
	if (status)
		model_vp_put(vp);
	return status;
}

/* TDVPR and five TDVPX pages; three more for each L2 VM. */
u64 model_vp_pages(const struct model_vp_ref *vp)
{
	if (vp->vcpu->pages < MODEL_MIN_TDVPX + 3U * vp->ref.td->l2_vms)
		return TDX_ST_TDCX_NUM_INCORRECT;
	return 0;
}

/* The VCPU's state lies in the caches of this LP from now on. */
u64 model_vp_associate(struct model *m, struct model_vp_ref *vp,
		       unsigned int lp)
{
	u32 none = 0;

	if (__atomic_compare_exchange_n(&vp->vcpu->lp, &none, lp + 1, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		__atomic_add_fetch(&vp->ref.td->assoc, 1, __ATOMIC_ACQ_REL);
		__atomic_add_fetch(&m->lp[lp].assoc, 1, __ATOMIC_ACQ_REL);
		return 0;
	}
	return none == lp + 1 ? 0 : TDX_ST_VCPU_ASSOCIATED;
}

/*
 * An associated VCPU is an active VMCS of its LP, and VMXOFF may corrupt it
 * unless there was a VMCLEAR, which is what TDH.VP.FLUSH does (SDM 3C,
 * "Software Use of Virtual-Machine Control Structures").  Here it always does.
 */
void model_vp_lose(struct model *m, unsigned int lp)
{
	unsigned int i;

	if (!model_load(&m->lp[lp].assoc))
		return;
	for (i = 0; i < MODEL_MAX_VCPUS; i++) {
		struct model_vcpu *v = &m->vcpus[i];

		if (model_load(&v->lp) != lp + 1 || model_load(&v->lost))
			continue;
		model_store(&v->lost, true);
		__atomic_add_fetch(&m->vcpus_lost, 1, __ATOMIC_RELAXED);
	}
}

static u32 new_vcpu(struct model *m, u64 pa)
{
	unsigned int i;

	for (i = 0; i < MODEL_MAX_VCPUS; i++) {
		struct model_vcpu *v = &m->vcpus[i];
		u64 none = 0;

		if (!__atomic_compare_exchange_n(&v->tdvpr, &none, pa | 1,
						 false, __ATOMIC_ACQ_REL,
						 __ATOMIC_RELAXED))
			continue;
		memset((u8 *)v + sizeof(v->tdvpr), 0,
		       sizeof(*v) - sizeof(v->tdvpr));
		return i;
	}
	return NO_VCPU;
}

void model_vp_forget(struct model *m, u32 object)
{
	struct model_vcpu *v = &m->vcpus[object];

	if (v->hw)
		m->engine->forget_vcpu(v);
	model_store(&v->tdvpr, 0);
}

static u64 create_vcpu(struct model *m, struct model_td *td, u64 pa)
{
	struct model_pamt page;
	struct model_vcpu *v;
	u64 status = model_td_take_page(m, td, pa, TDX_OPERAND_RCX,
					MODEL_PT_TDVPR, MODEL_4K, &page);

	if (status)
		return status;
	page.page->object = new_vcpu(m, pa);
	if (page.page->object == NO_VCPU) {
		/* More VCPUs than the model has room for: say so loudly. */
		__atomic_add_fetch(&m->refused, 1, __ATOMIC_RELAXED);
		model_td_drop_page(m, td, &page);
		return TDX_ST_MAX_VCPUS_EXCEEDED;
	}
	v = &m->vcpus[page.page->object];
	v->td = td - m->tds;
	v->page_pa[v->pages++] = pa;
	model_clear_page(m, td->keyid, pa);
	model_pamt_unlock(&page);
	return TDX_ST_SUCCESS;
}

u64 model_vp_create(struct model *m, unsigned int lp,
		    const struct model_regs *in, struct model_regs *out)
{
	struct model_td_ref ref;
	u64 status = model_td_get(m, in->rdx, TDX_OPERAND_RDX, false,
				  TDH_VP_CREATE, &ref);

	if (status)
		return status;
	status = create_vcpu(m, ref.td, in->rcx);
	model_td_put(&ref);
	return status;
}

static u64 add_tdvpx(struct model *m, struct model_vp_ref *vp, u64 pa)
{
	struct model_vcpu *v = vp->vcpu;
	struct model_pamt page;
	u64 status;

	if (v->state != MODEL_VCPU_UNINITIALIZED)
		return TDX_ST_VCPU_STATE_INCORRECT;
	if (v->pages >= MODEL_MAX_TDVPX)
		return TDX_ST_TDCX_NUM_INCORRECT;
	/* RDMD shows pages of a TDVPS as what TDX calls TDCX. */
	status = model_td_take_page(m, vp->ref.td, pa, TDX_OPERAND_RCX,
				    MODEL_PT_TDCX, MODEL_4K, &page);
	if (status)
		return status;
	v->page_pa[v->pages++] = pa;
	model_clear_page(m, vp->ref.td->keyid, pa);
	model_pamt_unlock(&page);
	return TDX_ST_SUCCESS;
}

u64 model_vp_addcx(struct model *m, unsigned int lp,
		   const struct model_regs *in, struct model_regs *out)
{
	struct model_vp_ref vp;
	u64 status = vp_get(m, in->rdx, TDX_OPERAND_RDX, true, TDH_VP_ADDCX,
			    &vp);

	if (status)
		return status;
	status = add_tdvpx(m, &vp, in->rcx);
	model_vp_put(&vp);
	return status;
}

/* What the guest finds in its registers when it starts. */
static void reset_guest(struct model *m, const struct model_td *td,
			struct model_vcpu *v, u64 initial)
{
	u64 *r = v->cpu.gpr;

	model_x86_reset(&v->cpu);
	r[GPR_RBX] = td->config_flags & CONFIG_GPAW ? 52 : 48;
	r[GPR_RCX] = initial;
	r[GPR_RDX] = model_pkg_fms(m);
	r[GPR_RSI] = v->index;
	r[GPR_R8] = initial;
}

static u64 init_vcpu(struct model *m, unsigned int lp,
		     struct model_vp_ref *vp, const struct model_regs *in)
{
	struct model_td *td = vp->ref.td;
	struct model_vcpu *v = vp->vcpu;
	u64 status = model_vp_pages(vp);
	u32 index;

	if (status)
		return status;
	if (v->state != MODEL_VCPU_UNINITIALIZED)
		return TDX_ST_VCPU_STATE_INCORRECT;
	index = __atomic_fetch_add(&td->vcpus, 1, __ATOMIC_ACQ_REL);
	if (index >= td->max_vcpus) {
		__atomic_sub_fetch(&td->vcpus, 1, __ATOMIC_ACQ_REL);
		return TDX_ST_MAX_VCPUS_EXCEEDED;
	}
	status = model_compare_msrs(m, lp, MODEL_MSR_TSC);
	if (status)
		return status;
	v->index = index;
	reset_guest(m, td, v, in->rdx);
	model_vp_associate(m, vp, lp);
	model_store(&v->state, MODEL_VCPU_READY);
	return TDX_ST_SUCCESS;
}

u64 model_vp_init(struct model *m, unsigned int lp,
		  const struct model_regs *in, struct model_regs *out)
{
	struct model_vp_ref vp;
	u64 status;

	/* Version 1, after 1.5: R8 is the x2APIC id, of which no use is made. */
	if (in->rax >> 16 > 1)
		return OPERAND_INVALID(RAX);
	status = vp_get(m, in->rcx, TDX_OPERAND_RCX, true, TDH_VP_INIT, &vp);
	if (status)
		return status;
	status = init_vcpu(m, lp, &vp, in);
	model_vp_put(&vp);
	return status;
}

static u64 flush_vcpu(struct model *m, struct model_vp_ref *vp,
		      unsigned int lp)
{
	u64 status;
	u32 self = lp + 1;

	/* A fatal TD, too, has to be taken down. */
	if (vp->ref.td->lifecycle != MODEL_LC_KEYS_CONFIGURED)
		return TDX_ST_TD_KEYS_NOT_CONFIGURED;
	status = model_vp_pages(vp);
	if (status)
		return status;
	if (!__atomic_compare_exchange_n(&vp->vcpu->lp, &self, 0, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return TDX_ST_VCPU_NOT_ASSOCIATED;
	if (vp->vcpu->hw)
		m->engine->flush(vp->vcpu);
	/* With the last one goes what LPs had cached of the TD. */
	if (!__atomic_sub_fetch(&vp->ref.td->assoc, 1, __ATOMIC_ACQ_REL) &&
	    vp->ref.td->hw)
		m->engine->drop(vp->ref.td);
	__atomic_sub_fetch(&m->lp[lp].assoc, 1, __ATOMIC_ACQ_REL);
	return TDX_ST_SUCCESS;
}

u64 model_vp_flush(struct model *m, unsigned int lp,
		   const struct model_regs *in, struct model_regs *out)
{
	struct model_vp_ref vp;
	u64 status = model_vp_lock(m, in->rcx, TDX_OPERAND_RCX, true, &vp);

	if (status)
		return status;
	status = flush_vcpu(m, &vp, lp);
	model_vp_put(&vp);
	return status;
}
