// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer target: any text goes through tdmr-layout's parser; what parses
 * is laid out, printed, and judged by the independent checker.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "checker.h"
#include "mapgen.h"
#include "tdmr_standin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct tdmr_map *map, const struct tdmr_result *r)
{
	static struct chk_map rules;
	static struct chk_layout layout;
	const char *bad;
	char *text;
	size_t len;
	FILE *f;

	/* the checker has room for what real TDX modules allow */
	if (map->limits.max_tdmrs > CHK_MAX_TDMRS ||
	    map->limits.max_reserved > CHK_MAX_RSVD)
		return;
	f = open_memstream(&text, &len);
	if (!f)
		abort();
	tdmr_result_print(r, f);
	fclose(f);
	bad = chk_parse(&layout, text);
	if (!bad) {
		chk_from_map(&rules, map);
		bad = chk_layout(&rules, &layout);
	}
	if (bad) {
		fprintf(stderr, "rejected: %s\n%s", bad, text);
		abort();
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tdmr_standin a;
	struct tdmr_result r;
	struct tdmr_map map;
	char error[256];
	u32 i, chunks = 0;

	if (!tdmr_map_parse(&map, (const char *)data, size, error,
			    sizeof(error))) {
		if (!tdmr_map_layout(&map, &a, &r)) {
			for (i = 0; i < r.nr_tdmrs; i++)
				chunks += r.tdmr[i].nr_chunks;
			judge(&map, &r);
		}
		if (a.live != chunks)
			abort();
		if (tdmr_map_free_layout(&map, &a, &r))
			abort();
	}
	tdmr_map_free(&map);
	return 0;
}
