/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_SRC_TDH_PHYMEM_H
#define TDX_HOST_SRC_TDH_PHYMEM_H

struct tdx_host_platform;

void tdx_host_phymem_init(const struct tdx_host_platform *p);

#endif /* TDX_HOST_SRC_TDH_PHYMEM_H */
