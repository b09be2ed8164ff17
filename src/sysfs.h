/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_SYSFS_H
#define TDX_HOST_SYSFS_H

struct platform_info;

int sysfs_files_init(const struct platform_info *platform);
void sysfs_files_exit(void);

#endif /* TDX_HOST_SYSFS_H */
