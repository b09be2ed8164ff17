/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TDMR layout: which ranges become TDX memory, where their PAMTs are and what
 * is reserved.  A pure function of its input and of the allocator's answers.
 */
#ifndef TDX_HOST_TDMR_H
#define TDX_HOST_TDMR_H

#include "region.h"

#define TDMR_ALIGN	(1ULL << 30)	/* "TDX Module ABI 1.5", TDMR_INFO */
#define TDMR_MAX	256	/* no TDX module allows as many */
#define TDMR_MAX_RSVD	64
#define TDMR_LOW_LIMIT	(1ULL << 20)	/* below: firmware, real-mode startup */

/* Page levels, numbered as the TDX module reports them in a status. */
enum tdmr_level { TDMR_4K, TDMR_2M, TDMR_1G, TDMR_LEVELS };

/**
 * struct tdmr_input - what a layout is made from
 * @max_tdmrs: MAX_TDMRS of the TDX module's global metadata, at least 1
 * @max_reserved: MAX_RESERVED_PER_TDMR
 * @entry_size: PAMT bytes per page of each level, at least 1
 * @cpus: CPUs that can initialise TDMRs side by side; 0 counts as 1
 * @nr_cmrs: length of @cmr
 * @nr_ram: length of @ram
 * @cmr: CMRs as region_sort() leaves them
 * @ram: System RAM as region_sort() leaves it
 * @alloc: finds @size bytes (whole pages) of physically contiguous memory on
 *	@node, inside one CMR, for *@pa; returns 0, or an errno if there is none
 * @free: takes back exactly one earlier allocation
 * @ctx: handed to @alloc and @free
 */
struct tdmr_input {
	u16 max_tdmrs, max_reserved;
	u16 entry_size[TDMR_LEVELS];
	u32 cpus, nr_cmrs, nr_ram;
	const struct region *cmr, *ram;
	int (*alloc)(void *ctx, int node, u64 size, u64 *pa);
	void (*free)(void *ctx, int node, u64 pa, u64 size);
	void *ctx;
};

/**
 * struct tdmr - one TDMR
 * @base: physical address, a multiple of 1 GiB
 * @size: bytes, a multiple of 1 GiB
 * @node: node with most of its RAM: where to initialise it
 * @nr_chunks: length of @chunk: 1 where all PAMTs are in one
 * @chunk: allocations of PAMT memory, with the node that was asked
 * @pamt: PAMT of each level, a multiple of 4 KiB
 * @nr_rsvd: length of @rsvd
 * @rsvd: reserved areas as TDMR_INFO holds them, ascending and apart
 */
struct tdmr {
	u64 base, size;
	int node;
	u32 nr_chunks, nr_rsvd;
	struct region chunk[TDMR_LEVELS];
	struct { u64 base, size; } pamt[TDMR_LEVELS];
	struct tdmr_rsvd { u64 offset, size; } rsvd[TDMR_MAX_RSVD];
};

/* Why TDX-capable RAM is not TDX memory in this layout. */
enum tdmr_reason {
	TDMR_LOST_RESERVED_AREAS,	/* between areas that were joined */
	TDMR_LOST_TDMRS,		/* no TDMR left for it */
	TDMR_LOST_PAMT			/* no memory for its PAMT */
};

/* TDX-capable RAM from @base to before @end that the layout gives up. */
struct tdmr_lost {
	u64 base, end;
	enum tdmr_reason reason;
};

/**
 * struct tdmr_result - a layout; all lists are ascending
 * @tdmr: TDMRs
 * @nr_tdmrs: length of @tdmr, at least 1 on success
 * @lost: TDX-capable RAM given up
 * @nr_lost: length of @lost
 * @outside: RAM that no CMR covers or that is below 1 MiB
 * @nr_outside: length of @outside
 * @capable: all other RAM
 * @nr_capable: length of @capable
 * @pamt_bytes: memory held by PAMTs
 * @tdx_bytes: RAM that serves TDX: not reserved in a TDMR, or holding a PAMT
 * @lost_bytes: sum of @lost
 * @outside_bytes: sum of @outside; with the other two all RAM of the input
 */
struct tdmr_result {
	struct tdmr *tdmr;
	struct tdmr_lost *lost;
	struct region *outside, *capable;
	u32 nr_tdmrs, nr_lost, nr_outside, nr_capable;
	u64 pamt_bytes, tdx_bytes, lost_bytes, outside_bytes;
};

/* Bytes, whole pages, of one PAMT of a TDMR of @size bytes. */
static inline u64 tdmr_pamt_size(const struct tdmr_input *in, u64 size,
				 enum tdmr_level level)
{
	return ALIGN((size >> (12 + 9 * level)) * in->entry_size[level],
		     REGION_ALIGN);
}

int tdmr_layout(const struct tdmr_input *in, struct tdmr_result *r);
void tdmr_free(const struct tdmr_input *in, struct tdmr_result *r);

#endif
