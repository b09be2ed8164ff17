/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_SRC_KEYID_H
#define TDX_HOST_SRC_KEYID_H

#include <tdx_host/keyid.h>

int keyid_init(void);
void keyid_exit(void);
u32 keyid_nr_in_use(void);

#endif /* TDX_HOST_SRC_KEYID_H */
