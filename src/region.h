/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of physical address ranges: System RAM and CMRs.
 *
 * Nothing here knows of the kernel's memory management, so the same file is
 * compiled into the module and into the user-space tools.
 */
#ifndef TDX_HOST_REGION_H
#define TDX_HOST_REGION_H

#include <linux/types.h>

/*
 * The TDX module takes every machine to have 52 physical address bits ("TDX
 * Module ABI 1.5", TDH.SYS.CONFIG), and describes CMRs in units of 4 KiB.
 */
#define TDX_PA_LIMIT		(1ULL << 52)
#define TDX_REGION_ALIGN	(1ULL << 12)

/* RAM below 1 MiB belongs to firmware and the real-mode trampoline. */
#define TDX_LOW_LIMIT		(1ULL << 20)

/* More entries than any machine has; keeps every count within an int. */
#define TDX_REGION_MAX		(1U << 20)

/**
 * struct tdx_range - a range of physical addresses
 * @base: first byte, a multiple of 4 KiB
 * @end: one past the last byte, a multiple of 4 KiB
 */
struct tdx_range {
	u64 base;
	u64 end;
};

/**
 * struct tdx_ram - a range of System RAM
 * @base: first byte, a multiple of 4 KiB
 * @end: one past the last byte, a multiple of 4 KiB
 * @node: NUMA node, 0 or more
 */
struct tdx_ram {
	u64 base;
	u64 end;
	int node;
};

int tdx_range_check(u64 base, u64 end);
u32 tdx_range_fuse(struct tdx_range *r, u32 nr);
int tdx_cmr_normalize(struct tdx_range *cmr, u32 nr);
int tdx_ram_normalize(struct tdx_ram *ram, u32 nr, u64 *where);
void tdx_ram_split(const struct tdx_ram *ram, u32 nr_ram,
		   const struct tdx_range *cmr, u32 nr_cmr,
		   struct tdx_ram *usable, u32 *nr_usable,
		   struct tdx_ram *outside, u32 *nr_outside);

#endif
