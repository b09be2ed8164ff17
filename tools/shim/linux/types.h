/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's short integer names for sources that are also compiled in
 * user space. The C library includes some <linux/...> headers itself, so
 * every header here passes on to the system's own of the same name.
 */
#ifndef SHIM_LINUX_TYPES_H
#define SHIM_LINUX_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* unsigned long long, as in the kernel, so that %llx fits without a cast */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef u64 phys_addr_t;

#endif
