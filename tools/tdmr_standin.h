/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stand-in for the kernel's page allocator: gives PAMT memory from the top
 * of the wanted node's RAM, inside CMRs, outside what the map says to avoid,
 * and in blocks no larger than the map allows.
 */
#ifndef TOOLS_TDMR_STANDIN_H
#define TOOLS_TDMR_STANDIN_H

#include "tdmr_map.h"

/**
 * struct tdmr_standin - state of the allocator
 * @map: map it was made from
 * @free: free memory, node by node, ascending within each
 * @nr_free: length of @free
 * @room: entries that @free can take
 * @live: allocations not yet freed
 */
struct tdmr_standin {
	const struct tdmr_map *map;
	struct tdx_ram *free;
	u32 nr_free, room, live;
};

extern const struct tdmr_pamt_ops tdmr_standin_ops;

int tdmr_standin_init(struct tdmr_standin *a, const struct tdmr_map *map);
void tdmr_standin_exit(struct tdmr_standin *a);
int tdmr_map_layout(const struct tdmr_map *map, struct tdmr_standin *a,
		    void **workspace, struct tdmr_result *r);

#endif
