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

static const char *__attribute__((format(printf, 1, 2)))
wrong(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	return message;
}

void chk_add(struct chk_list *l, uint64_t base, uint64_t end, int tag)
{
	if (l->n == l->room) {
		l->room = l->room ? 2 * l->room : 32;
		l->r = realloc(l->r, l->room * sizeof(*l->r));
		if (!l->r)
			abort();
	}
	l->r[l->n++] = (struct chk_range){ base, end, tag };
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

static int by_base(const void *a, const void *b)
{
	const struct chk_range *x = a, *y = b;

	if (x->base != y->base)
		return x->base < y->base ? -1 : 1;
	return x->end < y->end ? -1 : x->end > y->end;
}

static void sort_list(struct chk_list *l)
{
	size_t i, j;

	for (i = 1; i < l->n; i++) {
		if (by_base(&l->r[i - 1], &l->r[i]) > 0)
			break;
	}
	if (i >= l->n)
		return;
	if (l->n > 64) {
		qsort(l->r, l->n, sizeof(*l->r), by_base);
		return;
	}
	for (; i < l->n; i++) {
		struct chk_range x = l->r[i];

		for (j = i; j && by_base(&l->r[j - 1], &x) > 0; j--)
			l->r[j] = l->r[j - 1];
		l->r[j] = x;
	}
}

void chk_union(struct chk_list *out, const struct chk_list *a)
{
	size_t i, n = 0;

	out->n = 0;
	for (i = 0; i < a->n; i++) {
		if (a->r[i].base < a->r[i].end)
			chk_add(out, a->r[i].base, a->r[i].end, 0);
	}
	sort_list(out);
	for (i = 0; i < out->n; i++) {
		if (n && out->r[i].base <= out->r[n - 1].end) {
			if (out->r[i].end > out->r[n - 1].end)
				out->r[n - 1].end = out->r[i].end;
		} else {
			out->r[n++] = out->r[i];
		}
	}
	out->n = n;
}

/* @a and @b sorted and fused, here and below */
void chk_subtract(struct chk_list *out, const struct chk_list *a,
		  const struct chk_list *b)
{
	size_t i, j = 0;

	out->n = 0;
	for (i = 0; i < a->n; i++) {
		uint64_t pos = a->r[i].base;
		size_t k;

		while (j < b->n && b->r[j].end <= pos)
			j++;
		for (k = j; k < b->n && b->r[k].base < a->r[i].end; k++) {
			if (b->r[k].base > pos)
				chk_add(out, pos, b->r[k].base, 0);
			pos = b->r[k].end;
		}
		if (pos < a->r[i].end)
			chk_add(out, pos, a->r[i].end, 0);
	}
}

void chk_intersect(struct chk_list *out, const struct chk_list *a,
		   const struct chk_list *b)
{
	size_t i = 0, j = 0;

	out->n = 0;
	while (i < a->n && j < b->n) {
		const struct chk_range *x = &a->r[i], *y = &b->r[j];
		uint64_t base = x->base > y->base ? x->base : y->base;
		uint64_t end = x->end < y->end ? x->end : y->end;

		if (base < end)
			chk_add(out, base, end, 0);
		if (x->end < y->end)
			i++;
		else
			j++;
	}
}

uint64_t chk_measure(const struct chk_list *l)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < l->n; i++)
		sum += l->r[i].end - l->r[i].base;
	return sum;
}

/* RAM above 1 MiB that CMRs cover. */
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

/* Is [base, end) inside one range of a sorted and fused list? */
static int within(const struct chk_list *l, uint64_t base, uint64_t end)
{
	size_t lo = 0, hi = l->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (l->r[mid].end > base)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo < l->n && l->r[lo].base <= base && end <= l->r[lo].end;
}

/* Checks 8 to 14: shape and order of TDMRs and reserved areas. */
static const char *check_tdmr(const struct chk_map *m,
			      const struct chk_layout *l, unsigned int i)
{
	const struct chk_tdmr *t = &l->tdmr[i];
	uint64_t end = t->base + t->size, pos = 0;
	unsigned int j;

	if (end < t->base || end > PA_END)
		return wrong("tdmr %u ends beyond the address space", i);
	if (!t->size || (t->base | t->size) % GIB)
		return wrong("tdmr %u is not made of whole GiB", i);
	if (i && t->base < l->tdmr[i - 1].base + l->tdmr[i - 1].size)
		return wrong("tdmr %u is out of order or overlaps", i);
	if (t->nr_rsvd > m->max_reserved)
		return wrong("tdmr %u has %u reserved areas", i, t->nr_rsvd);
	for (j = 0; j < t->nr_rsvd; j++) {
		uint64_t o = t->rsvd[j].offset, s = t->rsvd[j].size;

		if (!s)
			return wrong("tdmr %u: area %u is empty", i, j);
		if ((o | s) % 4096)
			return wrong("tdmr %u: area %u is unaligned", i, j);
		if (o < pos)
			return wrong("tdmr %u: area %u is out of order", i, j);
		if (o + s < o || o + s > t->size)
			return wrong("tdmr %u: area %u leaves it", i, j);
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
		return wrong("tdmr %u has %u PAMTs", i, t->nr_pamts);
	for (j = 0; j < 3; j++) {
		uint64_t b = t->pamt[j].base, s = t->pamt[j].size;
		uint64_t need = (t->size >> shift[j]) * m->entry[j];
		size_t node_ok = 0;

		if (b + s < b || b + s > PA_END || (b | s) % 4096)
			return wrong("tdmr %u: PAMT %u is malformed", i, j);
		if (s < need)
			return wrong("tdmr %u: PAMT %u is too small", i, j);
		if (s >= need + 4096)
			return wrong("tdmr %u: PAMT %u is wasteful", i, j);
		if (!within(cmr, b, b + s))
			return wrong("tdmr %u: PAMT %u is not in a CMR", i, j);
		if (!within(room, b, b + s))
			return wrong("tdmr %u: PAMT %u is not in free RAM", i, j);
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
			return wrong("tdmr %u: PAMT %u exceeds the node's chunk",
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
		return wrong("lost ranges overlap");
	chk_subtract(&x, &cap, &used);
	chk_subtract(&y, &x, &lost);
	if (y.n)
		return wrong("RAM at 0x%" PRIx64 " is neither used nor listed as lost",
			     y.r[0].base);
	chk_subtract(&y, &lost, &x);
	if (y.n)
		return wrong("RAM at 0x%" PRIx64 " is listed as lost but used or not capable",
			     y.r[0].base);

	chk_union(&out, &l->outside);
	if (chk_measure(&out) != chk_measure(&l->outside))
		return wrong("outside ranges overlap");
	chk_subtract(&x, &out, &rest);
	chk_subtract(&y, &rest, &out);
	if (x.n || y.n)
		return wrong("RAM at 0x%" PRIx64 " is wrong about being outside",
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

		if (k && by_base(&l->lost.r[k - 1], &l->lost.r[k]) > 0)
			return wrong("lost ranges are not sorted");
		chk_intersect(&x, &one, &tdmrs);
		if (x.n && l->lost.r[k].tag != CHK_RESERVED_AREAS)
			return wrong("RAM lost inside a TDMR has another reason");
	}
	if (l->tdmrs != l->nr_tdmrs || l->pamt_bytes != pamt_bytes ||
	    l->tdx_bytes != tdx || l->lost_bytes != chk_measure(&lost) ||
	    l->outside_bytes != chk_measure(&out))
		return wrong("the summary does not add up");
	if (tdx + chk_measure(&lost) + chk_measure(&out) != chk_measure(&ram))
		return wrong("tdx + lost + outside is not all RAM");
	return NULL;
}

const char *chk_layout(const struct chk_map *m, const struct chk_layout *l)
{
	static struct chk_list cmr, kept, pamts, room, ram, avoid, x, cap;
	unsigned int i, j;
	const char *bad;
	size_t k;

	if (!l->nr_tdmrs || l->nr_tdmrs > m->max_tdmrs)
		return wrong("%u TDMRs", l->nr_tdmrs);
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
				if (!within(&cmr, pos, stop))
					return wrong("tdmr %u: 0x%" PRIx64 " is not reserved and outside the CMRs",
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
	sort_list(&x);
	for (k = 1; k < x.n; k++) {
		if (x.r[k].base < x.r[k - 1].end)
			return wrong("0x%" PRIx64 " is in two PAMTs, or in a PAMT and a TDMR that does not reserve it",
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
			return wrong("tdmr %u has no usable memory", i);
	}
	return check_account(m, l, &kept, &pamts);
}

static const char *parse_tdmr_line(struct chk_layout *l, const char *s)
{
	struct chk_tdmr *t = l->nr_tdmrs ? &l->tdmr[l->nr_tdmrs - 1] : NULL;
	uint64_t a, b;
	char word[16];

	if (sscanf(s, "tdmr 0x%" SCNx64 " 0x%" SCNx64, &a, &b) == 2) {
		if (l->nr_tdmrs == CHK_MAX_TDMRS)
			return wrong("too many TDMRs");
		t = &l->tdmr[l->nr_tdmrs++];
		t->base = a;
		t->size = b;
		t->nr_pamts = t->nr_rsvd = 0;
		return NULL;
	}
	if (!t)
		return wrong("no TDMR before '%.40s'", s);
	if (sscanf(s, "pamt %15s 0x%" SCNx64 " 0x%" SCNx64, word, &a, &b) == 3) {
		static const char *const name[3] = { "4k", "2m", "1g" };

		if (t->nr_pamts == 3 || t->nr_rsvd ||
		    strcmp(word, name[t->nr_pamts]))
			return wrong("PAMTs are not 4k, 2m, 1g");
		t->pamt[t->nr_pamts].base = a;
		t->pamt[t->nr_pamts++].size = b;
		return NULL;
	}
	if (sscanf(s, "rsvd 0x%" SCNx64 " 0x%" SCNx64, &a, &b) == 2) {
		if (t->nr_rsvd == CHK_MAX_RSVD)
			return wrong("too many reserved areas");
		t->rsvd[t->nr_rsvd].offset = a;
		t->rsvd[t->nr_rsvd++].size = b;
		return NULL;
	}
	return wrong("cannot read '%.40s'", s);
}

const char *chk_parse(struct chk_layout *l, const char *text)
{
	static const char *const reason[] = { "reserved_areas", "tdmrs", "pamt" };
	int summaries = 0;

	chk_layout_reset(l);
	while (*text) {
		const char *nl = strchr(text, '\n'), *bad;
		char line[256], word[32];
		uint64_t a, b;
		size_t n;
		int i;

		if (!nl)
			return wrong("the last line is cut short");
		n = nl - text;
		if (n >= sizeof(line))
			return wrong("a line is too long");
		memcpy(line, text, n);
		line[n] = 0;
		text = nl + 1;
		if (summaries)
			return wrong("a line after the summary");
		if (sscanf(line, "lost 0x%" SCNx64 " 0x%" SCNx64 " %31s", &a, &b,
			   word) == 3) {
			for (i = 0; i < 3 && strcmp(word, reason[i]); i++)
				;
			if (i == 3)
				return wrong("unknown reason '%s'", word);
			chk_add(&l->lost, a, b, i);
		} else if (sscanf(line, "outside 0x%" SCNx64 " 0x%" SCNx64, &a,
				  &b) == 2) {
			chk_add(&l->outside, a, b, 0);
		} else if (sscanf(line, "summary tdmrs=%" SCNu64 " pamt=%" SCNu64
				  " tdx=%" SCNu64 " lost=%" SCNu64
				  " outside=%" SCNu64, &l->tdmrs,
				  &l->pamt_bytes, &l->tdx_bytes, &l->lost_bytes,
				  &l->outside_bytes) == 5) {
			summaries++;
		} else {
			if (l->lost.n || l->outside.n)
				return wrong("a TDMR after the lists");
			bad = parse_tdmr_line(l, line);
			if (bad)
				return bad;
		}
	}
	return summaries ? NULL : wrong("no summary");
}
