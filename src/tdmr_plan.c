// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDMR layout: choose the TDMRs.
 *
 * In this order of importance: give up the least RAM, spend the least PAMT
 * on holes, cross the fewest node boundaries, use the fewest TDMRs. Among
 * lists of atoms this is solved exactly, by dynamic programming over "the
 * best plan for the first j atoms with t TDMRs". After that, TDMRs are split
 * for the sake of parallel initialisation and of small PAMT chunks: that can
 * only lower the number of reserved areas in each.
 */
#include <linux/types.h>
#include <linux/limits.h>
#include <linux/minmax.h>

#include "tdmr_int.h"

#define DROPPED		U16_MAX

/* Record blocks that will not be TDX memory, and why. */
void tdmr_add_drop(struct tdmr_work *w, u64 b0, u64 nb, enum tdmr_reason reason)
{
	if (w->nr_drops == w->max_drops)
		return;
	w->drop[w->nr_drops].b0 = b0;
	w->drop[w->nr_drops].nb = nb;
	w->drop[w->nr_drops].reason = reason;
	w->nr_drops++;
}

/* What a plan is short of when it leaves an atom out. */
enum tdmr_reason tdmr_drop_reason(const struct tdmr_work *w, u32 flags,
				  bool unusable)
{
	if (unusable)
		return TDMR_LOST_RESERVED_AREAS;
	if ((flags & RND_LIMIT) && w->limit_nb != U64_MAX)
		return TDMR_LOST_PAMT;
	return TDMR_LOST_TDMRS;
}

static bool cell_less(const struct tdmr_cell *a, const struct tdmr_cell *b)
{
	if (a->loss != b->loss)
		return a->loss < b->loss;
	if (a->pamt != b->pamt)
		return a->pamt < b->pamt;
	return a->crossings < b->crossings;
}

static struct tdmr_cell *cell_at(struct tdmr_work *w, u32 t, u32 j)
{
	return &w->cell[t * (PLAN_MAX + 1) + j];
}

/* Reach (@t, @j) from (@t - @slots, @from) at the given extra cost. */
static void relax(struct tdmr_work *w, u32 t, u32 j, u32 slots, u32 from,
		  u64 loss, u64 pamt, u32 crossings)
{
	const struct tdmr_cell *src = cell_at(w, t - slots, from);
	struct tdmr_cell *dst = cell_at(w, t, j);
	struct tdmr_cell c;

	if (src->loss == U64_MAX)
		return;
	c.loss = src->loss + loss;
	c.pamt = src->pamt + pamt;
	c.crossings = src->crossings + crossings;
	c.from = slots ? from : DROPPED;
	c.slots = slots;
	if (cell_less(&c, dst))
		*dst = c;
}

/* A min-heap of the largest values seen, and their sum. */
static void keep_large(u64 *heap, u32 *n, u32 room, u64 v, u64 *sum)
{
	u32 at, c;

	if (*n < room) {
		*sum += v;
		for (at = (*n)++; at && heap[(at - 1) / 2] > v;
		     at = (at - 1) / 2)
			heap[at] = heap[(at - 1) / 2];
		heap[at] = v;
		return;
	}
	if (!room || v <= heap[0])
		return;
	*sum += v - heap[0];
	for (at = 0; (c = 2 * at + 1) < *n; at = c) {
		if (c + 1 < *n && heap[c + 1] < heap[c])
			c++;
		if (heap[c] >= v)
			break;
		heap[at] = heap[c];
	}
	heap[at] = v;
}

/* Would nothing of an atom be left in a TDMR of its own? */
static bool unusable(const struct tdmr_work *w, const struct tdmr_atom *x)
{
	u64 sum = 0;
	u32 i;

	if (x->a1 - x->a0 <= w->k)
		return false;
	if (w->k != 1)
		return !w->k;
	for (i = x->a0; i + 1 < x->a1; i++)
		sum += w->between[i];
	return sum == x->ram;
}

/*
 * Is an atom so large that only pieces of it can have a PAMT? With more
 * TDMRs than the table has rows, cutting it is left to tdmr_place().
 */
static bool cut_in_plan(const struct tdmr_work *w, const struct tdmr_atom *x,
			u32 flags)
{
	return (flags & RND_LIMIT) && x->nb > w->limit_nb &&
	       w->max_tdmrs <= PLAN_MAX;
}

/* All plans whose last TDMR ends with atom @j. */
static void plan_ending_at(struct tdmr_work *w, u32 j, u32 slots, u32 flags)
{
	const struct tdmr_atom *last = &w->atom[j];
	u64 limit = flags & RND_LIMIT ? w->limit_nb : U64_MAX;
	u32 stop = last->a1 ? last->a1 - 1 : 0, at = stop;
	u32 room = w->k ? w->k - 1 : 0, nr_top = 0, crossings = 0, i, t, q;
	u64 ram = 0, sum = 0, top_sum = 0, need;

	for (t = 0; t <= slots; t++)
		relax(w, t, j + 1, 0, j, last->ram, 0, 0);

	if (cut_in_plan(w, last, flags)) {
		need = tdmr_div_up(last->nb, limit);
		for (q = 1; q <= slots && q <= need; q++) {
			u64 nb = min(q * limit, last->nb);
			u64 rest = tdmr_ram_in(w, (last->b0 + nb) << TDMR_SHIFT,
					(last->b0 + last->nb) << TDMR_SHIFT);

			for (t = q; t <= slots; t++)
				relax(w, t, j + 1, q, j, rest, nb, 0);
		}
		return;
	}

	for (i = j + 1; i-- > 0;) {
		const struct tdmr_atom *x = &w->atom[i];
		u64 nb = last->b0 + last->nb - x->b0, loss;

		if (i < j) {
			if (x->wall || nb > limit)
				break;
			if ((flags & RND_FINE) && w->nr_atoms <= slots)
				break;
			if ((flags & RND_DENSE) &&
			    x->b0 + x->nb != w->atom[i + 1].b0)
				break;
			crossings += x->node1 != w->atom[i + 1].node0;
		}
		crossings += x->crossings;
		ram += x->ram;
		while (at > x->a0) {
			at--;
			sum += w->between[at];
			keep_large(w->tmp, &nr_top, room, w->between[at],
				   &top_sum);
		}
		loss = tdmr_areas_loss(w, last->a1 - x->a0, sum, top_sum);
		if (loss >= ram)
			continue;
		for (t = 1; t <= slots; t++)
			relax(w, t, j + 1, 1, i, loss, nb, crossings);
	}
}

static void add_seg(struct tdmr_work *w, u64 b0, u64 nb)
{
	w->seg[w->nr_segs].b0 = b0;
	w->seg[w->nr_segs].nb = nb;
	w->nr_segs++;
}

/* Is it worth more TDMRs than a plan of @b? */
static bool worth_more(const struct tdmr_cell *a, const struct tdmr_cell *b,
		       u32 flags)
{
	if ((flags & RND_WIDE) && a->loss == b->loss && a->pamt == b->pamt)
		return false;
	return cell_less(a, b);
}

/* Turn the table into segments, last first, and drops. */
static u64 plan_read(struct tdmr_work *w, u32 slots, u32 flags)
{
	u32 j = w->nr_atoms, t, best = 0;
	u64 loss;

	for (t = 1; t <= slots; t++) {
		if (worth_more(cell_at(w, t, j), cell_at(w, best, j), flags))
			best = t;
	}
	t = best;
	loss = cell_at(w, t, j)->loss;
	while (j) {
		const struct tdmr_cell *c = cell_at(w, t, j);
		const struct tdmr_atom *x = &w->atom[j - 1];
		u64 end = x->b0 + x->nb, b, limit = w->limit_nb;

		if (c->from == DROPPED) {
			tdmr_add_drop(w, x->b0, x->nb,
				      tdmr_drop_reason(w, flags,
						       unusable(w, x)));
			j--;
			continue;
		}
		if (c->from == j - 1 && cut_in_plan(w, x, flags)) {
			for (b = 0; b < c->slots && b * limit < x->nb; b++)
				add_seg(w, x->b0 + b * limit,
					min(limit, x->nb - b * limit));
			if (b * limit < x->nb)
				tdmr_add_drop(w, x->b0 + b * limit,
					      x->nb - b * limit,
					      TDMR_LOST_PAMT);
		} else {
			x = &w->atom[c->from];
			add_seg(w, x->b0, end - x->b0);
		}
		t -= c->slots;
		j = c->from;
	}
	return loss;
}

static u64 pieces_at(const struct tdmr_work *w, u64 nb)
{
	u64 n = 0;
	u32 i;

	for (i = 0; i < w->nr_segs; i++)
		n += tdmr_div_up(w->seg[i].nb, nb);
	return n;
}

/* The largest piece that gives more than @n pieces, or 0. */
static u64 size_for_more(const struct tdmr_work *w, u64 n, u64 max_nb)
{
	u64 lo = 0, hi = max_nb;

	while (lo < hi) {
		u64 mid = lo + (hi - lo + 1) / 2;

		if (pieces_at(w, mid) > n)
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo;
}

/* How large a TDMR should be, as far as the number of TDMRs allows. */
static u64 piece_size(const struct tdmr_work *w, u32 flags)
{
	u64 total = 0, max_nb = 1, nb, want;
	u32 i;

	for (i = 0; i < w->nr_segs; i++) {
		total += w->seg[i].nb;
		max_nb = max(max_nb, w->seg[i].nb);
	}
	nb = max_nb;
	if (flags & RND_PARALLEL) {
		want = min(w->in->cpus ? w->in->cpus : 1, w->max_tdmrs);
		nb = min(nb, tdmr_div_up(total, want));
		nb = min(nb, max(size_for_more(w, want - 1, max_nb), 1ULL));
		nb = min(nb, SOFT_MAX_NB);
	}
	if (flags & RND_LIMIT)
		nb = min(nb, w->limit_nb);
	return max(nb, size_for_more(w, w->max_tdmrs, max_nb) + 1);
}

/*
 * Shrink a segment to the blocks that hold RAM, and fill in what it holds.
 * False where there is none.
 */
bool tdmr_trim(struct tdmr_work *w, struct tdmr_seg *s)
{
	u64 base = s->b0 << TDMR_SHIFT, end = (s->b0 + s->nb) << TDMR_SHIFT;
	u32 i = tdmr_cap_after(w, base);

	if (i == w->nr_cap || w->cap[i].base >= end)
		return false;
	base = max(base, w->cap[i].base);
	i = tdmr_cap_after(w, end - 1);
	if (i == w->nr_cap || w->cap[i].base >= end)
		end = w->cap[i - 1].end;
	s->b0 = base >> TDMR_SHIFT;
	s->nb = tdmr_block_up(end) - s->b0;
	s->node = tdmr_main_node(w, s->b0, s->nb);
	s->ram = tdmr_free_ram(w, s->b0 << TDMR_SHIFT,
			       (s->b0 + s->nb) << TDMR_SHIFT);
	return true;
}

/* Split segments into pieces of no more than @nb blocks, in place. */
static void split_segs(struct tdmr_work *w, u64 nb)
{
	u32 n = w->nr_segs, out = pieces_at(w, nb), i, s;

	/* from the back, so that nothing is overwritten before it is read */
	w->nr_segs = out;
	for (s = n; s-- > 0;) {
		u64 b0 = w->seg[s].b0, size = w->seg[s].nb;
		u64 p = tdmr_div_up(size, nb), j;

		for (j = p; j-- > 0;) {
			struct tdmr_seg *x = &w->seg[--out];
			u64 lo = size / p * j + size % p * j / p;
			u64 hi = size / p * (j + 1) + size % p * (j + 1) / p;

			x->b0 = b0 + lo;
			x->nb = hi - lo;
		}
	}
	for (i = 0, n = 0; i < w->nr_segs; i++) {
		struct tdmr_seg x = w->seg[i];

		if (tdmr_trim(w, &x))
			w->seg[n++] = x;
	}
	w->nr_segs = n;
}

/**
 * tdmr_plan - choose TDMRs for one round
 * @w: work
 * @flags: RND_*
 *
 * Fills the list of segments, in ascending order, and of drops.
 *
 * Context: any.
 * Return: bytes of RAM that the plan gives up.
 */
u64 tdmr_plan(struct tdmr_work *w, u32 flags)
{
	u32 slots, t, j, i;
	u64 loss = 0;

	w->nr_segs = 0;
	w->nr_drops = 0;
	tdmr_build_areas(w, flags & RND_HINT);
	tdmr_build_atoms(w, flags & RND_FINE);
	for (i = 0; i < w->nr_atoms; i++)
		loss += w->atom[i].ram;
	tdmr_reduce(w, flags);
	for (i = 0; i < w->nr_atoms; i++)
		loss -= w->atom[i].ram;	/* what reducing gave up */

	if (w->nr_atoms > PLAN_MAX) {
		for (i = 0; i < w->nr_atoms; i++) {
			loss += w->atom[i].loss;
			add_seg(w, w->atom[i].b0, w->atom[i].nb);
		}
	} else {
		slots = min(w->max_tdmrs, PLAN_MAX);
		if (!(flags & RND_LIMIT))
			slots = min(slots, w->nr_atoms);
		for (t = 0; t <= slots; t++) {
			for (j = 0; j <= w->nr_atoms; j++)
				cell_at(w, t, j)->loss = U64_MAX;
		}
		for (t = 0; t <= slots; t++) {
			cell_at(w, t, 0)->loss = 0;
			cell_at(w, t, 0)->pamt = 0;
			cell_at(w, t, 0)->crossings = 0;
			cell_at(w, t, 0)->slots = 0;
			cell_at(w, t, 0)->from = DROPPED;
		}
		for (j = 0; j < w->nr_atoms; j++)
			plan_ending_at(w, j, slots, flags);
		loss += plan_read(w, slots, flags);
		for (i = 0; i < w->nr_segs / 2; i++) {
			struct tdmr_seg s = w->seg[i];

			w->seg[i] = w->seg[w->nr_segs - 1 - i];
			w->seg[w->nr_segs - 1 - i] = s;
		}
	}
	if (w->nr_segs)
		split_segs(w, piece_size(w, flags));
	return loss;
}
