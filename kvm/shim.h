/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before the first line of KVM's vmx/tdx.c, and of nothing else: what
 * a kernel without CONFIG_INTEL_TDX_HOST lacks, or has under another name.
 */
#ifndef KVM_TDX_HOST_SHIM_H
#define KVM_TDX_HOST_SHIM_H

/* TDX is built as if the kernel had it, but its misc controller is as it is. */
#pragma push_macro("CONFIG_INTEL_TDX_HOST")
#undef CONFIG_INTEL_TDX_HOST
#include <linux/misc_cgroup.h>
#pragma pop_macro("CONFIG_INTEL_TDX_HOST")
#include <asm/cpufeature.h>

/*
 * That controller does not know TDX, so KeyIDs are charged to nobody.  What KVM says about their number is of use all the same:
 * 0 is the last that tdx.c does.
 */
int glue_set_capacity(u64 keyids);

#define misc_cg_set_capacity(type, keyids)	glue_set_capacity(keyids)
#define misc_cg_try_charge(type, cg, amount)	((void)(cg), 0)
#define misc_cg_uncharge(type, cg, amount)	((void)(cg))

/*
 * No stock kernel sets this feature, and it must not be set: tdx_host would
 * take the kernel for the owner of TDX.  tdx_get_sysinfo() has the last word.
 */
#undef X86_FEATURE_TDX_HOST_PLATFORM
#define X86_FEATURE_TDX_HOST_PLATFORM	X86_FEATURE_ALWAYS

#endif /* KVM_TDX_HOST_SHIM_H */
