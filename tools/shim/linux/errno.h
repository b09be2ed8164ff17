/* SPDX-License-Identifier: GPL-2.0-only */
/* The errno numbers are the same on both sides of the system call. */
#ifndef SHIM_LINUX_ERRNO_H
#define SHIM_LINUX_ERRNO_H

#include_next <linux/errno.h>

#endif
