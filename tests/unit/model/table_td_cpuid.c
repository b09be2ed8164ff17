// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUID of a TD: what may be configured, what the host reads, what the guest
 * sees.  The values are those of TDX Module ABI 1.5, "CPUID Virtualization",
 * on a CPU that answers as the model's does.
 */
#include "td.h"

GUEST_DECLARE(cpuid);

#define VP0		TDVPR(TD0, 0)
#define V1		(1ULL << 16)
#define ANY		(-1)
#define CPUID_VALUES	0x9410000300000000ULL
#define NUM_VALUES	0x911000010000000eULL
#define VALID		0x9110000000000080ULL
#define DEC_KEY_SET	0x9810000000000001ULL
#define FAULTS(...)	.faults = { __VA_ARGS__ }
#define CONFIG(i, reg)	(PARAMS + 256 + 16 * (i) + 4 * (reg))

#define PKS		(1ULL << 30)
#define PERFMON		(1ULL << 63)
#define XFAM_ALL	0x61be7ULL
#define FMS		0x806f8U

/* Field of CPUID_VALUES. */
#define ID(leaf, subleaf, element) \
	(CPUID_VALUES | (unsigned int)(leaf) >> 31 << 16 | ((leaf) & 0x7f) << 9 | \
	 ((subleaf) == ANY ? 0x1fe : (unsigned int)(subleaf) << 1) | (element))

static u64 read_id(struct model *m, u64 field, u64 *value)
{
	struct model_regs r = { .rcx = TD0, .rdx = field };
	u64 status = table_call(m, 0, TDH_MNG_RD, &r);

	*value = r.r8;
	return status;
}

struct values {
	u32 leaf;
	int subleaf;
	u32 v[4];
};

static void check(struct model *m, const struct values *rows, size_t n)
{
	size_t i;
	u64 lo, hi;

	for (i = 0; i < n; i++) {
		const struct values *r = &rows[i];

		print_message("CPUID %x.%d\n", r->leaf, r->subleaf);
		assert_int_equal(read_id(m, ID(r->leaf, r->subleaf, 0), &lo),
				 0);
		assert_int_equal(read_id(m, ID(r->leaf, r->subleaf, 1), &hi),
				 0);
		assert_int_equal((u32)lo, r->v[0]);
		assert_int_equal(lo >> 32, r->v[1]);
		assert_int_equal((u32)hi, r->v[2]);
		assert_int_equal(hi >> 32, r->v[3]);
	}
}

/* Nothing configured, x87 and SSE alone. */
static const struct values least[] = {
	{ 0, ANY, { 0x23, 0x756e6547, 0x6c65746e, 0x49656e69 } },
	{ 0, 5, { 0x23, 0x756e6547, 0x6c65746e, 0x49656e69 } },
	{ 1, ANY, { FMS, 0x800, 0xc6faa217, 0x07a9fbff } },
	{ 3, ANY, { 0 } },
	{ 4, 0, { 0, 0x3f, 0, 0 } },
	{ 4, 3, { 0, 0x3f, 0, 0 } },
	{ 4, 4, { 0 } },
	{ 5, ANY, { 0 } },
	{ 7, 0, { 2, 0x219424c1, 0x19000000, 0xfc000400 } },
	{ 7, 1, { 0 } },
	{ 7, 2, { 0, 0, 0, 0x17 } },
	{ 8, ANY, { 0 } },
	{ 0xa, ANY, { 0 } },
	{ 0xd, 0, { 3, 0, 576, 0 } },
	{ 0xd, 1, { 0xf, 0, 0, 0 } },
	{ 0xd, 2, { 0 } },
	{ 0xd, 0x12, { 0 } },
	{ 0x14, 0, { 0 } },
	{ 0x14, 1, { 0 } },
	{ 0x15, ANY, { 1, 100, 25000000, 0 } },
	{ 0x19, ANY, { 0 } },
	{ 0x1c, ANY, { 0 } },
	{ 0x1d, 1, { 0 } },
	{ 0x1e, ANY, { 0, 0x4010, 0, 0 } },
	{ 0x20, ANY, { 0 } },
	/* "IntelTDX    " */
	{ 0x21, 0, { 0, 0x65746e49, 0x20202020, 0x5844546c } },
	{ 0x23, 0, { 0 } },
	{ 0x80000000, ANY, { 0x80000008, 0, 0, 0 } },
	{ 0x80000001, ANY, { 0, 0, 0x121, 0x2c100000 } },
	{ 0x80000007, ANY, { 0, 0, 0, 0x100 } },
	{ 0x80000008, ANY, { 0x3034, 0, 0, 0 } },
};

/* All that can be had, but TSX. */
static const struct values most[] = {
	{ 1, ANY, { FMS, 0xff0800, 0xf7fefb9f, 0xbfe9fbff } },
	{ 4, 0, { 0xffffc3ff, 0xfffff03f, 0xffffffff, 0xfffffffb } },
	{ 4, 3, { 0xffffc3ff, 0xfffff03f, 0xffffffff, 7 } },
	{ 5, ANY, { 0x40, 0x40, 3, 0x2020 } },
	{ 7, 0, { 2, 0xf3bfb7e9, 0x9b417fee, 0xffd54410 } },
	{ 7, 1, { 0x1c30, 0, 0, 0 } },
	{ 7, 2, { 0, 0, 0, 0x17 } },
	{ 0xa, ANY, { 0x08300805, 0, 0xf, 0x8604 } },
	{ 0xd, 0, { 0x602e7, 0, 0x2b00, 0 } },
	{ 0xd, 1, { 0x1f, 0, 0x1900, 0 } },
	{ 0xd, 2, { 0x100, 0x240, 0, 0 } },
	{ 0xd, 8, { 0x80, 0, 1, 0 } },
	{ 0xd, 0x12, { 0x2000, 0xb00, 6, 0 } },
	{ 0x14, 0, { 1, 0x5f, 7, 0 } },
	{ 0x14, 1, { 0x2490002, 0x3fff003f, 0, 0 } },
	{ 0x1c, ANY, { 0 } },
	{ 0x1d, 0, { 1, 0, 0, 0 } },
	{ 0x1d, 1, { 0x4002000, 0x80040, 0x10, 0 } },
	{ 0x23, 0, { 0 } },
	{ 0x80000008, ANY, { 0x3934, 0x200, 0, 0 } },
};

static void configure_most(void)
{
	static const struct {
		unsigned int config;
		u32 v[4];
	} rows[] = {
		{ 0, { FMS, 0xff0000, 0x31044d88, 0xb8440000 } },
		{ 1, { 0xffffc3ff, 0xfffff000, 0xffffffff, 0xfffffffb } },
		{ 4, { 0xffffc3ff, 0xfffff000, 0xffffffff, 7 } },
		{ 5, { 0, 0xdc2b9308, 0x2417f65, 0x5411c } },
		{ 6, { 0x1d30, 0, 0, 0 } },
		{ 8, { 0xff, 0, 0, 0 } },
		{ 9, { 0, 0x200, 0, 0 } },
		{ 10, { 0, 0, 0, 0x28 } },
		{ 11, { 0xf, 0, 0, 0 } },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		const u32 *v = rows[i].v;

		table_write64(CONFIG(rows[i].config, 0),
			      v[0] | (u64)v[1] << 32);
		table_write64(CONFIG(rows[i].config, 2),
			      v[2] | (u64)v[3] << 32);
	}
}

static void test_values(void **state)
{
	struct model *m = td_model(MODEL_V2_0);

	td_create(m, TD0, KEYID0);
	td_init(m, TD0, 0);
	check(m, least, ARRAY_LEN(least));
	model_destroy(m);

	m = td_model(MODEL_V2_0);
	td_create(m, TD0, KEYID0);
	td_params(PKS | PERFMON);
	table_write64(PARAMS + 8, XFAM_ALL);
	configure_most();
	assert_int_equal(td_call(m, TDH_MNG_INIT, TD0, PARAMS, 0), 0);
	check(m, most, ARRAY_LEN(most));
	model_destroy(m);
}

/* What may be configured: bits of the module's choice, and of the CPU's. */
static void test_configurable(void **state)
{
	static const struct {
		unsigned int version, element;
		u64 value;
	} rows[] = {
		{ MODEL_V1_5, 0, 0x00ff00000fff3fff },
		{ MODEL_V1_5, 1, 0 },
		{ MODEL_V1_5, 10, 0 },
		{ MODEL_V2_0, 0, 0x00ff00000fff3fff },
		{ MODEL_V2_0, 1, 0xb840000031044988 },
		{ MODEL_V2_0, 10, 0xd02b9b1800000000 },
		{ MODEL_V2_0, 11, 0x0005401002417f64 },
		{ MODEL_V2_0, 12, 0x1c30 },
		{ MODEL_V2_0, 18, 0x20000000000 },
		{ MODEL_V2_0, 22, 0 },		/* 23.0: not this CPU */
	};
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct model_regs r = {
			.rdx = 0x9900000300000500ULL + rows[i].element,
		};
		struct model *m = td_model(rows[i].version);

		assert_int_equal(table_call(m, 0, TDH_SYS_RD, &r), 0);
		assert_int_equal(r.r8, rows[i].value);
		model_destroy(m);
	}
}

#define INIT(name, status_, rcx_, ...) \
	{ .number = name, .td = TD_BUILT, .leaf = TDH_MNG_INIT, \
	  .in = { .rcx = TD0, .rdx = PARAMS }, .status = status_, \
	  .outputs = O_RCX, .out = { .rcx = rcx_ }, FAULTS(__VA_ARGS__) }
#define REFUSED(name, rcx, ...) \
	INIT(name, INVALID(CPUID_CONFIG), rcx, __VA_ARGS__)
#define LEAF1	0xffffffff00000001ULL
#define TSX	0x81000000000ULL	/* RTM and HLE, in EBX */

static const struct row init_rows[] = {
	REFUSED("bit of nobody's", 7, POKE(CONFIG(5, 0), 1)),
	REFUSED("fixed bit", LEAF1, POKE(CONFIG(0, 2), 1)),
	REFUSED("other model", LEAF1, POKE(CONFIG(0, 0), FMS + 0x10)),
	INIT("own model", 0, 0, POKE(CONFIG(0, 0), FMS)),
	REFUSED("HLE alone", 7, POKE(CONFIG(5, 0), 0x1000000000ULL)),
	REFUSED("RTM alone", 7, POKE(CONFIG(5, 0), 0x80000000000ULL)),
	INIT("TSX without TSX_CTRL",
	     (u64)TDX_ST_INCORRECT_MSR_VALUE | 0x10a, 0,
	     POKE(CONFIG(5, 0), TSX)),
	INIT("TSX", 0, 0, POKE(CONFIG(5, 0), TSX), MSR(0, 0x10a, 0x20fdeb)),
	REFUSED("first of two", LEAF1, POKE(CONFIG(0, 2), 1),
		POKE(CONFIG(5, 0), 1)),
	INIT("not this CPU's", 0, 0, POKE(CONFIG(11, 0), 0xf)),
};

#define RD(name, leaf_, field, status_, value, next, ...) \
	{ .number = name, .td = TD_INITED, .leaf = leaf_, \
	  .in = { .rcx = TD0, .rdx = field }, .status = status_, \
	  .outputs = O_R8 | ((leaf_) >> 16 ? O_RDX : 0), \
	  .out = { .r8 = value, .rdx = next }, __VA_ARGS__ }
#define WRONG(name, field) \
	RD(name, TDH_MNG_RD | V1, field, TDX_ST_METADATA_FIELD_ID_INCORRECT, \
	   0, NULL_ID)
#define FAULTING(name, field) \
	RD(name, TDH_MNG_RD | V1, field, TDX_ST_METADATA_FIELD_NOT_READABLE, \
	   0, NULL_ID)
#define NEXT(name, field, value, next) \
	RD(name, TDH_MNG_RD | V1, field, 0, value, next)

static const struct row rd_rows[] = {
	WRONG("no such leaf", ID(0x24, ANY, 0)),
	WRONG("no such extended leaf", ID(0x80000009, ANY, 0)),
	WRONG("no such subleaf", ID(7, 3, 0)),
	WRONG("no subleaf where there are some", ID(4, ANY, 0)),
	WRONG("reserved 17", ID(1, ANY, 0) | 1 << 17),
	WRONG("reserved 23", ID(1, ANY, 0) | 1 << 23),
	WRONG("reserved 24", ID(1, ANY, 0) | 1 << 24),
	FAULTING("6", ID(6, ANY, 0)),
	FAULTING("1f.0", ID(0x1f, 0, 0)),
	FAULTING("1f.5", ID(0x1f, 5, 1)),
	FAULTING("80000006", ID(0x80000006, ANY, 0)),
	NEXT("second half", ID(4, 4, 0), 0, ID(4, 4, 1)),
	NEXT("over one that faults", ID(4, 4, 1), 0, ID(7, 2, 0)),
	NEXT("over several", ID(0x1e, ANY, 1), 0, ID(0x20, ANY, 0)),
	NEXT("last", ID(5, ANY, 1), 0, DEC_KEY_SET),
	NEXT("before", 0x1310000300000025ULL, 0, ID(1, ANY, 0)),
	NEXT("how many", NUM_VALUES, 64, NUM_VALUES + 0x100000001),
	RD("valid", TDH_MNG_RD, VALID, 0, 1, 0, .attributes = DEBUG_TD),
	RD("not valid", TDH_MNG_RD, VALID + 13, 0, 0, 0,
	   .attributes = DEBUG_TD),
	RD("none", TDH_MNG_RD, VALID + 79, 0, 0, 0, .attributes = DEBUG_TD),
	{ .number = "write", .td = TD_INITED, .leaf = TDH_MNG_WR,
	  .in = { .rcx = TD0, .rdx = ID(1, ANY, 0), .r8 = 1, .r9 = 1 },
	  .status = TDX_ST_METADATA_FIELD_NOT_WRITABLE, .outputs = O_R8 },
};

static void test_init(void **state)
{
	table_run("init_rows", init_rows, ARRAY_LEN(init_rows));
}

static void test_read(void **state)
{
	table_run("rd_rows", rd_rows, ARRAY_LEN(rd_rows));
}

/* What the host has read is what the guest sees, but for what it does. */
static void test_guest(void **state)
{
	static const struct {
		u64 rax, rbx, rcx, rdx;
	} want[] = {
		{ FMS, 0x800, 0xc6faa217, 0x07a9fbff },
		{ 2, 0x219424c1, 0x19000000, 0xfc000400 },
		{ 3, 576, 576, 0 },
		{ 0, 0, 0x121, 0x2c100800 },
		{ 0, 0x65746e49, 0x20202020, 0x5844546c },
		{ 0 },		/* beyond the last: 23.0 */
	};
	static const u64 ve[] = { 10, 10, 10, 10 };
	struct model *m = td_model(MODEL_V1_5);
	struct model_regs r = { 0 };
	struct model_stats s;
	unsigned int i;

	td_ready(m, TD0, KEYID0, 0, GUEST(cpuid));
	for (i = 0; i < ARRAY_LEN(want); i++) {
		assert_int_equal(td_enter(m, 0, VP0, &r), 77);
		assert_int_equal(r.r12, want[i].rax);
		assert_int_equal(r.r13, want[i].rbx);
		assert_int_equal(r.r14, want[i].rcx);
		assert_int_equal(r.r15, want[i].rdx);
	}
	for (i = 0; i < ARRAY_LEN(ve); i++) {
		assert_int_equal(td_enter(m, 0, VP0, &r), 77);
		assert_int_equal(r.r11, ve[i]);
	}
	model_get_stats(m, &s);
	assert_int_equal(s.refused, 0);
	model_destroy(m);
}

const struct CMUnitTest td_cpuid_tests[] = {
	cmocka_unit_test(test_values),
	cmocka_unit_test(test_configurable),
	cmocka_unit_test(test_init),
	cmocka_unit_test(test_read),
	cmocka_unit_test(test_guest),
};
const size_t nr_td_cpuid_tests = ARRAY_LEN(td_cpuid_tests);
