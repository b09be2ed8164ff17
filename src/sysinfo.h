/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_SRC_SYSINFO_H
#define TDX_HOST_SRC_SYSINFO_H

#include <tdx_host/sysinfo.h>

int sysinfo_read(void);
void sysinfo_free(void);

#endif /* TDX_HOST_SRC_SYSINFO_H */
