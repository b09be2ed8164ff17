// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling consumers what happens to TDX.  Contracts: <tdx_host/notify.h>.
 *
 * Consumers take cpus_read_lock() when they destroy TDs, within notify_mutex;
 * and a CPU that comes up is told of under that lock, taken for writing, so
 * there notify_mutex must not be taken.  SRCU keeps the chain for it.
 */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/srcu.h>

#include "compat/compat.h"
#include "notify.h"

/* Guards the chain against changes, and the two flags. */
static DEFINE_MUTEX(notify_mutex);
static RAW_NOTIFIER_HEAD(notify_chain);
DEFINE_STATIC_SRCU(notify_srcu);
static bool notify_is_ready;	/* the last event was READY */
static bool notify_over;	/* and there will be none any more */

static void notify_call(enum tdx_host_event event, unsigned long data)
{
	int idx = srcu_read_lock(&notify_srcu);

	raw_notifier_call_chain(&notify_chain, event, (void *)data);
	srcu_read_unlock(&notify_srcu, idx);
}

/**
 * notify_ready() - TDs can be created, unless the machine goes down meanwhile
 *
 * Context: Sleeps, for as long as consumers take; not under cpus_read_lock().
 */
void notify_ready(void)
{
	mutex_lock(&notify_mutex);
	if (!notify_over) {
		notify_is_ready = true;
		notify_call(TDX_HOST_EVENT_READY, 0);
	}
	mutex_unlock(&notify_mutex);
}

/**
 * notify_going_down() - this is the time to destroy TDs
 * @for_good: with the machine; else TDX may get ready once more
 *
 * Context: Sleeps, for as long as consumers take; not under cpus_read_lock().
 */
void notify_going_down(bool for_good)
{
	mutex_lock(&notify_mutex);
	notify_over |= for_good;
	notify_is_ready = false;
	notify_call(TDX_HOST_EVENT_GOING_DOWN, for_good);
	mutex_unlock(&notify_mutex);
}

/**
 * notify_cpu_not_ready() - a CPU came online that cannot make SEAMCALLs
 * @cpu: that CPU
 *
 * Context: A CPU hotplug callback; sleeps, for as long as consumers take.
 */
void notify_cpu_not_ready(unsigned int cpu)
{
	might_sleep();
	notify_call(TDX_HOST_EVENT_CPU_NOT_READY, cpu);
}

/* Before 5.17 a second registration is a warning, and succeeds. */
static bool notify_has(const struct notifier_block *nb)
{
	const struct notifier_block *i;

	i = rcu_dereference_protected(notify_chain.head,
				      lockdep_is_held(&notify_mutex));
	while (i && i != nb)
		i = rcu_dereference_protected(i->next,
					      lockdep_is_held(&notify_mutex));
	return i;
}

int tdx_host_register_notifier(struct notifier_block *nb)
{
	int err;

	mutex_lock(&notify_mutex);
	err = notify_has(nb) ? -EEXIST :
			       raw_notifier_chain_register(&notify_chain, nb);
	if (!err && notify_is_ready)
		nb->notifier_call(nb, TDX_HOST_EVENT_READY, NULL);
	mutex_unlock(&notify_mutex);
	return err;
}
TDX_HOST_EXPORT(tdx_host_register_notifier);

int tdx_host_unregister_notifier(struct notifier_block *nb)
{
	int err;

	mutex_lock(&notify_mutex);
	err = raw_notifier_chain_unregister(&notify_chain, nb);
	mutex_unlock(&notify_mutex);
	synchronize_srcu(&notify_srcu);
	return err;
}
TDX_HOST_EXPORT(tdx_host_unregister_notifier);
