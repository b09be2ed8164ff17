/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_SYSFS_H
#define TDX_HOST_SYSFS_H

struct tdx_host_platform;

int tdx_host_sysfs_init(const struct tdx_host_platform *platform);
void tdx_host_sysfs_exit(void);

#endif /* TDX_HOST_SYSFS_H */
