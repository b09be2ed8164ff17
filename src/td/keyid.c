// SPDX-License-Identifier: GPL-2.0-only
/* Which guest KeyIDs are out.  Contracts: <tdx_host/keyid.h>. */
#include <linux/bitmap.h>
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <tdx_host/tdx_host.h>
#include "compat/compat.h"
#include "keyid.h"
#include "packages.h"
#include "platform.h"
#include "state.h"

/* Guards both. */
static DEFINE_SPINLOCK(keyid_lock);
static unsigned long *keyid_bitmap;	/* bit i: the i-th guest KeyID is out */
static u32 keyid_out;			/* bits that are set */

/**
 * keyid_init() - there are KeyIDs to hand out, those that detection found
 *
 * Context: Sleeps.
 * Return: 0 or -ENOMEM.
 */
int keyid_init(void)
{
	keyid_bitmap = bitmap_zalloc(platform_get()->guest_keyids, GFP_KERNEL);
	return keyid_bitmap ? 0 : -ENOMEM;
}

/**
 * keyid_exit() - no KeyID can be handed out any more
 *
 * None is out: each of those holds a reference to the module.
 *
 * Context: Sleeps.
 */
void keyid_exit(void)
{
	bitmap_free(keyid_bitmap);
	keyid_bitmap = NULL;
}

/**
 * keyid_nr_in_use() - how many KeyIDs are out
 *
 * Context: Any.  The number can only fall in a CPU hotplug callback, and once
 *	    the state is not ready any more.
 * Return: their number.
 */
u32 keyid_nr_in_use(void)
{
	return READ_ONCE(keyid_out);
}

u32 tdx_host_keyid_count(void)
{
	return platform_get()->guest_keyids;
}
TDX_HOST_EXPORT(tdx_host_keyid_count);

static int keyid_take(void)
{
	const struct platform_info *p = platform_get();
	unsigned long i, flags;
	int keyid = -ENOSPC;

	spin_lock_irqsave(&keyid_lock, flags);
	i = find_first_zero_bit(keyid_bitmap, p->guest_keyids);
	if (i < p->guest_keyids) {
		__set_bit(i, keyid_bitmap);
		WRITE_ONCE(keyid_out, keyid_out + 1);
		keyid = p->guest_keyid_start + i;
	}
	spin_unlock_irqrestore(&keyid_lock, flags);
	return keyid;
}

int tdx_host_keyid_alloc(void)
{
	int keyid = -ENODEV;

	might_sleep();
	/*
	 * A CPU on its way down counts KeyIDs, and so does a shutdown; both
	 * exclude this lock.
	 */
	cpus_read_lock();
	if (tdx_host_state_get() == TDX_HOST_READY)
		keyid = packages_check() ?: keyid_take();
	if (keyid >= 0)
		__module_get(THIS_MODULE);
	cpus_read_unlock();
	return keyid;
}
TDX_HOST_EXPORT(tdx_host_keyid_alloc);

int tdx_host_keyid_free(u32 keyid)
{
	const struct platform_info *p = platform_get();
	u32 first = p->guest_keyid_start;
	unsigned long flags;
	bool was_out;

	if (keyid < first || keyid - first >= p->guest_keyids) {
		pr_err("KeyID %u was given back, but guest KeyIDs are %u-%u: the caller has a bug\n",
		       keyid, first, first + p->guest_keyids - 1);
		return -EINVAL;
	}
	spin_lock_irqsave(&keyid_lock, flags);
	was_out = __test_and_clear_bit(keyid - first, keyid_bitmap);
	if (was_out)
		WRITE_ONCE(keyid_out, keyid_out - 1);
	spin_unlock_irqrestore(&keyid_lock, flags);
	if (!was_out) {
		pr_err("KeyID %u was given back, but is not in use: the caller has a bug\n",
		       keyid);
		return -ENOENT;
	}
	module_put(THIS_MODULE);
	return 0;
}
TDX_HOST_EXPORT(tdx_host_keyid_free);
