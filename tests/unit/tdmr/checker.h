/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An independent judge of TDMR layouts: written from the rules of
 * TDH.SYS.CONFIG ("TDX Module ABI 1.5") and from the meaning of the lines
 * that tdmr-layout prints; it shares no code with the layout.
 */
#ifndef TESTS_TDMR_CHECKER_H
#define TESTS_TDMR_CHECKER_H

#include "ranges.h"

#define CHK_MAX_RSVD	64
#define CHK_MAX_TDMRS	256

/* The machine: what the layout was made for. */
struct chk_map {
	unsigned int max_tdmrs, max_reserved, entry[3];
	struct chk_list cmr, ram, avoid;
	struct chk_list chunk;	/* tag = node, end = largest block */
};

struct chk_tdmr {
	uint64_t base, size;
	struct { uint64_t base, size; } pamt[3];
	struct { uint64_t offset, size; } rsvd[CHK_MAX_RSVD];
	unsigned int nr_pamts, nr_rsvd;
};

enum chk_reason { CHK_RESERVED_AREAS, CHK_TDMRS, CHK_PAMT };

/* What came out. */
struct chk_layout {
	struct chk_tdmr tdmr[CHK_MAX_TDMRS];
	unsigned int nr_tdmrs;
	struct chk_list lost, outside;
	uint64_t tdmrs, pamt_bytes, tdx_bytes, lost_bytes, outside_bytes;
};

void chk_map_reset(struct chk_map *m);
void chk_map_free(struct chk_map *m);
void chk_layout_reset(struct chk_layout *l);
void chk_layout_free(struct chk_layout *l);

/* RAM above 1 MiB that CMRs cover. */
void chk_capable(struct chk_list *out, const struct chk_map *m);

/* NULL for a sound layout, else a sentence that says what is wrong. */
const char *chk_layout(const struct chk_map *m, const struct chk_layout *l);

/* That sentence; it is there until the next one is made. */
const char *chk_wrong(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* Read what tdmr-layout printed; NULL, or a sentence. */
const char *chk_parse(struct chk_layout *l, const char *text);

#endif
