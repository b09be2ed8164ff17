// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TDs that KVM has, and their end when the machine goes down.
 *
 * tdx_host lets no SEAMCALL through once the machine is about to reboot or to
 * start another kernel.  What a TD has by then cannot be given back any more,
 * and is poison to the next kernel on CPUs with the partial-write erratum.  KVM
 * tears a TD down when the last file descriptor of its VM is closed, and there
 * is no other way; so the processes that have TDs are killed, and waited for.
 * Somebody who only writes 0 to enable is refused instead, as long as KeyIDs
 * are out.
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include "host.h"
#include "tds.h"

#undef pr_fmt
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

/* How long teardown may seem to stand still before it is given up. */
#define TDS_STUCK	(10 * HZ)

/*
 * Of each KeyID that KVM has, the address space of the process that asked for
 * it, which is the VM's: KVM takes commands for a VM from no other.
 */
static DEFINE_XARRAY(tds_owners);
static atomic_t tds_alive;	/* TDRs that the TDX module has */

/* Of the wait for their end; moves is counted only then. */
static DECLARE_WAIT_QUEUE_HEAD(tds_wait);
static bool tds_ending;
static atomic_t tds_moves;

/**
 * tds_keyid_alloc() - take a KeyID for a TD of the calling process
 *
 * Context: Process context, sleeps; not under cpus_read_lock().
 * Return: the KeyID; -ENOMEM; or as tdx_host_keyid_alloc().
 */
int tds_keyid_alloc(void)
{
	int err, keyid;

	might_sleep();
	keyid = host(tdx_host_keyid_alloc)();
	if (keyid < 0)
		return keyid;
	mmgrab(current->mm);
	err = xa_err(xa_store(&tds_owners, keyid, current->mm, GFP_KERNEL));
	if (err) {
		mmdrop(current->mm);
		host(tdx_host_keyid_free)(keyid);
		return err;
	}
	return keyid;
}

/**
 * tds_keyid_free() - give a KeyID back
 * @keyid: from tds_keyid_alloc()
 *
 * Context: Process context.
 */
void tds_keyid_free(unsigned int keyid)
{
	struct mm_struct *mm = xa_erase(&tds_owners, keyid);

	host(tdx_host_keyid_free)(keyid);
	if (mm)
		mmdrop(mm);
	wake_up(&tds_wait);
}

/**
 * tds_created() - the TDX module has a TDR
 *
 * Context: Any.
 */
void tds_created(void)
{
	atomic_inc(&tds_alive);
}

/**
 * tds_gone() - it has given a TDR back
 *
 * Context: Any.
 */
void tds_gone(void)
{
	atomic_dec(&tds_alive);
	wake_up(&tds_wait);
}

/**
 * tds_progress() - another page has come back
 *
 * Context: Any.
 */
void tds_progress(void)
{
	if (unlikely(READ_ONCE(tds_ending)))
		atomic_inc(&tds_moves);
}

static bool tds_none(void)
{
	return xa_empty(&tds_owners) && !atomic_read(&tds_alive);
}

/* Not the process that reboots the machine: it would never get there. */
static void tds_kill(const struct mm_struct *mm)
{
	struct task_struct *p, *t;

	rcu_read_lock();
	for_each_process_thread(p, t)
		if (READ_ONCE(t->mm) == mm && !(t->flags & PF_KTHREAD) &&
		    !same_thread_group(t, current))
			send_sig(SIGKILL, t, 1);
	rcu_read_unlock();
}

static void tds_end(void)
{
	struct mm_struct *mm;
	unsigned long keyid;
	int moves;

	if (tds_none())
		return;
	pr_notice("the machine goes down: processes with TDs are killed\n");
	WRITE_ONCE(tds_ending, true);
	/* The lock keeps each mm, and its address from being another's. */
	xa_lock(&tds_owners);
	xa_for_each(&tds_owners, keyid, mm)
		tds_kill(mm);
	xa_unlock(&tds_owners);
	do
		moves = atomic_read(&tds_moves);
	while (!wait_event_timeout(tds_wait, tds_none(), TDS_STUCK) &&
	       moves != atomic_read(&tds_moves));
	WRITE_ONCE(tds_ending, false);
}

/* No KeyID is given out any more, so no TD follows those that are killed. */
static int tds_host_event(struct notifier_block *nb, unsigned long event,
			  void *for_good)
{
	if (event == TDX_HOST_EVENT_GOING_DOWN && for_good)
		tds_end();
	return NOTIFY_OK;
}

static struct notifier_block tds_host_nb = {
	.notifier_call = tds_host_event,
};

/**
 * tds_init() - from here on TDs end before the machine does
 *
 * Context: Sleeps; not under cpus_read_lock().
 * Return: 0; or the errno of tdx_host_register_notifier().
 */
int tds_init(void)
{
	return host(tdx_host_register_notifier)(&tds_host_nb);
}

/**
 * tds_exit() - there are no TDs any more
 *
 * Context: Sleeps; not under cpus_read_lock().
 */
void tds_exit(void)
{
	host(tdx_host_unregister_notifier)(&tds_host_nb);
}
