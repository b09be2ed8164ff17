/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TDMR layout: which address ranges become TDX memory, where their PAMTs are
 * and which parts of them are reserved.
 *
 * A pure function of its input and of what the PAMT allocator answers: no
 * global state, no memory but the caller's workspace, no recursion. The same
 * source is compiled into the module and into the user-space tools.
 */
#ifndef TDX_HOST_TDMR_H
#define TDX_HOST_TDMR_H

#include <linux/types.h>

#include "region.h"

/* TDMRs start and end on 1 GiB ("TDX Module ABI 1.5", TDMR_INFO). */
#define TDMR_SHIFT	30
#define TDMR_ALIGN	(1ULL << TDMR_SHIFT)

/* Page levels, numbered as the TDX module reports them in a status. */
enum tdmr_level {
	TDMR_4K,
	TDMR_2M,
	TDMR_1G,
	TDMR_LEVELS
};

/**
 * struct tdmr_limits - what the TDX module's global metadata says
 * @max_tdmrs: MAX_TDMRS, at least 1
 * @max_reserved: MAX_RESERVED_PER_TDMR
 * @entry_size: PAMT bytes per page of each level, at least 1
 */
struct tdmr_limits {
	u16 max_tdmrs;
	u16 max_reserved;
	u16 entry_size[TDMR_LEVELS];
};

/**
 * struct tdmr_pamt_ops - where PAMT memory comes from
 * @alloc: find @size bytes (a multiple of 4 KiB) of physically contiguous
 *	memory on @node, inside the CMRs, and put the address in *@pa. Return
 *	0, -ENOMEM where the node has no such block (the layout then tries
 *	less, or another node), or another errno to give up the whole layout.
 * @free: take back exactly one earlier allocation.
 *
 * The layout calls @alloc with ever smaller sizes to learn what a node can
 * give, and remembers what failed: for the 4K level, which decides, it does
 * not ask for the same or more again while nothing was freed.
 */
struct tdmr_pamt_ops {
	int (*alloc)(void *ctx, int node, u64 size, u64 *pa);
	void (*free)(void *ctx, int node, u64 pa, u64 size);
};

/**
 * struct tdmr_input - what a layout is made from
 * @limits: limits of the TDX module
 * @cpus: CPUs that can initialise TDMRs side by side; 0 counts as 1
 * @rounds: how many layouts may be tried where the first gives up RAM;
 *	0 for all that the ladder has, about a hundred at most. Each round
 *	allocates every PAMT anew, and the best is then made once more.
 * @cmr: CMRs in any order; may touch, overlap or be empty
 * @nr_cmr: length of @cmr
 * @ram: System RAM in any order
 * @nr_ram: length of @ram
 * @ops: PAMT allocator
 * @ctx: handed to @ops
 */
struct tdmr_input {
	struct tdmr_limits limits;
	u32 cpus;
	u32 rounds;
	const struct tdx_range *cmr;
	u32 nr_cmr;
	const struct tdx_ram *ram;
	u32 nr_ram;
	const struct tdmr_pamt_ops *ops;
	void *ctx;
};

/**
 * struct tdmr_rsvd - a reserved area, as TDMR_INFO holds it
 * @offset: bytes from the TDMR's base
 * @size: bytes
 */
struct tdmr_rsvd {
	u64 offset;
	u64 size;
};

/**
 * struct tdmr_chunk - one allocation of PAMT memory
 * @base: physical address
 * @size: bytes
 * @node: node that was asked
 */
struct tdmr_chunk {
	u64 base;
	u64 size;
	int node;
};

/**
 * struct tdmr - one TDMR
 * @base: physical address, a multiple of 1 GiB
 * @size: bytes, a multiple of 1 GiB
 * @usable: bytes of System RAM in it that are not reserved
 * @node: node with most of its RAM: where to initialise it
 * @nr_chunks: allocations behind @pamt: 1 where all three are in one
 * @chunk: those allocations, in the order they were made
 * @pamt: PAMT of each level, each a multiple of 4 KiB
 * @rsvd: reserved areas in ascending order, none touching another
 * @nr_rsvd: length of @rsvd, at most max_reserved
 */
struct tdmr {
	u64 base;
	u64 size;
	u64 usable;
	int node;
	u32 nr_chunks;
	struct tdmr_chunk chunk[TDMR_LEVELS];
	struct { u64 base, size; } pamt[TDMR_LEVELS];
	const struct tdmr_rsvd *rsvd;
	u32 nr_rsvd;
};

/* Why TDX-capable RAM is not TDX memory in this layout. */
enum tdmr_reason {
	TDMR_LOST_RESERVED_AREAS,	/* between reserved areas that had to be joined */
	TDMR_LOST_TDMRS,		/* no TDMR left for it */
	TDMR_LOST_PAMT			/* no memory for its PAMT */
};

/**
 * struct tdmr_lost - TDX-capable RAM that the layout gives up
 * @base: first byte
 * @end: one past the last byte
 * @reason: what was short
 */
struct tdmr_lost {
	u64 base;
	u64 end;
	enum tdmr_reason reason;
};

/* What is wrong with the input, or why nothing can be TDX memory. */
enum tdmr_error {
	TDMR_OK,
	TDMR_ERR_LIMITS,	/* -EINVAL: a limit that must not be 0 is */
	TDMR_ERR_RANGE,		/* -EINVAL: a range of RAM or CMR is malformed */
	TDMR_ERR_NODES,		/* -EINVAL: two nodes claim the RAM at @where */
	TDMR_ERR_WORKSPACE,	/* -ENOBUFS: workspace missing or too small */
	TDMR_ERR_NO_RAM,	/* -ENODATA: no RAM above 1 MiB is in a CMR */
	TDMR_ERR_NO_PAMT,	/* -ENOMEM: no PAMT memory for even one GiB */
	TDMR_ERR_NO_AREAS,	/* -ENOSPC: every GiB needs too many areas */
	TDMR_ERR_ALLOC		/* the allocator's own errno */
};

/**
 * struct tdmr_result - a layout
 * @error: TDMR_OK, or what tdmr_layout() failed for
 * @where: for TDMR_ERR_NODES, the address claimed twice
 * @tdmr: TDMRs in ascending order
 * @nr_tdmrs: length of @tdmr, at least 1 on success
 * @lost: TDX-capable RAM given up, ascending
 * @nr_lost: length of @lost
 * @outside: RAM that no CMR covers or that is below 1 MiB, ascending
 * @nr_outside: length of @outside
 * @capable: TDX-capable RAM, ascending
 * @nr_capable: length of @capable
 * @pamt_bytes: memory held by PAMTs
 * @tdx_bytes: RAM that serves TDX: not reserved in a TDMR, or holding a PAMT
 * @lost_bytes: sum of @lost
 * @outside_bytes: sum of @outside; the RAM of the input is
 *	@tdx_bytes + @lost_bytes + @outside_bytes
 *
 * All pointers lead into the workspace, and are good as long as it is.
 */
struct tdmr_result {
	enum tdmr_error error;
	u64 where;
	const struct tdmr *tdmr;
	u32 nr_tdmrs;
	const struct tdmr_lost *lost;
	u32 nr_lost;
	const struct tdx_ram *outside;
	u32 nr_outside;
	const struct tdx_ram *capable;
	u32 nr_capable;
	u64 pamt_bytes;
	u64 tdx_bytes;
	u64 lost_bytes;
	u64 outside_bytes;
};

int tdmr_workspace_size(const struct tdmr_input *in, size_t *size);
int tdmr_layout(const struct tdmr_input *in, void *workspace, size_t size,
		struct tdmr_result *result);
void tdmr_free_pamts(const struct tdmr_input *in,
		     const struct tdmr_result *result);

#endif
