/* SPDX-License-Identifier: GPL-2.0-only */
/* min() and max() that evaluate their arguments once, and their kin. */
#ifndef SHIM_LINUX_MINMAX_H
#define SHIM_LINUX_MINMAX_H

#define min(a, b) ({				\
	__typeof__(a) shim_a_ = (a);		\
	__typeof__(b) shim_b_ = (b);		\
	shim_a_ < shim_b_ ? shim_a_ : shim_b_; })

#define max(a, b) ({				\
	__typeof__(a) shim_a_ = (a);		\
	__typeof__(b) shim_b_ = (b);		\
	shim_a_ > shim_b_ ? shim_a_ : shim_b_; })

#define min_t(type, a, b)	min((type)(a), (type)(b))
#define max_t(type, a, b)	max((type)(a), (type)(b))

#define swap(a, b) do {				\
	__typeof__(a) shim_a_ = (a);		\
	(a) = (b);				\
	(b) = shim_a_; } while (0)

#define clamp(v, lo, hi)	min(max(v, lo), hi)

#endif
