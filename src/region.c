// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sort, join and intersect lists of physical address ranges.
 */
#include <linux/types.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/sort.h>

#include "region.h"

/**
 * tdx_range_check - tell whether a range can describe memory at all
 * @base: first byte
 * @end: one past the last byte
 *
 * Context: any.
 * Return: 0, or -EINVAL where the range is empty, runs backwards, is not
 * made of whole 4 KiB pages or leaves the 52-bit physical address space.
 */
int tdx_range_check(u64 base, u64 end)
{
	if (base >= end || end > TDX_PA_LIMIT)
		return -EINVAL;
	if ((base | end) & (TDX_REGION_ALIGN - 1))
		return -EINVAL;
	return 0;
}

static int range_cmp(const void *a, const void *b)
{
	const struct tdx_range *x = a, *y = b;

	if (x->base != y->base)
		return x->base < y->base ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return 0;
}

static int ram_cmp(const void *a, const void *b)
{
	const struct tdx_ram *x = a, *y = b;

	if (x->base != y->base)
		return x->base < y->base ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return 0;
}

/**
 * tdx_range_fuse - sort ranges and join those that overlap or touch
 * @r: the list, changed in place
 * @nr: its length
 *
 * Context: any.
 * Return: the new length.
 */
u32 tdx_range_fuse(struct tdx_range *r, u32 nr)
{
	u32 i, n = 0;

	sort(r, nr, sizeof(*r), range_cmp, NULL);
	for (i = 0; i < nr; i++) {
		if (n && r[i].base <= r[n - 1].end)
			r[n - 1].end = max(r[n - 1].end, r[i].end);
		else
			r[n++] = r[i];
	}
	return n;
}

/**
 * tdx_cmr_normalize - sort CMRs, drop empty entries and join those that touch
 * @cmr: the table, changed in place
 * @nr: its length
 *
 * CMRs that touch count as one in every check of TDH.SYS.CONFIG ("TDX Module
 * ABI 1.5"), and a table may hold empty entries between used ones.
 *
 * Context: any.
 * Return: the new length, or -EINVAL on an entry that is no range of pages.
 */
int tdx_cmr_normalize(struct tdx_range *cmr, u32 nr)
{
	u32 i, n = 0;

	if (nr > TDX_REGION_MAX)
		return -EINVAL;
	for (i = 0; i < nr; i++) {
		if (cmr[i].base == cmr[i].end)
			continue;
		if (tdx_range_check(cmr[i].base, cmr[i].end))
			return -EINVAL;
		cmr[n++] = cmr[i];
	}
	return tdx_range_fuse(cmr, n);
}

/**
 * tdx_ram_normalize - sort System RAM and join what touches on the same node
 * @ram: the list, changed in place
 * @nr: its length
 * @where: set to the address at fault on -EEXIST; may be NULL
 *
 * Context: any.
 * Return: the new length; -EINVAL on an entry that is no range of pages or
 * has no node; -EEXIST where two nodes claim the same byte.
 */
int tdx_ram_normalize(struct tdx_ram *ram, u32 nr, u64 *where)
{
	u32 i, n = 0;

	if (nr > TDX_REGION_MAX)
		return -EINVAL;
	for (i = 0; i < nr; i++) {
		if (tdx_range_check(ram[i].base, ram[i].end) || ram[i].node < 0)
			return -EINVAL;
	}
	sort(ram, nr, sizeof(*ram), ram_cmp, NULL);

	for (i = 0; i < nr; i++) {
		struct tdx_ram *last = n ? &ram[n - 1] : NULL;

		if (last && ram[i].base < last->end &&
		    ram[i].node != last->node) {
			if (where)
				*where = ram[i].base;
			return -EEXIST;
		}
		if (last && ram[i].base <= last->end &&
		    ram[i].node == last->node)
			last->end = max(last->end, ram[i].end);
		else
			ram[n++] = ram[i];
	}
	return n;
}

static void put(struct tdx_ram *list, u32 *nr, u64 base, u64 end, int node)
{
	if (base >= end)
		return;
	if (*nr && list[*nr - 1].end == base && list[*nr - 1].node == node) {
		list[*nr - 1].end = end;
		return;
	}
	list[*nr].base = base;
	list[*nr].end = end;
	list[*nr].node = node;
	(*nr)++;
}

/**
 * tdx_ram_split - part System RAM into what TDX can use and what it cannot
 * @ram: RAM as tdx_ram_normalize() leaves it
 * @nr_ram: its length
 * @cmr: CMRs as tdx_cmr_normalize() leaves them
 * @nr_cmr: their number
 * @usable: filled with RAM above 1 MiB that a CMR covers; room for
 *	@nr_ram + @nr_cmr entries
 * @nr_usable: entries in @usable
 * @outside: filled with the rest; room for @nr_ram + @nr_cmr + 1 entries
 * @nr_outside: entries in @outside
 *
 * Both results are sorted, and no two entries of one node touch.
 *
 * Context: any.
 */
void tdx_ram_split(const struct tdx_ram *ram, u32 nr_ram,
		   const struct tdx_range *cmr, u32 nr_cmr,
		   struct tdx_ram *usable, u32 *nr_usable,
		   struct tdx_ram *outside, u32 *nr_outside)
{
	u32 i, c = 0;

	*nr_usable = 0;
	*nr_outside = 0;
	for (i = 0; i < nr_ram; i++) {
		int node = ram[i].node;
		u64 end = ram[i].end;
		u64 pos = min(max(ram[i].base, TDX_LOW_LIMIT), end);

		put(outside, nr_outside, ram[i].base, pos, node);
		while (pos < end) {
			u64 stop;

			while (c < nr_cmr && cmr[c].end <= pos)
				c++;
			if (c == nr_cmr || cmr[c].base >= end) {
				put(outside, nr_outside, pos, end, node);
				break;
			}
			stop = max(cmr[c].base, pos);
			put(outside, nr_outside, pos, stop, node);
			pos = min(cmr[c].end, end);
			put(usable, nr_usable, stop, pos, node);
		}
	}
}
