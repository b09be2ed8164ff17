// SPDX-License-Identifier: GPL-2.0-only
/* The end of a TD, out of order first. */
#include <linux/cpu.h>
#include <linux/gfp.h>
#include <linux/mm.h>

#include "wrappers.h"

/* All pages but the TDR, which is the first; some are free already. */
static void reclaim_pages(struct wrap *w)
{
	unsigned int i;

	for (i = w->nr_pages; i-- > 1;) {
		unsigned long pfn = page_to_pfn(w->pages[i]);
		struct tdx_host_page_info info;

		tdx_host_phymem_page_rdmd(pfn, &info);
		if (info.type != TDX_HOST_PAGE_FREE)
			WRAP(tdx_host_phymem_page_reclaim, SUCCESS,
			     (pfn, NULL));
		WRAP(tdx_host_page_to_shared, SUCCESS,
		     (pfn, TDX_HOST_LEVEL_4K, w->td.keyid));
		__free_page(w->pages[i]);
	}
}

static void reclaim_tdr(struct wrap *w)
{
	unsigned long pfn = page_to_pfn(w->td.tdr);
	struct tdx_host_page_info info;

	WRAP(tdx_host_phymem_page_reclaim, SUCCESS, (pfn, &info));
	wrap_fact("it was a TDR", info.type == TDX_HOST_PAGE_TDR);
	WRAP(tdx_host_phymem_page_reclaim, PAGE_METADATA_INCORRECT,
	     (pfn, NULL));
	WRAP(tdx_host_page_to_shared, SUCCESS, (pfn, TDX_HOST_LEVEL_4K, 0));
	__free_page(w->td.tdr);
	wrap_fact("the KeyID is given back",
		  !tdx_host_keyid_free(w->td.keyid));
}

void wrap_end(struct wrap *w)
{
	unsigned long tdr = page_to_pfn(w->td.tdr);

	WRAP(tdx_host_mng_vpflushdone, FLUSHVP_NOT_DONE, (&w->td));
	WRAP(tdx_host_vp_flush, SUCCESS, (&w->vp));
	WRAP(tdx_host_mng_vpflushdone, SUCCESS, (&w->td));
	WRAP(tdx_host_mng_vpflushdone, LIFECYCLE_STATE_INCORRECT, (&w->td));
	WRAP(tdx_host_mng_key_freeid, WBCACHE_NOT_COMPLETE, (&w->td));
	WRAP(tdx_host_phymem_page_reclaim, LIFECYCLE_STATE_INCORRECT,
	     (page_to_pfn(w->vp.tdvpr), NULL));
	wrap_emul("inject %d:0x%llx:1", TDH_PHYMEM_CACHE_WB,
		  (u64)TDX_ST_OPERAND_INVALID);
	WRAP(tdx_host_phymem_cache_wb, OPERAND_INVALID, ());
	WRAP(tdx_host_phymem_cache_wb, SUCCESS, ());
	WRAP(tdx_host_mng_key_freeid, SUCCESS, (&w->td));
	WRAP(tdx_host_mng_key_freeid, LIFECYCLE_STATE_INCORRECT, (&w->td));
	WRAP(tdx_host_phymem_page_reclaim, TD_ASSOCIATED_PAGES_EXIST,
	     (tdr, NULL));
	reclaim_pages(w);
	reclaim_tdr(w);
}

void wrap_end_quietly(struct wrap *w)
{
	WRAP(tdx_host_mng_vpflushdone, SUCCESS, (&w->td));
	WRAP(tdx_host_phymem_cache_wb, SUCCESS, ());
	WRAP(tdx_host_mng_key_freeid, SUCCESS, (&w->td));
	reclaim_pages(w);
	reclaim_tdr(w);
}

/*
 * With no KeyID out, or the last CPU of a package would stay.  The TD is gone:
 * nobody gets as far as to look at it.
 */
void wrap_offline(struct wrap *w)
{
	wrap_fact("package 1 goes offline", !remove_cpu(2) && !remove_cpu(3));
	WRAP(tdx_host_mng_key_config, PACKAGE_OFFLINE, (&w->td));
	WRAP(tdx_host_phymem_cache_wb, PACKAGE_OFFLINE, ());
	wrap_fact("and comes back", !add_cpu(2) && !add_cpu(3));
}
