// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.PHYMEM, and a page's way to a TD and back.  Contracts:
 * <tdx_host/phymem.h>.
 */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/pfn.h>
#include <linux/sched.h>

#include <tdx_host/phymem.h>
#include <tdx_host/tdx_host.h>
#include "compat/compat.h"
#include "erase.h"
#include "layout.h"

#include "platform.h"
#include "tdh.h"

static void phymem_read_page_info(struct tdx_host_page_info *info, u64 status,
				  const struct tdx_regs *out)
{
	*info = (struct tdx_host_page_info) { };
	if (!tdx_status_ok(status))
		return;
	info->type = out->rcx;
	info->owner = out->rdx;
	info->level = out->r8;
	info->bepoch = out->r9;
}

u64 tdx_host_phymem_page_rdmd(unsigned long pfn,
			      struct tdx_host_page_info *info)
{
	struct tdx_regs args = { .rcx = PFN_PHYS(pfn) };
	u64 status = tdx_host_call(TDH_PHYMEM_PAGE_RDMD, &args, true);

	phymem_read_page_info(info, status, &args);
	return status;
}
TDX_HOST_EXPORT(tdx_host_phymem_page_rdmd);

u64 tdx_host_phymem_page_reclaim(unsigned long pfn,
				 struct tdx_host_page_info *info)
{
	struct tdx_regs args = { .rcx = PFN_PHYS(pfn) };
	u64 status = tdx_host_call(TDH_PHYMEM_PAGE_RECLAIM, &args, true);

	if (info)
		phymem_read_page_info(info, status, &args);
	return status;
}
TDX_HOST_EXPORT(tdx_host_phymem_page_reclaim);

u64 tdx_host_phymem_page_wbinvd(unsigned long pfn, u32 keyid)
{
	const struct platform_info *p = platform_get();
	struct tdx_regs args = { .rcx = PFN_PHYS(pfn) };

	if (!keyid)
		keyid = p->global_keyid;
	args.rcx |= (u64)keyid << p->keyid_shift;
	return tdx_host_call(TDH_PHYMEM_PAGE_WBINVD, &args, false);
}
TDX_HOST_EXPORT(tdx_host_phymem_page_wbinvd);

/*
 * Guards the place where an interrupted flush goes on: the TDX module keeps
 * one per package, and a second flush that begins there in between takes it
 * from the first (TDX Module ABI 1.5, TDH.PHYMEM.CACHE.WB).  One flush serves
 * all KeyIDs that wait for it, so whoever comes second has little left to do.
 */
static DEFINE_MUTEX(phymem_cache_wb_mutex);

u64 tdx_host_phymem_cache_wb(void)
{
	u64 status;

	might_sleep();
	mutex_lock(&phymem_cache_wb_mutex);
	status = tdh_on_packages(TDH_PHYMEM_CACHE_WB, 0);
	mutex_unlock(&phymem_cache_wb_mutex);
	return status;
}
TDX_HOST_EXPORT(tdx_host_phymem_cache_wb);

bool tdx_host_range_is_tdx(u64 base, u64 end)
{
	might_sleep();
	/* There is a layout long before, and after a failure still. */
	return tdx_host_state_get() == TDX_HOST_READY &&
	       layout_is_tdx(base, end);
}
TDX_HOST_EXPORT(tdx_host_range_is_tdx);

bool tdx_host_all_ram_is_tdx(u64 *base, u64 *end)
{
	struct region bad = { };
	bool all;

	might_sleep();
	all = tdx_host_state_get() == TDX_HOST_READY &&
	      layout_all_ram_is_tdx(&bad);
	*base = bad.base;
	*end = bad.end;
	return all;
}
TDX_HOST_EXPORT(tdx_host_all_ram_is_tdx);

int tdx_host_page_to_private(unsigned long pfn, enum tdx_host_level level)
{
	if (!tdh_page_exists(pfn, level))
		return -EINVAL;
	tdh_flush(pfn, level);
	return 0;
}
TDX_HOST_EXPORT(tdx_host_page_to_private);

void tdx_host_page_reset(u64 pa, u64 size)
{
	if (platform_get()->partial_write_erratum)
		erase_lines(pa, size);
}
TDX_HOST_EXPORT(tdx_host_page_reset);

u64 tdx_host_page_to_shared(unsigned long pfn, enum tdx_host_level level,
			    u32 keyid)
{
	unsigned long nr = PHYS_PFN(tdx_host_level_size(level)), i;
	u64 status;

	might_sleep();
	if (!tdh_page_exists(pfn, level))
		return TDX_ST_OPERAND_INVALID | TDX_OPERAND_RCX;
	/* All lines first: one written back later would undo the erasing. */
	for (i = 0; i < nr; i++) {
		status = tdx_host_phymem_page_wbinvd(pfn + i, keyid);
		if (!tdx_status_ok(status))
			return status;
		cond_resched();
	}
	if (platform_get()->partial_write_erratum) {
		erase_range(PFN_PHYS(pfn), PFN_PHYS(nr));
		return TDX_ST_SUCCESS;
	}
	for (i = 0; i < nr; i++) {
		clear_page(__va(PFN_PHYS(pfn + i)));
		cond_resched();
	}
	return TDX_ST_SUCCESS;
}
TDX_HOST_EXPORT(tdx_host_page_to_shared);
