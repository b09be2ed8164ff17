// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.SYS.INIT and TDH.SYS.LP.INIT.
 * Source: TDX Module ABI 1.5, the leaves of these names.
 */
#include "internal.h"

#define SEAM_CAPS_SEAMDB	0x3

static u64 seam_caps(struct model *m, unsigned int lp)
{
	return model_load(&m->lp[lp].seam_caps);
}

u64 model_sys_init(struct model *m, unsigned int lp,
		   const struct model_regs *in, struct model_regs *out)
{
	u64 status;

	if (in->rcx)
		return OPERAND_INVALID(RCX);
	if (model_load(&m->state) != MODEL_SYSINIT_PENDING)
		return TDX_ST_SYS_INIT_NOT_PENDING;
	status = model_check_init_msrs(m, lp);
	if (!status)
		status = model_check_cpuid(m, lp, out);
	if (!status)
		status = model_check_vmx_msrs(m, lp);
	if (!status)
		status = model_check_memory(m, lp);
	if (status)
		return status;
	if ((seam_caps(m, lp) & SEAM_CAPS_SEAMDB) != SEAM_CAPS_SEAMDB)
		return TDX_ST_INCOMPATIBLE_SEAM_CAPABILITIES;
	if (model_load(&m->sigstruct_mismatch))
		return TDX_ST_SYS_INCOMPATIBLE_SIGSTRUCT;
	if (model_dry(&m->lp[lp].rdrand_dry))
		return TDX_ST_RND_NO_ENTROPY;

	model_freeze_msrs(m, lp);
	model_freeze_cpuid(m, lp);
	m->init_seam_caps = seam_caps(m, lp);
	m->sys_attributes = in->rcx;
	m->init_lps = 0;
	m->pkg_bitmap = 0;
	model_store(&m->state, MODEL_SYSINIT_DONE);
	return TDX_ST_SUCCESS;
}

u64 model_sys_lp_init(struct model *m, unsigned int lp,
		      const struct model_regs *in, struct model_regs *out)
{
	struct model_lp *self = &m->lp[lp];
	unsigned int pkg, group;
	u64 status;

	if (model_load(&m->state) != MODEL_SYSINIT_DONE)
		return TDX_ST_SYS_LP_INIT_NOT_PENDING;
	if (model_load(&self->done))
		return TDX_ST_SYS_LP_INIT_DONE;
	if (model_dry(&self->rdrand_dry))
		return TDX_ST_RND_NO_ENTROPY;
	if (seam_caps(m, lp) != m->init_seam_caps)
		return TDX_ST_INCOMPATIBLE_SEAM_CAPABILITIES;
	status = model_compare_msrs(m, lp, MODEL_MSR_EARLY);
	if (status)
		return status;
	if (model_msr(m, lp, 0x1a0) & 1U << 22)
		return TDX_ST_LIMIT_CPUID_MAXVAL_SET;
	status = model_compare_cpuid(m, lp, out);
	if (status)
		return status;
	pkg = model_lp_package(m, lp);
	if (pkg >= MODEL_MAX_PKGS)
		return (u64)TDX_ST_INVALID_PKG_ID | pkg;
	for (group = MODEL_MSR_TSC; group <= MODEL_MSR_KEYS; group++) {
		status = model_compare_msrs(m, lp, group);
		if (status)
			return status;
	}
	self->pkg = pkg;
	model_store(&self->done, true);
	__atomic_add_fetch(&m->init_lps, 1, __ATOMIC_ACQ_REL);
	return TDX_ST_SUCCESS;
}
