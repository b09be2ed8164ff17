/* SPDX-License-Identifier: GPL-2.0-only */
/* The one way of tdx_host's own calls to the TDX module. */
#ifndef TDX_HOST_SRC_SEAMCALL_H
#define TDX_HOST_SRC_SEAMCALL_H

#include <tdx_host/seamcall.h>

/* TDH.SYS.DISABLE, which is made after seamcall_stop(). */
#define SEAMCALL_LAST_LEAF	69

#ifndef __ASSEMBLER__

/**
 * struct seamcall_retry - how long a transient status has lasted
 * @first: the status that asked for the first pause
 * @start: when the first transient status came, monotonic, ns
 * @tries: pauses made so far
 * @all: transient statuses so far, interrupted calls among them
 * @seen: which they were, TDX_RETRY_*, the last one included
 */
struct seamcall_retry {
	u64 first;
	u64 start;
	unsigned int tries;
	unsigned int all;
	unsigned int seen;
};

bool seamcall_retry(struct seamcall_retry *r, u64 leaf, u64 status,
		    bool may_sleep);
void seamcall_retry_log(const struct seamcall_retry *r, u64 leaf, u64 status);
extern u8 seamcall_stopped;
void seamcall_stop(void);
u64 seamcall_insist(u64 leaf, struct tdx_regs *args, bool may_sleep,
		    struct seamcall_retry *retry);
bool seamcall_left_vcpu(u64 status);
u64 seamcall_once(u64 leaf, struct tdx_regs *args, bool *stays);
u64 seamcall_hot(u64 leaf, struct tdx_regs *args, bool *stays);

#endif /* !__ASSEMBLER__ */
#endif /* TDX_HOST_SRC_SEAMCALL_H */
