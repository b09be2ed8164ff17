/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_SRC_TDH_PHYMEM_H
#define TDX_HOST_SRC_TDH_PHYMEM_H

struct platform_info;

void tdx_host_phymem_init(const struct platform_info *p);

#endif /* TDX_HOST_SRC_TDH_PHYMEM_H */
