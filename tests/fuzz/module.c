// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer target: what a TDX module may answer goes through the code of
 * tdx_host that reads it: metadata, CMRs, statuses, progress of
 * TDH.SYS.TDMR.INIT.  What is believed is judged by other code.
 *
 * The input is a list of records, each of which changes an answer of an honest
 * TDX module, or is a status, or a place of TDH.SYS.TDMR.INIT.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <tdx/regs.h>
#include <tdx_host/error.h>
#include <tdx_host/sysinfo.h>

#include "error.h"
#include "judge.h"
#include "status.h"
#include "sysinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct __attribute__((packed)) record {
	uint8_t kind;
	uint8_t which;
	uint64_t a;
	uint64_t b;
};

enum { FIELD_VALUE, FIELD_STATUS, STATUS, PROGRESS, KINDS };

static const struct record *records;
static size_t nr_records;

static void believe(const char *what)
{
	if (!what)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

/* What TDX module 1.5 says; a CMR or a CPUID bit of its own in each slot. */
static uint64_t honest(uint64_t id)
{
	switch (id) {
	case 0x9000000100000000ULL:
		return 32;
	case 0x9000000300000080ULL:
		return 1 << 20;
	case 0x9000000300000100ULL:
		return (1 << 30) - (1 << 20);
	case 0x9000000300000082ULL:
		return 4ULL << 30;
	case 0x9000000300000102ULL:
		return 515 << 20;
	case 0x9100000100000008ULL:
		return 64;
	case 0x9100000100000009ULL:
	case 0x9100000100000010ULL:
	case 0x9100000100000011ULL:
	case 0x9100000100000012ULL:
		return 16;
	case 0x9800000100000000ULL:
		return 4096;
	case 0x9800000100000100ULL:
	case 0x9800000100000200ULL:
		return 6 * 4096;
	case 0x9900000100000004ULL:
		return 3;
	default:
		return 0;
	}
}

/* One number for each field: CMRs and the rest are apart in the low bits. */
static uint8_t field_number(uint64_t id)
{
	return id ^ id >> 29 ^ id >> 56;
}

__u64 tdx_host_call(__u64 leaf, struct tdx_regs *args, bool may_sleep)
{
	uint64_t status = 0;

	args->r8 = honest(args->rdx);
	for (size_t i = 0; i < nr_records; i++) {
		const struct record *r = &records[i];

		if (r->which != field_number(args->rdx))
			continue;
		if (r->kind % KINDS == FIELD_VALUE)
			args->r8 = r->a;
		else if (r->kind % KINDS == FIELD_STATUS)
			status = r->a;
	}
	return status;
}

static void take_statuses(void)
{
	for (size_t i = 0; i < nr_records; i++) {
		const struct record *r = &records[i];
		const struct tdx_regs out = {
			.rcx = r->b, .rdx = ~r->b, .r8 = r->b << 7,
		};

		if (r->kind % KINDS == STATUS)
			believe(judge_status(r->which, r->a, r->which - 1,
					     r->b & 1 ? &out : NULL));
	}
}

struct place {
	size_t at;
	uint64_t now;
};

static int next_place(void *ctx, u64 *rdx, u64 *now)
{
	struct place *p = ctx;

	for (; p->at < nr_records; p->at++) {
		const struct record *r = &records[p->at];

		if (r->kind % KINDS != PROGRESS)
			continue;
		p->at++;
		p->now += r->b >> 20;
		*rdx = r->a;
		*now = p->now;
		return 0;
	}
	return -1;
}

static void take_progress(void)
{
	struct place p = { 0 };
	int ret;

	believe(judge_progress(4ULL << 30, 3ULL << 30, next_place, &p, &ret));
}

static void take_metadata(void)
{
	struct tdmr_result layout;
	int err;

	error_clear();
	err = sysinfo_read();
	if (err) {
		believe(judge_refusal(err));
		return;
	}
	believe(judge_sysinfo(tdx_host_get_sysinfo()));
	believe(judge_layout(tdx_host_get_sysinfo(), &layout, &err));
	if (!err)
		judge_layout_free(&layout);
	sysinfo_free();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	records = (const struct record *)data;
	nr_records = size / sizeof(*records);
	take_statuses();
	take_progress();
	take_metadata();
	return 0;
}
