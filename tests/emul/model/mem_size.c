// SPDX-License-Identifier: GPL-2.0-only
/*
 * 512 pages become one of the next size, and the reverse:
 * TDH.MEM.PAGE.PROMOTE and TDH.MEM.PAGE.DEMOTE.
 * Source: TDX Module ABI 1.5, the leaves of these names.
 */
#include "sept.h"

#define L2_ADD_MODE	(1ULL << 0)
#define NOT_USED	(1ULL << 63)
#define ENTRIES		512

static bool pending(enum model_sept_state state)
{
	return state == SEPT_PENDING || state == SEPT_PENDING_BLOCKED;
}

/* The parts are as the page was before it was blocked. */
static void fill_table(struct model *m, const struct model_mem *mem, u64 table)
{
	enum model_sept_state state =
		pending(model_sept_state(mem->w.entry)) ? SEPT_PENDING :
							  SEPT_MAPPED;
	u64 size = model_sept_level_size(mem->w.level - 1);
	u64 pa = mem->w.entry & SEPT_HPA;
	u16 keyid = mem->ref.td->keyid;
	unsigned int i;

	model_clear_sept_page(m, keyid, table);
	for (i = 0; i < ENTRIES; i++)
		model_put64(m, keyid, table + 8 * i,
			    model_sept_entry(state, pa + i * size));
}

/* The PAMT entries follow: where one is held, the page stays as it is. */
static u64 split_pamt(struct model *m, const struct model_mem *mem)
{
	struct model_pamt page;
	u64 status = model_pamt_lock(m, mem->w.entry & SEPT_HPA,
				     TDX_OPERAND_RCX, MODEL_PT_REG,
				     mem->w.level, true, &page);

	if (status)
		return status;
	if (!model_pamt_split(m, &page))
		status = OPERAND_BUSY(RCX);
	model_pamt_unlock(&page);
	return status;
}

/*
 * The new table is filled first.  Only then is an interrupt looked for and the
 * page split, so that whoever gets its table back finds it written.
 */
static u64 split(struct model *m, unsigned int lp, struct model_mem *mem,
		 const struct model_regs *in, struct model_regs *out)
{
	struct model_td *td = mem->ref.td;
	struct model_pamt sept;
	u64 table = in->r8;
	u64 status = model_td_take_page(m, td, table, TDX_OPERAND_R8,
					MODEL_PT_EPT, MODEL_4K, &sept);

	if (status)
		return status;
	fill_table(m, mem, table);
	if (model_dry(&m->lp[lp].interrupts)) {
		out->rcx = in->rcx;
		out->rdx = in->rdx;
		status = TDX_ST_INTERRUPTED_RESTARTABLE;
	} else {
		status = split_pamt(m, mem);
	}
	if (status) {
		model_td_drop_page(m, td, &sept);
		return status;
	}
	model_sept_set(&mem->w, model_sept_entry(SEPT_NL_MAPPED, table));
	model_pamt_unlock(&sept);
	return 0;
}

static u64 demote(struct model *m, unsigned int lp, struct model_mem *mem,
		  const struct model_regs *in, struct model_regs *out)
{
	/* The page is in use, so it has an entry. */
	const struct model_pamt page = {
		.page = model_pamt_entry(m, mem->w.entry & SEPT_HPA,
					 mem->w.level),
	};
	u64 status = model_mem_tracked(mem, &page, out);

	if (!status)
		status = split(m, lp, mem, in, out);
	if (status)
		return status;
	/* No L2 VM maps the page: pages for their tables stay the host's. */
	out->r9 = in->r9 | NOT_USED;
	out->r10 = in->r10 | NOT_USED;
	out->r11 = in->r11 | NOT_USED;
	return 0;
}

u64 model_mem_page_demote(struct model *m, unsigned int lp,
			  const struct model_regs *in, struct model_regs *out)
{
	static const struct model_mem_leaf leaf = {
		.leaf = TDH_MEM_PAGE_DEMOTE, .min = 1, .max = 2,
		.rdx_flags = L2_ADD_MODE,
		.states = SEPT_S(SEPT_MAPPED) | SEPT_S(SEPT_BLOCKED) |
			  SEPT_S(SEPT_PENDING) | SEPT_S(SEPT_PENDING_BLOCKED),
	};
	struct model_mem mem;
	u64 status = model_mem_begin(m, &leaf, in, out, &mem);

	if (status)
		return status;
	status = demote(m, lp, &mem, in, out);
	model_mem_end(&mem);
	return status;
}

static struct model_walk child(const struct model_mem *mem, u64 table,
			       unsigned int i)
{
	struct model_walk w = {
		.m = mem->w.m, .td = mem->ref.td,
		.level = mem->w.level - 1, .pa = table + 8 * i,
	};

	w.entry = model_get64(w.m, w.td->keyid, w.pa) & ~SEPT_LOCK;
	return w;
}

static void unlock_children(const struct model_mem *mem, u64 table,
			    unsigned int n)
{
	while (n--) {
		struct model_walk w = child(mem, table, n);

		model_sept_set(&w, w.entry);
	}
}

/* All mapped or all pending, side by side in memory, the first one aligned. */
static u64 lock_children(struct model_mem *mem, u64 table,
			 struct model_regs *out, u64 *first)
{
	u64 size = model_sept_level_size(mem->w.level - 1);
	unsigned int i;
	u64 status = 0;

	for (i = 0; i < ENTRIES; i++) {
		struct model_walk w = child(mem, table, i);

		if (!i)
			*first = w.entry;
		if (!model_sept_lock(&w)) {
			status = OPERAND_BUSY(RCX);
			break;
		}
		if (w.entry != *first + i * size ||
		    (*first & SEPT_HPA & (ENTRIES * size - 1)) ||
		    (model_sept_state(*first) != SEPT_MAPPED &&
		     model_sept_state(*first) != SEPT_PENDING)) {
			status = model_mem_status(
				TDX_ST_EPT_INVALID_PROMOTE_CONDITIONS, &mem->w,
				out);
			i++;
			break;
		}
	}
	if (status)
		unlock_children(mem, table, i);
	return status;
}

static u64 merge(struct model *m, struct model_mem *mem,
		 struct model_pamt *page, struct model_regs *out)
{
	struct model_td *td = mem->ref.td;
	u64 table = page->pa, first;
	u64 status = lock_children(mem, table, out, &first);

	if (status)
		return status;
	if (!model_pamt_merge(m, first & SEPT_HPA, mem->w.level - 1,
			      model_td_pa(td))) {
		unlock_children(mem, table, ENTRIES);
		return OPERAND_BUSY(RCX);
	}
	model_sept_set(&mem->w, first);
	return 0;
}

static u64 promote(struct model *m, unsigned int lp, struct model_mem *mem,
		   const struct model_regs *in, struct model_regs *out)
{
	u64 table = mem->w.entry & SEPT_HPA;
	struct model_pamt page;
	u64 status = model_pamt_lock(m, table, TDX_OPERAND_RCX, MODEL_PT_EPT,
				     MODEL_4K, true, &page);

	if (status)
		return status;
	status = model_mem_tracked(mem, &page, out);
	if (!status && model_dry(&m->lp[lp].interrupts)) {
		out->rcx = in->rcx;
		out->rdx = in->rdx;
		status = TDX_ST_INTERRUPTED_RESTARTABLE;
	}
	if (!status)
		status = merge(m, mem, &page, out);
	if (status) {
		model_pamt_unlock(&page);
		return status;
	}
	model_td_drop_page(m, mem->ref.td, &page);
	out->rcx = table;
	return 0;
}

u64 model_mem_page_promote(struct model *m, unsigned int lp,
			   const struct model_regs *in,
			   struct model_regs *out)
{
	static const struct model_mem_leaf leaf = {
		.leaf = TDH_MEM_PAGE_PROMOTE, .min = 1, .max = 2,
		.states = SEPT_S(SEPT_NL_MAPPED) | SEPT_S(SEPT_NL_BLOCKED),
	};
	struct model_mem mem;
	u64 status;

	if ((in->rax >> 16 & 0xff) > 1)
		return OPERAND_INVALID(RAX);
	status = model_mem_begin(m, &leaf, in, out, &mem);
	if (status)
		return status;
	status = promote(m, lp, &mem, in, out);
	model_mem_end(&mem);
	return status;
}
