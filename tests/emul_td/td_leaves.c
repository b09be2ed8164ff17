// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TDCALL: the checks that come before any leaf, and the leaf.
 *
 * Source: TDX Module ABI 1.5, "Guest-Side (TDCALL) Interface".
 */
#include <linux/cpumask.h>

#include "td.h"

#define RAX_LEAF(rax)		((u16)(rax))
#define RAX_VERSION(rax)	(((rax) >> 16) & 0xff)
#define RAX_RESERVED		0xffffffffff000000ULL

/* TDG.VP.INFO R10: TDG.SYS.RD is there. */
#define SYS_RD_AVAILABLE	1

static bool is_leaf(u16 leaf)
{
	switch (leaf) {
#define TDX_GUEST_LEAF(name, number, text) case (number):
#include <tdx/guest_leaves.def>
		return true;
	}
	return false;
}

static u64 vp_info(unsigned int cpu, struct td_regs *r)
{
	r->reg[TD_RCX] = td.gpaw;
	r->reg[TD_RDX] = td.attributes;
	r->reg[TD_R8] = (u64)nr_cpu_ids << 32 | num_present_cpus();
	r->reg[TD_R9] = cpu;
	r->reg[TD_R10] = SYS_RD_AVAILABLE;
	r->reg[TD_R11] = 0;
	return TDX_ST_SUCCESS;
}

/* Outputs are cleared before anything is checked; reading takes it away. */
static u64 veinfo_get(unsigned int cpu, struct td_regs *r)
{
	static const u8 out[] = { TD_RCX, TD_RDX, TD_R8, TD_R9, TD_R10 };
	struct td_vcpu *v = &td.vcpu[cpu];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(out); i++)
		r->reg[out[i]] = v->ve_valid ? v->ve[i] : 0;
	if (!v->ve_valid)
		return TDX_ST_NO_VALID_VE_INFO;
	v->ve_valid = false;
	return TDX_ST_SUCCESS;
}

static u64 cpuidve_set(unsigned int cpu, u64 rcx)
{
	if (rcx & ~3ULL)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RCX);
	td.vcpu[cpu].cpuid_ve = rcx;
	return TDX_ST_SUCCESS;
}

/* TDG.VM.RD version 0 and the writes leave RDX alone. */
static u64 field_read(unsigned int cpu, enum td_context ctx, struct td_regs *r,
		      bool next)
{
	u64 id = r->reg[TD_RDX];

	if (next)
		r->reg[TD_RDX] = ~0ULL;
	r->reg[TD_R8] = 0;
	if (ctx != TD_CTX_SYS && r->reg[TD_RCX])
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RCX);
	return td_field_read(cpu, ctx, id, &r->reg[TD_R8],
			     next ? &r->reg[TD_RDX] : NULL);
}

static u64 field_write(unsigned int cpu, enum td_context ctx,
		       struct td_regs *r)
{
	u64 value = r->reg[TD_R8];

	r->reg[TD_R8] = 0;
	if (r->reg[TD_RCX])
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RCX);
	return td_field_write(cpu, ctx, r->reg[TD_RDX], value,
			      r->reg[TD_R9], &r->reg[TD_R8]);
}

static u64 dispatch(unsigned int cpu, struct td_regs *r)
{
	u64 version = RAX_VERSION(r->reg[TD_RAX]);
	u16 leaf = RAX_LEAF(r->reg[TD_RAX]);

	if ((r->reg[TD_RAX] & RAX_RESERVED) ||
	    (version && leaf != TDX_TDG_VM_RD) || !is_leaf(leaf))
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RAX);

	switch (leaf) {
	case TDX_TDG_VP_VMCALL:
		return td_vp_vmcall(r);
	case TDX_TDG_VP_INFO:
		return vp_info(cpu, r);
	case TDX_TDG_MR_RTMR_EXTEND:
		return td_rtmr_extend(r->reg[TD_RCX], r->reg[TD_RDX]);
	case TDX_TDG_VP_VEINFO_GET:
		return veinfo_get(cpu, r);
	case TDX_TDG_MR_REPORT:
		return td_report(r->reg[TD_RCX], r->reg[TD_RDX],
				 r->reg[TD_R8]);
	case TDX_TDG_VP_CPUIDVE_SET:
		return cpuidve_set(cpu, r->reg[TD_RCX]);
	case TDX_TDG_MEM_PAGE_ACCEPT:
		return td_page_accept(r->reg[TD_RCX]);
	case TDX_TDG_VM_RD:
		if (version > 1) {
			r->reg[TD_RDX] = ~0ULL;
			r->reg[TD_R8] = 0;
			return td_operand(TDX_ST_OPERAND_INVALID,
					  TDX_OPERAND_RAX);
		}
		return field_read(cpu, TD_CTX_TD, r, version);
	case TDX_TDG_VM_WR:
		return field_write(cpu, TD_CTX_TD, r);
	case TDX_TDG_VP_RD:
		return field_read(cpu, TD_CTX_VP, r, true);
	case TDX_TDG_VP_WR:
		return field_write(cpu, TD_CTX_VP, r);
	case TDX_TDG_SYS_RD:
		return field_read(cpu, TD_CTX_SYS, r, true);
	}
	td.refused++;
	return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RAX);
}

/**
 * td_call() - do what a TDCALL does
 * @cpu: the virtual CPU that makes it
 * @r: its registers, in and out
 */
void td_call(unsigned int cpu, struct td_regs *r)
{
	u16 leaf = RAX_LEAF(r->reg[TD_RAX]);

	if (leaf < TD_MAX_LEAF)
		td.calls[leaf]++;
	else
		td.unknown++;
	if (!td_control_answer(leaf, r))
		r->reg[TD_RAX] = dispatch(cpu, r);
}
