/* SPDX-License-Identifier: GPL-2.0-only */
/* What consumers are told. */
#ifndef TDX_HOST_PUBLIC_NOTIFY_H
#define TDX_HOST_PUBLIC_NOTIFY_H

#include <linux/types.h>

struct notifier_block;

/**
 * enum tdx_host_event - the action that a notifier is called with
 * @TDX_HOST_EVENT_READY: TDs can be created from now on.  Who registers while
 *	TDX is ready is called at once, within tdx_host_register_notifier(); and
 *	all are called again where a shutdown was announced and did not come.
 *	Allowed: everything but tdx_host_enable()
 * @TDX_HOST_EVENT_GOING_DOWN: somebody writes 0 to enable, or the machine is
 *	about to be rebooted or powered off, or to start another kernel; the
 *	data pointer is NULL in the first case, and only then.  This is the
 *	last moment to destroy TDs: no KeyID is given out any more, and after
 *	the last notifier no SEAMCALL is let through.  A KeyID that is still
 *	out then keeps TDX from being shut down by enable, but not from ending
 *	with the machine.  tdx_host does not know the pages of TDs, and resets
 *	none: on a CPU with the partial-write erratum the pages of a TD that is
 *	still alive are dangerous to the kernel that kexec starts, until the
 *	machine is reset.  The log names such KeyIDs.
 *	Allowed: all that tears TDs down, tdx_host_keyid_free() and
 *	cpus_read_lock() among it; not tdx_host_enable()
 * @TDX_HOST_EVENT_CPU_NOT_READY: a CPU came online that cannot make
 *	SEAMCALLs; the data pointer is its number, cast from unsigned long.
 *	The CPU hotplug lock is held for writing.  Allowed: tdx_host_cpu_ready()
 *	and tdx_host_require_all_cpus(), which then keeps this CPU offline;
 *	nothing that takes cpus_read_lock() nor waits for somebody who does,
 *	so no wrapper of a TD leaf
 */
enum tdx_host_event {
	TDX_HOST_EVENT_READY,
	TDX_HOST_EVENT_GOING_DOWN,
	TDX_HOST_EVENT_CPU_NOT_READY,
};

/**
 * tdx_host_register_notifier() - be told of every enum tdx_host_event
 * @nb: notifier; its return value is ignored
 *
 * It is called in process context and may sleep.  READY and GOING_DOWN come
 * one at a time, in the order in which they happen.  In both nobody can
 * register or unregister, nor bring TDX up: so a notifier must not wait for a
 * thread that does, nor take a lock that is held around these.
 *
 * Context: Sleeps; not under cpus_read_lock(), nor in a notifier.
 * Return: 0, or -EEXIST if @nb is registered already.
 */
int tdx_host_register_notifier(struct notifier_block *nb);

/**
 * tdx_host_unregister_notifier() - be told no more
 * @nb: notifier; not running any more on return
 *
 * Context: Sleeps; not under cpus_read_lock(), nor in a notifier.
 * Return: 0, or -ENOENT if @nb is not registered.
 */
int tdx_host_unregister_notifier(struct notifier_block *nb);

#endif /* TDX_HOST_PUBLIC_NOTIFY_H */
