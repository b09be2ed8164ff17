/* SPDX-License-Identifier: GPL-2.0-only */
/* TDH.SYS.CONFIG and TDH.SYS.KEY.CONFIG. */
#ifndef TDX_HOST_CONFIG_H
#define TDX_HOST_CONFIG_H

#include <linux/types.h>

struct tdmr_result;

int config_tdmrs(const struct tdmr_result *layout, u16 max_reserved,
		 u32 global_keyid, bool *taken);
int config_keys(void);
void config_forget_keys(void);

#endif /* TDX_HOST_CONFIG_H */
