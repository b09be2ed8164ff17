// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages on their way to the TDX module and back, and a ledger of those that
 * it has or that are lost: nobody may touch them, and all should come back.
 */
#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pfn.h>

#include <tdx_host/error.h>
#include <tdx_host/phymem.h>

#include "consumer.h"

static atomic_t pages_out = ATOMIC_INIT(0);

unsigned int consumer_pages_out(void)
{
	return atomic_read(&pages_out);
}

/* A page that the TDX module can take, or NULL. */
struct page *consumer_page_alloc(struct consumer_td *c)
{
	struct page *page;
	u64 pa;

	if (c->nr_pages == CONSUMER_MAX_PAGES)
		return NULL;
	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return NULL;
	/* Hot-added memory, for one, may be RAM and no TDX memory. */
	pa = page_to_phys(page);
	if (!tdx_host_range_is_tdx(pa, pa + PAGE_SIZE)) {
		pr_err("tdx_consumer: the page at 0x%llx is not TDX memory\n",
		       pa);
		__free_page(page);
		return NULL;
	}
	return page;
}

/* The TDX module took it. */
void consumer_page_given(struct consumer_td *c, struct page *page)
{
	c->pages[c->nr_pages++] = page;
	atomic_inc(&pages_out);
}

/*
 * The TDX module did not take it: it is ours as before, unless the status says
 * that it is nobody's any more.
 */
void consumer_page_refused(struct page *page, u64 status)
{
	if (tdx_status_is(status, TDX_ST_PAGE_LOST))
		atomic_inc(&pages_out);
	else
		__free_page(page);
}

/*
 * Is the page that the TDX module names one that it has of us?  If it were
 * believed, any page of the kernel could be zeroed and freed.
 */
static bool was_given(const struct consumer_td *c, unsigned long pfn)
{
	unsigned int i;

	for (i = 0; i < c->nr_pages; i++)
		if (page_to_pfn(c->pages[i]) == pfn)
			return true;
	return page_to_pfn(c->td.tdr) == pfn;
}

/* The TDR is kept apart from the others. */
static void forget(struct consumer_td *c, struct page *page)
{
	unsigned int i;

	for (i = 0; i < c->nr_pages; i++) {
		if (c->pages[i] == page) {
			c->pages[i] = c->pages[--c->nr_pages];
			break;
		}
	}
	atomic_dec(&pages_out);
}

/*
 * The TDX module has no use for it any more.  Still there may be cache lines
 * with the KeyID that it was written with, which would be written back over
 * what the kernel does with it next.
 */
int consumer_page_back(struct consumer_td *c, unsigned long pfn, u32 keyid)
{
	struct page *page;
	u64 status;

	if (!was_given(c, pfn)) {
		pr_err("tdx_consumer: TD %u: the TDX module gives back the page at 0x%llx, which it never got\n",
		       c->nr, (u64)PFN_PHYS(pfn));
		return -EIO;
	}
	page = pfn_to_page(pfn);
	status = tdx_host_page_to_shared(pfn, TDX_HOST_LEVEL_4K, keyid);
	if (!tdx_status_ok(status))
		return consumer_failed(c, TDH_PHYMEM_PAGE_WBINVD, status);
	forget(c, page);
	__free_page(page);
	return 0;
}
