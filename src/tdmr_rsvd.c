// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDMR layout: reserved areas, and the account of RAM.
 *
 * What a TDMR must reserve ("TDX Module ABI 1.5", TDH.SYS.CONFIG) is its
 * space outside every CMR and every PAMT that lies in it, whichever TDMR
 * that PAMT belongs to. A hole in System RAM inside a CMR is none of it.
 */
#include <linux/types.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/sort.h>

#include "tdmr_int.h"

/* Index of the first piece of capable RAM that ends above @addr. */
u32 tdmr_cap_after(const struct tdmr_work *w, u64 addr)
{
	u32 lo = 0, hi = w->nr_cap;

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (w->cap[mid].end > addr)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

/* Capable RAM below @addr. */
static u64 ram_below(const struct tdmr_work *w, u64 addr)
{
	u32 i = tdmr_cap_after(w, addr);

	if (i < w->nr_cap && w->cap[i].base < addr)
		return w->cap_sum[i] + addr - w->cap[i].base;
	return w->cap_sum[i];
}

/* Capable RAM in [@base, @end). */
u64 tdmr_ram_in(const struct tdmr_work *w, u64 base, u64 end)
{
	return base < end ? ram_below(w, end) - ram_below(w, base) : 0;
}

/* Gather the PAMTs of all TDMRs into @w->pam. */
void tdmr_collect_pamts(struct tdmr_work *w)
{
	u32 i, l;

	w->nr_pam = 0;
	for (i = 0; i < w->nr_t; i++) {
		for (l = 0; l < TDMR_LEVELS; l++) {
			struct tdx_range *r = &w->pam[w->nr_pam++];

			r->base = w->t[i].pamt[l].base;
			r->end = r->base + w->t[i].pamt[l].size;
		}
	}
	w->nr_pam = tdx_range_fuse(w->pam, w->nr_pam);
}

/* Append a range clipped to [@base, @end) to the areas of one TDMR. */
static u32 one_add(struct tdmr_work *w, u32 n, const struct tdx_range *r,
		   u64 base, u64 end)
{
	u64 b = max(r->base, base), e = min(r->end, end);

	if (b >= e)
		return n;
	if (n && b <= w->one[n - 1].end) {
		w->one[n - 1].end = max(w->one[n - 1].end, e);
		return n;
	}
	w->one[n].base = b;
	w->one[n].end = e;
	return n + 1;
}

/* A max-heap over one_idx[0..n-1]: is the gap @a worth less than @b? */
static bool gap_less(const struct tdmr_work *w, u32 a, u32 b)
{
	if (w->one_ram[a] != w->one_ram[b])
		return w->one_ram[a] < w->one_ram[b];
	return a < b;
}

static void gap_sift(struct tdmr_work *w, u32 at, u32 n)
{
	u32 *h = w->one_idx;

	for (;;) {
		u32 c = 2 * at + 1, x;

		if (c >= n)
			return;
		if (c + 1 < n && gap_less(w, h[c], h[c + 1]))
			c++;
		if (!gap_less(w, h[at], h[c]))
			return;
		x = h[at];
		h[at] = h[c];
		h[c] = x;
		at = c;
	}
}

/*
 * Join neighbours among @n areas until @w->k are left, giving up the least
 * RAM between them. Joining two neighbours costs the RAM between them and
 * nothing else, so the cheapest n - k gaps are the best choice.
 */
static u32 join_areas(struct tdmr_work *w, u32 n)
{
	u32 gaps = n - 1, i, out = 0;

	for (i = 0; i < gaps; i++) {
		w->one_idx[i] = i;
		w->one_ram[i] = tdmr_ram_in(w, w->one[i].end,
					    w->one[i + 1].base);
	}
	for (i = gaps / 2; i-- > 0;)
		gap_sift(w, i, gaps);
	/* what leaves the heap is dearest: those k - 1 gaps stay open */
	for (i = 0; i + 1 < w->k; i++) {
		u32 dear = w->one_idx[0];

		w->one_idx[0] = w->one_idx[--gaps];
		gap_sift(w, 0, gaps);
		w->one_ram[dear] = U64_MAX;
	}
	for (i = 0; i < n; i++) {
		if (i && w->one_ram[i - 1] != U64_MAX) {
			w->one[out - 1].end = w->one[i].end;
			continue;
		}
		w->one[out++] = w->one[i];
	}
	return out;
}

/* Work out the reserved areas of @t; @g and @p are where to start looking. */
static void reserve_one(struct tdmr_work *w, struct tdmr *t, u32 *g, u32 *p)
{
	u64 end = t->base + t->size;
	u32 n = 0, i, gi, pi;
	u64 kept;

	while (*g < w->nr_gap && w->gap[*g].end <= t->base)
		(*g)++;
	while (*p < w->nr_pam && w->pam[*p].end <= t->base)
		(*p)++;
	gi = *g;
	pi = *p;
	for (;;) {
		bool more_g = gi < w->nr_gap && w->gap[gi].base < end;
		bool more_p = pi < w->nr_pam && w->pam[pi].base < end;

		if (!more_g && !more_p)
			break;
		if (more_g && (!more_p || w->gap[gi].base < w->pam[pi].base))
			n = one_add(w, n, &w->gap[gi++], t->base, end);
		else
			n = one_add(w, n, &w->pam[pi++], t->base, end);
	}
	t->rsvd = &w->rsvd[w->nr_rsvd];
	t->nr_rsvd = 0;
	t->usable = 0;
	if (n > w->k) {
		if (!w->k)
			return;
		n = join_areas(w, n);
	}
	kept = tdmr_ram_in(w, t->base, end);
	for (i = 0; i < n; i++) {
		struct tdmr_rsvd *r = &w->rsvd[w->nr_rsvd++];

		r->offset = w->one[i].base - t->base;
		r->size = w->one[i].end - w->one[i].base;
		kept -= tdmr_ram_in(w, w->one[i].base, w->one[i].end);
	}
	t->nr_rsvd = n;
	t->usable = kept;
}

static int tdmr_cmp(const void *a, const void *b)
{
	const struct tdmr *x = a, *y = b;

	return x->base < y->base ? -1 : x->base > y->base;
}

/* Give every TDMR its reserved areas; how much RAM serves TDX then? */
u64 tdmr_count(struct tdmr_work *w)
{
	u32 i, g = 0, p = 0;
	u64 tdx = 0;

	sort(w->t, w->nr_t, sizeof(*w->t), tdmr_cmp, NULL);
	tdmr_collect_pamts(w);
	w->nr_rsvd = 0;
	for (i = 0; i < w->nr_t; i++) {
		reserve_one(w, &w->t[i], &g, &p);
		tdx += w->t[i].usable;
	}
	for (i = 0; i < w->nr_pam; i++)
		tdx += tdmr_ram_in(w, w->pam[i].base, w->pam[i].end);
	return tdx;
}

/*
 * Give every TDMR its reserved areas and count what is won. A TDMR of which
 * nothing would be left is dropped; its PAMTs go, and with them areas in
 * other TDMRs, so the count starts anew.
 */
void tdmr_account(struct tdmr_work *w)
{
	u32 i, n;

	do {
		w->tdx = tdmr_count(w);
		for (i = 0, n = 0; i < w->nr_t; i++) {
			if (w->t[i].usable) {
				w->t[n++] = w->t[i];
				continue;
			}
			tdmr_add_drop(w, w->t[i].base >> TDMR_SHIFT,
				      w->t[i].size >> TDMR_SHIFT,
				      TDMR_LOST_RESERVED_AREAS);
			tdmr_release(w, &w->t[i]);
		}
		i = w->nr_t;
		w->nr_t = n;
	} while (n < i);
}

static void used_add(struct tdmr_work *w, u64 base, u64 end)
{
	if (base >= end)
		return;
	w->used[w->nr_used].base = base;
	w->used[w->nr_used].end = end;
	w->nr_used++;
}

static void lost_add(struct tdmr_work *w, u64 base, u64 end,
		     enum tdmr_reason reason)
{
	struct tdmr_lost *last = w->nr_lost ? &w->lost[w->nr_lost - 1] : NULL;

	if (last && last->end == base && last->reason == reason) {
		last->end = end;
		return;
	}
	w->lost[w->nr_lost].base = base;
	w->lost[w->nr_lost].end = end;
	w->lost[w->nr_lost].reason = reason;
	w->nr_lost++;
}

static int drop_cmp(const void *a, const void *b)
{
	const struct tdmr_drop *x = a, *y = b;

	if (x->b0 != y->b0)
		return x->b0 < y->b0 ? -1 : 1;
	if (x->nb != y->nb)
		return x->nb < y->nb ? -1 : 1;
	return (int)x->reason - (int)y->reason;
}

/* Name the reason for each part of [@pos, @end), of which nothing is used. */
static void explain(struct tdmr_work *w, u64 pos, u64 end, u32 *t, u32 *d)
{
	while (pos < end) {
		u64 stop = end;
		enum tdmr_reason why = TDMR_LOST_TDMRS;

		while (*t < w->nr_t && w->t[*t].base + w->t[*t].size <= pos)
			(*t)++;
		while (*d < w->nr_drops && (w->drop[*d].b0 + w->drop[*d].nb)
		       << TDMR_SHIFT <= pos)
			(*d)++;
		if (*t < w->nr_t && w->t[*t].base <= pos) {
			stop = min(stop, w->t[*t].base + w->t[*t].size);
			why = TDMR_LOST_RESERVED_AREAS;
		} else {
			if (*t < w->nr_t)
				stop = min(stop, w->t[*t].base);
			if (*d < w->nr_drops &&
			    w->drop[*d].b0 << TDMR_SHIFT <= pos) {
				stop = min(stop, (w->drop[*d].b0 +
					   w->drop[*d].nb) << TDMR_SHIFT);
				why = w->drop[*d].reason;
			} else if (*d < w->nr_drops) {
				stop = min(stop, w->drop[*d].b0 << TDMR_SHIFT);
			}
		}
		lost_add(w, pos, stop, why);
		pos = stop;
	}
}

/* List the capable RAM that neither a TDMR nor a PAMT uses, with reasons. */
void tdmr_list_lost(struct tdmr_work *w)
{
	u32 i, j, u = 0, t = 0, d = 0;

	sort(w->drop, w->nr_drops, sizeof(*w->drop), drop_cmp, NULL);
	w->nr_used = 0;
	for (i = 0; i < w->nr_t; i++) {
		const struct tdmr *x = &w->t[i];
		u64 pos = x->base;

		for (j = 0; j < x->nr_rsvd; j++) {
			used_add(w, pos, x->base + x->rsvd[j].offset);
			pos = x->base + x->rsvd[j].offset + x->rsvd[j].size;
		}
		used_add(w, pos, x->base + x->size);
	}
	for (i = 0; i < w->nr_pam; i++)
		used_add(w, w->pam[i].base, w->pam[i].end);
	w->nr_used = tdx_range_fuse(w->used, w->nr_used);

	w->nr_lost = 0;
	for (i = 0; i < w->nr_cap; i++) {
		u64 pos = w->cap[i].base, end = w->cap[i].end;

		while (pos < end) {
			while (u < w->nr_used && w->used[u].end <= pos)
				u++;
			if (u == w->nr_used || w->used[u].base >= end) {
				explain(w, pos, end, &t, &d);
				break;
			}
			if (w->used[u].base > pos)
				explain(w, pos, w->used[u].base, &t, &d);
			pos = w->used[u].end;
		}
	}
}
