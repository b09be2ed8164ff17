/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The layout that is compared with: a TDMR for each region of RAM, and every
 * hole in RAM reserved.  It does not look at CMRs.
 */
#ifndef TESTS_BENCH_PLAIN_H
#define TESTS_BENCH_PLAIN_H

#include "tdmr/tdmr.h"

/* Why there is no layout. */
enum plain_failure {
	PLAIN_DONE,
	PLAIN_TDMRS,		/* more regions than TDMRs */
	PLAIN_PAMT,		/* no node can give a PAMT in one piece */
	PLAIN_RESERVED,		/* more holes in a TDMR than reserved areas */
	PLAIN_CMR,		/* TDH.SYS.CONFIG would refuse it */
	PLAIN_FAILURES
};

/**
 * struct plain - a layout
 * @base: of each TDMR
 * @end: of each TDMR
 * @pamt: PAMTs, with the node that was asked
 * @nr: length of these
 * @nr_pamts: length of @pamt
 * @pamt_bytes: sum of @pamt
 */
struct plain {
	u64 base[TDMR_MAX], end[TDMR_MAX];
	struct region pamt[TDMR_MAX];
	u32 nr, nr_pamts;
	u64 pamt_bytes;
};

enum plain_failure plain_layout(const struct tdmr_input *in, struct plain *p);
void plain_free(const struct tdmr_input *in, const struct plain *p);

#endif /* TESTS_BENCH_PLAIN_H */
