// SPDX-License-Identifier: GPL-2.0-only
/*
 * PAMT memory: large, physically contiguous, on the wanted node, inside a
 * CMR.
 *
 * Where the kernel exports alloc_contig_pages() it is asked first.  It knows
 * nothing of CMRs, and most kernels keep it to themselves, so there is a
 * search of our own on top of alloc_contig_range(): candidates every
 * pageblock, from the top of the node's memory down, past whatever cannot be
 * moved away.  A range is tried only if a look at its pages says that it can
 * succeed, so that hours after boot the search is quick and quiet.
 */
#include <linux/atomic.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/page-flags.h>
#include <linux/pageblock-flags.h>
#include <linux/sched.h>

#include "compat/compat.h"
#include "pamt.h"

/* Reclaim and migrate, but do not shoot processes, and stay silent. */
#define PAMT_GFP	(GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

/* Ranges that looked movable and were not: give up on the node after these. */
#define MAX_BUSY	64

static atomic64_t pamt_allocated;	/* bytes */

static bool pamt_in_cmr(const struct pamt_pool *pool, u64 base, u64 end)
{
	u32 i;

	for (i = 0; i < pool->nr_cmr; i++)
		if (base >= pool->cmr[i].base && end <= pool->cmr[i].end)
			return true;
	return false;
}

/*
 * Can this page be moved out of the way?  Free pages and pages on an LRU
 * list can; a page in use that is on none belongs to the kernel itself.  A
 * page may change under our eyes: the answer is a hint, and
 * alloc_contig_range() has the last word.
 */
static bool pamt_page_movable(struct page *page, const struct zone *zone)
{
	if (!page || page_zone(page) != zone)
		return false;
	if (PageReserved(page) || PageHuge(page))
		return false;
	return !page_count(page) || PageLRU(compound_head(page));
}

/*
 * The highest page of [pfn, pfn + nr) that stands in the way, or 0 (which no
 * search ever reaches) if there is none.
 */
static unsigned long pamt_find_obstacle(const struct zone *zone,
					unsigned long pfn, unsigned long nr)
{
	unsigned long i;

	for (i = pfn + nr; i-- > pfn; ) {
		if (!pamt_page_movable(pfn_to_online_page(i), zone))
			return i;
		if (!(i % MAX_ORDER_NR_PAGES))
			cond_resched();
	}
	return 0;
}

/* Search [low, high) of @zone from the top.  Returns the first PFN or 0. */
static unsigned long pamt_search_range(struct zone *zone, unsigned long low,
				       unsigned long high, unsigned long nr,
				       unsigned int *busy)
{
	unsigned long pfn, obstacle;

	low = ALIGN(low, pageblock_nr_pages);
	while (high > low && high - low >= nr && *busy < MAX_BUSY) {
		pfn = ALIGN_DOWN(high - nr, pageblock_nr_pages);
		if (pfn < low)
			break;
		obstacle = pamt_find_obstacle(zone, pfn, nr);
		if (obstacle) {
			high = obstacle;
			continue;
		}
		if (!tdx_compat_alloc_contig_range(pfn, pfn + nr, PAMT_GFP))
			return pfn;
		++*busy;
		/* Somewhere in there something is pinned: step well past. */
		high = pfn + nr - max(nr / 8, pageblock_nr_pages + 0UL);
	}
	return 0;
}

/*
 * Never from a movable zone, where memory must stay removable, nor from
 * ZONE_DMA, which is scarce.
 */
static unsigned long pamt_search_node(const struct pamt_pool *pool, int node,
				      unsigned long nr)
{
	static const enum zone_type zones[] = { ZONE_NORMAL, ZONE_DMA32 };
	unsigned int busy = 0;
	unsigned long pfn;
	size_t i;
	u32 c;

	for (i = 0; i < ARRAY_SIZE(zones); i++) {
		struct zone *zone = &NODE_DATA(node)->node_zones[zones[i]];

		if (!populated_zone(zone))
			continue;
		for (c = pool->nr_cmr; c-- > 0; ) {
			unsigned long low = PFN_UP(pool->cmr[c].base);
			unsigned long high = PFN_DOWN(pool->cmr[c].end);

			pfn = pamt_search_range(zone,
						max(zone->zone_start_pfn, low),
						min(zone_end_pfn(zone), high),
						nr, &busy);
			if (pfn)
				return pfn;
		}
	}
	return 0;
}

static unsigned long pamt_ask_kernel(const struct pamt_pool *pool, int node,
				     unsigned long nr)
{
#ifdef HAVE_ALLOC_CONTIG_PAGES
	nodemask_t only = nodemask_of_node(node);
	struct page *page;
	u64 base;

	page = alloc_contig_pages(nr, PAMT_GFP | __GFP_THISNODE, node, &only);
	if (!page)
		return 0;
	base = page_to_phys(page);
	if (pamt_in_cmr(pool, base, base + PFN_PHYS(nr)))
		return page_to_pfn(page);
	free_contig_range(page_to_pfn(page), nr);
#endif
	return 0;
}

/**
 * pamt_alloc() - find contiguous memory for a PAMT
 * @ctx: a struct pamt_pool
 * @node: NUMA node
 * @size: bytes, a multiple of 4 KiB
 * @pa: physical address
 *
 * Context: May sleep, reclaims and migrates.
 * Return: 0, or -ENOMEM where the node has no such block.
 */
int pamt_alloc(void *ctx, int node, u64 size, u64 *pa)
{
	const struct pamt_pool *pool = ctx;
	unsigned long nr = size >> PAGE_SHIFT;
	unsigned long pfn;

	if (!node_online(node))
		return -ENOMEM;
	pfn = pamt_ask_kernel(pool, node, nr);
	if (!pfn)
		pfn = pamt_search_node(pool, node, nr);
	if (!pfn)
		return -ENOMEM;
	*pa = PFN_PHYS(pfn);
	WARN_ON_ONCE(!pamt_in_cmr(pool, *pa, *pa + size));
	atomic64_add(size, &pamt_allocated);
	return 0;
}

/**
 * pamt_free() - give PAMT memory back to the kernel
 * @ctx: unused, for the layout's sake
 * @node: unused, for the layout's sake
 * @pa: physical address
 * @size: bytes
 *
 * Context: May sleep.  Nothing of the TDX module may be left in the range.
 */
void pamt_free(void *ctx, int node, u64 pa, u64 size)
{
	free_contig_range(PHYS_PFN(pa), size >> PAGE_SHIFT);
	atomic64_sub(size, &pamt_allocated);
}

/* Memory that PAMTs take at the moment, bytes. */
u64 pamt_bytes(void)
{
	return atomic64_read(&pamt_allocated);
}
