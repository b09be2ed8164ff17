/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory for PAMTs. */
#ifndef TDX_HOST_PAMT_H
#define TDX_HOST_PAMT_H

#include "memory.h"
#include "tdmr/region.h"

/**
 * struct pamt_pool - where PAMTs may lie
 * @cmr: CMRs, normalised: ascending, apart
 * @nr_cmr: how many
 */
struct pamt_pool {
	const struct region *cmr;
	u32 nr_cmr;
};

int pamt_alloc(void *ctx, int node, u64 size, u64 *pa);
void pamt_free(void *ctx, int node, u64 pa, u64 size);
bool pamt_has_room(const struct pamt_pool *pool,
		   const struct memory_list *mem, u64 size);
u64 pamt_bytes(void);

#endif /* TDX_HOST_PAMT_H */
