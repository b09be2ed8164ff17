/* SPDX-License-Identifier: GPL-2.0-only */
/* What the BIOS made of this machine, as far as TDX goes. */
#ifndef TDX_HOST_PLATFORM_H
#define TDX_HOST_PLATFORM_H

#include <linux/types.h>

/**
 * struct platform_info - what detection found, all 0 where it failed
 * @mktme_keyids: number of MKTME KeyIDs; they are 1 to @mktme_keyids
 * @global_keyid: KeyID that protects the TDX module's own memory
 * @guest_keyid_start: first KeyID for TDs
 * @guest_keyids: number of KeyIDs for TDs
 * @keyid_shift: where the KeyID of a physical address begins, bit number
 * @seamrr_base: physical address of the SEAM range
 * @seamrr_size: its size, bytes
 * @partial_write_erratum: a write of less than 64 bytes to TDX private memory
 *			   poisons it on this CPU model
 *
 * Source: TDX Module ABI 1.5, "MSRs and KeyIDs".
 */
struct platform_info {
	u32 mktme_keyids;
	u32 global_keyid;
	u32 guest_keyid_start;
	u32 guest_keyids;
	u32 keyid_shift;
	u64 seamrr_base;
	u64 seamrr_size;
	bool partial_write_erratum;
};

bool platform_kernel_owns_tdx(void);
int platform_detect(char *why, size_t len);
const struct platform_info *platform_get(void);
int platform_check_cpu(char *why, size_t len);

#endif /* TDX_HOST_PLATFORM_H */
