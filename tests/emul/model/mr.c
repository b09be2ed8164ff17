// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measurement of a TD's build: TDH.MR.EXTEND and TDH.MR.FINALIZE.
 * Source: TDX Module ABI 1.5, the leaves of these names, "MRTD".
 */
#include <linux/string.h>

#include "sept.h"

#define EXTEND_SIZE	256

/* The name of the leaf at 0, the GPA at 16. */
static void extend_header(struct model_td *td, const char *name, u64 gpa)
{
	u8 block[MODEL_SHA384_BLOCK] = { 0 };

	memcpy(block, name, strlen(name));
	memcpy(block + 16, &gpa, sizeof(gpa));
	model_sha384_block(&td->mr, block);
}

void model_mr_page_add(struct model_td *td, u64 gpa)
{
	extend_header(td, "MEM.PAGE.ADD", gpa);
}

/* Whether @w has come to a page that the guest has, of any size. */
static u64 present_leaf(struct model_walk *w, struct model_regs *out)
{
	model_sept_walk(w, 0);
	if (model_sept_state(w->entry) == SEPT_MAPPED)
		return 0;
	model_sept_info(w, out);
	/* A leaf in another state is told without the operand's id. */
	return (u64)TDX_ST_EPT_ENTRY_NOT_PRESENT |
	       (w->entry & SEPT_LEAF ? 0 : TDX_OPERAND_RCX);
}

static u64 extend(struct model *m, struct model_td *td, u64 gpa,
		  struct model_regs *out)
{
	struct model_walk w = { .m = m, .td = td, .gpa = gpa };
	u8 data[EXTEND_SIZE];
	u64 status, pa;

	if (gpa & (EXTEND_SIZE - 1) || !model_gpa_private(td, gpa))
		return OPERAND_INVALID(RCX);
	status = present_leaf(&w, out);
	if (status)
		return status;
	pa = (w.entry & SEPT_HPA) + (gpa & (model_sept_level_size(w.level) - 1));
	model_get(m, td->keyid, pa, data, sizeof(data));
	extend_header(td, "MR.EXTEND", gpa);
	model_sha384_block(&td->mr, data);
	model_sha384_block(&td->mr, data + MODEL_SHA384_BLOCK);
	return 0;
}

u64 model_mr_extend(struct model *m, unsigned int lp,
		    const struct model_regs *in, struct model_regs *out)
{
	struct model_td_ref ref;
	u64 status = model_td_get(m, in->rdx, TDX_OPERAND_RDX, true,
				  TDH_MR_EXTEND, &ref);

	if (status)
		return status;
	status = extend(m, ref.td, in->rcx, out);
	model_td_put(&ref);
	return status;
}

u64 model_mr_finalize(struct model *m, unsigned int lp,
		      const struct model_regs *in, struct model_regs *out)
{
	struct model_td_ref ref;
	u64 status = model_td_get(m, in->rcx, TDX_OPERAND_RCX, true,
				  TDH_MR_FINALIZE, &ref);

	if (status)
		return status;
	if (!model_load(&ref.td->vcpus)) {
		status = TDX_ST_NO_VCPUS;
	} else {
		model_sha384_digest(&ref.td->mr, ref.td->mrtd);
		ref.td->op_state = MODEL_OP_RUNNABLE;
	}
	model_td_put(&ref);
	return status;
}
