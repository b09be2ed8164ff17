// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdmr-layout: show which TDMRs the module would make from a memory map.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tdmr_standin.h"

#define EXIT_NO_LAYOUT	1
#define EXIT_MALFORMED	2

static char *read_all(FILE *f, size_t *len)
{
	size_t room = 1 << 16, n;
	char *text = NULL, *p;

	*len = 0;
	do {
		room *= 2;
		p = realloc(text, room);
		if (!p) {
			free(text);
			errno = ENOMEM;
			return NULL;
		}
		text = p;
		n = fread(text + *len, 1, room - *len, f);
		*len += n;
	} while (*len == room);
	if (ferror(f)) {
		free(text);
		return NULL;
	}
	return text;
}

static int explain(const struct tdmr_map *map, u64 where, int err)
{
	u32 i, line = 0;

	switch (err) {
	case -EEXIST:
		for (i = 0; i < map->nr_ram; i++) {
			if (map->ram[i].base == where)
				line = map->ram_line[i];
		}
		fprintf(stderr, "line %u: another node also claims RAM at 0x%llx; each byte belongs to one node\n",
			line, where);
		return EXIT_MALFORMED;
	case -ENODATA:
		fputs("no RAM above 1 MiB is inside a CMR, so none of it can be TDX memory; check that the firmware made memory convertible\n",
		      stderr);
		return EXIT_NO_LAYOUT;
	case -ENOBUFS:
		fputs("no node has a block of memory large enough for the PAMT of even one 1 GiB block; free memory, or see 'chunk' and 'avoid'\n",
		      stderr);
		return EXIT_NO_LAYOUT;
	case -ENOSPC:
		fprintf(stderr, "every 1 GiB block needs more than the %u reserved areas that a TDMR may have\n",
			map->limits.max_reserved);
		return EXIT_NO_LAYOUT;
	default:
		fprintf(stderr, "no layout: %s\n", strerror(-err));
		return EXIT_MALFORMED;
	}
}

int main(int argc, char **argv)
{
	struct tdmr_standin allocator;
	struct tdmr_result result;
	struct tdmr_map map;
	FILE *f = stdin;
	char error[256];
	char *text;
	size_t len;
	int status = 0, err;

	if (argc > 2 || (argc == 2 && argv[1][0] == '-' && argv[1][1])) {
		fputs("usage: tdmr-layout [FILE]\n", stderr);
		return EXIT_MALFORMED;
	}
	if (argc == 2 && strcmp(argv[1], "-"))
		f = fopen(argv[1], "r");
	text = f ? read_all(f, &len) : NULL;
	if (!text) {
		fprintf(stderr, "cannot read %s: %s\n",
			argc == 2 ? argv[1] : "standard input",
			strerror(errno));
		return EXIT_MALFORMED;
	}
	if (tdmr_map_parse(&map, text, len, error, sizeof(error))) {
		fprintf(stderr, "%s\n", error);
		status = EXIT_MALFORMED;
	} else {
		err = tdmr_map_layout(&map, &allocator, &result);
		if (err)
			status = explain(&map, allocator.where, err);
		else
			tdmr_result_print(&result, stdout);
		tdmr_map_free_layout(&map, &allocator, &result);
	}
	tdmr_map_free(&map);
	free(text);
	if (f != stdin)
		fclose(f);
	if (fflush(stdout) || ferror(stdout)) {
		perror("cannot write the layout");
		return EXIT_MALFORMED;
	}
	return status;
}
