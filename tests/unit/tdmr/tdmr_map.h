/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory map that tdmr-layout reads, and the layout that it prints.
 */
#ifndef TESTS_TDMR_MAP_H
#define TESTS_TDMR_MAP_H

#include <stdio.h>

#include "tdmr/tdmr.h"

/**
 * struct tdmr_map_chunk - the largest block that a node can give
 * @node: NUMA node
 * @max: bytes
 */
struct tdmr_map_chunk {
	int node;
	u64 max;
};

/**
 * struct tdmr_limits - what the TDX module's global metadata says
 * @max_tdmrs: MAX_TDMRS
 * @max_reserved: MAX_RESERVED_PER_TDMR
 * @entry_size: PAMT bytes per page of each level
 */
struct tdmr_limits {
	u16 max_tdmrs;
	u16 max_reserved;
	u16 entry_size[TDMR_LEVELS];
};

/**
 * struct tdmr_map - a parsed memory map
 * @limits: limits of the TDX module
 * @cpus: CPUs that can initialise TDMRs side by side
 * @cmr: CMRs, as they came
 * @ram: System RAM, as it came
 * @ram_line: line number of each entry of @ram
 * @avoid: RAM that cannot hold a PAMT
 * @chunk: largest blocks
 */
struct tdmr_map {
	struct tdmr_limits limits;
	u32 cpus;
	struct region *cmr;
	struct region *ram;
	u32 *ram_line;
	struct region *avoid;
	struct tdmr_map_chunk *chunk;
	u32 nr_cmr, nr_ram, nr_avoid, nr_chunks;
};

int tdmr_map_parse(struct tdmr_map *map, const char *text, size_t len,
		   char *error, size_t error_size);
void tdmr_map_free(struct tdmr_map *map);
void tdmr_map_print(const struct tdmr_map *map, FILE *f);
void tdmr_result_print(const struct tdmr_result *r, FILE *f);

#endif
