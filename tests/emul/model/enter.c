// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.VP.ENTER: into a guest, and what the host gets to see when it is out.
 * Source: TDX Module ABI 1.5, TDH.VP.ENTER, "TLB Tracking".
 */
#include <linux/string.h>

#include "guest.h"

#define ENTER_TDVPR	0x000ffffffffff000ULL
#define ENTER_HINT	(1ULL << 52)
#define ENTER_RESUME_L1	(1ULL << 53)
#define MISC_ENABLE	0x1a0
#define LIMIT_CPUID	(1U << 22)

/* Which field of struct model_regs is which register; RSP is not there. */
static u64 *reg(struct model_regs *r, unsigned int i)
{
	switch (i) {
	case GPR_RDX:
		return &r->rdx;
	case GPR_RBX:
		return &r->rbx;
	case GPR_RBP:
		return &r->rbp;
	case GPR_RSI:
		return &r->rsi;
	case GPR_RDI:
		return &r->rdi;
	case GPR_R8:
		return &r->r8;
	case GPR_R9:
		return &r->r9;
	case GPR_R10:
		return &r->r10;
	case GPR_R11:
		return &r->r11;
	case GPR_R12:
		return &r->r12;
	case GPR_R13:
		return &r->r13;
	case GPR_R14:
		return &r->r14;
	case GPR_R15:
		return &r->r15;
	default:
		return NULL;
	}
}

/* What TDG.VP.VMCALL chose goes back in; the leaf itself succeeded. */
static void finish_vmcall(struct model_vcpu *v, const struct model_regs *in)
{
	struct model_regs host = *in;
	u16 mask = v->cpu.gpr[GPR_RCX];
	unsigned int i;

	for (i = 0; i < GPR_COUNT; i++)
		if (mask & 1U << i && reg(&host, i))
			v->cpu.gpr[i] = *reg(&host, i);
	v->cpu.gpr[GPR_RAX] = 0;
	v->vmcall = false;
}

static void vmcall_out(const struct model_td *td, const struct model_vcpu *v,
		       struct model_regs *out)
{
	u64 mask = v->cpu.gpr[GPR_RCX];
	unsigned int i;

	out->rcx = mask & 0xffffffff;
	for (i = GPR_RDX; i < GPR_COUNT; i++) {
		if (i == GPR_RBP && td->config_flags & CONFIG_NO_RBP_MOD)
			continue;
		if (reg(out, i))
			*reg(out, i) = mask & 1ULL << i ? v->cpu.gpr[i] : 0;
	}
}

static void exit_out(const struct model_td *td, const struct model_exit *e,
		     struct model_regs *out)
{
	unsigned int i;

	for (i = GPR_RDX; i < GPR_COUNT; i++)
		if (reg(out, i) && i != GPR_RBP)
			*reg(out, i) = 0;
	if (!(td->config_flags & CONFIG_NO_RBP_MOD))
		out->rbp = 0;
	out->rcx = e->qualification;
	out->rdx = e->extended;
	out->r8 = e->gpa;
	out->r9 = e->interruption;
}

static u64 run(struct model *m, unsigned int lp, struct model_vp_ref *vp,
	       const struct model_regs *in, struct model_regs *out)
{
	struct model_td *td = vp->ref.td;
	struct model_vcpu *v = vp->vcpu;
	struct model_exit e = { 0 };

	if (v->vmcall)
		finish_vmcall(v, in);
	if (v->lost) {
		e.status = TDX_ST_NON_RECOVERABLE_TD;
		e.reason = MODEL_ENTRY_FAILED;
	} else {
		model_guest_run(m, lp, td, v, &e);
	}
	if (e.reason == MODEL_EXIT_TDCALL) {
		v->vmcall = true;
		vmcall_out(td, v, out);
	} else {
		exit_out(td, &e, out);
	}
	return e.status | e.reason;
}

/* Counted in under the current epoch: TDH.MEM.TRACK looks at that. */
static u64 enter(struct model *m, unsigned int lp, struct model_vp_ref *vp,
		 const struct model_regs *in, struct model_regs *out)
{
	struct model_td *td = vp->ref.td;
	struct model_vcpu *v = vp->vcpu;
	u32 ready = MODEL_VCPU_READY;
	u64 status;

	if (!model_try_shared(&td->epoch_lock))
		return OPERAND_BUSY(TD_EPOCH);
	/* Association keeps other LPs out; this, a second call of this LP. */
	if (!__atomic_compare_exchange_n(&v->state, &ready, MODEL_VCPU_ACTIVE,
					 false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE)) {
		model_unlock_shared(&td->epoch_lock);
		return TDX_ST_VCPU_STATE_INCORRECT;
	}
	v->epoch = model_load(&td->epoch);
	__atomic_add_fetch(&td->inside[v->epoch & 1], 1, __ATOMIC_ACQ_REL);
	model_unlock_shared(&td->epoch_lock);

	status = run(m, lp, vp, in, out);

	__atomic_sub_fetch(&td->inside[v->epoch & 1], 1, __ATOMIC_ACQ_REL);
	model_store(&v->state,
		    status & 1ULL << 62 ? MODEL_VCPU_DISABLED :
					  MODEL_VCPU_READY);
	if ((status & ~0xffffffffULL) == TDX_ST_NON_RECOVERABLE_TD)
		model_store(&td->fatal, true);
	return status;
}

static u64 check_enter(struct model *m, unsigned int lp,
		       struct model_vp_ref *vp, u64 rcx)
{
	u64 status = model_td_usable(&vp->ref, TDH_VP_ENTER);

	if (!status)
		status = model_vp_pages(vp);
	if (!status && model_load(&vp->vcpu->state) != MODEL_VCPU_READY)
		status = TDX_ST_VCPU_STATE_INCORRECT;
	if (!status)
		status = model_vp_associate(m, vp, lp);
	/*
	 * No exit of this guest is trap-like, and it has no L2: the hint has
	 * nothing to refer to, and RESUME_L1 nowhere to come from.
	 */
	if (!status && rcx & (ENTER_HINT | ENTER_RESUME_L1))
		status = OPERAND_INVALID(RCX);
	if (!status)
		status = model_compare_msrs(m, lp, MODEL_MSR_TSC);
	return status;
}

u64 model_vp_enter(struct model *m, unsigned int lp,
		   const struct model_regs *in, struct model_regs *out)
{
	struct model_vp_ref vp;
	u64 status;

	if (model_msr(m, lp, MISC_ENABLE) & LIMIT_CPUID)
		return TDX_ST_LIMIT_CPUID_MAXVAL_SET;
	if (in->rcx & ~(ENTER_TDVPR | ENTER_HINT | ENTER_RESUME_L1))
		return OPERAND_INVALID(RCX);
	status = model_vp_lock(m, in->rcx & ENTER_TDVPR, TDX_OPERAND_RCX,
			       false, &vp);
	if (status)
		return status;
	status = check_enter(m, lp, &vp, in->rcx);
	if (!status)
		status = enter(m, lp, &vp, in, out);
	model_vp_put(&vp);
	return status;
}
