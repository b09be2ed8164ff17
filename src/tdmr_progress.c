// SPDX-License-Identifier: GPL-2.0-only
/* Judges the answers of TDH.SYS.TDMR.INIT. */
#include <linux/kernel.h>

#include "tdmr/tdmr.h"
#include "tdmr_progress.h"

/*
 * A GiB is 256 calls, each of which writes 16 KiB.  Both bounds have to be
 * passed: calls are slow where others want the CPU, and time means nothing
 * where there is little of it.
 */
#define STALLED_CALLS	(16 * 256)
#define STALLED_NS	5000000000ULL

/**
 * tdmr_progress() - judge an answer of TDH.SYS.TDMR.INIT
 * @p: zeroed but for @p->done, @p->end and @p->since before the first one
 * @next: address up to which it says that all is initialised
 * @now: monotonic, ns
 *
 * An address that is taken is in whole GiB (TDX Module ABI 1.5,
 * TDH.SYS.TDMR.INIT), which also bounds how often it can move.
 *
 * Return: what follows.
 */
enum tdmr_step tdmr_progress(struct tdmr_progress *p, u64 next, u64 now)
{
	if (next < p->done || next > p->end)
		return TDMR_NONSENSE;
	next = ALIGN_DOWN(next, TDMR_ALIGN);
	p->calls++;
	if (next > p->done) {
		p->done = next;
		p->since = now;
		p->calls = 0;
	}
	if (p->done >= p->end)
		return TDMR_DONE;
	if (p->calls >= STALLED_CALLS && now - p->since >= STALLED_NS)
		return TDMR_STALLED;
	return TDMR_GOES_ON;
}
