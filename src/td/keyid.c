// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which guest KeyIDs are out, and who has them.  Contracts:
 * <tdx_host/keyid.h>.
 */
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <tdx_host/tdx_host.h>
#include "compat/compat.h"
#include "error.h"
#include "keyid.h"
#include "packages.h"
#include "platform.h"
#include "state.h"

/*
 * Guards all below.  Raw: KeyIDs come back with interrupts off, too, and then
 * a spinlock of PREEMPT_RT must not be taken.
 */
static DEFINE_RAW_SPINLOCK(keyid_lock);
/*
 * Of each guest KeyID who took it, "function+offset/size [module]"; empty if it
 * is not out.  Kept as a text, for the module may be gone, or its init
 * section, by the time somebody asks.
 */
static char (*keyid_owners)[KEYID_OWNER];
static u32 keyid_out;		/* how many are out */
static u32 keyid_closed;	/* keyid_close() that were not taken back */

/**
 * keyid_owner() - who has a KeyID
 * @i: its index among the guest KeyIDs
 * @owner: filled in with "function+offset/size [module]"
 *
 * Context: Any but NMI.
 * Return: the KeyID; 0 if it is not out.
 */
static u32 keyid_owner(u32 i, char owner[KEYID_OWNER])
{
	unsigned long flags;

	raw_spin_lock_irqsave(&keyid_lock, flags);
	memcpy(owner, keyid_owners[i], KEYID_OWNER);
	raw_spin_unlock_irqrestore(&keyid_lock, flags);
	return owner[0] ? platform_get()->guest_keyid_start + i : 0;
}

/* No-one can give a KeyID back any more that an unloaded module forgot. */
static int keyid_module_event(struct notifier_block *nb, unsigned long event,
			      void *data)
{
	const struct module *mod = data;
	char owner[KEYID_OWNER], in[MODULE_NAME_LEN + 3];
	u32 i, keyid;

	if (event != MODULE_STATE_GOING)
		return NOTIFY_OK;
	scnprintf(in, sizeof(in), "[%s]", mod->name);
	for (i = 0; i < platform_get()->guest_keyids; i++) {
		keyid = keyid_owner(i, owner);
		if (keyid && strstr(owner, in))
			error_log_cause(KERN_ERR, TDX_CAUSE_KEYID_FORGOTTEN,
					"KeyID %u, which %s took", keyid,
					owner);
	}
	return NOTIFY_OK;
}

static struct notifier_block keyid_module_nb = {
	.notifier_call = keyid_module_event,
};

/**
 * keyid_init() - there are KeyIDs to hand out, those that detection found
 *
 * Context: Sleeps.
 * Return: 0; -ENOMEM; or the errno of register_module_notifier().
 */
int keyid_init(void)
{
	int err;

	keyid_owners = kvcalloc(platform_get()->guest_keyids,
				sizeof(*keyid_owners), GFP_KERNEL);
	if (!keyid_owners)
		return -ENOMEM;
	err = register_module_notifier(&keyid_module_nb);
	if (err) {
		kvfree(keyid_owners);
		keyid_owners = NULL;
	}
	return err;
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
	unregister_module_notifier(&keyid_module_nb);
	kvfree(keyid_owners);
	keyid_owners = NULL;
}

/**
 * keyid_nr_in_use() - how many KeyIDs are out
 *
 * Context: Any.  The number can only fall in a CPU hotplug callback, and after
 *	    keyid_close().
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

/**
 * keyid_close() - give no KeyID out any more
 *
 * Context: Any but NMI.
 */
void keyid_close(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&keyid_lock, flags);
	keyid_closed++;
	raw_spin_unlock_irqrestore(&keyid_lock, flags);
}

/**
 * keyid_open() - take a keyid_close() back
 *
 * Context: Any but NMI.
 */
void keyid_open(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&keyid_lock, flags);
	keyid_closed--;
	raw_spin_unlock_irqrestore(&keyid_lock, flags);
}

/**
 * keyid_first_owner() - somebody who has a KeyID
 * @owner: filled in with "function+offset/size [module]"
 *
 * Context: Any but NMI.
 * Return: the KeyID; 0 if none is out.
 */
u32 keyid_first_owner(char owner[KEYID_OWNER])
{
	u32 i, keyid = 0;

	for (i = 0; !keyid && i < platform_get()->guest_keyids; i++)
		keyid = keyid_owner(i, owner);
	return keyid;
}

/**
 * keyid_show() - each KeyID that is out, with its owner
 * @m: the debugfs file
 *
 * Context: Sleeps.
 */
void keyid_show(struct seq_file *m)
{
	char owner[KEYID_OWNER];
	u32 i, keyid;

	/* Without TDX there are none, but the file. */
	for (i = 0; keyid_owners && i < platform_get()->guest_keyids; i++) {
		keyid = keyid_owner(i, owner);
		if (keyid)
			seq_printf(m, "%u %s\n", keyid, owner);
	}
}

/**
 * keyid_report_lost() - name the KeyIDs that are out as TDX ends
 *
 * Context: Sleeps.
 */
void keyid_report_lost(void)
{
	char owner[KEYID_OWNER];
	u32 i, keyid;

	for (i = 0; i < platform_get()->guest_keyids; i++) {
		keyid = keyid_owner(i, owner);
		if (!keyid)
			continue;
		if (platform_get()->partial_write_erratum)
			error_log_cause(KERN_CRIT, TDX_CAUSE_KEYID_LEFT_POISON,
					"KeyID %u, taken by %s", keyid, owner);
		else
			error_log_cause(KERN_WARNING, TDX_CAUSE_KEYID_LEFT,
					"KeyID %u, taken by %s", keyid, owner);
	}
}

static int keyid_take(const char owner[KEYID_OWNER])
{
	const struct platform_info *p = platform_get();
	unsigned long flags;
	int keyid = -ENOSPC;
	u32 i;

	raw_spin_lock_irqsave(&keyid_lock, flags);
	/* Here, so that who closes and then counts misses none. */
	if (keyid_closed || tdx_host_state_get() != TDX_HOST_READY) {
		keyid = -ENODEV;
		goto out;
	}
	for (i = 0; i < p->guest_keyids; i++) {
		if (keyid_owners[i][0])
			continue;
		memcpy(keyid_owners[i], owner, KEYID_OWNER);
		WRITE_ONCE(keyid_out, keyid_out + 1);
		__module_get(THIS_MODULE);
		keyid = p->guest_keyid_start + i;
		break;
	}
out:
	raw_spin_unlock_irqrestore(&keyid_lock, flags);
	return keyid;
}

int tdx_host_keyid_alloc(void)
{
	char owner[KEYID_OWNER] = "";
	int keyid = -ENODEV;

	might_sleep();
	scnprintf(owner, sizeof(owner), "%pS", (void *)_RET_IP_);
	/* A CPU on its way down counts KeyIDs, and excludes this lock. */
	cpus_read_lock();
	if (tdx_host_state_get() == TDX_HOST_READY)
		keyid = packages_check() ?: keyid_take(owner);
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
		error_log_cause(KERN_ERR, TDX_CAUSE_KEYID_NOT_ITS_OWN,
				"KeyID %u, by %pS; guest KeyIDs are %u-%u",
				keyid, (void *)_RET_IP_, first,
				first + p->guest_keyids - 1);
		return -EINVAL;
	}
	raw_spin_lock_irqsave(&keyid_lock, flags);
	was_out = keyid_owners[keyid - first][0];
	if (was_out) {
		keyid_owners[keyid - first][0] = '\0';
		WRITE_ONCE(keyid_out, keyid_out - 1);
	}
	raw_spin_unlock_irqrestore(&keyid_lock, flags);
	if (!was_out) {
		error_log_cause(KERN_ERR, TDX_CAUSE_KEYID_NOT_ITS_OWN,
				"KeyID %u, by %pS, but it is not in use",
				keyid, (void *)_RET_IP_);
		return -ENOENT;
	}
	module_put(THIS_MODULE);
	return 0;
}
TDX_HOST_EXPORT(tdx_host_keyid_free);
