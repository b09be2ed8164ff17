/* SPDX-License-Identifier: GPL-2.0-only */
/* The state that sysfs shows, and the uevents that announce it. */
#ifndef TDX_HOST_STATE_H
#define TDX_HOST_STATE_H

#include <tdx_host/tdx_host.h>

struct device;

void state_attach(struct device *dev);
void state_detach(void);

const char *state_name(enum tdx_host_state state);
void state_set(enum tdx_host_state state);
void state_event(char *variable);

#endif /* TDX_HOST_STATE_H */
