// SPDX-License-Identifier: GPL-2.0-only
/* Who has which guest KeyID. */
#include <linux/bitmap.h>
#include <linux/cpu.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <tdx_host/tdx_host.h>
#include "compat/compat.h"
#include "keyid.h"
#include "state.h"

/* Guards in_use and nr_in_use. */
static DEFINE_SPINLOCK(keyid_lock);
static unsigned long *keyid_bitmap;	/* bit i: KeyID first_keyid + i */
static u32 keyid_out;

static u32 first_keyid;
static u32 nr_keyids;

/**
 * keyid_init() - there are KeyIDs to hand out
 * @start: the first
 * @count: how many
 *
 * Context: May sleep.
 * Return: 0 or -ENOMEM.
 */
int keyid_init(u32 start, u32 count)
{
	keyid_bitmap = bitmap_zalloc(count, GFP_KERNEL);
	if (!keyid_bitmap)
		return -ENOMEM;
	first_keyid = start;
	nr_keyids = count;
	return 0;
}

/* Nothing can be out: each KeyID that is holds a reference to the module. */
void keyid_exit(void)
{
	bitmap_free(keyid_bitmap);
	keyid_bitmap = NULL;
	nr_keyids = 0;
}

u32 keyid_nr_in_use(void)
{
	return READ_ONCE(keyid_out);
}

static int keyid_take(void)
{
	unsigned long i, flags;
	int keyid = -ENOSPC;

	spin_lock_irqsave(&keyid_lock, flags);
	i = find_first_zero_bit(keyid_bitmap, nr_keyids);
	if (i < nr_keyids) {
		__set_bit(i, keyid_bitmap);
		WRITE_ONCE(keyid_out, keyid_out + 1);
		keyid = first_keyid + i;
	}
	spin_unlock_irqrestore(&keyid_lock, flags);
	return keyid;
}

int tdx_host_keyid_alloc(void)
{
	int keyid = -ENODEV;

	/*
	 * A CPU on its way down counts KeyIDs before it goes, and a shutdown
	 * does; both exclude this lock.
	 */
	cpus_read_lock();
	if (tdx_host_state_get() == TDX_HOST_READY)
		keyid = keyid_take();
	if (keyid >= 0)
		__module_get(THIS_MODULE);
	cpus_read_unlock();
	return keyid;
}
TDX_HOST_EXPORT(tdx_host_keyid_alloc);

int tdx_host_keyid_free(u32 keyid)
{
	unsigned long flags;
	bool was_out;

	if (keyid < first_keyid || keyid - first_keyid >= nr_keyids) {
		pr_err("KeyID %u was given back, but guest KeyIDs are %u-%u: the caller has a bug\n",
		       keyid, first_keyid, first_keyid + nr_keyids - 1);
		return -EINVAL;
	}
	spin_lock_irqsave(&keyid_lock, flags);
	was_out = __test_and_clear_bit(keyid - first_keyid, keyid_bitmap);
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
