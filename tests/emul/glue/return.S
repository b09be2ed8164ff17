/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a kprobe sends a function that is not to run: it returns to its
 * caller with the RAX that the probe's handler has set.
 */
#include <linux/linkage.h>
#if __has_include(<linux/cfi_types.h>)
#include <linux/cfi_types.h>
#define EMUL_FUNC_START(name)	SYM_TYPED_FUNC_START(name)
#else
#define EMUL_FUNC_START(name)	SYM_FUNC_START(name)
#endif

	.text

EMUL_FUNC_START(emul_return)
	RET
SYM_FUNC_END(emul_return)
