/* SPDX-License-Identifier: GPL-2.0-only */
/* What consumers are told. */
#ifndef TDX_HOST_PUBLIC_NOTIFY_H
#define TDX_HOST_PUBLIC_NOTIFY_H

#include <linux/types.h>

struct notifier_block;

/**
 * enum tdx_host_event - the action that a notifier is called with
 * @TDX_HOST_EVENT_READY: TDs can be created from now on
 * @TDX_HOST_EVENT_GOING_DOWN: the TDX module is about to be shut down, or the
 *	machine is about to be rebooted or powered off, or to start another
 *	kernel; SEAMCALLs fail with -ESHUTDOWN afterwards.  This is the last
 *	moment to destroy TDs: pages that a TD still has cannot be reset any
 *	more, and on a CPU with the partial-write erratum they are dangerous
 *	to whoever gets them next
 * @TDX_HOST_EVENT_CPU_NOT_READY: a CPU came online that cannot make
 *	SEAMCALLs; the data pointer is its number, cast from unsigned long
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
 * It is called in process context and may sleep, but must not take
 * cpus_read_lock() nor call tdx_host_enable().
 *
 * Context: Sleeps.
 * Return: 0, or -EEXIST if @nb is registered already.
 */
int tdx_host_register_notifier(struct notifier_block *nb);

/**
 * tdx_host_unregister_notifier() - be told no more
 * @nb: notifier; not running any more on return
 *
 * Context: Sleeps.
 * Return: 0, or -ENOENT if @nb is not registered.
 */
int tdx_host_unregister_notifier(struct notifier_block *nb);

#endif /* TDX_HOST_PUBLIC_NOTIFY_H */
