/* SPDX-License-Identifier: GPL-2.0-only */
/* The TDs that KVM has, and their end when the machine goes down. */
#ifndef KVM_TDX_HOST_TDS_H
#define KVM_TDX_HOST_TDS_H

#include <linux/types.h>

int tds_keyid_alloc(void);
void tds_keyid_free(unsigned int keyid);
void tds_created(void);
void tds_gone(void);
void tds_progress(void);
int tds_init(void);
void tds_exit(void);

#endif /* KVM_TDX_HOST_TDS_H */
