/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPUs, and a clock that only work moves.  Threads get a CPU as an ideal
 * scheduler would give it: the one of their mask that is free first, for as
 * long as a SEAMCALL takes.
 */
#ifndef TESTS_BENCH_MACHINE_H
#define TESTS_BENCH_MACHINE_H

#include <linux/types.h>

/* Who starts a kernel thread is busy with it for so long. */
#define MACHINE_START_NS	50000

void machine_init(unsigned int cpus, unsigned int nodes);
void machine_work(u64 ns);
u64 machine_now(void);

#endif /* TESTS_BENCH_MACHINE_H */
