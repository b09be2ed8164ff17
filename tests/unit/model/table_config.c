// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.SYS.CONFIG, KEY.CONFIG, TDMR.INIT, SHUTDOWN and UPDATE.
 * Source: TDX Module ABI 1.5, the leaves of these names.
 */
#include <string.h>

#include "table.h"

#define CFG(n, st, ...) \
	{ .number = n, .stage = LPS_READY, .leaf = TDH_SYS_CONFIG, \
	  .in = { .rcx = ARRAY_PA, .rdx = 2, .r8 = GLOBAL_KEYID }, \
	  .status = st, .check_state = true, .state = (st) != 0 ? 1 : 2, \
	  .patches = { __VA_ARGS__ } }
#define CFG_IN(n, st, a, b, c) \
	{ .number = n, .stage = LPS_READY, .leaf = TDH_SYS_CONFIG, \
	  .in = { .rcx = a, .rdx = b, .r8 = c }, \
	  .zero = ((b) != 0 ? 0 : O_RDX) | ((c) != 0 ? 0 : O_R8), .status = st, \
	  .check_state = true, .state = (st) != 0 ? 1 : 2 }
#define CMRS(...) (const struct model_cmr[MODEL_MAX_CMRS]) { __VA_ARGS__ }
#define ST(name, i0, i1, i2) \
	((u64)TDX_ST_##name | (i0) | (i1) << 8 | (i2) << 16)
#define K4	0
#define M2	1
#define G1	2
#define KEYID_BIT	(1ULL << 46)	/* lowest of 6 below bit 52 */
#define RSVD(t, j, offset, size) \
	W(t, W_RSVD(j), offset), W(t, W_RSVD_SIZE(j), size)
#define PAMT(t, w, base, size)	W(t, w, base), W(t, (w) + 1, size)
#define PAMT_ROWS(name, w, level, short) \
	CFG("15a " name, ST(INVALID_PAMT, 0, level, 0), \
	    PAMT(0, w, -0x1000ULL, 0x2000)), \
	CFG("15b base " name, ST(INVALID_PAMT, 0, level, 0), \
	    W(0, w, PAMT_AREA + 0x800)), \
	CFG("15b size " name, ST(INVALID_PAMT, 0, level, 0), \
	    W(0, (w) + 1, 0x400800)), \
	CFG("15c KeyID " name, ST(INVALID_PAMT, 0, level, 0), \
	    W(0, w, PAMT_AREA | KEYID_BIT)), \
	CFG("15c 2^52 " name, ST(INVALID_PAMT, 0, level, 0), \
	    W(0, w, 1ULL << 52)), \
	CFG("15d " name, ST(INVALID_PAMT, 0, level, 0), \
	    PAMT(0, w, KEYID_BIT - 0x1000, 0x400000)), \
	CFG("15e " name, ST(INVALID_PAMT, 0, level, 0), \
	    W(0, (w) + 1, short)), \
	CFG("15e second TDMR " name, ST(INVALID_PAMT, 1, level, 0), \
	    W(1, (w) + 1, short))

static const struct row config_rows[] = {
	{ .number = "1 exclusive", .stage = LPS_READY,
	  .faults = { HOLD("global-exclusive", 1) }, .leaf = TDH_SYS_CONFIG,
	  .in = { .rcx = 1, .rdx = 99, .r8 = 1 }, .status = TDX_ST_SYS_BUSY },
	{ .number = "1 shared", .stage = LPS_READY,
	  .faults = { HOLD("global-shared", 1) }, .leaf = TDH_SYS_CONFIG,
	  .in = { .rcx = 1, .rdx = 99, .r8 = 1 }, .status = TDX_ST_SYS_BUSY },
	{ .number = "2", .leaf = TDH_SYS_CONFIG, .in = { .rcx = 1 },
	  .status = TDX_ST_SYS_CONFIG_NOT_PENDING },
	{ .number = "3", .stage = LP0_READY, .leaf = TDH_SYS_CONFIG,
	  .in = { .rcx = 1 }, .status = TDX_ST_SYS_CONFIG_NOT_PENDING },
	CFG_IN("4 alignment", INVALID(RCX), ARRAY_PA + 256, 99, 0),
	CFG_IN("4 2^52", INVALID(RCX), 1ULL << 52, 2, GLOBAL_KEYID),
	CFG_IN("4 SEAMRR", INVALID(RCX), 0xfa000000, 2, GLOBAL_KEYID),
	CFG_IN("4 private KeyID", INVALID(RCX), ARRAY_PA | MKTME_KEYID(32), 2,
	       GLOBAL_KEYID),
	CFG_IN("4 MKTME KeyID is fine", 0ULL, ARRAY_PA | MKTME_KEYID(31), 2,
	       GLOBAL_KEYID),
	CFG_IN("5 too many", INVALID(RDX), ARRAY_PA, 65, 0),
	CFG_IN("5 none", INVALID(RDX), ARRAY_PA, 0, 0),
	CFG_IN("6 reserved bit", INVALID(R8), ARRAY_PA, 2, 0x10020),
	CFG_IN("6 bit 63", INVALID(R8), ARRAY_PA, 2, 1ULL << 63 | 32),
	CFG_IN("6 MKTME", INVALID(R8), ARRAY_PA, 2, 31),
	CFG_IN("6 zero", INVALID(R8), ARRAY_PA, 2, 0),
	CFG_IN("6 beyond", INVALID(R8), ARRAY_PA, 2, 64),
	CFG_IN("6 last is fine", 0ULL, ARRAY_PA, 2, 63),
	CFG("7 alignment", INVALID(RCX), W(ARRAY, 0, INFO_PA(0) + 64)),
	CFG("7 second", INVALID(RCX), W(ARRAY, 1, 1ULL << 52)),
	CFG("7 private KeyID", INVALID(RCX),
	    W(ARRAY, 1, INFO_PA(1) | MKTME_KEYID(40))),
	CFG("8", ST(INVALID_TDMR, 0, 0, 0), W(0, W_SIZE, -GB(1))),
	CFG("8 before 9", ST(INVALID_TDMR, 1, 0, 0), W(1, W_BASE, GB(1)),
	    W(1, W_SIZE, -GB(1))),
	CFG("9", ST(NON_ORDERED_TDMR, 1, 0, 0), W(1, W_BASE, GB(3))),
	CFG("9 before 11", ST(NON_ORDERED_TDMR, 1, 0, 0),
	    W(1, W_BASE, GB(3) + 1)),
	CFG("10", ST(NON_ORDERED_TDMR, 1, 0, 0), W(1, W_BASE, TDMR0)),
	CFG("10 inside", ST(NON_ORDERED_TDMR, 1, 0, 0),
	    W(1, W_BASE, TDMR0 + 0x1000)),
	CFG("10 TDMRs that touch are fine", 0ULL, W(1, W_BASE, GB(5))),
	CFG("11 base", ST(INVALID_TDMR, 0, 0, 0), W(0, W_BASE, TDMR0 + 0x1000)),
	CFG("11 size", ST(INVALID_TDMR, 1, 0, 0),
	    W(1, W_SIZE, GB(1) + 0x1000)),
	CFG("11 zero", ST(INVALID_TDMR, 0, 0, 0), W(0, W_SIZE, 0)),
	CFG("12 KeyID", ST(INVALID_TDMR, 1, 0, 0),
	    W(1, W_BASE, TDMR1 | KEYID_BIT)),
	CFG("12 2^52", ST(INVALID_TDMR, 1, 0, 0), W(1, W_BASE, 1ULL << 52)),
	CFG("13", ST(INVALID_TDMR, 1, 0, 0), W(1, W_BASE, KEYID_BIT - GB(1))),
	CFG("14a first", ST(NON_ORDERED_RESERVED_IN_TDMR, 0, 0, 0),
	    RSVD(0, 1, 0x1000, 0x1000)),
	CFG("14a second TDMR", ST(NON_ORDERED_RESERVED_IN_TDMR, 1, 14, 0),
	    RSVD(1, 15, 0x1000, 0x1000)),
	CFG("14b", ST(INVALID_RESERVED_IN_TDMR, 0, 0, 0),
	    RSVD(0, 0, -0x1000ULL, 0x2000)),
	CFG("14c descending", ST(NON_ORDERED_RESERVED_IN_TDMR, 0, 1, 0),
	    RSVD(0, 0, 0x2000, 0x1000), RSVD(0, 1, 0x1000, 0x1000)),
	CFG("14c overlap", ST(NON_ORDERED_RESERVED_IN_TDMR, 0, 1, 0),
	    RSVD(0, 0, 0x1000, 0x2000), RSVD(0, 1, 0x2000, 0x1000)),
	CFG("14c before 14d", ST(NON_ORDERED_RESERVED_IN_TDMR, 0, 1, 0),
	    RSVD(0, 0, 0x2000, 0x1000), RSVD(0, 1, 0x1800, 0x1000)),
	CFG("14d offset", ST(INVALID_RESERVED_IN_TDMR, 1, 0, 0),
	    RSVD(1, 0, 0x800, 0x1000)),
	CFG("14d size", ST(INVALID_RESERVED_IN_TDMR, 0, 1, 0),
	    RSVD(0, 0, 0, 0x1000), RSVD(0, 1, 0x1000, 0x800)),
	CFG("14e offset", ST(INVALID_RESERVED_IN_TDMR, 0, 0, 0),
	    RSVD(0, 0, -GB(4), 0x1000)),
	CFG("14e size", ST(INVALID_RESERVED_IN_TDMR, 0, 0, 0),
	    RSVD(0, 0, -GB(4) - 0x1000, 0x2000)),
	CFG("14f crosses the end", ST(INVALID_RESERVED_IN_TDMR, 0, 0, 0),
	    RSVD(0, 0, GB(1) - 0x1000, 0x2000)),
	CFG("14f behind", ST(INVALID_RESERVED_IN_TDMR, 0, 0, 0),
	    RSVD(0, 0, GB(1), 0x1000)),
	CFG("14 before 15", ST(INVALID_RESERVED_IN_TDMR, 0, 0, 0),
	    RSVD(0, 0, GB(1), 0x1000), W(0, W_1G_SIZE, 0)),
	PAMT_ROWS("1G", W_1G, G1, 0), PAMT_ROWS("2M", W_2M, M2, 0x1000),
	PAMT_ROWS("4K", W_4K, K4, 0x3ff000),
	CFG("15 1G before 2M", ST(INVALID_PAMT, 0, G1, 0),
	    W(0, W_1G_SIZE, 0), W(0, W_2M_SIZE, 0), W(0, W_4K_SIZE, 0)),
	CFG("15 2M before 4K", ST(INVALID_PAMT, 0, M2, 0),
	    W(0, W_2M_SIZE, 0), W(0, W_4K_SIZE, 0)),
	CFG("16 4K", ST(PAMT_OVERLAP, 1, K4, 0),
	    W(1, W_4K, PAMT_AREA + 0x400000)),
	CFG("16 2M", ST(PAMT_OVERLAP, 1, M2, 0),
	    W(1, W_2M, PAMT_AREA + 0x7ff000)),
	CFG("16 1G", ST(PAMT_OVERLAP, 1, G1, 0), W(1, W_1G, PAMT_AREA)),
	CFG("17 2M", ST(PAMT_OVERLAP, 0, K4, 0),
	    W(0, W_2M, PAMT_AREA + 0x7fe000)),
	CFG("17 1G", ST(PAMT_OVERLAP, 0, K4, 0),
	    W(0, W_1G, PAMT_AREA + 0x400000)),
	CFG("17 second TDMR", ST(PAMT_OVERLAP, 1, K4, 1),
	    W(1, W_2M, PAMT_AREA + 0x800000)),
	CFG("18", ST(PAMT_OVERLAP, 0, M2, 0), W(0, W_1G, PAMT_AREA + 0x2000)),
	CFG("18 second TDMR", ST(PAMT_OVERLAP, 1, M2, 1),
	    W(1, W_1G, PAMT_AREA + 0x4000)),
	CFG("19 own TDMR", ST(PAMT_OVERLAP, 0, K4, 0), W(0, W_4K, TDMR0)),
	CFG("19 earlier TDMR", ST(PAMT_OVERLAP, 1, M2, 0),
	    W(1, W_2M, TDMR0 + 0x1000)),
	CFG("19 later TDMR", ST(PAMT_OVERLAP, 0, G1, 1), W(0, W_1G, TDMR1)),
	CFG("19 partly reserved", ST(PAMT_OVERLAP, 0, M2, 1),
	    W(0, W_2M, TDMR1), RSVD(1, 0, 0, 0x1000)),
	CFG("19 reserved is fine", 0ULL, W(0, W_2M, TDMR1),
	    RSVD(1, 0, 0, 0x2000)),
	CFG("19 reserved in its own TDMR is fine", 0ULL,
	    W(0, W_1G, TDMR0 + 0x5000), RSVD(0, 0, 0x5000, 0x1000)),
	CFG("20 1G", ST(PAMT_OUTSIDE_CMRS, 0, G1, 0), W(0, W_1G, GB(16)),
	    W(0, W_4K, GB(20))),
	CFG("20 2M", ST(PAMT_OUTSIDE_CMRS, 0, M2, 0),
	    W(0, W_2M, GB(16) - 0x1000)),
	CFG("20 4K", ST(PAMT_OUTSIDE_CMRS, 0, K4, 0), W(0, W_4K, GB(20))),
	CFG("21", ST(TDMR_OUTSIDE_CMRS, 1, 0, 0), W(1, W_BASE, GB(15))),
	CFG("21 behind a reserved area", ST(TDMR_OUTSIDE_CMRS, 1, 0, 0),
	    W(1, W_BASE, GB(15)), RSVD(1, 0, GB(1), GB(1) - 0x1000)),
	CFG("21 reserved is fine", 0ULL, W(1, W_BASE, GB(15)),
	    RSVD(1, 0, GB(1), GB(1))),
	CFG("21 wholly reserved needs no CMR", 0ULL, W(1, W_BASE, GB(20)),
	    RSVD(1, 0, 0, GB(2))),
	CFG("20 before 21", ST(PAMT_OUTSIDE_CMRS, 1, K4, 0),
	    W(1, W_BASE, GB(15)), W(1, W_4K, GB(20))),
	{ .number = "21 hole of a page", .stage = LPS_READY,
	  .cmrs = CMRS({ GB(4), GB(3) }, { GB(7) + 0x1000, GB(9) - 0x1000 }),
	  .leaf = TDH_SYS_CONFIG,
	  .in = { .rcx = ARRAY_PA, .rdx = 2, .r8 = GLOBAL_KEYID },
	  .status = ST(TDMR_OUTSIDE_CMRS, 1, 0, 0) },
	{ .number = "21 CMRs that touch are one", .stage = LPS_READY,
	  .cmrs = CMRS({ GB(4), GB(3) }, { GB(2), 0 }, { GB(7), GB(9) }),
	  .leaf = TDH_SYS_CONFIG,
	  .in = { .rcx = ARRAY_PA, .rdx = 2, .r8 = GLOBAL_KEYID } },
	CFG("success", 0ULL),
	CFG("success: reserved areas touch, null offset ignored", 0ULL,
	    RSVD(0, 0, 0, 0x1000), RSVD(0, 1, 0x1000, 0x1000),
	    W(0, W_RSVD(2), 0x123)),
};

#define KEY(n, st, s, ...) \
	{ .number = n, .stage = CONFIGURED, .leaf = TDH_SYS_KEY_CONFIG, \
	  .status = st, .check_state = true, .state = s, \
	  .faults = { __VA_ARGS__ } }
#define TDMR(n, st, pa, ...) \
	{ .number = n, .stage = KEYED, .leaf = TDH_SYS_TDMR_INIT, \
	  .in = { .rcx = pa }, .zero = (pa) != 0 ? 0 : O_RCX, .status = st, \
	  .outputs = O_RDX, __VA_ARGS__ }

static const struct row key_rows[] = {
	KEY("1", TDX_ST_SYS_BUSY, 2, HOLD("global-exclusive", 1)),
	KEY("1 shared", TDX_ST_SYS_BUSY, 2, HOLD("global-shared", 2)),
	{ .number = "2", .stage = LPS_READY, .leaf = TDH_SYS_KEY_CONFIG,
	  .status = TDX_ST_SYS_KEY_CONFIG_NOT_PENDING },
	KEY("3", TDX_ST_KEY_CONFIGURED, 2, CALL(1, TDH_SYS_KEY_CONFIG, 0, 0)),
	KEY("4", TDX_ST_KEY_GENERATION_FAILED, 2, DRY(0, MODEL_PCONFIG, 1)),
	KEY("5", BUSY(KET), 2, HOLD("ket:0", 1)),
	KEY("5 other package", TDX_ST_SUCCESS, 2, HOLD("ket:1", 2)),
	KEY("last package", TDX_ST_SUCCESS, 3,
	    CALL(2, TDH_SYS_KEY_CONFIG, 0, 0)),
};

static const struct row tdmr_rows[] = {
	TDMR("1 alignment", INVALID(RCX), TDMR0 + 0x1000),
	TDMR("1 2^52", INVALID(RCX), 1ULL << 52),
	TDMR("1 KeyID", INVALID(RCX), TDMR0 | KEYID_BIT),
	TDMR("2 no TDMR", INVALID(RCX), GB(5)),
	TDMR("2 not its base", INVALID(RCX), GB(7)),
	TDMR("2 zero", INVALID(RCX), 0),
	TDMR("3", BUSY(RCX), TDMR0, .faults = { HOLD("tdmr:0x100000000", 1) }),
	TDMR("3 other TDMR", TDX_ST_SUCCESS, TDMR0,
	     .faults = { HOLD("tdmr:0x180000000", 1) },
	     .out = { .rdx = TDMR0 }),
	{ .number = "4", .stage = DONE, .leaf = TDH_SYS_TDMR_INIT,
	  .in = { .rcx = TDMR0 }, .outputs = O_RDX,
	  .status = TDX_ST_TDMR_ALREADY_INITIALIZED },
	TDMR("success under the global lock", TDX_ST_SUCCESS, TDMR1,
	     .faults = { HOLD("global-exclusive", 1) },
	     .out = { .rdx = TDMR1 }),
};

static const struct row shutdown_rows[] = {
	{ .number = "SHUTDOWN 1", .stage = KEYED, .leaf = TDH_SYS_SHUTDOWN,
	  .in = { .rcx = 1 }, .faults = { HOLD("global-shared", 1) },
	  .status = INVALID(RCX), .check_state = true, .state = 3 },
	{ .number = "SHUTDOWN 2", .stage = KEYED, .leaf = TDH_SYS_SHUTDOWN,
	  .zero = O_RCX, .faults = { HOLD("global-shared", 1) },
	  .status = TDX_ST_SYS_BUSY, .check_state = true, .state = 3 },
	{ .number = "SHUTDOWN 3", .stage = KEYED, .leaf = TDH_SYS_SHUTDOWN,
	  .zero = O_RCX, .faults = { HOLD("seam", 1) },
	  .status = TDX_ST_SYS_BUSY, .check_state = true, .state = 3 },
	{ .number = "SHUTDOWN success", .stage = DONE,
	  .leaf = TDH_SYS_SHUTDOWN, .zero = O_RCX, .check_state = true,
	  .state = 4 },
	{ .number = "LP.SHUTDOWN", .stage = SHUT,
	  .leaf = TDH_SYS_LP_SHUTDOWN },
	{ .number = "UPDATE 1", .stage = LPS_READY, .leaf = TDH_SYS_UPDATE,
	  .faults = { HOLD("global-shared", 1) },
	  .status = TDX_ST_SYS_BUSY },
	{ .number = "UPDATE 2 LPs missing", .stage = LP0_READY,
	  .leaf = TDH_SYS_UPDATE, .status = TDX_ST_SYS_STATE_INCORRECT },
	{ .number = "UPDATE 2 state", .stage = CONFIGURED,
	  .leaf = TDH_SYS_UPDATE, .status = TDX_ST_SYS_STATE_INCORRECT },
	{ .number = "UPDATE 3", .stage = LPS_READY, .leaf = TDH_SYS_UPDATE,
	  .status = TDX_ST_SYS_INVALID_HANDOFF },
	{ .number = "DISABLE busy", .stage = DONE, .version = VERSION(MODEL_V2_0),
	  .leaf = TDH_SYS_DISABLE, .faults = { HOLD("global-shared", 1) },
	  .status = TDX_ST_SYS_BUSY, .check_state = true, .state = 3 },
	{ .number = "DISABLE with another LP inside", .stage = DONE,
	  .version = VERSION(MODEL_V2_0), .leaf = TDH_SYS_DISABLE,
	  .faults = { HOLD("seam", 1) }, .status = TDX_ST_SYS_BUSY,
	  .check_state = true, .state = 3 },
	{ .number = "DISABLE interrupted", .stage = DONE,
	  .version = VERSION(MODEL_V2_0), .leaf = TDH_SYS_DISABLE,
	  .faults = { DRY(0, MODEL_INTERRUPT, 1) },
	  .status = TDX_ST_INTERRUPTED_RESUMABLE, .check_state = true,
	  .state = 4 },
	{ .number = "DISABLE", .stage = DONE, .version = VERSION(MODEL_V2_0),
	  .leaf = TDH_SYS_DISABLE, .check_state = true, .state = 4 },
	{ .number = "DISABLE again", .stage = DONE, .version = VERSION(MODEL_V2_0),
	  .faults = { CALL(1, TDH_SYS_DISABLE, 0, 0) },
	  .leaf = TDH_SYS_DISABLE },
	{ .number = "DISABLE, then others", .stage = DONE,
	  .version = VERSION(MODEL_V2_0), .faults = { CALL(1, TDH_SYS_DISABLE, 0, 0) },
	  .leaf = TDH_SYS_RD, .status = TDX_ST_SYS_SHUTDOWN },
};

static void test_config_rows(void **state)
{
	table_run("SYS.CONFIG", config_rows, ARRAY_LEN(config_rows));
}

/* As many TDMRs as there may be, wholly reserved, with a PAMT each. */
static void test_config_64(void **state)
{
	struct model *m = table_model(NULL);
	struct model_stats s;
	unsigned int i;

	env_user_reset();
	table_reach(m, LPS_READY);
	for (i = 0; i < 64; i++) {
		const u64 pamt = GB(4) + i * 0x800000ULL;
		const u64 info[10] = {
			GB(20 + i), GB(1), pamt, 0x1000, pamt + 0x1000, 0x2000,
			pamt + 0x400000, 0x400000, 0, GB(1),
		};

		table_write64(ARRAY_PA + 8 * i, INFO_PA(i));
		env_write_phys(INFO_PA(i), info, sizeof(info));
	}
	assert_int_equal(table_simple(m, 0, TDH_SYS_CONFIG, ARRAY_PA, 64,
				      GLOBAL_KEYID), 0);
	model_get_stats(m, &s);
	assert_int_equal(s.tdmrs, 64);
	model_destroy(m);
}

static void test_key_rows(void **state)
{
	table_run("SYS.KEY.CONFIG", key_rows, ARRAY_LEN(key_rows));
}

static void test_tdmr_rows(void **state)
{
	table_run("SYS.TDMR.INIT", tdmr_rows, ARRAY_LEN(tdmr_rows));
}

static void test_shutdown_rows(void **state)
{
	table_run("SYS", shutdown_rows, ARRAY_LEN(shutdown_rows));
}

const struct CMUnitTest config_tests[] = {
	cmocka_unit_test(test_config_rows),
	cmocka_unit_test(test_config_64),
	cmocka_unit_test(test_key_rows),
	cmocka_unit_test(test_tdmr_rows),
	cmocka_unit_test(test_shutdown_rows),
};
const size_t nr_config_tests = ARRAY_LEN(config_tests);
