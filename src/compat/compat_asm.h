/* SPDX-License-Identifier: GPL-2.0-only */
/* Differences between kernels that assembly sees. */
#ifndef TDX_HOST_COMPAT_ASM_H
#define TDX_HOST_COMPAT_ASM_H

/*
 * A function that may be called through a pointer begins with ENDBR where
 * the kernel uses IBT.  SYM_FUNC_START emits it in some releases only;
 * SYM_TYPED_FUNC_START, where it exists (6.1), always does.
 */
#if __has_include(<linux/cfi_types.h>)
#include <linux/cfi_types.h>
#define TDX_FUNC_START(name)	SYM_TYPED_FUNC_START(name)
#else
#define TDX_FUNC_START(name)	SYM_FUNC_START(name)
#endif

#endif /* TDX_HOST_COMPAT_ASM_H */
