// SPDX-License-Identifier: GPL-2.0-only
/*
 * Private pages come and go: TDH.MEM.PAGE.ADD, AUG, REMOVE and RELOCATE.
 * Source: TDX Module ABI 1.5, the leaves of these names.
 */
#include "sept.h"

#define LEAF_STATES \
	(SEPT_S(SEPT_MAPPED) | SEPT_S(SEPT_BLOCKED) | SEPT_S(SEPT_PENDING) | \
	 SEPT_S(SEPT_PENDING_BLOCKED))

static u64 page_add(struct model *m, struct model_mem *mem,
		    const struct model_regs *in)
{
	struct model_td *td = mem->ref.td;
	struct model_pamt page;
	u64 status;

	if (!model_shared_pa_ok(m, in->r9, MODEL_PAGE))
		return OPERAND_INVALID(R9);
	status = model_td_take_page(m, td, in->r8, TDX_OPERAND_R8,
				    MODEL_PT_REG, MODEL_4K, &page);
	if (status)
		return status;
	model_copy_in(m, td->keyid, in->r8, in->r9);
	model_sept_set(&mem->w, model_sept_entry(SEPT_MAPPED, in->r8));
	model_mr_page_add(td, mem->w.gpa);
	model_pamt_unlock(&page);
	return 0;
}

u64 model_mem_page_add(struct model *m, unsigned int lp,
		       const struct model_regs *in, struct model_regs *out)
{
	static const struct model_mem_leaf leaf = {
		.leaf = TDH_MEM_PAGE_ADD, .tdr_exclusive = true,
		.states = SEPT_S(SEPT_FREE),
	};
	struct model_mem mem;
	u64 status = model_mem_begin(m, &leaf, in, out, &mem);

	if (status)
		return status;
	status = page_add(m, &mem, in);
	model_mem_end(&mem);
	return status;
}

static u64 page_aug(struct model *m, struct model_mem *mem, u64 pa)
{
	struct model_td *td = mem->ref.td;
	unsigned int level = mem->w.level;
	struct model_pamt page;
	u64 status, at;

	if (pa & (model_sept_level_size(level) - 1))
		return OPERAND_INVALID(R8);
	status = model_td_take_page(m, td, pa, TDX_OPERAND_R8, MODEL_PT_REG,
				    level, &page);
	if (status)
		return status;
	for (at = pa; at < pa + model_level_size(level); at += MODEL_PAGE)
		model_clear_page(m, td->keyid, at);
	model_sept_set(&mem->w, model_sept_entry(SEPT_PENDING, pa));
	model_pamt_unlock(&page);
	return 0;
}

u64 model_mem_page_aug(struct model *m, unsigned int lp,
		       const struct model_regs *in, struct model_regs *out)
{
	static const struct model_mem_leaf leaf = {
		.leaf = TDH_MEM_PAGE_AUG, .max = 1,
		.states = SEPT_S(SEPT_FREE),
	};
	struct model_mem mem;
	u64 status = model_mem_begin(m, &leaf, in, out, &mem);

	if (status)
		return status;
	status = page_aug(m, &mem, in->r8);
	model_mem_end(&mem);
	return status;
}

static u64 page_remove(struct model *m, struct model_mem *mem,
		       struct model_regs *out)
{
	u64 pa = mem->w.entry & SEPT_HPA;
	struct model_pamt page;
	u64 status = model_pamt_lock(m, pa, TDX_OPERAND_RCX, MODEL_PT_REG,
				     mem->w.level, true, &page);

	if (status)
		return status;
	status = model_mem_tracked(mem, &page, out);
	if (status) {
		model_pamt_unlock(&page);
		return status;
	}
	model_sept_set(&mem->w, MODEL_SEPT_FREE);
	model_td_drop_page(m, mem->ref.td, &page);
	out->rcx = pa;
	return 0;
}

u64 model_mem_page_remove(struct model *m, unsigned int lp,
			  const struct model_regs *in, struct model_regs *out)
{
	static const struct model_mem_leaf leaf = {
		.leaf = TDH_MEM_PAGE_REMOVE, .max = 2, .states = LEAF_STATES,
	};
	struct model_mem mem;
	u64 status = model_mem_begin(m, &leaf, in, out, &mem);

	if (status)
		return status;
	status = page_remove(m, &mem, out);
	model_mem_end(&mem);
	return status;
}

/* What is pending has no content to take along. */
static u64 move_page(struct model *m, struct model_mem *mem, u64 to, u64 from)
{
	struct model_td *td = mem->ref.td;
	enum model_sept_state state = model_sept_state(mem->w.entry);
	bool pending = state == SEPT_PENDING || state == SEPT_PENDING_BLOCKED;
	struct model_pamt page;
	u64 status = model_td_take_page(m, td, to, TDX_OPERAND_R8,
					MODEL_PT_REG, MODEL_4K, &page);

	if (status)
		return status;
	if (pending)
		model_clear_page(m, td->keyid, to);
	else
		model_copy_page(m, td->keyid, to, from);
	model_sept_set(&mem->w,
		       model_sept_entry(pending ? SEPT_PENDING : SEPT_MAPPED,
					to));
	model_pamt_unlock(&page);
	return 0;
}

static u64 page_relocate(struct model *m, struct model_mem *mem, u64 to,
			 struct model_regs *out)
{
	u64 from = mem->w.entry & SEPT_HPA;
	struct model_pamt page;
	u64 status;

	if (to == from)
		return OPERAND_INVALID(R8);
	status = model_pamt_lock(m, from, TDX_OPERAND_RCX, MODEL_PT_REG,
				 MODEL_4K, true, &page);
	if (status)
		return status;
	status = model_mem_tracked(mem, &page, out);
	if (!status)
		status = move_page(m, mem, to, from);
	if (status) {
		model_pamt_unlock(&page);
		return status;
	}
	model_td_drop_page(m, mem->ref.td, &page);
	out->rcx = from;
	return 0;
}

u64 model_mem_page_relocate(struct model *m, unsigned int lp,
			    const struct model_regs *in,
			    struct model_regs *out)
{
	static const struct model_mem_leaf leaf = {
		.leaf = TDH_MEM_PAGE_RELOCATE, .states = LEAF_STATES,
	};
	struct model_mem mem;
	u64 status = model_mem_begin(m, &leaf, in, out, &mem);

	if (status)
		return status;
	status = page_relocate(m, &mem, in->r8, out);
	model_mem_end(&mem);
	return status;
}
