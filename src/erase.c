// SPDX-License-Identifier: GPL-2.0-only
/* Memory that the TDX module wrote, made harmless. */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>

#include "erase.h"

/**
 * erase_lines() - make memory that the TDX module wrote usable again, at once
 * @pa: physical address, 64 byte aligned
 * @size: bytes
 *
 * For CPUs with the partial-write erratum: a write of less than a cache line
 * to memory that was written with a private KeyID poisons it.  So the first
 * write must be of a whole line at once, as MOVDIR64B's is.  Caches must have
 * been written back before.
 *
 * Context: Any.
 */
void erase_lines(u64 pa, u64 size)
{
	static const u8 zero[64] __aligned(64);
	u64 end = pa + size;

	for (; pa < end; pa += 64)
		asm volatile("movdir64b (%0), %1"
			     : : "r" (zero), "r" (__va(pa)) : "memory");
	/* MOVDIR64B is weakly ordered: finish before anybody else writes. */
	mb();
}

/**
 * erase_range() - erase_lines() of any size
 * @pa: physical address, 4 KiB aligned
 * @size: bytes
 *
 * Context: Sleeps.
 */
void erase_range(u64 pa, u64 size)
{
	u64 end = pa + size, n;

	might_sleep();
	for (; pa < end; pa += n) {
		n = min_t(u64, end - pa, SZ_2M);
		erase_lines(pa, n);
		cond_resched();
	}
}
