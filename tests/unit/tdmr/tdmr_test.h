/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of tdmr_test share.
 */
#ifndef TESTS_TDMR_TDMR_TEST_H
#define TESTS_TDMR_TDMR_TEST_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "checker.h"

/* The machine and the layout of the last lay_out(). */
extern struct chk_map rules;
extern struct chk_layout layout;

/* Lay out a map given as text; a layout that comes out must be sound. */
int lay_out(const char *text);

/* A file of tests/data, to be freed. */
char *read_data(const char *name);

/* Each returns the number of failed tests. */
int run_region_tests(void);
int run_tool_tests(void);
int run_checker_tests(void);
int run_kinds_tests(void);

#endif
