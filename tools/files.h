/* SPDX-License-Identifier: GPL-2.0-only */
/* Small files of /sys, /proc and the like, of this machine or of a copy. */
#ifndef TDX_HOST_FILES_H
#define TDX_HOST_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "tool.h"

#define FILES_SYSFS	"/sys/devices/platform/tdx_host"
#define FILES_DEBUGFS	"/sys/kernel/debug/tdx_host"

char *files_path(const struct tool_options *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *files_read(const struct tool_options *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *files_bytes(const struct tool_options *o, size_t *length,
		  const char *fmt, ...) __attribute__((format(printf, 3, 4)));
bool files_exist(const struct tool_options *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool files_number(const struct tool_options *o, unsigned long long *number,
		  const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif /* TDX_HOST_FILES_H */
