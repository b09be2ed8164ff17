/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stand-in for the kernel's page allocator: gives PAMT memory from the top
 * of the wanted node's RAM, inside CMRs, outside what the map says to avoid,
 * and in blocks no larger than the map allows.
 */
#ifndef TESTS_TDMR_STANDIN_H
#define TESTS_TDMR_STANDIN_H

#include "tdmr_map.h"

/**
 * struct tdmr_standin - state of the allocator
 * @map: map it was made from
 * @cmr: CMRs, sorted
 * @ram: RAM, sorted
 * @where: where two nodes claim the same RAM
 * @free: free memory, node by node, ascending within each
 * @nr_cmrs: length of @cmr
 * @nr_ram: length of @ram
 * @nr_free: length of @free
 * @room: entries that @free can take
 * @live: allocations not yet freed
 */
struct tdmr_standin {
	const struct tdmr_map *map;
	struct region *cmr, *ram, *free;
	u64 where;
	u32 nr_cmrs, nr_ram, nr_free, room, live;
};

int tdmr_standin_init(struct tdmr_standin *a, const struct tdmr_map *map);
void tdmr_standin_exit(struct tdmr_standin *a);
struct tdmr_input tdmr_map_input(const struct tdmr_map *map,
				 struct tdmr_standin *a);
int tdmr_map_layout(const struct tdmr_map *map, struct tdmr_standin *a,
		    struct tdmr_result *r);
u32 tdmr_map_free_layout(const struct tdmr_map *map, struct tdmr_standin *a,
			 struct tdmr_result *r);

#endif
