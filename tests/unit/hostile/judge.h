/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must be true of what tdx_host takes from a TDX module, whatever that
 * says.  Written from what the code behind it needs, not from its checks.
 */
#ifndef TESTS_HOSTILE_JUDGE_H
#define TESTS_HOSTILE_JUDGE_H

#include <linux/types.h>

#include "tdmr/tdmr.h"

struct tdx_host_sysinfo;
struct tdx_regs;

/* The SEAM range of the machine, as platform_get() has it. */
#define JUDGE_SEAMRR		0xfa000000ULL
#define JUDGE_SEAMRR_SIZE	(32ULL << 20)

/* Each: NULL, or a sentence that says what is wrong. */
const char *judge_sysinfo(const struct tdx_host_sysinfo *si);
/* Makes a layout of some RAM; @r is set, for judge_free(), on success. */
const char *judge_layout(const struct tdx_host_sysinfo *si,
			 struct tdmr_result *r, int *err);
void judge_layout_free(struct tdmr_result *r);
/* @err came of it: is it an errno, with a sentence of one line? */
const char *judge_refusal(int err);
/* Explains a status into buffers of all sizes. */
const char *judge_status(u64 leaf, u64 status, int cpu,
			 const struct tdx_regs *out);

/**
 * judge_progress() - follow what TDH.SYS.TDMR.INIT says of one TDMR
 * @next: says where it is, call by call; and sets the time
 * @ctx: its argument
 *
 * Return: NULL, or a sentence; @ret: as enum tdmr_step, never TDMR_GOES_ON.
 */
const char *judge_progress(u64 base, u64 size,
			   int (*next)(void *ctx, u64 *rdx, u64 *now),
			   void *ctx, int *ret);

#endif /* TESTS_HOSTILE_JUDGE_H */
