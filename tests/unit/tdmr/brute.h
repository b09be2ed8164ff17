/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The least RAM that any layout of a small machine gives up, by trying every
 * set of TDMRs; with PAMTs from the top of a node's RAM, as tdmr-layout has
 * them. Written apart from the layout, on the checker's types.
 */
#ifndef TESTS_TDMR_BRUTE_H
#define TESTS_TDMR_BRUTE_H

#include "checker.h"

#define BRUTE_MAX_BLOCKS	6
#define BRUTE_NOTHING		UINT64_MAX

/* 1 where the map is small enough for brute_force(). */
int brute_fits(const struct chk_map *m);
/* Bytes given up; BRUTE_NOTHING where no layout was found at all. */
uint64_t brute_force(const struct chk_map *m);
/* 1 where some single 1 GiB block can be TDX memory. */
int brute_one_block(const struct chk_map *m);

#endif
