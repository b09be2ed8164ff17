// SPDX-License-Identifier: GPL-2.0-only
/*
 * Set algebra on lists of ranges.
 */
#include <stdlib.h>

#include "ranges.h"

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

int chk_compare(const void *a, const void *b)
{
	const struct chk_range *x = a, *y = b;

	if (x->base != y->base)
		return x->base < y->base ? -1 : 1;
	return x->end < y->end ? -1 : x->end > y->end;
}

void chk_sort(struct chk_list *l)
{
	size_t i, j;

	for (i = 1; i < l->n; i++) {
		if (chk_compare(&l->r[i - 1], &l->r[i]) > 0)
			break;
	}
	if (i >= l->n)
		return;
	if (l->n > 64) {
		qsort(l->r, l->n, sizeof(*l->r), chk_compare);
		return;
	}
	for (; i < l->n; i++) {
		struct chk_range x = l->r[i];

		for (j = i; j && chk_compare(&l->r[j - 1], &x) > 0; j--)
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
	chk_sort(out);
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

int chk_within(const struct chk_list *l, uint64_t base, uint64_t end)
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
