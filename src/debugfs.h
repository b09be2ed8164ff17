/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_DEBUGFS_H
#define TDX_HOST_DEBUGFS_H

void debugfs_files_init(void);
void debugfs_files_exit(void);

#endif /* TDX_HOST_DEBUGFS_H */
