/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that is taken out of the machine. */
#ifndef TDX_HOST_MEMORY_REMOVAL_H
#define TDX_HOST_MEMORY_REMOVAL_H

#include <linux/types.h>

int tdx_memory_removal_init(void);
void tdx_memory_removal_exit(void);

bool tdx_memory_removed_since(u64 base, u64 end, u64 generation);
u64 tdx_memory_removals(void);

#endif /* TDX_HOST_MEMORY_REMOVAL_H */
