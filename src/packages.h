/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_SRC_PACKAGES_H
#define TDX_HOST_SRC_PACKAGES_H

#include <linux/types.h>

int packages_check(void);
bool packages_needs(unsigned int cpu);
int packages_run(int (*fn)(void *), void *data);

#endif /* TDX_HOST_SRC_PACKAGES_H */
