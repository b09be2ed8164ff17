// SPDX-License-Identifier: GPL-2.0-only
/* 6.16: alloc_contig_range() takes acr_flags_t instead of a migrate type. */
#include <linux/gfp.h>
acr_flags_t probe(void);
acr_flags_t probe(void)
{
	return ACR_FLAGS_NONE;
}
