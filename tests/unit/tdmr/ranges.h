/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of ranges of addresses, and set algebra on them.
 */
#ifndef TESTS_TDMR_RANGES_H
#define TESTS_TDMR_RANGES_H

#include <stddef.h>
#include <stdint.h>

struct chk_range {
	uint64_t base, end;
	int tag;		/* node of RAM, reason of a loss */
};

struct chk_list {
	struct chk_range *r;
	size_t n, room;
};

void chk_add(struct chk_list *l, uint64_t base, uint64_t end, int tag);

/* -1, 0 or 1, for qsort(): by base, then by end. */
int chk_compare(const void *a, const void *b);
void chk_sort(struct chk_list *l);

/* All results are sorted and fused, and so is what the others are given. */
void chk_union(struct chk_list *out, const struct chk_list *a);
void chk_subtract(struct chk_list *out, const struct chk_list *a,
		  const struct chk_list *b);
void chk_intersect(struct chk_list *out, const struct chk_list *a,
		   const struct chk_list *b);

/* Is [base, end) inside one range of a sorted and fused list? */
int chk_within(const struct chk_list *l, uint64_t base, uint64_t end);
uint64_t chk_measure(const struct chk_list *l);

#endif
