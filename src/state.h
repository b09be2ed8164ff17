/* SPDX-License-Identifier: GPL-2.0-only */
/* The state that sysfs shows, the last error, and who is told. */
#ifndef TDX_HOST_STATE_H
#define TDX_HOST_STATE_H

#include <linux/types.h>
#include <tdx_host/tdx_host.h>

struct device;
struct tdx_regs;

#define ERROR_SENTENCE	512	/* bytes; the longest message fits */

void state_attach(struct device *dev);
void state_detach(void);

const char *state_name(enum tdx_host_state state);
void state_set(enum tdx_host_state state);
void state_event(char *variable);

void error_set(const char *sentence);
void error_set_default(const char *sentence);
void error_clear(void);
size_t error_get(char *buf, size_t len);
int error_seamcall(u64 leaf, u64 status, int cpu, const struct tdx_regs *out);

#endif /* TDX_HOST_STATE_H */
