// SPDX-License-Identifier: GPL-2.0-only
/*
 * Range lists: sorting, joining, parting.
 */
#include <errno.h>

#include "region.h"
#include "tdmr_test.h"

static void range_check(void **state)
{
	(void)state;
	assert_int_equal(tdx_range_check(0, 0x1000), 0);
	assert_int_equal(tdx_range_check(TDX_PA_LIMIT - 0x1000, TDX_PA_LIMIT),
			 0);
	assert_int_equal(tdx_range_check(0x1000, 0x1000), -EINVAL);
	assert_int_equal(tdx_range_check(0x2000, 0x1000), -EINVAL);
	assert_int_equal(tdx_range_check(0x1000, 0x2001), -EINVAL);
	assert_int_equal(tdx_range_check(0x1800, 0x3000), -EINVAL);
	assert_int_equal(tdx_range_check(0, TDX_PA_LIMIT + 0x1000), -EINVAL);
	assert_int_equal(tdx_range_check(~0ULL << 12, ~0ULL), -EINVAL);
}

static void cmr_normalize(void **state)
{
	struct tdx_range c[] = {
		{ 0x9000, 0xa000 }, { 0, 0 }, { 0x1000, 0x3000 },
		{ 0x5000, 0x5000 }, { 0x3000, 0x4000 }, { 0x9000, 0xb000 },
	};
	struct tdx_range bad = { 0x1000, 0x1800 };

	(void)state;
	assert_int_equal(tdx_cmr_normalize(c, 6), 2);
	assert_int_equal(c[0].base, 0x1000);
	assert_int_equal(c[0].end, 0x4000);
	assert_int_equal(c[1].base, 0x9000);
	assert_int_equal(c[1].end, 0xb000);
	assert_int_equal(tdx_cmr_normalize(&bad, 1), -EINVAL);
	assert_int_equal(tdx_cmr_normalize(&bad, 0), 0);
	assert_int_equal(tdx_cmr_normalize(c, TDX_REGION_MAX + 1), -EINVAL);
}

static void ram_normalize(void **state)
{
	struct tdx_ram r[] = {
		{ 0x9000, 0xa000, 1 }, { 0x3000, 0x4000, 0 },
		{ 0x1000, 0x3000, 0 }, { 0x4000, 0x9000, 1 },
	};
	struct tdx_ram clash[] = {
		{ 0x1000, 0x3000, 0 }, { 0x2000, 0x4000, 1 },
	};
	struct tdx_ram twice[] = {
		{ 0x1000, 0x3000, 0 }, { 0x2000, 0x4000, 0 },
	};
	struct tdx_ram homeless = { 0x1000, 0x2000, -1 };
	u64 where = 0;

	(void)state;
	assert_int_equal(tdx_ram_normalize(r, 4, NULL), 2);
	assert_int_equal(r[0].base, 0x1000);
	assert_int_equal(r[0].end, 0x4000);
	assert_int_equal(r[0].node, 0);
	assert_int_equal(r[1].base, 0x4000);
	assert_int_equal(r[1].end, 0xa000);
	assert_int_equal(tdx_ram_normalize(clash, 2, &where), -EEXIST);
	assert_int_equal(where, 0x2000);
	assert_int_equal(tdx_ram_normalize(twice, 2, NULL), 1);
	assert_int_equal(twice[0].end, 0x4000);
	assert_int_equal(tdx_ram_normalize(&homeless, 1, NULL), -EINVAL);
}

static void ram_split(void **state)
{
	static const struct tdx_ram ram[] = {
		{ 0x1000, 0x9f000, 0 }, { 0xff000, 0x300000, 0 },
		{ 0x400000, 0x800000, 1 }, { 0x900000, 0xa00000, 1 },
	};
	static const struct tdx_range cmr[] = {
		{ 0, 0x200000 }, { 0x500000, 0x600000 },
		{ 0x700000, 0x880000 },
	};
	struct tdx_ram usable[7], outside[8];
	u32 nu, no;

	(void)state;
	tdx_ram_split(ram, 4, cmr, 3, usable, &nu, outside, &no);
	assert_int_equal(nu, 3);
	assert_int_equal(usable[0].base, 0x100000);
	assert_int_equal(usable[0].end, 0x200000);
	assert_int_equal(usable[0].node, 0);
	assert_int_equal(usable[1].base, 0x500000);
	assert_int_equal(usable[1].end, 0x600000);
	assert_int_equal(usable[2].base, 0x700000);
	assert_int_equal(usable[2].end, 0x800000);
	assert_int_equal(usable[2].node, 1);
	assert_int_equal(no, 6);
	assert_int_equal(outside[0].end, 0x9f000);
	assert_int_equal(outside[1].base, 0xff000);
	assert_int_equal(outside[1].end, 0x100000);
	assert_int_equal(outside[2].base, 0x200000);
	assert_int_equal(outside[2].end, 0x300000);
	assert_int_equal(outside[3].base, 0x400000);
	assert_int_equal(outside[3].end, 0x500000);
	assert_int_equal(outside[4].base, 0x600000);
	assert_int_equal(outside[4].end, 0x700000);
	assert_int_equal(outside[5].base, 0x900000);
	assert_int_equal(outside[5].end, 0xa00000);
}

int run_region_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(range_check),
		cmocka_unit_test(cmr_normalize),
		cmocka_unit_test(ram_normalize),
		cmocka_unit_test(ram_split),
	};

	return cmocka_run_group_tests_name("region", tests, NULL, NULL);
}
