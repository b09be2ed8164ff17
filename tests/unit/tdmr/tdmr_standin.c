// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stand-in for the kernel's page allocator.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/limits.h>

#include "tdmr_standin.h"

static void *must(void *p)
{
	if (!p) {
		fputs("out of memory\n", stderr);
		exit(2);
	}
	return p;
}

/* Where in the list the first range of @node at or above @base is. */
static u32 find(const struct tdmr_standin *a, int node, u64 base)
{
	u32 lo = 0, hi = a->nr_free;

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;
		const struct region *f = &a->free[mid];

		if (f->node > node || (f->node == node && f->base >= base))
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

static int node_cmp(const void *a, const void *b)
{
	const struct region *x = a, *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return x->base < y->base ? -1 : x->base > y->base;
}

static void insert(struct tdmr_standin *a, u32 at, u64 base, u64 end, int node)
{
	if (a->nr_free == a->room) {
		a->room = a->room ? 2 * a->room : 16;
		a->free = must(realloc(a->free, a->room * sizeof(*a->free)));
	}
	memmove(&a->free[at + 1], &a->free[at],
		(a->nr_free - at) * sizeof(*a->free));
	a->free[at] = (struct region){ base, end, node };
	a->nr_free++;
}

static void erase(struct tdmr_standin *a, u32 at)
{
	a->nr_free--;
	memmove(&a->free[at], &a->free[at + 1],
		(a->nr_free - at) * sizeof(*a->free));
}

static struct region *copy(const struct region *list, u32 nr)
{
	struct region *to = must(calloc(nr + 1, sizeof(*to)));
	u32 i;

	for (i = 0; i < nr; i++)
		to[i] = list[i];
	return to;
}

/**
 * tdmr_standin_init - set the allocator up, and put the map in order
 * @a: allocator
 * @map: memory map, which must outlive it
 *
 * Return: 0, or the negative errno of region_sort().
 */
int tdmr_standin_init(struct tdmr_standin *a, const struct tdmr_map *map)
{
	u32 nr = map->nr_ram + map->nr_cmr + map->nr_avoid + 2, i, n;
	struct region *avoid = copy(map->avoid, map->nr_avoid);
	struct region *out = must(calloc(nr, sizeof(*out)));
	struct region *in = must(calloc(nr, sizeof(*in)));
	int nr_ram, nr_cmr, nr_avoid, err = 0;
	u64 where;

	memset(a, 0, sizeof(*a));
	a->map = map;
	a->cmr = copy(map->cmr, map->nr_cmr);
	a->ram = copy(map->ram, map->nr_ram);
	avoid[map->nr_avoid].end = TDMR_LOW_LIMIT;
	nr_cmr = region_sort(a->cmr, map->nr_cmr, &where);
	nr_avoid = region_sort(avoid, map->nr_avoid + 1, &where);
	nr_ram = region_sort(a->ram, map->nr_ram, &a->where);
	if (nr_cmr < 0 || nr_avoid < 0 || nr_ram < 0) {
		err = nr_ram < 0 ? nr_ram : -EINVAL;
		goto done;
	}
	a->nr_cmrs = nr_cmr;
	a->nr_ram = nr_ram;
	n = region_subtract(a->ram, nr_ram, a->cmr, nr_cmr, out);
	n = region_subtract(a->ram, nr_ram, out, n, in);
	n = region_subtract(in, n, avoid, nr_avoid, out);
	for (i = 0; i < n; i++)
		insert(a, i, out[i].base, out[i].end, out[i].node);
	if (a->nr_free)
		qsort(a->free, a->nr_free, sizeof(*a->free), node_cmp);
done:
	free(avoid);
	free(in);
	free(out);
	return err;
}

void tdmr_standin_exit(struct tdmr_standin *a)
{
	free(a->free);
	free(a->cmr);
	free(a->ram);
	memset(a, 0, sizeof(*a));
}

static int standin_alloc(void *ctx, int node, u64 size, u64 *pa)
{
	struct tdmr_standin *a = ctx;
	u32 i;

	for (i = 0; i < a->map->nr_chunks; i++) {
		if (a->map->chunk[i].node == node && size > a->map->chunk[i].max)
			return -ENOMEM;
	}
	for (i = find(a, node, U64_MAX); i-- > 0;) {
		struct region *f = &a->free[i];

		if (f->node != node)
			break;
		if (f->end - f->base < size)
			continue;
		f->end -= size;
		*pa = f->end;
		if (f->end == f->base)
			erase(a, i);
		a->live++;
		return 0;
	}
	return -ENOMEM;
}

static void standin_free(void *ctx, int node, u64 pa, u64 size)
{
	struct tdmr_standin *a = ctx;
	u32 lo = find(a, node, pa);
	bool below, above;

	below = lo && a->free[lo - 1].end == pa && a->free[lo - 1].node == node;
	above = lo < a->nr_free && a->free[lo].base == pa + size &&
		a->free[lo].node == node;
	a->live--;
	if (below && above) {
		a->free[lo - 1].end = a->free[lo].end;
		erase(a, lo);
	} else if (below) {
		a->free[lo - 1].end = pa + size;
	} else if (above) {
		a->free[lo].base = pa;
	} else {
		insert(a, lo, pa, pa + size, node);
	}
}

/**
 * tdmr_map_input - the input that the module would make of a map
 * @map: map
 * @a: allocator
 *
 * Return: input for tdmr_layout().
 */
struct tdmr_input tdmr_map_input(const struct tdmr_map *map,
				 struct tdmr_standin *a)
{
	return (struct tdmr_input) {
		.max_tdmrs = map->limits.max_tdmrs,
		.max_reserved = map->limits.max_reserved,
		.entry_size = {
			map->limits.entry_size[TDMR_4K],
			map->limits.entry_size[TDMR_2M],
			map->limits.entry_size[TDMR_1G],
		},
		.cpus = map->cpus,
		.cmr = a->cmr,
		.nr_cmrs = a->nr_cmrs,
		.ram = a->ram,
		.nr_ram = a->nr_ram,
		.alloc = standin_alloc,
		.free = standin_free,
		.ctx = a,
	};
}

/**
 * tdmr_map_layout - lay out TDMRs for a map
 * @map: map
 * @a: allocator
 * @r: set to the layout, for tdmr_map_free_layout() in any case
 *
 * Return: as region_sort() and tdmr_layout().
 */
int tdmr_map_layout(const struct tdmr_map *map, struct tdmr_standin *a,
		    struct tdmr_result *r)
{
	int err = tdmr_standin_init(a, map);
	struct tdmr_input in = tdmr_map_input(map, a);

	memset(r, 0, sizeof(*r));
	return err ? err : tdmr_layout(&in, r);
}

/**
 * tdmr_map_free_layout - free a layout, PAMTs and allocator included
 * @map: map
 * @a: allocator
 * @r: the layout
 *
 * Return: PAMT allocations that are left, which must be none.
 */
u32 tdmr_map_free_layout(const struct tdmr_map *map, struct tdmr_standin *a,
			 struct tdmr_result *r)
{
	struct tdmr_input in = tdmr_map_input(map, a);
	u32 left;

	if (r->nr_tdmrs)
		tdmr_free(&in, r);
	left = a->live;
	tdmr_standin_exit(a);
	return left;
}
