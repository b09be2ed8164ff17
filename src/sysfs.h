/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_SYSFS_H
#define TDX_HOST_SYSFS_H

int sysfs_files_init(void);
void sysfs_files_exit(void);

#endif /* TDX_HOST_SYSFS_H */
