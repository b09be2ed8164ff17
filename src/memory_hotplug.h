/* SPDX-License-Identifier: GPL-2.0-only */
/* The rule for memory that comes and goes. */
#ifndef TDX_HOST_MEMORY_HOTPLUG_H
#define TDX_HOST_MEMORY_HOTPLUG_H

#include <linux/types.h>

int memory_hotplug_init(bool allow_unusable);
void memory_hotplug_exit(void);

/**
 * struct memory_hotplug_counts - what the rule did so far
 * @refused: times that memory was kept from going online
 * @removed: times that memory inside a CMR was found removed
 * @unusable_bytes: memory that came online and cannot serve TDX, bytes
 */
struct memory_hotplug_counts {
	u64 refused;
	u64 removed;
	u64 unusable_bytes;
};

void memory_hotplug_counts(struct memory_hotplug_counts *counts);

#endif /* TDX_HOST_MEMORY_HOTPLUG_H */
