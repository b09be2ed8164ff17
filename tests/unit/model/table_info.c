// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.SYS.INFO, TDH.SYS.RD and TDH.SYS.RDALL.
 * Source: TDX Module ABI 1.5, the leaves of these names, "TDSYSINFO_STRUCT",
 * "Metadata Access", "Global Scope Metadata".
 */
#include <string.h>

#include "table.h"

#define BUF		0x2000000ULL
#define CMR_BUF		0x2001000ULL
/* SEAMRR of the usual platform: BIOS keeps it out of every CMR. */
#define SEAMRR		0xfa000000ULL
#define RDALL_LEAF	TDH_SYS_RDALL

#define INFO_ROW(n, st, ...) \
	{ .number = n, .stage = LP0_READY, .leaf = TDH_SYS_INFO, \
	  .status = st, .outputs = O_RDX | O_R9, .in = { __VA_ARGS__ } }

static const struct row info_rows[] = {
	{ .number = "1 before SYS.INIT", .leaf = TDH_SYS_INFO,
	  .in = { .rcx = BUF, .rdx = 1024, .r8 = CMR_BUF, .r9 = 32 },
	  .outputs = O_RDX | O_R9, .status = TDX_ST_SYS_LP_INIT_NOT_DONE },
	{ .number = "1 on another LP", .stage = LP0_READY, .lp = 1,
	  .leaf = TDH_SYS_INFO,
	  .in = { .rcx = BUF, .rdx = 1024, .r8 = CMR_BUF, .r9 = 32 },
	  .outputs = O_RDX | O_R9, .status = TDX_ST_SYS_LP_INIT_NOT_DONE },
	INFO_ROW("2 alignment", INVALID(RCX), .rcx = BUF + 512, .rdx = 1024,
		 .r8 = CMR_BUF, .r9 = 32),
	INFO_ROW("2 beyond 2^52", INVALID(RCX), .rcx = 1ULL << 52,
		 .rdx = 1024, .r8 = CMR_BUF, .r9 = 32),
	INFO_ROW("2 SEAMRR", INVALID(RCX), .rcx = SEAMRR, .rdx = 1024,
		 .r8 = CMR_BUF, .r9 = 32),
	INFO_ROW("2 private KeyID", INVALID(RCX),
		 .rcx = BUF | MKTME_KEYID(32), .rdx = 1024, .r8 = CMR_BUF,
		 .r9 = 32),
	INFO_ROW("3", INVALID(RDX), .rcx = BUF, .rdx = 1023, .r8 = CMR_BUF + 8,
		 .r9 = 31),
	INFO_ROW("4 alignment", INVALID(R8), .rcx = BUF, .rdx = 1024,
		 .r8 = CMR_BUF + 8, .r9 = 31),
	INFO_ROW("4 private KeyID", INVALID(R8), .rcx = BUF, .rdx = 1024,
		 .r8 = CMR_BUF | MKTME_KEYID(33), .r9 = 32),
	INFO_ROW("5", INVALID(R9), .rcx = BUF, .rdx = 1024, .r8 = CMR_BUF,
		 .r9 = 31),
	{ .number = "success", .stage = LP0_READY, .leaf = TDH_SYS_INFO,
	  .in = { .rcx = BUF, .rdx = 4096, .r8 = CMR_BUF, .r9 = 64 },
	  .outputs = O_RDX | O_R9, .out = { .rdx = 1024, .r9 = 32 } },
	{ .number = "success with MKTME KeyIDs", .stage = LP0_READY,
	  .leaf = TDH_SYS_INFO,
	  .in = { .rcx = BUF | MKTME_KEYID(31), .rdx = 1024,
		  .r8 = CMR_BUF | MKTME_KEYID(1), .r9 = 32 },
	  .outputs = O_RDX | O_R9, .out = { .rdx = 1024, .r9 = 32 } },
};

#define RD_ROW(n, st, id, next, value) \
	{ .number = n, .stage = LP0_READY, .leaf = TDH_SYS_RD, .status = st, \
	  .in = { .rdx = id }, .outputs = O_RDX | O_R8, \
	  .out = { .rdx = next, .r8 = value } }
#define RD_BAD(n, id)	RD_ROW(n, TDX_ST_METADATA_FIELD_ID_INCORRECT, id, \
			       NULL_ID, 0)
#define MAX_TDMRS_ID	0x9100000100000008ULL
#define AFTER_TDMRS_ID	0x9100000100000009ULL

static const struct row rd_rows[] = {
	{ .number = "1 before SYS.INIT", .leaf = TDH_SYS_RD,
	  .in = { .rdx = MAX_TDMRS_ID }, .outputs = O_RDX | O_R8,
	  .out = { .rdx = NULL_ID }, .status = TDX_ST_SYS_LP_INIT_NOT_DONE },
	{ .number = "1 on another LP", .stage = LP0_READY, .lp = 3,
	  .leaf = TDH_SYS_RD, .in = { .rdx = NULL_ID },
	  .outputs = O_RDX | O_R8, .out = { .rdx = NULL_ID },
	  .status = TDX_ST_SYS_LP_INIT_NOT_DONE },
	RD_ROW("2", TDX_ST_METADATA_FIRST_FIELD_ID_IN_CONTEXT, NULL_ID,
	       0x0000000200000000ULL, 0),
	RD_ROW("2 other context", TDX_ST_METADATA_FIRST_FIELD_ID_IN_CONTEXT,
	       NULL_ID & ~(5ULL << 52), 0x0000000200000000ULL, 0),
	RD_BAD("3 bit 24", MAX_TDMRS_ID | 1ULL << 24),
	RD_BAD("3 bit 31", MAX_TDMRS_ID | 1ULL << 31),
	RD_BAD("3 last element", MAX_TDMRS_ID | 1ULL << 34),
	RD_BAD("3 last element, top", MAX_TDMRS_ID | 1ULL << 37),
	RD_BAD("3 last field", MAX_TDMRS_ID | 1ULL << 38),
	RD_BAD("3 last field, top", MAX_TDMRS_ID | 1ULL << 46),
	RD_BAD("3 bit 47", MAX_TDMRS_ID | 1ULL << 47),
	RD_BAD("3 bit 49", MAX_TDMRS_ID | 1ULL << 49),
	RD_BAD("3 bit 55", MAX_TDMRS_ID | 1ULL << 55),
	RD_BAD("3 bit 62", MAX_TDMRS_ID | 1ULL << 62),
	RD_BAD("4 class", 0x3f00000100000008ULL),
	RD_BAD("4 code", 0x910000010000000aULL),
	RD_BAD("4 element", 0x90000003000000a0ULL),
	{ .number = "5", .stage = LP0_READY, .version = VERSION(MODEL_V2_0),
	  .leaf = TDH_SYS_RD, .in = { .rdx = 0x9100000100000020ULL },
	  .outputs = O_RDX | O_R8, .out = { .rdx = NULL_ID },
	  .status = TDX_ST_METADATA_FIELD_NOT_READABLE },
	RD_ROW("success", 0, MAX_TDMRS_ID, AFTER_TDMRS_ID, 64),
	RD_ROW("success: size ignored", 0, 0x9100000300000008ULL,
	       AFTER_TDMRS_ID, 64),
	RD_ROW("success: bit 63 ignored", 0, 0x1100000100000008ULL,
	       AFTER_TDMRS_ID, 64),
	RD_ROW("success: context ignored", 0, 0x9120000100000008ULL,
	       AFTER_TDMRS_ID, 64),
	RD_ROW("success: increment and mask bits ignored", 0,
	       0x910c000100000008ULL, AFTER_TDMRS_ID, 64),
	RD_ROW("success: element", 0, 0x9000000300000101ULL,
	       0x9000000300000102ULL, GB(12)),
	RD_ROW("success: last element", 0, 0x900000030000009fULL,
	       0x9000000300000100ULL, 0),
	RD_ROW("success: last of all", 0, 0xa200000300000006ULL, NULL_ID, 0),
	{ .number = "success: two packages", .stage = LP0_READY,
	  .leaf = TDH_SYS_RD, .zero = O_RDX, .outputs = O_RDX | O_R8,
	  .out = { .rdx = 0x0000000200000001ULL, .r8 = 2 } },
};

static const struct row rdall_rows[] = {
	{ .number = "1", .leaf = RDALL_LEAF, .in = { .rdx = BUF,
	  .r8 = NULL_ID }, .outputs = O_R8, .out = { .r8 = NULL_ID },
	  .status = TDX_ST_SYS_LP_INIT_NOT_DONE },
	{ .number = "2 alignment", .stage = LP0_READY, .leaf = RDALL_LEAF,
	  .in = { .rdx = BUF + 2048, .r8 = NULL_ID }, .outputs = O_R8,
	  .out = { .r8 = NULL_ID }, .status = INVALID(RDX) },
	{ .number = "2 private KeyID", .stage = LP0_READY, .leaf = RDALL_LEAF,
	  .in = { .rdx = BUF | MKTME_KEYID(32), .r8 = NULL_ID },
	  .outputs = O_R8, .out = { .r8 = NULL_ID }, .status = INVALID(RDX) },
	{ .number = "3 unknown", .stage = LP0_READY, .leaf = RDALL_LEAF,
	  .in = { .rdx = BUF, .r8 = 0x1234 }, .outputs = O_R8,
	  .out = { .r8 = NULL_ID },
	  .status = TDX_ST_METADATA_FIELD_ID_INCORRECT },
	{ .number = "3 element size", .stage = LP0_READY, .leaf = RDALL_LEAF,
	  .in = { .rdx = BUF, .r8 = 0x9100000300000008ULL },
	  .outputs = O_R8, .out = { .r8 = NULL_ID },
	  .status = TDX_ST_METADATA_FIELD_ID_INCORRECT },
	{ .number = "3 not a field's start", .stage = LP0_READY,
	  .leaf = RDALL_LEAF,
	  .in = { .rdx = BUF, .r8 = 0x9000000300000081ULL },
	  .outputs = O_R8, .out = { .r8 = NULL_ID },
	  .status = TDX_ST_METADATA_FIELD_ID_INCORRECT },
	{ .number = "4", .stage = LP0_READY, .version = VERSION(MODEL_V2_0),
	  .leaf = RDALL_LEAF, .in = { .rdx = BUF, .r8 = NULL_ID },
	  .outputs = O_R8, .out = { .r8 = 0x2800000300000000ULL },
	  .status = TDX_ST_METADATA_LIST_OVERFLOW },
	{ .number = "4, the rest", .stage = LP0_READY, .version = VERSION(MODEL_V2_0),
	  .leaf = RDALL_LEAF,
	  .in = { .rdx = BUF, .r8 = 0x2800000300000000ULL },
	  .outputs = O_R8, .out = { .r8 = NULL_ID } },
	{ .number = "success", .stage = LP0_READY, .leaf = RDALL_LEAF,
	  .in = { .rdx = BUF, .r8 = NULL_ID }, .outputs = O_R8,
	  .out = { .r8 = NULL_ID } },
	{ .number = "success from the middle", .stage = LP0_READY,
	  .leaf = RDALL_LEAF, .in = { .rdx = BUF, .r8 = MAX_TDMRS_ID },
	  .outputs = O_R8, .out = { .r8 = NULL_ID } },
};

static void test_info_rows(void **state)
{
	table_run("SYS.INFO", info_rows, ARRAY_LEN(info_rows));
}

static void test_rd_rows(void **state)
{
	table_run("SYS.RD", rd_rows, ARRAY_LEN(rd_rows));
}

static void test_rdall_rows(void **state)
{
	table_run("SYS.RDALL", rdall_rows, ARRAY_LEN(rdall_rows));
}

static u64 field(u64 pa, unsigned int size)
{
	u64 value = 0;

	env_read_phys(pa, &value, size);
	return value;
}

/* TDSYSINFO, offset by offset, and the CMR table behind it. */
static void test_info_contents(void **state)
{
	static const struct {
		unsigned int offset, size;
		u64 value;
	} want[] = {
		{ 0, 4, 0 }, { 4, 4, 0x8086 }, { 14, 2, 5 }, { 16, 2, 1 },
		{ 18, 1, 1 }, { 19, 8, 0 }, { 32, 2, 64 }, { 34, 2, 16 },
		{ 36, 2, 16 }, { 38, 8, 0 }, { 48, 2, 0x6000 }, { 50, 2, 0 },
		{ 52, 2, 0x6000 }, { 54, 1, 0 }, { 55, 8, 0 },
		{ 64, 8, 0x8000000070000001ULL }, { 72, 8, 0 }, { 88, 8, 3 },
		{ 96, 8, 0 }, { 120, 8, 0 }, { 128, 4, 12 },
		{ 132, 4, 1 }, { 136, 4, 0xffffffff }, { 140, 4, 0xfff3fff },
		{ 144, 4, 0xff0000 }, { 132 + 24, 4, 4 }, { 160, 4, 0 },
		{ 132 + 24 * 9, 4, 0x80000008 }, { 132 + 24 * 12, 8, 0 },
		{ 1016, 8, 0 },
	};
	struct model_regs r = { .rcx = BUF, .rdx = 1024, .r8 = CMR_BUF,
				.r9 = 32 };
	struct model *m = table_model(NULL);
	unsigned int i;

	env_user_reset();
	for (i = 0; i < 1024; i += 8)
		table_write64(BUF + i, ~0ULL);
	table_reach(m, LP0_READY);
	assert_int_equal(table_call(m, 0, TDH_SYS_INFO, &r), 0);
	for (i = 0; i < ARRAY_LEN(want); i++)
		assert_int_equal(field(BUF + want[i].offset, want[i].size),
				 want[i].value);
	assert_int_equal(field(BUF + 80, 8) & ~0x6dbe7ULL, 0);
	assert_int_equal(table_read64(CMR_BUF), 0x100000);
	assert_int_equal(table_read64(CMR_BUF + 8), 0x7ff00000);
	assert_int_equal(table_read64(CMR_BUF + 16), GB(4));
	assert_int_equal(table_read64(CMR_BUF + 24), GB(12));
	assert_int_equal(table_read64(CMR_BUF + 504), 0);
	model_destroy(m);
}

/* The buffer is zeroed between the checks of RDX and R8. */
static void test_info_zeroes_early(void **state)
{
	struct model *m = table_model(NULL);
	struct model_regs r = { .rcx = BUF, .rdx = 1023 };

	env_user_reset();
	table_reach(m, LP0_READY);
	table_write64(BUF + 1016, 0x1234);
	table_call(m, 0, TDH_SYS_INFO, &r);
	assert_int_equal(table_read64(BUF + 1016), 0x1234);
	r = (struct model_regs){ .rcx = BUF, .rdx = 1024, .r8 = 8 };
	assert_int_equal(table_call(m, 0, TDH_SYS_INFO, &r), INVALID(R8));
	assert_int_equal(table_read64(BUF + 1016), 0);
	model_destroy(m);
}

/* Sequence headers of 1.5.01, in order. */
static const u64 headers[] = {
	0x0000020200000000, 0x0800004200000000, 0x8800010100000002,
	0x8900004100000000, 0x8900000000000002, 0x8900000100000003,
	0x8900000000000004, 0x8900000100000005, 0x8900000200000006,
	0x0a00000200000000, 0x0a00000000000001, 0x0a00000300000008,
	0x9000000100000000, 0x900007c300000080, 0x900007c300000100,
	0x9100004100000008, 0x9100008100000010, 0x9800000100000000,
	0x9800004100000100, 0x9800004100000200, 0x190000c300000000,
	0x9900000100000004, 0x9900004300000006, 0x990007c300000400,
	0x990007c700000500, 0x9900000300000600, 0x9900004100000800,
	0x99001fc300000810, 0xa000000300000000, 0x200000c100000001,
	0xa000000100000010, 0xa000008000000020, 0xa100000100000000,
	0xa100004300000001, 0xa200000100000000, 0xa200014300000001,
};

/* The list says what reading every element one by one says. */
static void test_rdall_contents(void **state)
{
	struct model *m = table_model(NULL);
	struct model_regs rd = { .rdx = NULL_ID };
	unsigned int i, at = 8;
	u64 list;

	env_user_reset();
	table_reach(m, LP0_READY);
	assert_int_equal(table_simple(m, 0, RDALL_LEAF, 0, BUF, NULL_ID), 0);
	list = table_read64(BUF);
	assert_int_equal(list & 0xffff, 3128);
	assert_int_equal(list >> 16, ARRAY_LEN(headers));

	table_call(m, 0, TDH_SYS_RD, &rd);
	for (i = 0; i < ARRAY_LEN(headers); i++) {
		u64 header = table_read64(BUF + at);
		unsigned int n = ((header >> 34 & 0xf) + 1) *
				 ((header >> 38 & 0x1ff) + 1);

		assert_int_equal(header, headers[i]);
		at += 8;
		for (; n; n--, at += 8) {
			assert_int_equal(table_call(m, 0, TDH_SYS_RD, &rd), 0);
			assert_int_equal(table_read64(BUF + at), rd.r8);
		}
	}
	assert_int_equal(at, 3128);
	assert_int_equal(rd.rdx, NULL_ID);
	model_destroy(m);
}

/* Module 2.0 has more fields; a walk meets them and none that is hidden. */
static void test_later_fields(void **state)
{
	const struct row r = { .version = VERSION(MODEL_V2_0) };
	struct model *m = table_model(&r);
	struct model_regs rd = { .rdx = NULL_ID };
	unsigned int n = 0;

	table_reach(m, LP0_READY);
	table_call(m, 0, TDH_SYS_RD, &rd);
	for (; rd.rdx != NULL_ID; n++) {
		assert_int_not_equal(rd.rdx, 0x9100000100000020ULL);
		assert_int_equal(table_call(m, 0, TDH_SYS_RD, &rd), 0);
	}
	assert_int_equal(n, 354 + 1 + 1 + 1 + 160);
	model_destroy(m);
}

const struct CMUnitTest info_tests[] = {
	cmocka_unit_test(test_info_rows),
	cmocka_unit_test(test_info_contents),
	cmocka_unit_test(test_info_zeroes_early),
	cmocka_unit_test(test_rd_rows),
	cmocka_unit_test(test_rdall_rows),
	cmocka_unit_test(test_rdall_contents),
	cmocka_unit_test(test_later_fields),
};
const size_t nr_info_tests = ARRAY_LEN(info_tests);
