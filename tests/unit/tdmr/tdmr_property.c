// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lay out random memory maps and let an independent checker judge.
 *
 * tdmr_property [MAPS [SEED [JOBS]]] prints `maps=N rejected=0`; a map that
 * is rejected is printed so that tdmr-layout can read it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "brute.h"
#include "mapgen.h"
#include "tdmr_standin.h"

struct tally {
	unsigned long maps, rejected, layouts, refused, lossy;
};

static struct chk_map map_rules;
static struct chk_layout parsed;

/* Lay out, print, check that nothing leaks from the allocator. */
static int lay_out(const struct tdmr_map *map, char **text, bool as_text,
		   const char **bad)
{
	struct tdmr_standin a;
	struct tdmr_result r;
	size_t len;
	u32 i, chunks = 0;
	int err = tdmr_map_layout(map, &a, &r);

	*bad = NULL;
	*text = NULL;
	if (!err) {
		for (i = 0; i < r.nr_tdmrs; i++)
			chunks += r.tdmr[i].nr_chunks;
		if (as_text) {
			FILE *f = open_memstream(text, &len);

			if (!f)
				abort();
			tdmr_result_print(&r, f);
			fclose(f);
			*bad = chk_parse(&parsed, *text);
		} else {
			chk_from_result(&parsed, &r);
		}
	}
	if (!*bad && a.live != chunks)
		*bad = "PAMT memory was leaked or freed twice";
	if (tdmr_map_free_layout(map, &a, &r) && !*bad)
		*bad = "PAMT memory was not freed";
	return err;
}

/* Is the refusal to lay anything out right? */
static const char *judge_refusal(int err)
{
	switch (err) {
	case -ENODATA:
	case -ENOBUFS:
	case -ENOSPC:
		if (brute_one_block(&map_rules))
			return "refused, but one block can be TDX memory";
		return NULL;
	default:
		return "refused as malformed";
	}
}

static const char *judge(struct tdmr_map *map, u64 seed, struct tally *t)
{
	bool as_text = seed % 16 == 0;
	const char *bad, *other;
	char *text, *again;
	int err;

	err = lay_out(map, &text, as_text, &bad);
	chk_from_map(&map_rules, map);
	if (err) {
		t->refused++;
		return judge_refusal(err);
	}
	t->layouts++;
	if (!bad)
		bad = chk_layout(&map_rules, &parsed);
	if (bad)
		goto out;
	if (parsed.lost_bytes)
		t->lossy++;

	if (as_text) {
		mapgen_shuffle(map, seed);
		lay_out(map, &again, true, &other);
		if (other)
			bad = other;
		else if (!again || strcmp(text, again))
			bad = "the order of the input changes the layout";
		free(again);
	}
out:
	free(text);
	return bad;
}

static void run(u64 seed, unsigned long n, unsigned long step, struct tally *t)
{
	struct tdmr_map map = { };
	unsigned long i;

	for (i = 0; i < n; i += step) {
		const char *bad;

		mapgen(&map, seed + i);
		bad = judge(&map, seed + i, t);
		t->maps++;
		if (!bad)
			continue;
		if (!t->rejected++) {
			mapgen(&map, seed + i);
			flockfile(stdout);
			printf("# seed %llu: %s\n", seed + i, bad);
			tdmr_map_print(&map, stdout);
			fflush(stdout);
			funlockfile(stdout);
		}
	}
	tdmr_map_free(&map);
}

int main(int argc, char **argv)
{
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 0) : 20000;
	u64 seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	unsigned long jobs = argc > 3 ? strtoul(argv[3], NULL, 0) : 2, j;
	struct tally *t, sum = { };
	int status, failed = 0;

	if (!n || !jobs || jobs > 256)
		return 2;
	t = mmap(NULL, jobs * sizeof(*t), PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (t == MAP_FAILED)
		return 2;
	for (j = 0; j < jobs; j++) {
		pid_t pid = jobs > 1 ? fork() : 0;

		if (pid < 0)
			return 2;
		if (!pid) {
			if (j < n)
				run(seed + j, n - j, jobs, &t[j]);
			if (jobs > 1)
				_exit(0);
		}
	}
	while (jobs > 1 && wait(&status) > 0) {
		if (!WIFEXITED(status) || WEXITSTATUS(status)) {
			printf("a worker crashed\n");
			failed = 1;
		}
	}
	for (j = 0; j < jobs; j++) {
		sum.maps += t[j].maps;
		sum.rejected += t[j].rejected;
		sum.layouts += t[j].layouts;
		sum.refused += t[j].refused;
		sum.lossy += t[j].lossy;
	}
	printf("maps=%lu rejected=%lu\n", sum.maps, sum.rejected);
	printf("layouts=%lu refused=%lu lossy=%lu\n", sum.layouts, sum.refused,
	       sum.lossy);
	return failed || sum.rejected || sum.maps != n;
}
