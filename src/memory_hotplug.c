// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that comes and goes.
 *
 * A page that is not TDX memory must not slip into a TDX host unseen: the
 * page allocator could hand it to a TD.  So memory that was not there when
 * the layout was made, or when this module was loaded, needs a reason to come
 * online:
 *
 *  - during bring-up nothing moves, online or offline;
 *  - memory that was there before, and was never removed, may come back;
 *  - new memory inside a CMR is refused: CMRs are memory that was there at
 *    boot, so the firmware has a bug, or somebody tampers with the machine;
 *    or a driver had kept the memory from us;
 *  - new memory elsewhere is refused, or with memory_hotplug=allow let in and
 *    counted, as long as no consumer requires all RAM to be TDX memory.  Before
 *    bring-up nobody knows the CMRs, so that goes for all.
 *
 * Dax, virtio-mem and balloons add memory on the same path, and get the same
 * answer.
 */
#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/memory.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/pfn.h>
#include <linux/ratelimit.h>

#include <tdx_host/phymem.h>
#include <tdx_host/tdx_host.h>
#include "compat/compat.h"
#include "error.h"
#include "layout.h"
#include "memory.h"
#include "memory_hotplug.h"
#include "memory_removal.h"
#include "state.h"

/* Set before the notifier is registered, constant from then on. */
static bool hotplug_allow_unusable __ro_after_init;
static struct memory_list hotplug_at_load;

/* Consumers that may hand any page of the kernel's to a TD. */
static atomic_t hotplug_all_required;

void tdx_host_require_all_ram(void)
{
	atomic_inc(&hotplug_all_required);
}
TDX_HOST_EXPORT(tdx_host_require_all_ram);

void tdx_host_release_all_ram(void)
{
	atomic_dec(&hotplug_all_required);
}
TDX_HOST_EXPORT(tdx_host_release_all_ram);

static bool hotplug_may_be_unusable(void)
{
	return hotplug_allow_unusable &&
	       atomic_read(&hotplug_all_required) <= 0;
}

/* Guards what follows. */
static DEFINE_MUTEX(hotplug_mutex);
static struct memory_hotplug_counts hotplug_counts;
static u64 hotplug_generation;	/* the layout that unusable_bytes goes with */

/*
 * A new layout takes stock of all memory: what came before it is in its own
 * sum.
 */
static void hotplug_lock_counts(void)
{
	u64 now = layout_generation();

	mutex_lock(&hotplug_mutex);
	if (hotplug_generation != now) {
		hotplug_generation = now;
		hotplug_counts.unusable_bytes = 0;
	}
}

static bool hotplug_there_at_load(u64 base, u64 end)
{
	return memory_list_contains(&hotplug_at_load, base, end) &&
	       !memory_removal_since(base, end, 0);
}

static bool hotplug_was_there(u64 base, u64 end)
{
	if (!layout_exists())
		return hotplug_there_at_load(base, end);
	return layout_has_ram(base, end) &&
	       !memory_removal_since(base, end, layout_generation());
}

/*
 * A layout takes in all System RAM, also what was hot-added before it was
 * made and had to stay offline.  Where that is not in a CMR it has to stay so.
 */
static bool hotplug_was_refused(u64 base, u64 end)
{
	return !hotplug_may_be_unusable() && !hotplug_there_at_load(base, end) &&
	       !layout_touches_cmr(base, end);
}

static int hotplug_refuse(u64 base, u64 end, enum error_cause cause)
{
	static DEFINE_RATELIMIT_STATE(limit, 5 * HZ, 10);
	char range[64];

	mutex_lock(&hotplug_mutex);
	hotplug_counts.refused++;
	mutex_unlock(&hotplug_mutex);
	if (__ratelimit(&limit))
		error_log_cause(KERN_WARNING, cause, "[%#llx-%#llx)", base,
				end);
	snprintf(range, sizeof(range), "TDX_MEMORY_REFUSED=%#llx-%#llx", base,
		 end);
	state_event(range);
	return notifier_from_errno(-EPERM);
}

static int hotplug_refuse_for_now(u64 base, u64 end, const char *what)
{
	static DEFINE_RATELIMIT_STATE(limit, 5 * HZ, 10);

	if (__ratelimit(&limit))
		error_log_cause(KERN_WARNING, TDX_CAUSE_HOTPLUG_DURING_INIT,
				"[%#llx-%#llx), %s", base, end, what);
	return notifier_from_errno(-EBUSY);
}

static enum error_cause hotplug_why_not_in_cmr(u64 base, u64 end)
{
	if (memory_is_driver_managed(base, end))
		return TDX_CAUSE_HOT_ADD_DRIVER;
	if (layout_has_ram(base, end))
		return TDX_CAUSE_HOT_ADD_CAME_BACK;
	return TDX_CAUSE_HOT_ADD_IN_CMR;
}

static int hotplug_going_online(u64 base, u64 end)
{
	if (tdx_host_state_get() == TDX_HOST_INITIALIZING)
		return hotplug_refuse_for_now(base, end, "online");
	if (hotplug_was_there(base, end) && !hotplug_was_refused(base, end))
		return NOTIFY_OK;
	if (layout_touches_cmr(base, end))
		return hotplug_refuse(base, end,
				      hotplug_why_not_in_cmr(base, end));
	if (hotplug_may_be_unusable())
		return NOTIFY_OK;
	if (hotplug_allow_unusable)
		return hotplug_refuse(base, end, TDX_CAUSE_HOT_ADD_ALL_NEEDED);
	return hotplug_refuse(base, end, layout_exists() ?
			      TDX_CAUSE_HOT_ADD_REFUSED :
			      TDX_CAUSE_HOT_ADD_BEFORE_ENABLE);
}

static int hotplug_going_offline(u64 base, u64 end)
{
	if (tdx_host_state_get() == TDX_HOST_INITIALIZING)
		return hotplug_refuse_for_now(base, end, "offline");
	return NOTIFY_OK;
}

/* Memory has gone online or offline, and nobody can undo it any more. */
static void hotplug_account(u64 base, u64 end, bool online)
{
	if (hotplug_was_there(base, end))
		return;
	hotplug_lock_counts();
	if (online)
		hotplug_counts.unusable_bytes += end - base;
	else
		hotplug_counts.unusable_bytes -=
			min(hotplug_counts.unusable_bytes, end - base);
	mutex_unlock(&hotplug_mutex);
}

/*
 * The actions are bit flags in some kernels, and an enum that begins with 0 in
 * others: they are only ever compared, never tested for a bit.
 */
static int hotplug_memory_event(struct notifier_block *nb, unsigned long action,
				void *data)
{
	const struct memory_notify *m = data;
	u64 base = PFN_PHYS(m->start_pfn);
	u64 end = base + PFN_PHYS(m->nr_pages);

	switch (action) {
	case MEM_GOING_ONLINE:
		return hotplug_going_online(base, end);
	case MEM_GOING_OFFLINE:
		return hotplug_going_offline(base, end);
	case MEM_ONLINE:
	case MEM_OFFLINE:
		hotplug_account(base, end, action == MEM_ONLINE);
		return NOTIFY_OK;
	default:
		return NOTIFY_OK;
	}
}

static struct notifier_block hotplug_memory_nb = {
	.notifier_call = hotplug_memory_event,
};

/**
 * memory_hotplug_init() - from here on memory needs our consent
 * @allow: let memory in that TDX cannot use
 *
 * Context: Sleeps.
 * Return: 0; -ENOMEM; or the errno of a notifier that could not be registered.
 */
int memory_hotplug_init(bool allow)
{
	int err;

	hotplug_allow_unusable = allow;
	err = memory_list_read(&hotplug_at_load);
	if (err)
		return err;
	err = memory_removal_init();
	if (err)
		goto err_at_load;
	err = register_memory_notifier(&hotplug_memory_nb);
	if (err)
		goto err_removal;
	return 0;

err_removal:
	memory_removal_exit();
err_at_load:
	memory_list_free(&hotplug_at_load);
	return err;
}

/**
 * memory_hotplug_exit() - memory may come and go as it likes
 *
 * Context: Sleeps.
 */
void memory_hotplug_exit(void)
{
	unregister_memory_notifier(&hotplug_memory_nb);
	memory_removal_exit();
	memory_list_free(&hotplug_at_load);
}

/**
 * memory_hotplug_counts() - what the rule did so far
 * @c: filled in
 *
 * Context: Sleeps.
 */
void memory_hotplug_counts(struct memory_hotplug_counts *c)
{
	hotplug_lock_counts();
	*c = hotplug_counts;
	mutex_unlock(&hotplug_mutex);
	c->removed = memory_removal_count();
}
