// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDCALL: the checks that come before any leaf, and the leaves that are about
 * the VCPU itself.
 * Source: TDX Module ABI 1.5, "Guest-Side (TDCALL) Interface".
 */
#include <linux/string.h>

#include "tdg.h"
#include "x86.h"

#define RAX_LEAF(rax)		((u16)(rax))
#define RAX_VERSION(rax)	((rax) >> 16 & 0xff)
#define RAX_RESERVED		0xffffffffff000000ULL

enum {
#define TDX_GUEST_LEAF(name, number, text) TDX_TDG_##name = (number),
#include <tdx/guest_leaves.def>
};

static bool is_leaf(u16 leaf)
{
	switch (leaf) {
#define TDX_GUEST_LEAF(name, number, text) case (number):
#include <tdx/guest_leaves.def>
		return true;
	}
	return false;
}

/* Registers that hardware keeps to itself must not be asked for. */
static bool vmcall_mask_ok(const struct model_td *td, u64 mask)
{
	u64 never = 1U << GPR_RAX | 1U << GPR_RCX | 1U << GPR_RSP;

	if (td->config_flags & CONFIG_NO_RBP_MOD)
		never |= 1U << GPR_RBP;
	return !(mask >> 32) && !(mask & never);
}

/* The instruction is over when the host comes back. */
static enum model_step vmcall(struct model_guest *g, u64 *status)
{
	if (!vmcall_mask_ok(g->td, g->v->cpu.gpr[GPR_RCX])) {
		*status = OPERAND_INVALID(RCX);
		return MODEL_STEP_NEXT;
	}
	g->e->reason = MODEL_EXIT_TDCALL;
	return MODEL_STEP_EXIT;
}

static u64 vp_info(const struct model_guest *g, u64 *r)
{
	r[GPR_RCX] = model_gpa_bits(g->td);
	r[GPR_RDX] = g->td->attributes;
	r[GPR_R8] = model_load(&g->td->vcpus) | (u64)g->td->max_vcpus << 32;
	r[GPR_R9] = g->v->index;
	r[GPR_R10] = 1;		/* TDG.SYS.RD is there */
	r[GPR_R11] = 0;
	return TDX_ST_SUCCESS;
}

/* Outputs are cleared before anything is checked; reading takes it away. */
static u64 veinfo_get(struct model_vcpu *v, u64 *r)
{
	static const u8 to[] = { GPR_RCX, GPR_RDX, GPR_R8, GPR_R9, GPR_R10 };
	bool valid = v->ve_valid;
	unsigned int i;

	for (i = 0; i < 5; i++)
		r[to[i]] = valid ? v->ve[i] : 0;
	v->ve_valid = false;
	return valid ? TDX_ST_SUCCESS : TDX_ST_NO_VALID_VE_INFO;
}

static u64 cpuidve_set(struct model_vcpu *v, u64 rcx)
{
	if (rcx & ~3ULL)
		return OPERAND_INVALID(RCX);
	v->cpuid_ve[0] = rcx & 1;
	v->cpuid_ve[1] = rcx >> 1;
	return TDX_ST_SUCCESS;
}

/* This one is not there, and must not look as if no TDX module had it. */
static u64 refuse(struct model *m)
{
	__atomic_add_fetch(&m->refused, 1, __ATOMIC_RELAXED);
	model_store(&m->refused_leaf, TDH_VP_ENTER);
	return OPERAND_INVALID(RAX);
}

static enum model_step dispatch(struct model_guest *g, u64 *r, u64 *status)
{
	u64 rax = r[GPR_RAX];
	u16 leaf = RAX_LEAF(rax);

	if (rax & RAX_RESERVED || !is_leaf(leaf) ||
	    (RAX_VERSION(rax) && leaf != TDX_TDG_VM_RD)) {
		*status = OPERAND_INVALID(RAX);
		return MODEL_STEP_NEXT;
	}
	switch (leaf) {
	case TDX_TDG_VP_VMCALL:
		return vmcall(g, status);
	case TDX_TDG_MR_RTMR_EXTEND:
		return model_tdg_rtmr_extend(g, r, status);
	case TDX_TDG_MR_REPORT:
		return model_tdg_report(g, r, status);
	case TDX_TDG_MEM_PAGE_ACCEPT:
		return model_guest_accept(g, r[GPR_RCX], status);
	case TDX_TDG_VP_INFO:
		*status = vp_info(g, r);
		break;
	case TDX_TDG_VP_VEINFO_GET:
		*status = veinfo_get(g->v, r);
		break;
	case TDX_TDG_VP_CPUIDVE_SET:
		*status = cpuidve_set(g->v, r[GPR_RCX]);
		break;
	case TDX_TDG_VM_RD:
		*status = model_tdg_vm_rd(g, r);
		break;
	case TDX_TDG_VM_WR:
		*status = model_tdg_vm_wr(g, r);
		break;
	case TDX_TDG_VP_RD:
		*status = model_tdg_vp_rd(g, r);
		break;
	case TDX_TDG_VP_WR:
		*status = model_tdg_vp_wr(g, r);
		break;
	case TDX_TDG_SYS_RD:
		*status = model_tdg_sys_rd(g, r);
		break;
	default:
		*status = refuse(g->m);
	}
	return MODEL_STEP_NEXT;
}

enum model_step model_guest_tdcall(struct model_guest *g)
{
	u64 *r = g->v->cpu.gpr, status = 0;
	enum model_step step;

	if (!g->v->cpu.code64)
		return model_x86_raise(g, X86_UD, 0);
	if (g->v->cpu.cpl)
		return model_x86_raise(g, X86_GP, 0);
	step = dispatch(g, r, &status);
	/* On an exit the leaf number stays, for it is done again. */
	if (step == MODEL_STEP_NEXT)
		r[GPR_RAX] = status;
	return step;
}
