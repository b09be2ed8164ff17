/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's limits that <limits.h> lacks. */
#ifndef SHIM_LINUX_LIMITS_H
#define SHIM_LINUX_LIMITS_H

#include_next <linux/limits.h>
#include <limits.h>
#include <stdint.h>

#ifndef U16_MAX
#define U8_MAX	((unsigned char)~0U)
#define U16_MAX	((unsigned short)~0U)
#define U32_MAX	((unsigned int)~0U)
#define U64_MAX	(~0ULL)
#define S32_MAX	((int)(~0U >> 1))
#endif

#endif
