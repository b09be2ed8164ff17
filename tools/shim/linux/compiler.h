/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel asks of the compiler. */
#ifndef SHIM_LINUX_COMPILER_H
#define SHIM_LINUX_COMPILER_H

#define __printf(a, b)		__attribute__((format(printf, a, b)))
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))

#endif
