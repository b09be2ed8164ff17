/* SPDX-License-Identifier: GPL-2.0-only */
/* How often each leaf was called, and how long it took. */
#ifndef TDX_HOST_STATS_H
#define TDX_HOST_STATS_H

#include <linux/types.h>

struct seq_file;

void stats_init(void);
void stats_exit(void);
void stats_add(u64 leaf, u64 status, u64 ns);
void stats_show(struct seq_file *m);

#endif /* TDX_HOST_STATS_H */
