// SPDX-License-Identifier: GPL-2.0-only
/*
 * The judge itself: every kind of fault in a layout is found.
 */
#include "tdmr_test.h"

static void checker_can_reject(void **state)
{
	static const char *const map =
		"limits max_reserved=3\ncmr 0x100000 0x6f800000\n"
		"cmr 0x100000000 0x180000000\nram 0x100000 0x6f000000 0\n"
		"ram 0x100000000 0x180000000 0\nram 0x300000000 0x340000000 0\n";
	struct chk_layout good;
	int i;

	(void)state;
	assert_int_equal(lay_out(map), 0);
	good = layout;
	assert_null(chk_layout(&rules, &good));
	assert_int_equal(good.nr_tdmrs, 2);
	for (i = 0; i < 20; i++) {
		struct chk_layout *l = &layout;
		struct chk_tdmr *t = &l->tdmr[1];

		*l = good;
		switch (i) {
		case 0: t->base += 4096; break;
		case 1: t->size = 0; break;
		case 2: t->base = 0x40000000; break;
		case 3: t->base = 1ULL << 52; break;
		case 4: t->pamt[0].size -= 4096; break;
		case 5: t->pamt[2].base += 1; break;
		case 6: t->pamt[1].base = t->pamt[0].base; break;
		case 7: t->pamt[0].base = 0x200000000; break;
		case 8: t->pamt[0].base = 0x70000000; break;
		case 9: t->nr_rsvd = 0; break;
		case 10: l->tdmr[0].rsvd[0].size -= 4096; break;
		case 11: l->tdmr[0].rsvd[0].offset += 1; break;
		case 12: l->tdmr[0].nr_rsvd = 4; break;
		case 13: t->pamt[0].base -= 4096; break;
		case 14: l->tdx_bytes += 4096; break;
		case 15: l->outside.n = 0; break;
		case 16: l->lost_bytes = 4096; break;
		case 17: l->nr_tdmrs = 1; l->tdmrs = 1; break;
		case 18: l->tdmr[0].rsvd[0].size += 4096; break;
		case 19: t->nr_pamts = 2; break;
		}
		if (!chk_layout(&rules, l))
			fail_msg("fault %d was not found", i);
	}
	layout = good;
}

int run_checker_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(checker_can_reject),
	};

	return cmocka_run_group_tests_name("checker", tests, NULL, NULL);
}
