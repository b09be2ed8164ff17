/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts the instructions of a function exactly, one step at a time. */
#ifndef TESTS_BENCH_COUNT_H
#define TESTS_BENCH_COUNT_H

/**
 * struct count - instructions of one call of a function
 * @all: from the function's first to its return
 * @part: of these, in the part that was named
 * @faked: of these, in the place of one that needs privileges, but for CR4
 */
struct count {
	unsigned long all, part, faked;
};

struct count count_call(unsigned long (*fn)(void), const void *part,
			const void *part_end);

#endif /* TESTS_BENCH_COUNT_H */
