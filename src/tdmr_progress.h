/* SPDX-License-Identifier: GPL-2.0-only */
/* How far the TDX module is with a TDMR, and whether it can be believed. */
#ifndef TDX_HOST_SRC_TDMR_PROGRESS_H
#define TDX_HOST_SRC_TDMR_PROGRESS_H

#include <linux/types.h>

/**
 * enum tdmr_step - what follows from an answer of TDH.SYS.TDMR.INIT
 * @TDMR_GOES_ON: call again
 * @TDMR_DONE: the TDMR is initialised
 * @TDMR_STALLED: it would be called again for ever
 * @TDMR_NONSENSE: the TDX module is where it cannot be
 */
enum tdmr_step { TDMR_GOES_ON, TDMR_DONE, TDMR_STALLED, TDMR_NONSENSE };

/**
 * struct tdmr_progress - how far the TDX module is with a TDMR
 * @end: one past the last byte of the TDMR
 * @done: initialised up to here, by what it said last; at first the base
 * @since: when @done last moved, monotonic, ns; at first the begin
 * @calls: calls since then
 */
struct tdmr_progress {
	u64 end;
	u64 done;
	u64 since;
	u32 calls;
};

enum tdmr_step tdmr_progress(struct tdmr_progress *p, u64 next, u64 now);

#endif /* TDX_HOST_SRC_TDMR_PROGRESS_H */
