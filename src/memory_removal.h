/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that is taken out of the machine. */
#ifndef TDX_HOST_MEMORY_REMOVAL_H
#define TDX_HOST_MEMORY_REMOVAL_H

#include <linux/types.h>

int memory_removal_init(void);
void memory_removal_exit(void);

bool memory_removal_since(u64 base, u64 end, u64 generation);
u64 memory_removal_count(void);

#endif /* TDX_HOST_MEMORY_REMOVAL_H */
