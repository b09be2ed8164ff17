// SPDX-License-Identifier: GPL-2.0-only
/*
 * Progress of TDH.SYS.TDMR.INIT, who owns PAMT memory and KeyIDs, and the
 * first steps of a TD.
 */
#include <string.h>

#include "table.h"

#define PAMT_4K_TDMR0	(PAMT_AREA + 0x400000)
#define BUF		0x2000000ULL

static struct model *at_stage(enum stage stage, enum model_version version)
{
	const struct row r = { .version = VERSION(version) };
	struct model *m = table_model(&r);

	env_user_reset();
	table_write_tdmrs();
	table_reach(m, stage);
	return m;
}

/* 4 MiB a call; RDX moves once in a GiB; the last call is no ALREADY. */
static void test_progress(void **state)
{
	struct model *m = at_stage(KEYED, MODEL_V1_5);
	struct model_stats s;
	unsigned int i;

	for (i = 1; i <= 512; i++) {
		struct model_regs r = { .rcx = TDMR1, .rdx = 99 };

		/* LPs may take turns. */
		assert_int_equal(table_call(m, i % LPS, TDH_SYS_TDMR_INIT, &r),
				 0);
		assert_int_equal(r.rdx, TDMR1 + i / 256 * GB(1));
		/* A block is usable as soon as it is complete. */
		assert_int_equal(table_simple(m, 0, TDH_PHYMEM_PAGE_RDMD,
					      TDMR1 + 0x5000, 0, 0),
				 i < 256 ? RANGE(RCX) : 0);
		assert_int_equal(table_simple(m, 0, TDH_PHYMEM_PAGE_RDMD,
					      TDMR1 + GB(1), 0, 0),
				 i < 512 ? RANGE(RCX) : 0);
	}
	assert_int_equal(table_simple(m, 0, TDH_SYS_TDMR_INIT, TDMR1, 0, 0),
			 TDX_ST_TDMR_ALREADY_INITIALIZED);
	model_get_stats(m, &s);
	assert_int_equal(s.tdmrs, 2);
	assert_int_equal(s.tdmrs_done, 1);
	assert_int_equal(s.pamt_pages, 2048 + 4 + 1);
	model_destroy(m);
}

struct found {
	unsigned int n;
	u64 pa[8];
};

static void note(void *ctx, u64 pa)
{
	struct found *f = ctx;

	if (f->n < ARRAY_LEN(f->pa))
		f->pa[f->n] = pa;
	f->n++;
}

/* A deliberate write is reported with its address, once, and repaired. */
static void test_foreign_write(void **state)
{
	const u8 byte = 0;
	struct model *m = at_stage(DONE, MODEL_V1_5);
	struct found f = { 0 };
	u64 pa = PAMT_4K_TDMR0 + 0x3005, before = table_read64(pa & ~7ULL);
	u8 old;

	assert_int_equal(model_verify_pamt(m, 0, note, &f), 0);
	env_read_phys(pa, &old, 1);
	if (old == byte)
		pa++;
	env_write_phys(pa, &byte, 1);
	assert_int_equal(model_verify_pamt(m, 0, note, &f), 1);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.pa[0], pa);
	assert_int_equal(table_read64(pa & ~7ULL), before);
	assert_int_equal(model_verify_pamt(m, 0, note, &f), 0);
	model_destroy(m);
}

/* Every PAMT level is watched, first byte and last. */
static void test_every_level(void **state)
{
	static const u64 places[] = {
		PAMT_AREA, PAMT_AREA + 0xfff, PAMT_AREA + 0x1000,
		PAMT_AREA + 0x2fff, PAMT_4K_TDMR0, PAMT_4K_TDMR0 + 0x3fffff,
		PAMT_AREA + 0x800000, PAMT_AREA + 0xffffff,
	};
	struct model *m = at_stage(DONE, MODEL_V1_5);
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(places); i++) {
		struct found f = { 0 };
		u8 byte;

		env_read_phys(places[i], &byte, 1);
		byte ^= 0x10;
		env_write_phys(places[i], &byte, 1);
		assert_int_equal(model_verify_pamt(m, 0, note, &f), 1);
		assert_int_equal(f.pa[0], places[i]);
	}
	/* What no TDMR.INIT wrote is nobody's. */
	table_write64(PAMT_AREA + 0x10000, ~0ULL);
	assert_int_equal(model_verify_pamt(m, 0, NULL, NULL), 0);
	model_destroy(m);
}

/* Later calls find it too, one page each, and keep it for the report. */
static void test_found_by_calls(void **state)
{
	struct model *m = at_stage(DONE, MODEL_V1_5);
	struct model_stats s;
	struct found f = { 0 };
	unsigned int i;

	model_get_stats(m, &s);
	assert_int_equal(s.pamt_corrupt, 0);
	assert_int_equal(s.pamt_pages, 1024 + 2 + 1 + 2048 + 4 + 1);
	table_write64(PAMT_4K_TDMR0 + 0x8000, 0x1234);
	for (i = 0; i < s.pamt_pages; i++)
		table_simple(m, 1, TDH_SYS_LP_SHUTDOWN, 0, 0, 0);
	model_get_stats(m, &s);
	assert_int_equal(s.pamt_corrupt, 1);
	assert_int_equal(model_verify_pamt(m, 1, note, &f), 1);
	assert_true(f.pa[0] >= PAMT_4K_TDMR0 + 0x8000 &&
		    f.pa[0] < PAMT_4K_TDMR0 + 0x8008);
	model_destroy(m);
}

/* After SHUTDOWN the memory still is the module's; after DISABLE it is not. */
static void test_given_back(void **state)
{
	struct model *m = at_stage(DONE, MODEL_V2_0);
	struct model_stats s;

	assert_int_equal(table_simple(m, 0, TDH_SYS_SHUTDOWN, 0, 0, 0), 0);
	table_write64(PAMT_4K_TDMR0, ~table_read64(PAMT_4K_TDMR0));
	assert_int_equal(model_verify_pamt(m, 0, NULL, NULL), 1);
	assert_int_equal(table_simple(m, 0, TDH_SYS_DISABLE, 0, 0, 0), 0);
	table_write64(PAMT_4K_TDMR0, 0x1234);
	assert_int_equal(model_verify_pamt(m, 0, NULL, NULL), 0);
	assert_int_equal(table_read64(PAMT_4K_TDMR0), 0x1234);
	model_get_stats(m, &s);
	assert_int_equal(s.pamt_pages, 0);
	model_destroy(m);
}

/* SYS.CONFIG that fails late keeps the KeyID; another try leaks it. */
static void test_keyid_leak(void **state)
{
	struct model *m = at_stage(LPS_READY, MODEL_V1_5);
	struct model_stats s;
	unsigned int i;

	table_write64(INFO_PA(1), GB(15));
	assert_int_equal(table_simple(m, 0, TDH_SYS_CONFIG, ARRAY_PA, 2, 40),
			 (u64)TDX_ST_TDMR_OUTSIDE_CMRS | 1);
	/* Refused before R8 is looked at: no KeyID is touched. */
	table_simple(m, 0, TDH_SYS_CONFIG, ARRAY_PA, 0, 41);
	table_write_tdmrs();
	assert_int_equal(table_simple(m, 0, TDH_SYS_CONFIG, ARRAY_PA, 2, 32),
			 0);
	for (i = 0; i < LPS; i += 2)
		table_simple(m, i, TDH_SYS_KEY_CONFIG, 0, 0, 0);
	for (i = 0; i < 256; i++)
		table_simple(m, 0, TDH_SYS_TDMR_INIT, TDMR0, 0, 0);
	model_get_stats(m, &s);
	assert_int_equal(s.keyids_in_use, 1);
	assert_int_equal(table_simple(m, 0, TDH_MNG_CREATE, TDMR0, 32, 0),
			 TDX_ST_HKID_NOT_FREE);
	assert_int_equal(table_simple(m, 0, TDH_MNG_CREATE, TDMR0, 40, 0),
			 TDX_ST_HKID_NOT_FREE);
	assert_int_equal(table_simple(m, 0, TDH_MNG_CREATE, TDMR0, 41, 0), 0);
	model_destroy(m);
}

static u64 call(struct model *m, unsigned int lp, u64 leaf, u64 rcx, u64 rdx)
{
	return table_simple(m, lp, leaf, rcx, rdx, 0);
}

static u64 page_type(struct model *m, u64 pa)
{
	struct model_regs r = { .rcx = pa };

	assert_int_equal(table_call(m, 0, TDH_PHYMEM_PAGE_RDMD, &r), 0);
	return r.rcx;
}

/* Creation and keys of a TD, with what can fail on the way. */
static void create_td(struct model *m, u64 tdr)
{
	unsigned int i;

	model_starve(m, 0, MODEL_RDSEED, 1);
	assert_int_equal(call(m, 0, TDH_MNG_CREATE, tdr, 50),
			 TDX_ST_RND_NO_ENTROPY);
	model_hold(m, "kot", 1);
	assert_int_equal(call(m, 0, TDH_MNG_CREATE, tdr, 50), BUSY(KOT));
	model_release(m, "kot", 1);
	model_hold(m, "pamt:0x100000000", 1);
	assert_int_equal(call(m, 0, TDH_MNG_CREATE, tdr, 50), BUSY(RCX));
	model_release(m, "pamt:0x100000000", 1);
	assert_int_equal(page_type(m, tdr), 0);
	assert_int_equal(call(m, 0, TDH_MNG_CREATE, tdr, 50), 0);
	assert_int_equal(page_type(m, tdr), 4);
	assert_int_equal(call(m, 0, TDH_MNG_CREATE, tdr + 0x1000, 50),
			 TDX_ST_HKID_NOT_FREE);

	model_starve(m, 0, MODEL_PCONFIG, 1);
	assert_int_equal(call(m, 0, TDH_MNG_KEY_CONFIG, tdr, 0),
			 TDX_ST_KEY_GENERATION_FAILED);
	model_hold(m, "ket:0", 1);
	assert_int_equal(call(m, 0, TDH_MNG_KEY_CONFIG, tdr, 0), BUSY(KET));
	model_release(m, "ket:0", 1);
	assert_int_equal(call(m, 0, TDH_MNG_KEY_CONFIG, tdr, 0), 0);
	assert_int_equal(call(m, 1, TDH_MNG_KEY_CONFIG, tdr, 0),
			 TDX_ST_KEY_CONFIGURED);
	assert_int_equal(call(m, 1, TDH_MNG_ADDCX, tdr + 0x1000, tdr),
			 TDX_ST_TD_KEYS_NOT_CONFIGURED);
	assert_int_equal(call(m, 2, TDH_MNG_KEY_CONFIG, tdr, 0), 0);
	assert_int_equal(call(m, 2, TDH_MNG_KEY_CONFIG, tdr, 0),
			 TDX_ST_LIFECYCLE_STATE_INCORRECT);
	for (i = 1; i <= 6; i++)
		assert_int_equal(call(m, 0, TDH_MNG_ADDCX, tdr + 0x1000 * i,
				      tdr), 0);
}

/* Both packages flush, one of them interrupted. */
static void flush_td(struct model *m, u64 tdr)
{
	assert_int_equal(call(m, 0, TDH_PHYMEM_CACHE_WB, 0, 0),
			 TDX_ST_NO_HKID_READY_TO_WBCACHE);
	assert_int_equal(call(m, 0, TDH_MNG_VPFLUSHDONE, tdr, 0), 0);
	assert_int_equal(call(m, 0, TDH_MNG_VPFLUSHDONE, tdr, 0),
			 TDX_ST_LIFECYCLE_STATE_INCORRECT);
	assert_int_equal(call(m, 0, TDH_MNG_KEY_FREEID, tdr, 0),
			 TDX_ST_WBCACHE_NOT_COMPLETE);
	assert_int_equal(call(m, 0, TDH_PHYMEM_CACHE_WB, 2, 0), INVALID(RCX));
	assert_int_equal(call(m, 0, TDH_PHYMEM_CACHE_WB, 1, 0),
			 TDX_ST_WBCACHE_RESUME_ERROR);
	model_hold(m, "wbcache:0", 3);
	assert_int_equal(call(m, 0, TDH_PHYMEM_CACHE_WB, 0, 0),
			 BUSY(WBCACHE));
	model_release(m, "wbcache:0", 3);
	model_starve(m, 0, MODEL_INTERRUPT, 1);
	assert_int_equal(call(m, 0, TDH_PHYMEM_CACHE_WB, 0, 0),
			 TDX_ST_INTERRUPTED_RESUMABLE);
	assert_int_equal(call(m, 2, TDH_PHYMEM_CACHE_WB, 1, 0),
			 TDX_ST_WBCACHE_RESUME_ERROR);
	assert_int_equal(call(m, 1, TDH_PHYMEM_CACHE_WB, 1, 0), 0);
	assert_int_equal(call(m, 0, TDH_MNG_KEY_FREEID, tdr, 0),
			 TDX_ST_WBCACHE_NOT_COMPLETE);
	assert_int_equal(call(m, 3, TDH_PHYMEM_CACHE_WB, 0, 0), 0);
}

static void test_td(void **state)
{
	struct model *m = at_stage(DONE, MODEL_V1_5);
	const u64 tdr = TDMR0;
	struct model_regs r = { .rcx = tdr + 0x1000 };
	struct model_stats s;
	unsigned int i;

	create_td(m, tdr);
	assert_int_equal(table_call(m, 0, TDH_PHYMEM_PAGE_RDMD, &r), 0);
	assert_int_equal(r.rcx, 5);
	assert_int_equal(r.rdx, tdr);
	assert_int_equal(call(m, 0, TDH_PHYMEM_PAGE_WBINVD, tdr, 0),
			 (u64)TDX_ST_PAGE_METADATA_INCORRECT | 1);
	assert_int_equal(call(m, 0, TDH_PHYMEM_PAGE_RECLAIM, tdr, 0),
			 TDX_ST_LIFECYCLE_STATE_INCORRECT);
	flush_td(m, tdr);
	assert_int_equal(call(m, 0, TDH_MNG_KEY_FREEID, tdr, 0), 0);
	assert_int_equal(call(m, 0, TDH_PHYMEM_PAGE_RECLAIM, tdr, 0),
			 TDX_ST_TD_ASSOCIATED_PAGES_EXIST);
	for (i = 6; i; i--)
		assert_int_equal(call(m, 0, TDH_PHYMEM_PAGE_RECLAIM,
				      tdr + 0x1000 * i, 0), 0);
	assert_int_equal(call(m, 0, TDH_PHYMEM_PAGE_RECLAIM, tdr, 0), 0);
	assert_int_equal(call(m, 0, TDH_PHYMEM_PAGE_RECLAIM, tdr, 0),
			 (u64)TDX_ST_PAGE_METADATA_INCORRECT | 1);
	assert_int_equal(call(m, 0, TDH_PHYMEM_PAGE_WBINVD,
			      tdr | MKTME_KEYID(32), 0), 0);
	model_get_stats(m, &s);
	assert_int_equal(s.keyids_in_use, 0);
	assert_int_equal(s.pamt_corrupt, 0);
	model_destroy(m);
}

/* A page in a reserved area is RSVD and cannot be had. */
static void test_reserved_page(void **state)
{
	struct model *m = table_model(NULL);

	env_user_reset();
	table_write_tdmrs();
	table_write64(INFO_PA(0) + 8 * W_RSVD(0), 0x2000);
	table_write64(INFO_PA(0) + 8 * W_RSVD_SIZE(0), 0x1000);
	table_reach(m, DONE);
	assert_int_equal(page_type(m, TDMR0 + 0x1000), 0);
	assert_int_equal(page_type(m, TDMR0 + 0x2000), 1);
	assert_int_equal(page_type(m, TDMR0 + 0x3000), 0);
	assert_int_equal(call(m, 0, TDH_MNG_CREATE, TDMR0 + 0x2000, 50),
			 (u64)TDX_ST_PAGE_METADATA_INCORRECT | 1);
	assert_int_equal(call(m, 0, TDH_PHYMEM_PAGE_RDMD, PAMT_AREA, 0),
			 RANGE(RCX));
	model_destroy(m);
}

const struct CMUnitTest pamt_tests[] = {
	cmocka_unit_test(test_progress),
	cmocka_unit_test(test_foreign_write),
	cmocka_unit_test(test_every_level),
	cmocka_unit_test(test_found_by_calls),
	cmocka_unit_test(test_given_back),
	cmocka_unit_test(test_keyid_leak),
	cmocka_unit_test(test_td),
	cmocka_unit_test(test_reserved_page),
};
const size_t nr_pamt_tests = ARRAY_LEN(pamt_tests);
