// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contention, with real threads as LPs: what the TDX module answers when two
 * calls are in flight at once.
 * Source: TDX Module ABI 1.5, "Concurrency Restrictions".
 *
 * A call stops at a gate where it takes its time, and the test goes on when
 * it is known to be there: nothing depends on the scheduler.
 */
#include <pthread.h>

#include "env_user.h"
#include "table.h"

struct caller {
	pthread_t thread;
	struct env_gate gate;
	struct model *m;
	unsigned int lp;
	u64 leaf;
	struct model_regs regs;
};

static void *run_call(void *arg)
{
	struct caller *c = arg;

	env_gate_arm(&c->gate);
	c->regs.rax = c->leaf;
	model_seamcall(c->m, c->lp, &c->regs);
	return NULL;
}

/* Starts the call and returns once it is in the midst of its work. */
static void start(struct caller *c, struct model *m, unsigned int lp, u64 leaf,
		  struct model_regs regs)
{
	c->m = m;
	c->lp = lp;
	c->leaf = leaf;
	c->regs = regs;
	env_gate_init(&c->gate);
	assert_int_equal(pthread_create(&c->thread, NULL, run_call, c), 0);
	env_gate_wait(&c->gate);
}

static u64 finish(struct caller *c)
{
	env_gate_open(&c->gate);
	pthread_join(c->thread, NULL);
	return c->regs.rax;
}

static struct model *slow_model(enum stage stage)
{
	struct model *m = table_model(NULL);

	env_user_reset();
	table_write_tdmrs();
	table_reach(m, stage);
	/* Calls take time, so that there is a gate. */
	model_set_call_ns(m, 1);
	model_set_tdmr_init_ns(m, 1);
	return m;
}

static const struct model_regs no_regs;

/* An exclusive leaf in flight turns everybody away who wants the lock. */
static void test_exclusive_in_flight(void **state)
{
	const struct model_regs config = { .rcx = ARRAY_PA, .rdx = 2,
					   .r8 = GLOBAL_KEYID };
	struct model *m = slow_model(LPS_READY);
	struct caller c;

	start(&c, m, 0, TDH_SYS_CONFIG, config);
	assert_int_equal(table_simple(m, 1, TDH_SYS_CONFIG, ARRAY_PA, 2, 32),
			 TDX_ST_SYS_BUSY);
	assert_int_equal(table_simple(m, 1, TDH_SYS_LP_INIT, 0, 0, 0),
			 TDX_ST_SYS_BUSY);
	assert_int_equal(table_simple(m, 1, TDH_SYS_KEY_CONFIG, 0, 0, 0),
			 TDX_ST_SYS_BUSY);
	assert_int_equal(table_simple(m, 2, TDH_SYS_UPDATE, 0, 0, 0),
			 TDX_ST_SYS_BUSY);
	/* Busy even for what would be refused anyway, outputs cleared. */
	assert_int_equal(table_simple(m, 2, TDH_SYS_INIT, 1, 0, 0),
			 TDX_ST_SYS_BUSY);
	assert_int_equal(finish(&c), 0);
	model_destroy(m);
}

/* SYS.RD and its kin take no lock. */
static void test_readers_need_no_lock(void **state)
{
	struct model *m = slow_model(CONFIGURED);
	struct caller c;

	start(&c, m, 0, TDH_SYS_KEY_CONFIG, no_regs);
	assert_int_equal(table_simple(m, 1, TDH_SYS_RD, 0,
				      0x9100000100000008ULL, 0), 0);
	assert_int_equal(finish(&c), 0);
	model_destroy(m);
}

/* LP.INITs share the lock, and keep an exclusive leaf out meanwhile. */
static void test_lp_init_parallel(void **state)
{
	struct model *m = slow_model(INITED);
	struct caller c[LPS];
	struct model_stats s;
	unsigned int i;

	for (i = 0; i < LPS - 1; i++)
		start(&c[i], m, i, TDH_SYS_LP_INIT, no_regs);
	assert_int_equal(table_simple(m, 3, TDH_SYS_INIT, 0, 0, 0),
			 TDX_ST_SYS_BUSY);
	start(&c[i], m, i, TDH_SYS_LP_INIT, no_regs);
	for (i = 0; i < LPS; i++)
		assert_int_equal(finish(&c[i]), 0);
	model_get_stats(m, &s);
	assert_int_equal(s.lps_done, LPS);
	model_destroy(m);
}

/* One TDMR: OPERAND_BUSY|RCX.  Another: none of its business. */
static void test_tdmr_contention(void **state)
{
	const struct model_regs tdmr0 = { .rcx = TDMR0 };
	struct model *m = slow_model(KEYED);
	struct model_regs r = { .rcx = TDMR0, .rdx = 99 };
	struct caller c;

	start(&c, m, 0, TDH_SYS_TDMR_INIT, tdmr0);
	assert_int_equal(table_call(m, 1, TDH_SYS_TDMR_INIT, &r), BUSY(RCX));
	assert_int_equal(r.rdx, 0);
	model_set_tdmr_init_ns(m, 0);
	assert_int_equal(table_simple(m, 1, TDH_SYS_TDMR_INIT, TDMR1, 0, 0),
			 0);
	assert_int_equal(finish(&c), 0);
	model_destroy(m);
}

/* SHUTDOWN that finds somebody inside: others see SYS_SHUTDOWN for a while. */
static void test_transient_shutdown(void **state)
{
	const struct model_regs tdmr0 = { .rcx = TDMR0 };
	struct model *m = slow_model(KEYED);
	struct caller inside, shutdown;
	struct model_stats s;

	start(&inside, m, 0, TDH_SYS_TDMR_INIT, tdmr0);
	start(&shutdown, m, 1, TDH_SYS_SHUTDOWN, no_regs);
	assert_int_equal(table_simple(m, 2, TDH_SYS_RD, 0, NULL_ID, 0),
			 TDX_ST_SYS_SHUTDOWN);
	assert_int_equal(finish(&shutdown), TDX_ST_SYS_BUSY);
	model_set_call_ns(m, 0);
	assert_int_equal(table_simple(m, 2, TDH_SYS_RD, 0, NULL_ID, 0),
			 TDX_ST_METADATA_FIRST_FIELD_ID_IN_CONTEXT);
	assert_int_equal(finish(&inside), 0);
	model_get_stats(m, &s);
	assert_int_equal(s.state, 3);
	assert_int_equal(table_simple(m, 1, TDH_SYS_SHUTDOWN, 0, 0, 0), 0);
	model_destroy(m);
}

/**
 * struct worker - an LP that initialises every TDMR until nobody has work
 * @done: calls that returned SUCCESS
 * @busy: that returned OPERAND_BUSY|RCX
 * @wrong: that returned anything else
 */
struct worker {
	pthread_t thread;
	struct model *m;
	unsigned int lp;
	unsigned long done, busy, wrong;
};

static bool step(struct worker *w, u64 tdmr)
{
	struct model_regs r = { .rax = TDH_SYS_TDMR_INIT, .rcx = tdmr };

	model_seamcall(w->m, w->lp, &r);
	if (r.rax == TDX_ST_TDMR_ALREADY_INITIALIZED)
		return false;
	if (r.rax == TDX_ST_SUCCESS)
		w->done++;
	else if (r.rax == BUSY(RCX))
		w->busy++;
	else
		w->wrong++;
	return true;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	bool first, second;

	do {
		first = step(w, w->lp & 1 ? TDMR0 : TDMR1);
		second = step(w, w->lp & 1 ? TDMR1 : TDMR0);
	} while (first || second);
	return NULL;
}

/* All LPs on all TDMRs: each piece is initialised exactly once. */
static void test_many_workers(void **state)
{
	struct model *m = table_model(NULL);
	struct worker w[LPS] = { 0 };
	unsigned long done = 0, busy = 0, wrong = 0;
	unsigned int i;

	env_user_reset();
	table_write_tdmrs();
	table_reach(m, KEYED);
	model_set_tdmr_init_ns(m, 60000);
	for (i = 0; i < LPS; i++) {
		w[i].m = m;
		w[i].lp = i;
		pthread_create(&w[i].thread, NULL, work, &w[i]);
	}
	for (i = 0; i < LPS; i++) {
		pthread_join(w[i].thread, NULL);
		done += w[i].done;
		busy += w[i].busy;
		wrong += w[i].wrong;
	}
	print_message("%lu calls, %lu met OPERAND_BUSY\n", done, busy);
	assert_int_equal(done, 256 * 3);
	assert_int_equal(wrong, 0);
	assert_true(busy > 0);
	assert_int_equal(model_verify_pamt(m, 0, NULL, NULL), 0);
	model_destroy(m);
}

const struct CMUnitTest thread_tests[] = {
	cmocka_unit_test(test_exclusive_in_flight),
	cmocka_unit_test(test_readers_need_no_lock),
	cmocka_unit_test(test_lp_init_parallel),
	cmocka_unit_test(test_tdmr_contention),
	cmocka_unit_test(test_transient_shutdown),
	cmocka_unit_test(test_many_workers),
};
const size_t nr_thread_tests = ARRAY_LEN(thread_tests);
