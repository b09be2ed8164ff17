// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDMR layout: the way through.
 *
 * The input is checked, copied and put in order; then rounds of planning,
 * placing PAMTs and reserving areas follow, and the best is handed out.
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

	tdmr_run_rounds(w);
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
