/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_ERASE_H
#define TDX_HOST_ERASE_H

#include <linux/types.h>

void erase_lines(u64 pa, u64 size);
void erase_range(u64 pa, u64 size);

#endif /* TDX_HOST_ERASE_H */
