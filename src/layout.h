/* SPDX-License-Identifier: GPL-2.0-only */
/* The one layout of TDX memory that is in force. */
#ifndef TDX_HOST_LAYOUT_H
#define TDX_HOST_LAYOUT_H

#include "tdmr.h"

int tdx_layout_make(void);
void tdx_layout_free(bool reset);
const struct tdmr_result *tdx_layout_get(void);

bool tdx_layout_exists(void);
u64 tdx_layout_generation(void);
bool tdx_layout_has_ram(u64 base, u64 end);
bool tdx_layout_touches_cmr(u64 base, u64 end);
bool tdx_layout_is_tdx(u64 base, u64 end);
void tdx_layout_reset_pamts(void);

/**
 * struct tdx_layout_totals - what sysfs shows, all 0 without a layout
 * @tdmrs: number of TDMRs
 * @tdx_bytes: RAM that serves TDX
 * @unusable_bytes: RAM that TDX cannot use: outside the CMRs, or given up
 */
struct tdx_layout_totals {
	u32 tdmrs;
	u64 tdx_bytes;
	u64 unusable_bytes;
};

struct seq_file;

void tdx_layout_show_regions(struct seq_file *m);
void tdx_layout_show_tdmrs(struct seq_file *m);
void tdx_layout_totals(struct tdx_layout_totals *totals);

#endif /* TDX_HOST_LAYOUT_H */
