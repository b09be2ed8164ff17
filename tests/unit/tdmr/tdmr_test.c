// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDMR layout by example: what a user would notice, the field's map, input of
 * every kind, and the time that it takes.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <linux/mm.h>

#include "mapgen.h"
#include "tdmr_standin.h"
#include "tdmr_test.h"

static void one_node(void **state)
{
	(void)state;
	assert_int_equal(lay_out("cmr 0x100000 0x100000000\n"
				 "ram 0x100000 0x100000000 0\n"), 0);
	assert_int_equal(layout.nr_tdmrs, 1);
	assert_int_equal(layout.tdmr[0].base, 0);
	assert_int_equal(layout.tdmr[0].size, 0x100000000);
	/* space below the CMR, and the three PAMTs in one area */
	assert_int_equal(layout.tdmr[0].nr_rsvd, 2);
	assert_int_equal(layout.lost_bytes, 0);
	/* 4 MiB + 8 KiB per GiB, and a page for the 1G level */
	assert_int_equal(layout.pamt_bytes, 4 * 0x402000 + 0x1000);
}

static void hole_in_ram_costs_nothing(void **state)
{
	(void)state;
	assert_int_equal(lay_out("limits max_reserved=2\n"
				 "cmr 0x100000 0x100000000\n"
				 "ram 0x100000 0x8000000 0\n"
				 "ram 0x8001000 0x10000000 0\n"
				 "ram 0x10002000 0x20000000 0\n"
				 "ram 0x20002000 0x100000000 0\n"), 0);
	assert_int_equal(layout.nr_tdmrs, 1);
	assert_int_equal(layout.tdmr[0].nr_rsvd, 2);
	assert_int_equal(layout.lost_bytes, 0);
}

static void nodes_keep_apart(void **state)
{
	(void)state;
	/* the GiB that both nodes share goes to the one with more of it */
	assert_int_equal(lay_out("cmr 0x100000 0x200000000\n"
				 "ram 0x100000 0x110000000 0\n"
				 "ram 0x110000000 0x200000000 1\n"), 0);
	assert_int_equal(layout.nr_tdmrs, 2);
	assert_int_equal(layout.tdmr[0].size, 0x100000000);
	assert_int_equal(layout.tdmr[1].base, 0x100000000);
	assert_int_equal(layout.lost_bytes, 0);
	assert_true(layout.tdmr[0].pamt[0].base < 0x110000000);
	assert_true(layout.tdmr[1].pamt[0].base >= 0x110000000);
}

static void enough_for_all_cpus(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(lay_out("cpus 16\ncmr 0x100000 0x1000000000\n"
				 "ram 0x100000 0x1000000000 0\n"), 0);
	assert_int_equal(layout.nr_tdmrs, 16);
	for (i = 0; i < 16; i++)
		assert_int_equal(layout.tdmr[i].size, 4ULL << 30);
	assert_int_equal(layout.lost_bytes, 0);

	assert_int_equal(lay_out("cpus 512\ncmr 0x100000 0x1000000000\n"
				 "ram 0x100000 0x1000000000 0\n"), 0);
	assert_int_equal(layout.nr_tdmrs, 64);

	assert_int_equal(lay_out("cpus 8\ncmr 0x100000 0xc0000000\n"
				 "ram 0x100000 0xc0000000 0\n"), 0);
	assert_int_equal(layout.nr_tdmrs, 3);
}

/* Two CPUs share 3 + 1 GiB evenly only if the larger part is split. */
static void balanced_for_two_cpus(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(lay_out("cpus 2\ncmr 0x100000 0x140000000\n"
				 "ram 0x100000 0xc0000000 0\n"
				 "ram 0x100000000 0x140000000 0\n"), 0);
	for (i = 0; i < layout.nr_tdmrs; i++)
		assert_true(layout.tdmr[i].size <= 2ULL << 30);
}

static void too_many_areas_split(void **state)
{
	char text[8192], *p = text;
	int i;

	(void)state;
	/* 6 holes in the CMRs in each of 8 GiB: three areas a TDMR too many */
	for (i = 0; i < 48; i++) {
		uint64_t b = (uint64_t)i * (1ULL << 30) / 6 & ~0xfffULL;
		uint64_t e = ((uint64_t)(i + 1) * (1ULL << 30) / 6 & ~0xfffULL) -
			     0x1000;

		if (!i)
			b = 0x100000;
		p += sprintf(p, "cmr %#llx %#llx\nram %#llx %#llx 0\n",
			     (u64)b, (u64)e, (u64)b, (u64)e);
	}
	assert_int_equal(lay_out(text), 0);
	assert_int_equal(layout.lost_bytes, 0);
	assert_true(layout.nr_tdmrs >= 4);
}

static void too_many_areas_in_one_gib(void **state)
{
	(void)state;
	/* five areas where two are allowed: the two pieces of RAM given up
	 * are the smallest that do, and the PAMT lies above the GiB */
	assert_int_equal(lay_out("limits max_reserved=2\n"
				 "cmr 0x40000000 0x50000000\n"
				 "cmr 0x50001000 0x50003000\n"
				 "cmr 0x50004000 0x50005000\n"
				 "cmr 0x60000000 0x100000000\n"
				 "ram 0x40000000 0x50000000 0\n"
				 "ram 0x50001000 0x50003000 0\n"
				 "ram 0x50004000 0x50005000 0\n"
				 "ram 0x60000000 0x100000000 0\n"), 0);
	assert_int_equal(layout.lost_bytes, 0x1000);
	assert_int_equal(layout.lost.r[0].base, 0x50004000);
	assert_int_equal(layout.lost.r[0].tag, CHK_RESERVED_AREAS);
}

static void too_many_tdmrs_merge(void **state)
{
	(void)state;
	/* three islands, two TDMRs: the smaller of the two holes is spent */
	assert_int_equal(lay_out("limits max_tdmrs=2\n"
				 "cmr 0x100000 0x4000000000\n"
				 "ram 0x100000 0x100000000 0\n"
				 "ram 0x280000000 0x300000000 0\n"
				 "ram 0x1000000000 0x1100000000 0\n"), 0);
	assert_int_equal(layout.nr_tdmrs, 2);
	assert_int_equal(layout.tdmr[0].base, 0);
	assert_int_equal(layout.tdmr[0].size, 0x300000000);
	assert_int_equal(layout.lost_bytes, 0);
}

static void small_chunks_split(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(lay_out("chunk 0 0x1000000\n"
				 "cmr 0x100000 0x800000000\n"
				 "ram 0x100000 0x800000000 0\n"), 0);
	for (i = 0; i < layout.nr_tdmrs; i++)
		assert_true(layout.tdmr[i].size <= 4ULL << 30);
	assert_int_equal(layout.nr_tdmrs, 8);
	assert_int_equal(layout.lost_bytes, 0);
}

static void chunk_of_exactly_one_gib(void **state)
{
	(void)state;
	/* 4 MiB and not a page more: each level has to live apart */
	assert_int_equal(lay_out("chunk 0 0x400000\n"
				 "cmr 0x100000 0x100000000\n"
				 "ram 0x100000 0x100000000 0\n"), 0);
	assert_int_equal(layout.nr_tdmrs, 4);
	assert_int_equal(layout.lost_bytes, 0);
	assert_int_equal(lay_out("chunk 0 0x3ff000\n"
				 "cmr 0x100000 0x100000000\n"
				 "ram 0x100000 0x100000000 0\n"), -ENOBUFS);
}

static void fragmented_node_borrows(void **state)
{
	(void)state;
	/* node 0 has no 4 MiB block at all; node 1 serves it */
	assert_int_equal(lay_out("chunk 0 0x200000\n"
				 "cmr 0x100000 0x200000000\n"
				 "ram 0x100000 0x100000000 0\n"
				 "ram 0x100000000 0x200000000 1\n"), 0);
	assert_int_equal(layout.lost_bytes, 0);
	assert_true(layout.tdmr[0].pamt[0].base >= 0x100000000);
}

static void chunks_too_small_for_all(void **state)
{
	(void)state;
	/* 64 TDMRs of 1 GiB is all that 4 MiB chunks can serve */
	assert_int_equal(lay_out("chunk 0 0x403000\n"
				 "cmr 0x100000 0x2000000000\n"
				 "ram 0x100000 0x2000000000 0\n"), 0);
	assert_int_equal(layout.nr_tdmrs, 64);
	assert_int_equal(layout.lost.r[0].tag, CHK_PAMT);
	/* RAM that a PAMT occupies is in use wherever it lies */
	assert_in_range(layout.lost_bytes,
			(64ULL << 30) - layout.pamt_bytes - (1 << 20),
			64ULL << 30);
}

/* Pieces so small that a fragmented node can serve its own RAM. */
static void fragmented_node_serves_itself(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(lay_out("chunk 0 0x1000000\n"
				 "cmr 0x100000 0x1000000000\n"
				 "ram 0x100000 0x800000000 0\n"
				 "ram 0x800000000 0x1000000000 1\n"), 0);
	assert_int_equal(layout.lost_bytes, 0);
	for (i = 0; i < layout.nr_tdmrs; i++)
		assert_int_equal(layout.tdmr[i].base < 0x800000000,
				 layout.tdmr[i].pamt[0].base < 0x800000000);
}

/* TDMRs are scarce: each is as large as the largest PAMT that can be had. */
static void scarce_tdmrs_are_large(void **state)
{
	(void)state;
	/* 40 MiB are the PAMT of 10 GiB, and 64 TDMRs of that all there is */
	assert_int_equal(lay_out("chunk 0 0x2800000\ncpus 40\n"
				 "cmr 0x100000 0xaf00000000\n"
				 "ram 0x100000 0xaf00000000 0\n"), 0);
	assert_int_equal(layout.nr_tdmrs, 64);
	assert_true(layout.lost_bytes <= (700ULL - 640) << 30);
}

/*
 * Node 0 has room for little more than one 4 MiB PAMT and node 1 has no block
 * for one: of the two GiB, the one with most RAM is served.
 */
static void most_ram_comes_first(void **state)
{
	(void)state;
	assert_int_equal(lay_out("cmr 0x20000 0x1800000\n"
				 "cmr 0x20c00000 0x5c0f5000\n"
				 "ram 0x20000 0x1800000 0\n"
				 "ram 0x40000000 0x5c0f5000 1\n"
				 "cpus 6\nchunk 1 0x397000\n"
				 "avoid 0x0 0x1000000\n"), 0);
	assert_int_equal(layout.nr_tdmrs, 1);
	assert_int_equal(layout.tdmr[0].base, 0x40000000);
	assert_true(layout.lost_bytes < 0x1800000);
}

static void memory_without_cmr(void **state)
{
	(void)state;
	assert_int_equal(lay_out("cmr 0x100000 0x100000000\n"
				 "ram 0x1000 0x9f000 0\n"
				 "ram 0x100000 0x100000000 0\n"
				 "ram 0x8000000000 0x9000000000 2\n"), 0);
	assert_int_equal(layout.outside_bytes, 0x9e000 + 0x1000000000);
	assert_int_equal(layout.lost_bytes, 0);
	assert_int_equal(lay_out("ram 0x100000 0x100000000 0\n"), -ENODATA);
	assert_int_equal(lay_out("cmr 0x100000 0x100000000\n"), -ENODATA);
	assert_int_equal(lay_out("cmr 0 0x100000\nram 0x1000 0x100000 0\n"),
			 -ENODATA);
}

static void top_of_the_address_space(void **state)
{
	(void)state;
	assert_int_equal(lay_out("cmr 0xfffe000000000 0x10000000000000\n"
				 "ram 0xfffe000000000 0x10000000000000 0\n"),
			 0);
	assert_int_equal(layout.lost_bytes, 0);
}

/*
 * The map that mainline cannot lay out: were every hole in System RAM
 * reserved, one TDMR below 2 GiB would need more than 16 areas, and so would
 * its upper GiB alone.
 */
static void emerald_rapids(void **state)
{
	char *text = read_data("emr-4node-256g.txt");
	struct chk_list ram = { }, block = { }, holes = { };
	unsigned int i;

	(void)state;
	assert_int_equal(lay_out(text), 0);
	assert_int_equal(layout.lost_bytes, 0);
	for (i = 0; i < layout.nr_tdmrs; i++)
		assert_true(layout.tdmr[i].nr_rsvd <= 3);

	chk_union(&ram, &rules.ram);
	chk_add(&block, 0, 2ULL << 30, 0);
	chk_subtract(&holes, &block, &ram);
	assert_true(holes.n > rules.max_reserved);
	block.n = 0;
	chk_add(&block, 1ULL << 30, 2ULL << 30, 0);
	chk_subtract(&holes, &block, &ram);
	assert_true(holes.n > rules.max_reserved);
	free(ram.r);
	free(block.r);
	free(holes.r);
	free(text);
}

static int no_memory(void *ctx, int node, u64 size, u64 *pa)
{
	(void)node;
	(void)size;
	(void)pa;
	return *(int *)ctx;
}

static void count_free(void *ctx, int node, u64 pa, u64 size)
{
	(void)node;
	(void)pa;
	(void)size;
	--*(int *)ctx;
}

/* What the interface promises for allocators and inputs of every kind. */
static void malformed_input(void **state)
{
	struct region ram = { 0x100000, 0x100000000, 0 };
	struct region cmr = { 0x100000, 0x100000000, 0 };
	int answer = -ENOMEM;
	struct tdmr_input in = {
		.max_tdmrs = 64, .max_reserved = 16,
		.entry_size = { 16, 16, 16 },
		.cmr = &cmr, .nr_cmrs = 1, .ram = &ram, .nr_ram = 1,
		.alloc = no_memory, .free = count_free, .ctx = &answer,
	};
	struct tdmr_result r;

	(void)state;
	assert_int_equal(tdmr_layout(&in, &r), -ENOBUFS);
	in.nr_cmrs = 0;
	assert_int_equal(tdmr_layout(&in, &r), -ENODATA);
	in.nr_cmrs = 1;
	in.nr_ram = 0;
	assert_int_equal(tdmr_layout(&in, &r), -ENODATA);
	in.nr_ram = 1;
	in.max_reserved = 0;
	assert_int_equal(tdmr_layout(&in, &r), -ENOBUFS);
	in.max_tdmrs = 0;
	assert_int_equal(tdmr_layout(&in, &r), -EINVAL);
	in.max_tdmrs = 64;
	in.entry_size[1] = 0;
	assert_int_equal(tdmr_layout(&in, &r), -EINVAL);
}

/* Each allocation that can fail does, and nothing is left behind. */
static void no_memory_for_lists(void **state)
{
	static const char text[] = "cmr 0x100000 0x100000000\n"
				   "ram 0x100000 0x100000000 0\n";
	struct tdmr_standin a;
	struct tdmr_result r;
	struct tdmr_map map;
	char error[256];
	int n, err;

	(void)state;
	assert_int_equal(tdmr_map_parse(&map, text, strlen(text), error,
					sizeof(error)), 0);
	for (n = 0, err = -ENOMEM; err; n++) {
		shim_allocations = n;
		err = tdmr_map_layout(&map, &a, &r);
		shim_allocations = -1;
		assert_true(!err || err == -ENOMEM);
		assert_int_equal(tdmr_map_free_layout(&map, &a, &r), 0);
	}
	assert_true(n > 5);
	tdmr_map_free(&map);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

/*
 * 10,000 ranges over 64 TiB are laid out in 50 ms. A sanitizer makes it slower;
 * what is looked for then is a cost that grows with the square.
 */
#ifdef __SANITIZE_ADDRESS__
#define LARGE_SECONDS	1.0
#else
#define LARGE_SECONDS	0.05
#endif

static void time_large_machine(const char *what, struct tdmr_map *map,
			       bool lossless)
{
	struct tdmr_standin a;
	struct tdmr_result r;
	double start, cpu;
	const char *bad;

	start = seconds();
	assert_int_equal(tdmr_map_layout(map, &a, &r), 0);
	cpu = seconds() - start;
	print_message("10000 ranges, 64 TiB, %s: %u TDMRs, %llu bytes lost, %.1f ms CPU\n",
		      what, r.nr_tdmrs, r.lost_bytes, cpu * 1e3);
	chk_from_map(&rules, map);
	chk_from_result(&layout, &r);
	bad = chk_layout(&rules, &layout);
	if (bad)
		fail_msg("%s", bad);
	assert_true(cpu < LARGE_SECONDS);
	if (lossless)
		assert_int_equal(r.lost_bytes, 0);
	assert_int_equal(tdmr_map_free_layout(map, &a, &r), 0);
}

static void large_machine(void **state)
{
	struct tdmr_map map = { };
	struct tdmr_map_chunk chunk[8];
	int i;

	(void)state;
	mapgen_large(&map, 1, 10000, 65536, 8);
	time_large_machine("128 CPUs", &map, true);
	map.cpus = 1;
	time_large_machine("one CPU", &map, true);
	map.limits.max_tdmrs = 4;
	time_large_machine("4 TDMRs", &map, false);
	map.limits.max_tdmrs = 64;
	for (i = 0; i < 8; i++)
		chunk[i] = (struct tdmr_map_chunk){ i, 64 << 20 };
	map.chunk = chunk;
	map.nr_chunks = 8;
	time_large_machine("fragmented", &map, false);
	map.chunk = NULL;
	map.nr_chunks = 0;

	/* every range a CMR of its own, or far from the next */
	map.nr_cmr = 0;
	free(map.cmr);
	map.cmr = calloc(map.nr_ram, sizeof(*map.cmr));
	assert_non_null(map.cmr);
	for (; map.nr_cmr < map.nr_ram; map.nr_cmr++)
		map.cmr[map.nr_cmr] = (struct region){
			map.ram[map.nr_cmr].base, map.ram[map.nr_cmr].end, 0 };
	time_large_machine("10000 CMRs", &map, false);
	map.cpus = 1;
	time_large_machine("10000 CMRs, one CPU", &map, false);
	mapgen_scattered(&map, 1, 10000, 65536, 8);
	time_large_machine("scattered", &map, false);
	tdmr_map_free(&map);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_node),
		cmocka_unit_test(hole_in_ram_costs_nothing),
		cmocka_unit_test(nodes_keep_apart),
		cmocka_unit_test(enough_for_all_cpus),
		cmocka_unit_test(balanced_for_two_cpus),
		cmocka_unit_test(too_many_areas_split),
		cmocka_unit_test(too_many_areas_in_one_gib),
		cmocka_unit_test(too_many_tdmrs_merge),
		cmocka_unit_test(small_chunks_split),
		cmocka_unit_test(chunk_of_exactly_one_gib),
		cmocka_unit_test(fragmented_node_borrows),
		cmocka_unit_test(chunks_too_small_for_all),
		cmocka_unit_test(fragmented_node_serves_itself),
		cmocka_unit_test(scarce_tdmrs_are_large),
		cmocka_unit_test(most_ram_comes_first),
		cmocka_unit_test(memory_without_cmr),
		cmocka_unit_test(top_of_the_address_space),
		cmocka_unit_test(emerald_rapids),
		cmocka_unit_test(malformed_input),
		cmocka_unit_test(no_memory_for_lists),
		cmocka_unit_test(large_machine),
	};
	int failed = run_region_tests();

	failed += cmocka_run_group_tests_name("tdmr", tests, NULL, NULL);
	failed += run_tool_tests();
	failed += run_checker_tests();
	failed += run_kinds_tests();
	chk_map_free(&rules);
	chk_layout_free(&layout);
	return failed ? 1 : 0;
}
