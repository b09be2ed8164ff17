// SPDX-License-Identifier: GPL-2.0-only
/*
 * Eight kinds of machines: what share of its RAM each kind has to give up.
 */
#include <stdlib.h>
#include <string.h>

#include "mapgen.h"
#include "tdmr_standin.h"
#include "tdmr_test.h"

#define MAPS	100

/*
 * What the planner lost that came before (exact dynamic programming, and up to
 * six layouts of which the best was made once more), of all RAM of the same
 * maps of MAPGEN_FRAGMENTED. No simpler one may lose a tenth more.
 */
#define FRAGMENTED_BEFORE	0.337160

/* Lay out one map; count RAM, and what is lost of it. */
static void lay_out_kind(unsigned int kind, u64 seed, double *ram, double *lost)
{
	struct tdmr_map map = { };
	struct tdmr_standin a;
	struct tdmr_result r;
	const char *bad;

	mapgen_kind(&map, kind, seed);
	if (tdmr_map_layout(&map, &a, &r))
		fail_msg("%s, seed %llu: no layout", mapgen_kinds[kind], seed);
	chk_from_map(&rules, &map);
	chk_from_result(&layout, &r);
	bad = chk_layout(&rules, &layout);
	if (bad)
		fail_msg("%s, seed %llu: %s", mapgen_kinds[kind], seed, bad);
	*ram += r.tdx_bytes + r.lost_bytes;
	*lost += r.lost_bytes;
	assert_int_equal(tdmr_map_free_layout(&map, &a, &r), 0);
	tdmr_map_free(&map);
}

static void kinds(void **state)
{
	unsigned int kind;
	u64 seed;

	(void)state;
	for (kind = 0; kind < MAPGEN_KINDS; kind++) {
		double ram = 0, lost = 0;

		for (seed = 1; seed <= MAPS; seed++)
			lay_out_kind(kind, seed, &ram, &lost);
		print_message("%d maps, %s: %.4f%% of RAM lost\n", MAPS,
			      mapgen_kinds[kind], 100 * lost / ram);
		if (kind == MAPGEN_FRAGMENTED)
			assert_true(lost <= 1.1 * FRAGMENTED_BEFORE * ram);
		else
			assert_true(lost == 0);
	}
}

int run_kinds_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),
	};

	return cmocka_run_group_tests_name("kinds", tests, NULL, NULL);
}
