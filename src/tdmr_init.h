/* SPDX-License-Identifier: GPL-2.0-only */
/* TDH.SYS.TDMR.INIT, in parallel. */
#ifndef TDX_HOST_TDMR_INIT_H
#define TDX_HOST_TDMR_INIT_H

struct tdmr_result;

int tdmr_init_all(const struct tdmr_result *layout);
unsigned int tdmr_init_percent(void);

#endif /* TDX_HOST_TDMR_INIT_H */
