// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is taken out of the machine.
 *
 * Memory goes offline, which is fine and has a notifier.  Then, at once or
 * hours later, it is removed, which has none.  But every memory block is a
 * device, and its bus tells when a device goes.
 *
 * CMRs do not change: the BIOS must not let memory in them be removed.  What
 * comes back at the same address is not the memory that TDX was given, so the
 * blocks that went are remembered.
 */
#include <linux/cache.h>
#include <linux/cpu.h>
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/lockdep.h>
#include <linux/memory.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/pfn.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <tdx_host/tdx_host.h>
#include "compat/compat.h"
#include "error.h"
#include "layout.h"
#include "memory.h"
#include "memory_removal.h"
#include "state.h"

/* A DIMM goes block by block, and is reported once, when all of it is gone. */
#define REMOVAL_REPORT_PERIOD	HZ
#define REMOVAL_REPORT_TRIES	10

/* By number of the block: generation of the layout at the time it went. */
static DEFINE_XARRAY(removed_blocks);

/* Guards what follows. */
static DEFINE_MUTEX(removal_mutex);
static u64 removals;		/* how many were reported, or will be */
static u64 removal_base;	/* the first range that is to be reported */
static u64 removal_end;
static u64 removal_bytes;	/* of all ranges; 0: nothing to report */
static unsigned int removal_tries;

static typeof(((struct device *)NULL)->bus) removal_bus __ro_after_init;

static void removal_report(u64 base, u64 end, u64 bytes)
{
	char range[64];

	error_log_cause(KERN_ALERT, TDX_CAUSE_MEMORY_REMOVED,
			"%llu KiB, [%#llx-%#llx) first", bytes >> 10, base, end);
	snprintf(range, sizeof(range), "TDX_MEMORY_REMOVED=%#llx-%#llx", base,
		 end);
	state_event(range);
}

static void removal_report_work(struct work_struct *work);
static DECLARE_DELAYED_WORK(removal_report_later, removal_report_work);

static void removal_report_soon(void)
{
	lockdep_assert_held(&removal_mutex);
	mod_delayed_work(tdx_compat_unbound_wq, &removal_report_later,
			 REMOVAL_REPORT_PERIOD);
}

/* The resource goes last, after all blocks. */
static void removal_report_work(struct work_struct *work)
{
	u64 base, end, bytes;

	mutex_lock(&removal_mutex);
	base = removal_base;
	end = removal_end;
	bytes = removal_bytes;
	if (memory_is_ram(base, end) &&
	    removal_tries++ < REMOVAL_REPORT_TRIES) {
		removal_report_soon();
		bytes = 0;
	} else {
		removal_bytes = 0;
	}
	mutex_unlock(&removal_mutex);
	if (bytes)
		removal_report(base, end, bytes);
}

static void removal_sound_alarm(u64 base, u64 end)
{
	mutex_lock(&removal_mutex);
	if (!removal_bytes) {
		removals++;
		removal_base = base;
		removal_end = base;
	}
	if (removal_end == base)
		removal_end = end;
	removal_bytes += end - base;
	removal_tries = 0;
	removal_report_soon();
	mutex_unlock(&removal_mutex);
}

/*
 * A driver (dax/kmem, virtio-mem) may give its memory another use, and bring
 * it back: that memory never left the machine.
 */
static void removal_note_block(const struct memory_block *block)
{
	u64 size = memory_block_size_bytes();
	u64 base = PFN_PHYS(section_nr_to_pfn(block->start_section_nr));
	u64 end = base + size;
	u64 generation = layout_generation();
	bool missed;

	if (memory_is_driver_managed(base, end))
		return;
	missed = layout_touches_cmr(base, end) &&
		 layout_has_ram(base, end) &&
		 !memory_removal_since(base, end, generation);
	/* An allocation of a few bytes with GFP_KERNEL does not fail. */
	xa_store(&removed_blocks, base / size, xa_mk_value(generation),
		 GFP_KERNEL);
	if (missed)
		removal_sound_alarm(base, end);
}

static int removal_bus_event(struct notifier_block *nb, unsigned long action,
			     void *data)
{
	struct device *dev = data;

	if (action == BUS_NOTIFY_DEL_DEVICE)
		removal_note_block(container_of(dev, struct memory_block, dev));
	return NOTIFY_OK;
}

static struct notifier_block removal_bus_nb = {
	.notifier_call = removal_bus_event,
};

/*
 * The kernel does not export the bus itself.  Block 0, which holds the first
 * MiB and never goes, leads to it.  NULL where the kernel has no memory
 * hotplug.
 */
static typeof(removal_bus) removal_find_bus(void)
{
	struct device *cpu = get_cpu_device(0);
	typeof(removal_bus) bus = NULL;
	struct kobject *kobj;

	if (!cpu)
		return NULL;
	kobj = kset_find_obj(cpu->kobj.kset, "memory0");
	if (!kobj)
		return NULL;
	if (kobj->ktype == cpu->kobj.ktype)
		bus = kobj_to_dev(kobj)->bus;
	if (bus && strcmp(bus->name, "memory"))
		bus = NULL;
	kobject_put(kobj);
	return bus;
}

/**
 * memory_removal_init() - from here on no memory goes unseen
 *
 * Context: Sleeps.
 * Return: 0 or the errno of bus_register_notifier().
 */
int memory_removal_init(void)
{
	removal_bus = removal_find_bus();
	if (!removal_bus)
		return 0;
	return bus_register_notifier(removal_bus, &removal_bus_nb);
}

/**
 * memory_removal_exit() - forget which blocks went
 *
 * Context: Sleeps.
 */
void memory_removal_exit(void)
{
	if (removal_bus)
		bus_unregister_notifier(removal_bus, &removal_bus_nb);
	cancel_delayed_work_sync(&removal_report_later);
	xa_destroy(&removed_blocks);
}

/**
 * memory_removal_since() - was any of a range removed since a layout was made?
 * @base: physical address, bytes
 * @end: one past the last byte
 * @generation: of the layout; 0: since tdx_host was loaded
 *
 * Context: Any.
 * Return: true if it was, so that it is not the same memory any more.
 */
bool memory_removal_since(u64 base, u64 end, u64 generation)
{
	u64 size = memory_block_size_bytes();
	u64 block;

	for (block = base / size; block * size < end; block++) {
		void *entry = xa_load(&removed_blocks, block);

		if (entry && xa_to_value(entry) >= generation)
			return true;
	}
	return false;
}

/**
 * memory_removal_count() - how often memory in a CMR was removed
 *
 * Context: Sleeps.
 * Return: the number, since tdx_host was loaded.
 */
u64 memory_removal_count(void)
{
	u64 n;

	mutex_lock(&removal_mutex);
	n = removals;
	mutex_unlock(&removal_mutex);
	return n;
}
