// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a guest gets by TDCALL, and by RDMSR and WRMSR.  A guest does what the
 * VMM tells it by the registers of TDG.VP.VMCALL.
 */
#include <string.h>

#include "td.h"

GUEST_DECLARE(caller);
GUEST_DECLARE(msrs);

#define VP0		TDVPR(TD0, 0)
#define DATA		(CODE + 0x10000)
#define NONE		(~0ULL)
#define V1		(1ULL << 16)

static struct model *make(u64 attributes, const u8 *code, size_t size)
{
	struct model *m = td_model(MODEL_V1_5);
	struct model_regs r = { 0 };

	td_ready(m, TD0, KEYID0, attributes, code, size);
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	return m;
}

/* Leaf; RCX, RDX, R8, R9 in; RAX, RCX, RDX, R8 out. */
struct tdg_row {
	u64 rax, rcx, rdx, r8, r9;
	u64 status, out_rcx, out_rdx, out_r8;
};

static void try_rows(struct model *m, const struct tdg_row *rows,
		     unsigned int n)
{
	struct model_regs r;
	unsigned int i;

	for (i = 0; i < n; i++) {
		const struct tdg_row *t = &rows[i];

		r = (struct model_regs) { .r10 = t->rax, .r11 = t->rcx,
					  .r12 = t->rdx, .r13 = t->r8,
					  .r14 = t->r9 };
		assert_int_equal(td_enter(m, 0, VP0, &r), 77);
		if (r.r10 != t->status || r.r11 != t->out_rcx ||
		    r.r12 != t->out_rdx || r.r13 != t->out_r8)
			fail_msg("row %u: %llx %llx %llx %llx", i,
				 (unsigned long long)r.r10,
				 (unsigned long long)r.r11,
				 (unsigned long long)r.r12,
				 (unsigned long long)r.r13);
	}
}

#define BAD_RAX		INVALID(RAX)

static void test_checks(void **state)
{
	static const struct tdg_row rows[] = {
		/* No such leaf, a version, reserved bits. */
		{ 13, 1, 2, 3, 4, BAD_RAX, 1, 2, 3 },
		{ 1 | V1, 1, 2, 3, 4, BAD_RAX, 1, 2, 3 },
		{ 1 | 1ULL << 24, 1, 2, 3, 4, BAD_RAX, 1, 2, 3 },
		/* VP.INFO */
		{ 1, 0, 0, 0, 0, 0, 48, 0, 1 | 4ULL << 32 },
		/* VMCALL with RAX in the mask */
		{ 0, 1, 2, 3, 4, INVALID(RCX), 1, 2, 3 },
		/* VEINFO.GET */
		{ 3, 1, 2, 3, 4, TDX_ST_NO_VALID_VE_INFO, 0, 0, 0 },
		/* CPUIDVE.SET, seen by VP.RD */
		{ 5, 4, 2, 3, 4, INVALID(RCX), 4, 2, 3 },
		{ 5, 2, 2, 3, 4, 0, 2, 2, 3 },
		{ 9, 0, 0xa020000000000007, 0, 0, 0, 0, 0xa020000000000008, 0 },
		{ 9, 0, 0xa020000000000008, 0, 0, 0, 0, NONE, 1 },
	};
	struct model *m = make(0, GUEST(caller));
	struct model_stats s;

	try_rows(m, rows, ARRAY_LEN(rows));
	model_get_stats(m, &s);
	assert_int_equal(s.refused, 0);
	/* Leaves that only the TDX module has are counted. */
	try_rows(m, (const struct tdg_row[]) {
		{ 26, 1, 2, 3, 4, BAD_RAX, 1, 2, 3 } }, 1);
	model_get_stats(m, &s);
	assert_int_equal(s.refused, 1);
	model_destroy(m);
}

#define F_NOTIFY	0x9110000300000010ULL
#define F_ATTRIBUTES	0x1110000300000000ULL
#define F_HKID		0x8110000100000001ULL
#define F_VENDOR	0x0800000200000000ULL
#define F_SUPERVISOR_VE	0xa020000000000007ULL

static void test_fields(void **state)
{
	static const struct tdg_row rows[] = {
		/* VM.RD: version 0 leaves RDX alone, 1 tells the next id. */
		{ 7, 0, F_ATTRIBUTES, 9, 0, 0, 0, F_ATTRIBUTES, 0 },
		{ 7 | V1, 0, F_ATTRIBUTES, 9, 0, 0, 0, F_ATTRIBUTES + 1, 0 },
		{ 7 | V1, 1, F_ATTRIBUTES, 9, 0, INVALID(RCX), 1, NONE, 0 },
		{ 7 | 2 * V1, 0, F_ATTRIBUTES, 9, 0, BAD_RAX, 0, NONE, 0 },
		{ 7 | V1, 0, NONE, 9, 0,
		  TDX_ST_METADATA_FIRST_FIELD_ID_IN_CONTEXT, 0,
		  0x8010000300000020, 0 },
		{ 7, 0, F_HKID, 9, 0, TDX_ST_METADATA_FIELD_NOT_READABLE, 0,
		  F_HKID, 0 },
		/* VM.WR: bits that it may, old value. */
		{ 8, 0, F_NOTIFY, 1, 1, 0, 0, F_NOTIFY, 0 },
		{ 8, 0, F_NOTIFY, 0, 1, 0, 0, F_NOTIFY, 1 },
		{ 8, 0, F_NOTIFY, 2, 2, TDX_ST_METADATA_FIELD_VALUE_NOT_VALID,
		  0, F_NOTIFY, 0 },
		{ 8, 0, F_ATTRIBUTES, 1, 1,
		  TDX_ST_METADATA_FIELD_NOT_WRITABLE, 0, F_ATTRIBUTES, 0 },
		{ 8, 1, F_NOTIFY, 1, 1, INVALID(RCX), 1, F_NOTIFY, 0 },
		/* VP.RD, VP.WR */
		{ 9, 0, NONE, 9, 0, TDX_ST_METADATA_FIRST_FIELD_ID_IN_CONTEXT,
		  0, 0xa020000200000002, 0 },
		{ 10, 0, F_SUPERVISOR_VE, 1, 1, 0, 0, F_SUPERVISOR_VE, 0 },
		{ 10, 0, F_SUPERVISOR_VE, 0, 1, 0, 0, F_SUPERVISOR_VE, 1 },
		/* SYS.RD: what follows is not what follows for the host. */
		{ 11, 0, F_VENDOR, 9, 0, 0, 0, 0x0800000100000003, 0x8086 },
		{ 11, 0, 0x9000000100000000, 9, 0,
		  TDX_ST_METADATA_FIELD_NOT_READABLE, 0, NONE, 0 },
	};
	struct model *m = make(0, GUEST(caller));

	try_rows(m, rows, ARRAY_LEN(rows));
	model_destroy(m);
}

/* Known by other implementations: 48 zeroes, extended by 48 zeroes. */
static const u8 rtmr_of_zeroes[8] = {
	0xf5, 0x7b, 0xb7, 0xed, 0x82, 0xc6, 0xae, 0x4a,
};

static void test_measure(void **state)
{
	static const struct tdg_row rows[] = {
		{ 2, DATA + 1, 0, 0, 0, INVALID(RCX), DATA + 1, 0, 0 },
		{ 2, 1ULL << 47, 0, 0, 0, INVALID(RCX), 1ULL << 47, 0, 0 },
		{ 2, DATA, 4, 0, 0, INVALID(RDX), DATA, 4, 0 },
		{ 2, DATA, 3, 0, 0, 0, DATA, 3, 0 },
		/* Before RTMR's lock come all operands but where it goes. */
		{ 4, DATA + 512, DATA, 0, 0, INVALID(RCX), DATA + 512, DATA,
		  0 },
		{ 4, DATA + 1024, DATA + 8, 0, 0, INVALID(RDX), DATA + 1024,
		  DATA + 8, 0 },
		{ 4, DATA + 1024, DATA, 1, 0, INVALID(R8), DATA + 1024, DATA,
		  1 },
		{ 4, DATA + 1024, DATA, 0, 0, 0, DATA + 1024, DATA, 0 },
	};
	struct model *m = make(0, GUEST(caller));
	struct model_regs r = { .r10 = 2, .r11 = DATA };
	u64 word;

	/* Where there is no page, the host is asked, and it is done again. */
	assert_int_equal(td_enter(m, 0, VP0, &r), 48);
	assert_int_equal(r.r8, DATA);
	assert_int_equal(td_call(m, TDH_MEM_PAGE_AUG, DATA, TD0, PAGE(TD0, 2)),
			 0);
	model_destroy(m);

	m = td_model(MODEL_V1_5);
	td_create(m, TD0, KEYID0);
	td_init(m, TD0, 0);
	td_vcpu(m, 0, TD0, 0);
	td_tables(m, TD0, RESET_PAGE, SEPT(TD0) + 4096 *
		  td_tables(m, TD0, CODE, SEPT(TD0)));
	td_add(m, TD0, RESET_PAGE, PAGE(TD0, 0), GUEST(reset));
	td_add(m, TD0, CODE, PAGE(TD0, 1), GUEST(caller));
	td_add(m, TD0, DATA, PAGE(TD0, 2), NULL, 0);
	assert_int_equal(td_call(m, TDH_MR_FINALIZE, TD0, 0, 0), 0);
	r = (struct model_regs) { 0 };
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	try_rows(m, rows, ARRAY_LEN(rows));
	/* RTMR 3 is what was extended, and in the report. */
	memcpy(&word, rtmr_of_zeroes, sizeof(word));
	r = (struct model_regs) { .r10 = 7,
				  .r12 = 0x1310000300000040ULL + 18 };
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	assert_int_equal(r.r13, word);
	model_destroy(m);
}

#define READ		0
#define WRITE		1
#define DONE		0	/* vector */
#define GP		13
#define BY_VE		20

static void test_msrs(void **state)
{
	static const struct {
		u32 msr;
		unsigned int write, comes_to;
		u64 value;
	} rows[] = {
		{ 0x1b, READ, DONE, 0xfee00d00 },
		{ 0x1b, WRITE, BY_VE, 0 },
		{ 0x3a, READ, DONE, 1 },
		{ 0x3a, WRITE, GP, 0 },
		{ 0x87, READ, GP, 0 },
		{ 0xbd, READ, DONE, 1 },
		{ 0xc1, READ, GP, 0 },			/* no PERFMON */
		{ 0x10a, WRITE, GP, 0 },
		{ 0x174, WRITE, DONE, 0x1234 },
		{ 0x174, READ, DONE, 0x1234 },
		{ 0x1a0, READ, DONE, 0x1801 },
		{ 0x1a0, WRITE, DONE, 0x1801 },
		{ 0x1a0, WRITE, BY_VE, 0 },
		{ 0x277, READ, DONE, 0x0007040600070406 },
		{ 0x480, READ, GP, 0 },
		{ 0x560, READ, GP, 0 },			/* no PT in XFAM */
		{ 0x6e0, WRITE, BY_VE, 0 },
		{ 0x802, READ, BY_VE, 0 },
		{ 0xda0, WRITE, DONE, 0 },
		{ 0xda0, WRITE, GP, 1ULL << 11 },
		{ 0x40000000, READ, BY_VE, 0 },
		{ 0xc0000080, READ, DONE, 0xd01 },
		{ 0xc0000082, WRITE, DONE, 0xffffffff81000000 },
		{ 0xc0000082, READ, DONE, 0xffffffff81000000 },
		{ 0xc0000083, READ, BY_VE, 0 },		/* CSTAR */
		{ 0xc0000102, WRITE, DONE, 0xffff888000000000 },
		{ 0xc0000102, READ, DONE, 0xffff888000000000 },
	};
	struct model *m = make(0, GUEST(msrs));
	struct model_stats s;
	struct model_regs r;
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		u64 reason = rows[i].write ? 32 : 31;
		u64 want = rows[i].comes_to == BY_VE ? reason :
						       rows[i].comes_to;

		r = (struct model_regs) { .r10 = rows[i].msr,
					  .r11 = rows[i].write,
					  .r12 = rows[i].value };
		assert_int_equal(td_enter(m, 0, VP0, &r), 77);
		if (r.r11 != want || (want == DONE && r.r12 != rows[i].value))
			fail_msg("MSR 0x%x, row %u: %llu, 0x%llx", rows[i].msr,
				 i, (unsigned long long)r.r11,
				 (unsigned long long)r.r12);
		/* From the handler back to where it asks again. */
		if (want != DONE)
			assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	}
	model_get_stats(m, &s);
	assert_int_equal(s.refused, 0);
	model_destroy(m);
}

const struct CMUnitTest td_tdg_tests[] = {
	cmocka_unit_test(test_checks),
	cmocka_unit_test(test_fields),
	cmocka_unit_test(test_measure),
	cmocka_unit_test(test_msrs),
};
const size_t nr_td_tdg_tests = ARRAY_LEN(td_tdg_tests);
