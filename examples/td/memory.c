// SPDX-License-Identifier: GPL-2.0-only
/*
 * Private memory.  The TDX module keeps the page tables (Secure EPT), in pages
 * that we give it, and maps what we tell it to; we know where the guest has
 * what, and cannot look inside.
 */
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/smp.h>

#include <tdx_host/mem.h>
#include <tdx_host/mng.h>
#include <tdx_host/phymem.h>

#include "consumer.h"

/* What TDH.MR.EXTEND measures at once, bytes. */
#define MR_EXTEND_SIZE	256

/* Host physical address in a Secure EPT entry. */
#define SEPT_ADDRESS	0x000ffffffffff000ULL

/* A Secure EPT page, for the entry at which the TDX module got stuck. */
static int sept_add(struct consumer_td *c, u64 gpa, enum tdx_host_level level)
{
	struct page *page = consumer_page_alloc(c, TDX_HOST_LEVEL_4K);
	ktime_t until = 0;
	u64 status;

	if (!page)
		return -ENOMEM;
	gpa &= ~(tdx_host_level_size(level) - 1);
	do {
		status = tdx_host_mem_sept_add(&c->td, gpa, level, page, NULL);
	} while (consumer_again(TDH_MEM_SEPT_ADD, status, &until));
	if (!tdx_status_ok(status)) {
		consumer_page_refused(c, page, status);
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
static int map(struct consumer_td *c, u64 gpa, enum tdx_host_level level,
	       struct page *source)
{
	u64 leaf = source ? TDH_MEM_PAGE_ADD : TDH_MEM_PAGE_AUG;
	struct page *page = consumer_page_alloc(c, level);
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
			status = tdx_host_mem_page_aug(&c->td, gpa, level, pfn,
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
	consumer_page_refused(c, page, status);
	return ret;
}

int consumer_memory_add(struct consumer_td *c, u64 gpa, struct page *source)
{
	int ret = map(c, gpa, TDX_HOST_LEVEL_4K, source);

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

int consumer_memory_aug(struct consumer_td *c, u64 gpa,
			enum tdx_host_level level)
{
	int ret = map(c, gpa, level, NULL);

	if (!ret)
		consumer_say(c, "empty page at GPA 0x%llx, for the guest to accept",
			     gpa);
	return ret;
}

/*
 * Nobody may still have a page in a TLB when it goes: block it, begin a new
 * epoch, and let each VCPU that is inside come out, by an IPI.
 */
int consumer_memory_block(struct consumer_td *c, u64 gpa,
			  enum tdx_host_level level)
{
	ktime_t until = 0;
	u64 status;

	do {
		status = tdx_host_mem_range_block(&c->td, gpa, level, NULL);
	} while (consumer_again(TDH_MEM_RANGE_BLOCK, status, &until));
	return tdx_status_ok(status) ? 0 :
	       consumer_failed(c, TDH_MEM_RANGE_BLOCK, status);
}

static void memory_kick(void *unused)
{
}

int consumer_memory_track(struct consumer_td *c)
{
	ktime_t until = 0;
	u64 status;

	do {
		status = tdx_host_mem_track(&c->td);
	} while (consumer_again(TDH_MEM_TRACK, status, &until));
	if (!tdx_status_ok(status))
		return consumer_failed(c, TDH_MEM_TRACK, status);
	/* The one that we are in the thread of is out. */
	if (c->vcpus > 1)
		on_each_cpu(memory_kick, NULL, 1);
	return 0;
}

/* 2 MiB become pages of 4 KiB; blocked and tracked. */
int consumer_memory_split(struct consumer_td *c, u64 gpa)
{
	struct page *page = consumer_page_alloc(c, TDX_HOST_LEVEL_4K);
	struct tdx_host_sept_info info;
	ktime_t until = 0;
	u64 status;
	int ret;

	if (!page)
		return -ENOMEM;
	status = tdx_host_mem_sept_rd(&c->td, gpa, TDX_HOST_LEVEL_2M, &info);
	ret = tdx_status_ok(status) ?
	      consumer_page_split(c, PHYS_PFN(info.entry & SEPT_ADDRESS)) :
	      consumer_failed(c, TDH_MEM_SEPT_RD, status);
	if (ret)
		goto err_page;
	do {
		status = tdx_host_mem_page_demote(&c->td, gpa,
						  TDX_HOST_LEVEL_2M, page,
						  NULL);
	} while (consumer_again(TDH_MEM_PAGE_DEMOTE, status, &until));
	if (!tdx_status_ok(status)) {
		ret = consumer_failed(c, TDH_MEM_PAGE_DEMOTE, status);
		goto err_page;
	}
	consumer_page_given(c, page);
	return 0;

err_page:
	consumer_page_refused(c, page, status);
	return ret;
}

/* Blocked and tracked. */
int consumer_memory_take(struct consumer_td *c, u64 gpa,
			 enum tdx_host_level level)
{
	ktime_t until = 0;
	unsigned long pfn;
	u64 status;

	do {
		status = tdx_host_mem_page_remove(&c->td, gpa, level, &pfn,
						  NULL);
	} while (consumer_again(TDH_MEM_PAGE_REMOVE, status, &until));
	if (!tdx_status_ok(status))
		return consumer_failed(c, TDH_MEM_PAGE_REMOVE, status);
	return consumer_page_back(c, pfn, c->td.keyid);
}

int consumer_memory_remove(struct consumer_td *c, u64 gpa)
{
	int ret;

	ret = consumer_memory_block(c, gpa, TDX_HOST_LEVEL_4K);
	if (ret)
		return ret;
	ret = consumer_memory_track(c);
	if (ret)
		return ret;
	ret = consumer_memory_take(c, gpa, TDX_HOST_LEVEL_4K);
	if (!ret)
		consumer_say(c, "page at GPA 0x%llx blocked, tracked, removed",
			     gpa);
	return ret;
}
