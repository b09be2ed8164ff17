// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDMR layout: the way through.
 *
 * The input is checked, copied and put in order; then rounds of planning,
 * placing PAMTs and reserving areas follow. The first round nearly always
 * gives up no RAM and is the last. Where it does give some up, more rounds
 * try other plans, and the best one is made again.
 */
#include <linux/types.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "tdmr_int.h"

/* Hands out pieces of the workspace; with no memory it only counts. */
struct carver {
	char *mem;
	size_t used;
};

static void *carve(struct carver *c, u64 n, size_t size)
{
	void *p = c->mem ? c->mem + c->used : NULL;

	c->used += (n * size + 15) & ~(size_t)15;
	return p;
}

#define CARVE(c, ptr, n)	((ptr) = carve(c, n, sizeof(*(ptr))))

/*
 * Bounds: intersecting two lists of m and n ranges gives at most m + n
 * pieces; a TDMR has three PAMTs and two ends; cutting one segment leaves
 * two more; every other count follows.
 */
static void carve_work(struct tdmr_work *w, struct carver *c,
		       const struct tdmr_input *in)
{
	u64 t = w->max_tdmrs, ranges = (u64)in->nr_ram + in->nr_cmr + 2;
	u64 areas = (u64)in->nr_cmr + 1 + 3 * t, cuts, atoms, used, drops;
	u64 rows = min(w->max_tdmrs, PLAN_MAX) + 1;

	cuts = 4 * ranges + 4 * areas;
	atoms = cuts + ranges;
	drops = atoms + 8 * t + 8;
	used = areas + 6 * t + 2;

	CARVE(c, w->cmr, in->nr_cmr);
	CARVE(c, w->ram, in->nr_ram);
	CARVE(c, w->cap, ranges);
	CARVE(c, w->outside, ranges);
	CARVE(c, w->cap_sum, ranges + 1);
	CARVE(c, w->gap, in->nr_cmr + 1);
	CARVE(c, w->node, ranges);

	CARVE(c, w->hint, 3 * t);
	CARVE(c, w->area, areas);
	CARVE(c, w->between, areas);
	CARVE(c, w->top, areas + 1);
	CARVE(c, w->tmp, areas + 1);
	CARVE(c, w->cut, cuts);
	CARVE(c, w->atom, atoms);
	CARVE(c, w->heap, atoms);
	CARVE(c, w->heap_pos, atoms);
	CARVE(c, w->move, atoms);
	CARVE(c, w->cell, rows * (PLAN_MAX + 1));
	CARVE(c, w->seg, t);
	CARVE(c, w->drop, drops);
	CARVE(c, w->best_drop, drops);
	w->max_drops = drops;

	CARVE(c, w->pend, 3 * t + 3);
	CARVE(c, w->t, t);
	CARVE(c, w->cur, t);
	CARVE(c, w->best, t);

	CARVE(c, w->pam, 3 * t);
	CARVE(c, w->rsvd, used);
	CARVE(c, w->one, areas);
	CARVE(c, w->one_ram, areas);
	CARVE(c, w->one_idx, areas);
	CARVE(c, w->used, used + 4 * t);
	CARVE(c, w->lost, ranges + used + 6 * t + 2 * drops);
}

static enum tdmr_error check_input(const struct tdmr_input *in, u32 *max_tdmrs)
{
	u64 blocks = 0;
	u32 i;

	if (!in->limits.max_tdmrs || !in->limits.entry_size[TDMR_4K] ||
	    !in->limits.entry_size[TDMR_2M] || !in->limits.entry_size[TDMR_1G])
		return TDMR_ERR_LIMITS;
	if (in->nr_ram > TDX_REGION_MAX || in->nr_cmr > TDX_REGION_MAX)
		return TDMR_ERR_RANGE;
	for (i = 0; i < in->nr_cmr; i++) {
		if (in->cmr[i].base != in->cmr[i].end &&
		    tdx_range_check(in->cmr[i].base, in->cmr[i].end))
			return TDMR_ERR_RANGE;
	}
	for (i = 0; i < in->nr_ram; i++) {
		if (in->ram[i].node < 0 ||
		    tdx_range_check(in->ram[i].base, in->ram[i].end))
			return TDMR_ERR_RANGE;
		blocks += tdmr_block_up(in->ram[i].end) -
			  (in->ram[i].base >> TDMR_SHIFT);
	}
	if (!blocks)
		return TDMR_ERR_NO_RAM;
	/* more TDMRs than blocks with RAM are never needed */
	*max_tdmrs = min(blocks, (u64)in->limits.max_tdmrs);
	return TDMR_OK;
}

static int error_errno(enum tdmr_error e)
{
	switch (e) {
	case TDMR_OK:
		return 0;
	case TDMR_ERR_WORKSPACE:
		return -ENOBUFS;
	case TDMR_ERR_NO_RAM:
		return -ENODATA;
	case TDMR_ERR_NO_PAMT:
		return -ENOMEM;
	case TDMR_ERR_NO_AREAS:
		return -ENOSPC;
	default:
		return -EINVAL;
	}
}

/**
 * tdmr_workspace_size - memory that tdmr_layout() needs for an input
 * @in: input; its allocator is not used
 * @size: set to bytes, to be had from kvmalloc() or malloc()
 *
 * Context: any.
 * Return: 0; -EINVAL on malformed input; -ENODATA where there is no RAM.
 */
int tdmr_workspace_size(const struct tdmr_input *in, size_t *size)
{
	struct tdmr_work w = { };
	struct carver c = { };
	enum tdmr_error e = check_input(in, &w.max_tdmrs);

	if (e)
		return error_errno(e);
	carve(&c, 1, sizeof(w));
	carve_work(&w, &c, in);
	*size = c.used + 15;
	return 0;
}

static int node_cmp(const void *a, const void *b)
{
	int x = ((const struct tdmr_node *)a)->id;
	int y = ((const struct tdmr_node *)b)->id;

	return x < y ? -1 : x > y;
}

static u32 node_index(const struct tdmr_work *w, int id)
{
	u32 lo = 0, hi = w->nr_nodes - 1;

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (w->node[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* List the nodes with capable RAM; cap[].node becomes an index into them. */
static void number_nodes(struct tdmr_work *w)
{
	u32 i;

	for (i = 0; i < w->nr_cap; i++)
		w->node[i].id = w->cap[i].node;
	sort(w->node, w->nr_cap, sizeof(*w->node), node_cmp, NULL);
	for (i = 0; i < w->nr_cap; i++) {
		if (!i || w->node[i].id != w->node[i - 1].id)
			w->node[w->nr_nodes++].id = w->node[i].id;
	}
	for (i = 0; i < w->nr_nodes; i++)
		w->node[i].tally = 0;
	for (i = 0; i < w->nr_cap; i++)
		w->cap[i].node = node_index(w, w->cap[i].node);
}

/* Put the input in order: capable RAM, the rest, and space outside CMRs. */
static enum tdmr_error take_input(struct tdmr_work *w, u64 *where)
{
	const struct tdmr_input *in = w->in;
	u64 pos = 0;
	int n;
	u32 i;

	memcpy(w->ram, in->ram, in->nr_ram * sizeof(*in->ram));
	n = tdx_ram_normalize(w->ram, in->nr_ram, where);
	if (n < 0)
		return n == -EEXIST ? TDMR_ERR_NODES : TDMR_ERR_RANGE;
	w->nr_ram = n;
	if (in->nr_cmr)
		memcpy(w->cmr, in->cmr, in->nr_cmr * sizeof(*in->cmr));
	n = tdx_cmr_normalize(w->cmr, in->nr_cmr);
	if (n < 0)
		return TDMR_ERR_RANGE;
	w->nr_cmr = n;

	tdx_ram_split(w->ram, w->nr_ram, w->cmr, w->nr_cmr, w->cap, &w->nr_cap,
		      w->outside, &w->nr_outside);
	w->cap_sum[0] = 0;
	for (i = 0; i < w->nr_cap; i++)
		w->cap_sum[i + 1] = w->cap_sum[i] + w->cap[i].end -
				    w->cap[i].base;
	w->total = w->cap_sum[w->nr_cap];

	for (i = 0; i <= w->nr_cmr; i++) {
		u64 end = i < w->nr_cmr ? w->cmr[i].base : TDX_PA_LIMIT;

		if (pos < end) {
			w->gap[w->nr_gap].base = pos;
			w->gap[w->nr_gap++].end = end;
		}
		if (i < w->nr_cmr)
			pos = w->cmr[i].end;
	}
	number_nodes(w);
	return w->nr_cap ? TDMR_OK : TDMR_ERR_NO_RAM;
}

/* Place and account for the segments in hand; remember them if they win. */
static bool finish_round(struct tdmr_work *w, u32 flags, u32 giver)
{
	u32 drops, placed;
	u64 loss;

	tdmr_place(w, flags, giver);
	placed = w->nr_t;
	drops = w->nr_drops;
	if (w->err)
		return false;
	tdmr_account(w);
	loss = w->total - w->tdx;
	if (w->nr_best && loss >= w->best_loss)
		return false;
	w->best_loss = loss;
	w->nr_best = placed;
	w->nr_best_drops = drops;
	memcpy(w->best, w->cur, placed * sizeof(*w->best));
	memcpy(w->best_drop, w->drop, drops * sizeof(*w->drop));
	return true;
}

static bool round_of(struct tdmr_work *w, u32 flags, u32 giver)
{
	u32 i;

	for (i = 0; i < w->nr_pam; i++)
		w->hint[i] = w->pam[i];
	w->nr_hint = w->nr_pam;
	tdmr_release_all(w);
	tdmr_plan(w, flags);
	return finish_round(w, flags, giver);
}

/* Make the best round again. */
static void replay(struct tdmr_work *w)
{
	tdmr_release_all(w);
	memcpy(w->seg, w->best, w->nr_best * sizeof(*w->seg));
	memcpy(w->drop, w->best_drop, w->nr_best_drops * sizeof(*w->drop));
	w->nr_segs = w->nr_best;
	w->nr_drops = w->nr_best_drops;
	tdmr_place(w, 0, NO_NODE);
	if (!w->err)
		tdmr_account(w);
}

/*
 * The ladder, for when the first round gave up more RAM than its plan: plan
 * around PAMTs where they turned out to be; do without parallel
 * initialisation; spare PAMT memory; take all of it from one node.
 */
static const u32 ladder[] = {
	RND_LIMIT | RND_HINT | RND_PARALLEL,
	RND_LIMIT,
	RND_LIMIT | RND_HINT,
	RND_LIMIT | RND_FINE,
	RND_LIMIT | RND_DENSE,
	RND_LIMIT | RND_DENSE | RND_HINT,
	RND_LIMIT | RND_DENSE | RND_FINE,
	RND_LIMIT | RND_DENSE | RND_FINE | RND_HINT,
};

/*
 * Nothing came of any plan: try blocks one by one, with PAMTs from each node
 * in turn, until one of them can be TDX memory.
 */
static void try_single_blocks(struct tdmr_work *w)
{
	u32 i, n, tries = 0;

	tdmr_release_all(w);
	tdmr_plan(w, 0);
	for (i = 0; i < w->nr_atoms; i++) {
		const struct tdmr_atom *x = &w->atom[i];

		/* all but the blocks that the PAMTs fall into are alike */
		for (n = 0; n < x->nb && n < SINGLE_BLOCKS; n++) {
			u64 b0 = n & 1 ? x->nb - 1 - n / 2 : n / 2;
			u32 giver = 0;

			for (; giver < w->nr_nodes; giver++) {
				if (tries++ == SINGLE_MAX)
					return;
				tdmr_release_all(w);
				w->nr_drops = 0;
				w->nr_segs = 1;
				w->seg[0].b0 = x->b0 + b0;
				w->seg[0].nb = 1;
				finish_round(w, 0, giver);
				if (w->err || w->nr_t)
					return;
			}
		}
	}
}

/*
 * Where PAMTs or areas are scarce, a TDMR can cost others more RAM than it
 * has: see whether the best round is better off without one of its TDMRs.
 * False where the last try was not the best.
 */
static bool prune(struct tdmr_work *w, u64 bound, u32 *rounds)
{
	bool last_is_best = false;
	u32 i, tries = 0;

	for (i = w->nr_best; i-- > 0 && w->nr_best > 1;) {
		u32 n = w->nr_best, d = w->nr_best_drops;

		if (w->err || w->best_loss <= bound || tries++ == PRUNE_MAX ||
		    --*rounds == 0)
			break;
		tdmr_release_all(w);
		memcpy(w->seg, w->best, n * sizeof(*w->seg));
		memmove(&w->seg[i], &w->seg[i + 1],
			(n - 1 - i) * sizeof(*w->seg));
		w->nr_segs = n - 1;
		memcpy(w->drop, w->best_drop, d * sizeof(*w->drop));
		w->nr_drops = d;
		tdmr_add_drop(w, w->best[i].b0, w->best[i].nb, TDMR_LOST_PAMT);
		last_is_best = finish_round(w, 0, NO_NODE);
		if (last_is_best)
			i = min(i, w->nr_best);
	}
	return last_is_best;
}

static void climb(struct tdmr_work *w, u64 bound)
{
	u32 rounds = w->in->rounds ? w->in->rounds : U32_MAX;
	u32 rungs = sizeof(ladder) / sizeof(ladder[0]), step, givers;
	bool last_is_best = true;

	givers = w->nr_nodes > 1 ? min(w->nr_nodes, GIVER_MAX) : 0;
	if (w->pamt_short && w->best_loss > bound && rounds > 1) {
		tdmr_release_all(w);
		last_is_best = false;
		w->limit_nb = tdmr_probe_limit(w);
		/* no PAMT for a single block: no round can do better */
		if (!w->limit_nb)
			rounds = 1;
	}
	for (step = 0; step < rungs + 2 * givers; step++) {
		u32 giver = NO_NODE, flags;

		if (w->err || w->best_loss <= bound || --rounds == 0)
			break;
		if (step < rungs) {
			flags = ladder[step];
		} else {
			giver = (step - rungs) / 2;
			flags = RND_LIMIT;
			if ((step - rungs) & 1)
				flags |= RND_HINT;
		}
		last_is_best = round_of(w, flags, giver);
	}
	if (!w->err && w->nr_best > 1 && w->best_loss > bound && rounds > 1)
		last_is_best = prune(w, bound, &rounds);
	if (!w->err && !last_is_best)
		replay(w);
	if (!w->err && !w->nr_t && w->limit_nb)
		try_single_blocks(w);
}

static void fill_result(struct tdmr_work *w, struct tdmr_result *r)
{
	u32 i;

	tdmr_list_lost(w);
	for (i = 0; i < w->nr_t; i++) {
		struct tdmr *t = &w->t[i];
		u32 node = tdmr_main_node(w, t->base >> TDMR_SHIFT,
					  t->size >> TDMR_SHIFT);
		u32 l;

		t->node = w->node[node].id;
		for (l = 0; l < TDMR_LEVELS; l++)
			r->pamt_bytes += t->pamt[l].size;
	}
	for (i = 0; i < w->nr_cap; i++)
		w->cap[i].node = w->node[w->cap[i].node].id;
	for (i = 0; i < w->nr_outside; i++)
		r->outside_bytes += w->outside[i].end - w->outside[i].base;
	for (i = 0; i < w->nr_lost; i++)
		r->lost_bytes += w->lost[i].end - w->lost[i].base;
	r->tdx_bytes = w->tdx;
	r->tdmr = w->t;
	r->nr_tdmrs = w->nr_t;
	r->lost = w->lost;
	r->nr_lost = w->nr_lost;
	r->outside = w->outside;
	r->nr_outside = w->nr_outside;
	r->capable = w->cap;
	r->nr_capable = w->nr_cap;
}

/* Nothing can be TDX memory: what was short? */
static enum tdmr_error failure(const struct tdmr_work *w)
{
	u32 i;

	for (i = 0; i < w->nr_drops; i++) {
		if (w->drop[i].reason != TDMR_LOST_PAMT)
			return TDMR_ERR_NO_AREAS;
	}
	return TDMR_ERR_NO_PAMT;
}

/**
 * tdmr_layout - turn System RAM into TDMRs
 * @in: input, unchanged
 * @workspace: memory for everything, from kvmalloc() or malloc()
 * @size: its bytes, as tdmr_workspace_size() says
 * @r: set to the layout
 *
 * The same input and the same answers of the allocator give the same layout.
 * On success the PAMTs stay allocated, and tdmr_free_pamts() gives them back;
 * on failure none is left allocated.
 *
 * Context: as the allocator's. Uses no more than a few hundred bytes of stack.
 * Return: 0; -EINVAL, -ENOBUFS, -ENODATA, -ENOMEM, -ENOSPC as @r->error
 * explains; or the errno with which the allocator asked to stop.
 */
int tdmr_layout(const struct tdmr_input *in, void *workspace, size_t size,
		struct tdmr_result *r)
{
	struct carver c = { };
	struct tdmr_work *w;
	size_t need, skew;
	u64 bound;
	int err;

	memset(r, 0, sizeof(*r));
	err = tdmr_workspace_size(in, &need);
	if (err) {
		u32 unused;

		r->error = check_input(in, &unused);
		return err;
	}
	if (!workspace || size < need) {
		r->error = TDMR_ERR_WORKSPACE;
		return -ENOBUFS;
	}
	skew = -(uintptr_t)workspace & 15;
	c.mem = (char *)workspace + skew;
	w = carve(&c, 1, sizeof(*w));
	memset(w, 0, sizeof(*w));
	check_input(in, &w->max_tdmrs);
	carve_work(w, &c, in);
	w->in = in;
	w->k = in->limits.max_reserved;
	w->limit_nb = U64_MAX;

	r->error = take_input(w, &r->where);
	if (r->error)
		return error_errno(r->error);

	bound = tdmr_plan(w, RND_PARALLEL);
	finish_round(w, RND_PARALLEL, NO_NODE);
	if (!w->err)
		climb(w, bound);
	if (w->err) {
		tdmr_release_all(w);
		r->error = TDMR_ERR_ALLOC;
		return w->err;
	}
	if (!w->nr_t) {
		r->error = failure(w);
		return error_errno(r->error);
	}
	fill_result(w, r);
	return 0;
}

/**
 * tdmr_free_pamts - give the PAMTs of a layout back to the allocator
 * @in: the input the layout was made from
 * @r: a layout that tdmr_layout() returned 0 for
 *
 * Only for memory that the TDX module does not own: before TDH.SYS.CONFIG, or
 * after it was shut down.
 *
 * Context: as the allocator's.
 */
void tdmr_free_pamts(const struct tdmr_input *in, const struct tdmr_result *r)
{
	u32 i, j;

	for (i = r->nr_tdmrs; i-- > 0;) {
		for (j = r->tdmr[i].nr_chunks; j-- > 0;) {
			const struct tdmr_chunk *c = &r->tdmr[i].chunk[j];

			in->ops->free(in->ctx, c->node, c->base, c->size);
		}
	}
}
