/* SPDX-License-Identifier: GPL-2.0-only */
/* memcpy() and friends. */
#ifndef SHIM_LINUX_STRING_H
#define SHIM_LINUX_STRING_H

#include <string.h>
#include <strings.h>

#endif
