// SPDX-License-Identifier: GPL-2.0-only
/*
 * VCPUs and metadata, check by check.  Row names: leaf and the place of the
 * check in its order (TDX Module ABI 1.5, TDH.VP.*, TDH.MNG.RD, WR).
 */
#include "td.h"

#define TD0_TEXT	"0x181000000"
#define VP0_TEXT	"0x181010000"
#define VP0		TDVPR(TD0, 0)
#define FREE_PAGE	SPARE(TD0, 0)
#define INCORRECT(op) \
	((u64)TDX_ST_PAGE_METADATA_INCORRECT | TDX_OPERAND_##op)
#define FAULTS(...)	.faults = { __VA_ARGS__ }
#define V1		(1ULL << 16)
#define V2		(2ULL << 16)

#define VP(name, leaf_, stage, rcx_, rdx_, status_, ...) \
	{ .number = name, .td = stage, .leaf = leaf_, \
	  .in = { .rcx = rcx_, .rdx = rdx_ }, .status = status_, __VA_ARGS__ }
#define ADD(name, stage, status, ...) \
	VP("ADDCX " name, TDH_VP_ADDCX, stage, FREE_PAGE, VP0, status, \
	   __VA_ARGS__)
#define INIT(name, stage, status, ...) \
	VP("INIT " name, TDH_VP_INIT, stage, VP0, 0x55, status, __VA_ARGS__)
#define FLUSH(name, stage, status, ...) \
	VP("FLUSH " name, TDH_VP_FLUSH, stage, VP0, 0, status, __VA_ARGS__)

static const struct row vp_rows[] = {
	VP("CREATE no TDR", TDH_VP_CREATE, TD_USABLE_MEMORY, FREE_PAGE, TD0,
	   INCORRECT(RDX)),
	VP("CREATE TDR held", TDH_VP_CREATE, TD_INITED, FREE_PAGE, TD0,
	   BUSY(RDX), FAULTS(HOLD("pamt:" TD0_TEXT, 1))),
	VP("CREATE OP_STATE held", TDH_VP_CREATE, TD_INITED, FREE_PAGE, TD0,
	   BUSY(OP_STATE), FAULTS(HOLD("op_state:" TD0_TEXT, 1))),
	VP("CREATE OP_STATE early", TDH_VP_CREATE, TD_BUILT, FREE_PAGE, TD0,
	   TDX_ST_OP_STATE_INCORRECT),
	VP("CREATE OP_STATE late", TDH_VP_CREATE, TD_RUNNABLE, FREE_PAGE, TD0,
	   TDX_ST_OP_STATE_INCORRECT),
	VP("CREATE page", TDH_VP_CREATE, TD_INITED, TD0, TD0, BUSY(RCX)),
	VP("CREATE page in use", TDH_VP_CREATE, TD_INITED, TDCX(TD0, 0), TD0,
	   INCORRECT(RCX)),
	VP("CREATE", TDH_VP_CREATE, TD_INITED, FREE_PAGE, TD0, 0),
	ADD("no TDVPR", TD_INITED, INCORRECT(RDX)),
	ADD("TDVPR held", TD_VCPU_BUILT, BUSY(RDX),
	    FAULTS(HOLD("pamt-shared:" VP0_TEXT, 1))),
	ADD("TDR held", TD_VCPU_BUILT, BUSY(TDR),
	    FAULTS(HOLD("pamt:" TD0_TEXT, 1))),
	ADD("OP_STATE", TD_RUNNABLE, TDX_ST_OP_STATE_INCORRECT),
	ADD("initialised", TD_VCPU_READY, TDX_ST_VCPU_STATE_INCORRECT),
	ADD("ninth page", TD_VCPU_BUILT, 0),
	INIT("TDVPR held", TD_VCPU_BUILT, BUSY(RCX),
	     FAULTS(HOLD("pamt-shared:" VP0_TEXT, 1))),
	INIT("OP_STATE", TD_RUNNABLE, TDX_ST_OP_STATE_INCORRECT),
	INIT("pages", TD_INITED, TDX_ST_TDCX_NUM_INCORRECT,
	     FAULTS(CALL(0, TDH_VP_CREATE, VP0, TD0))),
	INIT("twice", TD_VCPU_READY, TDX_ST_VCPU_STATE_INCORRECT),
	INIT("TSC_ADJUST", TD_VCPU_BUILT, (u64)TDX_ST_INCONSISTENT_MSR | 0x3b,
	     FAULTS(MSR(0, 0x3b, 5))),
	INIT("success", TD_VCPU_BUILT, 0),
	VP("INIT version 1 on 1.5", TDH_VP_INIT | V1, TD_VCPU_BUILT, VP0, 0x55,
	   INVALID(RAX)),
	VP("INIT version 1 later", TDH_VP_INIT | V1, TD_VCPU_BUILT, VP0, 0x55,
	   0, .version = VERSION(MODEL_V2_0)),
	FLUSH("TDVPR held", TD_VCPU_READY, BUSY(RCX),
	      FAULTS(HOLD("pamt-shared:" VP0_TEXT, 1))),
	FLUSH("keys", TD_TEARDOWN, TDX_ST_TD_KEYS_NOT_CONFIGURED),
	FLUSH("pages", TD_INITED, TDX_ST_TDCX_NUM_INCORRECT,
	      FAULTS(CALL(0, TDH_VP_CREATE, VP0, TD0))),
	FLUSH("never associated", TD_VCPU_BUILT, TDX_ST_VCPU_NOT_ASSOCIATED),
	FLUSH("elsewhere", TD_VCPU_READY, TDX_ST_VCPU_NOT_ASSOCIATED,
	      .lp = 1),
	FLUSH("here", TD_VCPU_READY, 0),
};

#define ENTER(name, stage, rcx, status, ...) \
	VP("ENTER " name, TDH_VP_ENTER, stage, rcx, 0, status, __VA_ARGS__)

static const struct row enter_rows[] = {
	ENTER("CPUID limit", TD_RUNNABLE, VP0, TDX_ST_LIMIT_CPUID_MAXVAL_SET,
	      FAULTS(MSR(0, 0x1a0, 1U << 22))),
	ENTER("reserved low", TD_RUNNABLE, VP0 | 1, INVALID(RCX)),
	ENTER("reserved high", TD_RUNNABLE, VP0 | 1ULL << 54, INVALID(RCX)),
	ENTER("no TDVPR", TD_RUNNABLE, TD0, INCORRECT(RCX)),
	ENTER("TDVPR held", TD_RUNNABLE, VP0, BUSY(RCX),
	      FAULTS(HOLD("pamt:" VP0_TEXT, 1))),
	ENTER("TDR held", TD_RUNNABLE, VP0, BUSY(TDR),
	      FAULTS(HOLD("pamt:" TD0_TEXT, 1))),
	ENTER("OP_STATE held", TD_RUNNABLE, VP0, BUSY(OP_STATE),
	      FAULTS(HOLD("op_state:" TD0_TEXT, 1))),
	ENTER("not final", TD_MAPPED, VP0, TDX_ST_OP_STATE_INCORRECT),
	ENTER("associated elsewhere", TD_RUNNABLE, VP0,
	      TDX_ST_VCPU_ASSOCIATED, .lp = 1),
	ENTER("hint", TD_RUNNABLE, VP0 | 1ULL << 52, INVALID(RCX)),
	ENTER("RESUME_L1", TD_RUNNABLE, VP0 | 1ULL << 53, INVALID(RCX)),
	ENTER("TSC_ADJUST", TD_RUNNABLE, VP0,
	      (u64)TDX_ST_INCONSISTENT_MSR | 0x3b, FAULTS(MSR(0, 0x3b, 5))),
	ENTER("epoch held", TD_RUNNABLE, VP0, BUSY(TD_EPOCH),
	      FAULTS(HOLD("epoch:" TD0_TEXT, 1))),
};

#define F_NULL		(~0ULL)
#define F_ATTRIBUTES	0x1110000300000000ULL
#define F_FATAL		0x8010000000000001ULL
#define F_MULTIPLIER	0x111000030000000bULL
#define F_TIMEOUT	0x9110000300000011ULL
#define F_NOTIFY	0x9110000300000010ULL
#define F_VM_CTLS	0x9110000300000012ULL
#define F_LAST		0x9a100003000001ffULL	/* last of MIGSC_LINKS */
#define F_VCPU_INDEX	0xa020000200000002ULL
#define F_PEND_NMI	0x202000000000000bULL
#define F_RBX		0x1020000300000003ULL
#define F_VECTOR	0x0024000100000002ULL

/* Leaf, stage, TD's attributes, field, status, value, next id. */
#define RD(name, leaf, stage, attr, id, status, value, next, ...) \
	VP("RD " name, leaf, stage, TD0, id, status, .attributes = attr, \
	   .outputs = O_R8 | ((leaf) >> 16 ? O_RDX : 0), \
	   .out = { .r8 = value, .rdx = next }, __VA_ARGS__)

static const struct row rd_rows[] = {
	RD("version", TDH_MNG_RD | V2, TD_INITED, 0, F_ATTRIBUTES,
	   INVALID(RAX), 0, NULL_ID),
	RD("TDR held", TDH_MNG_RD, TD_INITED, 0, F_ATTRIBUTES, BUSY(RCX), 0, 0,
	   FAULTS(HOLD("pamt:" TD0_TEXT, 1))),
	RD("OP_STATE", TDH_MNG_RD, TD_BUILT, 0, F_ATTRIBUTES,
	   TDX_ST_OP_STATE_INCORRECT, 0, 0),
	RD("first", TDH_MNG_RD | V1, TD_INITED, 0, F_NULL,
	   TDX_ST_METADATA_FIRST_FIELD_ID_IN_CONTEXT, 0, F_FATAL),
	RD("null id, version 0", TDH_MNG_RD, TD_INITED, 0, F_NULL,
	   TDX_ST_METADATA_FIELD_ID_INCORRECT, 0, 0),
	RD("reserved bits", TDH_MNG_RD, TD_INITED, 0, F_ATTRIBUTES | 1U << 24,
	   TDX_ST_METADATA_FIELD_ID_INCORRECT, 0, 0),
	RD("unknown", TDH_MNG_RD | V1, TD_INITED, 0, 0x1110000300000030ULL,
	   TDX_ST_METADATA_FIELD_ID_INCORRECT, 0, NULL_ID),
	RD("not for the host", TDH_MNG_RD, TD_INITED, 0, F_NOTIFY,
	   TDX_ST_METADATA_FIELD_NOT_READABLE, 0, 0),
	RD("but of a debug TD", TDH_MNG_RD, TD_INITED, DEBUG_TD, F_NOTIFY, 0,
	   0, 0),
	RD("value and next", TDH_MNG_RD | V1, TD_INITED, VE_DISABLE,
	   F_ATTRIBUTES, 0, VE_DISABLE, F_ATTRIBUTES + 1),
	RD("size bits ignored", TDH_MNG_RD, TD_INITED, VE_DISABLE,
	   0x9100000000000000ULL, 0, VE_DISABLE, 0),
	/* 2.5 GHz, on a CPU of 2.1 GHz. */
	RD("TSC_MULTIPLIER", TDH_MNG_RD, TD_INITED, 0, F_MULTIPLIER, 0,
	   0x130c30c30c30cULL, 0),
	RD("last", TDH_MNG_RD | V1, TD_INITED, 0, F_LAST, 0, 0, NULL_ID),
};

#define WR(name, leaf_, stage, rcx_, id, value, mask, status_, old, ...) \
	{ .number = "WR " name, .td = stage, .leaf = leaf_, \
	  .in = { .rcx = rcx_, .rdx = id, .r8 = value, .r9 = mask }, \
	  .status = status_, .outputs = O_R8, .out = { .r8 = old }, \
	  __VA_ARGS__ }
#define MNG(name, id, value, mask, status, old, ...) \
	WR(name, TDH_MNG_WR, TD_INITED, TD0, id, value, mask, status, old, \
	   __VA_ARGS__)
#define VPW(name, stage, id, value, status, old, ...) \
	WR("VP " name, TDH_VP_WR, stage, VP0, id, value, ~0ULL, status, old, \
	   __VA_ARGS__)

static const struct row wr_rows[] = {
	MNG("TDR held", F_TIMEOUT, 20000, ~0ULL, BUSY(RCX), 0,
	    FAULTS(HOLD("pamt:" TD0_TEXT, 1))),
	MNG("id", F_NULL, 1, ~0ULL, TDX_ST_METADATA_FIELD_ID_INCORRECT, 0),
	MNG("read-only", F_ATTRIBUTES, 1, ~0ULL,
	    TDX_ST_METADATA_FIELD_NOT_WRITABLE, 0),
	MNG("too short", F_TIMEOUT, 9999, ~0ULL,
	    TDX_ST_METADATA_FIELD_VALUE_NOT_VALID, 0),
	MNG("too long", F_TIMEOUT, 100000001, ~0ULL,
	    TDX_ST_METADATA_FIELD_VALUE_NOT_VALID, 0),
	MNG("timeout", F_TIMEOUT, 10000, ~0ULL, 0, 1000000),
	MNG("other bits of VM_CTLS", F_VM_CTLS, 2, 2,
	    TDX_ST_METADATA_FIELD_NOT_WRITABLE, 0),
	MNG("VM_CTLS", F_VM_CTLS, 1, 1, 0, 0),
	VPW("TDVPR held", TD_VCPU_READY, F_PEND_NMI, 1, BUSY(RCX), 0,
	    FAULTS(HOLD("pamt:" VP0_TEXT, 1))),
	VPW("not initialised", TD_VCPU_BUILT, F_PEND_NMI, 1,
	    TDX_ST_VCPU_STATE_INCORRECT, 0),
	VPW("elsewhere", TD_VCPU_READY, F_PEND_NMI, 1, TDX_ST_VCPU_ASSOCIATED,
	    0, .lp = 2),
	VPW("read-only", TD_VCPU_READY, F_VCPU_INDEX, 1,
	    TDX_ST_METADATA_FIELD_NOT_WRITABLE, 0),
	VPW("value", TD_VCPU_READY, F_PEND_NMI, 2,
	    TDX_ST_METADATA_FIELD_VALUE_NOT_VALID, 0),
	VPW("PEND_NMI", TD_VCPU_READY, F_PEND_NMI, 1, 0, 0),
	VPW("VMCS", TD_VCPU_READY, F_VECTOR, 0xf2, 0, 0),
	VPW("register", TD_VCPU_READY, F_RBX, 1,
	    TDX_ST_METADATA_FIELD_NOT_WRITABLE, 0),
	VPW("register of a debug TD", TD_VCPU_READY, F_RBX, 1, 0, 48,
	    .attributes = DEBUG_TD),
};

#define RUN(rows)	table_run(#rows, rows, ARRAY_LEN(rows))

static void test_vp(void **state)
{
	RUN(vp_rows);
}

static void test_enter(void **state)
{
	RUN(enter_rows);
}

static void test_metadata(void **state)
{
	RUN(rd_rows);
	RUN(wr_rows);
}

/* MAX_VCPUS is 4; a VCPU that cannot be had does not count. */
static void test_max_vcpus(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	unsigned int i;

	td_create(m, TD0, KEYID0);
	td_init(m, TD0, 0);
	for (i = 0; i < 4; i++)
		td_vcpu(m, i, TD0, i);
	assert_int_equal(td_call(m, TDH_VP_CREATE, TDVPR(TD0, 4), TD0, 0), 0);
	for (i = 1; i < TDVPX_PAGES; i++)
		assert_int_equal(td_call(m, TDH_VP_ADDCX, TDVPX(TD0, 4, i),
					 TDVPR(TD0, 4), 0), 0);
	assert_int_equal(td_call(m, TDH_VP_INIT, TDVPR(TD0, 4), 0, 0),
			 TDX_ST_MAX_VCPUS_EXCEEDED);
	/* Each sits on its own LP; reading one elsewhere would move it. */
	assert_int_equal(td_call(m, TDH_VP_RD, TDVPR(TD0, 3), F_VCPU_INDEX, 0),
			 TDX_ST_VCPU_ASSOCIATED);
	assert_int_equal(table_simple(m, 3, TDH_VP_FLUSH, TDVPR(TD0, 3), 0, 0),
			 0);
	assert_int_equal(td_call(m, TDH_VP_RD, TDVPR(TD0, 3), F_VCPU_INDEX, 0),
			 0);
	assert_int_equal(table_simple(m, 3, TDH_VP_FLUSH, TDVPR(TD0, 3), 0, 0),
			 TDX_ST_VCPU_NOT_ASSOCIATED);
	model_destroy(m);
}

/* "Next" visits every readable element, up to all ones. */
static void test_walk(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	struct model_regs r = { .rcx = TD0, .rdx = F_NULL };
	unsigned int n = 0;
	u64 last = 0;

	td_create(m, TD0, KEYID0);
	td_init(m, TD0, 0);
	assert_int_equal(table_call(m, 0, TDH_MNG_RD | V1, &r),
			 TDX_ST_METADATA_FIRST_FIELD_ID_IN_CONTEXT);
	while (r.rdx != F_NULL && n++ < 10000) {
		last = r.rdx;
		assert_int_equal(table_call(m, 0, TDH_MNG_RD | V1, &r), 0);
	}
	assert_int_equal(last, F_LAST);
	model_destroy(m);
}

/* VMXOFF costs the VCPU, and its next entry the TD, unless it was flushed. */
static void test_vmxoff(void **state)
{
	struct model_regs r = { .rcx = VP0 };
	struct model *m = td_model(MODEL_V1_5);
	struct model_stats s;

	td_ready(m, TD0, KEYID0, 0, GUEST(halt));
	assert_int_equal(table_simple(m, 0, TDH_VP_FLUSH, VP0, 0, 0), 0);
	model_set_vmx(m, 0, false);
	model_set_vmx(m, 0, true);
	r.rcx = VP0;
	assert_int_equal(td_enter(m, 0, VP0, &r) >> 32, 0);
	model_get_stats(m, &s);
	assert_int_equal(s.vcpus_lost, 0);

	/* Another LP's VMX operation is nothing to it. */
	model_set_vmx(m, 1, false);
	model_set_vmx(m, 0, false);
	model_set_vmx(m, 0, true);
	model_get_stats(m, &s);
	assert_int_equal(s.vcpus_lost, 1);
	r.rcx = VP0;
	assert_int_equal(td_enter(m, 0, VP0, &r),
			 TDX_ST_NON_RECOVERABLE_TD | 0x80000021);
	r.rcx = VP0;
	assert_int_equal(td_enter(m, 0, VP0, &r), TDX_ST_TD_FATAL);
	assert_int_equal(table_simple(m, 0, TDH_VP_FLUSH, VP0, 0, 0), 0);
	model_destroy(m);
}

/* An NMI ends an entry, and the guest goes on with the next. */
static void test_nmi(void **state)
{
	struct model_regs r = { .rcx = VP0 };
	struct model *m = td_model(MODEL_V1_5);

	td_ready(m, TD0, KEYID0, 0, GUEST(halt));
	model_starve(m, 0, MODEL_NMI, 1);
	assert_int_equal(td_enter(m, 0, VP0, &r), 0);
	assert_int_equal(r.r9, 0x80000202);
	r.rcx = VP0;
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	model_destroy(m);
}

const struct CMUnitTest td_vp_tests[] = {
	cmocka_unit_test(test_vp),
	cmocka_unit_test(test_enter),
	cmocka_unit_test(test_metadata),
	cmocka_unit_test(test_max_vcpus),
	cmocka_unit_test(test_walk),
	cmocka_unit_test(test_vmxoff),
	cmocka_unit_test(test_nmi),
};
const size_t nr_td_vp_tests = ARRAY_LEN(td_vp_tests);
