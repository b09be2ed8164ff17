// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest-physical addresses, and TDG.MEM.PAGE.ACCEPT.
 *
 * All RAM is private, mapped as 4 KiB pages and accepted, until a test says
 * otherwise of a few regions of 2 MiB.  The VMM adds a page when it is asked
 * for one.
 *
 * Source: TDX Module ABI 1.5, TDG.MEM.PAGE.ACCEPT.
 */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "td.h"

#define NR_REGIONS		4
#define PAGES_2M		(SZ_2M / SZ_4K)

/* RCX: 2:0 level, 51:12 GPA. */
#define ACCEPT_LEVEL		0x7ULL
#define ACCEPT_RESERVED		0xfff0000000000ff8ULL

/**
 * struct region - 2 MiB of which a test has said something
 * @used: it has
 * @gpa: where
 * @split: pages of 4 KiB, not one of 2 MiB
 * @big: state of the one
 * @small: states of the others
 */
static struct region {
	bool used;
	u64 gpa;
	bool split;
	enum td_page big;
	u8 small[PAGES_2M];
} regions[NR_REGIONS];

static struct region *find_region(u64 gpa)
{
	unsigned int i;

	for (i = 0; i < NR_REGIONS; i++)
		if (regions[i].used &&
		    regions[i].gpa == ALIGN_DOWN(gpa, (u64)SZ_2M))
			return &regions[i];
	return NULL;
}

static struct region *new_region(u64 gpa)
{
	unsigned int i;

	for (i = 0; i < NR_REGIONS; i++) {
		if (regions[i].used)
			continue;
		regions[i] = (struct region) {
			.used = true,
			.gpa = ALIGN_DOWN(gpa, (u64)SZ_2M),
			.split = true,
		};
		return &regions[i];
	}
	return NULL;
}

static u64 shared_bit(void)
{
	return 1ULL << (td.gpaw - 1);
}

/* Memory at @gpa, NULL where there is none or the kind is wrong. */
void *td_map(u64 gpa, size_t len, bool private_only)
{
	u64 pa = gpa & ~shared_bit(), p;

	if (gpa >> td.gpaw || (private_only && pa != gpa))
		return NULL;
	for (p = ALIGN_DOWN(pa, (u64)PAGE_SIZE); p < pa + len; p += PAGE_SIZE)
		if (!pfn_to_online_page(PHYS_PFN(p)))
			return NULL;
	return __va(pa);
}

/* Of the next calls so many find a lock taken. */
bool td_busy(u64 *count)
{
	if (!*count)
		return false;
	--*count;
	return true;
}

/**
 * td_page_set() - what the VMM made of a page before the TD asks for it
 * @gpa: where, aligned to its size
 * @level: 0 4 KiB, 1 2 MiB
 * @state: mapped (and accepted), pending or free
 *
 * Return: 0; -EINVAL for an address that is not RAM or not aligned; -ENOSPC
 *	   with too many regions.
 */
int td_page_set(u64 gpa, unsigned int level, enum td_page state)
{
	struct region *r;

	if (!IS_ALIGNED(gpa, level ? SZ_2M : SZ_4K) ||
	    !td_map(gpa, level ? SZ_2M : SZ_4K, true))
		return -EINVAL;
	r = find_region(gpa) ?: new_region(gpa);
	if (!r)
		return -ENOSPC;
	if (level) {
		r->split = false;
		r->big = state;
		return 0;
	}
	if (!r->split)
		memset(r->small, r->big, sizeof(r->small));
	r->split = true;
	r->small[(gpa - r->gpa) / SZ_4K] = state;
	return 0;
}

/* EPT violation: the TD exits, the VMM adds the page, TDCALL runs again. */
static void ask_vmm(u64 gpa, unsigned int level)
{
	td.ept_violations++;
	td_page_set(gpa, level, TD_PAGE_PENDING);
}

static u64 accept_2m(struct region *r, u64 gpa)
{
	if (!r || r->split)
		return td_operand(TDX_ST_PAGE_SIZE_MISMATCH, 1);
	if (r->big == TD_PAGE_MAPPED)
		return td_operand(TDX_ST_PAGE_ALREADY_ACCEPTED, 1);
	if (r->big == TD_PAGE_FREE)
		ask_vmm(gpa, 1);
	r->big = TD_PAGE_MAPPED;
	return TDX_ST_SUCCESS;
}

/* A pending page of 2 MiB is no page that 4 KiB of can be accepted. */
static u64 accept_4k(struct region *r, u64 gpa)
{
	u8 *small;

	if (!r)
		return td_operand(TDX_ST_PAGE_ALREADY_ACCEPTED, 0);
	if (!r->split && r->big == TD_PAGE_MAPPED)
		return td_operand(TDX_ST_PAGE_ALREADY_ACCEPTED, 1);
	small = &r->small[(gpa - r->gpa) / SZ_4K];
	if (r->split && *small == TD_PAGE_MAPPED)
		return td_operand(TDX_ST_PAGE_ALREADY_ACCEPTED, 0);
	if (!r->split || *small == TD_PAGE_FREE)
		ask_vmm(gpa, 0);
	*small = TD_PAGE_MAPPED;
	return TDX_ST_SUCCESS;
}

u64 td_page_accept(u64 rcx)
{
	unsigned int level = rcx & ACCEPT_LEVEL;
	u64 gpa = rcx & ~ACCEPT_LEVEL, size = level ? SZ_2M : SZ_4K;
	u64 status;
	void *page;

	if ((rcx & ACCEPT_RESERVED) || level > 1 || !IS_ALIGNED(gpa, size))
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RCX);
	page = td_map(gpa, size, true);
	if (!page)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RCX);
	if (td_busy(&td.busy_sept))
		return td_operand(TDX_ST_OPERAND_BUSY, TDX_OPERAND_RCX);
	status = level ? accept_2m(find_region(gpa), gpa) :
			 accept_4k(find_region(gpa), gpa);
	if (status == TDX_ST_SUCCESS)
		memset(page, 0, size);
	return status;
}
