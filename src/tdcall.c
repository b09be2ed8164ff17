// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_guest_call: TDCALL for modules that run in a TD.  It exports functions
 * and has no state, no parameter, and nothing to do when it is loaded.
 */
#include <linux/build_bug.h>
#include <linux/module.h>
#include <linux/stddef.h>
#include <asm/trapnr.h>

#include <tdx_host/tdcall.h>
#include "compat.h"

static_assert(offsetof(struct tdx_guest_args, rcx) == TDX_GUEST_ARGS_RCX);
static_assert(offsetof(struct tdx_guest_args, rdx) == TDX_GUEST_ARGS_RDX);
static_assert(offsetof(struct tdx_guest_args, r8) == TDX_GUEST_ARGS_R8);
static_assert(offsetof(struct tdx_guest_args, r9) == TDX_GUEST_ARGS_R9);
static_assert(offsetof(struct tdx_guest_args, r10) == TDX_GUEST_ARGS_R10);
static_assert(offsetof(struct tdx_guest_args, r11) == TDX_GUEST_ARGS_R11);
static_assert(offsetof(struct tdx_guest_args, r12) == TDX_GUEST_ARGS_R12);
static_assert(offsetof(struct tdx_guest_args, r13) == TDX_GUEST_ARGS_R13);
static_assert(offsetof(struct tdx_guest_args, r14) == TDX_GUEST_ARGS_R14);
static_assert(offsetof(struct tdx_guest_args, r15) == TDX_GUEST_ARGS_R15);
static_assert(offsetof(struct tdx_guest_args, rbx) == TDX_GUEST_ARGS_RBX);
static_assert(offsetof(struct tdx_guest_args, rdi) == TDX_GUEST_ARGS_RDI);
static_assert(offsetof(struct tdx_guest_args, rsi) == TDX_GUEST_ARGS_RSI);
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
MODULE_VERSION("0.1.0");
