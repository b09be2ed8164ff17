// SPDX-License-Identifier: GPL-2.0-only
/*
 * Private memory, check by check.  Row names: leaf and the place of the check
 * in its order (TDX Module ABI 1.5, TDH.MEM.*, TDH.MR.EXTEND).
 */
#include "td.h"

#define TD0_TEXT	"0x181000000"
#define SEPT4K_TEXT	"0x181082000"	/* the third table: 4 KiB entries */
#define FREE_PAGE	SPARE(TD0, 0)
#define MAPPED		CODE
#define PENDING		(CODE + 0x1000)
#define EMPTY		(CODE + 0x2000)
#define NO_TABLE	(CODE + 0x200000)
#define SHARED		(1ULL << 47)
#define FAULTS(...)	.faults = { __VA_ARGS__ }
#define V1		(1ULL << 16)

#define ST(name)	((u64)TDX_ST_##name | TDX_OPERAND_RCX)
#define INCORRECT(op) \
	((u64)TDX_ST_PAGE_METADATA_INCORRECT | TDX_OPERAND_##op)
/* Entries as RCX shows them, and states with levels as RDX does. */
#define E_FREE		(1ULL << 63)
#define E_MAPPED(pa)	((pa) | 1ULL << 63 | 0xf7)
#define E_BLOCKED(pa)	((pa) | 1ULL << 63 | 0xf0)
#define E_PENDING(pa)	((pa) | 0xf0)
#define E_TABLE		7
#define I(state, level)	((state) << 8 | (level))

#define MEM(name, leaf_, stage, rcx_, rdx_, r8_, r9_, status_, orcx, ordx, ...) \
	{ .number = name, .td = stage, .leaf = leaf_, \
	  .in = { .rcx = rcx_, .rdx = rdx_, .r8 = r8_, .r9 = r9_ }, \
	  .zero = O_RCX, .status = status_, \
	  .outputs = O_RCX | O_RDX, .out = { .rcx = orcx, .rdx = ordx }, \
	  __VA_ARGS__ }
#define SEPT_ADD(name, rcx, r8, status, orcx, ordx, ...) \
	MEM("SEPT.ADD " name, TDH_MEM_SEPT_ADD, TD_RUNNABLE, rcx, TD0, r8, 0, \
	    status, orcx, ordx, __VA_ARGS__)

static const struct row sept_rows[] = {
	SEPT_ADD("TDR held", NO_TABLE | 1, FREE_PAGE, BUSY(RDX), 0, 0,
		 FAULTS(HOLD("pamt:" TD0_TEXT, 1))),
	MEM("SEPT.ADD RDX bits", TDH_MEM_SEPT_ADD, TD_RUNNABLE, NO_TABLE | 1,
	    TD0 | 2, FREE_PAGE, 0, INVALID(RDX), 0, 0),
	MEM("SEPT.ADD OP_STATE", TDH_MEM_SEPT_ADD, TD_BUILT, NO_TABLE | 1,
	    TD0, FREE_PAGE, 0, TDX_ST_OP_STATE_INCORRECT, 0, 0),
	SEPT_ADD("level 0", NO_TABLE, FREE_PAGE, INVALID(RCX), 0, 0),
	SEPT_ADD("level 4 of 4", 4, FREE_PAGE, INVALID(RCX), 0, 0),
	SEPT_ADD("reserved", NO_TABLE | 8 | 1, FREE_PAGE, INVALID(RCX), 0, 0),
	SEPT_ADD("alignment", (NO_TABLE + 0x1000) | 1, FREE_PAGE,
		 INVALID(RCX), 0, 0),
	SEPT_ADD("shared", SHARED | 1, FREE_PAGE, INVALID(RCX), 0, 0),
	SEPT_ADD("tree held", NO_TABLE | 1, FREE_PAGE, BUSY(SEPT_TREE), 0, 0,
		 FAULTS(HOLD("sept:" TD0_TEXT, 1))),
	SEPT_ADD("tree held shared", NO_TABLE | 1, FREE_PAGE, 0, 0, 0,
		 FAULTS(HOLD("sept-shared:" TD0_TEXT, 1))),
	SEPT_ADD("walk", 1ULL << 40 | 1, FREE_PAGE, ST(EPT_WALK_FAILED),
		 E_FREE, I(0, 3)),
	SEPT_ADD("there already", CODE | 1, FREE_PAGE,
		 ST(EPT_ENTRY_STATE_INCORRECT), E_TABLE, I(132, 1)),
	SEPT_ADD("page", NO_TABLE | 1, TDCX(TD0, 0), INCORRECT(R8), 0, 0),
	MEM("SEPT.ADD existing allowed", TDH_MEM_SEPT_ADD, TD_RUNNABLE,
	    CODE | 1, TD0 | 1, FREE_PAGE, 0, 0, 0, 0),
	SEPT_ADD("success", NO_TABLE | 1, FREE_PAGE, 0, 0, 0),
	MEM("SEPT.RD walk", TDH_MEM_SEPT_RD, TD_RUNNABLE, NO_TABLE, TD0, 0, 0,
	    ST(EPT_WALK_FAILED), E_FREE, I(0, 1)),
	MEM("SEPT.RD entry held", TDH_MEM_SEPT_RD, TD_RUNNABLE, MAPPED, TD0, 0,
	    0, BUSY(RCX), E_MAPPED(PAGE(TD0, 0)), I(4, 0),
	    FAULTS(HOLD("entry:" SEPT4K_TEXT, 1))),
	MEM("SEPT.RD mapped", TDH_MEM_SEPT_RD, TD_RUNNABLE, MAPPED, TD0, 0, 0,
	    0, E_MAPPED(PAGE(TD0, 0)), I(4, 0)),
	MEM("SEPT.RD pending", TDH_MEM_SEPT_RD, TD_RUNNABLE, PENDING, TD0, 0,
	    0, 0, E_PENDING(PAGE(TD0, 1)), I(2, 0)),
	MEM("SEPT.RD table", TDH_MEM_SEPT_RD, TD_RUNNABLE, CODE | 1, TD0, 0, 0,
	    0, E_TABLE, I(132, 1)),
	MEM("SEPT.RD L2 of no debug TD", TDH_MEM_SEPT_RD, TD_RUNNABLE, MAPPED,
	    TD0 | 1, 0, 0, INVALID(RDX), 0, 0),
	MEM("SEPT.REMOVE tree held shared", TDH_MEM_SEPT_REMOVE, TD_RUNNABLE,
	    CODE | 1, TD0, 0, 0, BUSY(SEPT_TREE), 0, 0,
	    FAULTS(HOLD("sept-shared:" TD0_TEXT, 1))),
	MEM("SEPT.REMOVE free", TDH_MEM_SEPT_REMOVE, TD_RUNNABLE, NO_TABLE | 1,
	    TD0, 0, 0, ST(EPT_ENTRY_STATE_INCORRECT), E_FREE, I(0, 1)),
	MEM("SEPT.REMOVE not blocked", TDH_MEM_SEPT_REMOVE, TD_RUNNABLE,
	    CODE | 1, TD0, 0, 0, ST(GPA_RANGE_NOT_BLOCKED), E_TABLE,
	    I(132, 1)),
	MEM("SEPT.REMOVE not empty", TDH_MEM_SEPT_REMOVE, TD_MAPPED, CODE | 1,
	    TD0, 0, 0, ST(EPT_PAGE_NOT_FREE), E_TABLE, I(132, 1)),
	MEM("SEPT.REMOVE", TDH_MEM_SEPT_REMOVE, TD_MAPPED, NO_TABLE | 1,
	    TD0, 0, 0, 0, FREE_PAGE, 0,
	    FAULTS(CALL4(0, TDH_MEM_SEPT_ADD, NO_TABLE | 1, TD0, FREE_PAGE,
			 0))),
};

#define ADD(name, stage, rcx, r8, r9, status, orcx, ordx, ...) \
	MEM("ADD " name, TDH_MEM_PAGE_ADD, stage, rcx, TD0, r8, r9, status, \
	    orcx, ordx, __VA_ARGS__)
#define AUG(name, rcx, r8, status, orcx, ordx, ...) \
	MEM("AUG " name, TDH_MEM_PAGE_AUG, TD_RUNNABLE, rcx, TD0, r8, 0, \
	    status, orcx, ordx, __VA_ARGS__)
#define REMOVE(name, stage, rcx, status, orcx, ordx, ...) \
	MEM("REMOVE " name, TDH_MEM_PAGE_REMOVE, stage, rcx, TD0, 0, 0, \
	    status, orcx, ordx, __VA_ARGS__)
#define MOVE(name, stage, rcx, r8, status, orcx, ordx, ...) \
	MEM("RELOCATE " name, TDH_MEM_PAGE_RELOCATE, stage, rcx, TD0, r8, 0, \
	    status, orcx, ordx, __VA_ARGS__)
#define BLOCK_IT	CALL(0, TDH_MEM_RANGE_BLOCK, MAPPED, TD0)
#define TRACK_IT	CALL(0, TDH_MEM_TRACK, TD0, 0)

static const struct row page_rows[] = {
	ADD("TDR held shared", TD_MAPPED, EMPTY, FREE_PAGE, SOURCE, BUSY(RDX),
	    0, 0, FAULTS(HOLD("pamt-shared:" TD0_TEXT, 1))),
	ADD("OP_STATE", TD_RUNNABLE, EMPTY, FREE_PAGE, SOURCE,
	    TDX_ST_OP_STATE_INCORRECT, 0, 0),
	ADD("level", TD_MAPPED, CODE | 1, FREE_PAGE, SOURCE, INVALID(RCX), 0,
	    0),
	ADD("shared", TD_MAPPED, SHARED, FREE_PAGE, SOURCE, INVALID(RCX), 0,
	    0),
	ADD("walk", TD_MAPPED, NO_TABLE, FREE_PAGE, SOURCE,
	    ST(EPT_WALK_FAILED), E_FREE, I(0, 1)),
	ADD("mapped", TD_MAPPED, MAPPED, FREE_PAGE, SOURCE,
	    ST(EPT_ENTRY_STATE_INCORRECT), E_MAPPED(PAGE(TD0, 0)), I(4, 0)),
	ADD("source", TD_MAPPED, EMPTY, TD0, SOURCE + 8, INVALID(R9), 0, 0),
	ADD("page", TD_MAPPED, EMPTY, PAGE(TD0, 0), SOURCE, INCORRECT(R8), 0,
	    0),
	ADD("success", TD_MAPPED, EMPTY, FREE_PAGE, SOURCE, 0, 0, 0),
	AUG("level 2", 2, FREE_PAGE, INVALID(RCX), 0, 0),
	AUG("mapped", MAPPED, FREE_PAGE, ST(EPT_ENTRY_STATE_INCORRECT),
	    E_MAPPED(PAGE(TD0, 0)), I(4, 0)),
	AUG("alignment", NO_TABLE | 1, FREE_PAGE, INVALID(R8), 0, 0),
	AUG("2 MiB, TDR among it", NO_TABLE | 1, TD0, BUSY(R8), 0, 0),
	AUG("2 MiB in use", NO_TABLE | 1, TD0 + 0x1000000, INCORRECT(R8), 0, 0,
	    FAULTS(CALL4(0, TDH_MEM_PAGE_AUG, EMPTY, TD0, TD0 + 0x1003000,
			 0))),
	AUG("page", EMPTY, TD0 + 1, INVALID(R8), 0, 0),
	AUG("2 MiB", NO_TABLE | 1, TD0 + 0x1000000, 0, 0, 0),
	AUG("success", EMPTY, FREE_PAGE, 0, 0, 0),
	REMOVE("free", TD_RUNNABLE, EMPTY, ST(EPT_ENTRY_STATE_INCORRECT),
	       E_FREE, I(0, 0)),
	REMOVE("table", TD_RUNNABLE, CODE | 1, ST(EPT_ENTRY_STATE_INCORRECT),
	       E_TABLE, I(132, 1)),
	REMOVE("not blocked", TD_RUNNABLE, MAPPED, ST(GPA_RANGE_NOT_BLOCKED),
	       E_MAPPED(PAGE(TD0, 0)), I(4, 0)),
	REMOVE("not tracked", TD_RUNNABLE, MAPPED, ST(TLB_TRACKING_NOT_DONE),
	       0, 0, FAULTS(BLOCK_IT)),
	REMOVE("still inside", TD_RUNNABLE, MAPPED, ST(TLB_TRACKING_NOT_DONE),
	       0, 0, FAULTS(HOLD("inside:" TD0_TEXT, 1), BLOCK_IT, TRACK_IT)),
	REMOVE("page held", TD_RUNNABLE, MAPPED, BUSY(RCX), 0, 0,
	       FAULTS(HOLD("pamt:0x181090000", 1))),
	REMOVE("tracked", TD_RUNNABLE, MAPPED, 0, PAGE(TD0, 0), 0,
	       FAULTS(BLOCK_IT, TRACK_IT)),
	REMOVE("before FINALIZE", TD_MAPPED, MAPPED, 0, PAGE(TD0, 0), 0),
	MOVE("free", TD_RUNNABLE, EMPTY, FREE_PAGE,
	     ST(EPT_ENTRY_STATE_INCORRECT), E_FREE, I(0, 0)),
	MOVE("to itself", TD_RUNNABLE, MAPPED, PAGE(TD0, 0), INVALID(R8), 0,
	     0),
	MOVE("not blocked", TD_RUNNABLE, MAPPED, FREE_PAGE,
	     ST(GPA_RANGE_NOT_BLOCKED), E_MAPPED(PAGE(TD0, 0)), I(4, 0)),
	MOVE("page", TD_RUNNABLE, MAPPED, TD0 + 1, INVALID(R8), 0, 0,
	     FAULTS(BLOCK_IT, TRACK_IT)),
	MOVE("success", TD_RUNNABLE, MAPPED, FREE_PAGE, 0, PAGE(TD0, 0), 0,
	     FAULTS(BLOCK_IT, TRACK_IT)),
};

#define BLOCK(name, rcx, status, orcx, ordx, ...) \
	MEM("BLOCK " name, TDH_MEM_RANGE_BLOCK, TD_RUNNABLE, rcx, TD0, 0, 0, \
	    status, orcx, ordx, __VA_ARGS__)
#define UNBLOCK(name, rcx, status, orcx, ordx, ...) \
	MEM("UNBLOCK " name, TDH_MEM_RANGE_UNBLOCK, TD_RUNNABLE, rcx, TD0, 0, \
	    0, status, orcx, ordx, __VA_ARGS__)
#define TRACK(name, status_, ...) \
	{ .number = "TRACK " name, .td = TD_RUNNABLE, .leaf = TDH_MEM_TRACK, \
	  .in = { .rcx = TD0 }, .status = status_, __VA_ARGS__ }

static const struct row block_rows[] = {
	BLOCK("tree held shared", MAPPED, BUSY(SEPT_TREE), 0, 0,
	      FAULTS(HOLD("sept-shared:" TD0_TEXT, 1))),
	BLOCK("free", EMPTY, ST(EPT_ENTRY_STATE_INCORRECT), E_FREE, I(0, 0)),
	BLOCK("twice", MAPPED, ST(GPA_RANGE_ALREADY_BLOCKED),
	      E_BLOCKED(PAGE(TD0, 0)), I(1, 0), FAULTS(BLOCK_IT)),
	BLOCK("pending", PENDING, 0, 0, 0),
	BLOCK("table", CODE | 1, 0, 0, 0),
	BLOCK("success", MAPPED, 0, 0, 0),
	UNBLOCK("mapped", MAPPED, ST(EPT_ENTRY_STATE_INCORRECT),
		E_MAPPED(PAGE(TD0, 0)), I(4, 0)),
	UNBLOCK("not tracked", MAPPED,
		(u64)TDX_ST_TLB_TRACKING_NOT_DONE | OPERAND(SEPT_TREE), 0, 0,
		FAULTS(BLOCK_IT)),
	UNBLOCK("success", MAPPED, 0, 0, 0, FAULTS(BLOCK_IT, TRACK_IT)),
	TRACK("TDR held", BUSY(RCX), FAULTS(HOLD("pamt:" TD0_TEXT, 1))),
	TRACK("epoch held", BUSY(TD_EPOCH),
	      FAULTS(HOLD("epoch:" TD0_TEXT, 1))),
	TRACK("one inside", 0, FAULTS(HOLD("inside:" TD0_TEXT, 1))),
	TRACK("still inside", TDX_ST_PREVIOUS_TLB_EPOCH_BUSY,
	      FAULTS(HOLD("inside:" TD0_TEXT, 1), TRACK_IT)),
};

/* RCX, RDX; R8 is an output too. */
#define DATA(name, leaf_, attr, rcx_, status_, orcx, ordx, or8, ...) \
	{ .number = name, .td = TD_RUNNABLE, .attributes = attr, \
	  .leaf = leaf_, .in = { .rcx = rcx_, .rdx = TD0, .r8 = 0x1234 }, \
	  .status = status_, .outputs = O_RCX | O_RDX | O_R8, \
	  .out = { .rcx = orcx, .rdx = ordx, .r8 = or8 }, __VA_ARGS__ }
#define EXTEND(name, stage, rcx, status, orcx, ordx, ...) \
	MEM("EXTEND " name, TDH_MR_EXTEND, stage, rcx, TD0, 0, 0, status, \
	    orcx, ordx, __VA_ARGS__)

static const struct row data_rows[] = {
	DATA("RD no debug TD", TDH_MEM_RD, 0, MAPPED, TDX_ST_TD_NON_DEBUG, 0,
	     0, 0),
	DATA("RD alignment", TDH_MEM_RD, DEBUG_TD, MAPPED + 4, INVALID(RCX), 0,
	     0, 0),
	DATA("RD tree held", TDH_MEM_RD, DEBUG_TD, MAPPED, BUSY(SEPT_TREE), 0,
	     0, 0, FAULTS(HOLD("sept:" TD0_TEXT, 1))),
	DATA("RD no leaf", TDH_MEM_RD, DEBUG_TD, EMPTY,
	     ST(EPT_ENTRY_NOT_PRESENT), E_FREE, I(0, 0), 0),
	DATA("RD entry held", TDH_MEM_RD, DEBUG_TD, MAPPED, BUSY(RCX),
	     E_MAPPED(PAGE(TD0, 0)), I(4, 0), 0,
	     FAULTS(HOLD("entry:" SEPT4K_TEXT, 1))),
	DATA("RD pending", TDH_MEM_RD, DEBUG_TD, PENDING,
	     ST(EPT_ENTRY_STATE_INCORRECT), E_PENDING(PAGE(TD0, 1)), I(2, 0),
	     0),
	DATA("RD", TDH_MEM_RD, DEBUG_TD, MAPPED, 0, 0, 0, MAPPED_WORD),
	DATA("WR", TDH_MEM_WR, DEBUG_TD, MAPPED, 0, 0, 0, MAPPED_WORD),
	EXTEND("TDR held shared", TD_MAPPED, MAPPED, BUSY(RDX), 0, 0,
	       FAULTS(HOLD("pamt-shared:" TD0_TEXT, 1))),
	EXTEND("OP_STATE", TD_RUNNABLE, MAPPED, TDX_ST_OP_STATE_INCORRECT, 0,
	       0),
	EXTEND("alignment", TD_MAPPED, MAPPED + 128, INVALID(RCX), 0, 0),
	EXTEND("free", TD_MAPPED, EMPTY, ST(EPT_ENTRY_NOT_PRESENT), E_FREE,
	       I(0, 0)),
	EXTEND("pending", TD_MAPPED, PENDING, TDX_ST_EPT_ENTRY_NOT_PRESENT,
	       E_PENDING(PAGE(TD0, 1)), I(2, 0)),
	EXTEND("success", TD_MAPPED, MAPPED + 0xf00, 0, 0, 0),
};

#define RUN(rows)	table_run(#rows, rows, ARRAY_LEN(rows))

static void test_sept(void **state)
{
	RUN(sept_rows);
}

static void test_pages(void **state)
{
	RUN(page_rows);
}

static void test_block(void **state)
{
	RUN(block_rows);
}

static void test_data(void **state)
{
	RUN(data_rows);
}

const struct CMUnitTest td_mem_tests[] = {
	cmocka_unit_test(test_sept),
	cmocka_unit_test(test_pages),
	cmocka_unit_test(test_block),
	cmocka_unit_test(test_data),
};
const size_t nr_td_mem_tests = ARRAY_LEN(td_mem_tests);
