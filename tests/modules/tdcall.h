/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdx_tdcall_test: what a module in a TD can do with tdx_guest_call and the
 * inline calls, at the command of a scenario.
 */
#ifndef TDX_TEST_TDCALL_H
#define TDX_TEST_TDCALL_H

#include <linux/types.h>
#include <tdx_guest/tdg.h>

#include "test.h"

/* tdcall_call.S: see test_call.inc. */
void test_call_module(struct test_call *c);
void test_call_module_saved(struct test_call *c);
void test_call_hypercall(struct test_call *c);
void test_call_hypercall_saved(struct test_call *c);

struct thin_pair {
	u64 status;
	u64 value;
};

struct thin_walk {
	u64 value;
	u64 next;
};

/* tdcall_thin.c: the inline calls, each in a function of its own. */
u64 thin_page_accept(u64 gpa);
u64 thin_report(u64 report_gpa, u64 data_gpa);
u64 thin_rtmr_extend(u64 data_gpa, u64 index);
struct thin_pair thin_vm_rd(u64 field);
struct thin_pair thin_vp_rd(u64 field);
struct thin_pair thin_sys_rd(u64 field);
u64 thin_vm_rd_next(u64 field, struct thin_walk *w);
u64 thin_vp_rd_next(u64 field, struct thin_walk *w);
u64 thin_sys_rd_next(u64 field, struct thin_walk *w);
u64 thin_veinfo_get(struct tdx_guest_ve_info *info);
u64 thin_cpuidve_set(u64 when);
u64 thin_vp_info(struct tdx_guest_vp_info *info);

extern const struct test_file tdcall_regs, tdcall_inline, tdcall_memory;

#endif /* TDX_TEST_TDCALL_H */
