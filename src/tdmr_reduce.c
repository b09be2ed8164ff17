// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDMR layout: thin out a list of atoms that is too long to plan exactly.
 *
 * Neighbours are merged, cheapest first, or atoms dropped where that gives
 * up less RAM, until tdmr_plan() can take over. A heap finds the cheapest
 * move, so the whole costs O(n log n).
 *
 * The RAM that a group of atoms gives up follows from the RAM between its
 * areas: with n areas and room for k, everything between them but the k - 1
 * largest pieces. So a group keeps the sum of all and the k - 1 largest,
 * sorted, in the part of top[] that its own areas index.
 */
#include <linux/types.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "tdmr_int.h"

#define NO_ATOM		(~0U)

/**
 * tdmr_areas_loss - RAM to give up so that the areas fit into one TDMR
 * @w: work
 * @nr: areas
 * @sum: RAM between them
 * @top_sum: the largest k - 1 pieces of it
 *
 * Context: any.
 * Return: bytes; U64_MAX where even giving up all does not help.
 */
u64 tdmr_areas_loss(const struct tdmr_work *w, u32 nr, u64 sum, u64 top_sum)
{
	if (nr <= w->k)
		return 0;
	return w->k ? sum - top_sum : U64_MAX;
}

static u32 top_room(const struct tdmr_work *w)
{
	return w->k ? w->k - 1 : 0;
}

/* Insert into a list sorted down that holds no more than @room. */
static u32 top_insert(u64 *list, u32 n, u32 room, u64 v)
{
	u32 i;

	if (n == room) {
		if (!n || v <= list[n - 1])
			return n;
		n--;
	}
	for (i = n; i && list[i - 1] < v; i--)
		list[i] = list[i - 1];
	list[i] = v;
	return n + 1;
}

/* First and one-past-last index into between[] of a group with areas. */
static u32 last_gap(u32 a0, u32 a1)
{
	return a1 > a0 ? a1 - 1 : a0;
}

static void init_group(struct tdmr_work *w, struct tdmr_atom *x)
{
	u32 i, room = min(top_room(w), last_gap(x->a0, x->a1) - x->a0);

	x->sum = 0;
	x->top_sum = 0;
	x->nr_top = 0;
	for (i = x->a0; i < last_gap(x->a0, x->a1); i++) {
		x->sum += w->between[i];
		x->nr_top = top_insert(&w->top[x->a0], x->nr_top, room,
				       w->between[i]);
	}
	for (i = 0; i < x->nr_top; i++)
		x->top_sum += w->top[x->a0 + i];
	x->loss = tdmr_areas_loss(w, x->a1 - x->a0, x->sum, x->top_sum);
}

/* What @l and @r would be as one; the merged list of top[] goes to tmp[]. */
static void join(struct tdmr_work *w, const struct tdmr_atom *l,
		 const struct tdmr_atom *r, struct tdmr_atom *out)
{
	const u64 *tl = &w->top[l->a0], *tr = &w->top[r->a0];
	u32 lo = last_gap(l->a0, l->a1), stop = last_gap(l->a0, r->a1);
	u32 hi = r->a1 > r->a0 ? r->a0 : stop;
	u32 room = top_room(w), i = 0, j = 0, n = 0;

	room = min(room, stop - l->a0);
	*out = *l;
	out->nb = r->b0 + r->nb - l->b0;
	out->ram = l->ram + r->ram;
	out->a1 = r->a1;
	out->node1 = r->node1;
	out->crossings = l->crossings + r->crossings +
			 (l->node1 != r->node0);
	out->wall = r->wall;
	out->sum = l->sum + r->sum;
	while (n < room && (i < l->nr_top || j < r->nr_top)) {
		if (j == r->nr_top || (i < l->nr_top && tl[i] >= tr[j]))
			w->tmp[n++] = tl[i++];
		else
			w->tmp[n++] = tr[j++];
	}
	for (i = lo; i < hi; i++) {
		out->sum += w->between[i];
		n = top_insert(w->tmp, n, room, w->between[i]);
	}
	out->nr_top = n;
	out->top_sum = 0;
	for (i = 0; i < n; i++)
		out->top_sum += w->tmp[i];
	out->loss = tdmr_areas_loss(w, out->a1 - out->a0, out->sum,
				    out->top_sum);
}

static bool move_less(const struct tdmr_work *w, u32 a, u32 b)
{
	const struct tdmr_move *x = &w->move[a], *y = &w->move[b];

	if (x->loss != y->loss)
		return x->loss < y->loss;
	if (x->pamt != y->pamt)
		return x->pamt < y->pamt;
	if (x->crossings != y->crossings)
		return x->crossings < y->crossings;
	return a < b;
}

static void heap_set(struct tdmr_work *w, u32 at, u32 x)
{
	w->heap[at] = x;
	w->heap_pos[x] = at;
}

/* Move the entry at @at to where it belongs. */
static void heap_fix(struct tdmr_work *w, u32 at)
{
	u32 x = w->heap[at];

	while (at && move_less(w, x, w->heap[(at - 1) / 2])) {
		heap_set(w, at, w->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	for (;;) {
		u32 c = 2 * at + 1;

		if (c >= w->nr_heap)
			break;
		if (c + 1 < w->nr_heap &&
		    move_less(w, w->heap[c + 1], w->heap[c]))
			c++;
		if (!move_less(w, w->heap[c], x))
			break;
		heap_set(w, at, w->heap[c]);
		at = c;
	}
	heap_set(w, at, x);
}

static void heap_remove(struct tdmr_work *w, u32 x)
{
	u32 at = w->heap_pos[x], last = w->heap[--w->nr_heap];

	if (last != x) {
		heap_set(w, at, last);
		heap_fix(w, at);
	}
}

/* The cheapest thing to do with @i: merge it with the next, or drop it. */
static void best_move(struct tdmr_work *w, u32 i, u32 flags)
{
	struct tdmr_atom *l = &w->atom[i], *r, m;
	struct tdmr_move *mv = &w->move[i];
	u64 hole, had;

	mv->drop = true;
	mv->loss = l->ram - min(l->loss, l->ram);
	mv->pamt = 0;
	mv->crossings = 0;
	if (l->next == NO_ATOM || l->wall)
		return;
	r = &w->atom[l->next];
	hole = r->b0 - (l->b0 + l->nb);
	if ((flags & RND_DENSE) && hole)
		return;
	if ((flags & RND_LIMIT) && r->b0 + r->nb - l->b0 > w->limit_nb)
		return;
	join(w, l, r, &m);
	if (m.loss >= m.ram)
		return;
	had = min(l->loss, l->ram) + min(r->loss, r->ram);
	m.loss -= min(m.loss, had);
	if (m.loss > mv->loss)
		return;
	mv->drop = false;
	mv->loss = m.loss;
	mv->pamt = hole;
	mv->crossings = m.crossings - l->crossings - r->crossings;
}

static void update(struct tdmr_work *w, u32 i, u32 flags)
{
	if (i == NO_ATOM)
		return;
	best_move(w, i, flags);
	heap_fix(w, w->heap_pos[i]);
}

static void do_move(struct tdmr_work *w, u32 i, u32 flags)
{
	struct tdmr_atom *x = &w->atom[i], m;
	u32 gone = i, near = x->prev;

	if (w->move[i].drop) {
		tdmr_add_drop(w, x->b0, x->nb,
			      tdmr_drop_reason(w, flags, x->loss >= x->ram));
		if (near != NO_ATOM)
			w->atom[near].wall = true;
	} else {
		gone = x->next;
		join(w, x, &w->atom[gone], &m);
		m.next = w->atom[gone].next;
		*x = m;
		memcpy(&w->top[x->a0], w->tmp, x->nr_top * sizeof(*w->tmp));
		near = i;
	}
	x = &w->atom[gone];
	x->dead = true;
	heap_remove(w, gone);
	if (x->next != NO_ATOM)
		w->atom[x->next].prev = near;
	if (near != NO_ATOM) {
		w->atom[near].next = x->next;
		update(w, near, flags);
		update(w, w->atom[near].prev, flags);
	}
}

/**
 * tdmr_reduce - merge or drop atoms until an exact plan is affordable, or
 *	each of them can have its own TDMR
 * @w: work
 * @flags: RND_*
 *
 * Context: any.
 */
void tdmr_reduce(struct tdmr_work *w, u32 flags)
{
	u32 i, n = w->nr_atoms, goal = max(w->max_tdmrs, PLAN_MAX);

	if (n <= PLAN_MAX)
		return;
	for (i = 0; i < n; i++) {
		w->atom[i].prev = i ? i - 1 : NO_ATOM;
		w->atom[i].next = i + 1 < n ? i + 1 : NO_ATOM;
		init_group(w, &w->atom[i]);
	}
	w->nr_heap = 0;
	for (i = 0; i < n; i++) {
		best_move(w, i, flags);
		heap_set(w, w->nr_heap++, i);
		heap_fix(w, i);
	}

	while (w->nr_heap > PLAN_MAX) {
		const struct tdmr_move *mv = &w->move[w->heap[0]];

		if (w->nr_heap <= goal &&
		    (mv->drop || mv->loss || mv->pamt || mv->crossings))
			break;
		do_move(w, w->heap[0], flags);
	}

	w->nr_atoms = 0;
	for (i = 0; i < n; i++) {
		if (!w->atom[i].dead)
			w->atom[w->nr_atoms++] = w->atom[i];
	}
}
