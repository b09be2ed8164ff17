// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that comes and goes.  While bring-up runs nothing may: the list of
 * System RAM that the layout was made from has to stay true until the TDX
 * module has it.
 */
#include <linux/kernel.h>
#include <linux/memory.h>
#include <linux/notifier.h>
#include <linux/pfn.h>

#include <tdx_host/tdx_host.h>
#include "compat.h"
#include "memory_hotplug.h"
#include "state.h"

static int refuse_during_bringup(const struct memory_notify *m,
				 const char *what)
{
	if (tdx_host_state_get() != TDX_HOST_INITIALIZING)
		return NOTIFY_OK;
	pr_warn_ratelimited("tdx_host: memory [%#llx-%#llx) must not go %s while TDX is being initialised; try again when state is ready\n",
			    (u64)PFN_PHYS(m->start_pfn),
			    (u64)PFN_PHYS(m->start_pfn + m->nr_pages), what);
	return notifier_from_errno(-EBUSY);
}

/*
 * The actions are bit flags in some kernels and an enum that starts at 0 in
 * others, so they are only ever compared whole.
 */
static int memory_event(struct notifier_block *nb, unsigned long action,
			void *data)
{
	switch (action) {
	case MEM_GOING_ONLINE:
		return refuse_during_bringup(data, "online");
	case MEM_GOING_OFFLINE:
		return refuse_during_bringup(data, "offline");
	default:
		return NOTIFY_OK;
	}
}

static struct notifier_block memory_nb = {
	.notifier_call = memory_event,
};

int tdx_host_memory_hotplug_init(void)
{
	return register_memory_notifier(&memory_nb);
}

void tdx_host_memory_hotplug_exit(void)
{
	unregister_memory_notifier(&memory_nb);
}
