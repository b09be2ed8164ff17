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

static unsigned int page_order(enum tdx_host_level level)
{
	return 9 * level;
}

void consumer_pages_init(struct consumer_td *c)
{
	xa_init(&c->pages);
}

/* Pages that are still in it are lost. */
void consumer_pages_exit(struct consumer_td *c)
{
	xa_destroy(&c->pages);
}

/* A page that the TDX module can take, or NULL. */
struct page *consumer_page_alloc(struct consumer_td *c,
				 enum tdx_host_level level)
{
	unsigned int order = page_order(level);
	struct page *page;
	u64 pa;

	page = alloc_pages(GFP_KERNEL | __GFP_ZERO, order);
	if (!page)
		return NULL;
	/* Hot-added memory, for one, may be RAM and no TDX memory. */
	pa = page_to_phys(page);
	if (!tdx_host_range_is_tdx(pa, pa + (PAGE_SIZE << order))) {
		pr_err(KBUILD_MODNAME ": the page at 0x%llx is not TDX memory\n",
		       pa);
		goto err_page;
	}
	/* Before it is given, for then nothing may fail. */
	if (xa_err(xa_store(&c->pages, page_to_pfn(page), xa_mk_value(level),
			    GFP_KERNEL)))
		goto err_page;
	return page;

err_page:
	__free_pages(page, order);
	return NULL;
}

/* Level of the page that begins there, which must be one of ours. */
static enum tdx_host_level page_level(struct consumer_td *c, unsigned long pfn)
{
	return xa_to_value(xa_load(&c->pages, pfn));
}

/* The TDX module took it. */
void consumer_page_given(struct consumer_td *c, struct page *page)
{
	atomic_add(1 << page_order(page_level(c, page_to_pfn(page))),
		   &pages_out);
}

/*
 * The TDX module did not take it: it is ours as before, unless the status says
 * that it is nobody's any more.
 */
void consumer_page_refused(struct consumer_td *c, struct page *page, u64 status)
{
	unsigned int order = page_order(page_level(c, page_to_pfn(page)));

	xa_erase(&c->pages, page_to_pfn(page));
	if (tdx_status_is(status, TDX_ST_PAGE_LOST))
		atomic_add(1 << order, &pages_out);
	else
		__free_pages(page, order);
}

/* 2 MiB are to be 512 pages: before the TDX module makes them that. */
int consumer_page_split(struct consumer_td *c, unsigned long pfn)
{
	unsigned int i, n = 1 << page_order(TDX_HOST_LEVEL_2M);

	for (i = 1; i < n; i++)
		if (xa_err(xa_store(&c->pages, pfn + i,
				    xa_mk_value(TDX_HOST_LEVEL_4K),
				    GFP_KERNEL)))
			goto err_entries;
	/* That entry is there, so that this takes no memory. */
	xa_store(&c->pages, pfn, xa_mk_value(TDX_HOST_LEVEL_4K), GFP_KERNEL);
	split_page(pfn_to_page(pfn), page_order(TDX_HOST_LEVEL_2M));
	return 0;

err_entries:
	while (--i)
		xa_erase(&c->pages, pfn + i);
	return -ENOMEM;
}

/*
 * The TDX module has no use for it any more.  Still there may be cache lines
 * with the KeyID that it was written with, which would be written back over
 * what the kernel does with it next.
 */
int consumer_page_back(struct consumer_td *c, unsigned long pfn, u32 keyid)
{
	enum tdx_host_level level;
	u64 status;

	/* If it were believed, any page of the kernel could be zeroed and freed. */
	if (!xa_load(&c->pages, pfn)) {
		pr_err(KBUILD_MODNAME ": TD %u: the TDX module gives back the page at 0x%llx, which it never got\n",
		       c->nr, (u64)PFN_PHYS(pfn));
		return -EIO;
	}
	level = page_level(c, pfn);
	status = tdx_host_page_to_shared(pfn, level, keyid);
	if (!tdx_status_ok(status))
		return consumer_failed(c, TDH_PHYMEM_PAGE_WBINVD, status);
	xa_erase(&c->pages, pfn);
	atomic_sub(1 << page_order(level), &pages_out);
	__free_pages(pfn_to_page(pfn), page_order(level));
	return 0;
}
