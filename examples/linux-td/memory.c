// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's memory: private pages, which it accepts, and those that it shares
 * with us, by tables of ours.
 * Source: TDX Module Base spec, "Shared EPT"; SDM 3C, "EPT Translation
 * Mechanism".
 */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pfn.h>

#include "linux_td.h"

#define VP_SHARED_EPTP		0x002400030000203cULL

#define EPT_RWX			7ULL
#define EPT_WB			(6ULL << 3)
#define EPT_ADDRESS		0x000ffffffffff000ULL
#define EPT_ENTRIES		512
#define EPT_TOP			3

/* Extended exit qualification: what kind; for an accept, at which level. */
#define EXT_KIND(rdx)		((rdx) & 0xf)
#define EXT_ACCEPT		1
#define EXT_LEVEL(rdx)		((rdx) >> 32 & 7)

#define SIZE_2M			(1ULL << 21)

#define VMCALL_SUCCESS		0
#define VMCALL_INVALID_OPERAND	0x8000000000000000ULL

static u64 *ept_new_table(void)
{
	return (u64 *)get_zeroed_page(GFP_KERNEL);
}

/* The entry of a shared page; NULL for want of memory, or where none is. */
static u64 *ept_entry(struct linux_td *t, u64 gpa, bool make)
{
	u64 *e, *next, *table = t->shared_ept;
	unsigned int level;

	for (level = EPT_TOP; level; level--) {
		e = &table[gpa >> (PAGE_SHIFT + 9 * level) & (EPT_ENTRIES - 1)];
		if (!*e) {
			next = make ? ept_new_table() : NULL;
			if (!next)
				return NULL;
			WRITE_ONCE(*e, virt_to_phys(next) | EPT_RWX);
		}
		table = phys_to_virt(*e & EPT_ADDRESS);
	}
	return &table[gpa >> PAGE_SHIFT & (EPT_ENTRIES - 1)];
}

static void ept_free_tables(u64 *table, unsigned int level)
{
	unsigned int i;

	for (i = 0; level && i < EPT_ENTRIES; i++)
		if (table[i])
			ept_free_tables(phys_to_virt(table[i] & EPT_ADDRESS),
				    level - 1);
	free_page((unsigned long)table);
}

/* An empty page at the shared address @gpa, without the bit; or NULL. */
void *linux_td_share_new(struct linux_td *t, u64 gpa)
{
	u64 *e = ept_entry(t, gpa | LINUX_TD_SHARED, true);
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	if (!e || !page)
		goto err_page;
	if (xa_err(xa_store(&t->shared, PHYS_PFN(gpa), page, GFP_KERNEL)))
		goto err_page;
	WRITE_ONCE(*e, page_to_phys(page) | EPT_RWX | EPT_WB);
	return page_address(page);

err_page:
	if (page)
		__free_page(page);
	return NULL;
}

int linux_td_memory_init(struct linux_td *t)
{
	unsigned int i;
	u64 status;

	t->shared_ept = ept_new_table();
	if (!t->shared_ept)
		return -ENOMEM;
	for (i = 0; i < t->c.vcpus; i++) {
		status = tdx_host_vp_wr(&t->c.vp[i], VP_SHARED_EPTP,
					virt_to_phys(t->shared_ept), ~0ULL,
					NULL);
		if (!tdx_status_ok(status))
			return consumer_failed(&t->c, TDH_VP_WR, status);
	}
	return 0;
}

/* The TD is gone. */
void linux_td_memory_exit(struct linux_td *t)
{
	unsigned long i;
	struct page *page;

	xa_for_each(&t->shared, i, page)
		__free_page(page);
	xa_destroy(&t->shared);
	if (t->shared_ept)
		ept_free_tables(t->shared_ept, EPT_TOP);
}

/* There is a page, accepted or not, blocked or not. */
static bool sept_is_page(const struct tdx_host_sept_info *info)
{
	switch (info->state) {
	case TDX_HOST_SEPT_MAPPED:
	case TDX_HOST_SEPT_PENDING:
	case TDX_HOST_SEPT_BLOCKED:
	case TDX_HOST_SEPT_PENDING_BLOCKED:
		return true;
	default:
		return false;
	}
}

/* At which level @gpa has a private page, and which; -1: none. */
static int sept_level(struct linux_td *t, u64 gpa,
		      struct tdx_host_sept_info *info)
{
	int level;

	for (level = TDX_HOST_LEVEL_2M; level >= 0; level--) {
		u64 at = gpa & ~(tdx_host_level_size(level) - 1);
		u64 status = tdx_host_mem_sept_rd(&t->c.td, at, level, info);

		if (tdx_status_ok(status) && sept_is_page(info))
			return level;
	}
	return -1;
}

/* R8 is the address; only memory that is being accepted may be missing. */
int linux_td_fault(struct linux_td *t, const struct tdx_regs *args)
{
	enum tdx_host_level level = EXT_LEVEL(args->rdx);
	u64 gpa = args->r8 & ~(tdx_host_level_size(level) - 1);
	bool accepts = EXT_KIND(args->rdx) == EXT_ACCEPT &&
		       level <= TDX_HOST_LEVEL_2M && gpa < t->ram;
	struct tdx_host_sept_info info;
	bool there = false;
	int ret = 0;

	mutex_lock(&t->memory);
	if (accepts)
		ret = consumer_memory_aug(&t->c, gpa, level);
	else
		/* It was blocked, for another VCPU, when this one met it. */
		there = sept_level(t, args->r8, &info) >= 0 &&
			info.state == TDX_HOST_SEPT_MAPPED;
	mutex_unlock(&t->memory);
	if (accepts || there)
		return ret;
	linux_td_console_flush();
	pr_err("linux_td: the guest has no memory at GPA 0x%llx\n", args->r8);
	return -EFAULT;
}

/* A page of 2 MiB of which only a part goes becomes pages of 4 KiB. */
static int memory_split(struct linux_td *t, u64 gpa)
{
	struct tdx_host_sept_info info;
	int ret;

	if (!(gpa & (SIZE_2M - 1)) ||
	    sept_level(t, gpa, &info) != TDX_HOST_LEVEL_2M)
		return 0;
	gpa &= ~(SIZE_2M - 1);
	ret = consumer_memory_block(&t->c, gpa, TDX_HOST_LEVEL_2M);
	if (!ret)
		ret = consumer_memory_track(&t->c);
	if (!ret)
		ret = consumer_memory_split(&t->c, gpa);
	return ret;
}

/* All in it is blocked, so that one new epoch does for it; then it is taken. */
static int memory_take(struct linux_td *t, u64 from, u64 to)
{
	struct tdx_host_sept_info info;
	int level = 0, pass, ret = 0;
	u64 gpa;

	for (pass = 0; pass < 2 && !ret; pass++) {
		for (gpa = from; gpa < to && !ret;
		     gpa += tdx_host_level_size(max(level, 0))) {
			level = sept_level(t, gpa, &info);
			if (level < 0)
				continue;
			ret = pass ? consumer_memory_take(&t->c, gpa, level) :
				     consumer_memory_block(&t->c, gpa, level);
		}
		if (!pass && !ret)
			ret = consumer_memory_track(&t->c);
	}
	return ret;
}

static int memory_share(struct linux_td *t, u64 from, u64 to)
{
	u64 gpa;
	int ret;

	ret = memory_split(t, from);
	if (!ret)
		ret = memory_split(t, to);
	if (!ret)
		ret = memory_take(t, from, to);
	for (gpa = from; gpa < to && !ret; gpa += PAGE_SIZE)
		if (!xa_load(&t->shared, PHYS_PFN(gpa)) &&
		    !linux_td_share_new(t, gpa))
			ret = -ENOMEM;
	return ret;
}

/* The guest accepts what comes in their place. */
static int memory_unshare(struct linux_td *t, u64 from, u64 to)
{
	struct page *page;
	u64 gpa, *e;
	int ret;

	for (gpa = from; gpa < to; gpa += PAGE_SIZE) {
		e = ept_entry(t, gpa | LINUX_TD_SHARED, false);
		if (e)
			WRITE_ONCE(*e, 0);
	}
	ret = consumer_memory_track(&t->c);
	for (gpa = from; gpa < to && !ret; gpa += PAGE_SIZE) {
		page = xa_erase(&t->shared, PHYS_PFN(gpa));
		if (page)
			__free_page(page);
	}
	return ret;
}

/* The answer to the guest; @ret: 0, or what is the end of it. */
u64 linux_td_map_gpa(struct linux_td *t, u64 gpa, u64 size, int *ret)
{
	u64 from = gpa & ~LINUX_TD_SHARED, to = from + size;

	if ((from | size) & (PAGE_SIZE - 1) || to < from || to > t->ram)
		return VMCALL_INVALID_OPERAND;
	mutex_lock(&t->memory);
	*ret = gpa & LINUX_TD_SHARED ? memory_share(t, from, to) :
				       memory_unshare(t, from, to);
	mutex_unlock(&t->memory);
	return VMCALL_SUCCESS;
}
