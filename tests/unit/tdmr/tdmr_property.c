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

/*
 * How far behind the best of all layouts a sound one may be, in bytes: the
 * layout has to plan before it knows where PAMTs will be, and on a machine
 * with little memory a PAMT more or less, in RAM that is lost anyway, counts.
 */
#define SLACK	(16ULL << 20)

struct tally {
	unsigned long maps, rejected, layouts, refused, lossy, bruted, behind;
	u64 brute_lost, our_lost;
};

static struct chk_map map_rules;
static struct chk_layout parsed;
static char behind[128];

/* Lay out, print, check that nothing leaks from the allocator. */
static int lay_out(const struct tdmr_map *map, char **text, bool as_text,
		   const char **bad)
{
	struct tdmr_standin a;
	struct tdmr_result r;
	void *workspace;
	size_t len;
	u32 i, chunks = 0;
	int err = tdmr_map_layout(map, &a, &workspace, &r);

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
	tdmr_standin_exit(&a);
	free(workspace);
	return err;
}

/* Is the refusal to lay anything out right? */
static const char *judge_refusal(int err)
{
	switch (err) {
	case -ENODATA:
	case -ENOMEM:
	case -ENOSPC:
		if (brute_one_block(&map_rules))
			return "refused, but one block can be TDX memory";
		return NULL;
	default:
		return "refused as malformed";
	}
}

/* Limits as real TDX modules have them? */
static bool real_limits(const struct tdmr_map *map)
{
	return map->limits.max_tdmrs >= 64 && map->limits.max_reserved >= 16 &&
	       map->limits.entry_size[TDMR_4K] <= 16;
}

static const char *judge(struct tdmr_map *map, u64 seed, struct tally *t)
{
	bool as_text = seed % 16 == 0;
	const char *bad, *other;
	char *text, *again;
	u64 ours, least;
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
	ours = parsed.lost_bytes;
	if (ours)
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
	if (!bad && (ours ? seed % 4 == 0 : seed % 512 == 0) &&
	    brute_fits(&map_rules)) {
		least = brute_force(&map_rules);
		t->bruted++;
		if (least < ours) {
			t->behind++;
			t->brute_lost += least;
			t->our_lost += ours;
			snprintf(behind, sizeof(behind),
				 "gives up %llu bytes where %llu are enough",
				 ours, least);
			if (getenv("TDMR_STRICT") ||
			    (real_limits(map) && ours - least > SLACK))
				bad = behind;
		}
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
		sum.bruted += t[j].bruted;
		sum.behind += t[j].behind;
		sum.brute_lost += t[j].brute_lost;
		sum.our_lost += t[j].our_lost;
	}
	printf("maps=%lu rejected=%lu\n", sum.maps, sum.rejected);
	printf("layouts=%lu refused=%lu lossy=%lu bruted=%lu behind=%lu (%llu MiB instead of %llu)\n",
	       sum.layouts, sum.refused, sum.lossy, sum.bruted, sum.behind,
	       sum.our_lost >> 20, sum.brute_lost >> 20);
	return failed || sum.rejected || sum.maps != n;
}
