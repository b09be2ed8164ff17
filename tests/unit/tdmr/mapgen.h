/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random memory maps: tiny, huge, holed, many nodes, odd limits, short of
 * contiguous memory. One number names one map, on every machine.
 */
#ifndef TESTS_TDMR_MAPGEN_H
#define TESTS_TDMR_MAPGEN_H

#include "tdmr_map.h"
#include "checker.h"

/* @map keeps its memory from one call to the next: zero it first. */
void mapgen(struct tdmr_map *map, u64 seed);
void mapgen_shuffle(struct tdmr_map *map, u64 seed);
/* A machine of @gib GiB with @ranges ranges of RAM on @nodes nodes. */
void mapgen_large(struct tdmr_map *map, u64 seed, u32 ranges, u64 gib,
		  int nodes);
/* The same with more holes than RAM, none smaller than a GiB. */
void mapgen_scattered(struct tdmr_map *map, u64 seed, u32 ranges, u64 gib,
		      int nodes);

/*
 * Machines as there are, each kind with its own difficulty. In the last, no
 * node has a free block of more than 4 to 64 MiB, many of that size or few.
 */
enum mapgen_kind {
	MAPGEN_CLEAN, MAPGEN_FIRMWARE, MAPGEN_CHEESE, MAPGEN_CMR_HOLES,
	MAPGEN_CXL, MAPGEN_FEW_TDMRS, MAPGEN_FEW_AREAS, MAPGEN_FRAGMENTED,
	MAPGEN_KINDS
};
extern const char *const mapgen_kinds[MAPGEN_KINDS];

void mapgen_kind(struct tdmr_map *map, unsigned int kind, u64 seed);

void chk_from_map(struct chk_map *to, const struct tdmr_map *from);
void chk_from_result(struct chk_layout *to, const struct tdmr_result *from);

#endif
