/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KeyIDs (HKIDs) for TDs.  Every TD needs one of its own, and the BIOS decides
 * how many there are.  The global KeyID belongs to the TDX module, and is never
 * handed out.
 */
#ifndef TDX_HOST_KEYID_H
#define TDX_HOST_KEYID_H

#include <linux/types.h>

/**
 * tdx_host_keyid_count() - how many TDs there can be at a time
 *
 * Context: Any.
 * Return: the number of KeyIDs for TDs, free or not; 0 where the BIOS enabled
 *	   no TDX.
 */
__u32 tdx_host_keyid_count(void);

/**
 * tdx_host_keyid_alloc() - take a KeyID for a TD
 *
 * While a KeyID is out tdx_host cannot be unloaded, TDX cannot be shut down,
 * and the last CPU of a package cannot go offline: tearing a TD down needs a
 * CPU on every package.
 *
 * tdx_host remembers who called: debugfs, file keyids, has a line for each
 * KeyID that is out.  A module that is unloaded, or the machine that goes down,
 * while it has one is reported in dmesg.
 *
 * Context: Sleeps; not under cpus_read_lock().
 * Return: the KeyID; -ENODEV when TDX is not ready, or is about to be shut down
 *	   (TDX_HOST_EVENT_GOING_DOWN); -EBUSY when a package of
 *	   the TDX module has no CPU online, which last_error names: no TD
 *	   could get its key there; -ENOSPC when all KeyIDs are in use.
 */
int tdx_host_keyid_alloc(void);

/**
 * tdx_host_keyid_free() - give a KeyID back
 * @keyid: from tdx_host_keyid_alloc(); TDH.MNG.KEY.FREEID of its TD succeeded
 *
 * A KeyID that a TD still has must not come back: it is better to lose one
 * than to have TDH.MNG.CREATE fail for the next TD.
 *
 * Context: Any but NMI.
 * Return: 0; -EINVAL for a number that is not a guest KeyID; -ENOENT for one
 *	   that is not in use (freed twice).  Both are reported in dmesg.
 */
int tdx_host_keyid_free(__u32 keyid);

#endif /* TDX_HOST_KEYID_H */
