// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host looks into the memory of a debug TD: TDH.MEM.RD and TDH.MEM.WR.
 * Source: TDX Module ABI 1.5, the leaves of these names.
 */
#include <linux/string.h>

#include "sept.h"

static u64 lock_leaf(struct model_mem *mem, u64 gpa, struct model_regs *out)
{
	struct model_td *td = mem->ref.td;

	if (!(td->attributes & ATTR_DEBUG))
		return TDX_ST_TD_NON_DEBUG;
	if (gpa & 7 || !model_gpa_private(td, gpa))
		return OPERAND_INVALID(RCX);
	if (!model_try_shared(&td->sept_lock))
		return OPERAND_BUSY(SEPT_TREE);
	mem->w.tree = 1;
	model_sept_walk(&mem->w, 0);
	if (!(mem->w.entry & SEPT_LEAF))
		return model_mem_status(TDX_ST_EPT_ENTRY_NOT_PRESENT, &mem->w,
					out);
	if (!model_sept_lock(&mem->w)) {
		model_sept_info(&mem->w, out);
		return OPERAND_BUSY(RCX);
	}
	if (model_sept_state(mem->w.entry) != SEPT_MAPPED)
		return model_mem_status(TDX_ST_EPT_ENTRY_STATE_INCORRECT,
					&mem->w, out);
	return 0;
}

static u64 access(struct model *m, u16 leaf, const struct model_regs *in,
		  struct model_regs *out)
{
	struct model_mem mem;
	u64 status, pa;

	memset(&mem, 0, sizeof(mem));
	status = model_td_get(m, in->rdx, TDX_OPERAND_RDX, false, leaf,
			      &mem.ref);
	if (status)
		return status;
	mem.w.m = m;
	mem.w.td = mem.ref.td;
	mem.w.gpa = in->rcx;
	status = lock_leaf(&mem, in->rcx, out);
	if (!status) {
		pa = (mem.w.entry & SEPT_HPA) +
		     (in->rcx & (model_sept_level_size(mem.w.level) - 1));
		out->r8 = model_get64(m, mem.ref.td->keyid, pa);
		if (leaf == TDH_MEM_WR)
			model_put64(m, mem.ref.td->keyid, pa, in->r8);
	}
	model_mem_end(&mem);
	return status;
}

u64 model_mem_rd(struct model *m, unsigned int lp,
		 const struct model_regs *in, struct model_regs *out)
{
	return access(m, TDH_MEM_RD, in, out);
}

u64 model_mem_wr(struct model *m, unsigned int lp,
		 const struct model_regs *in, struct model_regs *out)
{
	return access(m, TDH_MEM_WR, in, out);
}
