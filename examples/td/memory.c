// SPDX-License-Identifier: GPL-2.0-only
/*
 * Private memory.  The TDX module keeps the page tables (Secure EPT), in pages
 * that we give it, and maps what we tell it to; we know where the guest has
 * what, and cannot look inside.
 */
#include <linux/mm.h>

#include <tdx_host/mem.h>
#include <tdx_host/mng.h>
#include <tdx_host/phymem.h>

#include "consumer.h"

/* What TDH.MR.EXTEND measures at once, bytes. */
#define MR_EXTEND_SIZE	256

/* A Secure EPT page, for the entry at which the TDX module got stuck. */
static int sept_add(struct consumer_td *c, u64 gpa, enum tdx_host_level level)
{
	struct page *page = consumer_page_alloc(c);
	ktime_t until = 0;
	u64 status;

	if (!page)
		return -ENOMEM;
	gpa &= ~(tdx_host_level_size(level) - 1);
	do {
		status = tdx_host_mem_sept_add(&c->td, gpa, level, page, NULL);
	} while (consumer_again(TDH_MEM_SEPT_ADD, status, &until));
	if (!tdx_status_ok(status)) {
		consumer_page_refused(page, status);
		return consumer_failed(c, TDH_MEM_SEPT_ADD, status);
	}
	consumer_page_given(c, page);
	consumer_say(c, "Secure EPT: page for GPA 0x%llx, 2^%u bytes", gpa,
		     12 + 9 * level);
	return 0;
}

/*
 * The same for both ways of a page into the TD: with content, measured, before
 * TDH.MR.FINALIZE; or empty, for the guest to accept.
 */
static int map(struct consumer_td *c, u64 gpa, struct page *source)
{
	u64 leaf = source ? TDH_MEM_PAGE_ADD : TDH_MEM_PAGE_AUG;
	struct page *page = consumer_page_alloc(c);
	struct tdx_host_sept_info info;
	ktime_t until = 0;
	u64 status;
	int ret;

	if (!page)
		return -ENOMEM;
	for (;;) {
		unsigned long pfn = page_to_pfn(page);

		if (source)
			status = tdx_host_mem_page_add(&c->td, gpa, pfn,
						       source, &info);
		else
			status = tdx_host_mem_page_aug(&c->td, gpa,
						       TDX_HOST_LEVEL_4K, pfn,
						       &info);
		if (consumer_again(leaf, status, &until))
			continue;
		if (!tdx_status_is(status, TDX_ST_EPT_WALK_FAILED))
			break;
		/* It says at which level the walk ended. */
		ret = sept_add(c, gpa, info.level);
		if (ret)
			goto err_page;
	}
	if (!tdx_status_ok(status)) {
		ret = consumer_failed(c, leaf, status);
		goto err_page;
	}
	consumer_page_given(c, page);
	return 0;

err_page:
	consumer_page_refused(page, status);
	return ret;
}

int consumer_memory_add(struct consumer_td *c, u64 gpa, struct page *source)
{
	int ret = map(c, gpa, source);

	if (!ret)
		consumer_say(c, "page added at GPA 0x%llx", gpa);
	return ret;
}

/* The address of an added page is measured anyway, what is in it only so. */
int consumer_memory_measure(struct consumer_td *c, u64 gpa)
{
	u64 end = gpa + PAGE_SIZE, at;

	for (at = gpa; at < end; at += MR_EXTEND_SIZE) {
		u64 status = tdx_host_mr_extend(&c->td, at, NULL);

		if (!tdx_status_ok(status))
			return consumer_failed(c, TDH_MR_EXTEND, status);
	}
	consumer_say(c, "page at GPA 0x%llx measured", gpa);
	return 0;
}

int consumer_memory_aug(struct consumer_td *c, u64 gpa)
{
	int ret = map(c, gpa, NULL);

	if (!ret)
		consumer_say(c, "empty page at GPA 0x%llx, for the guest to accept",
			     gpa);
	return ret;
}

/*
 * Nobody may still have the page in a TLB when it goes: block it, begin a new
 * epoch, and let each VCPU that is inside come out (by an IPI; ours is out, or
 * we would not be here).
 */
static u64 block_and_track(struct consumer_td *c, u64 gpa, u64 *leaf)
{
	ktime_t until = 0;
	u64 status;

	*leaf = TDH_MEM_RANGE_BLOCK;
	do {
		status = tdx_host_mem_range_block(&c->td, gpa,
						  TDX_HOST_LEVEL_4K, NULL);
	} while (consumer_again(*leaf, status, &until));
	if (!tdx_status_ok(status))
		return status;
	*leaf = TDH_MEM_TRACK;
	do {
		status = tdx_host_mem_track(&c->td);
	} while (consumer_again(*leaf, status, &until));
	return status;
}

int consumer_memory_remove(struct consumer_td *c, u64 gpa)
{
	ktime_t until = 0;
	unsigned long pfn;
	u64 leaf, status;
	int ret;

	status = block_and_track(c, gpa, &leaf);
	if (!tdx_status_ok(status))
		return consumer_failed(c, leaf, status);
	do {
		status = tdx_host_mem_page_remove(&c->td, gpa,
						  TDX_HOST_LEVEL_4K, &pfn,
						  NULL);
	} while (consumer_again(TDH_MEM_PAGE_REMOVE, status, &until));
	if (!tdx_status_ok(status))
		return consumer_failed(c, TDH_MEM_PAGE_REMOVE, status);
	ret = consumer_page_back(c, pfn, c->td.keyid);
	if (!ret)
		consumer_say(c, "page at GPA 0x%llx blocked, tracked, removed",
			     gpa);
	return ret;
}
