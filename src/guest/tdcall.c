// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_guest_call: TDCALL for modules that run in a TD.  It exports functions
 * and has no state, no parameter, and nothing to do when it is loaded.
 */
#include <linux/build_bug.h>
#include <linux/module.h>
#include <asm/trapnr.h>

#include <tdx_guest/tdcall.h>
#include "compat/compat.h"

/* What the trampoline makes of #UD and #GP. */
static_assert((TDX_GUEST_FAULT | X86_TRAP_UD) == TDX_ST_TDCALL_UD);
static_assert((TDX_GUEST_FAULT | X86_TRAP_GP) == TDX_ST_TDCALL_GP);

/* From C, so that MODVERSIONS sees the prototypes. */
TDX_HOST_EXPORT(tdx_guest_module_call);
TDX_HOST_EXPORT(tdx_guest_module_call_saved);
TDX_HOST_EXPORT(tdx_guest_hypercall);
TDX_HOST_EXPORT(tdx_guest_hypercall_saved);

MODULE_DESCRIPTION("Intel TDX guest side: TDCALL for other modules");
MODULE_AUTHOR("The tdx_host authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(TDX_HOST_VERSION);
