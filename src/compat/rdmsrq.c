// SPDX-License-Identifier: GPL-2.0-only
/* 6.16: rdmsrl_safe() was renamed rdmsrq_safe(). */
#include <asm/msr.h>
int probe(u64 *val);
int probe(u64 *val)
{
	return rdmsrq_safe(0x10, val);
}
