// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long TDH.SYS.TDMR.INIT takes on machines that nobody has at hand:
 * src/tdmr_init.c itself, on the TDMRs that src/tdmr lays out, on the clock of
 * machine.c.
 *
 * usage: schedule
 *
 * Prints figures as tests/bench/run takes them, and lines that begin with "#".
 */
#include "tdmr/tdmr.h"
#include "tdmr_standin.h"

#include <tdx_host/seamcall.h>

#include "kthread.h"
#include "machine.h"
#include "error.h"
#include "tdmr_init.h"

#define GIB		(1ULL << 30)
#define TIB		(1ULL << 40)
/* TDX Module ABI 1.5, TDH.SYS.TDMR.INIT: what one call initialises at most. */
#define CALL_BYTES	(4ULL << 20)
/* Of each call: the VMX window, and the way to the next call. */
#define OUTSIDE_NS	1000
/* What a node's memory takes in, where a quarter of eight DDR5-4800 is one. */
#define NODE_BANDWIDTH	76.8e9

static const struct tdmr_result *layout;
static u64 module_done[TDMR_MAX];	/* bytes of each TDMR */
static u64 module_call_ns;
static u64 module_calls;

/* The TDX module, of which nothing but this leaf is called. */
u64 tdx_host_call(u64 leaf, struct tdx_regs *args, bool may_sleep)
{
	const struct tdmr *t = layout->tdmr;
	u32 i;

	if (leaf != TDH_SYS_TDMR_INIT)
		abort();
	for (i = 0; t[i].base != args->rcx; i++)
		;
	module_calls++;
	module_done[i] += CALL_BYTES;
	args->rdx = t[i].base + ALIGN_DOWN(module_done[i], TDMR_ALIGN);
	machine_work(module_call_ns + OUTSIDE_NS);
	return 0;
}

int error_seamcall(u64 leaf, u64 status, int cpu, const struct tdx_regs *out)
{
	abort();
}

void error_set_cause(enum error_cause cause, const char *fmt, ...)
{
	fputs("schedule: the TDX module is not believed\n", stderr);
	abort();
}

/* What it is compared with: one TDMR after another, on one CPU. */
static int one_by_one(const struct tdmr_result *l)
{
	u32 i;

	for (i = 0; i < l->nr_tdmrs; i++) {
		struct tdx_regs args = { };

		do {
			args.rcx = l->tdmr[i].base;
			tdx_host_call(TDH_SYS_TDMR_INIT, &args, true);
		} while (args.rdx < l->tdmr[i].base + l->tdmr[i].size);
	}
	return 0;
}

/* Seconds of the machine's clock. */
static double seconds(int (*init)(const struct tdmr_result *),
		      unsigned int cpus, unsigned int nodes)
{
	memset(module_done, 0, sizeof(module_done));
	module_calls = 0;
	machine_init(cpus, nodes);
	if (init(layout)) {
		fputs("schedule: initialisation failed\n", stderr);
		exit(1);
	}
	return machine_now() / 1e9;
}

/**
 * struct size - a machine
 * @tib: TiB of memory, evenly on the nodes
 * @tdmrs: TDMRs that the TDX module allows
 * @cpus: CPUs
 * @nodes: nodes
 */
struct size {
	unsigned int tib, tdmrs, cpus, nodes;
};

static void size_measure(const struct size *s, unsigned int us)
{
	double begun, even, slow, bound;
	char name[64];

	module_call_ns = us * 1000ULL;
	snprintf(name, sizeof(name), "schedule.%uTiB.%uus", s->tib, us);
	slow = seconds(one_by_one, s->cpus, s->nodes);
	begun = seconds(tdmr_init_all, s->cpus, s->nodes);
	even = (double)module_calls / min(s->cpus, layout->nr_tdmrs) *
	       (module_call_ns + OUTSIDE_NS) / 1e9;
	bound = layout->pamt_bytes / (s->nodes * NODE_BANDWIDTH);
	printf("%s.one_by_one %.6f s - - - -\n", name, slow);
	printf("%s %.6f s %s.one_by_one - - -\n", name, begun, name);
	printf("%s.evenly %.6f s %s - - -\n", name, even, name);
	printf("# %s.evenly: %llu calls x (%u us + %u us outside) / min(%u CPUs, %u TDMRs) = %.3f s\n",
	       name, module_calls, us, OUTSIDE_NS / 1000, s->cpus,
	       layout->nr_tdmrs, even);
	printf("%s.memory_bound %.6f s %s - - -\n", name, bound, name);
	printf("# %s.memory_bound: %.1f GiB of PAMTs / (%u nodes x %.1f GB/s) = %.3f s\n",
	       name, layout->pamt_bytes / (double)GIB, s->nodes,
	       NODE_BANDWIDTH / 1e9, bound);
}

/* CPUs that are few: 2 TiB of one node at 10 us a call. */
static void size_few(unsigned int cpus)
{
	module_call_ns = 10000;
	printf("schedule.%ucpus %.6f s %s - - -\n", cpus,
	       seconds(tdmr_init_all, cpus, 1),
	       cpus == 1 ? "-" : "schedule.1cpus");
}

static void size_lay_out(const struct size *s, struct tdmr_map *map,
			 struct tdmr_standin *a, struct tdmr_result *r)
{
	struct region ram[MACHINE_MAX_CPUS], cmr = { 0, s->tib * TIB + GIB, 0 };
	u32 i;

	for (i = 0; i < s->nodes; i++)
		ram[i] = (struct region){
			GIB + s->tib * TIB / s->nodes * i,
			GIB + s->tib * TIB / s->nodes * (i + 1), i };
	*map = (struct tdmr_map){
		.limits = { s->tdmrs, 16, { 16, 16, 16 } },
		.cpus = s->cpus,
		.cmr = &cmr, .nr_cmr = 1,
		.ram = ram, .nr_ram = s->nodes,
	};
	if (tdmr_map_layout(map, a, r)) {
		fputs("schedule: no layout\n", stderr);
		exit(1);
	}
	layout = r;
	printf("# schedule: %u TiB, CPUs: %u, nodes: %u, TDMRs: %u; each worker takes %u us to start\n",
	       s->tib, s->cpus, s->nodes, r->nr_tdmrs, MACHINE_START_NS / 1000);
}

int main(void)
{
	static const struct size large[] = {
		{ 2, 64, 128, 8 }, { 64, 64, 128, 8 },
	}, few[] = {
		{ 2, 64, 1, 1 }, { 2, 64, 2, 1 },
	};
	static const unsigned int us[] = { 10, 100 };
	struct tdmr_standin a;
	struct tdmr_result r;
	struct tdmr_map map;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(large); i++) {
		size_lay_out(&large[i], &map, &a, &r);
		for (j = 0; j < ARRAY_SIZE(us); j++)
			size_measure(&large[i], us[j]);
		tdmr_map_free_layout(&map, &a, &r);
	}
	for (i = 0; i < ARRAY_SIZE(few); i++) {
		size_lay_out(&few[i], &map, &a, &r);
		size_few(few[i].cpus);
		tdmr_map_free_layout(&map, &a, &r);
	}
	return 0;
}
