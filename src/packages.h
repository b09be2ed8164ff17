/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_SRC_PACKAGES_H
#define TDX_HOST_SRC_PACKAGES_H

int packages_run(int (*fn)(void *), void *data);

#endif /* TDX_HOST_SRC_PACKAGES_H */
