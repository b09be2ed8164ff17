// SPDX-License-Identifier: GPL-2.0-only
/* What the call path finds around it, see kernel.h. */
#include <cpuid.h>
#include <x86intrin.h>

#include "kernel.h"

int bench_cpu;
unsigned long bench_cr4;
struct page bench_pages[BENCH_PAGES];
char bench_memory[BENCH_PAGES * 4096] __attribute__((aligned(4096)));

/*
 * As the kernel reads the clock: one of two copies, by a counter that tells
 * whether it has changed meanwhile; the TSC, in order; multiplied and shifted.
 */
static struct {
	u32 seq;
	struct {
		u64 base, last, mask;
		u32 mult, shift;
	} copy[2];
} clock_now = {
	.copy = { { .mask = ~0ULL, .mult = 1 << 20, .shift = 21 },
		  { .mask = ~0ULL, .mult = 1 << 20, .shift = 21 } },
};

noinline u64 ktime_get_mono_fast_ns(void)
{
	u64 tsc, now;
	u32 seq;

	do {
		seq = READ_ONCE(clock_now.seq);
		_mm_lfence();
		tsc = __rdtsc();
		now = clock_now.copy[seq & 1].base +
		      (((tsc - clock_now.copy[seq & 1].last) &
			clock_now.copy[seq & 1].mask) *
		       clock_now.copy[seq & 1].mult >>
		       clock_now.copy[seq & 1].shift);
	} while (READ_ONCE(clock_now.seq) != seq);
	return now;
}

/* The kernel takes CLFLUSHOPT where there is one, by patching its text. */
static bool has_clflushopt;

__attribute__((constructor))
static void find_clflushopt(void)
{
	u32 a, b, c, d;

	has_clflushopt = __get_cpuid_count(7, 0, &a, &b, &c, &d) &&
			 b & bit_CLFLUSHOPT;
}

__attribute__((target("clflushopt")))
void clflush_cache_range(void *p, unsigned int size)
{
	char *line = p, *end = line + size;

	_mm_mfence();
	if (has_clflushopt)
		for (; line < end; line += 64)
			_mm_clflushopt(line);
	else
		for (; line < end; line += 64)
			_mm_clflush(line);
	_mm_mfence();
}

/* A ring buffer that nobody reads. */
noinline void *bench_record(size_t size)
{
	static char ring[4096];
	static size_t at;

	if (at + size > sizeof(ring))
		at = 0;
	at += (size + 7) & ~7UL;
	return ring + at - ((size + 7) & ~7UL);
}

/* Nothing that is measured meets an NMI, or has to wait. */
struct bench_apic *apic;

void iret_to_self(void)
{
	abort();
}

void udelay(unsigned long us)
{
	abort();
}

void msleep(unsigned int ms)
{
	abort();
}

void cond_resched(void)
{
	abort();
}
