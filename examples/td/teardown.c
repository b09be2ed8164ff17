// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a TD: nobody runs it, no cache has its KeyID, the KeyID is free,
 * its pages are ours again, the TDR last.
 */
#include <linux/gfp.h>
#include <linux/mm.h>

#include <tdx_host/mng.h>
#include <tdx_host/phymem.h>
#include <tdx_host/vp.h>

#include "consumer.h"

static int flush_vcpu(struct consumer_td *c, struct tdx_host_vp *vp)
{
	ktime_t until = 0;
	u64 status;

	do {
		status = tdx_host_vp_flush(vp);
	} while (consumer_insist(TDH_VP_FLUSH, status, &until));
	/* Flushed already is as good. */
	if (!tdx_status_ok(status) &&
	    !tdx_status_is(status, TDX_ST_VCPU_NOT_ASSOCIATED))
		return consumer_failed(c, TDH_VP_FLUSH, status);
	return 0;
}

static int free_keyid(struct consumer_td *c)
{
	ktime_t until = 0;
	u64 status;

	do {
		status = tdx_host_mng_vpflushdone(&c->td);
	} while (consumer_insist(TDH_MNG_VPFLUSHDONE, status, &until));
	if (!tdx_status_ok(status))
		return consumer_failed(c, TDH_MNG_VPFLUSHDONE, status);
	do {
		status = tdx_host_phymem_cache_wb();
	} while (consumer_insist(TDH_PHYMEM_CACHE_WB, status, &until));
	if (!tdx_status_ok(status))
		return consumer_failed(c, TDH_PHYMEM_CACHE_WB, status);
	do {
		status = tdx_host_mng_key_freeid(&c->td);
	} while (consumer_insist(TDH_MNG_KEY_FREEID, status, &until));
	if (!tdx_status_ok(status))
		return consumer_failed(c, TDH_MNG_KEY_FREEID, status);
	return 0;
}

static int reclaim(struct consumer_td *c, struct page *page, u32 keyid)
{
	ktime_t until = 0;
	u64 status;

	do {
		status = tdx_host_phymem_page_reclaim(page_to_pfn(page), NULL);
	} while (consumer_insist(TDH_PHYMEM_PAGE_RECLAIM, status, &until));
	if (!tdx_status_ok(status))
		return consumer_failed(c, TDH_PHYMEM_PAGE_RECLAIM, status);
	return consumer_page_back(c, page_to_pfn(page), keyid);
}

/*
 * What cannot be given back stays with the TDX module: not to be touched, not
 * to be freed, and counted as outstanding.
 */
int consumer_td_destroy(struct consumer_td *c)
{
	struct page *page;
	unsigned long pfn;
	unsigned int i;
	void *level;
	int ret;

	if (!c->created)
		return 0;
	for (i = 0; i < c->vps; i++) {
		ret = flush_vcpu(c, &c->vp[i]);
		if (ret)
			return ret;
	}
	ret = free_keyid(c);
	if (ret)
		return ret;
	consumer_say(c, "no VCPU, no cache line, no key is left");
	xa_for_each(&c->pages, pfn, level) {
		page = pfn_to_page(pfn);
		if (page == c->td.tdr)
			continue;
		ret = reclaim(c, page, c->td.keyid);
		if (ret)
			return ret;
	}
	/* The TDR was written with the TDX module's own KeyID. */
	ret = reclaim(c, c->td.tdr, 0);
	if (ret)
		return ret;
	consumer_keyid_put(c);
	consumer_say(c, "all pages reclaimed, the KeyID given back");
	return 0;
}
