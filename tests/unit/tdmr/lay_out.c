// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the text of a map to a layout that was judged.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mapgen.h"
#include "tdmr_standin.h"
#include "tdmr_test.h"

struct chk_map rules;
struct chk_layout layout;

int lay_out(const char *text)
{
	struct tdmr_standin a;
	struct tdmr_result r;
	struct tdmr_map map;
	char error[256] = "";
	const char *bad;
	int err;

	if (tdmr_map_parse(&map, text, strlen(text), error, sizeof(error)))
		fail_msg("%s", error);
	err = tdmr_map_layout(&map, &a, &r);
	if (!err) {
		chk_from_map(&rules, &map);
		chk_from_result(&layout, &r);
		bad = chk_layout(&rules, &layout);
		if (bad)
			fail_msg("%s", bad);
	}
	assert_int_equal(tdmr_map_free_layout(&map, &a, &r), 0);
	tdmr_map_free(&map);
	return err;
}

char *read_data(const char *name)
{
	const char *dir = getenv("TDMR_DATA");
	char path[4096], *text = calloc(1, 1 << 16);
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir ? dir : "tests/data", name);
	f = fopen(path, "r");
	if (!f || !text || !fread(text, 1, (1 << 16) - 1, f))
		fail_msg("cannot read %s", path);
	fclose(f);
	return text;
}
