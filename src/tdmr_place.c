// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDMR layout: find PAMT memory for the TDMRs that the plan wants.
 *
 * A TDMR whose PAMT cannot be had is cut: first so that its own node can
 * serve it, as long as there are TDMRs to spare, then by whichever node has
 * the largest block.
 */
#include <linux/types.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "tdmr_int.h"

static void forget_failures(struct tdmr_work *w)
{
	u32 i;

	for (i = 0; i < w->nr_nodes; i++)
		w->node[i].fail = U64_MAX;
}

static void give_back(struct tdmr_work *w, struct tdmr *t)
{
	const struct tdmr_input *in = w->in;

	while (t->nr_chunks) {
		const struct tdmr_chunk *c = &t->chunk[--t->nr_chunks];

		in->ops->free(in->ctx, c->node, c->base, c->size);
	}
}

/* Free the PAMTs of a TDMR that is given up for good. */
void tdmr_release(struct tdmr_work *w, struct tdmr *t)
{
	give_back(w, t);
	forget_failures(w);
}

void tdmr_release_all(struct tdmr_work *w)
{
	while (w->nr_t)
		tdmr_release(w, &w->t[--w->nr_t]);
}

/* PAMT ranges must each be inside one CMR (TDH.SYS.CONFIG, check 20). */
static bool inside_cmr(const struct tdmr_work *w, u64 base, u64 size)
{
	u32 lo = 0, hi = w->nr_cmr;

	if (base & (TDX_REGION_ALIGN - 1) || base > TDX_PA_LIMIT)
		return false;
	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (w->cmr[mid].end > base)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo < w->nr_cmr && w->cmr[lo].base <= base &&
	       w->cmr[lo].end - base >= size;
}

static bool get_chunk(struct tdmr_work *w, u32 node, u64 size, struct tdmr *t)
{
	struct tdmr_chunk *c = &t->chunk[t->nr_chunks];
	const struct tdmr_input *in = w->in;
	struct tdmr_node *n = &w->node[node];
	int err;

	if (w->err || size >= n->fail)
		return false;
	err = in->ops->alloc(in->ctx, n->id, size, &c->base);
	if (err && err != -ENOMEM) {
		w->err = err < 0 ? err : -ENOMEM;
		return false;
	}
	if (!err && !inside_cmr(w, c->base, size)) {
		in->ops->free(in->ctx, n->id, c->base, size);
		err = -ENOMEM;
	}
	if (err) {
		/* with part of a TDMR's PAMTs in hand it proves nothing */
		if (!t->nr_chunks)
			n->fail = size;
		return false;
	}
	c->size = size;
	c->node = n->id;
	t->nr_chunks++;
	return true;
}

/* Walk the nodes from @own outwards by distance in number. */
static u32 next_node(const struct tdmr_work *w, u32 own, u32 *lo, u32 *hi)
{
	bool down = *lo > 0, up = *hi + 1 < w->nr_nodes;

	if (down && up) {
		up = w->node[*hi + 1].id - w->node[own].id <
		     w->node[own].id - w->node[*lo - 1].id;
		down = !up;
	}
	if (down)
		return --*lo;
	return up ? ++*hi : NO_NODE;
}

static bool get_chunk_near(struct tdmr_work *w, u32 own, u64 size,
			   struct tdmr *t)
{
	u32 lo = own, hi = own, node;

	for (node = own; node != NO_NODE; node = next_node(w, own, &lo, &hi)) {
		if (get_chunk(w, node, size, t))
			return true;
	}
	return false;
}

/*
 * Find the PAMTs of a TDMR of @nb blocks on @node. One block for all three
 * makes for one reserved area; where there is none, the 4K-level PAMT, by
 * far the largest, still has to be on @node.
 */
static bool get_pamts(struct tdmr_work *w, u32 node, u64 nb, struct tdmr *t)
{
	const u16 *entry = w->in->limits.entry_size;
	u64 size[TDMR_LEVELS], pa;
	u32 l;

	size[TDMR_4K] = tdmr_page_up((nb << (TDMR_SHIFT - 12)) *
				     entry[TDMR_4K]);
	size[TDMR_2M] = tdmr_page_up((nb << (TDMR_SHIFT - 21)) *
				     entry[TDMR_2M]);
	size[TDMR_1G] = tdmr_page_up(nb * entry[TDMR_1G]);

	t->nr_chunks = 0;
	for (l = 0; l < TDMR_LEVELS; l++)
		t->pamt[l].size = size[l];
	if (get_chunk(w, node, size[0] + size[1] + size[2], t)) {
		pa = t->chunk[0].base;
		for (l = 0; l < TDMR_LEVELS; l++) {
			t->pamt[l].base = pa;
			pa += size[l];
		}
		return true;
	}
	for (l = 0; l < TDMR_LEVELS; l++) {
		bool got = l == TDMR_4K ? get_chunk(w, node, size[l], t) :
					  get_chunk_near(w, node, size[l], t);

		if (!got) {
			give_back(w, t);
			return false;
		}
		t->pamt[l].base = t->chunk[l].base;
	}
	return true;
}

/*
 * Find PAMTs on @node for as many blocks as it can serve, @nb at most.
 * What is found stays allocated in @t.
 */
static u64 get_most(struct tdmr_work *w, u32 node, u64 nb, struct tdmr *t)
{
	u64 lo = 0, hi = nb - 1;

	if (get_pamts(w, node, nb, t))
		return nb;
	while (lo < hi && !w->err) {
		u64 mid = lo + (hi - lo + 1) / 2;

		if (get_pamts(w, node, mid, t)) {
			give_back(w, t);
			lo = mid;
		} else {
			hi = mid - 1;
		}
	}
	/* another user of the allocator may have been faster */
	while (lo && !w->err && !get_pamts(w, node, lo, t))
		lo /= 2;
	return w->err ? 0 : lo;
}

/**
 * tdmr_probe_limit - learn the largest TDMR for which any node has a PAMT
 * @w: work, with no PAMT allocated
 *
 * Context: as the allocator's.
 * Return: GiB; U64_MAX where even all of memory in one TDMR would do.
 */
u64 tdmr_probe_limit(struct tdmr_work *w)
{
	u64 span = tdmr_block_up(w->cap[w->nr_cap - 1].end) -
		   (w->cap[0].base >> TDMR_SHIFT);
	u64 best = 0;
	u32 i;

	for (i = 0; i < w->nr_nodes && best < span; i++) {
		struct tdmr t;

		/* no use to find what is no better than another node's */
		if (best && !get_pamts(w, i, best + 1, &t))
			continue;
		if (best)
			give_back(w, &t);
		best = max(best, get_most(w, i, span, &t));
		give_back(w, &t);
	}
	return best < span ? best : U64_MAX;
}

static void accept(struct tdmr_work *w, u64 b0, u64 nb, u32 node,
		   const struct tdmr *found)
{
	struct tdmr *t = &w->t[w->nr_t];
	struct tdmr_seg *s = &w->cur[w->nr_t++];

	*t = *found;
	t->base = b0 << TDMR_SHIFT;
	t->size = nb << TDMR_SHIFT;
	t->rsvd = NULL;
	t->nr_rsvd = 0;
	t->usable = 0;
	s->b0 = b0;
	s->nb = nb;
	s->node = node;
}

static bool denser(const struct tdmr_seg *a, const struct tdmr_seg *b)
{
	/* RAM in pages, below 2^40, times blocks, below 2^23 */
	u64 x = (a->ram >> 12) * b->nb, y = (b->ram >> 12) * a->nb;

	return x != y ? x > y : a->b0 < b->b0;
}

static int most_ram_cmp(const void *a, const void *b)
{
	const struct tdmr_seg *x = a, *y = b;

	if (x->ram != y->ram)
		return x->ram > y->ram ? -1 : 1;
	return x->b0 < y->b0 ? -1 : x->b0 > y->b0;
}

/* Does @a come before @b in the heap of postponed segments? */
static bool matters(const struct tdmr_seg *a, const struct tdmr_seg *b,
		    u32 flags)
{
	if (flags & RND_DENSE)
		return denser(a, b);
	return a->nb != b->nb ? a->nb > b->nb : a->b0 < b->b0;
}

static void postpone(struct tdmr_work *w, const struct tdmr_seg *s, u32 flags)
{
	u32 at = w->nr_pend++;

	for (; at && matters(s, &w->pend[(at - 1) / 2], flags);
	     at = (at - 1) / 2)
		w->pend[at] = w->pend[(at - 1) / 2];
	w->pend[at] = *s;
}

static void postpone_rest(struct tdmr_work *w, u64 b0, u64 nb, u32 flags)
{
	struct tdmr_seg s = { .b0 = b0, .nb = nb };

	if (nb && tdmr_trim(w, &s))
		postpone(w, &s, flags);
}

/* Take the segment that matters most off the heap of those postponed. */
static struct tdmr_seg take_first(struct tdmr_work *w, u32 flags)
{
	struct tdmr_seg first = w->pend[0], s = w->pend[--w->nr_pend];
	u32 at = 0, c;

	while ((c = 2 * at + 1) < w->nr_pend) {
		if (c + 1 < w->nr_pend &&
		    matters(&w->pend[c + 1], &w->pend[c], flags))
			c++;
		if (!matters(&w->pend[c], &s, flags))
			break;
		w->pend[at] = w->pend[c];
		at = c;
	}
	w->pend[at] = s;
	return first;
}

/* Where in @s do @nb blocks hold most RAM? */
static u64 best_window(const struct tdmr_work *w, const struct tdmr_seg *s,
		       u64 nb)
{
	u64 last = s->b0 + s->nb - nb, best = s->b0, most = 0;
	u32 i = tdmr_cap_after(w, s->b0 << TDMR_SHIFT), side;

	for (; i < w->nr_cap &&
	     w->cap[i].base >> TDMR_SHIFT < s->b0 + s->nb; i++) {
		u64 end = tdmr_block_up(w->cap[i].end);

		for (side = 0; side < 2; side++) {
			u64 b0 = side ? (end > nb ? end - nb : 0) :
				 w->cap[i].base >> TDMR_SHIFT, ram;

			b0 = min(max(b0, s->b0), last);
			ram = tdmr_ram_in(w, b0 << TDMR_SHIFT,
					  (b0 + nb) << TDMR_SHIFT);
			if (ram > most || (ram == most && b0 < best)) {
				most = ram;
				best = b0;
			}
		}
	}
	return best;
}

/* Serve what can be served of a segment whose first choice failed. */
static void place_part(struct tdmr_work *w, const struct tdmr_seg *s, u32 flags)
{
	u32 slots = w->max_tdmrs - w->nr_t, lo = s->node, hi = s->node, node;
	u32 spare = slots > w->nr_pend ? slots - w->nr_pend : 1, from;
	struct tdmr t, best;
	u64 nb, most, b0;

	from = s->node;
	most = get_most(w, from, s->nb, &best);
	if (!most || tdmr_div_up(s->nb, most) > spare) {
		while (most < s->nb &&
		       (node = next_node(w, s->node, &lo, &hi)) != NO_NODE) {
			nb = get_most(w, node, s->nb, &t);
			if (nb > most) {
				if (most)
					tdmr_release(w, &best);
				most = nb;
				best = t;
				from = node;
			} else if (nb) {
				give_back(w, &t);
			}
		}
	}
	if (w->err || !most) {
		if (most)
			give_back(w, &best);
		tdmr_add_drop(w, s->b0, s->nb, TDMR_LOST_PAMT);
		w->pamt_short = true;
		return;
	}
	b0 = s->b0;
	if (tdmr_div_up(s->nb, most) > spare)
		b0 = best_window(w, s, most);
	accept(w, b0, most, from, &best);
	postpone_rest(w, s->b0, b0 - s->b0, flags);
	postpone_rest(w, b0 + most, s->b0 + s->nb - b0 - most, flags);
}

/**
 * tdmr_place - find PAMTs for all segments of the plan
 * @w: work, with no PAMT allocated
 * @flags: RND_*
 * @giver: index of the node to take PAMTs from first, or NO_NODE for each
 *	segment's own
 *
 * Fills @w->t, in no order, and adds to the list of drops. @w->err is set
 * where the allocator asked to stop; what was allocated stays in @w->t.
 *
 * Context: as the allocator's.
 */
void tdmr_place(struct tdmr_work *w, u32 flags, u32 giver)
{
	u32 i;

	forget_failures(w);
	w->nr_t = 0;
	w->nr_pend = 0;
	w->pamt_short = false;
	for (i = 0; i < w->nr_segs; i++) {
		struct tdmr_seg *s = &w->seg[i];
		struct tdmr t;

		if (giver != NO_NODE)
			s->node = giver;
		/* what is short goes to the densest, not to the first */
		if (!(flags & RND_DENSE) && get_pamts(w, s->node, s->nb, &t))
			accept(w, s->b0, s->nb, s->node, &t);
		else
			postpone(w, s, flags);
	}
	if (w->nr_pend)
		w->pamt_short = true;
	while (w->nr_pend && w->nr_t < w->max_tdmrs && !w->err) {
		struct tdmr_seg s = take_first(w, flags);

		place_part(w, &s, flags);
	}
	while (w->nr_pend) {
		const struct tdmr_seg *s = &w->pend[--w->nr_pend];

		tdmr_add_drop(w, s->b0, s->nb, TDMR_LOST_PAMT);
	}
}

/* Take back the TDMR at block @b0, the last that was accepted. */
static void reject(struct tdmr_work *w, u64 b0)
{
	u32 i = 0;

	while (w->t[i].base != b0 << TDMR_SHIFT)
		i++;
	tdmr_release(w, &w->t[i]);
	w->nr_t--;
	memmove(&w->t[i], &w->t[i + 1], (w->nr_t - i) * sizeof(*w->t));
}

/* Add a segment, with PAMTs from the first node that makes it worth while. */
static bool grow_by(struct tdmr_work *w, const struct tdmr_seg *s, u64 *won)
{
	u32 lo = s->node, hi = s->node, node = s->node, tries = 0;
	struct tdmr t;

	for (; node != NO_NODE && tries++ < GIVER_MAX && !w->err;
	     node = next_node(w, s->node, &lo, &hi)) {
		u64 now;

		if (!get_pamts(w, node, s->nb, &t))
			continue;
		accept(w, s->b0, s->nb, node, &t);
		now = tdmr_count(w);
		if (now > *won) {
			*won = now;
			return true;
		}
		reject(w, s->b0);
	}
	return false;
}

/**
 * tdmr_grow - add the segments of the plan one by one, the largest first,
 *	and keep each that wins RAM
 * @w: work, with no PAMT allocated
 *
 * For machines on which PAMTs and areas are so scarce that a TDMR may cost
 * others more RAM than it has. Results are as those of tdmr_place().
 *
 * Context: as the allocator's.
 */
void tdmr_grow(struct tdmr_work *w)
{
	u64 won = 0;
	u32 i;

	forget_failures(w);
	w->nr_t = 0;
	sort(w->seg, w->nr_segs, sizeof(*w->seg), most_ram_cmp, NULL);
	for (i = 0; i < w->nr_segs; i++) {
		const struct tdmr_seg *s = &w->seg[i];

		if (i >= GROW_MAX || w->nr_t == w->max_tdmrs || w->err ||
		    !grow_by(w, s, &won))
			tdmr_add_drop(w, s->b0, s->nb, TDMR_LOST_PAMT);
	}
}
