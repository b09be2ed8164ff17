/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists of physical address ranges: System RAM, CMRs and what comes of them. */
#ifndef TDX_HOST_REGION_H
#define TDX_HOST_REGION_H

#include <linux/kernel.h>

/* As TDH.SYS.CONFIG checks ("TDX Module ABI 1.5"), whatever the machine has. */
#define REGION_PA_LIMIT		(1ULL << 52)
#define REGION_ALIGN	(1ULL << 12)	/* of CMRs and PAMTs */

/**
 * struct region - a range of physical addresses
 * @base: first byte, a multiple of 4 KiB
 * @end: one past the last byte, a multiple of 4 KiB
 * @node: NUMA node of RAM; 0 for anything else
 */
struct region {
	u64 base, end;
	int node;
};

int region_compare(const void *a, const void *b);
int region_sort(struct region *list, u32 nr, u64 *where);
u32 region_subtract(const struct region *list, u32 nr,
		    const struct region *cover, u32 nr_cover,
		    struct region *out);

#endif
