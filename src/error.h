/* SPDX-License-Identifier: GPL-2.0-only */
/* Failures as people meet them, and the last one, which sysfs shows. */
#ifndef TDX_HOST_SRC_ERROR_H
#define TDX_HOST_SRC_ERROR_H

#include <linux/types.h>
#include <tdx_host/error.h>

/* Bytes of a buffer for a sentence; the longest one fits. */
#define ERROR_SENTENCE	512

void error_set(const char *sentence);
void error_set_default(const char *sentence);
void error_clear(void);
size_t error_get(char *buf, size_t len);
int error_seamcall(u64 leaf, u64 status, int cpu, const struct tdx_regs *out);

#endif /* TDX_HOST_SRC_ERROR_H */
