// SPDX-License-Identifier: GPL-2.0-only
/*
 * An independent judge of TDMR layouts.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker.h"

#define GIB	(1ULL << 30)
#define PA_END	(1ULL << 52)

static char message[256];

const char *chk_wrong(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	return message;
}

void chk_map_reset(struct chk_map *m)
{
	m->cmr.n = m->ram.n = m->avoid.n = m->chunk.n = 0;
}

void chk_map_free(struct chk_map *m)
{
	free(m->cmr.r);
	free(m->ram.r);
	free(m->avoid.r);
	free(m->chunk.r);
	memset(m, 0, sizeof(*m));
}

void chk_layout_reset(struct chk_layout *l)
{
	l->nr_tdmrs = 0;
	l->lost.n = l->outside.n = 0;
	l->tdmrs = l->pamt_bytes = l->tdx_bytes = 0;
	l->lost_bytes = l->outside_bytes = 0;
}

void chk_layout_free(struct chk_layout *l)
{
	free(l->lost.r);
	free(l->outside.r);
	memset(l, 0, sizeof(*l));
}

void chk_capable(struct chk_list *out, const struct chk_map *m)
{
	static struct chk_list ram, cmr, low, both;

	chk_union(&ram, &m->ram);
	chk_union(&cmr, &m->cmr);
	chk_intersect(&both, &ram, &cmr);
	low.n = 0;
	chk_add(&low, 0, 1 << 20, 0);
	chk_subtract(out, &both, &low);
}

/* Checks 8 to 14: shape and order of TDMRs and reserved areas. */
static const char *check_tdmr(const struct chk_map *m,
			      const struct chk_layout *l, unsigned int i)
{
	const struct chk_tdmr *t = &l->tdmr[i];
	uint64_t end = t->base + t->size, pos = 0;
	unsigned int j;

	if (end < t->base || end > PA_END)
		return chk_wrong("tdmr %u ends beyond the address space", i);
	if (!t->size || (t->base | t->size) % GIB)
		return chk_wrong("tdmr %u is not made of whole GiB", i);
	if (i && t->base < l->tdmr[i - 1].base + l->tdmr[i - 1].size)
		return chk_wrong("tdmr %u is out of order or overlaps", i);
	if (t->nr_rsvd > m->max_reserved)
		return chk_wrong("tdmr %u has %u reserved areas", i, t->nr_rsvd);
	for (j = 0; j < t->nr_rsvd; j++) {
		uint64_t o = t->rsvd[j].offset, s = t->rsvd[j].size;

		if (!s)
			return chk_wrong("tdmr %u: area %u is empty", i, j);
		if ((o | s) % 4096)
			return chk_wrong("tdmr %u: area %u is unaligned", i, j);
		if (o < pos)
			return chk_wrong("tdmr %u: area %u is out of order", i, j);
		if (o + s < o || o + s > t->size)
			return chk_wrong("tdmr %u: area %u leaves it", i, j);
		pos = o + s;
	}
	return NULL;
}

/* Check 15 and 20: each PAMT by itself, and where this tool may put it. */
static const char *check_pamts(const struct chk_map *m,
			       const struct chk_layout *l, unsigned int i,
			       const struct chk_list *cmr,
			       const struct chk_list *room)
{
	static const unsigned int shift[3] = { 12, 21, 30 };
	const struct chk_tdmr *t = &l->tdmr[i];
	unsigned int j;
	size_t c;

	if (t->nr_pamts != 3)
		return chk_wrong("tdmr %u has %u PAMTs", i, t->nr_pamts);
	for (j = 0; j < 3; j++) {
		uint64_t b = t->pamt[j].base, s = t->pamt[j].size;
		uint64_t need = (t->size >> shift[j]) * m->entry[j];
		size_t node_ok = 0;

		if (b + s < b || b + s > PA_END || (b | s) % 4096)
			return chk_wrong("tdmr %u: PAMT %u is malformed", i, j);
		if (s < need)
			return chk_wrong("tdmr %u: PAMT %u is too small", i, j);
		if (s >= need + 4096)
			return chk_wrong("tdmr %u: PAMT %u is wasteful", i, j);
		if (!chk_within(cmr, b, b + s))
			return chk_wrong("tdmr %u: PAMT %u is not in a CMR", i, j);
		if (!chk_within(room, b, b + s))
			return chk_wrong("tdmr %u: PAMT %u is not in free RAM", i, j);
		/* on a node that can give such a block */
		for (c = 0; c < m->ram.n; c++) {
			const struct chk_range *r = &m->ram.r[c];
			size_t k;

			if (b < r->base || b >= r->end)
				continue;
			node_ok = 1;
			for (k = 0; k < m->chunk.n; k++) {
				if (m->chunk.r[k].tag == r->tag &&
				    s > m->chunk.r[k].end)
					node_ok = 0;
			}
		}
		if (!node_ok)
			return chk_wrong("tdmr %u: PAMT %u exceeds the node's chunk",
					 i, j);
	}
	return NULL;
}

/*
 * The lists of lost and outside RAM: what is lost is capable and not used,
 * what is used is not lost, nothing is in two lists, and all adds up.
 */
static const char *check_account(const struct chk_map *m,
				 const struct chk_layout *l,
				 const struct chk_list *kept,
				 const struct chk_list *pamts)
{
	static struct chk_list ram, cap, rest, used, lost, out, x, y, tdmrs;
	uint64_t pamt_bytes = 0, tdx;
	unsigned int i, j;
	size_t k;

	chk_union(&ram, &m->ram);
	chk_capable(&cap, m);
	chk_subtract(&rest, &ram, &cap);

	x.n = 0;
	for (k = 0; k < kept->n; k++)
		chk_add(&x, kept->r[k].base, kept->r[k].end, 0);
	for (k = 0; k < pamts->n; k++)
		chk_add(&x, pamts->r[k].base, pamts->r[k].end, 0);
	chk_union(&y, &x);
	chk_intersect(&used, &cap, &y);
	tdx = chk_measure(&used);

	chk_union(&lost, &l->lost);
	if (chk_measure(&lost) != chk_measure(&l->lost))
		return chk_wrong("lost ranges overlap");
	chk_subtract(&x, &cap, &used);
	chk_subtract(&y, &x, &lost);
	if (y.n)
		return chk_wrong("RAM at 0x%" PRIx64 " is neither used nor listed as lost",
				 y.r[0].base);
	chk_subtract(&y, &lost, &x);
	if (y.n)
		return chk_wrong("RAM at 0x%" PRIx64 " is listed as lost but used or not capable",
				 y.r[0].base);

	chk_union(&out, &l->outside);
	if (chk_measure(&out) != chk_measure(&l->outside))
		return chk_wrong("outside ranges overlap");
	chk_subtract(&x, &out, &rest);
	chk_subtract(&y, &rest, &out);
	if (x.n || y.n)
		return chk_wrong("RAM at 0x%" PRIx64 " is wrong about being outside",
				 x.n ? x.r[0].base : y.r[0].base);

	tdmrs.n = 0;
	for (i = 0; i < l->nr_tdmrs; i++) {
		chk_add(&tdmrs, l->tdmr[i].base,
			l->tdmr[i].base + l->tdmr[i].size, 0);
		for (j = 0; j < 3; j++)
			pamt_bytes += l->tdmr[i].pamt[j].size;
	}
	for (k = 0; k < l->lost.n; k++) {
		struct chk_list one = { &l->lost.r[k], 1, 1 };

		if (k && chk_compare(&l->lost.r[k - 1], &l->lost.r[k]) > 0)
			return chk_wrong("lost ranges are not sorted");
		chk_intersect(&x, &one, &tdmrs);
		if (x.n && l->lost.r[k].tag != CHK_RESERVED_AREAS)
			return chk_wrong("RAM lost inside a TDMR has another reason");
	}
	if (l->tdmrs != l->nr_tdmrs || l->pamt_bytes != pamt_bytes ||
	    l->tdx_bytes != tdx || l->lost_bytes != chk_measure(&lost) ||
	    l->outside_bytes != chk_measure(&out))
		return chk_wrong("the summary does not add up");
	if (tdx + chk_measure(&lost) + chk_measure(&out) != chk_measure(&ram))
		return chk_wrong("tdx + lost + outside is not all RAM");
	return NULL;
}

const char *chk_layout(const struct chk_map *m, const struct chk_layout *l)
{
	static struct chk_list cmr, kept, pamts, room, ram, avoid, x, cap;
	unsigned int i, j;
	const char *bad;
	size_t k;

	if (!l->nr_tdmrs || l->nr_tdmrs > m->max_tdmrs)
		return chk_wrong("%u TDMRs", l->nr_tdmrs);
	chk_union(&cmr, &m->cmr);
	chk_union(&ram, &m->ram);
	chk_intersect(&x, &ram, &cmr);
	chk_union(&avoid, &m->avoid);
	chk_subtract(&room, &x, &avoid);
	chk_capable(&cap, m);

	kept.n = pamts.n = x.n = 0;
	for (i = 0; i < l->nr_tdmrs; i++) {
		const struct chk_tdmr *t = &l->tdmr[i];
		uint64_t pos = t->base;

		bad = check_tdmr(m, l, i);
		if (!bad)
			bad = check_pamts(m, l, i, &cmr, &room);
		if (bad)
			return bad;
		for (j = 0; j <= t->nr_rsvd; j++) {
			uint64_t stop = t->base + (j < t->nr_rsvd ?
					t->rsvd[j].offset : t->size);

			/* check 21: what is not reserved is inside one CMR */
			if (pos < stop) {
				if (!chk_within(&cmr, pos, stop))
					return chk_wrong("tdmr %u: 0x%" PRIx64 " is not reserved and outside the CMRs",
							 i, pos);
				chk_add(&kept, pos, stop, 0);
			}
			if (j < t->nr_rsvd)
				pos = stop + t->rsvd[j].size;
		}
		for (j = 0; j < 3; j++)
			chk_add(&pamts, t->pamt[j].base,
				t->pamt[j].base + t->pamt[j].size, 0);
	}
	/* checks 16 to 19: PAMTs and what is not reserved never overlap */
	for (k = 0; k < kept.n; k++)
		chk_add(&x, kept.r[k].base, kept.r[k].end, 0);
	for (k = 0; k < pamts.n; k++)
		chk_add(&x, pamts.r[k].base, pamts.r[k].end, 0);
	chk_sort(&x);
	for (k = 1; k < x.n; k++) {
		if (x.r[k].base < x.r[k - 1].end)
			return chk_wrong("0x%" PRIx64 " is in two PAMTs, or in a PAMT and a TDMR that does not reserve it",
					 x.r[k].base);
	}
	/* a TDMR without TDX memory is a waste */
	for (i = 0; i < l->nr_tdmrs; i++) {
		struct chk_range whole = { l->tdmr[i].base,
			l->tdmr[i].base + l->tdmr[i].size, 0 };
		struct chk_list one = { &whole, 1, 1 };
		static struct chk_list mine, usable;

		chk_intersect(&mine, &kept, &one);
		chk_intersect(&usable, &mine, &cap);
		if (!usable.n)
			return chk_wrong("tdmr %u has no usable memory", i);
	}
	return check_account(m, l, &kept, &pamts);
}
