// SPDX-License-Identifier: GPL-2.0-only
/* 6.16: cpuid() and its kin moved to <asm/cpuid/api.h>. */
#include <asm/cpuid/api.h>
