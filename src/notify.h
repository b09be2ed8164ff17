/* SPDX-License-Identifier: GPL-2.0-only */
/* Telling consumers. */
#ifndef TDX_HOST_NOTIFY_H
#define TDX_HOST_NOTIFY_H

#include <tdx_host/notify.h>

void notify_ready(void);
void notify_going_down(bool for_good);
void notify_cpu_not_ready(unsigned int cpu);

#endif /* TDX_HOST_NOTIFY_H */
