// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDMR layout: round after round, until no RAM is given up without need.
 *
 * The first round nearly always gives up none and is the last. Where it does
 * give some up, more rounds try other plans, and the best one is made again.
 */
#include <linux/types.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "tdmr_int.h"

/* Account for what was placed; remember it if it wins. */
static bool judge_round(struct tdmr_work *w)
{
	u32 placed = w->nr_t, drops = w->nr_drops;
	u64 loss;

	if (w->err)
		return false;
	tdmr_account(w);
	loss = w->total - w->tdx;
	if (w->nr_best && loss >= w->best_loss)
		return false;
	w->best_loss = loss;
	w->nr_best = placed;
	w->nr_best_drops = drops;
	memcpy(w->best, w->cur, placed * sizeof(*w->best));
	memcpy(w->best_drop, w->drop, drops * sizeof(*w->drop));
	return true;
}

static bool finish_round(struct tdmr_work *w, u32 flags, u32 giver)
{
	tdmr_place(w, flags, giver);
	return judge_round(w);
}

static void keep_hints(struct tdmr_work *w)
{
	u32 i;

	for (i = 0; i < w->nr_pam; i++)
		w->hint[i] = w->pam[i];
	w->nr_hint = w->nr_pam;
}

static bool round_of(struct tdmr_work *w, u32 flags, u32 giver)
{
	keep_hints(w);
	tdmr_release_all(w);
	tdmr_plan(w, flags);
	return finish_round(w, flags, giver);
}

/* Make the best round again. */
static void replay(struct tdmr_work *w)
{
	tdmr_release_all(w);
	memcpy(w->seg, w->best, w->nr_best * sizeof(*w->seg));
	memcpy(w->drop, w->best_drop, w->nr_best_drops * sizeof(*w->drop));
	w->nr_segs = w->nr_best;
	w->nr_drops = w->nr_best_drops;
	tdmr_place(w, 0, NO_NODE);
	if (!w->err)
		tdmr_account(w);
}

/*
 * The ladder, for when the first round gave up more RAM than its plan: plan
 * around PAMTs where they turned out to be; do without parallel
 * initialisation; spare PAMT memory; cross node boundaries; take all PAMTs
 * from one node.
 */
static const u32 ladder[] = {
	RND_LIMIT | RND_HINT | RND_PARALLEL,
	RND_LIMIT,
	RND_LIMIT | RND_HINT,
	RND_LIMIT | RND_FINE,
	RND_LIMIT | RND_DENSE,
	RND_LIMIT | RND_DENSE | RND_HINT,
	RND_LIMIT | RND_DENSE | RND_FINE,
	RND_LIMIT | RND_DENSE | RND_FINE | RND_HINT,
	RND_LIMIT | RND_WIDE,
	RND_LIMIT | RND_WIDE | RND_HINT,
};

/*
 * Nothing came of any plan: try blocks one by one, with PAMTs from each node
 * in turn, until one of them can be TDX memory.
 */
static void try_single_blocks(struct tdmr_work *w)
{
	u32 i, n, tries = 0;

	tdmr_release_all(w);
	tdmr_plan(w, 0);
	for (i = 0; i < w->nr_atoms; i++) {
		const struct tdmr_atom *x = &w->atom[i];

		/* all but the blocks that the PAMTs fall into are alike */
		for (n = 0; n < x->nb && n < SINGLE_BLOCKS; n++) {
			u64 b0 = n & 1 ? x->nb - 1 - n / 2 : n / 2;
			u32 giver = 0;

			for (; giver < w->nr_nodes; giver++) {
				if (tries++ == SINGLE_MAX)
					return;
				tdmr_release_all(w);
				w->nr_drops = 0;
				w->nr_segs = 1;
				w->seg[0].b0 = x->b0 + b0;
				w->seg[0].nb = 1;
				finish_round(w, 0, giver);
				if (w->err || w->nr_t)
					return;
			}
		}
	}
}

/*
 * Where PAMTs or areas are scarce, a TDMR can cost others more RAM than it
 * has: see whether the best round is better off without one of its TDMRs.
 * @last_is_best and what is returned tell whether the last round was the best.
 */
static bool prune(struct tdmr_work *w, u64 bound, u32 *rounds,
		  bool last_is_best)
{
	u32 i, tries = 0;

	for (i = w->nr_best; i-- > 0 && w->nr_best > 1;) {
		u32 n = w->nr_best, d = w->nr_best_drops;

		if (w->err || w->best_loss <= bound || tries++ == PRUNE_MAX ||
		    --*rounds == 0)
			break;
		tdmr_release_all(w);
		memcpy(w->seg, w->best, n * sizeof(*w->seg));
		memmove(&w->seg[i], &w->seg[i + 1],
			(n - 1 - i) * sizeof(*w->seg));
		w->nr_segs = n - 1;
		memcpy(w->drop, w->best_drop, d * sizeof(*w->drop));
		w->nr_drops = d;
		tdmr_add_drop(w, w->best[i].b0, w->best[i].nb, TDMR_LOST_PAMT);
		last_is_best = finish_round(w, 0, NO_NODE);
		if (last_is_best)
			i = min(i, w->nr_best);
	}
	return last_is_best;
}

/* Rounds that add one TDMR after the other. */
static bool grow(struct tdmr_work *w, u64 bound, u32 *rounds,
		 bool last_is_best)
{
	static const u32 how[] = {
		RND_LIMIT, RND_LIMIT | RND_FINE,
		RND_LIMIT | RND_HINT, RND_LIMIT | RND_FINE | RND_HINT,
	};
	u32 i;

	for (i = 0; i < sizeof(how) / sizeof(how[0]); i++) {
		if (w->err || w->best_loss <= bound || --*rounds == 0)
			break;
		keep_hints(w);
		tdmr_release_all(w);
		tdmr_plan(w, how[i]);
		tdmr_grow(w);
		last_is_best = judge_round(w);
	}
	return last_is_best;
}

/**
 * tdmr_run_rounds - find the best layout, and leave it placed
 * @w: work, with the input in order
 *
 * @w->err is set where the allocator asked to stop.
 *
 * Context: as the allocator's.
 */
void tdmr_run_rounds(struct tdmr_work *w)
{
	u64 bound = tdmr_plan(w, RND_PARALLEL);
	u32 rounds = 8 + ROUND_WORK / w->max_tdmrs;
	u32 rungs = sizeof(ladder) / sizeof(ladder[0]), step, givers;
	bool last_is_best = true;

	if (w->in->rounds)
		rounds = min(rounds, w->in->rounds);
	finish_round(w, RND_PARALLEL, NO_NODE);
	givers = w->nr_nodes > 1 ? min(w->nr_nodes, GIVER_MAX) : 0;
	if (w->pamt_short && w->best_loss > bound && rounds > 1) {
		tdmr_release_all(w);
		last_is_best = false;
		w->limit_nb = tdmr_probe_limit(w);
		/* no PAMT for a single block: no round can do better */
		if (!w->limit_nb)
			rounds = 1;
	}
	for (step = 0; step < rungs + 2 * givers; step++) {
		u32 giver = NO_NODE, flags;

		if (w->err || w->best_loss <= bound || --rounds == 0)
			break;
		if (step < rungs) {
			flags = ladder[step];
		} else {
			giver = (step - rungs) / 2;
			flags = RND_LIMIT;
			if ((step - rungs) & 1)
				flags |= RND_HINT;
		}
		last_is_best = round_of(w, flags, giver);
	}
	if (!w->err && w->best_loss > bound && rounds > 1)
		last_is_best = grow(w, bound, &rounds, last_is_best);
	if (!w->err && w->nr_best > 1 && w->best_loss > bound && rounds > 1)
		last_is_best = prune(w, bound, &rounds, last_is_best);
	if (!w->err && !last_is_best)
		replay(w);
	if (!w->err && !w->nr_t && w->limit_nb)
		try_single_blocks(w);
}
