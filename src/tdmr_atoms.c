// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDMR layout: cut TDX-capable RAM into atoms.
 *
 * An atom is a run of 1 GiB blocks, each with capable RAM, that no plan has
 * a reason to part: within it the NUMA node does not change, and an area
 * that has to be reserved starts or ends in it only where the atom is a
 * single block. The number of atoms grows with the number of ranges in the
 * input, not with the amount of memory.
 */
#include <linux/types.h>
#include <linux/minmax.h>
#include <linux/sort.h>

#include "tdmr_int.h"

/**
 * tdmr_build_areas - list what a TDMR would have to reserve, and the RAM
 *	between one such area and the next
 * @w: work
 * @hint: also count PAMTs where the last round had them
 *
 * Context: any.
 */
void tdmr_build_areas(struct tdmr_work *w, bool hint)
{
	u32 i, n = 0;

	for (i = 0; i < w->nr_gap; i++)
		w->area[n++] = w->gap[i];
	if (hint) {
		for (i = 0; i < w->nr_hint; i++)
			w->area[n++] = w->hint[i];
		n = tdx_range_fuse(w->area, n);
	}
	w->nr_area = n;
	for (i = 0; i + 1 < n; i++)
		w->between[i] = tdmr_ram_in(w, w->area[i].end,
					    w->area[i + 1].base);
}

static int cut_cmp(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* Isolate the block that holds @addr, unless @addr is a block boundary. */
static u32 cut_around(struct tdmr_work *w, u32 n, u64 addr)
{
	u64 b = addr >> TDMR_SHIFT;

	w->cut[n++] = b;
	if (addr & (TDMR_ALIGN - 1))
		w->cut[n++] = b + 1;
	return n;
}

/* The node with most capable RAM in a range of blocks. */
u32 tdmr_main_node(struct tdmr_work *w, u64 b0, u64 nb)
{
	u64 base = b0 << TDMR_SHIFT, end = (b0 + nb) << TDMR_SHIFT;
	u32 first = tdmr_cap_after(w, base), i, best = NO_NODE;

	for (i = first; i < w->nr_cap && w->cap[i].base < end; i++) {
		const struct tdx_ram *c = &w->cap[i];
		u32 node = c->node;

		w->node[node].tally += min(c->end, end) - max(c->base, base);
		if (best == NO_NODE ||
		    w->node[node].tally > w->node[best].tally)
			best = node;
	}
	for (i = first; i < w->nr_cap && w->cap[i].base < end; i++)
		w->node[w->cap[i].node].tally = 0;
	return best;
}

/* Capable RAM in [@base, @end) that no area covers. */
u64 tdmr_free_ram(const struct tdmr_work *w, u64 base, u64 end)
{
	u64 ram = tdmr_ram_in(w, base, end);
	u32 lo = 0, hi = w->nr_area;

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (w->area[mid].end > base)
			hi = mid;
		else
			lo = mid + 1;
	}
	for (; lo < w->nr_area && w->area[lo].base < end; lo++)
		ram -= tdmr_ram_in(w, max(w->area[lo].base, base),
				   min(w->area[lo].end, end));
	return ram;
}

static void add_atom(struct tdmr_work *w, u64 b0, u64 b1, u32 *a)
{
	u64 base = b0 << TDMR_SHIFT, end = b1 << TDMR_SHIFT;
	struct tdmr_atom *x = &w->atom[w->nr_atoms];
	u32 i;

	while (*a < w->nr_area && w->area[*a].end <= base)
		(*a)++;
	x->a0 = *a;
	x->ram = tdmr_free_ram(w, base, end);
	for (i = *a; i < w->nr_area && w->area[i].base < end; i++)
		;
	/* all that is there may be PAMT already */
	if (!x->ram)
		return;
	x->a1 = i;
	x->b0 = b0;
	x->nb = b1 - b0;
	x->node0 = tdmr_main_node(w, b0, b1 - b0);
	x->node1 = x->node0;
	x->crossings = 0;
	x->dead = false;
	x->wall = false;
	w->nr_atoms++;
}

/**
 * tdmr_build_atoms - fill the list of atoms from capable RAM and areas
 * @w: work, with the areas in place
 * @fine: also part blocks full of RAM from those with holes in it
 *
 * Context: any.
 */
void tdmr_build_atoms(struct tdmr_work *w, bool fine)
{
	u32 i, n = 0, c = 0, a = 0;

	for (i = 1; i < w->nr_cap; i++) {
		if (fine || w->cap[i].node != w->cap[i - 1].node) {
			n = cut_around(w, n, w->cap[i].base);
			n = cut_around(w, n, w->cap[i - 1].end);
		}
	}
	for (i = 0; i < w->nr_area; i++) {
		n = cut_around(w, n, w->area[i].base);
		n = cut_around(w, n, w->area[i].end);
	}
	sort(w->cut, n, sizeof(*w->cut), cut_cmp, NULL);

	w->nr_atoms = 0;
	for (i = 0; i < w->nr_cap;) {
		u64 b0 = w->cap[i].base >> TDMR_SHIFT;
		u64 b1 = tdmr_block_up(w->cap[i].end);

		for (i++; i < w->nr_cap &&
		     w->cap[i].base >> TDMR_SHIFT <= b1; i++)
			b1 = tdmr_block_up(w->cap[i].end);
		for (; c < n && w->cut[c] < b1; c++) {
			if (w->cut[c] <= b0)
				continue;
			add_atom(w, b0, w->cut[c], &a);
			b0 = w->cut[c];
		}
		add_atom(w, b0, b1, &a);
	}
}
