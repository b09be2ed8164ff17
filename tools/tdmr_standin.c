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
		const struct tdx_ram *f = &a->free[mid];

		if (f->node > node || (f->node == node && f->base >= base))
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

static int node_cmp(const void *a, const void *b)
{
	const struct tdx_ram *x = a, *y = b;

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
	a->free[at] = (struct tdx_ram){ base, end, node };
	a->nr_free++;
}

static void erase(struct tdmr_standin *a, u32 at)
{
	a->nr_free--;
	memmove(&a->free[at], &a->free[at + 1],
		(a->nr_free - at) * sizeof(*a->free));
}

/**
 * tdmr_standin_init - set the allocator up
 * @a: allocator
 * @map: memory map, which must outlive it
 *
 * Return: 0, or the negative errno of tdx_ram_normalize().
 */
int tdmr_standin_init(struct tdmr_standin *a, const struct tdmr_map *map)
{
	u32 nr = map->nr_ram + map->nr_cmr + 2, i, v = 0, nr_usable, nr_out;
	struct tdx_range *cmr = must(calloc(map->nr_cmr + 1, sizeof(*cmr)));
	struct tdx_range *avoid = must(calloc(map->nr_avoid + 1,
					      sizeof(*avoid)));
	struct tdx_ram *ram = must(calloc(map->nr_ram + 1, sizeof(*ram)));
	struct tdx_ram *usable = must(calloc(nr, sizeof(*usable)));
	struct tdx_ram *out = must(calloc(nr, sizeof(*out)));
	int nr_ram, nr_cmr, nr_avoid, err = 0;

	memset(a, 0, sizeof(*a));
	a->map = map;
	for (i = 0; i < map->nr_cmr; i++)
		cmr[i] = map->cmr[i];
	for (i = 0; i < map->nr_ram; i++)
		ram[i] = map->ram[i];
	for (i = 0; i < map->nr_avoid; i++)
		avoid[i] = map->avoid[i];
	nr_cmr = tdx_cmr_normalize(cmr, map->nr_cmr);
	nr_avoid = tdx_cmr_normalize(avoid, map->nr_avoid);
	nr_ram = tdx_ram_normalize(ram, map->nr_ram, NULL);
	if (nr_cmr < 0 || nr_avoid < 0 || nr_ram < 0) {
		err = nr_ram < 0 ? nr_ram : -EINVAL;
		goto done;
	}
	tdx_ram_split(ram, nr_ram, cmr, nr_cmr, usable, &nr_usable, out,
		      &nr_out);
	for (i = 0; i < nr_usable; i++) {
		u64 pos = usable[i].base, end = usable[i].end;

		while (pos < end) {
			u64 stop = end;

			while (v < (u32)nr_avoid && avoid[v].end <= pos)
				v++;
			if (v < (u32)nr_avoid && avoid[v].base < end)
				stop = avoid[v].base;
			if (pos < stop)
				insert(a, a->nr_free, pos, stop,
				       usable[i].node);
			pos = stop < end ? avoid[v].end : end;
		}
	}
	if (a->nr_free)
		qsort(a->free, a->nr_free, sizeof(*a->free), node_cmp);
done:
	free(cmr);
	free(avoid);
	free(ram);
	free(usable);
	free(out);
	return err;
}

void tdmr_standin_exit(struct tdmr_standin *a)
{
	free(a->free);
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
		struct tdx_ram *f = &a->free[i];

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

const struct tdmr_pamt_ops tdmr_standin_ops = {
	.alloc = standin_alloc,
	.free = standin_free,
};

/**
 * tdmr_map_layout - lay out TDMRs for a map
 * @map: map
 * @a: allocator; to be freed with tdmr_standin_exit() in any case
 * @workspace: set to memory that @r points into, to be freed in any case
 * @r: set to the layout
 *
 * Return: as tdmr_layout().
 */
int tdmr_map_layout(const struct tdmr_map *map, struct tdmr_standin *a,
		    void **workspace, struct tdmr_result *r)
{
	struct tdmr_input in = {
		.limits = map->limits,
		.cpus = map->cpus,
		.cmr = map->cmr,
		.nr_cmr = map->nr_cmr,
		.ram = map->ram,
		.nr_ram = map->nr_ram,
		.ops = &tdmr_standin_ops,
		.ctx = a,
	};
	size_t size = 0;

	*workspace = NULL;
	tdmr_standin_init(a, map);
	if (!tdmr_workspace_size(&in, &size))
		*workspace = must(malloc(size));
	return tdmr_layout(&in, *workspace, size, r);
}
