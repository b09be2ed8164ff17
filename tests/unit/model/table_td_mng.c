// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDs and physical pages, check by check.  Row names: leaf and the place of
 * the check in its order (TDX Module ABI 1.5, TDH.MNG.*, TDH.PHYMEM.*,
 * TDH.MR.FINALIZE).
 */
#include "td.h"

#define TD0_TEXT	"0x181000000"
#define FREE_PAGE	SPARE(TD0, 0)
#define OUTSIDE		GB(20)
#define NOT_YET		(TDMR1 + GB(1))	/* GiB not initialised */
#define INCORRECT(op) \
	((u64)TDX_ST_PAGE_METADATA_INCORRECT | TDX_OPERAND_##op)
#define ALL_MD		(O_RCX | O_RDX | O_R8 | O_R9 | O_R10 | O_R11)

#define CREATE(name, rcx_, rdx_, status_, ...) \
	{ .number = name, .td = TD_USABLE_MEMORY, .leaf = TDH_MNG_CREATE, \
	  .in = { .rcx = rcx_, .rdx = rdx_ }, .status = status_, __VA_ARGS__ }
#define FAULTS(...)	.faults = { __VA_ARGS__ }

static const struct row create_rows[] = {
	CREATE("reserved", FREE_PAGE, 1ULL << 16 | KEYID0, INVALID(RDX)),
	CREATE("shared KeyID", FREE_PAGE, 31, INVALID(RDX)),
	CREATE("no such KeyID", FREE_PAGE, 64, INVALID(RDX)),
	CREATE("KeyID before page", 0x123, 64, INVALID(RDX)),
	CREATE("alignment", FREE_PAGE + 0x800, KEYID0, INVALID(RCX)),
	CREATE("KeyID in the address", FREE_PAGE | 1ULL << 46, KEYID0,
	       INVALID(RCX)),
	CREATE("bit 52", FREE_PAGE | 1ULL << 52, KEYID0, INVALID(RCX)),
	CREATE("no TDMR", OUTSIDE, KEYID0, RANGE(RCX)),
	CREATE("not initialised", NOT_YET, KEYID0, RANGE(RCX)),
	CREATE("page held", TD0, KEYID0, BUSY(RCX),
	       FAULTS(HOLD("pamt:" TD0_TEXT, 1))),
	CREATE("page held shared", TD0, KEYID0, BUSY(RCX),
	       FAULTS(HOLD("pamt-shared:" TD0_TEXT, 1))),
	CREATE("page in use", TD0, KEYID1, INCORRECT(RCX),
	       FAULTS(CALL(0, TDH_MNG_CREATE, TD0, KEYID0))),
	CREATE("KOT held", FREE_PAGE, KEYID0, BUSY(KOT), FAULTS(HOLD("kot", 1))),
	CREATE("KeyID taken", FREE_PAGE, KEYID0, TDX_ST_HKID_NOT_FREE,
	       FAULTS(CALL(0, TDH_MNG_CREATE, TD0, KEYID0))),
	CREATE("global KeyID", FREE_PAGE, GLOBAL_KEYID, TDX_ST_HKID_NOT_FREE),
	CREATE("entropy", FREE_PAGE, KEYID0, TDX_ST_RND_NO_ENTROPY,
	       FAULTS(DRY(0, MODEL_RDSEED, 1))),
	CREATE("success", FREE_PAGE, KEYID0, 0),
};

#define KEY(name, stage, status_, ...) \
	{ .number = name, .td = stage, .leaf = TDH_MNG_KEY_CONFIG, \
	  .in = { .rcx = TD0 }, .status = status_, __VA_ARGS__ }

static const struct row key_rows[] = {
	KEY("no TDR", TD_USABLE_MEMORY, INCORRECT(RCX)),
	KEY("TDR held shared", TD_CREATED, BUSY(RCX),
	    FAULTS(HOLD("pamt-shared:" TD0_TEXT, 1))),
	KEY("life cycle", TD_KEYED, TDX_ST_LIFECYCLE_STATE_INCORRECT),
	KEY("done here", TD_CREATED, TDX_ST_KEY_CONFIGURED,
	    FAULTS(CALL(1, TDH_MNG_KEY_CONFIG, TD0, 0))),
	KEY("key engine busy", TD_CREATED, BUSY(KET), FAULTS(HOLD("ket:0", 1))),
	KEY("entropy", TD_CREATED, TDX_ST_KEY_GENERATION_FAILED,
	    FAULTS(DRY(0, MODEL_PCONFIG, 1))),
	KEY("success", TD_CREATED, 0),
};

#define ADDCX(name, stage, rcx_, status_, ...) \
	{ .number = name, .td = stage, .leaf = TDH_MNG_ADDCX, \
	  .in = { .rcx = rcx_, .rdx = TD0 }, .status = status_, __VA_ARGS__ }

static const struct row addcx_rows[] = {
	ADDCX("no TDR", TD_USABLE_MEMORY, FREE_PAGE, INCORRECT(RDX)),
	ADDCX("TDR held shared", TD_KEYED, FREE_PAGE, BUSY(RDX),
	      FAULTS(HOLD("pamt-shared:" TD0_TEXT, 1))),
	ADDCX("keys", TD_CREATED, FREE_PAGE, TDX_ST_TD_KEYS_NOT_CONFIGURED),
	ADDCX("ten pages", TD_BUILT, FREE_PAGE, TDX_ST_TDCX_NUM_INCORRECT,
	      FAULTS(CALL(0, TDH_MNG_ADDCX, TDCX(TD0, 6), TD0),
		     CALL(0, TDH_MNG_ADDCX, TDCX(TD0, 7), TD0),
		     CALL(0, TDH_MNG_ADDCX, TDCX(TD0, 8), TD0))),
	ADDCX("page in use", TD_KEYED, TD0 + 0x1000, INCORRECT(RCX),
	      FAULTS(CALL(0, TDH_MNG_ADDCX, TD0 + 0x1000, TD0))),
	ADDCX("entropy is for the sixth", TD_KEYED, FREE_PAGE, 0,
	      FAULTS(DRY(0, MODEL_RDSEED, 1))),
	ADDCX("sixth: entropy", TD_KEYED, FREE_PAGE, TDX_ST_RND_NO_ENTROPY,
	      FAULTS(CALL(0, TDH_MNG_ADDCX, TDCX(TD0, 0), TD0),
		     CALL(0, TDH_MNG_ADDCX, TDCX(TD0, 1), TD0),
		     CALL(0, TDH_MNG_ADDCX, TDCX(TD0, 2), TD0),
		     CALL(0, TDH_MNG_ADDCX, TDCX(TD0, 3), TD0),
		     CALL(0, TDH_MNG_ADDCX, TDCX(TD0, 4), TD0),
		     DRY(0, MODEL_RDSEED, 1))),
	ADDCX("seventh after INIT", TD_INITED, FREE_PAGE,
	      TDX_ST_OP_STATE_INCORRECT),
	ADDCX("seventh before INIT", TD_BUILT, FREE_PAGE, 0),
};

/* TD_PARAMS is sound but for the words that FAULTS() changes. */
#define INIT_AT(name, stage, rdx_, status_, ...) \
	{ .number = name, .td = stage, .leaf = TDH_MNG_INIT, \
	  .in = { .rcx = TD0, .rdx = rdx_ }, .status = status_, \
	  .outputs = O_RCX, __VA_ARGS__ }
#define INIT(name, stage, ...)	INIT_AT(name, stage, PARAMS, __VA_ARGS__)
#define P(at, value)	POKE(PARAMS + (at), value)
#define ARG(op)		INVALID(op)
/* MAX_VCPUS, NUM_L2_VMS, MSR_CONFIG_CTLS, reserved. */
#define P16(vcpus, l2, msr, rsvd) \
	P(16, (u64)(vcpus) | (u64)(l2) << 16 | (u64)(msr) << 24 | \
	      (u64)(rsvd) << 32)
#define MIGRATABLE	(1ULL << 29)
#define PERFMON		(1ULL << 63)

static const struct row init_td_rows[] = {
	INIT("CPUID limit", TD_BUILT, TDX_ST_LIMIT_CPUID_MAXVAL_SET,
	     FAULTS(MSR(0, 0x1a0, 1U << 22))),
	INIT("TDR held shared", TD_BUILT, BUSY(RCX),
	     FAULTS(HOLD("pamt-shared:" TD0_TEXT, 1))),
	INIT("keys", TD_CREATED, TDX_ST_TD_KEYS_NOT_CONFIGURED),
	INIT("TDCS", TD_KEYED, TDX_ST_TDCS_NOT_ALLOCATED),
	INIT("OP_STATE", TD_INITED, TDX_ST_OP_STATE_INCORRECT),
	INIT_AT("params alignment", TD_BUILT, PARAMS + 512, ARG(RDX)),
	INIT_AT("params KeyID", TD_BUILT, PARAMS | MKTME_KEYID(32), ARG(RDX)),
	INIT("attributes", TD_BUILT, ARG(ATTRIBUTES), FAULTS(P(0, 2))),
	INIT("migratable debug", TD_BUILT, ARG(ATTRIBUTES),
	     FAULTS(P(0, MIGRATABLE | DEBUG_TD))),
	INIT("migratable perfmon", TD_BUILT, ARG(ATTRIBUTES),
	     FAULTS(P(0, MIGRATABLE | PERFMON))),
	INIT("attributes first", TD_BUILT, ARG(ATTRIBUTES),
	     FAULTS(P(0, 2), P(8, 0))),
	INIT("XFAM fixed 1", TD_BUILT, ARG(XFAM), FAULTS(P(8, 1))),
	INIT("XFAM fixed 0", TD_BUILT, ARG(XFAM), FAULTS(P(8, 0x10003))),
	INIT("AVX-512 alone", TD_BUILT, ARG(XFAM), FAULTS(P(8, 0xe3))),
	INIT("AVX-512 in part", TD_BUILT, ARG(XFAM), FAULTS(P(8, 0x67))),
	INIT("CET in part", TD_BUILT, ARG(XFAM), FAULTS(P(8, 0x803))),
	INIT("AMX in part", TD_BUILT, ARG(XFAM), FAULTS(P(8, 0x20003))),
	INIT("no VCPUs", TD_BUILT, ARG(MAX_VCPUS), FAULTS(P16(0, 0, 0, 0))),
	INIT("four L2 VMs", TD_BUILT, ARG(NUM_L2_VMS),
	     FAULTS(P16(4, 4, 0, 0))),
	INIT("pages for L2", TD_BUILT, TDX_ST_TDCS_NOT_ALLOCATED,
	     FAULTS(P16(4, 1, 0, 0))),
	INIT("reserved at 20", TD_BUILT, ARG(RDX), FAULTS(P16(4, 0, 0, 1))),
	INIT("flags", TD_BUILT, ARG(CONFIG_FLAGS), FAULTS(P(32, 8))),
	INIT("memory type", TD_BUILT, ARG(EPTP_CONTROLS), FAULTS(P(24, 0x18))),
	INIT("three levels", TD_BUILT, ARG(EPTP_CONTROLS), FAULTS(P(24, 0x16))),
	INIT("EPTP reserved", TD_BUILT, ARG(EPTP_CONTROLS),
	     FAULTS(P(24, 0x5e))),
	INIT("GPAW needs five", TD_BUILT, ARG(EPTP_CONTROLS), FAULTS(P(32, 1))),
	INIT("flags before EPTP", TD_BUILT, ARG(CONFIG_FLAGS),
	     FAULTS(P(32, 8), P(24, 0))),
	INIT("TSC slow", TD_BUILT, ARG(TSC_FREQUENCY), FAULTS(P(40, 3))),
	INIT("TSC fast", TD_BUILT, ARG(TSC_FREQUENCY), FAULTS(P(40, 401))),
	INIT("TSC_ADJUST", TD_BUILT, (u64)TDX_ST_INCONSISTENT_MSR | 0x3b,
	     FAULTS(MSR(0, 0x3b, 5))),
	INIT("reserved at 42", TD_BUILT, ARG(RDX),
	     FAULTS(P(40, 100 | 1 << 16))),
	INIT("reserved at 79", TD_BUILT, ARG(RDX), FAULTS(P(72, 1ULL << 56))),
	INIT("MSR_CONFIG_CTLS", TD_BUILT, ARG(RDX), FAULTS(P16(4, 0, 2, 0))),
	INIT("reserved at 232", TD_BUILT, ARG(RDX), FAULTS(P(232, 1))),
	INIT("CPUID 1", TD_BUILT, ARG(CPUID_CONFIG),
	     FAULTS(P(256, 0xf0000000)),
	     .out = { .rcx = 0xffffffff00000001ULL }),
	INIT("CPUID 4.1", TD_BUILT, ARG(CPUID_CONFIG),
	     FAULTS(P(256 + 32, 0x1000)), .out = { .rcx = 0x100000004ULL }),
	INIT("CPUID 23.0", TD_BUILT, ARG(CPUID_CONFIG),
	     FAULTS(P(256 + 176 + 8, 1)), .out = { .rcx = 0x23 }),
	INIT("tail", TD_BUILT, ARG(RDX), FAULTS(P(448, 1))),
	INIT("tail's end", TD_BUILT, ARG(RDX), FAULTS(P(1016, 1ULL << 63))),
	INIT("ARCH_CAPABILITIES", TD_BUILT,
	     ARG(IA32_ARCH_CAPABILITIES_CONFIG),
	     FAULTS(P16(4, 0, 1, 0), P(224, 1))),
	INIT("migratable with L2", TD_BUILT, ARG(RDX),
	     FAULTS(CALL(0, TDH_MNG_ADDCX, TDCX(TD0, 6), TD0),
		    P(0, MIGRATABLE), P16(4, 1, 0, 0))),
	INIT("five levels", TD_BUILT, 0, FAULTS(P(24, 0x26), P(32, 1))),
	INIT("success", TD_BUILT, 0),
	INIT("again after a failure", TD_BUILT, 0,
	     FAULTS(P(40, 0), CALL4(0, TDH_MNG_INIT, TD0, PARAMS, 0, 0),
		    P(40, 100))),
};

#define TEAR_AT(name, leaf_, stage, rcx_, status_, ...) \
	{ .number = name, .td = stage, .leaf = leaf_, .in = { .rcx = rcx_ }, \
	  .zero = O_RCX, .status = status_, __VA_ARGS__ }
#define TEAR(name, leaf, stage, ...) \
	TEAR_AT(name, leaf, stage, TD0, __VA_ARGS__)
#define WB(name, stage, ...) \
	TEAR_AT("CACHE.WB " name, TDH_PHYMEM_CACHE_WB, stage, __VA_ARGS__)

static const struct row teardown_rows[] = {
	TEAR("VPFLUSHDONE TDR held", TDH_MNG_VPFLUSHDONE, TD_RUNNABLE,
	     BUSY(RCX), FAULTS(HOLD("pamt-shared:" TD0_TEXT, 1))),
	TEAR("VPFLUSHDONE KOT", TDH_MNG_VPFLUSHDONE, TD_RUNNABLE, BUSY(KOT),
	     FAULTS(HOLD("kot", 1))),
	TEAR("VPFLUSHDONE twice", TDH_MNG_VPFLUSHDONE, TD_FLUSHED,
	     TDX_ST_LIFECYCLE_STATE_INCORRECT),
	TEAR("VPFLUSHDONE VCPU left", TDH_MNG_VPFLUSHDONE, TD_RUNNABLE,
	     TDX_ST_FLUSHVP_NOT_DONE),
	TEAR("VPFLUSHDONE before keys", TDH_MNG_VPFLUSHDONE, TD_CREATED, 0),
	TEAR("FREEID early", TDH_MNG_KEY_FREEID, TD_RUNNABLE,
	     TDX_ST_LIFECYCLE_STATE_INCORRECT),
	TEAR("FREEID KOT", TDH_MNG_KEY_FREEID, TD_FLUSHED, BUSY(KOT),
	     FAULTS(HOLD("kot", 1))),
	TEAR("FREEID state before KOT", TDH_MNG_KEY_FREEID, TD_RUNNABLE,
	     TDX_ST_LIFECYCLE_STATE_INCORRECT, FAULTS(HOLD("kot", 1))),
	TEAR("FREEID one package", TDH_MNG_KEY_FREEID, TD_FLUSHED,
	     TDX_ST_WBCACHE_NOT_COMPLETE,
	     FAULTS(CALL(0, TDH_PHYMEM_CACHE_WB, 0, 0))),
	TEAR("FREEID twice", TDH_MNG_KEY_FREEID, TD_TEARDOWN,
	     TDX_ST_LIFECYCLE_STATE_INCORRECT),
	TEAR("RECLAIMID", TDH_MNG_KEY_RECLAIMID, TD_INITED, 0),
	WB("bits", TD_FLUSHED, 2, INVALID(RCX)),
	WB("busy", TD_FLUSHED, 1, BUSY(WBCACHE), FAULTS(HOLD("wbcache:0", 1))),
	WB("KOT", TD_FLUSHED, 1, BUSY(KOT), FAULTS(HOLD("kot", 1))),
	WB("resume", TD_FLUSHED, 1, TDX_ST_WBCACHE_RESUME_ERROR),
	WB("nothing", TD_RUNNABLE, 0, TDX_ST_NO_HKID_READY_TO_WBCACHE),
	WB("interrupted", TD_FLUSHED, 0, TDX_ST_INTERRUPTED_RESUMABLE,
	   FAULTS(DRY(0, MODEL_INTERRUPT, 1))),
	TEAR("FINALIZE no VCPU", TDH_MR_FINALIZE, TD_VCPU_BUILT,
	     TDX_ST_NO_VCPUS),
	TEAR("FINALIZE twice", TDH_MR_FINALIZE, TD_RUNNABLE,
	     TDX_ST_OP_STATE_INCORRECT),
};

#define PAGE_ROW(name, leaf_, stage, rcx_, status_, type, owner, size, ...) \
	{ .number = name, .td = stage, .leaf = leaf_, .in = { .rcx = rcx_ }, \
	  .status = status_, .outputs = ALL_MD, \
	  .out = { .rcx = type, .rdx = owner, .r8 = size }, __VA_ARGS__ }
#define RDMD(name, rcx, type, owner) \
	PAGE_ROW("RDMD " name, TDH_PHYMEM_PAGE_RDMD, TD_RUNNABLE, rcx, 0, \
		 type, owner, 0)
#define RECLAIM(name, stage, rcx, status, type, owner, ...) \
	PAGE_ROW("RECLAIM " name, TDH_PHYMEM_PAGE_RECLAIM, stage, rcx, status, \
		 type, owner, 0, __VA_ARGS__)

static const struct row page_rows[] = {
	RDMD("TDR", TD0, 4, 0),
	RDMD("TDCX", TDCX(TD0, 0), 5, TD0),
	RDMD("TDVPR", TDVPR(TD0, 0), 6, TD0),
	RDMD("SEPT", SEPT(TD0), 8, TD0),
	RDMD("REG", PAGE(TD0, 0), 3, TD0),
	RDMD("free", FREE_PAGE, 0, 0),
	PAGE_ROW("RDMD alignment", TDH_PHYMEM_PAGE_RDMD, TD_USABLE_MEMORY,
		 TD0 + 1, INVALID(RCX), 0, 0, 0),
	PAGE_ROW("RDMD no TDMR", TDH_PHYMEM_PAGE_RDMD, TD_USABLE_MEMORY,
		 PAMT_AREA, RANGE(RCX), 0, 0, 0),
	PAGE_ROW("RDMD held", TDH_PHYMEM_PAGE_RDMD, TD_CREATED, TD0, BUSY(RCX),
		 0, 0, 0, FAULTS(HOLD("pamt:" TD0_TEXT, 1))),
	RECLAIM("free", TD_TEARDOWN, FREE_PAGE, INCORRECT(RCX), 0, 0),
	RECLAIM("held", TD_TEARDOWN, TD0, BUSY(RCX), 0, 0,
		FAULTS(HOLD("pamt-shared:" TD0_TEXT, 1))),
	RECLAIM("page of a live TD", TD_RUNNABLE, PAGE(TD0, 0),
		TDX_ST_LIFECYCLE_STATE_INCORRECT, 3, TD0),
	RECLAIM("live TDR", TD_RUNNABLE, TD0,
		TDX_ST_LIFECYCLE_STATE_INCORRECT, 4, 0),
	RECLAIM("TDR before its pages", TD_TEARDOWN, TD0,
		TDX_ST_TD_ASSOCIATED_PAGES_EXIST, 4, 0),
	RECLAIM("owner held", TD_TEARDOWN, PAGE(TD0, 0), BUSY(TDR), 3, TD0,
		FAULTS(HOLD("pamt:" TD0_TEXT, 1))),
	RECLAIM("page", TD_TEARDOWN, PAGE(TD0, 0), 0, 3, TD0),
	RECLAIM("table", TD_TEARDOWN, SEPT(TD0), 0, 8, TD0),
	{ .number = "WBINVD in use", .td = TD_RUNNABLE,
	  .leaf = TDH_PHYMEM_PAGE_WBINVD, .in = { .rcx = TD0 },
	  .status = INCORRECT(RCX) },
	{ .number = "WBINVD any KeyID", .td = TD_RUNNABLE,
	  .leaf = TDH_PHYMEM_PAGE_WBINVD,
	  .in = { .rcx = FREE_PAGE | 63ULL << 46 }, .status = 0 },
};

#define RUN(rows)	table_run(#rows, rows, ARRAY_LEN(rows))

static void test_create(void **state)
{
	RUN(create_rows);
}

static void test_keys(void **state)
{
	RUN(key_rows);
	RUN(addcx_rows);
}

static void test_init(void **state)
{
	RUN(init_td_rows);
}

static void test_teardown(void **state)
{
	RUN(teardown_rows);
}

static void test_pages(void **state)
{
	RUN(page_rows);
}

const struct CMUnitTest td_mng_tests[] = {
	cmocka_unit_test(test_create),
	cmocka_unit_test(test_keys),
	cmocka_unit_test(test_init),
	cmocka_unit_test(test_teardown),
	cmocka_unit_test(test_pages),
};
const size_t nr_td_mng_tests = ARRAY_LEN(td_mng_tests);
