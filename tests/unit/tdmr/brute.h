/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Can anything of a machine be TDX memory? By trying each block, with PAMTs
 * from the top of each node's RAM, as tdmr-layout has them. Written apart from
 * the layout, on the checker's types.
 */
#ifndef TESTS_TDMR_BRUTE_H
#define TESTS_TDMR_BRUTE_H

#include "checker.h"

/* 1 where some single 1 GiB block can be TDX memory. */
int brute_one_block(const struct chk_map *m);

#endif
