// SPDX-License-Identifier: GPL-2.0-only
/* TDH.MEM: private memory of TDs.  Contracts: <tdx_host/mem.h>. */
#include <linux/kernel.h>
#include <linux/pfn.h>

#include <tdx_host/mem.h>
#include "compat/compat.h"
#include "status.h"
#include "tdh.h"

/* The physical address in a result, bits 51:12. */
#define MEM_PA_MASK		GENMASK_ULL(51, 12)

/* RCX and RDX of nearly all leaves: what is mapped, and in which TD. */
static struct tdx_regs mem_operands(const struct tdx_host_td *td, u64 gpa,
				    enum tdx_host_level level)
{
	return (struct tdx_regs) {
		.rcx = gpa | level,
		.rdx = tdh_tdr(td),
	};
}

static u64 mem_call(u64 leaf, struct tdx_regs *args,
		    struct tdx_host_sept_info *info)
{
	u64 status = seamcall_hot(leaf, args, NULL);

	tdh_fill_info(info, status, args);
	return status;
}

static noinline __cold u64 mem_lose_page(u64 leaf, u64 pa)
{
	pr_err_ratelimited("%s: the TDX module gives back a page at 0x%llx, where there is none: nobody may use the page that it had before the next reset of the platform\n",
			   status_leaf_name(leaf), pa);
	return TDX_ST_PAGE_LOST;
}

/*
 * Leaves that give a page back name it in RCX.  It is only the TDX module's
 * word: a page that is none is not handed on.
 */
static u64 mem_take_page(u64 leaf, u64 status, const struct tdx_regs *out,
			 enum tdx_host_level level, unsigned long *pfn)
{
	unsigned long named = PHYS_PFN(out->rcx & MEM_PA_MASK);

	if (!tdx_status_ok(status))
		return status;
	if (!tdh_page_exists(named, level))
		return mem_lose_page(leaf, out->rcx);
	*pfn = named;
	return status;
}

/*
 * Leaves that give way to interrupts have to begin anew, with the operands of
 * the first try.  Interrupts are taken between two tries.
 */
static u64 mem_call_restartable(u64 leaf, struct tdx_regs *args,
				struct tdx_host_sept_info *info,
				struct seamcall_retry *retry)
{
	struct tdx_regs in = *args;
	u64 status;

	for (;;) {
		status = mem_call(leaf, args, info);
		if (!tdx_status_is(status, TDX_ST_INTERRUPTED_RESTARTABLE) ||
		    !seamcall_retry(retry, leaf, status, false))
			return status;
		*args = in;
	}
}

u64 tdx_host_mem_sept_add(const struct tdx_host_td *td, u64 gpa,
			  enum tdx_host_level level, struct page *page,
			  struct tdx_host_sept_info *info)
{
	struct tdx_regs args = mem_operands(td, gpa, level);

	args.r8 = page_to_phys(page);
	tdh_flush_page(page);
	return mem_call(TDH_MEM_SEPT_ADD, &args, info);
}
TDX_HOST_EXPORT(tdx_host_mem_sept_add);

u64 tdx_host_mem_sept_rd(const struct tdx_host_td *td, u64 gpa,
			 enum tdx_host_level level,
			 struct tdx_host_sept_info *info)
{
	struct tdx_regs args = mem_operands(td, gpa, level);
	u64 status = mem_call(TDH_MEM_SEPT_RD, &args, info);

	if (tdx_status_ok(status))
		tdh_read_info(info, &args);
	return status;
}
TDX_HOST_EXPORT(tdx_host_mem_sept_rd);

u64 tdx_host_mem_sept_remove(const struct tdx_host_td *td, u64 gpa,
			     enum tdx_host_level level, unsigned long *pfn,
			     struct tdx_host_sept_info *info)
{
	struct tdx_regs args = mem_operands(td, gpa, level);
	u64 status = mem_call(TDH_MEM_SEPT_REMOVE, &args, info);

	return mem_take_page(TDH_MEM_SEPT_REMOVE, status, &args,
			     TDX_HOST_LEVEL_4K, pfn);
}
TDX_HOST_EXPORT(tdx_host_mem_sept_remove);

u64 tdx_host_mem_page_add(const struct tdx_host_td *td, u64 gpa,
			  unsigned long pfn, struct page *source,
			  struct tdx_host_sept_info *info)
{
	struct tdx_regs args = mem_operands(td, gpa, TDX_HOST_LEVEL_4K);

	args.r8 = PFN_PHYS(pfn);
	args.r9 = page_to_phys(source);
	tdh_flush(pfn, TDX_HOST_LEVEL_4K);
	return mem_call(TDH_MEM_PAGE_ADD, &args, info);
}
TDX_HOST_EXPORT(tdx_host_mem_page_add);

u64 tdx_host_mem_page_aug(const struct tdx_host_td *td, u64 gpa,
			  enum tdx_host_level level, unsigned long pfn,
			  struct tdx_host_sept_info *info)
{
	struct tdx_regs args = mem_operands(td, gpa, level);

	args.r8 = PFN_PHYS(pfn);
	tdh_flush(pfn, level);
	return mem_call(TDH_MEM_PAGE_AUG, &args, info);
}
TDX_HOST_EXPORT(tdx_host_mem_page_aug);

u64 tdx_host_mem_page_remove(const struct tdx_host_td *td, u64 gpa,
			     enum tdx_host_level level, unsigned long *pfn,
			     struct tdx_host_sept_info *info)
{
	struct tdx_regs args = mem_operands(td, gpa, level);
	u64 status = mem_call(TDH_MEM_PAGE_REMOVE, &args, info);

	return mem_take_page(TDH_MEM_PAGE_REMOVE, status, &args, level, pfn);
}
TDX_HOST_EXPORT(tdx_host_mem_page_remove);

u64 tdx_host_mem_page_promote(const struct tdx_host_td *td, u64 gpa,
			      enum tdx_host_level level, unsigned long *pfn,
			      struct tdx_host_sept_info *info)
{
	struct tdx_regs args = mem_operands(td, gpa, level);
	struct seamcall_retry retry = { };
	u64 status = mem_call_restartable(TDH_MEM_PAGE_PROMOTE, &args, info,
					  &retry);

	return mem_take_page(TDH_MEM_PAGE_PROMOTE, status, &args,
			     TDX_HOST_LEVEL_4K, pfn);
}
TDX_HOST_EXPORT(tdx_host_mem_page_promote);

u64 tdx_host_mem_page_demote(const struct tdx_host_td *td, u64 gpa,
			     enum tdx_host_level level, struct page *page,
			     struct tdx_host_sept_info *info)
{
	struct tdx_regs args = mem_operands(td, gpa, level);
	struct seamcall_retry retry = { };
	u64 status;

	args.r8 = page_to_phys(page);
	/* No L2 VM has an alias of the page. */
	args.r9 = args.r10 = args.r11 = ~0ULL;
	tdh_flush_page(page);
	status = mem_call_restartable(TDH_MEM_PAGE_DEMOTE, &args, info, &retry);
	if (tdh_wrote(TDH_MEM_PAGE_DEMOTE, status, &args, &retry))
		status = tdh_take_back(TDH_MEM_PAGE_DEMOTE, status, page,
				       td->keyid);
	return status;
}
TDX_HOST_EXPORT(tdx_host_mem_page_demote);

u64 tdx_host_mem_page_relocate(const struct tdx_host_td *td, u64 gpa,
			       unsigned long *pfn,
			       struct tdx_host_sept_info *info)
{
	struct tdx_regs args = mem_operands(td, gpa, TDX_HOST_LEVEL_4K);
	u64 status;

	args.r8 = PFN_PHYS(*pfn);
	tdh_flush(*pfn, TDX_HOST_LEVEL_4K);
	status = mem_call(TDH_MEM_PAGE_RELOCATE, &args, info);
	return mem_take_page(TDH_MEM_PAGE_RELOCATE, status, &args,
			     TDX_HOST_LEVEL_4K, pfn);
}
TDX_HOST_EXPORT(tdx_host_mem_page_relocate);

u64 tdx_host_mem_range_block(const struct tdx_host_td *td, u64 gpa,
			     enum tdx_host_level level,
			     struct tdx_host_sept_info *info)
{
	struct tdx_regs args = mem_operands(td, gpa, level);

	return mem_call(TDH_MEM_RANGE_BLOCK, &args, info);
}
TDX_HOST_EXPORT(tdx_host_mem_range_block);

u64 tdx_host_mem_range_unblock(const struct tdx_host_td *td, u64 gpa,
			       enum tdx_host_level level,
			       struct tdx_host_sept_info *info)
{
	struct tdx_regs args = mem_operands(td, gpa, level);

	return mem_call(TDH_MEM_RANGE_UNBLOCK, &args, info);
}
TDX_HOST_EXPORT(tdx_host_mem_range_unblock);

u64 tdx_host_mem_track(const struct tdx_host_td *td)
{
	struct tdx_regs args = { .rcx = tdh_tdr(td) };

	return seamcall_hot(TDH_MEM_TRACK, &args, NULL);
}
TDX_HOST_EXPORT(tdx_host_mem_track);

u64 tdx_host_mem_rd(const struct tdx_host_td *td, u64 gpa, u64 *value,
		    struct tdx_host_sept_info *info)
{
	struct tdx_regs args = mem_operands(td, gpa, 0);
	u64 status = mem_call(TDH_MEM_RD, &args, info);

	tdh_fill_value(value, status, &args);
	return status;
}
TDX_HOST_EXPORT(tdx_host_mem_rd);

u64 tdx_host_mem_wr(const struct tdx_host_td *td, u64 gpa, u64 value, u64 *old,
		    struct tdx_host_sept_info *info)
{
	struct tdx_regs args = mem_operands(td, gpa, 0);
	u64 status;

	args.r8 = value;
	status = mem_call(TDH_MEM_WR, &args, info);
	tdh_fill_value(old, status, &args);
	return status;
}
TDX_HOST_EXPORT(tdx_host_mem_wr);
