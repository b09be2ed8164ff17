/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_POWER_H
#define TDX_HOST_POWER_H

int power_init(void);
void power_exit(void);

#endif /* TDX_HOST_POWER_H */
