// SPDX-License-Identifier: GPL-2.0-only
/*
 * The layout of src/tdmr over many maps, beside a plain one (plain.c).
 *
 * usage: layout [MAPS]
 *
 * MAPS (1000) are of all kinds of machines that tests/unit/tdmr/mapgen.c
 * knows, evenly.  A layout that the checker rejects has failed.  Prints figures
 * as tests/bench/run takes them, and lines that begin with "#".
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "mapgen.h"
#include "plain.h"
#include "tdmr_standin.h"

#define ROUNDS		9

/* Sums over maps; of TDMRs and PAMTs, over those that both lay out. */
struct sums {
	u64 tdmrs, pamt_bytes, lost, failed;
	double ns[ROUNDS];
};

static struct chk_map rules;
static struct chk_layout checked;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

/* Is it a layout, and a right one where @judge?  Of @r the numbers are left. */
static bool lay_out_ours(const struct tdmr_map *map, struct tdmr_result *r,
			 double *ns, bool judge)
{
	struct tdmr_standin a;
	struct tdmr_input in;
	const char *bad = NULL;
	double begin;
	u32 tdmrs;
	int err;

	if (tdmr_standin_init(&a, map))
		exit(2);
	in = tdmr_map_input(map, &a);
	*r = (struct tdmr_result){ };
	begin = now();
	err = tdmr_layout(&in, r);
	*ns += now() - begin;
	if (!err && judge) {
		chk_from_map(&rules, map);
		chk_from_result(&checked, r);
		bad = chk_layout(&rules, &checked);
	}
	if (bad)
		printf("# rejected: %s\n", bad);
	tdmrs = r->nr_tdmrs;
	tdmr_map_free_layout(map, &a, r);
	r->nr_tdmrs = tdmrs;
	return !err && !bad;
}

static enum plain_failure lay_out_plain(const struct tdmr_map *map,
					struct plain *p, double *ns)
{
	enum plain_failure failure;
	struct tdmr_standin a;
	struct tdmr_input in;
	double begin;

	if (tdmr_standin_init(&a, map))
		exit(2);
	in = tdmr_map_input(map, &a);
	begin = now();
	failure = plain_layout(&in, p);
	*ns += now() - begin;
	plain_free(&in, p);
	tdmr_standin_exit(&a);
	return failure;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *v)
{
	qsort(v, ROUNDS, sizeof(*v), compare);
	return v[ROUNDS / 2];
}

static void print(struct sums *ours, struct sums *plain, unsigned int maps,
		  u64 ram)
{
	double ratio[ROUNDS], mid;
	int i;

	for (i = 0; i < ROUNDS; i++)
		ratio[i] = ours->ns[i] / plain->ns[i];
	mid = median(ratio);
	printf("layout.maps %u maps - - - -\n", maps);
	printf("layout.plain.failed %llu maps - - - -\n", plain->failed);
	printf("layout.failed %llu maps layout.plain.failed - - -\n",
	       ours->failed);
	printf("layout.plain.lost %.4f share_of_ram - - - -\n",
	       (double)plain->lost / ram);
	printf("layout.lost %.4f share_of_ram layout.plain.lost - - -\n",
	       (double)ours->lost / ram);
	printf("layout.plain.tdmrs %llu tdmrs - - - -\n", plain->tdmrs);
	printf("layout.tdmrs %llu tdmrs layout.plain.tdmrs - - -\n",
	       ours->tdmrs);
	printf("layout.plain.pamt %llu bytes - - - -\n", plain->pamt_bytes);
	printf("layout.pamt %llu bytes layout.plain.pamt - - -\n",
	       ours->pamt_bytes);
	printf("layout.plain.time %.0f ns - - - -\n",
	       median(plain->ns) / maps);
	printf("layout.time %.0f ns layout.plain.time %.4f %.4f %.4f\n",
	       median(ours->ns) / maps, mid, ratio[0], ratio[ROUNDS - 1]);
}

/* Both lay out one map; what comes of it is the same in each round. */
static void compare_on(struct tdmr_map *map, struct sums *ours,
		       struct sums *plain, u64 *ram, u64 *why)
{
	enum plain_failure failure;
	struct tdmr_result r;
	struct plain p;
	bool laid_out = true;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		failure = lay_out_plain(map, &p, &plain->ns[i]);
		laid_out &= lay_out_ours(map, &r, &ours->ns[i], !i);
	}
	why[failure]++;
	plain->failed += failure != PLAIN_DONE;
	ours->failed += !laid_out;
	*ram += r.tdx_bytes + r.lost_bytes;
	ours->lost += r.lost_bytes;
	if (failure != PLAIN_DONE)
		plain->lost += r.tdx_bytes + r.lost_bytes;
	if (failure != PLAIN_DONE || !laid_out)
		return;
	plain->tdmrs += p.nr;
	plain->pamt_bytes += p.pamt_bytes;
	ours->tdmrs += r.nr_tdmrs;
	ours->pamt_bytes += r.pamt_bytes;
}

int main(int argc, char **argv)
{
	unsigned int maps = argc > 1 ? atoi(argv[1]) : 1000, i;
	u64 why[PLAIN_FAILURES] = { }, ram = 0;
	struct sums ours = { }, plain = { };
	struct tdmr_map map = { };

	if (!maps)
		return 2;
	for (i = 0; i < maps; i++) {
		mapgen_kind(&map, i % MAPGEN_KINDS, 1 + i / MAPGEN_KINDS);
		compare_on(&map, &ours, &plain, &ram, why);
	}
	print(&ours, &plain, maps, ram);
	printf("# layout.plain, one TDMR a region, fails for want of: TDMRs %llu, contiguous memory %llu, reserved areas %llu, CMRs %llu\n",
	       why[PLAIN_TDMRS], why[PLAIN_PAMT], why[PLAIN_RESERVED],
	       why[PLAIN_CMR]);
	puts("# layout.lost and layout.plain.lost: where there is no layout, all RAM is lost; layout.tdmrs, layout.pamt: over maps that both lay out");
	tdmr_map_free(&map);
	return 0;
}
