// SPDX-License-Identifier: GPL-2.0-only
/*
 * 2 MiB of a guest: mapped as one page, as 512 and as one again, and what the
 * guest reads there each time.
 */
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/mm.h>

#include <tdx_host/phymem.h>

#include "guests.h"

GUESTS_DECLARE(sizes);

#define LARGE	TDX_HOST_LEVEL_2M

/* Its second word is what it has read. */
static void large_next(struct guests_td *t, const char *when)
{
	struct tdx_regs args = { };
	u64 status = guests_go(t, &args);

	if (TDX_HOST_EXIT_REASON(status) == TDX_HOST_EXIT_TDCALL)
		pr_info("tdx_guests: 2 MiB, %s: it accepts with %llx, reads %llx\n",
			when, args.r14, args.r13);
	else
		pr_info("tdx_guests: 2 MiB, %s: status %llx, %llx at %llx\n",
			when, status, args.rcx, args.r8);
}

static void large_block(struct guests_td *t)
{
	GUESTS_TRY(t, tdx_host_mem_range_block(&t->td, GUESTS_LARGE, LARGE,
					       NULL));
}

static void large_demote(struct guests_td *t)
{
	struct page *table = guests_spare(t);

	large_block(t);
	large_next(t, "blocked");
	GUESTS_TRY(t, tdx_host_mem_track(&t->td));
	large_next(t, "tracked");
	GUESTS_TRY(t, tdx_host_mem_page_demote(&t->td, GUESTS_LARGE, LARGE,
					       table, NULL));
	large_next(t, "in 512 pages");
}

/* The table comes back, and is one of the TD's pages until its end. */
static void large_promote(struct guests_td *t)
{
	unsigned long table;

	large_block(t);
	GUESTS_TRY(t, tdx_host_mem_track(&t->td));
	GUESTS_TRY(t, tdx_host_mem_page_promote(&t->td, GUESTS_LARGE, LARGE,
						&table, NULL));
	large_next(t, "in one page");
}

static void large_remove(struct guests_td *t)
{
	unsigned long pfn;

	large_block(t);
	GUESTS_TRY(t, tdx_host_mem_track(&t->td));
	GUESTS_TRY(t, tdx_host_mem_page_remove(&t->td, GUESTS_LARGE, LARGE,
					       &pfn, NULL));
	large_next(t, "removed");
}

void guests_large(void)
{
	unsigned int order = ilog2(PHYS_PFN(tdx_host_level_size(LARGE)));
	struct guests_td *t = guests_new(TDX_HOST_ATTRIBUTES_SEPT_VE_DISABLE);
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_ZERO, order);

	if (!page) {
		pr_err("tdx_guests: FAILED to get 2 MiB in one piece\n");
		guests_end(t);
		return;
	}
	guests_add(t, GUESTS_RESET_PAGE, guest_reset, guest_reset_size);
	guests_add(t, GUESTS_CODE, guest_sizes, guest_sizes_size);
	guests_tables(t, GUESTS_LARGE, LARGE);
	GUESTS_TRY(t, tdx_host_mr_finalize(&t->td));
	GUESTS_TRY(t, tdx_host_mem_page_aug(&t->td, GUESTS_LARGE, LARGE,
					    page_to_pfn(page), NULL));
	large_next(t, "written");
	large_demote(t);
	large_promote(t);
	large_remove(t);
	if (GUESTS_TRY(t, tdx_host_page_to_shared(page_to_pfn(page), LARGE,
						  t->td.keyid)))
		__free_pages(page, order);
	guests_end(t);
}
