// SPDX-License-Identifier: GPL-2.0-only
/*
 * cpu_enable, cpu_enable_storm, enable: tdx_host_cpu_enable() and
 * tdx_host_enable() from many CPUs and threads at once.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include <tdx_host/cpu.h>
#include <tdx_host/tdx_host.h>
#include "test.h"

#define MAX_THREADS	64

/* Writing a CPU list calls on these CPUs together, from an interrupt. */

static struct cpumask asked;
static int cpu_result[NR_CPUS];

static void enable_here(void *unused)
{
	cpu_result[smp_processor_id()] = tdx_host_cpu_enable();
}

static int cpu_enable_write(char *line)
{
	int ret = cpulist_parse(line, &asked);
	unsigned int cpu;

	if (ret) {
		cpumask_clear(&asked);
		return ret;
	}
	for_each_cpu(cpu, &asked)
		cpu_result[cpu] = -ENXIO;	/* stays so if it is offline */
	cpus_read_lock();
	on_each_cpu_mask(&asked, enable_here, NULL, true);
	cpus_read_unlock();
	return 0;
}

static void cpu_enable_show(struct seq_file *m)
{
	unsigned int cpu;

	for_each_cpu(cpu, &asked)
		seq_printf(m, "%u %d\n", cpu, cpu_result[cpu]);
}

const struct test_file test_cpu_enable = {
	.name = "cpu_enable",
	.write = cpu_enable_write,
	.show = cpu_enable_show,
};

/**
 * struct crew - threads that do the same thing
 * @work: what each does
 * @rounds: how often each does it, at least
 * @until: they go on until then
 * @start: completed when all are there
 * @left: threads still at it
 * @done: completed when none is left
 * @ok: calls that returned 0
 * @failed: calls that did not
 * @first_error: what the first of these returned
 * @longest_ns: the longest call
 */
struct crew {
	int (*work)(void);
	unsigned int rounds;
	ktime_t until;
	struct completion start;
	atomic_t left;
	struct completion done;
	atomic_t ok;
	atomic_t failed;
	atomic_t first_error;
	atomic64_t longest_ns;
};

static struct crew storm, enablers;

static void note_time(struct crew *c, s64 ns)
{
	s64 old = atomic64_read(&c->longest_ns);

	while (ns > old &&
	       !atomic64_try_cmpxchg(&c->longest_ns, &old, ns))
		;
}

static int crew_thread(void *arg)
{
	struct crew *c = arg;
	unsigned int i;

	wait_for_completion(&c->start);
	for (i = 0; i < c->rounds || ktime_before(ktime_get(), c->until); i++) {
		ktime_t from = ktime_get();
		int ret = c->work();

		note_time(c, ktime_to_ns(ktime_sub(ktime_get(), from)));
		if (!ret) {
			atomic_inc(&c->ok);
		} else {
			atomic_inc(&c->failed);
			atomic_cmpxchg(&c->first_error, 0, ret);
		}
		usleep_range(100, 1000);
	}
	if (atomic_dec_and_test(&c->left))
		complete(&c->done);
	return 0;
}

/* One thread on each of @cpus, or @n of them anywhere. */
static int crew_run(struct crew *c, const struct cpumask *cpus, unsigned int n)
{
	unsigned int i, started = 0, cpu = 0;
	struct task_struct *t;

	init_completion(&c->start);
	init_completion(&c->done);
	atomic_set(&c->left, 1);
	atomic_set(&c->ok, 0);
	atomic_set(&c->failed, 0);
	atomic_set(&c->first_error, 0);
	atomic64_set(&c->longest_ns, 0);
	for (i = 0; i < n; i++) {
		t = kthread_create(crew_thread, c, "tdx_test/%u", i);
		if (IS_ERR(t))
			break;
		if (cpus) {
			cpu = i ? cpumask_next(cpu, cpus) : cpumask_first(cpus);
			kthread_bind(t, cpu);
		}
		atomic_inc(&c->left);
		wake_up_process(t);
		started++;
	}
	complete_all(&c->start);
	if (!atomic_dec_and_test(&c->left))
		wait_for_completion(&c->done);
	return started == n ? 0 : -ENOMEM;
}

static void crew_show(struct seq_file *m, struct crew *c)
{
	seq_printf(m, "ok %d\n", atomic_read(&c->ok));
	seq_printf(m, "failed %d\n", atomic_read(&c->failed));
	seq_printf(m, "first_error %d\n", atomic_read(&c->first_error));
	seq_printf(m, "longest_us %llu\n",
		   (u64)atomic64_read(&c->longest_ns) / NSEC_PER_USEC);
}

/*
 * Writing "N SECONDS" makes a thread on every online CPU call at least N times
 * and for so long.  A CPU may go offline under its thread, which then goes on
 * elsewhere.
 */
static int enable_pinned(void)
{
	int ret;

	preempt_disable();
	ret = tdx_host_cpu_enable();
	preempt_enable();
	return ret;
}

static int storm_write(char *line)
{
	unsigned int seconds;
	cpumask_var_t cpus;
	int ret;

	if (sscanf(line, "%u %u", &storm.rounds, &seconds) != 2)
		return -EINVAL;
	if (!alloc_cpumask_var(&cpus, GFP_KERNEL))
		return -ENOMEM;
	cpumask_copy(cpus, cpu_online_mask);
	storm.work = enable_pinned;
	storm.until = ktime_add_ms(ktime_get(), seconds * MSEC_PER_SEC);
	ret = crew_run(&storm, cpus, cpumask_weight(cpus));
	free_cpumask_var(cpus);
	return ret;
}

static void storm_show(struct seq_file *m)
{
	crew_show(m, &storm);
}

const struct test_file test_storm = {
	.name = "cpu_enable_storm",
	.write = storm_write,
	.show = storm_show,
};

/* Writing N makes N threads call tdx_host_enable() once each, together. */
static int enable_write(char *line)
{
	unsigned int n;
	int ret = kstrtouint(line, 0, &n);

	if (ret)
		return ret;
	if (!n || n > MAX_THREADS)
		return -EINVAL;
	enablers.work = tdx_host_enable;
	enablers.rounds = 1;
	enablers.until = 0;
	return crew_run(&enablers, NULL, n);
}

static void enable_show(struct seq_file *m)
{
	crew_show(m, &enablers);
}

const struct test_file test_enable = {
	.name = "enable",
	.write = enable_write,
	.show = enable_show,
};
