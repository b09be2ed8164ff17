// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_host's functions, looked up by name.
 *
 * kvm_intel serves people who have no TDX, so it must load where tdx_host is
 * not there or does not load: none of these may be an undefined symbol of it.
 *
 * They are called as static calls, that is directly.  A pointer would not do:
 * with IBT an indirect call has to land on ENDBR, which the trampolines do not
 * begin with, and noinstr code must not make one.
 */
#include <linux/kernel.h>
#include <linux/kmod.h>
#include <linux/module.h>

#include "host.h"

#define TDX_HOST_SYMBOL(name) DEFINE_STATIC_CALL_NULL(host_##name, name);
#include "host.def"

/* Those that have been found, each with a reference to tdx_host. */
static struct {
#define TDX_HOST_SYMBOL(name) typeof(&(name)) name;
#include "host.def"
} host_found;

static bool host_find(void)
{
	bool all = true;

#define TDX_HOST_SYMBOL(name)				\
	host_found.name = symbol_get(name);		\
	all = all && host_found.name;
#include "host.def"
	return all;
}

static void host_forget(void)
{
#define TDX_HOST_SYMBOL(name)				\
	if (host_found.name)				\
		symbol_put(name);			\
	host_found.name = NULL;
#include "host.def"
}

/**
 * host_get() - load tdx_host if need be, and keep it
 *
 * Context: Sleeps; not under cpus_read_lock().
 * Return: true, and host() may be used until host_put(); false where tdx_host
 *	   cannot be loaded, or is one that lacks a function.
 */
bool host_get(void)
{
	might_sleep();
	if (!host_find()) {
		/* All or none, also for a tdx_host that is on its way out. */
		host_forget();
		request_module("tdx_host");
		if (!host_find()) {
			host_forget();
			return false;
		}
	}
#define TDX_HOST_SYMBOL(name)				\
	static_call_update(host_##name, host_found.name);
#include "host.def"
	return true;
}

/**
 * host_put() - let tdx_host go
 *
 * Nobody is in host(), nor gets there any more.
 *
 * Context: Sleeps; not under cpus_read_lock().
 */
void host_put(void)
{
	might_sleep();
#define TDX_HOST_SYMBOL(name)				\
	static_call_update(host_##name, NULL);
#include "host.def"
	host_forget();
}
