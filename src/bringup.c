// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bring-up and its mirror, the shutdown.  Bring-up is a list of steps, each of
 * which knows what is done already: the call after a failure goes on where the
 * last one stopped.
 *
 * A worker does the work, and whoever calls tdx_host_enable() waits for it.  So
 * a caller that is killed leaves nothing half done.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <asm/smp.h>

#include <tdx_host/tdx_host.h>
#include "bringup.h"
#include "compat/compat.h"
#include "config.h"
#include "error.h"
#include "layout.h"
#include "lp_init.h"
#include "notify.h"
#include "platform.h"
#include "seamcall.h"
#include "state.h"
#include "status.h"
#include "sysinfo.h"
#include "td/keyid.h"
#include "tdmr_init.h"

/**
 * struct bringup_attempt - one run of the worker, shared by all who wait for it
 * @ref: the worker's reference and one for each waiter
 * @done: completed with @result set
 * @result: 0 or a negative errno
 */
struct bringup_attempt {
	struct kref ref;
	struct completion done;
	int result;
};

/* Guards current_attempt: whoever finds one waits for it, else starts one. */
static DEFINE_MUTEX(attempt_mutex);
static struct bringup_attempt *current_attempt;

/*
 * TDH.SYS.CONFIG succeeded: the TDX module owns the PAMTs, and so tdx_host has
 * to stay.  Set by the worker, and cleared by a shutdown, which excludes the
 * worker.
 */
static bool configured;

/*
 * TDH.SYS.DISABLE began and did not end: the TDX module answers nothing else,
 * and still owns the PAMTs.  Guarded by attempt_mutex.
 */
static bool half_down;

/* The machine goes down: nothing begins any more.  Guarded by attempt_mutex. */
static bool ended;

static void bringup_attempt_free(struct kref *ref)
{
	kfree(container_of(ref, struct bringup_attempt, ref));
}

static int bringup_configure(void)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();
	bool taken;
	int err;

	/* An unload that has begun would leave the PAMTs without an owner. */
	if (!try_module_get(THIS_MODULE)) {
		error_set_cause(TDX_CAUSE_BEING_UNLOADED, NULL);
		return -ENODEV;
	}
	err = config_tdmrs(layout_get(), si->max_reserved_per_tdmr,
			   platform_get()->global_keyid, &taken);
	if (taken)
		WRITE_ONCE(configured, true);
	else
		module_put(THIS_MODULE);
	return err;
}

static int bringup_init_tdmrs(void)
{
	return tdmr_init_all(layout_get());
}

/*
 * In this order; each does nothing where its work is done already.  CPUs may
 * come and go between two steps, and in the long ones: who holds
 * cpus_read_lock() keeps everybody from patching text, tracing and hotplug.
 */
static const struct bringup_step {
	int (*run)(void);
	bool before_config;	/* not run any more once configured */
} bringup_steps[] = {
	{ lp_init_all,			true },
	{ sysinfo_read,			true },
	{ layout_make,			true },
	{ bringup_configure,		true },
	{ config_keys,			false },
	{ bringup_init_tdmrs,		false },
};

static int bringup_run_steps(void)
{
	size_t i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(bringup_steps) && !err; i++)
		if (!configured || !bringup_steps[i].before_config)
			err = bringup_steps[i].run();
	/* The TDX module never saw this layout; the next may be better. */
	if (err && !configured)
		layout_free(false);
	return err;
}

static void bringup_work(struct work_struct *work)
{
	struct bringup_attempt *a = current_attempt;
	int err;

	error_clear();
	state_set(TDX_HOST_INITIALIZING);
	err = bringup_run_steps();
	if (err == -ENOMEM)
		error_set_default(TDX_CAUSE_OUT_OF_MEMORY);
	if (!err)
		pr_info("TDX is ready; tdx_host stays loaded, since the TDX module owns PAMT memory now\n");
	/* What a CPU that came meanwhile had to report is in dmesg. */
	if (!err)
		error_clear();
	state_set(err ? TDX_HOST_FAILED : TDX_HOST_READY);
	if (!err)
		notify_ready();

	mutex_lock(&attempt_mutex);
	current_attempt = NULL;
	mutex_unlock(&attempt_mutex);
	a->result = err;
	complete_all(&a->done);
	kref_put(&a->ref, bringup_attempt_free);
}

static DECLARE_WORK(bringup_worker, bringup_work);

/* May anything begin at all?  Returns 0 or a negative errno, reported. */
static int bringup_may_begin(void)
{
	lockdep_assert_held(&attempt_mutex);
	if (!ended)
		return 0;
	error_set_cause(TDX_CAUSE_GOING_DOWN, NULL);
	return -ESHUTDOWN;
}

/*
 * The attempt that is running or a new one, with a reference for us; NULL
 * where one has just succeeded; ERR_PTR() of -ENOMEM, -ESHUTDOWN or, where a
 * shutdown did not end, -EIO: each of them reported.
 */
static struct bringup_attempt *bringup_join(void)
{
	struct bringup_attempt *a;
	int err;

	mutex_lock(&attempt_mutex);
	a = current_attempt;
	if (a) {
		kref_get(&a->ref);
		goto out;
	}
	/* The caller looked at the state before it waited for the mutex. */
	if (tdx_host_state_get() == TDX_HOST_READY)
		goto out;
	err = bringup_may_begin();
	if (!err && half_down) {
		error_set_cause(TDX_CAUSE_HALF_DOWN, NULL);
		err = -EIO;
	}
	if (err) {
		a = ERR_PTR(err);
		goto out;
	}
	a = kzalloc(sizeof(*a), GFP_KERNEL);
	if (!a) {
		error_set_cause(TDX_CAUSE_OUT_OF_MEMORY, NULL);
		a = ERR_PTR(-ENOMEM);
		goto out;
	}
	kref_init(&a->ref);
	kref_get(&a->ref);
	init_completion(&a->done);
	current_attempt = a;
	queue_work(tdx_compat_unbound_wq, &bringup_worker);
out:
	mutex_unlock(&attempt_mutex);
	return a;
}

int tdx_host_enable(void)
{
	struct bringup_attempt *a;
	int err;

	might_sleep();
	switch (tdx_host_state_get()) {
	case TDX_HOST_UNSUPPORTED:
	case TDX_HOST_DISABLED:
		return -ENODEV;
	case TDX_HOST_READY:
		return 0;
	default:
		break;
	}
	a = bringup_join();
	if (IS_ERR_OR_NULL(a))
		return PTR_ERR_OR_ZERO(a);
	err = wait_for_completion_killable(&a->done);
	if (!err)
		err = a->result;
	else
		err = -EINTR;
	kref_put(&a->ref, bringup_attempt_free);
	return err;
}
TDX_HOST_EXPORT(tdx_host_enable);

static bool bringup_can_shut_down(void)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();

	return si && si->features0 & TDX_FEATURES0_SYS_DISABLE;
}

/* No KeyID is given out any more, and those that are out are given back. */
static int bringup_vacate(void)
{
	char owner[KEYID_OWNER];
	u32 keyid;

	lockdep_assert_held(&attempt_mutex);
	keyid_close();
	/* Without cpus_read_lock(): tearing a TD down takes it. */
	notify_going_down(false);
	keyid = keyid_first_owner(owner);
	if (!keyid)
		return 0;
	error_set_cause(TDX_CAUSE_KEYIDS_IN_USE, "%u KeyIDs, KeyID %u by %s",
			keyid_nr_in_use(), keyid, owner);
	return -EBUSY;
}

/* Does the TDX module refuse everybody, if it is there at all? */
static bool bringup_is_shut(void)
{
	struct tdx_regs args = { .rdx = ~0ULL };
	u64 status = tdx_host_call(TDH_SYS_RD, &args, true);

	return tdx_status_is(status, TDX_ST_SYS_SHUTDOWN) ||
	       tdx_status_is(status, TDX_ST_SEAMCALL_VMFAILINVALID);
}

/*
 * TDH.SYS.DISABLE gives way to interrupts, with everybody else shut out.  So
 * where it fails it may have begun.
 */
static int bringup_call_disable(void)
{
	struct tdx_regs args = { };
	u64 status = tdx_host_call(TDH_SYS_DISABLE, &args, true);
	int err;

	if (status_done(status)) {
		half_down = false;
		return 0;
	}
	err = error_seamcall(TDH_SYS_DISABLE, status, -1, NULL);
	if (tdx_status_is(status, TDX_ST_INTERRUPTED_RESUMABLE) ||
	    bringup_is_shut())
		half_down = true;
	if (!half_down)
		return err;
	error_set_cause(TDX_CAUSE_HALF_DOWN, NULL);
	return -EIO;
}

static int bringup_shut_down(void)
{
	int err;

	lockdep_assert_held(&attempt_mutex);
	err = bringup_call_disable();
	if (err)
		return err;
	/* Lines with the global KeyID must not be written back later. */
	wbinvd_on_all_cpus();
	layout_free(platform_get()->partial_write_erratum);
	config_forget_keys();
	/* For a CPU that comes, TDX is there with all of this or not at all. */
	cpus_read_lock();
	lp_init_forget();
	WRITE_ONCE(configured, false);
	cpus_read_unlock();
	return 0;
}

static int bringup_disable_configured(void)
{
	enum tdx_host_state was = tdx_host_state_get();
	int err;

	lockdep_assert_held(&attempt_mutex);
	if (!bringup_can_shut_down()) {
		error_set_cause(TDX_CAUSE_NO_SHUTDOWN, NULL);
		return -EOPNOTSUPP;
	}
	err = bringup_vacate();
	if (!err) {
		state_set(TDX_HOST_INITIALIZING);
		err = bringup_shut_down();
		state_set(!err ? TDX_HOST_DETECTED :
			  half_down ? TDX_HOST_FAILED : was);
	}
	keyid_open();
	if (!err) {
		error_clear();
		pr_info("the TDX module is shut down and its memory returned; to enable TDX again, reset the platform, or have it load a TDX module\n");
		module_put(THIS_MODULE);
	} else if (tdx_host_state_get() == TDX_HOST_READY) {
		/* They heard the contrary. */
		notify_ready();
	}
	return err;
}

/**
 * bringup_disable() - shut the TDX module down and take its memory back
 *
 * Consumers are told before, so that they destroy their TDs.
 *
 * Where TDH.SYS.DISABLE began and did not end, nobody can use TDX any more and
 * its memory stays where it is; the next call goes on with it.
 *
 * Context: Process context, sleeps; not under cpus_read_lock().
 * Return: 0, also when there is nothing to shut down; -EBUSY during bring-up
 *	   or while KeyIDs are in use; -EOPNOTSUPP where the TDX module cannot
 *	   be shut down; -ESHUTDOWN when the machine is going down; -EIO when
 *	   TDH.SYS.DISABLE did not end; else the errno of the status.
 */
int bringup_disable(void)
{
	int err;

	might_sleep();
	/* Held throughout, so that no bring-up can begin. */
	mutex_lock(&attempt_mutex);
	err = bringup_may_begin();
	if (!err && current_attempt)
		err = -EBUSY;
	if (!err && configured)
		err = bringup_disable_configured();
	mutex_unlock(&attempt_mutex);
	return err;
}

/**
 * bringup_active() - is there TDX state that a loss of power would destroy?
 *
 * Context: Any; bring-up may begin right after the answer.
 * Return: true from the beginning of bring-up to the end of a shutdown, unless
 *	   bring-up failed before TDH.SYS.CONFIG.
 */
bool bringup_active(void)
{
	return READ_ONCE(configured) ||
	       tdx_host_state_get() == TDX_HOST_INITIALIZING;
}

/**
 * bringup_configured() - does the TDX module know all its CPUs and memory?
 *
 * Context: Any; in a CPU hotplug callback it stays true once it is.
 * Return: true from TDH.SYS.CONFIG to the end of a shutdown.
 */
bool bringup_configured(void)
{
	return READ_ONCE(configured);
}

/* How long to wait for a bring-up that finds its SEAMCALLs refused. */
#define BRINGUP_END_TIMEOUT	(2 * HZ)

/*
 * From here on no attempt begins, nor does a shutdown.  False where nobody ever
 * asked for TDX.
 */
static bool bringup_forbid(void)
{
	bool asked;

	mutex_lock(&attempt_mutex);
	ended = true;
	asked = current_attempt || lp_init_wanted();
	mutex_unlock(&attempt_mutex);
	return asked;
}

static void bringup_wait(void)
{
	struct bringup_attempt *a;

	mutex_lock(&attempt_mutex);
	a = current_attempt;
	if (a)
		kref_get(&a->ref);
	mutex_unlock(&attempt_mutex);
	if (!a)
		return;
	if (!wait_for_completion_timeout(&a->done, BRINGUP_END_TIMEOUT))
		pr_warn("bring-up did not stop in time\n");
	kref_put(&a->ref, bringup_attempt_free);
}

/**
 * bringup_end() - leave nothing of TDX behind for the next kernel
 *
 * Has consumers destroy their TDs, stops SEAMCALLs, shuts the TDX module down
 * where that is possible, and makes the memory that it wrote safe: no dirty
 * line with a private KeyID in any cache, no poison in PAMTs on CPUs with the
 * partial-write erratum.  Pages of TDs that are still alive are not known, so
 * their KeyIDs are named.  Memory is not freed, and nothing can be undone: the
 * machine reboots or goes off, or kexec jumps.
 *
 * Context: Sleeps.
 */
void bringup_end(void)
{
	struct tdx_regs args = { };
	u64 status;

	might_sleep();
	if (!bringup_forbid()) {
		/* Nobody has asked for TDX, and now nobody does any more. */
		seamcall_stop();
		return;
	}
	keyid_close();
	notify_going_down(true);
	keyid_report_lost();
	seamcall_stop();
	bringup_wait();
	if (bringup_configured() && bringup_can_shut_down()) {
		status = tdx_host_call(TDH_SYS_DISABLE, &args, true);
		if (!status_done(status))
			error_seamcall(TDH_SYS_DISABLE, status, -1, NULL);
	}
	wbinvd_on_all_cpus();
	/*
	 * An attempt that did not stop in time may be giving its layout back,
	 * which it does only if the TDX module was never given it: then there
	 * is nothing to reset.  Else the layout stays, since nobody can shut
	 * down any more.
	 */
	if (bringup_configured() && platform_get()->partial_write_erratum)
		layout_reset_pamts();
}

/**
 * bringup_exit() - wait for an attempt that still runs
 *
 * Context: Sleeps; nobody can start an attempt any more.
 */
void bringup_exit(void)
{
	flush_work(&bringup_worker);
	sysinfo_free();
}
