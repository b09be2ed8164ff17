/* SPDX-License-Identifier: GPL-2.0-only */
/* tdx_host, as far as it is there: how KVM gets at its functions. */
#ifndef KVM_TDX_HOST_HOST_H
#define KVM_TDX_HOST_HOST_H

#include <linux/static_call.h>

#include <tdx_host/cpu.h>
#include <tdx_host/error.h>
#include <tdx_host/keyid.h>
#include <tdx_host/mem.h>
#include <tdx_host/mng.h>
#include <tdx_host/notify.h>
#include <tdx_host/phymem.h>
#include <tdx_host/seamcall.h>
#include <tdx_host/sysinfo.h>
#include <tdx_host/tdx_host.h>

#define TDX_HOST_SYMBOL(name) DECLARE_STATIC_CALL(host_##name, name);
#include "host.def"

/* Between host_get() and host_put() alone. */
#define host(name)	static_call(host_##name)

bool host_get(void);
void host_put(void);

#endif /* KVM_TDX_HOST_HOST_H */
