// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which leaf is allowed in which OP_STATE, and what version 1 of a leaf does
 * with pages for L2 VMs.
 * Source: TDX Module ABI 1.5, "Leaf against TD OP_STATE".
 */
#include "td.h"

#define V1		(1ULL << 16)
#define NO_PAGE		(~0ULL)
#define NO_TABLE	(CODE + 0x200000)
#define FREE_PAGE	SPARE(TD0, 0)
#define BAD		(~0ULL)		/* refused by what comes after */

/* OP_STATEs: 0 UNINITIALIZED, 1 INITIALIZED, 2 RUNNABLE. */
#define IN(state)	(1U << (state))

static const struct {
	const char *name;
	u64 leaf;
	u64 rcx, rdx;
	unsigned int allowed;
} matrix[] = {
	{ "MEM.PAGE.ADD", TDH_MEM_PAGE_ADD, BAD, TD0, IN(1) },
	{ "MEM.SEPT.ADD", TDH_MEM_SEPT_ADD, BAD, TD0, IN(1) | IN(2) },
	{ "MEM.PAGE.RELOCATE", TDH_MEM_PAGE_RELOCATE, BAD, TD0,
	  IN(1) | IN(2) },
	{ "MEM.PAGE.AUG", TDH_MEM_PAGE_AUG, BAD, TD0, IN(1) | IN(2) },
	{ "MEM.RANGE.BLOCK", TDH_MEM_RANGE_BLOCK, BAD, TD0, IN(1) | IN(2) },
	{ "VP.CREATE", TDH_VP_CREATE, BAD, TD0, IN(1) },
	{ "MNG.RD", TDH_MNG_RD, TD0, BAD, IN(1) | IN(2) },
	{ "MEM.RD", TDH_MEM_RD, BAD, TD0, IN(1) | IN(2) },
	{ "MNG.WR", TDH_MNG_WR, TD0, BAD, IN(1) | IN(2) },
	{ "MEM.WR", TDH_MEM_WR, BAD, TD0, IN(1) | IN(2) },
	{ "MEM.PAGE.DEMOTE", TDH_MEM_PAGE_DEMOTE, BAD, TD0, IN(1) | IN(2) },
	{ "MR.EXTEND", TDH_MR_EXTEND, BAD, TD0, IN(1) },
	{ "MNG.INIT", TDH_MNG_INIT, TD0, BAD, IN(0) },
	{ "MEM.PAGE.PROMOTE", TDH_MEM_PAGE_PROMOTE, BAD, TD0, IN(1) | IN(2) },
	{ "MEM.SEPT.RD", TDH_MEM_SEPT_RD, BAD, TD0, IN(1) | IN(2) },
	{ "MEM.PAGE.REMOVE", TDH_MEM_PAGE_REMOVE, BAD, TD0, IN(1) | IN(2) },
	{ "MEM.SEPT.REMOVE", TDH_MEM_SEPT_REMOVE, BAD, TD0, IN(1) | IN(2) },
	{ "MEM.TRACK", TDH_MEM_TRACK, TD0, 0, IN(1) | IN(2) },
	{ "MEM.RANGE.UNBLOCK", TDH_MEM_RANGE_UNBLOCK, BAD, TD0,
	  IN(1) | IN(2) },
	/* A VCPU cannot be before OP_STATE 1. */
	{ "VP.ADDCX", TDH_VP_ADDCX, BAD, TDVPR(TD0, 0), IN(0) | IN(1) },
	{ "VP.INIT", TDH_VP_INIT, TDVPR(TD0, 0), 0, IN(0) | IN(1) },
	{ "VP.RD", TDH_VP_RD, TDVPR(TD0, 0), BAD, IN(0) | IN(1) | IN(2) },
	{ "VP.WR", TDH_VP_WR, TDVPR(TD0, 0), BAD, IN(0) | IN(1) | IN(2) },
	{ "VP.ENTER", TDH_VP_ENTER, TDVPR(TD0, 0), 0, IN(0) | IN(2) },
	{ "VP.FLUSH", TDH_VP_FLUSH, TDVPR(TD0, 0), 0, IN(0) | IN(1) | IN(2) },
	/* Last: it changes the state where it is allowed. */
	{ "MR.FINALIZE", TDH_MR_FINALIZE, TD0, 0, IN(1) },
};

static void test_op_states(void **state)
{
	static const enum td_stage stages[] = { TD_BUILT, TD_MAPPED,
						TD_RUNNABLE };
	unsigned int op, i, wrong = 0;

	for (op = 0; op < ARRAY_LEN(stages); op++) {
		struct model *m = td_model(MODEL_V1_5);

		td_reach_td(m, stages[op], 0);
		for (i = 0; i < ARRAY_LEN(matrix); i++) {
			u64 status = td_call(m, matrix[i].leaf, matrix[i].rcx,
					     matrix[i].rdx, BAD);
			bool refused = status == TDX_ST_OP_STATE_INCORRECT;

			if (refused != !(matrix[i].allowed & IN(op))) {
				print_error("%s in OP_STATE %u: %016llx\n",
					    matrix[i].name, op, status);
				wrong++;
			}
		}
		model_destroy(m);
	}
	assert_int_equal(wrong, 0);
}

#define ROW(name, leaf_, stage, rcx_, rdx_, r8_, r9_, r10_, r11_, status_, ...) \
	{ .number = name, .td = stage, .leaf = (leaf_) | V1, \
	  .in = { .rcx = rcx_, .rdx = rdx_, .r8 = r8_, .r9 = r9_, \
		  .r10 = r10_, .r11 = r11_ }, .status = status_, __VA_ARGS__ }
#define ADD(name, rcx, rdx, r8, r9, r10, r11, status, ...) \
	ROW("SEPT.ADD " name, TDH_MEM_SEPT_ADD, TD_RUNNABLE, rcx, rdx, r8, \
	    r9, r10, r11, status, __VA_ARGS__)
#define ALL_NONE \
	.outputs = O_RCX | O_RDX | O_R8 | O_R9 | O_R10 | O_R11, \
	.out = { .r8 = NO_PAGE, .r9 = NO_PAGE, .r10 = NO_PAGE, \
		 .r11 = NO_PAGE }
#define INFO_CLEAR	.outputs = O_RCX | O_RDX

static const struct row version_1_rows[] = {
	ADD("page", NO_TABLE | 1, TD0, FREE_PAGE, NO_PAGE, NO_PAGE, NO_PAGE, 0,
	    ALL_NONE),
	ADD("page for L2 VM 1", NO_TABLE | 1, TD0, FREE_PAGE, FREE_PAGE,
	    NO_PAGE, NO_PAGE, INVALID(R9), INFO_CLEAR),
	ADD("page for L2 VM 2", NO_TABLE | 1, TD0, FREE_PAGE, NO_PAGE,
	    FREE_PAGE, NO_PAGE, INVALID(R10), INFO_CLEAR),
	ADD("page for L2 VM 3", NO_TABLE | 1, TD0, FREE_PAGE, NO_PAGE, NO_PAGE,
	    FREE_PAGE, INVALID(R11), INFO_CLEAR),
	ADD("not used", CODE | 1, TD0 | 1, FREE_PAGE, NO_PAGE, NO_PAGE,
	    NO_PAGE, 0,
	    .outputs = O_RCX | O_RDX | O_R8 | O_R9 | O_R10 | O_R11,
	    .out = { .r8 = FREE_PAGE | 1ULL << 63, .r9 = NO_PAGE,
		     .r10 = NO_PAGE, .r11 = NO_PAGE }),
	ROW("SEPT.REMOVE", TDH_MEM_SEPT_REMOVE, TD_MAPPED, NO_TABLE | 1, TD0,
	    0, 0, 0, 0, 0,
	    .faults = { CALL4(0, TDH_MEM_SEPT_ADD, NO_TABLE | 1, TD0,
			      FREE_PAGE, 0) },
	    .outputs = O_RCX | O_RDX | O_R9 | O_R10 | O_R11,
	    .out = { .rcx = FREE_PAGE, .r9 = NO_PAGE, .r10 = NO_PAGE,
		     .r11 = NO_PAGE }),
};

static void test_version_1(void **state)
{
	table_run("version 1", version_1_rows, ARRAY_LEN(version_1_rows));
}

const struct CMUnitTest td_state_tests[] = {
	cmocka_unit_test(test_op_states),
	cmocka_unit_test(test_version_1),
};
const size_t nr_td_state_tests = ARRAY_LEN(td_state_tests);
