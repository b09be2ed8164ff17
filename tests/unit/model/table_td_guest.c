// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests run, touch memory and exit; pages change size; content, measurement
 * and ownership of pages; four threads make and unmake TDs.
 */
#include <string.h>

#include "td.h"
#include "../../emul/model/sha384.h"

#define V1		(1ULL << 16)
#define VP0		TDVPR(TD0, 0)
#define DATA		(CODE + 0x10000)
#define HUGE_GPA	0x80000000ULL
#define HUGE_PA		(TDMR1 + 0x10000000)
#define HUGE_PA_TEXT	"0x190000000"

GUEST_DECLARE(toucher);
GUEST_DECLARE(acceptor);
GUEST_DECLARE(forever);
GUEST_DECLARE(shared);
GUEST_DECLARE(sharer);
GUEST_DECLARE(shutdown);
GUEST_DECLARE(unknown);
GUEST_DECLARE(sizes);

static void test_ept_violation(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	struct model_regs r = { 0 };

	td_ready(m, TD0, KEYID0, VE_DISABLE, GUEST(toucher));
	assert_int_equal(td_enter(m, 0, VP0, &r), 48);
	assert_int_equal(r.rcx, 0x182);		/* a write, GLA valid */
	assert_int_equal(r.rdx, 0);
	assert_int_equal(r.r8, DATA);		/* of the page alone */
	assert_int_equal(td_call(m, TDH_MEM_PAGE_AUG, DATA, TD0, PAGE(TD0, 2)),
			 0);
	assert_int_equal(td_enter(m, 0, VP0, &r), 48);
	assert_int_equal(r.rcx, 0x182);
	assert_int_equal(r.rdx, 6);		/* pending, not accepted */
	assert_int_equal(r.r8, DATA);
	model_destroy(m);
}

/* ACCEPT asks for a page, gets it, and finds it accepted. */
static void test_accept(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	struct model_regs r = { 0 };

	td_ready(m, TD0, KEYID0, 0, GUEST(acceptor));
	assert_int_equal(td_enter(m, 0, VP0, &r), 48);
	assert_int_equal(r.rdx & 0xf, 1);
	assert_int_equal(r.rdx >> 32 & 7, 0);	/* asked for 4 KiB */
	assert_int_equal(r.r8, DATA);
	assert_int_equal(td_call(m, TDH_MEM_PAGE_AUG, DATA, TD0, PAGE(TD0, 2)),
			 0);
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	assert_int_equal(r.r14, 0);
	assert_int_equal(r.r15, TDX_ST_PAGE_ALREADY_ACCEPTED);
	assert_int_equal(r.r11, 0);
	assert_int_equal(r.r13, 0x5a5a);
	td_destroy(m, TD0);
	model_destroy(m);
}

/* An endless loop, a shared address, a fault without handlers, the unknown. */
static void test_ends(void **state)
{
	const struct {
		const u8 *code;
		size_t size;
		u64 rax, r8;
		unsigned int refused;
	} rows[] = {
		{ GUEST(forever), 1, 0, 0 },
		{ GUEST(shared), 48, 1ULL << 47 | 0x1008, 0 },
		{ GUEST(shutdown), (u64)TDX_ST_NON_RECOVERABLE_VCPU | 2, 0, 0 },
		{ GUEST(unknown), (u64)TDX_ST_NON_RECOVERABLE_VCPU | 2, 0, 1 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct model *m = td_model(MODEL_V1_5);
		struct model_regs r = { 0 };
		struct model_stats s;

		td_ready(m, TD0, KEYID0, 0, rows[i].code, rows[i].size);
		assert_int_equal(td_enter(m, 0, VP0, &r), rows[i].rax);
		assert_int_equal(r.r8, rows[i].r8);
		model_get_stats(m, &s);
		assert_int_equal(s.refused, rows[i].refused);
		model_destroy(m);
	}
}

#define SHARED_BIT	(1ULL << 47)
#define SHARED_TABLES	0x3010000ULL	/* four, the one at the top first */
#define SHARED_PAGE	0x3020000ULL
#define F_SHARED_EPTP	0x002400030000203cULL
#define EPT_R		1ULL
#define EPT_RWX		7ULL
#define EPT_NO_VE	(1ULL << 63)

/* The host's own tables, down to an entry for the shared page 1. */
static struct model *shared_model(u64 entry)
{
	struct model *m = td_model(MODEL_V1_5);
	struct model_regs r = { .rcx = VP0, .rdx = F_SHARED_EPTP,
				.r8 = SHARED_TABLES, .r9 = ~0ULL };
	unsigned int i;

	td_ready(m, TD0, KEYID0, 0, GUEST(sharer));
	for (i = 0; i < 3; i++)
		table_write64(SHARED_TABLES + 0x1000 * i + (i ? 0 : 8 * 256),
			      (SHARED_TABLES + 0x1000 * (i + 1)) | EPT_RWX);
	table_write64(SHARED_TABLES + 0x3008, entry);
	assert_int_equal(table_call(m, 0, TDH_VP_WR, &r), 0);
	return m;
}

/* No page: the host is asked, or the guest; a page: both have it. */
static void test_shared(void **state)
{
	struct model *m = shared_model(EPT_NO_VE);
	struct model_regs r = { 0 };

	assert_int_equal(td_enter(m, 0, VP0, &r), 48);
	assert_int_equal(r.rcx, 0x181);
	assert_int_equal(r.r8, SHARED_BIT | 0x1008);
	table_write64(SHARED_PAGE + 8, 0xaaaa);
	/* What the guest must not write is what it may read. */
	table_write64(SHARED_TABLES + 0x3008, SHARED_PAGE | EPT_R | EPT_NO_VE);
	assert_int_equal(td_enter(m, 0, VP0, &r), 48);
	assert_int_equal(r.rcx, 0x182 | EPT_R << 3);
	assert_int_equal(r.r8, SHARED_BIT | 0x1010);
	table_write64(SHARED_TABLES + 0x3008, SHARED_PAGE | EPT_RWX);
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	assert_int_equal(r.r12, 0xaaaa);
	assert_int_equal(table_read64(SHARED_PAGE + 16), 0xaaaa);
	model_destroy(m);

	/* #VE, for which this one has no handler. */
	m = shared_model(0);
	assert_int_equal(td_enter(m, 0, VP0, &r),
			 (u64)TDX_ST_NON_RECOVERABLE_VCPU | 2);
	model_destroy(m);
}

/* A guest whose reset vector is nowhere cannot fetch. */
static void test_no_program(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	struct model_regs r = { 0 };

	td_create(m, TD0, KEYID0);
	td_init(m, TD0, 0);
	td_vcpu(m, 0, TD0, 0);
	assert_int_equal(td_call(m, TDH_MR_FINALIZE, TD0, 0, 0), 0);
	assert_int_equal(td_enter(m, 0, VP0, &r), 48);
	assert_int_equal(r.rcx, 0x184);		/* a fetch */
	assert_int_equal(r.r8, 0xfffff000);
	model_destroy(m);
}

/* 2 MiB become 512 pages and 2 MiB again, with what is in them. */
static void test_sizes(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	struct model_regs r = { 0 };
	struct model_stats before, after;

	td_ready(m, TD0, KEYID0, 0, GUEST(sizes));
	assert_int_equal(td_call(m, TDH_MEM_SEPT_ADD, HUGE_GPA | 2, TD0,
				 SPARE(TD0, 0)), 0);
	assert_int_equal(td_call(m, TDH_MEM_PAGE_AUG, HUGE_GPA | 1, TD0,
				 HUGE_PA), 0);
	model_get_stats(m, &before);
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	assert_int_equal(r.r14, 0);

	r = (struct model_regs) { .rcx = HUGE_GPA | 1, .rdx = TD0,
				  .r8 = SPARE(TD0, 1), .r9 = ~0ULL,
				  .r10 = ~0ULL, .r11 = ~0ULL };
	assert_int_equal(table_call(m, 0, TDH_MEM_PAGE_DEMOTE, &r),
			 (u64)TDX_ST_GPA_RANGE_NOT_BLOCKED | OPERAND(RCX));
	assert_int_equal(td_call(m, TDH_MEM_RANGE_BLOCK, HUGE_GPA | 1, TD0, 0),
			 0);
	assert_int_equal(td_call(m, TDH_MEM_TRACK, TD0, 0, 0), 0);
	r = (struct model_regs) { .rcx = HUGE_GPA | 1, .rdx = TD0,
				  .r8 = SPARE(TD0, 1), .r9 = ~0ULL,
				  .r10 = ~0ULL, .r11 = ~0ULL };
	assert_int_equal(table_call(m, 0, TDH_MEM_PAGE_DEMOTE, &r), 0);
	model_get_stats(m, &after);
	assert_int_equal(after.pamt_in_use, before.pamt_in_use + 511 + 1);
	r = (struct model_regs) { .rcx = HUGE_PA + 0x123000 };
	assert_int_equal(table_call(m, 0, TDH_PHYMEM_PAGE_RDMD, &r), 0);
	assert_int_equal(r.rcx, 3);
	assert_int_equal(r.r8, 0);

	/* Back: first with a hole in it. */
	assert_int_equal(td_call(m, TDH_MEM_RANGE_BLOCK, HUGE_GPA + 0x5000,
				 TD0, 0), 0);
	assert_int_equal(td_call(m, TDH_MEM_RANGE_BLOCK, HUGE_GPA | 1, TD0, 0),
			 0);
	assert_int_equal(td_call(m, TDH_MEM_TRACK, TD0, 0, 0), 0);
	r = (struct model_regs) { .rcx = HUGE_GPA | 1, .rdx = TD0 };
	assert_int_equal(table_call(m, 0, TDH_MEM_PAGE_PROMOTE, &r),
			 (u64)TDX_ST_EPT_INVALID_PROMOTE_CONDITIONS |
			 OPERAND(RCX));
	assert_int_equal(r.rdx, 129 << 8 | 1);
	assert_int_equal(td_call(m, TDH_MEM_RANGE_UNBLOCK, HUGE_GPA + 0x5000,
				 TD0, 0), 0);
	r = (struct model_regs) { .rcx = HUGE_GPA | 1, .rdx = TD0 };
	assert_int_equal(table_call(m, 0, TDH_MEM_PAGE_PROMOTE | V1, &r), 0);
	assert_int_equal(r.rcx, SPARE(TD0, 1));
	assert_int_equal(r.r9 & r.r10 & r.r11, ~0ULL);
	model_get_stats(m, &after);
	assert_int_equal(after.pamt_in_use, before.pamt_in_use);
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	assert_int_equal(r.r13, 0xbeef);
	assert_int_equal(td_call(m, TDH_PHYMEM_PAGE_RECLAIM, HUGE_PA, 0, 0),
			 TDX_ST_LIFECYCLE_STATE_INCORRECT);
	model_destroy(m);
}

/* Given back, and not written back with the KeyID that it had. */
static void assert_dirty(struct model *m, u64 pa, u64 keyid)
{
	struct model_stats s;

	model_get_stats(m, &s);
	assert_int_equal(s.dirty_pages, 1);
	assert_int_equal(td_call(m, TDH_PHYMEM_PAGE_WBINVD,
				 pa | MKTME_KEYID(keyid ^ 1), 0, 0), 0);
	model_get_stats(m, &s);
	assert_int_equal(s.dirty_pages, 1);
	assert_int_equal(td_call(m, TDH_PHYMEM_PAGE_WBINVD,
				 pa | MKTME_KEYID(keyid), 0, 0), 0);
	model_get_stats(m, &s);
	assert_int_equal(s.dirty_pages, 0);
}

/* Leaves that write to a new page before they refuse it. */
static void test_refused(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	u64 page = SPARE(TD0, 1);
	struct model_regs r;

	model_starve(m, 0, MODEL_RDSEED, 1);
	assert_int_equal(td_call(m, TDH_MNG_CREATE, TD0, KEYID0, 0),
			 TDX_ST_RND_NO_ENTROPY);
	assert_dirty(m, TD0, GLOBAL_KEYID);
	td_create(m, TD0, KEYID0);
	td_init(m, TD0, 0);
	assert_int_equal(td_call(m, TDH_MNG_ADDCX, page, TD0, 0),
			 TDX_ST_OP_STATE_INCORRECT);
	assert_dirty(m, page, KEYID0);

	td_tables(m, TD0, CODE, SEPT(TD0));
	assert_int_equal(td_call(m, TDH_MEM_SEPT_ADD, HUGE_GPA | 2, TD0,
				 SPARE(TD0, 0)), 0);
	assert_int_equal(td_call(m, TDH_MEM_PAGE_AUG, HUGE_GPA | 1, TD0,
				 HUGE_PA), 0);
	model_starve(m, 0, MODEL_INTERRUPT, 1);
	r = (struct model_regs) { .rcx = HUGE_GPA | 1, .rdx = TD0, .r8 = page,
				  .r9 = ~0ULL, .r10 = ~0ULL, .r11 = ~0ULL };
	assert_int_equal(table_call(m, 0, TDH_MEM_PAGE_DEMOTE, &r),
			 TDX_ST_INTERRUPTED_RESTARTABLE);
	assert_int_equal(r.rcx, HUGE_GPA | 1);
	assert_dirty(m, page, KEYID0);
	/* Unlike a Secure EPT entry that is busy, this one is not described. */
	assert_int_equal(model_hold(m, "pamt-2m:" HUGE_PA_TEXT, 1), 0);
	assert_int_equal(table_call(m, 0, TDH_MEM_PAGE_DEMOTE, &r), BUSY(RCX));
	assert_int_equal(r.rcx | r.rdx, 0);
	assert_dirty(m, page, KEYID0);
	assert_int_equal(model_release(m, "pamt-2m:" HUGE_PA_TEXT, 1), 0);
	r = (struct model_regs) { .rcx = HUGE_GPA | 1, .rdx = TD0, .r8 = page,
				  .r9 = ~0ULL, .r10 = ~0ULL, .r11 = ~0ULL };
	assert_int_equal(table_call(m, 0, TDH_MEM_PAGE_DEMOTE, &r), 0);
	model_destroy(m);
}

/* MRTD: the pages' addresses, the content that was measured, nothing else. */
static void test_mrtd(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	struct model_sha384 want;
	u8 block[128];
	u64 gpa = CODE, digest[6];
	unsigned int i;

	td_create(m, TD0, KEYID0);
	td_init(m, TD0, 0);
	td_vcpu(m, 0, TD0, 0);
	td_tables(m, TD0, CODE, SEPT(TD0));
	td_add(m, TD0, CODE, PAGE(TD0, 0), GUEST(halt));
	assert_int_equal(td_call(m, TDH_MR_EXTEND, CODE, TD0, 0), 0);
	assert_int_equal(td_call(m, TDH_MR_FINALIZE, TD0, 0, 0), 0);

	model_sha384_init(&want);
	memset(block, 0, sizeof(block));
	memcpy(block, "MEM.PAGE.ADD", 12);
	memcpy(block + 16, &gpa, 8);
	model_sha384_block(&want, block);
	memset(block, 0, 12);
	memcpy(block, "MR.EXTEND", 9);
	model_sha384_block(&want, block);
	memset(block, 0, sizeof(block));
	memcpy(block, GUEST(halt));
	model_sha384_block(&want, block);
	memset(block, 0, sizeof(block));
	model_sha384_block(&want, block);
	model_sha384_digest(&want, digest);
	for (i = 0; i < 6; i++) {
		struct model_regs r = { .rcx = TD0,
					.rdx = 0x1310000300000000ULL + i };

		assert_int_equal(table_call(m, 0, TDH_MNG_RD, &r), 0);
		assert_int_equal(r.r8, digest[i]);
	}
	model_destroy(m);
}

/* FIPS 180-4 examples end within a block; this is 128 times 'a', known too. */
static void test_sha384(void **state)
{
	static const u8 want[48] = {
		0xed, 0xb1, 0x27, 0x30, 0xa3, 0x66, 0x09, 0x8b,
		0x3b, 0x2b, 0xea, 0xc7, 0x5a, 0x3b, 0xef, 0x1b,
		0x09, 0x69, 0xb1, 0x5c, 0x48, 0xe2, 0x16, 0x3c,
		0x23, 0xd9, 0x69, 0x94, 0xf8, 0xd1, 0xbe, 0xf7,
		0x60, 0xc7, 0xe2, 0x7f, 0x3c, 0x46, 0x4d, 0x38,
		0x29, 0xf5, 0x6c, 0x0d, 0x53, 0x80, 0x8b, 0x0b,
	};
	struct model_sha384 s;
	u64 digest[6];
	u8 block[128];

	memset(block, 'a', sizeof(block));
	model_sha384_init(&s);
	model_sha384_block(&s, block);
	model_sha384_digest(&s, digest);
	assert_memory_equal(digest, want, sizeof(want));
}

static void note(void *ctx, u64 pa)
{
	*(u64 *)ctx = pa;
}

/* The host's hands off: by verification, and when a page comes back. */
static void test_foreign_write(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	struct model_stats s;
	u64 where = 0, word;

	td_ready(m, TD0, KEYID0, 0, GUEST(halt));
	assert_int_equal(model_verify_private(m, note, &where), 0);
	/* What lies there is not what was measured: it is encrypted. */
	memcpy(&word, guest_halt, sizeof(word));
	assert_int_not_equal(table_read64(PAGE(TD0, 1)), word);

	word = table_read64(TDCX(TD0, 2) + 0x20);
	table_write64(TDCX(TD0, 2) + 0x20, word ^ 0xff0000);
	assert_int_equal(model_verify_private(m, note, &where), 1);
	assert_int_equal(where, TDCX(TD0, 2) + 0x22);
	assert_int_equal(model_verify_private(m, note, &where), 0);

	table_write64(PAGE(TD0, 1) + 0x800, 0);
	assert_int_equal(model_verify_private(m, note, &where), 1);
	assert_int_equal(where, PAGE(TD0, 1));

	table_write64(SEPT(TD0) + 0x800, 0);
	td_destroy(m, TD0);
	model_get_stats(m, &s);
	assert_int_equal(s.private_corrupt, 3);
	assert_int_equal(s.private_pages, 0);
	assert_int_equal(model_verify_private(m, note, &where), 1);
	assert_int_equal(where, SEPT(TD0));
	/* What is the host's again may be written. */
	table_write64(PAGE(TD0, 1), 0);
	assert_int_equal(model_verify_private(m, note, &where), 0);
	model_destroy(m);
}

/* Lines of the page at @pa that are as the TDX module left them. */
static unsigned int lines_left(struct model *m, u64 pa)
{
	unsigned int i, n = 0;

	for (i = 0; i < 64; i++)
		n += model_line_intact(m, pa + 64 * i);
	return n;
}

/* Line by line what a page is that a TD has had, and a PAMT page. */
static void test_lines_left(void **state)
{
	struct model *m = td_model(MODEL_V1_5);
	struct model_stats s;
	u64 where = 0;

	td_ready(m, TD0, KEYID0, 0, GUEST(halt));
	/* While a TD has the page, only a look at the whole tells. */
	table_write64(TDCX(TD0, 2) + 0x48,
		      ~table_read64(TDCX(TD0, 2) + 0x48));
	assert_int_equal(lines_left(m, TDCX(TD0, 2)), 64);
	model_check_private(m, TDCX(TD0, 2));
	model_check_private(m, TDCX(TD0, 2));
	model_get_stats(m, &s);
	assert_int_equal(s.private_corrupt, 1);
	assert_int_equal(model_verify_private(m, note, &where), 1);
	assert_int_equal(where, TDCX(TD0, 2) + 0x48);

	td_destroy(m, TD0);
	assert_int_equal(lines_left(m, TD0), 64);
	assert_int_equal(lines_left(m, TDCX(TD0, 2)), 64);
	assert_int_equal(lines_left(m, SEPT(TD0)), 64);
	table_write64(PAGE(TD0, 1) + 0x48, 0);
	assert_int_equal(lines_left(m, PAGE(TD0, 1)), 63);
	assert_false(model_line_intact(m, PAGE(TD0, 1) + 0x40));
	/* Nobody has had that one. */
	assert_int_equal(lines_left(m, PAGE(TD0, 60)), 0);
	model_destroy(m);
}

const struct CMUnitTest td_guest_tests[] = {
	cmocka_unit_test(test_ept_violation),
	cmocka_unit_test(test_accept),
	cmocka_unit_test(test_lines_left),
	cmocka_unit_test(test_ends),
	cmocka_unit_test(test_shared),
	cmocka_unit_test(test_no_program),
	cmocka_unit_test(test_sizes),
	cmocka_unit_test(test_refused),
	cmocka_unit_test(test_mrtd),
	cmocka_unit_test(test_sha384),
	cmocka_unit_test(test_foreign_write),
};
const size_t nr_td_guest_tests = ARRAY_LEN(td_guest_tests);
