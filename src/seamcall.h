/* SPDX-License-Identifier: GPL-2.0-only */
/* The module's one way to the TDX module. */
#ifndef TDX_HOST_SRC_SEAMCALL_H
#define TDX_HOST_SRC_SEAMCALL_H

#include <tdx_host/seamcall.h>

/**
 * struct tdx_host_retry - how long a transient status has lasted
 * @first: the status that asked for the first pause
 * @tries: pauses made so far
 * @resumes: interrupted calls resumed so far
 */
struct tdx_host_retry {
	u64 first;
	unsigned int tries;
	unsigned int resumes;
};

bool tdx_host_retry(struct tdx_host_retry *r, u64 leaf, u64 status,
		    bool may_sleep);
void tdx_host_retry_log(const struct tdx_host_retry *r, u64 leaf, u64 status);
void tdx_host_call_stop(void);
u64 tdx_host_call_once(u64 leaf, struct tdx_regs *args);
u64 tdx_host_call_hot(u64 leaf, struct tdx_regs *args, bool saved);

#endif /* TDX_HOST_SRC_SEAMCALL_H */
