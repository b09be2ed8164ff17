/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_HOST_SRC_KEYID_H
#define TDX_HOST_SRC_KEYID_H

#include <tdx_host/keyid.h>

/* Bytes of the text that says who has a KeyID; longer ones are cut. */
#define KEYID_OWNER	128

struct seq_file;

int keyid_init(void);
void keyid_exit(void);
u32 keyid_nr_in_use(void);
void keyid_close(void);
void keyid_open(void);
u32 keyid_first_owner(char owner[KEYID_OWNER]);
void keyid_show(struct seq_file *m);
void keyid_report_lost(void);

#endif /* TDX_HOST_SRC_KEYID_H */
