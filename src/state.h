/* SPDX-License-Identifier: GPL-2.0-only */
/* The state that sysfs shows, the last error, and who is told. */
#ifndef TDX_HOST_STATE_H
#define TDX_HOST_STATE_H

#include <linux/types.h>
#include <tdx_host/tdx_host.h>

struct device;
struct tdx_regs;

#define TDX_HOST_SENTENCE	512	/* bytes; the longest message fits */

void tdx_host_state_attach(struct device *dev);
void tdx_host_state_detach(void);

const char *tdx_host_state_name(enum tdx_host_state state);
void tdx_host_state_set(enum tdx_host_state state);
void tdx_host_state_event(char *variable);

void tdx_host_error_set(const char *sentence);
void tdx_host_error_set_default(const char *sentence);
void tdx_host_error_clear(void);
size_t tdx_host_error_get(char *buf, size_t len);
int tdx_host_error_seamcall(u64 leaf, u64 status, int cpu,
			    const struct tdx_regs *out);

#endif /* TDX_HOST_STATE_H */
