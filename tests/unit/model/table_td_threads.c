// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDs under real contention: four LPs make, run and unmake TDs, and two VCPUs
 * of one TD run at once.
 */
#include <pthread.h>
#include <string.h>

#include "td.h"

GUEST_DECLARE(ping_pong);

#define WORKERS		4
#define TDS_EACH	50
#define SPACE(i)	(TD0 + 0x400000ULL * (i))
#define CLASS(status)	((status) >> 32)

struct worker {
	struct model *m;
	unsigned int lp;
	u64 bad;		/* first answer that was not expected */
	u64 bad_leaf;
	unsigned long busy;
};

/* As a host does: again while somebody holds the operand. */
static u64 call(struct worker *w, unsigned int lp, u64 leaf,
		struct model_regs *r)
{
	const struct model_regs in = *r;

	do {
		*r = in;
		r->rax = leaf;
		if (model_seamcall(w->m, lp, r) != MODEL_RETURNED)
			return ~0ULL;
		if (CLASS(r->rax) == CLASS((u64)TDX_ST_OPERAND_BUSY))
			w->busy++;
	} while (CLASS(r->rax) == CLASS((u64)TDX_ST_OPERAND_BUSY));
	return r->rax;
}

static u64 want(struct worker *w, unsigned int lp, u64 leaf, u64 rcx, u64 rdx,
		u64 r8, u64 r9, u64 status)
{
	struct model_regs r = { .rcx = rcx, .rdx = rdx, .r8 = r8, .r9 = r9 };
	u64 got = call(w, lp, leaf, &r);

	if (got != status && !w->bad) {
		w->bad = got ? got : 1;
		w->bad_leaf = leaf;
	}
	return got;
}

#define OK(leaf, rcx, rdx, r8)	want(w, w->lp, leaf, rcx, rdx, r8, 0, 0)

static void build(struct worker *w, u64 tdr, u64 keyid, u64 program)
{
	unsigned int other = (w->lp + LPS / PKGS) % LPS, i;

	OK(TDH_MNG_CREATE, tdr, keyid, 0);
	OK(TDH_MNG_KEY_CONFIG, tdr, 0, 0);
	want(w, other, TDH_MNG_KEY_CONFIG, tdr, 0, 0, 0, 0);
	for (i = 0; i < TDCX_PAGES; i++)
		OK(TDH_MNG_ADDCX, TDCX(tdr, i), tdr, 0);
	OK(TDH_MNG_INIT, tdr, PARAMS, 0);
	OK(TDH_VP_CREATE, TDVPR(tdr, 0), tdr, 0);
	for (i = 1; i < TDVPX_PAGES; i++)
		OK(TDH_VP_ADDCX, TDVPX(tdr, 0, i), TDVPR(tdr, 0), 0);
	OK(TDH_VP_INIT, TDVPR(tdr, 0), 0, 0);
	/* The reset vector's page is the program's: one table at each level. */
	OK(TDH_MEM_SEPT_ADD, 3, tdr, SEPT(tdr));
	OK(TDH_MEM_SEPT_ADD, 0xc0000000 | 2, tdr, SEPT(tdr) + 0x1000);
	OK(TDH_MEM_SEPT_ADD, 0xffe00000 | 1, tdr, SEPT(tdr) + 0x2000);
	want(w, w->lp, TDH_MEM_PAGE_ADD, 0xfffff000, tdr, PAGE(tdr, 0),
	     program, 0);
	OK(TDH_MR_EXTEND, 0xfffff000, tdr, 0);
	OK(TDH_MR_FINALIZE, tdr, 0, 0);
}

static void unbuild(struct worker *w, u64 tdr)
{
	unsigned int other = (w->lp + LPS / PKGS) % LPS, i;
	struct model_regs wb = { 0 };

	OK(TDH_VP_FLUSH, TDVPR(tdr, 0), 0, 0);
	OK(TDH_MNG_VPFLUSHDONE, tdr, 0, 0);
	/* Another worker's flush may have taken ours along: both are fine. */
	call(w, w->lp, TDH_PHYMEM_CACHE_WB, &wb);
	wb.rcx = 0;
	call(w, other, TDH_PHYMEM_CACHE_WB, &wb);
	OK(TDH_MNG_KEY_FREEID, tdr, 0, 0);
	for (i = 0; i < TDCX_PAGES; i++)
		OK(TDH_PHYMEM_PAGE_RECLAIM, TDCX(tdr, i), 0, 0);
	for (i = 0; i < TDVPX_PAGES; i++)
		OK(TDH_PHYMEM_PAGE_RECLAIM, TDVPX(tdr, 0, i), 0, 0);
	for (i = 0; i < 3; i++)
		OK(TDH_PHYMEM_PAGE_RECLAIM, SEPT(tdr) + 0x1000 * i, 0, 0);
	OK(TDH_PHYMEM_PAGE_RECLAIM, PAGE(tdr, 0), 0, 0);
	OK(TDH_PHYMEM_PAGE_RECLAIM, tdr, 0, 0);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	u64 tdr = SPACE(w->lp);
	unsigned int i;

	for (i = 0; i < TDS_EACH && !w->bad; i++) {
		build(w, tdr, KEYID0 + w->lp, SOURCE);
		want(w, w->lp, TDH_VP_ENTER, TDVPR(tdr, 0), 0, 0, 0, 77);
		unbuild(w, tdr);
	}
	return NULL;
}

/* 200 TDs, four at a time; nothing is left behind. */
static void test_many_tds(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	struct worker w[WORKERS];
	pthread_t t[WORKERS];
	struct model_stats s;
	unsigned long busy = 0;
	unsigned int i;

	td_params(0);
	env_write_phys(SOURCE, GUEST(short));
	memset(w, 0, sizeof(w));
	for (i = 0; i < WORKERS; i++) {
		w[i].m = m;
		w[i].lp = i;
		assert_int_equal(pthread_create(&t[i], NULL, work, &w[i]), 0);
	}
	for (i = 0; i < WORKERS; i++) {
		pthread_join(t[i], NULL);
		if (w[i].bad)
			print_error("LP %u: leaf %llu gave %016llx\n", i,
				    w[i].bad_leaf, w[i].bad);
		assert_int_equal(w[i].bad, 0);
		busy += w[i].busy;
	}
	model_get_stats(m, &s);
	print_message("%u TDs by %u threads, OPERAND_BUSY %lu times\n",
		      WORKERS * TDS_EACH, WORKERS, busy);
	assert_int_equal(s.pamt_in_use, 0);
	assert_int_equal(s.private_pages, 0);
	assert_int_equal(s.private_corrupt, 0);
	assert_int_equal(s.tds, 0);
	assert_int_equal(s.vcpus, 0);
	assert_int_equal(s.keyids_in_use, 0);
	model_destroy(m);
}

/* An entry ends by itself (RAX 1) when its guest has been waiting for long. */
static void *run_vcpu(void *arg)
{
	struct worker *w = arg;
	u64 tdvpr = TDVPR(TD0, w->lp), status;
	struct model_regs r;

	do {
		r = (struct model_regs) { .rcx = tdvpr };
		status = call(w, w->lp, TDH_VP_ENTER, &r);
	} while (status == 1);
	if (status != 77)
		w->bad = status;
	return NULL;
}

static void test_two_vcpus(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	struct worker w[2];
	pthread_t t[2];
	unsigned int i;

	td_create(m, TD0, KEYID0);
	td_init(m, TD0, 0);
	td_vcpu(m, 0, TD0, 0);
	td_vcpu(m, 1, TD0, 1);
	i = td_tables(m, TD0, CODE, SEPT(TD0));
	td_tables(m, TD0, RESET_PAGE, SEPT(TD0) + 4096 * i);
	td_add(m, TD0, RESET_PAGE, PAGE(TD0, 0), GUEST(reset));
	td_add(m, TD0, CODE, PAGE(TD0, 1), GUEST(ping_pong));
	assert_int_equal(td_call(m, TDH_MR_FINALIZE, TD0, 0, 0), 0);
	memset(w, 0, sizeof(w));
	for (i = 0; i < 2; i++) {
		w[i].m = m;
		w[i].lp = i;
		assert_int_equal(pthread_create(&t[i], NULL, run_vcpu, &w[i]),
				 0);
	}
	for (i = 0; i < 2; i++) {
		pthread_join(t[i], NULL);
		assert_int_equal(w[i].bad, 0);
	}
	model_destroy(m);
}

const struct CMUnitTest td_thread_tests[] = {
	cmocka_unit_test(test_many_tds),
	cmocka_unit_test(test_two_vcpus),
};
const size_t nr_td_thread_tests = ARRAY_LEN(td_thread_tests);
