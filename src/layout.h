/* SPDX-License-Identifier: GPL-2.0-only */
/* The one layout of TDX memory that is in force. */
#ifndef TDX_HOST_LAYOUT_H
#define TDX_HOST_LAYOUT_H

#include "tdmr/tdmr.h"

int layout_make(void);
void layout_free(bool reset);
const struct tdmr_result *layout_get(void);

bool layout_exists(void);
u64 layout_generation(void);
bool layout_has_ram(u64 base, u64 end);
bool layout_touches_cmr(u64 base, u64 end);
bool layout_is_tdx(u64 base, u64 end);
bool layout_all_ram_is_tdx(struct region *bad);
void layout_reset_pamts(void);

/**
 * struct layout_totals - what sysfs shows, all 0 without a layout
 * @tdmrs: number of TDMRs
 * @tdx_bytes: RAM that serves TDX
 * @unusable_bytes: RAM that TDX cannot use: outside the CMRs, or given up
 */
struct layout_totals {
	u32 tdmrs;
	u64 tdx_bytes;
	u64 unusable_bytes;
};

struct seq_file;

void layout_show_regions(struct seq_file *m);
void layout_show_tdmrs(struct seq_file *m);
void layout_totals(struct layout_totals *totals);

#endif /* TDX_HOST_LAYOUT_H */
