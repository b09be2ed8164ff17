/* SPDX-License-Identifier: GPL-2.0-only */
/* System RAM as the kernel sees it. */
#ifndef TDX_HOST_MEMORY_H
#define TDX_HOST_MEMORY_H

#include "region.h"

/**
 * struct tdx_memory - System RAM, ascending, cut at node boundaries
 * @ram: the ranges
 * @nr: how many
 * @bytes: their sum
 * @driver_managed: of these, bytes that a driver added (dax/kmem, virtio-mem)
 */
struct tdx_memory {
	struct tdx_ram *ram;
	u32 nr;
	u64 bytes;
	u64 driver_managed;
};

int tdx_memory_read(struct tdx_memory *mem);
bool tdx_memory_contains(const struct tdx_memory *mem, u64 base, u64 end);
bool tdx_memory_is_ram(u64 base, u64 end);
bool tdx_memory_is_driver_managed(u64 base, u64 end);
void tdx_memory_free(struct tdx_memory *mem);

#endif /* TDX_HOST_MEMORY_H */
