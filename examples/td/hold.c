// SPDX-License-Identifier: GPL-2.0-only
/*
 * When TDX goes down, TDs must be gone before: pages of a TD that is still
 * alive are lost, and on some CPUs dangerous to the next kernel.  tdx_host says
 * when; then TDs on their way give up, and those that are held are destroyed.
 */
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/notifier.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <tdx_host/notify.h>

#include "consumer.h"

/* Read by whoever makes a TD, written by whoever wants nobody to. */
static DECLARE_RWSEM(making);
static bool going_down;		/* set before making is waited for */

static DEFINE_SPINLOCK(held_lock);
static LIST_HEAD(held);

bool consumer_going_down(void)
{
	return READ_ONCE(going_down);
}

int consumer_begin(void)
{
	down_read(&making);
	if (!going_down)
		return 0;
	up_read(&making);
	return -ESHUTDOWN;
}

void consumer_end(void)
{
	up_read(&making);
}

/* Between consumer_begin() and consumer_end(). */
void consumer_hold(struct consumer_td *c)
{
	spin_lock(&held_lock);
	list_add_tail(&c->held, &held);
	spin_unlock(&held_lock);
	consumer_say(c, "held");
}

/* Nobody makes a TD meanwhile. */
static void destroy_held(void)
{
	while (!list_empty(&held)) {
		struct consumer_td *c;

		c = list_first_entry(&held, struct consumer_td, held);
		list_del(&c->held);
		/* What it could not give back it has said, and is counted. */
		consumer_td_destroy(c);
		consumer_pages_exit(c);
		kfree(c);
	}
}

/*
 * In GOING_DOWN all is allowed that tears a TD down.  It takes no lock that is
 * held around tdx_host_enable() or the (un)registration of the notifier.
 */
static int on_event(struct notifier_block *nb, unsigned long event, void *data)
{
	switch (event) {
	case TDX_HOST_EVENT_READY:
		WRITE_ONCE(going_down, false);
		break;
	case TDX_HOST_EVENT_GOING_DOWN:
		/* Before the lock, so that TDs on their way get out of it. */
		WRITE_ONCE(going_down, true);
		down_write(&making);
		destroy_held();
		consumer_balance();
		up_write(&making);
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block nb = { .notifier_call = on_event };

int consumer_hold_init(void)
{
	return tdx_host_register_notifier(&nb);
}

/* No TD is being made any more. */
void consumer_hold_exit(void)
{
	tdx_host_unregister_notifier(&nb);
	destroy_held();
}
