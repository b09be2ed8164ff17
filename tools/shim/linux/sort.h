/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's sort() on top of the C library's qsort(). */
#ifndef SHIM_LINUX_SORT_H
#define SHIM_LINUX_SORT_H

#include <stdlib.h>

static inline void sort(void *base, size_t num, size_t size,
			int (*cmp)(const void *, const void *),
			void (*swap)(void *, void *, int))
{
	(void)swap;
	if (num > 1)
		qsort(base, num, size, cmp);
}

#endif
