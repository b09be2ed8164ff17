/* SPDX-License-Identifier: GPL-2.0-only */
/* Failures as people meet them, and the last one, which sysfs shows. */
#ifndef TDX_HOST_SRC_ERROR_H
#define TDX_HOST_SRC_ERROR_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <tdx_host/error.h>

/* Bytes of a buffer for a sentence; the longest one fits. */
#define ERROR_SENTENCE	512

/* TDX_CAUSE_*: what goes wrong without a status, with words for it. */
enum error_cause {
#define TDX_CAUSE(name, what, cure)	TDX_CAUSE_##name,
#include <tdx/causes.def>
};

__printf(4, 5)
int error_explain_cause(char *buf, size_t len, enum error_cause cause,
			const char *fmt, ...);
__printf(2, 3)
void error_set_cause(enum error_cause cause, const char *fmt, ...);
__printf(3, 4)
void error_log_cause(const char *level, enum error_cause cause,
		     const char *fmt, ...);
void error_set(const char *sentence);
void error_set_default(enum error_cause cause);
void error_clear(void);
int error_seamcall(u64 leaf, u64 status, int cpu, const struct tdx_regs *out);

#endif /* TDX_HOST_SRC_ERROR_H */
