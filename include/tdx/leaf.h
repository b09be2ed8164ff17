/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SEAMCALL leaf numbers (RAX on input), generated from leaves.def.
 * Source: TDX Module ABI 1.5, "Host-Side (SEAMCALL) Interface".
 */
#ifndef TDX_LEAF_H
#define TDX_LEAF_H

#include <linux/types.h>

/* RAX: 15:0 leaf, 23:16 version, 63 P-SEAMLDR instead of the TDX module. */
#define TDX_LEAF_NUMBER_MASK	0xffffULL
#define TDX_LEAF_VERSION(v)	((__u64)(v) << 16)
#define TDX_LEAF_SEAMLDR	(1ULL << 63)

enum tdx_leaf {
#define TDX_LEAF(name, number, text, transient) TDH_##name = (number),
#include "leaves.def"
};

/*
 * Statuses after which the same call may succeed, as used by leaves.def.
 * RESUME_RCX: the resumed call is told apart from a new one by RCX = 1.  Where
 * there is nothing to resume any more, a new one is made.
 */
#define TDX_RETRY_SYS_BUSY		(1U << 0)
#define TDX_RETRY_NO_ENTROPY		(1U << 1)
#define TDX_RETRY_KEY_GENERATION	(1U << 2)
#define TDX_RETRY_OPERAND_BUSY		(1U << 3)
#define TDX_RETRY_RESUMABLE		(1U << 4)
#define TDX_RETRY_RESTARTABLE		(1U << 5)
#define TDX_RETRY_RESUME_RCX		(1U << 6)

#endif /* TDX_LEAF_H */
