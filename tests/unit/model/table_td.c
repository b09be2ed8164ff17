// SPDX-License-Identifier: GPL-2.0-only
/* The life of a TD, from creation to the last page given back. */
#include <string.h>

#include "td.h"

GUEST_DECLARE(life);

struct model *td_model(enum model_version version)
{
	const struct row r = { .version = VERSION(version) };
	struct model *m = table_model(&r);

	env_user_reset();
	table_write_tdmrs();
	table_reach(m, KEYED);
	td_reach(m, TD_USABLE_MEMORY, 0);
	return m;
}

u64 td_call(struct model *m, u64 leaf, u64 rcx, u64 rdx, u64 r8)
{
	return table_simple(m, 0, leaf, rcx, rdx, r8);
}

void td_create(struct model *m, u64 tdr, u64 keyid)
{
	unsigned int i;

	assert_int_equal(td_call(m, TDH_MNG_CREATE, tdr, keyid, 0), 0);
	assert_int_equal(table_simple(m, 0, TDH_MNG_KEY_CONFIG, tdr, 0, 0), 0);
	assert_int_equal(table_simple(m, LPS - 1, TDH_MNG_KEY_CONFIG, tdr, 0,
				      0), 0);
	for (i = 0; i < TDCX_PAGES; i++)
		assert_int_equal(td_call(m, TDH_MNG_ADDCX, TDCX(tdr, i), tdr,
					 0), 0);
}

void td_params(u64 attributes)
{
	unsigned int i;

	for (i = 0; i < 128; i++)
		table_write64(PARAMS + 8 * i, 0);
	table_write64(PARAMS, attributes);
	table_write64(PARAMS + 8, 0x3);
	table_write64(PARAMS + 16, 4);		/* MAX_VCPUS */
	table_write64(PARAMS + 24, 0x1e);	/* write-back, four levels */
	table_write64(PARAMS + 40, 100);	/* 2.5 GHz */
}

void td_init(struct model *m, u64 tdr, u64 attributes)
{
	td_params(attributes);
	assert_int_equal(td_call(m, TDH_MNG_INIT, tdr, PARAMS, 0), 0);
}

static void build_vcpu(struct model *m, u64 tdr, unsigned int n)
{
	unsigned int i;

	assert_int_equal(td_call(m, TDH_VP_CREATE, TDVPR(tdr, n), tdr, 0), 0);
	for (i = 1; i < TDVPX_PAGES; i++)
		assert_int_equal(td_call(m, TDH_VP_ADDCX, TDVPX(tdr, n, i),
					 TDVPR(tdr, n), 0), 0);
}

void td_vcpu(struct model *m, unsigned int lp, u64 tdr, unsigned int n)
{
	build_vcpu(m, tdr, n);
	assert_int_equal(table_simple(m, lp, TDH_VP_INIT, TDVPR(tdr, n), 0x77,
				      0), 0);
}

/* Tables for the 2 MiB at @gpa, taken from @pages on; how many it took. */
unsigned int td_tables(struct model *m, u64 tdr, u64 gpa, u64 pages)
{
	unsigned int level, n = 0;

	for (level = 3; level > 0; level--) {
		u64 at = gpa & ~((4096ULL << 9 * level) - 1);
		u64 status = td_call(m, TDH_MEM_SEPT_ADD, at | level, tdr,
				     pages + 4096 * n);

		if (!status)
			n++;
		else
			assert_int_equal(status,
					 (u64)TDX_ST_EPT_ENTRY_STATE_INCORRECT |
					 OPERAND(RCX));
	}
	return n;
}

/* A page at @gpa that begins with @content, by way of a page of the host's. */
void td_add(struct model *m, u64 tdr, u64 gpa, u64 page, const void *content,
	    size_t size)
{
	struct model_regs r = { .rcx = gpa, .rdx = tdr, .r8 = page,
				.r9 = SOURCE };
	u8 whole[4096] = { 0 };

	assert_true(size <= sizeof(whole));
	if (size)
		memcpy(whole, content, size);
	env_write_phys(SOURCE, whole, sizeof(whole));
	assert_int_equal(table_call(m, 0, TDH_MEM_PAGE_ADD, &r), 0);
}

/* A TD with @code at CODE and one VCPU, on LP 0, that can be entered. */
void td_ready(struct model *m, u64 tdr, u64 keyid, u64 attributes,
	      const u8 *code, size_t size)
{
	unsigned int tables;

	td_create(m, tdr, keyid);
	td_init(m, tdr, attributes);
	td_vcpu(m, 0, tdr, 0);
	tables = td_tables(m, tdr, CODE, SEPT(tdr));
	td_tables(m, tdr, RESET_PAGE, SEPT(tdr) + 4096 * tables);
	td_add(m, tdr, RESET_PAGE, PAGE(tdr, 0), GUEST(reset));
	td_add(m, tdr, CODE, PAGE(tdr, 1), code, size);
	assert_int_equal(td_call(m, TDH_MR_FINALIZE, tdr, 0, 0), 0);
}

u64 td_enter(struct model *m, unsigned int lp, u64 tdvpr,
	     struct model_regs *r)
{
	r->rcx = tdvpr;
	return table_call(m, lp, TDH_VP_ENTER, r);
}

static void usable_memory(struct model *m)
{
	unsigned int i;

	for (i = 0; i < 256; i++)
		assert_int_equal(td_call(m, TDH_SYS_TDMR_INIT, TDMR1, 0, 0), 0);
}

static void map_pages(struct model *m)
{
	static const u64 content = MAPPED_WORD;

	td_tables(m, TD0, CODE, SEPT(TD0));
	td_add(m, TD0, CODE, PAGE(TD0, 0), &content, sizeof(content));
	assert_int_equal(td_call(m, TDH_MEM_PAGE_AUG, CODE + 0x1000, TD0,
				 PAGE(TD0, 1)), 0);
}

static void flush_all(struct model *m)
{
	assert_int_equal(td_call(m, TDH_VP_FLUSH, TDVPR(TD0, 0), 0, 0), 0);
	assert_int_equal(td_call(m, TDH_MNG_VPFLUSHDONE, TD0, 0, 0), 0);
}

static void free_keyid(struct model *m)
{
	assert_int_equal(table_simple(m, 0, TDH_PHYMEM_CACHE_WB, 0, 0, 0), 0);
	assert_int_equal(table_simple(m, LPS - 1, TDH_PHYMEM_CACHE_WB, 0, 0,
				      0), 0);
	assert_int_equal(td_call(m, TDH_MNG_KEY_FREEID, TD0, 0, 0), 0);
}

/* In memory that is usable already. */
void td_reach_td(struct model *m, enum td_stage stage, u64 attributes)
{
	unsigned int i;

	if (stage >= TD_CREATED)
		assert_int_equal(td_call(m, TDH_MNG_CREATE, TD0, KEYID0, 0),
				 0);
	if (stage >= TD_KEYED)
		for (i = 0; i < LPS; i += LPS / PKGS)
			assert_int_equal(table_simple(m, i, TDH_MNG_KEY_CONFIG,
						      TD0, 0, 0), 0);
	if (stage >= TD_BUILT)
		for (i = 0; i < TDCX_PAGES; i++)
			assert_int_equal(td_call(m, TDH_MNG_ADDCX,
						 TDCX(TD0, i), TD0, 0), 0);
	if (stage == TD_BUILT)
		td_params(attributes);
	if (stage >= TD_INITED)
		td_init(m, TD0, attributes);
	if (stage >= TD_VCPU_BUILT)
		build_vcpu(m, TD0, 0);
	if (stage >= TD_VCPU_READY)
		assert_int_equal(td_call(m, TDH_VP_INIT, TDVPR(TD0, 0), 0x77,
					 0), 0);
	if (stage >= TD_MAPPED)
		map_pages(m);
	if (stage >= TD_RUNNABLE)
		assert_int_equal(td_call(m, TDH_MR_FINALIZE, TD0, 0, 0), 0);
	if (stage >= TD_FLUSHED)
		flush_all(m);
	if (stage >= TD_TEARDOWN)
		free_keyid(m);
}

void td_reach(struct model *m, enum td_stage stage, u64 attributes)
{
	if (stage >= TD_USABLE_MEMORY)
		usable_memory(m);
	td_reach_td(m, stage, attributes);
}

/* Everything of the TD goes back, its VCPU 0 from LP 0. */
void td_destroy(struct model *m, u64 tdr)
{
	u64 pa;

	assert_int_equal(td_call(m, TDH_VP_FLUSH, TDVPR(tdr, 0), 0, 0), 0);
	assert_int_equal(td_call(m, TDH_MNG_VPFLUSHDONE, tdr, 0, 0), 0);
	assert_int_equal(table_simple(m, 0, TDH_PHYMEM_CACHE_WB, 0, 0, 0), 0);
	assert_int_equal(table_simple(m, LPS - 1, TDH_PHYMEM_CACHE_WB, 0, 0,
				      0), 0);
	assert_int_equal(td_call(m, TDH_MNG_KEY_FREEID, tdr, 0, 0), 0);
	for (pa = tdr + TD_SPACE - 4096; pa > tdr; pa -= 4096) {
		struct model_regs r = { .rcx = pa };

		assert_int_equal(table_call(m, 0, TDH_PHYMEM_PAGE_RDMD, &r),
				 0);
		if (r.rcx)
			assert_int_equal(td_call(m, TDH_PHYMEM_PAGE_RECLAIM,
						 pa, 0, 0), 0);
	}
	assert_int_equal(td_call(m, TDH_PHYMEM_PAGE_RECLAIM, tdr, 0, 0), 0);
}

static void assert_nothing_left(struct model *m)
{
	struct model_stats s;

	model_get_stats(m, &s);
	assert_int_equal(s.pamt_in_use, 0);
	assert_int_equal(s.private_pages, 0);
	assert_int_equal(s.private_corrupt, 0);
	assert_int_equal(s.tds, 0);
	assert_int_equal(s.vcpus, 0);
	assert_int_equal(s.keyids_in_use, 0);
	assert_int_equal(s.refused, 0);
}

/* HLT, a TDVMCALL whose answer the guest hands back, shutdown. */
static void test_life(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	struct model_regs r = { .rdx = 5, .rbx = 6, .rsi = 7 };

	td_ready(m, TD0, KEYID0, 0, GUEST(life));
	assert_int_equal(td_enter(m, 0, TDVPR(TD0, 0), &r), 77);
	assert_int_equal(r.rcx, 0xfc00);
	assert_int_equal(r.r10, 0);
	assert_int_equal(r.r11, 12);
	assert_int_equal(r.rdx | r.rbx | r.rsi | r.r8 | r.r9, 0);

	assert_int_equal(td_enter(m, 0, TDVPR(TD0, 0), &r), 77);
	assert_int_equal(r.r11, 0x1234);
	assert_int_equal(r.r12, 0x12);
	assert_int_equal(r.r13, 0x13);
	/* What the guest does not ask for does not reach it. */
	r.r11 = 0xabcd;
	r.rbx = 0x99;
	assert_int_equal(td_enter(m, 0, TDVPR(TD0, 0), &r), 77);
	assert_int_equal(r.r12, 0xabcd);
	assert_int_equal(r.rbx, 0);

	assert_int_equal(td_enter(m, 0, TDVPR(TD0, 0), &r),
			 (u64)TDX_ST_NON_RECOVERABLE_VCPU | 2);
	assert_int_equal(td_enter(m, 0, TDVPR(TD0, 0), &r),
			 TDX_ST_VCPU_STATE_INCORRECT);
	td_destroy(m, TD0);
	assert_nothing_left(m);
	model_destroy(m);
}

const struct CMUnitTest td_tests[] = {
	cmocka_unit_test(test_life),
};
const size_t nr_td_tests = ARRAY_LEN(td_tests);
