// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bring-up: a list of steps, each done once and remembered, so that the call
 * after a failure goes on where the last one stopped.
 *
 * A worker does the work; whoever calls tdx_host_enable() waits for it, so a
 * caller that is killed leaves nothing half done.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <tdx_host/tdx_host.h>
#include "bringup.h"
#include "compat.h"
#include "lp_init.h"
#include "state.h"
#include "sysinfo.h"

/**
 * struct attempt - one run of the worker, shared by all who wait for it
 * @ref: the worker's reference and one for each waiter
 * @done: completed with @result set
 * @result: 0 or a negative errno
 */
struct attempt {
	struct kref ref;
	struct completion done;
	int result;
};

/* Guards current_attempt: who finds one waits for it, else starts one. */
static DEFINE_MUTEX(attempt_mutex);
static struct attempt *current_attempt;

/* Steps done so far; only the worker touches it. */
static unsigned int steps_done;

static int (* const steps[])(void) = {
	tdx_host_lp_init_all,
	tdx_host_sysinfo_read,
};

static void attempt_free(struct kref *ref)
{
	kfree(container_of(ref, struct attempt, ref));
}

static int run_steps(void)
{
	int err = 0;

	cpus_read_lock();
	while (!err && steps_done < ARRAY_SIZE(steps)) {
		err = steps[steps_done]();
		if (!err)
			steps_done++;
	}
	cpus_read_unlock();
	return err;
}

static void bringup_work(struct work_struct *work)
{
	struct attempt *a = current_attempt;
	int err;

	tdx_host_state_set(TDX_HOST_INITIALIZING);
	err = run_steps();
	if (!err)
		tdx_host_error_clear();
	tdx_host_state_set(err ? TDX_HOST_FAILED : TDX_HOST_DETECTED);

	mutex_lock(&attempt_mutex);
	current_attempt = NULL;
	mutex_unlock(&attempt_mutex);
	a->result = err;
	complete_all(&a->done);
	kref_put(&a->ref, attempt_free);
}

static DECLARE_WORK(work, bringup_work);

/* The attempt that is running, or a new one, with a reference for us. */
static struct attempt *join_attempt(void)
{
	struct attempt *a;

	mutex_lock(&attempt_mutex);
	a = current_attempt;
	if (a) {
		kref_get(&a->ref);
		goto out;
	}
	a = kzalloc(sizeof(*a), GFP_KERNEL);
	if (!a)
		goto out;
	kref_init(&a->ref);
	kref_get(&a->ref);
	init_completion(&a->done);
	current_attempt = a;
	queue_work(system_unbound_wq, &work);
out:
	mutex_unlock(&attempt_mutex);
	return a;
}

int tdx_host_enable(void)
{
	struct attempt *a;
	int err;

	switch (tdx_host_state_get()) {
	case TDX_HOST_UNSUPPORTED:
	case TDX_HOST_DISABLED:
		return -ENODEV;
	case TDX_HOST_READY:
		return 0;
	default:
		break;
	}
	a = join_attempt();
	if (!a)
		return -ENOMEM;
	err = wait_for_completion_killable(&a->done);
	if (!err)
		err = a->result;
	else
		err = -EINTR;
	kref_put(&a->ref, attempt_free);
	return err;
}
TDX_HOST_EXPORT(tdx_host_enable);

/* Nobody can start an attempt any more; wait for one that still runs. */
void tdx_host_bringup_exit(void)
{
	flush_work(&work);
	tdx_host_sysinfo_free();
}
