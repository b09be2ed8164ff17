/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_CPU_HOTPLUG_H
#define TDX_HOST_CPU_HOTPLUG_H

int cpu_hotplug_init(void);
void cpu_hotplug_exit(void);

#endif /* TDX_HOST_CPU_HOTPLUG_H */
