// SPDX-License-Identifier: GPL-2.0-only
/* Sort, join and intersect lists of physical address ranges. */
#include <linux/errno.h>
#include <linux/sort.h>

#include "region.h"

/* For sort(): by the address, or other u64, that entries begin with. */
int region_compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/**
 * region_sort() - sort a list, drop what is empty, join what touches
 * @list: list, changed in place
 * @nr: its length
 * @where: set to the address at fault on -EEXIST
 *
 * CMRs that touch count as one in every check of TDH.SYS.CONFIG ("TDX Module
 * ABI 1.5"), and their table may hold empty entries between used ones.
 *
 * Return: the new length; -EINVAL on an entry that is no range of pages or
 *	   has no node; -EEXIST where two nodes claim the same byte.
 */
int region_sort(struct region *list, u32 nr, u64 *where)
{
	u32 i, n = 0;

	sort(list, nr, sizeof(*list), region_compare, NULL);
	for (i = 0; i < nr; i++) {
		struct region r = list[i], *last = list + n - 1;

		if (r.base == r.end)
			continue;
		if (r.base > r.end || r.end > REGION_PA_LIMIT || r.node < 0 ||
		    !IS_ALIGNED(r.base | r.end, REGION_ALIGN))
			return -EINVAL;
		*where = r.base;
		if (n && r.base < last->end && r.node != last->node)
			return -EEXIST;
		if (n && r.base <= last->end && r.node == last->node)
			last->end = max(last->end, r.end);
		else
			list[n++] = r;
	}
	return n;
}

/**
 * region_subtract() - list what others do not cover
 * @list: list, sorted
 * @nr: its length
 * @cover: what covers it, sorted
 * @nr_cover: length of @cover
 * @out: set to what is left; room for @nr + @nr_cover entries
 *
 * Return: length of @out.
 */
u32 region_subtract(const struct region *list, u32 nr,
		    const struct region *cover, u32 nr_cover,
		    struct region *out)
{
	const struct region *r, *c = cover, *stop = cover + nr_cover;
	u32 n = 0;

	for (r = list; r < list + nr; r++) {
		u64 pos = r->base;

		for (; c < stop && c->base < r->end; c++) {
			if (pos < c->base)
				out[n++] = (struct region) { pos, c->base,
					r->node };
			pos = max(pos, c->end);
			if (c->end > r->end)
				break;	/* covers some of the next, too */
		}
		if (pos < r->end)
			out[n++] = (struct region) { pos, r->end, r->node };
	}
	return n;
}
