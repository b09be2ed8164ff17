// SPDX-License-Identifier: GPL-2.0-only
/* What the wrappers of TD leaves share. */
#include <linux/cpu.h>
#include <linux/pfn.h>
#include <asm/cacheflush.h>

#include <tdx_host/phymem.h>
#include "packages.h"
#include "status.h"
#include "tdh.h"

/**
 * tdh_call_td() - a leaf whose only operand is the TD
 * @leaf: TDH_*
 * @td: the TD
 *
 * Context: Sleeps.
 * Return: completion status.
 */
u64 tdh_call_td(u64 leaf, const struct tdx_host_td *td)
{
	struct tdx_regs args = { .rcx = tdh_tdr(td) };

	return tdx_host_call(leaf, &args, true);
}

/**
 * tdh_page_exists() - is there a whole page of that level?
 * @pfn: first PFN
 * @level: size of the page
 *
 * Context: Any.
 * Return: true where it has a struct page for each 4 KiB.
 */
bool tdh_page_exists(unsigned long pfn, enum tdx_host_level level)
{
	unsigned long nr = PHYS_PFN(tdx_host_level_size(level));

	return IS_ALIGNED(pfn, nr) && pfn_valid(pfn) && pfn_valid(pfn + nr - 1);
}

/**
 * tdh_flush() - write the kernel's cache lines of a page back
 * @pfn: first PFN
 * @level: size of the page
 *
 * A dirty line of the kernel would later be written over what the TDX module
 * writes with another KeyID.
 *
 * Context: Any.
 */
void tdh_flush(unsigned long pfn, enum tdx_host_level level)
{
	clflush_cache_range(__va(PFN_PHYS(pfn)), tdx_host_level_size(level));
}

/**
 * tdh_read_info() - a Secure EPT entry as TDH.MEM leaves describe it
 * @info: filled in
 * @out: output registers: the entry is in RCX and RDX
 *
 * Context: Any.
 */
void tdh_read_info(struct tdx_host_sept_info *info,
		   const struct tdx_regs *out)
{
	info->entry = out->rcx;
	info->level = out->rdx & 7;
	info->state = out->rdx >> 8;
	info->vm = out->rdx >> 16 & 3;
}

/* The class of Secure EPT statuses, all of which carry the entry. */
#define TDX_CLASS_EPT	0x0b

/**
 * tdh_fill_info() - extended error information, where there is some
 * @info: filled in, with zeros where the status has none; or NULL
 * @status: completion status
 * @out: output registers
 *
 * Statuses of other classes leave RCX and RDX as they were; the only exception
 * is OPERAND_BUSY for a Secure EPT entry.
 *
 * Context: Any.
 */
void tdh_fill_info(struct tdx_host_sept_info *info, u64 status,
		   const struct tdx_regs *out)
{
	if (!info)
		return;
	*info = (struct tdx_host_sept_info) { };
	if (TDX_STATUS_CLASS(status) != TDX_CLASS_EPT &&
	    status != (TDX_ST_OPERAND_BUSY | TDX_OPERAND_RCX))
		return;
	tdh_read_info(info, out);
}

/**
 * tdh_wrote() - did a leaf write to a new page before it refused it?
 * @leaf: TDH_*
 * @status: what it returned in the end
 * @out: output registers
 * @retry: what all tries returned
 *
 * Whatever the last status is, an earlier try may have written.  Leaves that
 * are not here make all checks first; so do these for all other statuses.
 * TDH.MEM.PAGE.DEMOTE may also find out that the entry of an L2 VM is missing
 * (L2_SEPT_WALK_FAILED), but only where it is given a page for that VM.
 * Source: TDX Module ABI 1.5, TDH.MNG.CREATE; the source code of TDX modules
 * 1.5 and later, as published, for the other two and for those that check
 * first.
 *
 * Context: Any.
 * Return: true when the page may have lines with a private KeyID.
 */
bool tdh_wrote(u64 leaf, u64 status, const struct tdx_regs *out,
	       const struct seamcall_retry *retry)
{
	if (tdx_status_ok(status))
		return false;
	switch (leaf) {
	/* Random numbers are asked for when the page is zeroed already. */
	case TDH_MNG_CREATE:
		return retry->seen & TDX_RETRY_NO_ENTROPY;
	/* The same with the sixth page; OP_STATE is in the pages before. */
	case TDH_MNG_ADDCX:
		return retry->seen & TDX_RETRY_NO_ENTROPY ||
		       tdx_status_is(status, TDX_ST_OP_STATE_INCORRECT);
	/*
	 * The new table is filled before an interrupt is looked for and the
	 * PAMT entry is locked.  A Secure EPT entry that is busy means the same
	 * operand, but is described in RCX and RDX.
	 */
	case TDH_MEM_PAGE_DEMOTE:
		return retry->seen & TDX_RETRY_RESTARTABLE ||
		       (status == (TDX_ST_OPERAND_BUSY | TDX_OPERAND_RCX) &&
			!out->rdx);
	default:
		return false;
	}
}

/**
 * tdh_take_back() - a page that was written to and then refused
 * @leaf: TDH_*
 * @status: what it returned
 * @page: the page
 * @keyid: KeyID that it was written with; 0 stands for the global KeyID
 *
 * Context: Any.
 * Return: @status, the page is the caller's again; or TDX_ST_PAGE_LOST.
 */
u64 tdh_take_back(u64 leaf, u64 status, struct page *page, u32 keyid)
{
	u64 back = tdx_host_phymem_page_wbinvd(page_to_pfn(page), keyid);

	if (tdx_status_ok(back)) {
		tdx_host_page_reset(page_to_phys(page), PAGE_SIZE);
		clear_page(page_address(page));
		return status;
	}
	pr_err_ratelimited("%s: page 0x%llx was refused (%s) after it was written to, and cannot be brought back (%s): nobody may use it before the next reset of the platform\n",
			   status_leaf_name(leaf), (u64)page_to_phys(page),
			   status_name(status), status_name(back));
	return TDX_ST_PAGE_LOST;
}

/**
 * tdh_call_page() - hand a page to a leaf that may write to it and refuse it
 * @leaf: TDH_*
 * @args: operands, in and out
 * @page: the page
 * @keyid: KeyID that it is written with; 0 stands for the global KeyID
 *
 * Context: Sleeps.
 * Return: completion status; after an error the page is the caller's, unless
 *	   that is TDX_ST_PAGE_LOST.
 */
u64 tdh_call_page(u64 leaf, struct tdx_regs *args, struct page *page,
		  u32 keyid)
{
	struct seamcall_retry retry = { };
	u64 status;

	tdh_flush_page(page);
	status = seamcall_insist(leaf, args, true, &retry);
	if (tdh_wrote(leaf, status, args, &retry))
		status = tdh_take_back(leaf, status, page, keyid);
	return status;
}

/* A call to make on one CPU of each package, and its status. */
struct tdh_package_call {
	u64 leaf;
	u64 rcx;
	u64 status;
};

static int tdh_call_on_package(void *data)
{
	struct tdh_package_call *c = data;
	struct tdx_regs args = { .rcx = c->rcx };

	c->status = tdx_host_call(c->leaf, &args, true);
	return !tdx_status_ok(c->status);
}

/**
 * tdh_on_packages() - call a leaf once on every package
 * @leaf: TDH_*
 * @rcx: its operand
 *
 * Context: Sleeps; takes cpus_read_lock().
 * Return: TDX_ST_SUCCESS; TDX_ST_PACKAGE_OFFLINE where a package has no CPU
 *	   online, and none was called; or the status of the first package
 *	   that failed.
 */
u64 tdh_on_packages(u64 leaf, u64 rcx)
{
	struct tdh_package_call c = {
		.leaf = leaf,
		.rcx = rcx,
		.status = TDX_ST_PACKAGE_OFFLINE,
	};

	might_sleep();
	cpus_read_lock();
	packages_run(tdh_call_on_package, &c);
	cpus_read_unlock();
	return tdx_status_ok(c.status) ? TDX_ST_SUCCESS : c.status;
}
