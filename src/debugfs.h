/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_DEBUGFS_H
#define TDX_HOST_DEBUGFS_H

void tdx_host_debugfs_init(void);
void tdx_host_debugfs_exit(void);

#endif /* TDX_HOST_DEBUGFS_H */
