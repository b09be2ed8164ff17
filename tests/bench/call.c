// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a call costs beside the instruction SEAMCALL, which does nothing here:
 * instructions, counted one by one, and cycles of the TSC.
 *
 * usage: call [ROUNDS]
 *
 * Prints figures as tests/bench/run takes them.  Each path is run in turns
 * with the one that it is compared with, ROUNDS (400) times; the lowest and the
 * highest tenth of the ratios of these pairs are not in their spread.
 */
#include <stdio.h>
#include <stdlib.h>
#include <x86intrin.h>

#include <tdx_host/mem.h>
#include <tdx_host/seamcall.h>
#include <tdx_host/vp.h>

#include "kernel.h"
#include "count.h"
#include "seamcall.h"
#include "stats.h"
#include "vmx.h"

/* Calls between two looks at the TSC. */
#define CALLS	64
#define MAX_ROUNDS	10000

u64 structure_call(u64 leaf, struct tdx_regs *args);
u64 traced_call(u64 leaf, struct tdx_regs *args, bool may_sleep);
extern char structure_call_end[], tdx_host_seamcall_end[];
extern char tdx_host_seamcall_ret_end[], tdx_host_seamcall_saved_ret_end[];
extern unsigned long bench_cr4;

static struct tdx_host_td td = { .tdr = &bench_pages[2], .keyid = 3 };
static struct tdx_host_vp vp = {
	.td = &td, .tdvpr = &bench_pages[3], .cpu = -1,
};

/* A leaf with four operands, as TDH.MEM.PAGE.ADD has them. */
#define OPERANDS	.rcx = 0x5000, .rdx = 0x2000, .r8 = 0x6000, .r9 = 0x7000

static noinline unsigned long by_structure(void)
{
	struct tdx_regs args = { OPERANDS };

	return structure_call(TDH_MEM_PAGE_ADD, &args);
}

static noinline unsigned long by_thin(void)
{
	return tdx_host_seamcall(TDH_MEM_PAGE_ADD, 0x5000, 0x2000, 0x6000,
				 0x7000);
}

static noinline unsigned long by_thin_ret(void)
{
	struct tdx_regs args = { OPERANDS };

	return tdx_host_seamcall_ret(TDH_MEM_PAGE_ADD, &args);
}

static noinline unsigned long by_saved_ret(void)
{
	struct tdx_regs args = { OPERANDS };

	return tdx_host_seamcall_saved_ret(TDH_VP_ENTER, &args);
}

static noinline unsigned long by_checked(void)
{
	struct tdx_regs args = { OPERANDS };

	return tdx_host_call(TDH_MEM_PAGE_ADD, &args, false);
}

static noinline unsigned long by_traced(void)
{
	struct tdx_regs args = { OPERANDS };

	return traced_call(TDH_MEM_PAGE_ADD, &args, false);
}

/* Somebody is in VMX operation, for us or not; or nobody is. */
static void vmx_is_held(bool by_anybody, bool for_us)
{
	bench_cr4 = by_anybody ? X86_CR4_VMXE : 0;
	td.holds_vmx = for_us;
}

static noinline unsigned long by_enter(void)
{
	struct tdx_regs args = { };

	return tdx_host_vp_enter(&vp, &args);
}

/*
 * What tdx_host_vp_enter() does from the #UD on by which it finds that nobody
 * is in VMX operation.
 */
static noinline unsigned long by_window(void)
{
	struct tdx_regs args = { .rcx = page_to_phys(vp.tdvpr) };
	bool stays = false;

	return seamcall_once(TDH_VP_ENTER, &args, &stays);
}

static noinline unsigned long by_add(void)
{
	struct tdx_host_sept_info info;

	return tdx_host_mem_page_add(&td, 0x5000, 6, &bench_pages[7], &info);
}

static noinline unsigned long by_aug(void)
{
	struct tdx_host_sept_info info;

	return tdx_host_mem_page_aug(&td, 0x5000, TDX_HOST_LEVEL_4K, 6, &info);
}

static noinline unsigned long by_remove(void)
{
	struct tdx_host_sept_info info;
	unsigned long pfn;

	return tdx_host_mem_page_remove(&td, 0x5000, TDX_HOST_LEVEL_4K, &pfn,
					&info);
}

/**
 * struct path - a way to make a call
 * @name: of its figures
 * @fn: makes one
 * @part: the trampoline alone is what is counted; or NULL: all
 * @part_end: its end
 * @against: the path that it is compared with; an index
 * @held: somebody holds VMX operation
 * @for_us: for us
 */
struct path {
	const char *name;
	unsigned long (*fn)(void);
	const void *part, *part_end;
	int against;
	bool held, for_us;
};

enum { STRUCTURE, THIN, THIN_RET, SAVED_RET, CHECKED, TRACED, HELD, FLUSHED,
	WINDOW, PAGE_ADD, PAGE_AUG, PAGE_REMOVE };

#define TRAMPOLINE(name)	(const void *)(name), name##_end

static const struct path paths[] = {
	[STRUCTURE] = { "structure", by_structure,
			TRAMPOLINE(structure_call), STRUCTURE, true, true },
	[THIN] = { "thin", by_thin,
		   TRAMPOLINE(tdx_host_seamcall), STRUCTURE, true, true },
	[THIN_RET] = { "thin_ret", by_thin_ret,
		       TRAMPOLINE(tdx_host_seamcall_ret), STRUCTURE, true, true },
	[SAVED_RET] = { "saved_ret", by_saved_ret,
			TRAMPOLINE(tdx_host_seamcall_saved_ret), STRUCTURE,
			true, true },
	[CHECKED] = { "checked", by_checked, NULL, NULL, STRUCTURE, true, true },
	[TRACED] = { "checked_traced", by_traced, NULL, NULL, CHECKED, true, true },
	[HELD] = { "enter_held", by_enter, NULL, NULL, STRUCTURE, true, true },
	[FLUSHED] = { "enter_flushed", by_enter, NULL, NULL, HELD, true, false },
	[WINDOW] = { "enter_window", by_window, NULL, NULL, HELD, false, false },
	[PAGE_ADD] = { "page_add", by_add, NULL, NULL, STRUCTURE, true, true },
	[PAGE_AUG] = { "page_aug", by_aug, NULL, NULL, STRUCTURE, true, true },
	[PAGE_REMOVE] = { "page_remove", by_remove, NULL, NULL, STRUCTURE, true,
			  true },
};

static void path_count(const struct path *p)
{
	const struct path *a = &paths[p->against];
	struct count n;

	vmx_is_held(p->held, p->for_us);
	if (!tdx_status_ok(p->fn())) {
		fprintf(stderr, "call: %s fails\n", p->name);
		exit(1);
	}
	if (p->part) {
		n = count_call(p->fn, p->part, p->part_end);
		printf("call.%s.instructions %lu instructions", p->name, n.part);
		if (p == a)
			puts(" - - - -");
		else
			printf(" call.%s.instructions - - -\n", a->name);
	}
	n = count_call(p->fn, NULL, NULL);
	printf("call.%s.all_instructions %lu instructions", p->name,
	       n.all);
	if (p == a)
		puts(" - - - -");
	else
		printf(" call.%s.all_instructions - - -\n", a->name);
	if (!p->part)
		printf("call.%s.privileged %lu instructions - - - -\n", p->name,
		       n.faked);
}

static double path_cycles(const struct path *p)
{
	u64 begin;
	int i;

	vmx_is_held(p->held, p->for_us);
	p->fn();
	_mm_lfence();
	begin = __rdtsc();
	for (i = 0; i < CALLS; i++)
		p->fn();
	_mm_lfence();
	return (double)(__rdtsc() - begin) / CALLS;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Take turns, so that whatever else the machine does meets both. */
static void path_time(const struct path *p, int rounds)
{
	static double of_p[MAX_ROUNDS], of_a[MAX_ROUNDS], ratio[MAX_ROUNDS];
	const struct path *a = &paths[p->against];
	int i;

	for (i = 0; i < rounds; i++) {
		of_a[i] = path_cycles(a);
		of_p[i] = path_cycles(p);
		ratio[i] = of_p[i] / of_a[i];
	}
	qsort(of_p, rounds, sizeof(*of_p), compare);
	qsort(of_a, rounds, sizeof(*of_a), compare);
	qsort(ratio, rounds, sizeof(*ratio), compare);
	printf("call.%s.cycles %.1f cycles ", p->name, of_p[rounds / 2]);
	if (p == a)
		puts("- - - -");
	else
		printf("call.%s.cycles %.4f %.4f %.4f\n", a->name,
		       ratio[rounds / 2], ratio[rounds / 10],
		       ratio[rounds - 1 - rounds / 10]);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 400;
	size_t i;

	if (rounds < 10 || rounds > MAX_ROUNDS)
		return 2;
	stats_init();
	if (vmx_alloc(0))
		return 1;
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		path_count(&paths[i]);
		path_time(&paths[i], rounds);
	}
	return 0;
}
