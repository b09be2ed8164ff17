/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_MEMORY_HOTPLUG_H
#define TDX_HOST_MEMORY_HOTPLUG_H

int tdx_host_memory_hotplug_init(void);
void tdx_host_memory_hotplug_exit(void);

#endif /* TDX_HOST_MEMORY_HOTPLUG_H */
