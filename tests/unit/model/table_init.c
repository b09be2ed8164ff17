// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.SYS.INIT and TDH.SYS.LP.INIT: every check, and their order.
 * Source: TDX Module ABI 1.5, the leaves of these names.
 */
#include <string.h>

#include "../../emul/model/internal.h"
#include "table.h"

#define NONE		0xffffffffU
#define INIT_OUT	(O_RCX | O_RDX | O_R8 | O_R9 | O_R10)
#define LP_OUT		(O_RCX | O_RDX | O_R8)
#define MSR_WRONG(msr)	((u64)TDX_ST_INCORRECT_MSR_VALUE | (msr))
#define MSR_DIFFERS(msr) ((u64)TDX_ST_INCONSISTENT_MSR | (msr))
#define LEAF_MISSING(l)	((u64)TDX_ST_CPUID_LEAF_NOT_SUPPORTED | (l))

#define INIT_ROW(n, st, ...) \
	{ .number = n, .leaf = TDH_SYS_INIT, .zero = O_RCX, \
	  .outputs = INIT_OUT, .status = st, .check_state = true, \
	  .state = 0, .faults = { __VA_ARGS__ } }
#define CMR_ROW(n, st, ...) \
	{ .number = n, .leaf = TDH_SYS_INIT, .zero = O_RCX, \
	  .outputs = INIT_OUT, .status = st, .check_state = true, .state = 0, \
	  .cmrs = (const struct model_cmr[MODEL_MAX_CMRS]) { __VA_ARGS__ } }

static const struct row init_rows[] = {
	INIT_ROW("1 shared", TDX_ST_SYS_BUSY, HOLD("global-shared", 1)),
	INIT_ROW("1 exclusive", TDX_ST_SYS_BUSY, HOLD("global-exclusive", 1)),
	{ .number = "2", .leaf = TDH_SYS_INIT, .in = { .rcx = 1 },
	  .outputs = INIT_OUT, .status = INVALID(RCX) },
	{ .number = "2 bit 63", .leaf = TDH_SYS_INIT,
	  .in = { .rcx = 1ULL << 63 }, .outputs = INIT_OUT,
	  .status = INVALID(RCX) },
	{ .number = "3", .stage = INITED, .leaf = TDH_SYS_INIT, .lp = 1,
	  .zero = O_RCX, .outputs = INIT_OUT,
	  .status = TDX_ST_SYS_INIT_NOT_PENDING, .check_state = true,
	  .state = 1 },
	INIT_ROW("4", MSR_WRONG(0x10a), MSR(0, 0x10a, 0)),
	INIT_ROW("4 bit 2", MSR_WRONG(0x10a), MSR(0, 0x10a, 0x20fd6f)),
	INIT_ROW("5 zero", MSR_WRONG(0xbd), MSR(0, 0xbd, 0)),
	INIT_ROW("5 three", MSR_WRONG(0xbd), MSR(0, 0xbd, 3)),
	INIT_ROW("6", MSR_WRONG(0xbc), MSR(0, 0xbc, 2)),
	INIT_ROW("7", MSR_WRONG(0x345), MSR(0, 0x345, ~(1ULL << 13))),
	INIT_ROW("9", TDX_ST_LIMIT_CPUID_MAXVAL_SET,
		 MSR(0, 0x1a0, 1U << 22)),
	INIT_ROW("10", LEAF_MISSING(0x1f),
		 CPUID(0, 0, 0, 0x1e, 0x756e6547, 0x6c65746e, 0x49656e69)),
	INIT_ROW("11", LEAF_MISSING(0x80000008),
		 CPUID(0, 0x80000000, 0, 0x80000007)),
	/* 12, 12a: test_init_cpuid() */
	INIT_ROW("12b", LEAF_MISSING(0x15), CPUID(0, 0x15, 0, 2, 0, 0)),
	INIT_ROW("12c not ascending", TDX_ST_CPUID_LEAF_1F_FORMAT_UNRECOGNIZED,
		 CPUID(0, 0x1f, 1, 9, 64, 0x101, 0)),
	INIT_ROW("12c unknown", TDX_ST_CPUID_LEAF_1F_FORMAT_UNRECOGNIZED,
		 CPUID(0, 0x1f, 2, 9, 64, 0x702, 0)),
	INIT_ROW("12c after the end", TDX_ST_CPUID_LEAF_1F_FORMAT_UNRECOGNIZED,
		 CPUID(0, 0x1f, 3, 9, 64, 0x303, 0)),
	INIT_ROW("12d no level", LEAF_MISSING(0), CPUID(0, 0x1f, 0, 0),
		 CPUID(0, 0x1f, 1, 0)),
	INIT_ROW("12d no core", LEAF_MISSING(0),
		 CPUID(0, 0x1f, 1, 9, 64, 0x301, 0)),
	INIT_ROW("12e", TDX_ST_INVALID_WBINVD_SCOPE,
		 CPUID(0, 4, 3, 0xff << 14 | 0x163, 0x0380003f, 0x1bfff, 4)),
	INIT_ROW("13 0x480", MSR_WRONG(0x480), MSR(0, 0x480, 0)),
	INIT_ROW("13 0x48d", MSR_WRONG(0x48d), MSR(0, 0x48d, 0)),
	INIT_ROW("13 0x48e", MSR_WRONG(0x48e), MSR(0, 0x48e, 0)),
	INIT_ROW("13 0x48b", MSR_WRONG(0x48b), MSR(0, 0x48b, 0)),
	INIT_ROW("13 0x48f", MSR_WRONG(0x48f), MSR(0, 0x48f, 0)),
	INIT_ROW("13 0x490", MSR_WRONG(0x490), MSR(0, 0x490, 0)),
	INIT_ROW("13 0x485", MSR_WRONG(0x485), MSR(0, 0x485, 0)),
	INIT_ROW("13 0x48c", MSR_WRONG(0x48c), MSR(0, 0x48c, 0)),
	INIT_ROW("13 0x486", MSR_WRONG(0x486), MSR(0, 0x486, 0)),
	INIT_ROW("13 0x487", MSR_WRONG(0x487), MSR(0, 0x487, 0)),
	INIT_ROW("13 0x488", MSR_WRONG(0x488), MSR(0, 0x488, 0)),
	INIT_ROW("13 0x489", MSR_WRONG(0x489), MSR(0, 0x489, 0)),
	INIT_ROW("14", MSR_WRONG(0x982), MSR(0, 0x982, 0x5000600000002ULL)),
	INIT_ROW("15", MSR_WRONG(0x981), MSR(0, 0x981, 0x80000000)),
	INIT_ROW("16", MSR_WRONG(0x982), MSR(0, 0x982, 0x0000000600000003ULL)),
	INIT_ROW("17", (u64)TDX_ST_NUM_ACTIVATED_HKIDS_NOT_SUPPORTED | 2048,
		 MSR(0, 0x87, 1024ULL << 32 | 1024)),
	INIT_ROW("18", MSR_WRONG(0x99), MSR(0, 0x99, 5)),
	CMR_ROW("19 overflow", TDX_ST_CMR_LIST_INVALID,
		{ -0x1000ULL, 0x2000 }),
	CMR_ROW("19 KeyID bits", TDX_ST_CMR_LIST_INVALID,
		{ 1ULL << 46, 0x1000 }),
	CMR_ROW("19 KeyID bits in last byte", TDX_ST_CMR_LIST_INVALID,
		{ (1ULL << 46) - 0x1000, 0x2000 }),
	CMR_ROW("19 beyond 2^52", TDX_ST_CMR_LIST_INVALID,
		{ 1ULL << 52, 0x1000 }),
	CMR_ROW("19 base unaligned", TDX_ST_CMR_LIST_INVALID,
		{ 0x100800, 0x1000 }),
	CMR_ROW("19 size unaligned", TDX_ST_CMR_LIST_INVALID,
		{ 0x100000, 0x1800 }),
	CMR_ROW("19 descending", TDX_ST_CMR_LIST_INVALID,
		{ 0x200000, 0x1000 }, { 0x100000, 0x1000 }),
	CMR_ROW("19 overlap behind an empty slot", TDX_ST_CMR_LIST_INVALID,
		{ 0x100000, 0x2000 }, { 0x300000, 0 }, { 0x101000, 0x1000 }),
	INIT_ROW("20", TDX_ST_SMRR_NOT_SUPPORTED, MSR(0, 0xfe, 0xe50a)),
	INIT_ROW("21", TDX_ST_SMRR_LOCK_NOT_SUPPORTED, MSR(0, 0xfe, 0xad0a)),
	INIT_ROW("22 SMRR", TDX_ST_SMRR_NOT_LOCKED,
		 MSR(0, 0x1f3, 0xff800800)),
	INIT_ROW("22 SMRR2", (u64)TDX_ST_SMRR_NOT_LOCKED | 1,
		 MSR(0, 0x1f7, 0)),
	INIT_ROW("23 empty mask", TDX_ST_INVALID_SMRR_CONFIGURATION,
		 MSR(0, 0x1f3, 0xc00)),
	INIT_ROW("23 gap in mask", TDX_ST_INVALID_SMRR_CONFIGURATION,
		 MSR(0, 0x1f3, 0xef800c00)),
	INIT_ROW("23 base unaligned", TDX_ST_INVALID_SMRR_CONFIGURATION,
		 MSR(0, 0x1f2, 0xfc400006)),
	INIT_ROW("23 SMRR2", (u64)TDX_ST_INVALID_SMRR_CONFIGURATION | 1,
		 MSR(0, 0x1f7, 0xc00)),
	INIT_ROW("24 CMR 0", (u64)TDX_ST_SMRR_OVERLAPS_CMR,
		 MSR(0, 0x1f2, 0x40000006)),
	{ .number = "24 CMR 2", .leaf = TDH_SYS_INIT, .zero = O_RCX,
	  .outputs = INIT_OUT,
	  .cmrs = (const struct model_cmr[MODEL_MAX_CMRS]) {
		{ 0x100000, 0x1000 }, { 0x200000, 0 },
		{ 0x40000000, 0x1000 } },
	  .faults = { MSR(0, 0x1f2, 0x40000006), MSR(0, 0x1f3, 0xff800c00) },
	  .status = (u64)TDX_ST_SMRR_OVERLAPS_CMR | 2 << 8 },
	INIT_ROW("24 SMRR2", (u64)TDX_ST_SMRR_OVERLAPS_CMR | 1,
		 MSR(0, 0x1f6, 0x40000006), MSR(0, 0x1f7, 0xff800c00)),
	INIT_ROW("25 none", TDX_ST_INCOMPATIBLE_SEAM_CAPABILITIES, CAPS(0, 0)),
	INIT_ROW("25 one", TDX_ST_INCOMPATIBLE_SEAM_CAPABILITIES, CAPS(0, 1)),
	INIT_ROW("26", TDX_ST_SYS_INCOMPATIBLE_SIGSTRUCT, SIGSTRUCT),
	INIT_ROW("27", TDX_ST_RND_NO_ENTROPY, DRY(0, MODEL_RDRAND, 1)),
	{ .number = "success", .leaf = TDH_SYS_INIT, .lp = 3, .zero = O_RCX,
	  .outputs = INIT_OUT, .check_state = true, .state = 1 },
	{ .number = "success: empty slots anywhere, CMRs that touch",
	  .leaf = TDH_SYS_INIT, .zero = O_RCX, .outputs = INIT_OUT,
	  .cmrs = (const struct model_cmr[MODEL_MAX_CMRS]) {
		{ 0x300000, 0 }, { 0x100000, 0x1000 }, { 0, 0 },
		{ 0x101000, 0x1000 } },
	  .check_state = true, .state = 1 },
};

#define LP_ROW(n, st, ...) \
	{ .number = n, .stage = INITED, .lp = 1, .leaf = TDH_SYS_LP_INIT, \
	  .outputs = LP_OUT, .status = st, .check_state = true, .state = 1, \
	  .faults = { __VA_ARGS__ } }
#define LP_MSR(n, msr) \
	LP_ROW(n " " #msr, MSR_DIFFERS(msr), MSR(1, msr, 0x123456789ULL))

static const struct row lp_rows[] = {
	LP_ROW("1", TDX_ST_SYS_BUSY, HOLD("global-exclusive", 2)),
	LP_ROW("1 shared", TDX_ST_SUCCESS, HOLD("global-shared", 2)),
	{ .number = "2 pending", .leaf = TDH_SYS_LP_INIT, .outputs = LP_OUT,
	  .status = TDX_ST_SYS_LP_INIT_NOT_PENDING },
	{ .number = "2 configured", .stage = CONFIGURED,
	  .leaf = TDH_SYS_LP_INIT, .outputs = LP_OUT,
	  .status = TDX_ST_SYS_LP_INIT_NOT_PENDING },
	LP_ROW("3", TDX_ST_SYS_LP_INIT_DONE, CALL(1, TDH_SYS_LP_INIT, 0, 0)),
	LP_ROW("4", TDX_ST_RND_NO_ENTROPY, DRY(1, MODEL_RDRAND, 1)),
	LP_ROW("6", TDX_ST_INCOMPATIBLE_SEAM_CAPABILITIES, CAPS(1, 7)),
	LP_MSR("7", 0xcf), LP_MSR("7", 0x10a), LP_MSR("7", 0xbc),
	LP_MSR("7", 0xbd),
	LP_ROW("8", TDX_ST_LIMIT_CPUID_MAXVAL_SET, MSR(1, 0x1a0, 1U << 22)),
	/* 9: test_lp_init_cpuid() */
	LP_ROW("10", (u64)TDX_ST_INVALID_PKG_ID | 8,
	       CPUID(1, 0x1f, 0, 1, 2, 0x100, 8 << 9)),
	LP_ROW("10 package 255", (u64)TDX_ST_INVALID_PKG_ID | 255,
	       CPUID(1, 0x1f, 0, 1, 2, 0x100, 255 << 9)),
	LP_MSR("11", 0x3b),
	LP_MSR("12", 0xfe), LP_MSR("12", 0x1f2), LP_MSR("12", 0x1f3),
	LP_MSR("12", 0x1f6), LP_MSR("12", 0x1f7),
	LP_MSR("13", 0x480), LP_MSR("13", 0x48d), LP_MSR("13", 0x48e),
	LP_MSR("13", 0x48b), LP_MSR("13", 0x492), LP_MSR("13", 0x48f),
	LP_MSR("13", 0x490), LP_MSR("13", 0x485), LP_MSR("13", 0x48c),
	LP_MSR("13", 0x486), LP_MSR("13", 0x487), LP_MSR("13", 0x488),
	LP_MSR("13", 0x489),
	LP_MSR("14", 0x345),
	LP_MSR("15", 0x981), LP_MSR("15", 0x982), LP_MSR("15", 0x87),
	LP_MSR("15", 0x98), LP_MSR("15", 0x99),
	LP_ROW("success", TDX_ST_SUCCESS, DRY(0, MODEL_RDRAND, 1)),
};

static void test_init_rows(void **state)
{
	table_run("SYS.INIT", init_rows, ARRAY_LEN(init_rows));
}

static void test_lp_init_rows(void **state)
{
	table_run("SYS.LP.INIT", lp_rows, ARRAY_LEN(lp_rows));
}

static bool takes_part(const struct row *r, const struct row *other)
{
	return other->stage == r->stage && other->status != TDX_ST_SUCCESS;
}

/* The CMR table of @r, or else a wrong one of a row behind it. */
static const struct model_cmr *cmrs_from(const struct row *r,
					 const struct row *end)
{
	const struct row *other;

	for (other = r; other < end; other++)
		if (other->cmrs && (other == r ||
				    other->status == TDX_ST_CMR_LIST_INVALID))
			return other->cmrs;
	return NULL;
}

/*
 * What rows @r to @end have wrong is wrong all at once, @r's own last so that
 * it wins where two set the same value.  Calls come first, and only @r's; a
 * lock is held for @r alone.
 */
static void apply_all(struct model *m, const struct row *r,
		      const struct row *end)
{
	const struct row *other;
	int k;

	for (k = 0; k < MAX_FAULTS; k++)
		if (r->faults[k].kind == F_CALL)
			table_apply(m, &r->faults[k]);
	for (other = end - 1; other >= r; other--)
		for (k = 0; k < MAX_FAULTS && takes_part(r, other); k++) {
			const struct fault *f = &other->faults[k];

			if (f->kind == F_CALL ||
			    (f->kind == F_HOLD && other != r))
				continue;
			table_apply(m, f);
		}
}

/* With everything wrong from a row on, that row is what is reported. */
static void all_at_once(const char *name, const struct row *rows, size_t n)
{
	const struct row *r;

	for (r = rows; r < rows + n; r++) {
		struct model_regs regs = { .rcx = r->in.rcx };
		struct row platform = *r;
		struct model *m;

		if (r->status == TDX_ST_SUCCESS)
			continue;
		platform.cmrs = r->stage == FRESH ? cmrs_from(r, rows + n) :
						    NULL;
		m = table_model(&platform);
		table_write_tdmrs();
		table_reach(m, r->stage);
		apply_all(m, r, rows + n);
		table_call(m, r->lp, r->leaf, &regs);
		if (regs.rax != r->status)
			print_error("%s %s with all later faults: %016llx, must be %016llx\n",
				    name, r->number, regs.rax, r->status);
		assert_int_equal(regs.rax, r->status);
		model_destroy(m);
	}
}

static void test_init_order(void **state)
{
	all_at_once("SYS.INIT", init_rows, ARRAY_LEN(init_rows));
}

static void test_lp_init_order(void **state)
{
	all_at_once("SYS.LP.INIT", lp_rows, ARRAY_LEN(lp_rows));
}

static const struct {
	unsigned int number;
	u32 leaf, subleaf, mask[4], value[4], same[4];
} cpuid_rows[] = {
#include "cpuid_rows.h"
};

static u64 pack(u32 low, u32 high)
{
	return low | (u64)high << 32;
}

/* A verified bit that is wrong is reported with row, mask and value. */
static void check_init_bit(unsigned int row, unsigned int reg, u32 bit)
{
	struct model_regs r = { 0 };
	struct model *m = table_model(NULL);
	u32 leaf = cpuid_rows[row].leaf, sub = cpuid_rows[row].subleaf;
	const u32 *mask = cpuid_rows[row].mask;
	const u32 *value = cpuid_rows[row].value;
	u32 regs[4];

	model_cpuid(m, 0, leaf, sub, regs);
	regs[reg] ^= bit;
	assert_int_equal(model_override_cpuid(m, 0, leaf, sub, regs), 0);
	assert_int_equal(table_call(m, 0, TDH_SYS_INIT, &r),
			 TDX_ST_INCORRECT_CPUID_VALUE);
	assert_int_equal(r.rcx, pack(leaf, sub));
	assert_int_equal(r.rdx, pack(mask[0], mask[1]));
	assert_int_equal(r.r8, pack(mask[2], mask[3]));
	assert_int_equal(r.r9, pack(value[0], value[1]));
	assert_int_equal(r.r10, pack(value[2], value[3]));
	model_destroy(m);
}

/* Above the CPU's maximum a leaf counts as zero, whatever it answers. */
static bool above_maximum(u32 leaf)
{
	return leaf == 0x23;
}

static void test_init_cpuid(void **state)
{
	unsigned int row, reg, bit, n = 0;

	for (row = 0; row < ARRAY_LEN(cpuid_rows); row++) {
		if (above_maximum(cpuid_rows[row].leaf))
			continue;
		for (reg = 0; reg < 4; reg++)
			for (bit = 0; bit < 32; bit++) {
				if (!(cpuid_rows[row].mask[reg] & 1U << bit))
					continue;
				check_init_bit(row, reg, 1U << bit);
				n++;
			}
	}
	print_message("row SYS.INIT 12: %u bits of CPUID verified\n", n);
	assert_true(n > 300);
}

/* Rules that no mask says: 12a, 12f. */
static void test_init_cpuid_rules(void **state)
{
	static const struct {
		const char *number;
		u32 leaf, regs[4];
		u64 mask, value;
	} rules[] = {
		{ "12a version", 0xa, { 0x08300804, 0, 0xf, 0x8604 },
		  0xff00, 0x800 },
		{ "12a fixed counters", 0xa, { 0x08300805, 0, 0xf, 0x8608 },
		  0xff00, 0x800 },
		{ "12f linear width", 0x80000008, { 0x3034, 0x200, 0, 0 },
		  0x200000000ffULL, 0x20000000034ULL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(rules); i++) {
		struct model *m = table_model(NULL);
		struct model_regs r = { 0 };

		model_override_cpuid(m, 0, rules[i].leaf, 0, rules[i].regs);
		assert_int_equal(table_call(m, 0, TDH_SYS_INIT, &r),
				 TDX_ST_INCORRECT_CPUID_VALUE);
		assert_int_equal(r.rcx, pack(rules[i].leaf, NONE));
		assert_int_equal(r.rdx, rules[i].mask);
		assert_int_equal(r.r9, rules[i].value);
		print_message("row SYS.INIT %s: ok\n", rules[i].number);
		model_destroy(m);
	}
}

static void check_lp_bit(unsigned int row, unsigned int reg, u32 bit)
{
	struct model_regs r = { 0 };
	struct model *m = table_model(NULL);
	u32 leaf = cpuid_rows[row].leaf, sub = cpuid_rows[row].subleaf;
	const u32 *same = cpuid_rows[row].same;
	u32 regs[4];

	table_reach(m, INITED);
	model_cpuid(m, 1, leaf, sub, regs);
	regs[reg] ^= bit;
	assert_int_equal(model_override_cpuid(m, 1, leaf, sub, regs), 0);
	table_call(m, 1, TDH_SYS_LP_INIT, &r);
	if (same[reg] & bit) {
		assert_int_equal(r.rax, TDX_ST_INCONSISTENT_CPUID_FIELD);
		assert_int_equal(r.rcx, pack(leaf, sub));
		assert_int_equal(r.rdx, pack(same[0], same[1]));
		assert_int_equal(r.r8, pack(same[2], same[3]));
	} else if (leaf != 0x1f) {
		/* EDX of 0x1F is the x2APIC id: it names the package. */
		assert_int_equal(r.rax, TDX_ST_SUCCESS);
	}
	model_destroy(m);
}

static void test_lp_init_cpuid(void **state)
{
	unsigned int row, reg, bit, n = 0;

	for (row = 0; row < ARRAY_LEN(cpuid_rows); row++) {
		if (above_maximum(cpuid_rows[row].leaf))
			continue;
		for (reg = 0; reg < 4; reg++)
			for (bit = 0; bit < 32; bit++, n++)
				check_lp_bit(row, reg, 1U << bit);
	}
	print_message("row SYS.LP.INIT 9: %u bits of CPUID compared\n", n);
}

/* IA32_ARCH_CAPABILITIES, row 4: each bit on its own. */
static void test_init_arch_capabilities(void **state)
{
	const u64 ones = 0x20fd6b;
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		struct model *m = table_model(NULL);
		bool must = (ones | 4) >> bit & 1;

		model_override_msr(m, 0, 0x10a, ones ^ 1ULL << bit);
		assert_int_equal(table_simple(m, 0, TDH_SYS_INIT, 0, 0, 0),
				 must ? MSR_WRONG(0x10a) : 0);
		model_destroy(m);
	}
}

/* A failed SYS.INIT or LP.INIT may be repeated, and counts nothing. */
static void test_init_retry(void **state)
{
	struct model *m = table_model(NULL);
	struct model_stats s;
	unsigned int i;

	model_starve(m, 0, MODEL_RDRAND, 3);
	for (i = 0; i < 3; i++)
		assert_int_equal(table_simple(m, 0, TDH_SYS_INIT, 0, 0, 0),
				 TDX_ST_RND_NO_ENTROPY);
	assert_int_equal(table_simple(m, 0, TDH_SYS_INIT, 0, 0, 0), 0);
	model_starve(m, 2, MODEL_RDRAND, 2);
	for (i = 0; i < 2; i++)
		assert_int_equal(table_simple(m, 2, TDH_SYS_LP_INIT, 0, 0, 0),
				 TDX_ST_RND_NO_ENTROPY);
	model_get_stats(m, &s);
	assert_int_equal(s.lps_done, 0);
	assert_int_equal(table_simple(m, 2, TDH_SYS_LP_INIT, 0, 0, 0), 0);
	model_get_stats(m, &s);
	assert_int_equal(s.lps_done, 1);
	model_destroy(m);
}

const struct CMUnitTest init_tests[] = {
	cmocka_unit_test(test_init_rows),
	cmocka_unit_test(test_init_order),
	cmocka_unit_test(test_init_cpuid),
	cmocka_unit_test(test_init_cpuid_rules),
	cmocka_unit_test(test_init_arch_capabilities),
	cmocka_unit_test(test_lp_init_rows),
	cmocka_unit_test(test_lp_init_order),
	cmocka_unit_test(test_lp_init_cpuid),
	cmocka_unit_test(test_init_retry),
};
const size_t nr_init_tests = ARRAY_LEN(init_tests);
