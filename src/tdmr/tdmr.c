// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDMR layout, from top to bottom: runs of 1 GiB blocks are cut into pieces, a
 * piece with a PAMT is a TDMR, areas are reserved in it, lost RAM is listed.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "tdmr.h"

struct tdmr_work {
	const struct tdmr_input *in;
	struct tdmr_result *r;		/* capable RAM, then TDMRs */
	struct tdmr_node { int id; u64 most; } *node; /* largest TDMR */
	struct region *piece;	/* blocks that are no TDMR yet */
	struct region *taken;	/* by PAMTs, or outside of every CMR */
	struct region *area;	/* kept and reserved ones of a TDMR */
	u64 *seam;			/* between areas: RAM, and which */
	u32 max_tdmrs, max_rsvd, nr_nodes, nr_pieces, nr_taken, room;
	enum tdmr_reason why;		/* what is short for RAM without TDMR */
	int err;			/* if there will be no TDMR at all */
};

/* The first capable RAM that ends above @addr. */
static struct region *ram_after(const struct tdmr_result *r, u64 addr)
{
	u32 lo = 0, hi = r->nr_capable, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (r->capable[mid].end > addr)
			hi = mid;
		else
			lo = mid + 1;
	}
	return r->capable + lo;
}

#define for_each_ram(c, r, from, to)					\
	for (c = ram_after(r, from);					\
	     c < (r)->capable + (r)->nr_capable && c->base < (to); c++)

static u64 ram_between(const struct tdmr_result *r, u64 base, u64 end)
{
	const struct region *c;
	u64 sum = 0;

	for_each_ram(c, r, base, end)
		sum += min(c->end, end) - max(c->base, base);
	return sum;
}

/* Add a piece, less the blocks at both ends that have no RAM. */
static void piece_add(struct tdmr_work *w, u64 base, u64 end)
{
	struct region x = { end, 0, 0 };
	const struct region *c;
	u64 first, most = 0;

	for_each_ram(c, w->r, base, end) {
		first = max(c->base, base);
		x.base = min(x.base, ALIGN_DOWN(first, TDMR_ALIGN));
		x.end = min(c->end, end);
		if (x.end - first > most) {
			most = x.end - first;
			x.node = c->node;
		}
	}
	x.end = ALIGN(x.end, TDMR_ALIGN);
	if (most && w->nr_pieces < w->room)
		w->piece[w->nr_pieces++] = x;
}

/* Take the piece with most RAM; of several, the lowest. */
static struct region piece_take(struct tdmr_work *w)
{
	struct region *x = w->piece, *best = x;
	u64 most = 0, ram;

	for (; x < w->piece + w->nr_pieces; x++) {
		ram = ram_between(w->r, x->base, x->end);
		if (ram > most || (ram == most && x->base < best->base)) {
			most = ram;
			best = x;
		}
	}
	swap(*best, w->piece[w->nr_pieces - 1]);
	return w->piece[--w->nr_pieces];
}

/*
 * Make the pieces runs of blocks of one node. With a @reach, they go on over
 * other nodes and over holes smaller than that.  Return: how many there are.
 */
static u32 run_list(struct tdmr_work *w, u64 reach)
{
	struct region *c, *x;
	u64 pos = 0, end, near;

	w->nr_pieces = 0;
	for_each_ram(c, w->r, 0, REGION_PA_LIMIT) {
		pos = max(pos, ALIGN_DOWN(c->base, TDMR_ALIGN));
		for (; pos < c->end; pos = end) {
			/* others may have RAM in its first and last block */
			end = pos + TDMR_ALIGN;
			if (pos >= c->base)
				end = max(end, ALIGN_DOWN(c->end, TDMR_ALIGN));
			piece_add(w, pos, end);
			x = &w->piece[w->nr_pieces - 1];
			near = x > w->piece && x->node == x[-1].node;
			if (x > w->piece &&
			    x->base - x[-1].end < max(reach, near)) {
				x[-1].end = x->end;
				w->nr_pieces--;
			}
		}
	}
	return w->nr_pieces;
}

static bool pamt_take(const struct tdmr_work *w, struct tdmr *t, int node,
		      u64 size)
{
	struct region *c = &t->chunk[t->nr_chunks];

	if (w->in->alloc(w->in->ctx, node, size, &c->base))
		return false;
	c->end = c->base + size;
	c->node = node;
	t->nr_chunks++;
	return true;
}

static void pamt_release(const struct tdmr_input *in, struct tdmr *t)
{
	for (; t->nr_chunks; t->nr_chunks--) {
		const struct region *c = &t->chunk[t->nr_chunks - 1];

		in->free(in->ctx, c->node, c->base, c->end - c->base);
	}
}

/*
 * Find the PAMTs of a TDMR on a node, in one chunk for the sake of few
 * reserved areas, else in three, of which the small ones may be anywhere.
 */
static bool pamt_get(const struct tdmr_work *w, struct tdmr *t, int node,
		     u64 size)
{
	u64 all = 0, pos;
	u32 l, n;

	for (l = 0; l < TDMR_LEVELS; all += t->pamt[l++].size)
		t->pamt[l].size = tdmr_pamt_size(w->in, size, l);
	t->nr_chunks = 0;
	for (l = pamt_take(w, t, node, all) ? TDMR_LEVELS : 0;
	     l < TDMR_LEVELS; l++)
		for (n = 0; !pamt_take(w, t, n ? w->node[n - 1].id : node,
				       t->pamt[l].size); n++)
			if (l == TDMR_4K || n == w->nr_nodes) {
				pamt_release(w->in, t);
				return false;
			}
	pos = t->chunk[0].base;
	for (l = 0; l < TDMR_LEVELS; pos += t->pamt[l++].size)
		t->pamt[l].base = l < t->nr_chunks ? t->chunk[l].base : pos;
	return true;
}

/* Find out the largest TDMR, up to @size, that a node has PAMT memory for. */
static u64 pamt_most(const struct tdmr_work *w, int node, u64 size)
{
	struct tdmr *t = &w->r->tdmr[w->r->nr_tdmrs];
	u64 lo = 0, hi = size, mid = size;

	for (; lo < hi; mid = ALIGN((lo + hi) / 2, TDMR_ALIGN)) {
		if (pamt_get(w, t, node, mid))
			lo = mid;
		else
			hi = mid - TDMR_ALIGN;
		pamt_release(w->in, t);
	}
	return lo;
}

/* Find PAMTs for as much of a piece as any node can serve: for how much? */
static u64 pamt_find(struct tdmr_work *w, struct tdmr *t, struct region x)
{
	u64 size = x.end - x.base, most = 0, score, top;
	struct tdmr_node *n, *best = NULL;

	do {
		if (most)
			best->most = pamt_most(w, best->id, most - TDMR_ALIGN);
		for (n = w->node, top = 0; n < w->node + w->nr_nodes; n++) {
			score = 2 * min(n->most, size) + (n->id == x.node);
			if (score > top) {
				top = score;
				best = n;
			}
		}
		most = top / 2;
		if (most < size && w->why != TDMR_LOST_TDMRS)
			w->why = TDMR_LOST_PAMT;
	} while (most && !pamt_get(w, t, best->id, most));
	return most;
}

/*
 * Cut runs into pieces: so many that each CPU has work, and so small that nodes
 * have PAMT memory for them; their own node, if there are TDMRs enough for it.
 */
static void run_split(struct tdmr_work *w)
{
	/* each run may have one piece that is not of full size */
	u32 i, max = w->max_tdmrs - w->nr_pieces + 1;
	u64 size, total = 0, want = 0, best = TDMR_ALIGN, most, len;
	struct region *x;

	for (x = w->piece; x < w->piece + w->nr_pieces; x++) {
		total += x->end - x->base;
		want = max(want, x->end - x->base);
	}
	size = ALIGN(total / clamp(w->in->cpus, 1U, max), TDMR_ALIGN);
	want = min(want, size);
	for (i = 0; i < w->nr_nodes; i++) {
		most = pamt_most(w, w->node[i].id, want);
		w->node[i].most = most < want ? most : U64_MAX;
		best = max(best, most);
		if (most && DIV_ROUND_UP(total, most) <= max)
			size = min(size, most);
	}
	size = min(size, best);
	for (x = w->piece; x < w->piece + w->nr_pieces; x++)
		while (x->end - x->base > size && w->nr_pieces < w->max_tdmrs) {
			len = x->end - x->base;
			len = ALIGN(len / DIV_ROUND_UP(len, size), TDMR_ALIGN);
			piece_add(w, x->base, x->base + len);
			x->base += len;
		}
}

static void account_lose(struct tdmr_result *r, u64 base, u64 end,
			 enum tdmr_reason why)
{
	const struct region *c;

	for_each_ram(c, r, base, end)
		r->lost[r->nr_lost++] = (struct tdmr_lost) {
			max(c->base, base), min(c->end, end), why };
}

/*
 * Reserve what a TDMR must not use ("TDX Module ABI 1.5", TDH.SYS.CONFIG):
 * its space outside of every CMR, and PAMTs, whichever TDMR they are of. A
 * hole in System RAM inside a CMR is none of it. Of too many areas, those with
 * the least RAM between them are joined: it is lost.  Return: RAM that is left.
 */
static u64 area_reserve(struct tdmr_work *w, struct tdmr *t)
{
	struct region all = { t->base, t->base + t->size, 0 }, *a;
	u32 n = region_subtract(&all, 1, w->taken, w->nr_taken, w->area), i;
	u64 left = ram_between(w->r, all.base, all.end);

	a = w->area + n;
	n = region_subtract(&all, 1, w->area, n, a);
	/* RAM in pages, with room below it to tell one seam from another */
	for (i = 0; i + 1 < n; i++)
		w->seam[i] = ram_between(w->r, a[i].end, a[i + 1].base) >> 12
			     << 21 | i;
	sort(w->seam, i, sizeof(*w->seam), region_compare, NULL);
	for (i = 0; i + max(w->max_rsvd, 1U) < n; i++) {
		u32 at = w->seam[i] & ((1 << 21) - 1);

		account_lose(w->r, a[at].end, a[at + 1].base,
			     TDMR_LOST_RESERVED_AREAS);
		a[at + 1].base = a[at].end;
	}
	t->nr_rsvd = region_sort(a, n, &all.base);
	for (i = 0; i < t->nr_rsvd; i++) {
		left -= ram_between(w->r, a[i].base, a[i].end);
		t->rsvd[i].offset = a[i].base - t->base;
		t->rsvd[i].size = a[i].end - a[i].base;
	}
	return t->nr_rsvd > w->max_rsvd ? 0 : left;
}

/*
 * Make TDMRs of pieces, those with most RAM first, and reserve areas in them.
 * One that loses RAM in this is cut in halves, which need PAMTs of their own.
 */
static void tdmr_make(struct tdmr_work *w)
{
	static const struct region all = { 0, REGION_PA_LIMIT, 0 };
	struct tdmr_result *r = w->r;
	struct region x;
	struct tdmr *t;
	bool again;
	u32 l, lost;
place:
	while (w->nr_pieces && r->nr_tdmrs < w->max_tdmrs) {
		x = piece_take(w);
		t = &r->tdmr[r->nr_tdmrs];
		t->size = pamt_find(w, t, x);
		if (!t->size)
			continue;
		t->base = x.base;
		t->node = x.node;
		piece_add(w, x.base + t->size, x.end);
		r->nr_tdmrs++;
		w->err = -ENOSPC;
	}
	w->nr_taken = region_subtract(&all, 1, w->in->cmr, w->in->nr_cmrs,
				      w->taken);
	r->pamt_bytes = 0;
	for (t = r->tdmr; t < r->tdmr + r->nr_tdmrs; t++)
		for (l = 0; l < t->nr_chunks; l++) {
			x = t->chunk[l];
			x.node = 0;
			w->taken[w->nr_taken++] = x;
			r->pamt_bytes += x.end - x.base;
		}
	w->nr_taken = region_sort(w->taken, w->nr_taken, &x.base);
	again = false;
	r->nr_lost = 0;
	for (t = r->tdmr; t < r->tdmr + r->nr_tdmrs; t++) {
		lost = r->nr_lost;
		if (area_reserve(w, t) &&
		    (lost == r->nr_lost || t->size == TDMR_ALIGN ||
		     r->nr_tdmrs + w->nr_pieces >= w->max_tdmrs))
			continue;
		x.base = t->base + ALIGN_DOWN(t->size / 2, TDMR_ALIGN);
		if (x.base > t->base) {
			piece_add(w, t->base, x.base);
			piece_add(w, x.base, t->base + t->size);
		}
		t->size = 0;
		again = true;
	}
	/* PAMTs that were made in one go leave the fewest gaps between them */
	for (; again && r->nr_tdmrs; r->nr_tdmrs--) {
		t = &r->tdmr[r->nr_tdmrs - 1];
		pamt_release(w->in, t);
		piece_add(w, t->base, t->base + t->size);
	}
	if (again)
		goto place;
}

/* What is in no TDMR, and no PAMT, is lost, too.  Sum it all up. */
static void account_all(struct tdmr_work *w)
{
	struct tdmr_result *r = w->r;
	u64 pos = 0;
	u32 i;

	for (i = 0; i < r->nr_tdmrs; i++)
		w->taken[w->nr_taken++] = (struct region) {
			r->tdmr[i].base, r->tdmr[i].base + r->tdmr[i].size, 0 };
	w->nr_taken = region_sort(w->taken, w->nr_taken, &pos);
	for (i = 0, pos = 0; i < w->nr_taken; pos = w->taken[i++].end)
		account_lose(r, pos, w->taken[i].base, w->why);
	account_lose(r, pos, REGION_PA_LIMIT, w->why);
	sort(r->tdmr, r->nr_tdmrs, sizeof(*r->tdmr), region_compare, NULL);
	sort(r->lost, r->nr_lost, sizeof(*r->lost), region_compare, NULL);
	for (i = 0; i < r->nr_lost; i++)
		r->lost_bytes += r->lost[i].end - r->lost[i].base;
	for (i = 0; i < r->nr_outside; i++)
		r->outside_bytes += r->outside[i].end - r->outside[i].base;
	r->tdx_bytes = ram_between(r, 0, REGION_PA_LIMIT) - r->lost_bytes;
}

/* Make room for whatever may come: see where the lists are filled. */
static bool work_alloc(struct tdmr_work *w)
{
	u32 n = w->in->nr_ram + w->in->nr_cmrs + 2, areas = n + 5 * TDMR_MAX;

#define ALLOC(list, nr) ((list) = kvcalloc(nr, sizeof(*(list)), GFP_KERNEL))
	w->room = 2 * n + 2 * TDMR_MAX;
	return ALLOC(w->r->capable, n) && ALLOC(w->r->outside, n) &&
	       ALLOC(w->r->tdmr, TDMR_MAX + 1) &&
	       ALLOC(w->r->lost, n + 2 * areas) && ALLOC(w->node, n) &&
	       ALLOC(w->piece, w->room) && ALLOC(w->taken, areas) &&
	       ALLOC(w->area, 2 * areas) && ALLOC(w->seam, areas);
}

static int work_do(struct tdmr_work *w)
{
	static const struct region low = { 0, TDMR_LOW_LIMIT, 0 };
	const struct tdmr_input *in = w->in;
	struct tdmr_result *r = w->r;
	const struct region *c;
	u64 reach = 0;
	u32 i, n;

	n = region_subtract(in->cmr, in->nr_cmrs, &low, 1, w->area);
	r->nr_outside = region_subtract(in->ram, in->nr_ram, w->area, n,
					r->outside);
	r->nr_capable = region_subtract(in->ram, in->nr_ram, r->outside,
					r->nr_outside, r->capable);
	w->err = r->nr_capable ? -ENOBUFS : -ENODATA;
	for_each_ram(c, r, 0, REGION_PA_LIMIT) {
		for (n = 0; n < w->nr_nodes && w->node[n].id != c->node; n++)
			;
		w->node[n].id = c->node;
		w->nr_nodes = max(w->nr_nodes, n + 1);
	}
	for (; run_list(w, reach) > w->max_tdmrs; reach += reach ?: TDMR_ALIGN)
		w->why = TDMR_LOST_TDMRS;
	run_split(w);
	tdmr_make(w);
	/* Nothing?  One TDMR, with a PAMT from one node after the other. */
	for (i = 0; i < w->nr_nodes && !r->nr_tdmrs; i++) {
		for (n = 0; n < w->nr_nodes; n++)
			w->node[n].most = n == i ? U64_MAX : 0;
		w->max_tdmrs = 1;
		run_list(w, 0);
		tdmr_make(w);
	}
	account_all(w);
	return r->nr_tdmrs ? 0 : w->err;
}

/**
 * tdmr_layout() - turn System RAM into TDMRs
 * @in: input, unchanged
 * @r: set to the layout; give it to tdmr_free() after success
 *
 * The same input and the same answers of the allocator give the same layout.
 * Context: As the allocator's, and may sleep.
 * Return: 0; -EINVAL where a limit is 0; -ENODATA where no RAM above 1 MiB is
 *	   in a CMR; -ENOBUFS where there is no PAMT for even one GiB; -ENOSPC
 *	   where every GiB needs too many areas; -ENOMEM.
 */
int tdmr_layout(const struct tdmr_input *in, struct tdmr_result *r)
{
	struct tdmr_work w = {
		.in = in, .r = r,
		.max_tdmrs = min_t(u32, in->max_tdmrs, TDMR_MAX),
		.max_rsvd = min_t(u32, in->max_reserved, TDMR_MAX_RSVD),
	};
	const u16 *entry = in->entry_size;
	int err = -EINVAL;

	*r = (struct tdmr_result) { };
	if (w.max_tdmrs && entry[0] && entry[1] && entry[2])
		err = work_alloc(&w) ? work_do(&w) : -ENOMEM;
	kvfree(w.node);
	kvfree(w.piece);
	kvfree(w.taken);
	kvfree(w.area);
	kvfree(w.seam);
	if (err)
		tdmr_free(in, r);
	return err;
}

/**
 * tdmr_free() - give the PAMTs of a layout back, and its lists
 * @in: the input that the layout was made from
 * @r: a layout that tdmr_layout() returned 0 for
 *
 * Context: As the allocator's; the TDX module does not own them (any more).
 */
void tdmr_free(const struct tdmr_input *in, struct tdmr_result *r)
{
	while (r->nr_tdmrs)
		pamt_release(in, &r->tdmr[--r->nr_tdmrs]);
	kvfree(r->tdmr);
	kvfree(r->lost);
	kvfree(r->outside);
	kvfree(r->capable);
}
