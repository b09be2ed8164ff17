// SPDX-License-Identifier: GPL-2.0-only
/*
 * What SEAMCALL does before a leaf runs, which leaf needs what, and what
 * comes of a step out of order.
 * Source: TDX Module ABI 1.5, "SEAMCALL Instruction (Common)" and "Intel TDX
 * Module Lifecycle".
 */
#include <errno.h>
#include <string.h>

#include "table.h"

#define BUF		0x2000000ULL
#define STAGES		(SHUT + 1)
#define UNKNOWN_LEAF	200

#define PENDING		TDX_ST_SYS_INIT_NOT_PENDING
#define LP_NP		TDX_ST_SYS_LP_INIT_NOT_PENDING
#define LP_DONE		TDX_ST_SYS_LP_INIT_DONE
#define LP_ND		TDX_ST_SYS_LP_INIT_NOT_DONE
#define CFG_NP		TDX_ST_SYS_CONFIG_NOT_PENDING
#define KEY_NP		TDX_ST_SYS_KEY_CONFIG_NOT_PENDING
#define NOT_READY	TDX_ST_SYS_NOT_READY
#define WRONG_STATE	TDX_ST_SYS_STATE_INCORRECT
#define SHUTDOWN	TDX_ST_SYS_SHUTDOWN
#define ALREADY		TDX_ST_TDMR_ALREADY_INITIALIZED

/*
 * Which leaf needs what: a sound call of each leaf on LP 0 at each stage.
 * FRESH, INITED, LP0_READY, LPS_READY, CONFIGURED, KEYED, DONE, SHUT.
 */
static const struct {
	const char *name;
	u64 leaf;
	struct model_regs in;
	u64 status[STAGES];
} needs[] = {
	{ "SYS.INIT", TDH_SYS_INIT, { 0 },
	  { 0, PENDING, PENDING, PENDING, PENDING, PENDING, PENDING,
	    SHUTDOWN } },
	{ "SYS.LP.INIT", TDH_SYS_LP_INIT, { 0 },
	  { LP_NP, 0, LP_DONE, LP_DONE, LP_NP, LP_NP, LP_NP, SHUTDOWN } },
	{ "SYS.INFO", TDH_SYS_INFO,
	  { .rcx = BUF, .rdx = 1024, .r8 = BUF + 4096, .r9 = 32 },
	  { LP_ND, LP_ND, 0, 0, 0, 0, 0, SHUTDOWN } },
	{ "SYS.RD", TDH_SYS_RD, { .rdx = 0x9100000100000008ULL },
	  { LP_ND, LP_ND, 0, 0, 0, 0, 0, SHUTDOWN } },
	{ "SYS.RDALL", TDH_SYS_RDALL, { .rdx = BUF, .r8 = NULL_ID },
	  { LP_ND, LP_ND, 0, 0, 0, 0, 0, SHUTDOWN } },
	{ "SYS.CONFIG", TDH_SYS_CONFIG,
	  { .rcx = ARRAY_PA, .rdx = 2, .r8 = GLOBAL_KEYID },
	  { CFG_NP, CFG_NP, CFG_NP, 0, CFG_NP, CFG_NP, CFG_NP, SHUTDOWN } },
	{ "SYS.KEY.CONFIG", TDH_SYS_KEY_CONFIG, { 0 },
	  { KEY_NP, KEY_NP, KEY_NP, KEY_NP, 0, KEY_NP, KEY_NP, SHUTDOWN } },
	{ "SYS.TDMR.INIT", TDH_SYS_TDMR_INIT, { .rcx = TDMR0 },
	  { NOT_READY, NOT_READY, NOT_READY, NOT_READY, NOT_READY, 0, ALREADY,
	    SHUTDOWN } },
	{ "SYS.UPDATE", TDH_SYS_UPDATE, { 0 },
	  { WRONG_STATE, WRONG_STATE, WRONG_STATE, TDX_ST_SYS_INVALID_HANDOFF,
	    WRONG_STATE, WRONG_STATE, WRONG_STATE, SHUTDOWN } },
	{ "SYS.SHUTDOWN", TDH_SYS_SHUTDOWN, { 0 },
	  { NOT_READY, NOT_READY, NOT_READY, NOT_READY, NOT_READY, 0, 0,
	    SHUTDOWN } },
	{ "SYS.LP.SHUTDOWN", TDH_SYS_LP_SHUTDOWN, { 0 },
	  { 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "PHYMEM.PAGE.RDMD", TDH_PHYMEM_PAGE_RDMD, { .rcx = TDMR0 },
	  { NOT_READY, NOT_READY, NOT_READY, NOT_READY, NOT_READY,
	    RANGE(RCX), 0, SHUTDOWN } },
	{ "MNG.CREATE", TDH_MNG_CREATE, { .rcx = TDMR0, .rdx = 33 },
	  { NOT_READY, NOT_READY, NOT_READY, NOT_READY, NOT_READY,
	    RANGE(RCX), 0, SHUTDOWN } },
	{ "MNG.KEY.RECLAIMID", TDH_MNG_KEY_RECLAIMID, { 0 },
	  { NOT_READY, NOT_READY, NOT_READY, NOT_READY, NOT_READY, 0, 0,
	    SHUTDOWN } },
	{ "an unknown leaf", UNKNOWN_LEAF, { 0 },
	  { NOT_READY, NOT_READY, NOT_READY, NOT_READY, NOT_READY,
	    INVALID(RAX), INVALID(RAX), SHUTDOWN } },
	{ "SYS.DISABLE of later modules", TDH_SYS_DISABLE, { 0 },
	  { NOT_READY, NOT_READY, NOT_READY, NOT_READY, NOT_READY,
	    INVALID(RAX), INVALID(RAX), SHUTDOWN } },
};

static void test_needs(void **state)
{
	unsigned int i, stage, rows = 0;

	env_user_reset();
	table_write_tdmrs();
	for (i = 0; i < ARRAY_LEN(needs); i++)
		for (stage = FRESH; stage <= SHUT; stage++, rows++) {
			struct model_regs r = needs[i].in;
			struct model *m = table_model(NULL);

			table_reach(m, stage);
			table_call(m, 0, needs[i].leaf, &r);
			if (r.rax != needs[i].status[stage])
				print_error("%s at stage %u: %016llx\n",
					    needs[i].name, stage, r.rax);
			assert_int_equal(r.rax, needs[i].status[stage]);
			print_message("row order %s, stage %u: ok\n",
				      needs[i].name, stage);
			model_destroy(m);
		}
	print_message("order: %u rows\n", rows);
}

/* What the table above cannot say: other LPs, twice on a package. */
static const struct row order_rows[] = {
	{ .number = "SYS.INIT again, other LP", .stage = INITED, .lp = 2,
	  .leaf = TDH_SYS_INIT, .zero = O_RCX,
	  .outputs = O_RCX | O_RDX | O_R8 | O_R9 | O_R10, .status = PENDING },
	{ .number = "KEY.CONFIG twice on a package", .stage = CONFIGURED,
	  .lp = 1, .faults = { CALL(0, TDH_SYS_KEY_CONFIG, 0, 0) },
	  .leaf = TDH_SYS_KEY_CONFIG, .status = TDX_ST_KEY_CONFIGURED,
	  .check_state = true, .state = 2 },
	{ .number = "KEY.CONFIG after the last package", .stage = KEYED,
	  .lp = 1, .leaf = TDH_SYS_KEY_CONFIG, .status = KEY_NP,
	  .check_state = true, .state = 3 },
	{ .number = "CONFIG with one LP missing", .stage = INITED, .lp = 0,
	  .faults = { CALL(0, TDH_SYS_LP_INIT, 0, 0),
		      CALL(1, TDH_SYS_LP_INIT, 0, 0),
		      CALL(3, TDH_SYS_LP_INIT, 0, 0) },
	  .leaf = TDH_SYS_CONFIG,
	  .in = { .rcx = ARRAY_PA, .rdx = 2, .r8 = GLOBAL_KEYID },
	  .status = CFG_NP, .check_state = true, .state = 1 },
	{ .number = "reserved bit before shutdown", .stage = SHUT,
	  .leaf = TDH_SYS_RD | 1ULL << 24, .status = INVALID(RAX) },
	{ .number = "version before shutdown", .stage = SHUT,
	  .leaf = TDH_SYS_RD | 1 << 16, .status = INVALID(RAX) },
	{ .number = "version before not ready", .leaf = UNKNOWN_LEAF | 1 << 16,
	  .status = INVALID(RAX) },
	{ .number = "SEPT.ADD v1, not ready", .leaf = TDH_MEM_SEPT_ADD |
	  1 << 16, .status = NOT_READY },
	{ .number = "MNG.RD v1, not ready", .leaf = TDH_MNG_RD | 1 << 16,
	  .status = NOT_READY },
	{ .number = "PAGE.PROMOTE v1, not ready",
	  .leaf = TDH_MEM_PAGE_PROMOTE | 1 << 16, .status = NOT_READY },
	{ .number = "VP.RD v1, not ready", .leaf = TDH_VP_RD | 1 << 16,
	  .status = NOT_READY },
	{ .number = "SEPT.REMOVE v1, not ready",
	  .leaf = TDH_MEM_SEPT_REMOVE | 1 << 16, .status = NOT_READY },
	{ .number = "VP.INIT v1 is of later modules",
	  .leaf = TDH_VP_INIT | 1 << 16, .status = INVALID(RAX) },
	{ .number = "VP.INIT v1 in a later module", .version = VERSION(MODEL_V2_0),
	  .leaf = TDH_VP_INIT | 1 << 16, .status = NOT_READY },
	{ .number = "shutdown leaves registers alone", .stage = SHUT,
	  .leaf = TDH_SYS_RD, .status = SHUTDOWN },
	{ .number = "not ready leaves registers alone",
	  .leaf = TDH_SYS_TDMR_INIT, .status = NOT_READY },
	{ .number = "unknown leaves registers alone", .stage = KEYED,
	  .leaf = UNKNOWN_LEAF, .status = INVALID(RAX) },
	{ .number = "module 1.0 has no SYS.RD", .stage = LPS_READY,
	  .version = VERSION(MODEL_V1_0), .leaf = TDH_SYS_RD, .status = NOT_READY },
	{ .number = "module 1.0 has no SYS.RDALL", .stage = LPS_READY,
	  .version = VERSION(MODEL_V1_0), .leaf = TDH_SYS_RDALL, .status = NOT_READY },
	{ .number = "module 1.0 has no SYS.SHUTDOWN", .stage = KEYED,
	  .version = VERSION(MODEL_V1_0), .leaf = TDH_SYS_SHUTDOWN,
	  .status = INVALID(RAX) },
	{ .number = "module 1.0 has SYS.INFO", .stage = LP0_READY,
	  .version = VERSION(MODEL_V1_0), .leaf = TDH_SYS_INFO,
	  .in = { .rcx = BUF, .rdx = 1024, .r8 = BUF + 4096, .r9 = 32 },
	  .outputs = O_RDX | O_R9, .out = { .rdx = 1024, .r9 = 32 } },
};

static void test_order_rows(void **state)
{
	table_run("order", order_rows, ARRAY_LEN(order_rows));
}

static bool has_version_1(u64 leaf)
{
	return leaf == TDH_MEM_SEPT_ADD || leaf == TDH_MNG_RD ||
	       leaf == TDH_MEM_PAGE_PROMOTE || leaf == TDH_VP_RD ||
	       leaf == TDH_MEM_SEPT_REMOVE;
}

/* RAX, every reserved bit and every version of every leaf number to 255. */
static void test_rax(void **state)
{
	struct model *m = table_model(NULL);
	u64 leaf, v;
	unsigned int bit;

	for (bit = 24; bit < 63; bit++)
		assert_int_equal(table_simple(m, 0, TDH_SYS_LP_SHUTDOWN |
					      1ULL << bit, 0, 0, 0),
				 INVALID(RAX));
	for (leaf = 0; leaf < 256; leaf++)
		for (v = 1; v < 256; v++)
			assert_int_equal(table_simple(m, 0, leaf | v << 16, 0,
						      0, 0),
					 has_version_1(leaf) ? NOT_READY :
							       INVALID(RAX));
	model_destroy(m);
}

static enum model_outcome outcome(struct model *m, unsigned int lp, u64 leaf)
{
	const struct model_regs in = { .rax = leaf, .rcx = 1, .rdx = 2,
				       .r8 = 3, .r15 = 4 };
	struct model_regs r = in;
	enum model_outcome what = model_seamcall(m, lp, &r);

	if (what != MODEL_RETURNED)
		assert_memory_equal(&r, &in, sizeof(r));
	return what;
}

/* The instruction itself: #UD before #GP before VMfailInvalid. */
static void test_instruction(void **state)
{
	struct model *m = table_model(NULL);
	struct model_stats s;

	model_set_module(m, false);
	model_set_seam(m, 1, MODEL_SEAM_OFF);
	model_set_vmx(m, 2, false);
	model_set_seam(m, 2, MODEL_SEAM_OFF);
	assert_int_equal(outcome(m, 0, TDH_SYS_RD), MODEL_VMFAILINVALID);
	assert_int_equal(outcome(m, 1, TDH_SYS_RD), MODEL_GP);
	assert_int_equal(outcome(m, 2, TDH_SYS_RD), MODEL_UD);
	assert_false(model_get_vmx(m, 2));
	/* LPs that BIOS does not know. */
	assert_int_equal(outcome(m, LPS, TDH_SYS_RD), MODEL_GP);
	assert_int_equal(outcome(m, MODEL_MAX_LPS, TDH_SYS_RD), MODEL_UD);
	model_set_module(m, true);
	assert_int_equal(outcome(m, 0, TDH_SYS_RD), MODEL_RETURNED);
	assert_int_equal(outcome(m, 0, 1ULL << 63), MODEL_RETURNED);
	model_set_seam(m, 0, MODEL_SEAM_ABSENT);
	assert_int_equal(outcome(m, 0, TDH_SYS_RD), MODEL_UD);
	model_set_seam(m, 0, MODEL_SEAM_ON);
	model_hold(m, "seamldr", 1);
	assert_int_equal(outcome(m, 0, 1ULL << 63), MODEL_VMFAILINVALID);
	model_get_stats(m, &s);
	assert_int_equal(s.calls, 9);
	assert_int_equal(model_leaf_calls(m, TDH_SYS_RD), 1);
	model_destroy(m);
}

static void test_seamldr(void **state)
{
	struct model *m = table_model(NULL);

	env_user_reset();
	table_write64(BUF + 248, 1);
	assert_int_equal(table_simple(m, 0, 1ULL << 63, BUF, 0, 0), 0);
	assert_int_equal(table_read64(BUF + 8) & 0xffffffff, 0x8086);
	assert_int_equal(table_read64(BUF + 160) & 0xff00ff, 0x10001);
	assert_int_equal(table_read64(BUF + 248), 0);
	assert_int_equal(table_simple(m, 0, 1ULL << 63, BUF + 128, 0, 0),
			 0x8000000000000000ULL);
	assert_int_equal(table_simple(m, 0, 1ULL << 63 | 7, BUF, 0, 0),
			 0x8000000000000003ULL);
	model_destroy(m);
}

/* Injections: skip, count, queue, one LP alone, taken back. */
static void test_injection(void **state)
{
	struct model *m = table_model(NULL);
	struct model_regs r = { .rcx = 1, .rdx = 2, .r8 = 3 };
	const u64 leaf = TDH_SYS_LP_SHUTDOWN;
	const u64 want[] = { 0, 0, 11, 11, 11, 0, 22, 0 };
	unsigned int i;

	assert_int_equal(model_inject(m, 200, 1, 1, 0, -1), -EINVAL);
	assert_int_equal(model_inject(m, TDH_SYS_DISABLE, 1, 1, 0, -1),
			 -EINVAL);
	assert_int_equal(model_inject(m, leaf, 11, 3, 2, -1), 0);
	assert_int_equal(model_inject(m, leaf, 22, 1, 1, -1), 0);
	for (i = 0; i < ARRAY_LEN(want); i++)
		assert_int_equal(table_simple(m, 0, leaf, 0, 0, 0), want[i]);

	model_inject(m, leaf, 33, 1, 0, 2);
	assert_int_equal(table_simple(m, 1, leaf, 0, 0, 0), 0);
	assert_int_equal(table_simple(m, 2, leaf, 0, 0, 0), 33);
	assert_int_equal(table_simple(m, 2, leaf, 0, 0, 0), 0);

	model_inject(m, leaf, 44, ~0ULL, 0, -1);
	for (i = 0; i < 100; i++)
		assert_int_equal(table_simple(m, 1, leaf, 0, 0, 0), 44);
	model_inject(m, leaf, 0, 0, 0, -1);
	assert_int_equal(table_simple(m, 1, leaf, 0, 0, 0), 0);

	/* Nothing but RAX changes, and the state does not either. */
	model_inject(m, TDH_SYS_INIT, 0, 1, 0, -1);
	assert_int_equal(table_call(m, 0, TDH_SYS_INIT, &r), 0);
	assert_int_equal(r.rcx | r.rdx << 8 | r.r8 << 16, 0x30201);
	assert_int_equal(table_simple(m, 0, TDH_SYS_INIT, 0, 0, 0), 0);

	for (i = 0; i < 64; i++)
		assert_int_equal(model_inject(m, leaf, 1, 1, 0, -1), 0);
	assert_int_equal(model_inject(m, leaf, 1, 1, 0, -1), -ENOSPC);
	model_destroy(m);
}

/* A leaf that the model lacks is refused, and it shows. */
static void test_refused(void **state)
{
	struct model *m = table_model(NULL);
	struct model_stats s;

	env_user_reset();
	table_write_tdmrs();
	table_reach(m, KEYED);
	assert_int_equal(table_simple(m, 0, TDH_SERVTD_BIND, 0, 0, 0),
			 INVALID(RAX));
	model_get_stats(m, &s);
	assert_int_equal(s.refused, 1);
	assert_int_equal(s.refused_leaf, TDH_SERVTD_BIND);
	assert_int_equal(table_simple(m, 0, UNKNOWN_LEAF, 0, 0, 0),
			 INVALID(RAX));
	model_get_stats(m, &s);
	assert_int_equal(s.refused, 1);
	model_destroy(m);
}

const struct CMUnitTest order_tests[] = {
	cmocka_unit_test(test_needs),
	cmocka_unit_test(test_order_rows),
	cmocka_unit_test(test_rax),
	cmocka_unit_test(test_instruction),
	cmocka_unit_test(test_seamldr),
	cmocka_unit_test(test_injection),
	cmocka_unit_test(test_refused),
};
const size_t nr_order_tests = ARRAY_LEN(order_tests);
