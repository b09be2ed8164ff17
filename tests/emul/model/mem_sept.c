// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of the Secure EPT: TDH.MEM.SEPT.ADD, RD and REMOVE.
 * Source: TDX Module ABI 1.5, the leaves of these names.
 *
 * L2 VMs are not modelled: their trees do not exist, so that no page can be
 * given for one.
 */
#include "sept.h"

#define ALLOW_EXISTING	(1ULL << 0)
#define L2_ATTRIBUTES	(1ULL << 0)
#define NO_PAGE		(~0ULL)
#define NOT_USED	(1ULL << 63)

static unsigned int version(const struct model_regs *in)
{
	return in->rax >> 16 & 0xff;
}

/* R9 to R11 of version 1: a page for an L2 VM that there is not. */
static u64 check_l2_pages(const struct model_regs *in)
{
	if (in->r9 != NO_PAGE)
		return OPERAND_INVALID(R9);
	if (in->r10 != NO_PAGE)
		return OPERAND_INVALID(R10);
	if (in->r11 != NO_PAGE)
		return OPERAND_INVALID(R11);
	return 0;
}

static u64 add_table(struct model *m, struct model_mem *mem, u64 pa)
{
	struct model_td *td = mem->ref.td;
	struct model_pamt page;
	u64 status = model_td_take_page(m, td, pa, TDX_OPERAND_R8,
					MODEL_PT_EPT, MODEL_4K, &page);

	if (status)
		return status;
	model_clear_sept_page(m, td->keyid, pa);
	model_sept_set(&mem->w, model_sept_entry(SEPT_NL_MAPPED, pa));
	model_pamt_unlock(&page);
	return 0;
}

/*
 * @used: whether R8's page was taken.  A version 1 call may bring none, where
 * only L2 trees are to grow.
 */
static u64 sept_add(struct model *m, struct model_mem *mem,
		    const struct model_regs *in, struct model_regs *out,
		    bool *used)
{
	bool exists = model_sept_state(mem->w.entry) != SEPT_FREE;
	u64 status;

	*used = false;
	if (exists && !(in->rdx & ALLOW_EXISTING))
		return model_mem_status(TDX_ST_EPT_ENTRY_STATE_INCORRECT,
					&mem->w, out);
	if (version(in)) {
		status = check_l2_pages(in);
		if (status)
			return status;
	}
	if (exists)
		return 0;
	*used = true;
	return add_table(m, mem, in->r8);
}

u64 model_sept_add(struct model *m, unsigned int lp,
		   const struct model_regs *in, struct model_regs *out)
{
	static const struct model_mem_leaf leaf = {
		.leaf = TDH_MEM_SEPT_ADD, .min = 1, .max = MODEL_TOP,
		.rdx_flags = ALLOW_EXISTING,
		.states = SEPT_S(SEPT_FREE) | SEPT_S(SEPT_NL_MAPPED),
	};
	struct model_mem mem;
	u64 status;
	bool used;

	if (version(in) > 1)
		return OPERAND_INVALID(RAX);
	status = model_mem_begin(m, &leaf, in, out, &mem);
	if (status)
		return status;
	status = sept_add(m, &mem, in, out, &used);
	if (!status && version(in)) {
		out->r8 = used || in->r8 == NO_PAGE ? NO_PAGE :
						      in->r8 | NOT_USED;
		out->r9 = NO_PAGE;
		out->r10 = NO_PAGE;
		out->r11 = NO_PAGE;
	}
	model_mem_end(&mem);
	return status;
}

u64 model_sept_rd(struct model *m, unsigned int lp,
		  const struct model_regs *in, struct model_regs *out)
{
	static const struct model_mem_leaf leaf = {
		.leaf = TDH_MEM_SEPT_RD, .max = MODEL_TOP,
		.rdx_flags = L2_ATTRIBUTES, .debug_flags = L2_ATTRIBUTES,
		.states = 0xff,
	};
	struct model_mem mem;
	u64 status = model_mem_begin(m, &leaf, in, out, &mem);

	if (status)
		return status;
	model_sept_info(&mem.w, out);
	if (in->rdx & L2_ATTRIBUTES)
		out->r8 = 0;
	model_mem_end(&mem);
	return TDX_ST_SUCCESS;
}

static bool all_free(struct model *m, const struct model_td *td, u64 table)
{
	unsigned int i;

	for (i = 0; i < 512; i++)
		if (model_sept_state(model_get64(m, td->keyid,
						 table + 8 * i)) != SEPT_FREE)
			return false;
	return true;
}

static u64 remove_table(struct model *m, struct model_mem *mem,
			struct model_regs *out)
{
	u64 pa = mem->w.entry & SEPT_HPA;
	struct model_td *td = mem->ref.td;
	struct model_pamt page;
	u64 status = model_pamt_lock(m, pa, TDX_OPERAND_RCX, MODEL_PT_EPT,
				     MODEL_4K, true, &page);

	if (status)
		return status;
	status = model_mem_tracked(mem, &page, out);
	if (!status && !all_free(m, td, pa))
		status = model_mem_status(TDX_ST_EPT_PAGE_NOT_FREE, &mem->w,
					  out);
	if (status) {
		model_pamt_unlock(&page);
		return status;
	}
	model_sept_set(&mem->w, MODEL_SEPT_FREE);
	model_td_drop_page(m, td, &page);
	out->rcx = pa;
	return 0;
}

u64 model_sept_remove(struct model *m, unsigned int lp,
		      const struct model_regs *in, struct model_regs *out)
{
	static const struct model_mem_leaf leaf = {
		.leaf = TDH_MEM_SEPT_REMOVE, .min = 1, .max = MODEL_TOP,
		.tree_exclusive = true,
		.states = SEPT_S(SEPT_NL_MAPPED) | SEPT_S(SEPT_NL_BLOCKED),
	};
	struct model_mem mem;
	u64 status;

	if (version(in) > 1)
		return OPERAND_INVALID(RAX);
	status = model_mem_begin(m, &leaf, in, out, &mem);
	if (status)
		return status;
	status = remove_table(m, &mem, out);
	if (!status && version(in)) {
		out->r9 = NO_PAGE;
		out->r10 = NO_PAGE;
		out->r11 = NO_PAGE;
	}
	model_mem_end(&mem);
	return status;
}
