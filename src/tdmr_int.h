/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the TDMR layout share.
 *
 * tdmr.c        takes the input, hands out the result
 * tdmr_rounds.c drives the rounds, keeps the best
 * tdmr_atoms.c  cuts TDX-capable RAM into atoms of whole GiB
 * tdmr_plan.c   groups atoms into as many TDMRs as there may be
 * tdmr_reduce.c first, thins out a list of atoms too long to plan exactly
 * tdmr_place.c  finds PAMT memory, cutting TDMRs where it must
 * tdmr_rsvd.c   reserved areas, and the account of RAM
 *
 * Addresses in bytes are u64 called base and end; u64 called b0 and nb count
 * blocks of 1 GiB.
 */
#ifndef TDX_HOST_TDMR_INT_H
#define TDX_HOST_TDMR_INT_H

#include <linux/types.h>

#include "tdmr.h"

/* Longest list of atoms that the exact planner takes: its cost is cubic. */
#define PLAN_MAX	128U

/* A PAMT chunk of a TDMR of this many GiB (256 MiB) is still easy to find. */
#define SOFT_MAX_NB	64ULL

/* Nodes tried as the only giver of PAMT memory, where all else loses RAM. */
#define GIVER_MAX	8U

/* TDMRs placed in all rounds together, about: bounds the time of odd maps. */
#define ROUND_WORK	(1U << 15)

/* Single blocks tried before it is said that none can be TDX memory. */
#define SINGLE_MAX	65536U
#define SINGLE_BLOCKS	12U

/* Segments that are added one by one, each from at most so many nodes. */
#define GROW_MAX	128U

/* TDMRs of the best round without which it is tried again. */
#define PRUNE_MAX	64U

#define NO_NODE		(~0U)

/*
 * How one round differs from the next.
 * RND_PARALLEL: split TDMRs so that every CPU has one to initialise
 * RND_HINT: plan around the PAMTs as the previous round placed them
 * RND_LIMIT: respect the largest TDMR whose PAMT can be found at all
 * RND_DENSE: PAMT memory is short: spend none on holes, serve the TDMRs with
 *	most RAM per GiB first
 * RND_FINE: smaller atoms, and merge none as long as there are TDMRs enough:
 *	there is more to choose from
 * RND_WIDE: as few TDMRs as there can be, over node boundaries too: PAMTs are
 *	page-rounded, and a node with a little more than one of them can serve
 *	a neighbour's RAM
 */
#define RND_PARALLEL	1U
#define RND_HINT	2U
#define RND_LIMIT	4U
#define RND_DENSE	8U
#define RND_FINE	16U
#define RND_WIDE	32U

/*
 * An atom: blocks that a plan keeps together, later a group of atoms.
 * @a0, @a1: areas (struct tdmr_work) that overlap it: first, one past last
 * @ram: bytes of capable RAM that no area covers
 * @sum, @top_sum, @nr_top: of the RAM between its areas: all of it, and the
 *	largest pieces, sorted down in top[@a0...]; see tdmr_reduce.c
 * @loss: RAM to give up so that max_reserved areas are enough
 * @next, @prev, @dead, @wall: list of groups while reducing; no merge across
 *	a wall, which is where an atom was dropped
 */
struct tdmr_atom {
	u64 b0, nb;
	u64 ram;
	u64 sum, top_sum, loss;
	u32 a0, a1;
	u32 nr_top;
	u32 node0, node1;	/* nodes of the first and the last block */
	u32 crossings;		/* changes of node inside */
	u32 next, prev;
	bool dead, wall;
};

/* Best thing to do with a group of atoms, for the heap of tdmr_reduce.c. */
struct tdmr_move {
	u64 loss;
	u64 pamt;
	u32 crossings;
	bool drop;
};

/* A cell of the planner's table: the cheapest way to get there. */
struct tdmr_cell {
	u64 loss;
	u64 pamt;
	u32 crossings;
	u16 from;
	u16 slots;
};

struct tdmr_seg {
	u64 b0, nb;
	u64 ram;
	u32 node;
};

struct tdmr_drop {
	u64 b0, nb;
	enum tdmr_reason reason;
};

struct tdmr_node {
	int id;
	u64 fail;	/* smallest size that failed since the last free */
	u64 tally;
};

struct tdmr_work {
	const struct tdmr_input *in;
	int err;		/* errno of the allocator that ends it all */
	u32 max_tdmrs;		/* no more than there are blocks */
	u32 k;			/* max_reserved */
	bool pamt_short;	/* some PAMT of this round was not found */

	struct tdx_range *cmr;
	struct tdx_ram *ram, *cap, *outside;
	struct tdx_range *gap;	/* address space outside every CMR */
	u64 *cap_sum;		/* cap_sum[i]: bytes in cap[0..i-1] */
	u32 nr_cmr, nr_ram, nr_cap, nr_outside, nr_gap;
	struct tdmr_node *node;
	u32 nr_nodes;

	/* planning */
	struct tdx_range *hint;	/* PAMTs of the last round, fused */
	struct tdx_range *area;	/* gaps and hints, fused */
	u64 *between;		/* RAM between area[i] and area[i + 1] */
	u64 *top, *tmp;
	u64 *cut;
	struct tdmr_atom *atom;
	u32 *heap, *heap_pos;
	struct tdmr_move *move;
	struct tdmr_cell *cell;
	u32 nr_hint, nr_area, nr_atoms, nr_heap;
	struct tdmr_seg *seg;
	u32 nr_segs;
	u64 limit_nb;		/* largest TDMR that can have a PAMT */
	struct tdmr_drop *drop;
	u32 nr_drops, max_drops;

	/* placing */
	struct tdmr_seg *pend;
	u32 nr_pend;
	struct tdmr *t;
	u32 nr_t;

	/* result */
	struct tdx_range *pam;	/* PAMTs of t[], fused */
	struct tdmr_rsvd *rsvd;
	struct tdx_range *one;	/* areas of one TDMR */
	u64 *one_ram;
	u32 *one_idx;
	struct tdx_range *used;
	struct tdmr_lost *lost;
	u32 nr_pam, nr_rsvd, nr_used, nr_lost;
	u64 tdx, total;

	/* this round and the best so far, as placed: order, node, drops */
	struct tdmr_seg *cur, *best;
	u32 nr_cur;
	struct tdmr_drop *best_drop;
	u32 nr_best, nr_best_drops;
	u64 best_loss;
};

static inline u64 tdmr_page_up(u64 n)
{
	return (n + TDX_REGION_ALIGN - 1) & ~(TDX_REGION_ALIGN - 1);
}

static inline u64 tdmr_block_up(u64 addr)
{
	return (addr + TDMR_ALIGN - 1) >> TDMR_SHIFT;
}

static inline u64 tdmr_div_up(u64 a, u64 b)
{
	return (a + b - 1) / b;
}

/* tdmr_rsvd.c */
u32 tdmr_cap_after(const struct tdmr_work *w, u64 addr);
u64 tdmr_ram_in(const struct tdmr_work *w, u64 base, u64 end);
void tdmr_collect_pamts(struct tdmr_work *w);
u64 tdmr_count(struct tdmr_work *w);
void tdmr_account(struct tdmr_work *w);
void tdmr_list_lost(struct tdmr_work *w);

/* tdmr_atoms.c */
void tdmr_build_areas(struct tdmr_work *w, bool hint);
void tdmr_build_atoms(struct tdmr_work *w, bool fine);
u64 tdmr_free_ram(const struct tdmr_work *w, u64 base, u64 end);
u32 tdmr_main_node(struct tdmr_work *w, u64 b0, u64 nb);

/* tdmr_reduce.c */
u64 tdmr_areas_loss(const struct tdmr_work *w, u32 nr, u64 sum, u64 top_sum);
void tdmr_reduce(struct tdmr_work *w, u32 flags);

/* tdmr_rounds.c */
void tdmr_run_rounds(struct tdmr_work *w);

/* tdmr_plan.c */
u64 tdmr_plan(struct tdmr_work *w, u32 flags);
enum tdmr_reason tdmr_drop_reason(const struct tdmr_work *w, u32 flags,
				  bool unusable);
void tdmr_add_drop(struct tdmr_work *w, u64 b0, u64 nb,
		   enum tdmr_reason reason);
bool tdmr_trim(struct tdmr_work *w, struct tdmr_seg *s);

/* tdmr_place.c */
void tdmr_release(struct tdmr_work *w, struct tdmr *t);
void tdmr_release_all(struct tdmr_work *w);
u64 tdmr_probe_limit(struct tdmr_work *w);
void tdmr_grow(struct tdmr_work *w);
void tdmr_place(struct tdmr_work *w, u32 flags, u32 giver);

#endif
