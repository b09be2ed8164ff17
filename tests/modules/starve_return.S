/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where tdx_starve sends a function that is to return at once, with the RAX
 * that the probe has set. Its address is taken, so a kernel with IBT wants
 * ENDBR at its beginning: SYM_TYPED_FUNC_START, where it exists, emits it.
 */
#include <linux/linkage.h>
#if __has_include(<linux/cfi_types.h>)
#include <linux/cfi_types.h>
#define STARVE_FUNC_START(name)	SYM_TYPED_FUNC_START(name)
#else
#define STARVE_FUNC_START(name)	SYM_FUNC_START(name)
#endif

	.text

STARVE_FUNC_START(starve_return)
	RET
SYM_FUNC_END(starve_return)
