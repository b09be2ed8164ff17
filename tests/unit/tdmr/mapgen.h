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

void chk_from_map(struct chk_map *to, const struct tdmr_map *from);
void chk_from_result(struct chk_layout *to, const struct tdmr_result *from);

#endif
