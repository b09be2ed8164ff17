// SPDX-License-Identifier: GPL-2.0-only
/* Memory that the TDX module wrote, made harmless. */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>

#include "erase.h"

/**
 * erase_range() - make memory that the TDX module wrote usable again
 * @pa: physical address, 4 KiB aligned
 * @size: bytes
 *
 * For CPUs with the partial-write erratum: a write of less than a cache line
 * to memory that was written with a private KeyID poisons it.  So the first
 * write must be of a whole line at once, as MOVDIR64B's is.  Caches must have
 * been written back before.
 *
 * Context: Sleeps.
 */
void erase_range(u64 pa, u64 size)
{
	static const u8 zero[64] __aligned(64);
	u64 end = pa + size;

	might_sleep();
	for (; pa < end; pa += 64) {
		asm volatile("movdir64b (%0), %1"
			     : : "r" (zero), "r" (__va(pa)) : "memory");
		if (IS_ALIGNED(pa, SZ_2M))
			cond_resched();
	}
	/* MOVDIR64B is weakly ordered: finish before anybody else writes. */
	mb();
}
