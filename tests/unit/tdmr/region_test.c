// SPDX-License-Identifier: GPL-2.0-only
/*
 * Range lists: sorting, joining, parting.
 */
#include <errno.h>

#include "tdmr/region.h"
#include "tdmr_test.h"

/* What region_sort() says of one range. */
static int sort_one(u64 base, u64 end)
{
	struct region r = { base, end, 0 };
	u64 where;

	return region_sort(&r, 1, &where);
}

static void malformed(void **state)
{
	(void)state;
	assert_int_equal(sort_one(0, 0x1000), 1);
	assert_int_equal(sort_one(REGION_PA_LIMIT - 0x1000, REGION_PA_LIMIT), 1);
	assert_int_equal(sort_one(0x1000, 0x1000), 0);
	assert_int_equal(sort_one(0x2000, 0x1000), -EINVAL);
	assert_int_equal(sort_one(0x1000, 0x2001), -EINVAL);
	assert_int_equal(sort_one(0x1800, 0x3000), -EINVAL);
	assert_int_equal(sort_one(0, REGION_PA_LIMIT + 0x1000), -EINVAL);
	assert_int_equal(sort_one(~0ULL << 12, ~0ULL), -EINVAL);
}

static void sort_cmrs(void **state)
{
	struct region c[] = {
		{ 0x9000, 0xa000, 0 }, { 0, 0, 0 }, { 0x1000, 0x3000, 0 },
		{ 0x5000, 0x5000, 0 }, { 0x3000, 0x4000, 0 },
		{ 0x9000, 0xb000, 0 },
	};
	struct region bad = { 0x1000, 0x1800, 0 };
	u64 where;

	(void)state;
	assert_int_equal(region_sort(c, 6, &where), 2);
	assert_int_equal(c[0].base, 0x1000);
	assert_int_equal(c[0].end, 0x4000);
	assert_int_equal(c[1].base, 0x9000);
	assert_int_equal(c[1].end, 0xb000);
	assert_int_equal(region_sort(&bad, 1, &where), -EINVAL);
	assert_int_equal(region_sort(&bad, 0, &where), 0);
}

static void sort_ram(void **state)
{
	struct region r[] = {
		{ 0x9000, 0xa000, 1 }, { 0x3000, 0x4000, 0 },
		{ 0x1000, 0x3000, 0 }, { 0x4000, 0x9000, 1 },
	};
	struct region clash[] = {
		{ 0x1000, 0x3000, 0 }, { 0x2000, 0x4000, 1 },
	};
	struct region twice[] = {
		{ 0x1000, 0x3000, 0 }, { 0x2000, 0x4000, 0 },
	};
	struct region homeless = { 0x1000, 0x2000, -1 };
	u64 where = 0;

	(void)state;
	assert_int_equal(region_sort(r, 4, &where), 2);
	assert_int_equal(r[0].base, 0x1000);
	assert_int_equal(r[0].end, 0x4000);
	assert_int_equal(r[0].node, 0);
	assert_int_equal(r[1].base, 0x4000);
	assert_int_equal(r[1].end, 0xa000);
	assert_int_equal(region_sort(clash, 2, &where), -EEXIST);
	assert_int_equal(where, 0x2000);
	assert_int_equal(region_sort(twice, 2, &where), 1);
	assert_int_equal(twice[0].end, 0x4000);
	assert_int_equal(region_sort(&homeless, 1, &where), -EINVAL);
}

static void subtract(void **state)
{
	static const struct region ram[] = {
		{ 0x1000, 0x9f000, 0 }, { 0xff000, 0x300000, 0 },
		{ 0x400000, 0x800000, 1 }, { 0x900000, 0xa00000, 1 },
		{ 0xb00000, 0xc00000, 1 }, { 0xc00000, 0xd00000, 2 },
	};
	static const struct region cover[] = {
		{ 0, 0x200000, 0 }, { 0x500000, 0x600000, 0 },
		{ 0x700000, 0x880000, 0 }, { 0xbff000, 0xc01000, 0 },
	};
	static const struct region want[] = {
		{ 0x200000, 0x300000, 0 }, { 0x400000, 0x500000, 1 },
		{ 0x600000, 0x700000, 1 }, { 0x900000, 0xa00000, 1 },
		{ 0xb00000, 0xbff000, 1 }, { 0xc01000, 0xd00000, 2 },
	};
	struct region out[10];
	u32 i;

	(void)state;
	assert_int_equal(region_subtract(ram, 6, cover, 4, out), 6);
	for (i = 0; i < 6; i++) {
		assert_int_equal(out[i].base, want[i].base);
		assert_int_equal(out[i].end, want[i].end);
		assert_int_equal(out[i].node, want[i].node);
	}
	assert_int_equal(region_subtract(ram, 6, NULL, 0, out), 6);
	assert_int_equal(region_subtract(ram, 6, ram, 6, out), 0);
	assert_int_equal(region_subtract(NULL, 0, cover, 4, out), 0);
}

int run_region_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(malformed),
		cmocka_unit_test(sort_cmrs),
		cmocka_unit_test(sort_ram),
		cmocka_unit_test(subtract),
	};

	return cmocka_run_group_tests_name("region", tests, NULL, NULL);
}
