// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts of a guest: posted by the host, its own, and NMIs. */
#include <string.h>

#include "env_user.h"
#include "td.h"

GUEST_DECLARE(interrupted);
GUEST_DECLARE(msrs);

#define VP0		TDVPR(TD0, 0)
#define DESCRIPTOR	0x3002040ULL
#define NOTIFY		0xf2

#define F_POSTED_VECTOR	0x0024000100000002ULL
#define F_POSTED_PA	0x0024000300002016ULL
#define F_PIN_CONTROLS	0x0024000200004000ULL
#define F_PEND_NMI	0x202000000000000bULL
#define F_DETAILS	0x9120000300000100ULL

static void write_field(struct model *m, u64 field, u64 value, u64 mask)
{
	struct model_regs r = {
		.rcx = VP0, .rdx = field, .r8 = value,
		.r9 = mask,
	};

	assert_int_equal(table_call(m, 0, TDH_VP_WR, &r), 0);
}

static u64 details(struct model *m)
{
	struct model_regs r = {
		.rcx = VP0, .rdx = F_DETAILS,
	};

	assert_int_equal(table_call(m, 0, TDH_VP_RD, &r), 0);
	return r.r8;
}

static void post(u8 vector)
{
	u64 pa = DESCRIPTOR + vector / 64 * 8;

	table_write64(pa, table_read64(pa) | 1ULL << vector % 64);
	table_write64(DESCRIPTOR + 32, 1);
}

static struct model *posted_model(const u8 *code, size_t size)
{
	struct model *m = td_model(MODEL_V1_5);

	td_ready(m, TD0, KEYID0, 0, code, size);
	write_field(m, F_POSTED_VECTOR, NOTIFY, 0xffff);
	write_field(m, F_POSTED_PA, DESCRIPTOR, ~0ULL);
	write_field(m, F_PIN_CONTROLS, 0x80, 0x80);
	return m;
}

/* Where the guest says that it is, R15, comes before. */
static void next(struct model *m, struct model_regs *r, u64 what)
{
	assert_int_equal(td_enter(m, 0, VP0, r), 77);
	assert_int_equal(r->r11, what);
}

static void test_posted(void **state)
{
	struct model *m = posted_model(GUEST(interrupted));
	struct model_regs r = { 0 };
	u64 at;

	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	post(0x31);
	post(0x52);
	assert_int_equal(details(m), 0);
	/* Nobody has notified the LP; then somebody has, with another vector. */
	env_user_interrupt(NOTIFY - 1);
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	assert_int_equal(r.r12, 0);
	assert_int_equal(table_read64(DESCRIPTOR + 32), 1);
	model_destroy(m);

	m = posted_model(GUEST(interrupted));
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	post(0x31);
	post(0x52);
	env_user_interrupt(NOTIFY);
	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	assert_int_equal(r.r12, 1 << 0x12);
	assert_int_equal(r.r13, 0);
	assert_int_equal(table_read64(DESCRIPTOR), 0);
	assert_int_equal(table_read64(DESCRIPTOR + 8), 0);
	assert_int_equal(table_read64(DESCRIPTOR + 32), 0);
	assert_int_equal(details(m), 1);
	at = r.r15;
	next(m, &r, 0x52);
	assert_int_equal(r.r12, at);
	assert_int_equal(r.r13, 0x50);
	assert_int_equal(r.r14, 0);
	next(m, &r, 0x31);
	assert_int_equal(r.r12, at);
	assert_int_equal(r.r13, 0x30);
	assert_int_equal(details(m), 0);
	env_user_interrupt(-1);

	/* Its own, which TPR keeps off. */
	next(m, &r, 0);
	assert_int_equal(r.r12, 0x60);
	assert_int_equal(r.r13, 2);
	assert_int_equal(details(m), 0);
	next(m, &r, 0x61);
	assert_int_equal(r.r13, 0x60);
	model_destroy(m);
}

static void test_nmi(void **state)
{
	struct model *m = posted_model(GUEST(interrupted));
	struct model_regs r = { 0 };
	unsigned int i;
	u64 at;

	/* No interrupt is posted; one is its own. */
	for (i = 0; i < 5; i++)
		assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	at = r.r15;
	write_field(m, F_PEND_NMI, 1, 1);
	next(m, &r, 2);
	assert_int_equal(r.r12, at);
	write_field(m, F_PEND_NMI, 1, 1);
	next(m, &r, 0);
	next(m, &r, 2);
	assert_int_equal(r.r12, at);
	next(m, &r, 0);
	next(m, &r, 0);
	model_destroy(m);
}

/* RDMSR, or WRMSR; 13: #GP, 31 and 32: #VE. */
static void test_msrs(void **state)
{
	static const struct {
		u64 msr, write, value, what, read;
	} rows[] = {
		{ 0x808, 0, 0, 0, 0 },
		{ 0x808, 1, 0x45, 0, 0x45 },
		{ 0x808, 0, 0, 0, 0x45 },
		{ 0x808, 1, 0x100, 13, 0 },
		{ 0x80a, 0, 0, 0, 0x45 },
		{ 0x80a, 1, 0, 32, 0 },
		{ 0x80b, 0, 0, 31, 0 },
		{ 0x80b, 1, 1, 13, 0 },
		{ 0x80b, 1, 0, 0, 0 },
		{ 0x83f, 0, 0, 31, 0 },
		{ 0x83f, 1, 0x144, 13, 0 },
		{ 0x83f, 1, 0x44, 0, 0x44 },
		{ 0x822, 0, 0, 0, 0x10 },
		{ 0x822, 1, 0, 32, 0 },
		{ 0x812, 0, 0, 0, 0 },
		{ 0x81a, 0, 0, 0, 0 },
		/* The VMM's: version, LVT, ICR. */
		{ 0x803, 0, 0, 31, 0 },
		{ 0x832, 1, 0, 32, 0 },
		{ 0x830, 1, 0, 32, 0 },
		/* Speculation, and bus locks in DEBUGCTL. */
		{ 0x48, 1, 0x401, 0, 0 },
		{ 0x48, 0, 0, 0, 0x401 },
		{ 0x48, 1, 0x800, 13, 0 },
		{ 0x49, 0, 0, 13, 0 },
		{ 0x49, 1, 1, 0, 0 },
		{ 0x49, 1, 2, 13, 0 },
		{ 0x10b, 1, 1, 0, 0 },
		{ 0x10b, 1, 3, 13, 0 },
		{ 0x1d9, 1, 4, 0, 0 },
		{ 0x1d9, 0, 0, 0, 4 },
		/* ARCH_CAPABILITIES, with xAPIC mode disabled: as the CPU's. */
		{ 0x10a, 0, 0, 0, 0x20fd6b },
	};
	struct model *m = posted_model(GUEST(msrs));
	struct model_regs r = { 0 };
	unsigned int i;

	assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		r.r10 = rows[i].msr;
		r.r11 = rows[i].write;
		r.r12 = rows[i].value;
		assert_int_equal(td_enter(m, 0, VP0, &r), 77);
		assert_int_equal(r.r11, rows[i].what);
		if (!rows[i].what && !rows[i].write)
			assert_int_equal(r.r12, rows[i].read);
		/* Behind the handler it says again that it waits. */
		if (rows[i].what)
			assert_int_equal(td_enter(m, 0, VP0, &r), 77);
	}
	model_destroy(m);
}

const struct CMUnitTest td_apic_tests[] = {
	cmocka_unit_test(test_posted),
	cmocka_unit_test(test_nmi),
	cmocka_unit_test(test_msrs),
};
const size_t nr_td_apic_tests = ARRAY_LEN(td_apic_tests);
