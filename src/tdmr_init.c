// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.SYS.TDMR.INIT over all TDMRs, side by side.
 *
 * Calls for different TDMRs share no lock in the TDX module, so there is a
 * worker for each TDMR, or for each CPU if those are fewer, on a CPU of the
 * node whose PAMT it writes.  Interrupts are off for one call at a time.
 *
 * Source: TDX Module ABI 1.5, TDH.SYS.TDMR.INIT.  RDX moves in steps of 1 GiB
 * and equals the end of the TDMR when that is done; the module says
 * TDMR_ALREADY_INITIALIZED with RDX = 0 from then on.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/topology.h>

#include "compat/compat.h"
#include "error.h"
#include "lp_init.h"
#include "seamcall.h"
#include "status.h"
#include "tdmr/tdmr.h"
#include "tdmr_init.h"
#include "tdmr_progress.h"

#define PROGRESS_PERIOD	HZ

/**
 * struct tdmr_job - one pass over all TDMRs
 * @layout: the TDMRs
 * @taken: bit i: TDMR i has its worker, or had it
 * @workers: those that were started; only their starter looks at the list
 * @running: workers that have not finished, and one for who waits
 * @done: completed when @running falls to 0
 * @err: errno of the first failure; makes the others stop
 */
struct tdmr_job {
	const struct tdmr_result *layout;
	unsigned long *taken;
	struct tdmr_worker *workers;
	atomic_t running;
	struct completion done;
	atomic_t err;
};

struct tdmr_worker {
	struct tdmr_worker *next;
	struct task_struct *task;
	struct tdmr_job *job;
	u32 first;		/* TDMR to begin with */
	struct cpumask cpus;	/* too large for a stack */
};

/* For sysfs: bytes finished and bytes in all, of the pass that runs or ran. */
static atomic64_t tdmr_bytes_done;
static u64 tdmr_bytes_total;

/* One call.  1: call again; 0: the TDMR is done; else an errno, reported. */
static int tdmr_init_step(const struct tdmr *t, struct tdmr_progress *p)
{
	struct tdx_regs args = { .rcx = t->base };
	u64 was = p->done, status;

	status = tdx_host_call(TDH_SYS_TDMR_INIT, &args, true);
	if (tdx_status_is(status, TDX_ST_TDMR_ALREADY_INITIALIZED))
		args.rdx = p->end;
	else if (!status_done(status))
		return error_seamcall(TDH_SYS_TDMR_INIT, status, -1, NULL);
	switch (tdmr_progress(p, args.rdx, ktime_get_mono_fast_ns())) {
	case TDMR_GOES_ON:
		atomic64_add(p->done - was, &tdmr_bytes_done);
		return 1;
	case TDMR_DONE:
		atomic64_add(p->done - was, &tdmr_bytes_done);
		return 0;
	case TDMR_NONSENSE:
		error_set_cause(TDX_CAUSE_ODD_METADATA,
				"TDH.SYS.TDMR.INIT is at %#llx in [%#llx-%#llx), after %#llx",
				args.rdx, t->base, p->end, was);
		return -EIO;
	case TDMR_STALLED:
		break;
	}
	error_set_cause(TDX_CAUSE_NO_PROGRESS, NULL);
	return -EIO;
}

/* One TDMR from where the TDX module left it, or until another one failed. */
static int tdmr_init_one(struct tdmr_job *job, const struct tdmr *t)
{
	struct tdmr_progress p = {
		.done = t->base,
		.end = t->base + t->size,
		.since = ktime_get_mono_fast_ns(),
	};
	int ret;

	do {
		ret = tdmr_init_step(t, &p);
		cond_resched();
	} while (ret > 0 && !atomic_read(&job->err));
	return min(ret, 0);
}

/* A TDMR that nobody took yet, of this node if there is one; -1 if none. */
static int tdmr_job_take(struct tdmr_job *job, int node)
{
	const struct tdmr_result *l = job->layout;
	int pass;
	u32 i;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < l->nr_tdmrs; i++)
			if ((pass || l->tdmr[i].node == node) &&
			    !test_and_set_bit(i, job->taken))
				return i;
	return -1;
}

/*
 * A CPU that came after TDH.SYS.CONFIG is online, but cannot make SEAMCALLs.
 * Where all CPUs of the node go offline later the scheduler finds another.
 */
static void tdmr_worker_move(struct tdmr_worker *w, int node)
{
	cpus_read_lock();
	lp_init_ready_mask(&w->cpus);
	if (cpumask_intersects(&w->cpus, cpumask_of_node(node)))
		cpumask_and(&w->cpus, &w->cpus, cpumask_of_node(node));
	set_cpus_allowed_ptr(current, &w->cpus);
	cpus_read_unlock();
}

static void tdmr_job_finish(struct tdmr_job *job)
{
	if (atomic_dec_and_test(&job->running))
		complete(&job->done);
}

static int tdmr_worker_run(void *arg)
{
	struct tdmr_worker *w = arg;
	struct tdmr_job *job = w->job;
	const struct tdmr_result *l = job->layout;
	int err, i = w->first;

	/* Somebody who had nothing left may have come before us. */
	if (test_and_set_bit(i, job->taken))
		i = tdmr_job_take(job, l->tdmr[i].node);
	for (; i >= 0; i = tdmr_job_take(job, l->tdmr[i].node)) {
		tdmr_worker_move(w, l->tdmr[i].node);
		err = tdmr_init_one(job, &l->tdmr[i]);
		if (err)
			atomic_cmpxchg(&job->err, 0, err);
		if (atomic_read(&job->err))
			break;
	}
	tdmr_job_finish(job);
	return 0;
}

static int tdmr_worker_start(struct tdmr_job *job, u32 first)
{
	struct tdmr_worker *w;

	w = kzalloc(sizeof(*w), GFP_KERNEL);
	if (!w)
		return -ENOMEM;
	w->job = job;
	w->first = first;
	w->task = kthread_create_on_node(tdmr_worker_run, w,
					 job->layout->tdmr[first].node,
					 "tdx_host/%u", first);
	if (IS_ERR(w->task)) {
		int err = PTR_ERR(w->task);

		kfree(w);
		return err;
	}
	get_task_struct(w->task);
	w->next = job->workers;
	job->workers = w;
	atomic_inc(&job->running);
	wake_up_process(w->task);
	return 0;
}

/*
 * A worker that has finished is still on its way out of our code, which may be
 * unloaded next.
 */
static void tdmr_job_join(struct tdmr_job *job)
{
	struct tdmr_worker *w;

	while ((w = job->workers)) {
		job->workers = w->next;
		kthread_stop(w->task);
		put_task_struct(w->task);
		kfree(w);
	}
}

/**
 * tdmr_init_percent() - how far TDMR initialisation is
 *
 * Context: Any.
 * Return: 0 to 100; 0 before it began.
 */
unsigned int tdmr_init_percent(void)
{
	u64 total = READ_ONCE(tdmr_bytes_total);

	if (!total)
		return 0;
	return div64_u64(atomic64_read(&tdmr_bytes_done) * 100, total);
}

static void tdmr_job_wait(struct tdmr_job *job)
{
	while (!wait_for_completion_timeout(&job->done, PROGRESS_PERIOD))
		pr_info("initialising TDX memory: %u%% (%llu of %llu GiB)\n",
			tdmr_init_percent(),
			(u64)atomic64_read(&tdmr_bytes_done) >> 30,
			tdmr_bytes_total >> 30);
}

/**
 * tdmr_init_all() - initialise every TDMR
 * @layout: as given to TDH.SYS.CONFIG
 *
 * After a failure it may be called again: TDMRs that are done say so, others
 * go on where they were.
 *
 * Context: Sleeps, for long; CPUs may come and go meanwhile.
 * Return: 0, -ENOMEM when not even one worker could be started, or the errno
 *	   of the first status that was final, reported.
 */
int tdmr_init_all(const struct tdmr_result *layout)
{
	struct tdmr_job job = {
		.layout = layout,
		.running = ATOMIC_INIT(1),
		.err = ATOMIC_INIT(0),
	};
	u32 i, workers = min(layout->nr_tdmrs, num_online_cpus());
	u64 total = 0;
	int err = 0;

	might_sleep();
	job.taken = bitmap_zalloc(layout->nr_tdmrs, GFP_KERNEL);
	if (!job.taken)
		return -ENOMEM;
	init_completion(&job.done);
	for (i = 0; i < layout->nr_tdmrs; i++)
		total += layout->tdmr[i].size;
	atomic64_set(&tdmr_bytes_done, 0);
	WRITE_ONCE(tdmr_bytes_total, total);

	/* Fewer workers than wanted take longer, that is all. */
	for (i = 0; i < workers && !err; i++)
		err = tdmr_worker_start(&job, i);
	if (i == 1 && err)
		goto out;
	tdmr_job_finish(&job);
	tdmr_job_wait(&job);
	tdmr_job_join(&job);
	err = atomic_read(&job.err);
out:
	bitmap_free(job.taken);
	return err;
}
