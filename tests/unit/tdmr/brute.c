// SPDX-License-Identifier: GPL-2.0-only
/*
 * Try each block of a machine as its only TDMR.
 */
#include <stdlib.h>
#include <string.h>

#include "brute.h"

#define GIB		(1ULL << 30)
#define MAX_NODES	64

struct pick {
	uint64_t base, end;
};

static struct chk_list cap, cmr, heap, work, pamts;
static int nodes[MAX_NODES], nr_nodes;

/* Capable RAM outside what is to be avoided, node by node. */
static void prepare(const struct chk_map *m)
{
	static struct chk_list avoid, one, mine, room;
	size_t i;
	int k;

	chk_capable(&cap, m);
	chk_union(&cmr, &m->cmr);
	chk_union(&avoid, &m->avoid);
	nr_nodes = 0;
	for (i = 0; i < m->ram.n; i++) {
		for (k = 0; k < nr_nodes && nodes[k] != m->ram.r[i].tag; k++)
			;
		if (k == nr_nodes && k < MAX_NODES)
			nodes[nr_nodes++] = m->ram.r[i].tag;
	}
	heap.n = 0;
	for (k = 0; k < nr_nodes; k++) {
		one.n = 0;
		for (i = 0; i < m->ram.n; i++) {
			if (m->ram.r[i].tag == nodes[k])
				chk_add(&one, m->ram.r[i].base,
					m->ram.r[i].end, 0);
		}
		chk_union(&mine, &one);
		chk_intersect(&room, &mine, &cap);
		chk_subtract(&one, &room, &avoid);
		for (i = 0; i < one.n; i++)
			chk_add(&heap, one.r[i].base, one.r[i].end, nodes[k]);
	}
}

/* RAM that chk_capable() lists, on one node if @node is not negative. */
static uint64_t ram_in(const struct chk_map *m, uint64_t base, uint64_t end,
		       int node)
{
	uint64_t sum = 0;
	size_t i, j;

	for (i = 0; i < cap.n && cap.r[i].base < end; i++) {
		uint64_t b = cap.r[i].base > base ? cap.r[i].base : base;
		uint64_t e = cap.r[i].end < end ? cap.r[i].end : end;

		if (b >= e)
			continue;
		if (node < 0) {
			sum += e - b;
			continue;
		}
		for (j = 0; j < m->ram.n; j++) {
			const struct chk_range *r = &m->ram.r[j];
			uint64_t x = r->base > b ? r->base : b;
			uint64_t y = r->end < e ? r->end : e;

			if (r->tag == node && x < y)
				sum += y - x;
		}
	}
	return sum;
}

static int take(const struct chk_map *m, int node, uint64_t size)
{
	struct chk_range *best = NULL;
	size_t i;

	for (i = 0; i < m->chunk.n; i++) {
		if (m->chunk.r[i].tag == node && size > m->chunk.r[i].end)
			return 0;
	}
	for (i = 0; i < work.n; i++) {
		struct chk_range *r = &work.r[i];

		if (r->tag == node && r->end - r->base >= size &&
		    (!best || r->base > best->base))
			best = r;
	}
	if (!best)
		return 0;
	best->end -= size;
	chk_add(&pamts, best->end, best->end + size, 0);
	return 1;
}

static int take_anywhere(const struct chk_map *m, int node, uint64_t size)
{
	int k;

	if (take(m, node, size))
		return 1;
	for (k = 0; k < nr_nodes; k++) {
		if (take(m, nodes[k], size))
			return 1;
	}
	return 0;
}

static int take_pamts(const struct chk_map *m, int node, uint64_t size)
{
	uint64_t s[3];
	int i;

	s[0] = ((size >> 12) * m->entry[0] + 4095) & ~4095ULL;
	s[1] = ((size >> 21) * m->entry[1] + 4095) & ~4095ULL;
	s[2] = ((size >> 30) * m->entry[2] + 4095) & ~4095ULL;
	if (take(m, node, s[0] + s[1] + s[2]))
		return 1;
	if (!take(m, node, s[0]))
		return 0;
	for (i = 1; i < 3; i++) {
		if (!take_anywhere(m, node, s[i]))
			return 0;
	}
	return 1;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* RAM of one TDMR that is left when its areas are few enough. */
static uint64_t usable(const struct chk_map *m, const struct pick *p)
{
	static struct chk_list all, mine, must, keep, taken;
	uint64_t gap[512], sum, left = 0;
	struct chk_range whole = { p->base, p->end, 0 };
	struct chk_list one = { &whole, 1, 1 };
	size_t i, n = 0;

	chk_subtract(&must, &one, &cmr);
	chk_union(&all, &pamts);
	chk_intersect(&mine, &all, &one);
	keep.n = 0;
	for (i = 0; i < must.n; i++)
		chk_add(&keep, must.r[i].base, must.r[i].end, 0);
	for (i = 0; i < mine.n; i++)
		chk_add(&keep, mine.r[i].base, mine.r[i].end, 0);
	chk_union(&taken, &keep);

	left = ram_in(m, p->base, p->end, -1);
	for (i = 0; i < taken.n; i++)
		left -= ram_in(m, taken.r[i].base, taken.r[i].end, -1);
	if (taken.n <= m->max_reserved)
		return left;
	if (!m->max_reserved)
		return 0;
	for (i = 0; i + 1 < taken.n && n < 512; i++)
		gap[n++] = ram_in(m, taken.r[i].end, taken.r[i + 1].base, -1);
	qsort(gap, n, sizeof(gap[0]), by_size);
	for (i = 0, sum = 0; i < taken.n - m->max_reserved; i++)
		sum += gap[i];
	return left - sum;
}

/* Is any RAM left of a TDMR with its PAMTs from one node? */
static int serves(const struct chk_map *m, const struct pick *p, int giver)
{
	size_t k;

	work.n = pamts.n = 0;
	for (k = 0; k < heap.n; k++)
		chk_add(&work, heap.r[k].base, heap.r[k].end, heap.r[k].tag);
	return take_pamts(m, giver, p->end - p->base) && usable(m, p);
}

int brute_one_block(const struct chk_map *m)
{
	uint64_t last = UINT64_MAX;
	size_t i;
	int k;

	prepare(m);
	for (i = 0; i < cap.n; i++) {
		uint64_t b = cap.r[i].base & ~(GIB - 1);

		for (; b < cap.r[i].end; b += GIB) {
			struct pick p = { b, b + GIB };

			if (b == last)
				continue;
			last = b;
			for (k = 0; k < nr_nodes; k++) {
				if (serves(m, &p, nodes[k]))
					return 1;
			}
			/* the middle of a long range is all the same */
			if (b + 4 * GIB < cap.r[i].end && b > cap.r[i].base)
				b = (cap.r[i].end & ~(GIB - 1)) - 2 * GIB;
		}
	}
	return 0;
}
