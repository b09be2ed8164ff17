// SPDX-License-Identifier: GPL-2.0-only
/*
 * PAMT memory: large, physically contiguous, on the wanted node, inside a
 * CMR.
 *
 * Candidates are tried every 4 MiB, from the top of the node's memory down,
 * past whatever cannot be moved away.  Moving is slow, and in vain if one page
 * stays: a range is only tried if a look at its pages says that it can succeed,
 * so that hours after boot, and beside devices that hold most of the memory,
 * the search is quick and quiet.  The kernel's own, alloc_contig_pages(), takes
 * no such look, and knows nothing of CMRs.
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/page-flags.h>
#include <linux/sched.h>
#include <asm/dma.h>

#include "compat/compat.h"
#include "pamt.h"

/* Reclaim and migrate, but do not shoot processes, and stay silent. */
#define PAMT_GFP	(GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

/*
 * Where ranges begin: before 5.19 alloc_contig_range() isolates whole blocks of
 * the largest order, and what lies in such a block beside the range is in its
 * way, too.
 */
#define PAMT_ALIGN	((unsigned long)MAX_ORDER_NR_PAGES)

/*
 * Below a range that looked movable and was not, others are tried in steps that
 * double, up to this fraction of all that is searched: whatever keeps memory
 * there, and however much, a bounded number of tries leads past it.
 */
#define PAMT_BUSY_STEPS	64

/*
 * Each of these tries may move gigabytes in vain.  A PAMT as large as that is
 * not worth more time in jiffies; the layout goes on to smaller ones.
 */
#define PAMT_BUSY_TIME	(10 * HZ)

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
 * Can this page be moved out of the way?  Free pages and pages on an LRU list
 * can, unless they are pinned, as those are that a device may write to (VFIO,
 * RDMA, io_uring); a page in use that is on none belongs to the kernel itself.
 * A page may change under our eyes: the answer is a hint, and
 * alloc_contig_range() has the last word.  Only it knows what belongs to CMA,
 * too: modules cannot ask for the type of a pageblock.
 */
static bool pamt_page_movable(struct page *page, const struct zone *zone)
{
	if (!page || page_zone(page) != zone)
		return false;
	if (PageReserved(page) || PageHuge(page))
		return false;
	if (!page_count(page))
		return true;
	return PageLRU(compound_head(page)) && !tdx_compat_page_pinned(page);
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

/*
 * Search [low, high) of @zone from the top, unless tries in vain have taken too
 * long: @busy counts them, in jiffies.  Returns the first PFN or 0.
 */
static unsigned long pamt_search_range(struct zone *zone, unsigned long low,
				       unsigned long high, unsigned long nr,
				       unsigned long *busy)
{
	unsigned long step = max(nr / 8, PAMT_ALIGN);
	unsigned long pfn, obstacle, max_step, begin;

	low = ALIGN(low, PAMT_ALIGN);
	if (high <= low)
		return 0;
	max_step = max(step, (high - low) / PAMT_BUSY_STEPS);
	while (high - low >= nr && *busy < PAMT_BUSY_TIME) {
		pfn = ALIGN_DOWN(high - nr, PAMT_ALIGN);
		obstacle = pamt_find_obstacle(zone, pfn, nr);
		if (obstacle) {
			high = obstacle;
			continue;
		}
		begin = jiffies;
		if (!tdx_compat_alloc_contig_range(pfn, pfn + nr, PAMT_GFP))
			return pfn;
		*busy += jiffies - begin;
		high = pfn + nr;
		high -= min(step, high - low);
		step = min(2 * step, max_step);
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
	unsigned long pfn, busy = 0;
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

/*
 * To everybody but the TDX module a PAMT is noise, and on CPUs that check the
 * integrity of memory reading it may be worse.  PageOffline is the mark for
 * pages that only their owner may touch: /proc/kcore reads them as zeros,
 * makedumpfile and hibernation leave them out.  (/proc/vmcore has no page
 * structures to look at, so who copies all of it gets the noise.)
 *
 * Memory offlining takes the mark for a promise that the owner lets go of the
 * page in a memory notifier.  Nobody does, the reference stays, and so it
 * fails as for any other page that cannot be moved.  What moves or poisons
 * pages sees one that is neither free nor on an LRU list, as without the mark.
 */
static void pamt_mark(unsigned long pfn, unsigned long nr)
{
	unsigned long i;

	tdx_compat_page_offline_begin();
	for (i = pfn; i < pfn + nr; i++) {
		__SetPageOffline(pfn_to_page(i));
		if (!(i % MAX_ORDER_NR_PAGES))
			cond_resched();
	}
	tdx_compat_page_offline_end();
}

/* Before a page is freed: the allocator takes the mark for a corruption. */
static void pamt_unmark(unsigned long pfn, unsigned long nr)
{
	unsigned long i;

	for (i = pfn; i < pfn + nr; i++) {
		__ClearPageOffline(pfn_to_page(i));
		if (!(i % MAX_ORDER_NR_PAGES))
			cond_resched();
	}
}

/**
 * pamt_alloc() - find contiguous memory for a PAMT
 * @ctx: a struct pamt_pool
 * @node: NUMA node
 * @size: bytes, a multiple of 4 KiB
 * @pa: physical address
 *
 * Its pages are PageOffline until pamt_free().
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
	pfn = pamt_search_node(pool, node, nr);
	if (!pfn)
		return -ENOMEM;
	*pa = PFN_PHYS(pfn);
	WARN_ON_ONCE(!pamt_in_cmr(pool, *pa, *pa + size));
	pamt_mark(pfn, nr);
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
	pamt_unmark(PHYS_PFN(pa), size >> PAGE_SHIFT);
	free_contig_range(PHYS_PFN(pa), size >> PAGE_SHIFT);
	atomic64_sub(size, &pamt_allocated);
}

/**
 * pamt_has_room() - would there be memory for a PAMT, if all of it were free?
 * @pool: where PAMTs may lie
 * @mem: System RAM
 * @size: bytes
 *
 * Context: Any.
 * Return: false where no CMR has that much RAM in one piece.
 */
bool pamt_has_room(const struct pamt_pool *pool,
		   const struct memory_list *mem, u64 size)
{
	u64 align = PFN_PHYS(PAMT_ALIGN), low = PFN_PHYS(MAX_DMA_PFN);
	u32 c, i;

	for (c = 0; c < pool->nr_cmr; c++) {
		for (i = 0; i < mem->nr; i++) {
			u64 base = max(pool->cmr[c].base, mem->ram[i].base);
			u64 end = min(pool->cmr[c].end, mem->ram[i].end);

			base = ALIGN(max(base, low), align);
			if (end >= base && end - base >= size)
				return true;
		}
	}
	return false;
}

/* Memory that PAMTs take at the moment, bytes. */
u64 pamt_bytes(void)
{
	return atomic64_read(&pamt_allocated);
}
