// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a guest finds that its CPU does: how it starts, paging, exceptions, and
 * #VE.  Instructions that work on registers and memory alone are in cpu_test.c.
 */
#include <string.h>

#include "td.h"

GUEST_DECLARE(initial);
GUEST_DECLARE(tdcall32);
GUEST_DECLARE(port);
GUEST_DECLARE(ve);
GUEST_DECLARE(df);
GUEST_DECLARE(no_df);
GUEST_DECLARE(stackless);
GUEST_DECLARE(crossing);
GUEST_DECLARE(fitting);
GUEST_DECLARE(faults);
GUEST_DECLARE(tables);

#define VP0		TDVPR(TD0, 0)
#define DATA		(CODE + 0x10000)
#define SMALL		0x200000ULL
#define SHUTDOWN	((u64)TDX_ST_NON_RECOVERABLE_VCPU | 2)

/* Neither more nor less than the interpreter knows. */
static void assert_known(struct model *m)
{
	struct model_stats s;

	model_get_stats(m, &s);
	assert_int_equal(s.refused, 0);
}

/* A TD whose guest is in the first page alone. */
static struct model *reset_model(const u8 *page, size_t size)
{
	struct model *m = td_model(MODEL_V1_5);

	td_create(m, TD0, KEYID0);
	td_init(m, TD0, 0);
	td_vcpu(m, 0, TD0, 0);
	td_tables(m, TD0, RESET_PAGE, SEPT(TD0));
	td_add(m, TD0, RESET_PAGE, PAGE(TD0, 0), page, size);
	assert_int_equal(td_call(m, TDH_MR_FINALIZE, TD0, 0, 0), 0);
	return m;
}

static struct model *code_model(u64 attributes, const u8 *code, size_t size)
{
	struct model *m = td_model(MODEL_V1_5);

	td_ready(m, TD0, KEYID0, attributes, code, size);
	return m;
}

static void test_initial(void **state)
{
	struct model *m = reset_model(GUEST(initial));
	struct model_regs r = { 0 };

	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	assert_int_equal(r.r12, 0x31);		/* PE, ET, NE */
	assert_int_equal(r.r13, 0x40);		/* MCE */
	assert_int_equal(r.r14, 0xd01);		/* SCE, LME, LMA, NXE */
	/* The descriptor is marked as accessed by who loads it. */
	assert_int_equal(r.r15, 0x00af9b000000ffff);
	assert_known(m);
	model_destroy(m);
}

/* Nothing to handle an exception with. */
static void test_shutdown(void **state)
{
	struct model *m = reset_model(GUEST(tdcall32));
	struct model_regs r = { 0 };

	assert_int_equal(td_enter(m, 0, VP0, &r), SHUTDOWN);
	assert_known(m);
	model_destroy(m);
	m = code_model(0, GUEST(port));
	assert_int_equal(td_enter(m, 0, VP0, &r), SHUTDOWN);
	assert_known(m);
	model_destroy(m);
	m = code_model(0, GUEST(no_df));
	assert_int_equal(td_enter(m, 0, VP0, &r), SHUTDOWN);
	assert_known(m);
	model_destroy(m);
}

static void test_ve(void **state)
{
	static const struct {
		u64 reason, qualification, gpa, gla, length;
	} rows[] = {
		{ 30, 0x3f80003, 0, 0, 1 },
		{ 30, 0x400048, 0, 0, 2 },
		{ 10, 0, 0, 0, 2 },
		{ 12, 0, 0, 0, 1 },
		{ 31, 0, 0, 0, 2 },
		{ 32, 0, 0, 0, 2 },
		{ 28, 0x304, 0, 0, 3 },		/* RBX to CR4 */
		{ 28, 0x600, 0, 0, 3 },		/* RSI to CR0 */
		{ 32, 0, 0, 0, 2 },
		{ 48, 0x181, DATA + 0x123, DATA + 0x123, 0 },
	};
	struct model *m = code_model(0, GUEST(ve));
	struct model_regs r = { 0 };
	unsigned int i;

	assert_int_equal(td_call(m, TDH_MEM_PAGE_AUG, DATA, TD0, PAGE(TD0, 2)),
			 0);
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(td_enter(m, 0, VP0, &r), 77);
		assert_int_equal(r.r11, rows[i].reason);
		assert_int_equal(r.r12, rows[i].qualification);
		assert_int_equal(r.r13, rows[i].gpa);
		assert_int_equal(r.r14, rows[i].gla);
		assert_int_equal(r.r10, rows[i].length);
	}
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	assert_int_equal(r.r12, 0xd00);
	assert_int_equal(r.r13, 0);
	assert_known(m);
	model_destroy(m);
}

/* A #VE before the last one's information was fetched. */
static void test_df(void **state)
{
	struct model *m = code_model(0, GUEST(df));
	struct model_regs r = { 0 };

	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	assert_int_equal(r.r11, 8);
	assert_int_equal(r.r12, 0);
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	assert_int_equal(r.r11, 12);
	assert_known(m);
	model_destroy(m);
}

/* An exit while #VE is delivered: it is delivered again, and not met again. */
static void test_lost_event(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	struct model_regs r = { 0 };
	unsigned int tables;

	td_create(m, TD0, KEYID0);
	td_init(m, TD0, 0);
	td_vcpu(m, 0, TD0, 0);
	tables = td_tables(m, TD0, CODE, SEPT(TD0));
	td_tables(m, TD0, RESET_PAGE, SEPT(TD0) + 4096 * tables);
	td_add(m, TD0, RESET_PAGE, PAGE(TD0, 0), GUEST(reset));
	td_add(m, TD0, CODE, PAGE(TD0, 1), GUEST(stackless));
	td_add(m, TD0, DATA, PAGE(TD0, 2), NULL, 0);
	assert_int_equal(td_call(m, TDH_MR_FINALIZE, TD0, 0, 0), 0);

	assert_int_equal(td_call(m, TDH_MEM_RANGE_BLOCK, DATA, TD0, 0), 0);
	assert_int_equal(td_call(m, TDH_MEM_TRACK, TD0, 0, 0), 0);
	assert_int_equal(td_enter(m, 0, VP0, &r), 48);
	assert_int_equal(r.rcx, 0x182);
	assert_int_equal(r.r8, DATA);
	assert_int_equal(td_call(m, TDH_MEM_RANGE_UNBLOCK, DATA, TD0, 0), 0);
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	assert_int_equal(r.r11, 12);
	assert_known(m);
	model_destroy(m);
}

/* The next page is fetched from only by an instruction that reaches it. */
static void test_fetch(void **state)
{
	struct model *m = code_model(0, GUEST(crossing));
	struct model_regs r = { 0 };

	assert_int_equal(td_enter(m, 0, VP0, &r), 48);
	assert_int_equal(r.rcx, 0x184);
	assert_int_equal(r.r8, CODE + 0x1000);
	model_destroy(m);
	m = code_model(0, GUEST(fitting));
	assert_int_equal(td_enter(m, 0, VP0, &r), SHUTDOWN);
	assert_known(m);
	model_destroy(m);
}

static struct model *faults_model(unsigned int tables)
{
	struct model *m = td_model(MODEL_V1_5);
	unsigned int n, i;

	td_create(m, TD0, KEYID0);
	td_init(m, TD0, 0);
	td_vcpu(m, 0, TD0, 0);
	n = td_tables(m, TD0, CODE, SEPT(TD0));
	td_tables(m, TD0, RESET_PAGE, SEPT(TD0) + 4096 * n);
	td_add(m, TD0, RESET_PAGE, PAGE(TD0, 0), GUEST(reset));
	td_add(m, TD0, CODE, PAGE(TD0, 1), GUEST(faults));
	td_add(m, TD0, DATA, PAGE(TD0, 2), NULL, 0);
	for (i = 0; i < tables; i++)
		td_add(m, TD0, CODE + 0x1000 * (i + 1), PAGE(TD0, 3 + i),
		       guest_tables + 0x1000 * i, 0x1000);
	assert_int_equal(td_call(m, TDH_MR_FINALIZE, TD0, 0, 0), 0);
	return m;
}

static void test_faults(void **state)
{
	/* Vector, error code, CR2. */
	static const struct {
		u64 vector, error, cr2;
	} rows[] = {
		{ 14, 3, SMALL + 0x1010 },
		{ 14, 3, SMALL + 0x200010 },
		{ 14, 0, SMALL + 0x3000 },
		{ 14, 2, SMALL + 0x3000 },
		{ 14, 2, SMALL + 0x3000 },	/* the half that is not there */
		{ 14, 0x11, SMALL + 0x2000 },
		{ 14, 9, SMALL + 0x4000 },
		{ 14, 9, 0x100000000 },
		{ 14, 9, 0x10000000000 },
		{ 14, 0, 0x80000000 },
		{ 14, 0, 0x8000000000 },
		{ 13, 0, 0x8000000000 },
		{ 6, 0, 0x8000000000 },
		{ 13, 0x10, 0x8000000000 },
		{ 13, 0, 0x8000000000 },
	};
	struct model *m = faults_model(4);
	struct model_regs r = { 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(td_enter(m, 0, VP0, &r), 77);
		assert_int_equal(r.r11, rows[i].vector);
		assert_int_equal(r.r12, rows[i].error);
		assert_int_equal(r.r13, rows[i].cr2);
	}
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	assert_int_equal(r.r12, DATA + 0x63);	/* accessed and dirty */
	assert_int_equal(r.r13, DATA + 0x61);
	assert_int_equal(r.r14, CODE + 0x4023);	/* accessed */
	/* The half that was there is as before. */
	assert_int_equal(r.r15, 0);
	assert_known(m);
	model_destroy(m);
}

/* A table that is not there is no access of the guest's own to that page. */
static void test_walk(void **state)
{
	struct model *m = faults_model(3);
	struct model_regs r = { 0 };

	assert_int_equal(td_enter(m, 0, VP0, &r), 48);
	assert_int_equal(r.rcx, 0x81);
	assert_int_equal(r.r8, CODE + 0x4000);
	model_destroy(m);
}

const struct CMUnitTest td_x86_tests[] = {
	cmocka_unit_test(test_initial),
	cmocka_unit_test(test_shutdown),
	cmocka_unit_test(test_ve),
	cmocka_unit_test(test_df),
	cmocka_unit_test(test_lost_event),
	cmocka_unit_test(test_fetch),
	cmocka_unit_test(test_faults),
	cmocka_unit_test(test_walk),
};
const size_t nr_td_x86_tests = ARRAY_LEN(td_x86_tests);
