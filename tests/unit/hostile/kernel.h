/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What src/ takes from the kernel by way of compat.h, whose place this takes:
 * it comes before every source file.
 */
#ifndef TESTS_HOSTILE_KERNEL_H
#define TESTS_HOSTILE_KERNEL_H

#define TDX_HOST_COMPAT_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/kernel.h>

#define PAGE_SIZE	4096UL
#define PAGE_MASK	(~(PAGE_SIZE - 1))

#define sizeof_field(type, member)	sizeof(((type *)0)->member)
#define lower_32_bits(n)	((u32)(n))
#define upper_32_bits(n)	((u32)((n) >> 32))

#define might_sleep()			((void)0)
#define smp_store_release(p, v)		(*(p) = (v))
#define smp_load_acquire(p)		(*(p))
#define TDX_HOST_EXPORT(sym)		extern int shim_exported
#define KERN_ERR			""
#define pr_fmt(fmt)			fmt
/* Checked by the compiler, and said to nobody. */
#define printk(fmt, ...)		((void)(0 && printf(fmt, ##__VA_ARGS__)))
#define pr_err(fmt, ...)		printk(fmt, ##__VA_ARGS__)
#define pr_warn(fmt, ...)		printk(fmt, ##__VA_ARGS__)
#define pr_info(fmt, ...)		printk(fmt, ##__VA_ARGS__)

#define kzalloc(size, gfp)		calloc(1, size)
#define kcalloc(n, size, gfp)		calloc((n) + !(n), size)
#define kfree(p)			free((void *)(p))

static inline int vscnprintf(char *buf, size_t len, const char *fmt,
			     va_list args)
{
	int n = len ? vsnprintf(buf, len, fmt, args) : 0;

	return n < 0 || (size_t)n < len ? n : (int)len - 1;
}

static inline __printf(3, 4)
int scnprintf(char *buf, size_t len, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = len ? vscnprintf(buf, len, fmt, args) : 0;
	va_end(args);
	return n;
}

static inline ssize_t strscpy(char *to, const char *from, size_t len)
{
	size_t n = strnlen(from, len);

	if (n == len) {
		memcpy(to, from, len - 1);
		to[len - 1] = '\0';
		return -7;	/* E2BIG */
	}
	memcpy(to, from, n + 1);
	return n;
}

#endif /* TESTS_HOSTILE_KERNEL_H */
