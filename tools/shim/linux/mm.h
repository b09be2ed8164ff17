/* SPDX-License-Identifier: GPL-2.0-only */
/* Large arrays, from the C library; a test may want them to fail. */
#ifndef SHIM_LINUX_MM_H
#define SHIM_LINUX_MM_H

#include <stdlib.h>
#include <linux/errno.h>
#include <linux/string.h>

#define GFP_KERNEL	0

/* Allocations that still succeed; below 0, all do. */
__attribute__((weak)) int shim_allocations = -1;

static inline void *kvcalloc(size_t n, size_t size, int gfp)
{
	(void)gfp;
	if (!shim_allocations)
		return NULL;
	shim_allocations -= shim_allocations > 0;
	return calloc(n, size);
}

static inline void kvfree(const void *p)
{
	free((void *)p);
}

#endif
