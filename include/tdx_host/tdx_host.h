/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tdx_host offers to other modules.  Every symbol is GPL and in the
 * namespace TDX_HOST: a module that uses one says MODULE_IMPORT_NS(TDX_HOST),
 * or MODULE_IMPORT_NS("TDX_HOST") from 6.13 on.
 */
#ifndef TDX_HOST_TDX_HOST_H
#define TDX_HOST_TDX_HOST_H

#include <linux/types.h>

/**
 * enum tdx_host_state - where the TDX module stands
 * @TDX_HOST_UNSUPPORTED: this machine is not a TDX host; last_error says why
 * @TDX_HOST_DISABLED: switched off with use_tdx=off
 * @TDX_HOST_DETECTED: the BIOS enabled TDX; nothing has been initialised but,
 *		       maybe, some CPUs
 * @TDX_HOST_INITIALIZING: bring-up is running
 * @TDX_HOST_READY: TDs can be created
 * @TDX_HOST_FAILED: bring-up failed, and may be tried again; or a shutdown
 *		     began and did not end, and only a reset helps; last_error
 *		     says why
 */
enum tdx_host_state {
	TDX_HOST_UNSUPPORTED,
	TDX_HOST_DISABLED,
	TDX_HOST_DETECTED,
	TDX_HOST_INITIALIZING,
	TDX_HOST_READY,
	TDX_HOST_FAILED,
};

/*
 * Version of the interface in these headers.  A change that callers have to
 * follow raises the first number; an addition raises the second.
 */
#define TDX_HOST_API_VERSION		1
#define TDX_HOST_API_MINOR_VERSION	0

/**
 * tdx_host_state_get() - where the TDX module stands
 *
 * Context: Any; the answer may be old unless the caller has a KeyID, which
 *	    keeps TDX ready.
 * Return: the state.
 */
enum tdx_host_state tdx_host_state_get(void);

/**
 * tdx_host_enable() - bring the TDX module up
 *
 * May be called by anyone, any number of times, from any number of threads:
 * one bring-up runs, and everybody waits for it and gets its result.  After a
 * failure the next call goes on at the step that failed.
 *
 * Context: Process context, sleeps; not under cpus_read_lock().
 * Return: 0 when TDX is ready; -ENODEV when this machine is not a TDX host,
 *	   TDX is disabled, or no TDX module is loaded; -EAGAIN when the TDX
 *	   module stayed busy or without entropy; -EBUSY when a CPU that is
 *	   present is offline, or all CPUs of a package are; -ENOMEM when there
 *	   was not enough memory, most likely for PAMTs; -EINTR when a fatal
 *	   signal ended the wait (bring-up goes on); -ESHUTDOWN when the machine
 *	   is going down; -ENODATA, -ENOSPC or -EINVAL when no layout of TDX
 *	   memory is possible, -EINVAL also when the TDX module refused an
 *	   operand; -EIO for everything else that trying again does not cure.
 *	   The reason is in sysfs, file last_error.
 */
int tdx_host_enable(void);

#endif /* TDX_HOST_TDX_HOST_H */
