/* SPDX-License-Identifier: GPL-2.0-only */
/* System RAM as the kernel sees it. */
#ifndef TDX_HOST_MEMORY_H
#define TDX_HOST_MEMORY_H

#include "tdmr/region.h"

/**
 * struct memory_list - System RAM, ascending, cut at node boundaries
 * @ram: the ranges
 * @nr: their number
 * @driver_managed: of these, bytes that a driver added (dax/kmem, virtio-mem)
 */
struct memory_list {
	struct region *ram;
	u32 nr;
	u64 driver_managed;
};

int memory_list_read(struct memory_list *mem);
bool memory_list_contains(const struct memory_list *mem, u64 base, u64 end);
bool memory_is_ram(u64 base, u64 end);
bool memory_is_driver_managed(u64 base, u64 end);
void memory_list_free(struct memory_list *mem);

#endif /* TDX_HOST_MEMORY_H */
