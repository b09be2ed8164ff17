// SPDX-License-Identifier: GPL-2.0-only
/*
 * Per leaf: calls, retries, errors and a latency histogram, for debugfs.
 * Counted per CPU, so that counting takes no shared cache line into a call.
 */
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/percpu.h>
#include <linux/seq_file.h>

#include "stats.h"
#include "status.h"

/* Bucket 0: below 1 us; bucket n: below 2^n us; the last: all the rest. */
#define STATS_BUCKETS	16

struct leaf_stats {
	u64 calls;
	u64 transient;
	u64 errors;
	u64 latency[STATS_BUCKETS];
};

/* One slot per leaf of leaves.def, in its order, and one for any other. */
enum stats_slot {
#define TDX_LEAF(name, number, text, transient) SLOT_##name,
#include <tdx/leaves.def>
	SLOT_OTHER,
	NR_SLOTS
};

static const u16 stats_slot_leaf[] = {
#define TDX_LEAF(name, number, text, transient) [SLOT_##name] = (number),
#include <tdx/leaves.def>
};

/* By the leaf's number, one more than its slot; 0 where there is none. */
static const u8 stats_leaf_slot[] = {
#define TDX_LEAF(name, number, text, transient) [number] = SLOT_##name + 1,
#include <tdx/leaves.def>
};
static_assert(NR_SLOTS <= U8_MAX);

/*
 * An array of NR_SLOTS.  It is allocated because all modules together have no
 * more than 8 KiB of static per-CPU memory.  Where that failed it is NULL and
 * nothing is counted.  Not __ro_after_init: kmemleak does not look there, and
 * takes the array for lost.
 */
static struct leaf_stats __percpu *stats_percpu;

/**
 * stats_init() - count from now on, or say that there is no memory for it
 *
 * Context: Sleeps; before the first SEAMCALL.
 */
void stats_init(void)
{
	/* __GFP_NOWARN: the sentence below is enough, a stack adds nothing. */
	stats_percpu = __alloc_percpu_gfp(NR_SLOTS * sizeof(*stats_percpu),
					  __alignof__(*stats_percpu),
					  GFP_KERNEL | __GFP_NOWARN);
	if (!stats_percpu)
		pr_warn("no memory for counters: debugfs shows no calls\n");
}

/**
 * stats_exit() - forget the counts
 *
 * Context: Sleeps; after the last SEAMCALL.
 */
void stats_exit(void)
{
	free_percpu(stats_percpu);
}

static unsigned int stats_slot_of(u64 leaf)
{
	u64 number = leaf & TDX_LEAF_NUMBER_MASK;

	/* The P-SEAMLDR numbers its functions from 0 as well. */
	if (leaf & TDX_LEAF_SEAMLDR || number >= ARRAY_SIZE(stats_leaf_slot) ||
	    !stats_leaf_slot[number])
		return SLOT_OTHER;
	return stats_leaf_slot[number] - 1;
}

/**
 * stats_add() - count a call
 * @leaf: the leaf that was called
 * @status: what it returned
 * @ns: how long it took, VMX window included, nanoseconds
 *
 * Context: Interrupts off: the counters are this CPU's.
 */
void stats_add(u64 leaf, u64 status, u64 ns)
{
	struct leaf_stats *s;
	u64 us = ns / 1000;

	lockdep_assert_irqs_disabled();
	if (!stats_percpu)
		return;
	s = this_cpu_ptr(stats_percpu + stats_slot_of(leaf));
	s->calls++;
	if (status_transient(leaf, status))
		s->transient++;
	else if (!tdx_status_ok(status))
		s->errors++;
	s->latency[us ? min(ilog2(us) + 1, STATS_BUCKETS - 1) : 0]++;
}

/* The sum over CPUs that go on counting is right to within a call or two. */
static void stats_sum(unsigned int slot, struct leaf_stats *sum)
{
	int cpu, b;

	*sum = (struct leaf_stats) { };
	for_each_possible_cpu(cpu) {
		const struct leaf_stats *s = per_cpu_ptr(stats_percpu + slot,
							 cpu);

		sum->calls += READ_ONCE(s->calls);
		sum->transient += READ_ONCE(s->transient);
		sum->errors += READ_ONCE(s->errors);
		for (b = 0; b < STATS_BUCKETS; b++)
			sum->latency[b] += READ_ONCE(s->latency[b]);
	}
}

/**
 * stats_show() - a line per leaf that was called, for debugfs
 * @m: where to
 *
 * Context: Sleeps.
 */
void stats_show(struct seq_file *m)
{
	struct leaf_stats sum;
	unsigned int i;
	int b;

	if (!stats_percpu)
		return;
	seq_puts(m, "# leaf calls transient errors | calls below 1 2 4 8 ... us\n");
	for (i = 0; i < NR_SLOTS; i++) {
		stats_sum(i, &sum);
		if (!sum.calls)
			continue;
		seq_printf(m, "%s %llu %llu %llu |",
			   i < ARRAY_SIZE(stats_slot_leaf) ?
				status_leaf_name(stats_slot_leaf[i]) : "other",
			   sum.calls, sum.transient, sum.errors);
		for (b = 0; b < STATS_BUCKETS; b++)
			seq_printf(m, " %llu", sum.latency[b]);
		seq_putc(m, '\n');
	}
}
