/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_TDMR_REGION_TEST_H
#define TESTS_TDMR_REGION_TEST_H

/* Returns the number of failed tests. */
int run_region_tests(void);

#endif
