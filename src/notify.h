/* SPDX-License-Identifier: GPL-2.0-only */
/* Telling consumers. */
#ifndef TDX_HOST_NOTIFY_H
#define TDX_HOST_NOTIFY_H

#include <tdx_host/notify.h>

void notify_send(enum tdx_host_event event, unsigned int cpu);

#endif /* TDX_HOST_NOTIFY_H */
