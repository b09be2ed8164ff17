// SPDX-License-Identifier: GPL-2.0-only
/* The judge: see judge.h. */
#include <errno.h>

#include <tdx/regs.h>
#include <tdx_host/sysinfo.h>

#include "error.h"
#include "judge.h"
#include "mapgen.h"
#include "platform.h"
#include "status.h"
#include "tdmr_progress.h"
#include "tdmr_standin.h"

#define GIB	(1ULL << 30)

static const struct platform_info platform = {
	.seamrr_base = JUDGE_SEAMRR,
	.seamrr_size = JUDGE_SEAMRR_SIZE,
};

const struct platform_info *platform_get(void)
{
	return &platform;
}

static const char *judge_cmrs(const struct tdx_host_sysinfo *si)
{
	unsigned long long end = 0;

	if (si->num_cmrs > TDX_HOST_MAX_CMRS)
		return "more CMRs than there is room for";
	for (unsigned int i = 0; i < si->num_cmrs; i++) {
		const struct tdx_host_cmr *c = &si->cmrs[i];

		if (!c->size || c->base + c->size < c->base ||
		    c->base + c->size > 1ULL << 52)
			return "a CMR is empty, wraps, or is no memory";
		if ((c->base | c->size) & 4095)
			return "a CMR is not made of pages";
		if (c->base < end)
			return "CMRs overlap, or do not ascend";
		if (c->base < JUDGE_SEAMRR + JUDGE_SEAMRR_SIZE &&
		    c->base + c->size > JUDGE_SEAMRR)
			return "a CMR has a part of the SEAM range";
		end = c->base + c->size;
	}
	return NULL;
}

const char *judge_sysinfo(const struct tdx_host_sysinfo *si)
{
	if (!si->max_tdmrs)
		return "no TDMR";
	if (!si->pamt_4k_entry_size || !si->pamt_2m_entry_size ||
	    !si->pamt_1g_entry_size)
		return "a PAMT of no size";
	if (si->pamt_4k_entry_size > 1024 || si->pamt_2m_entry_size > 1024 ||
	    si->pamt_1g_entry_size > 1024)
		return "a PAMT takes more than a quarter of memory";
	/* A TDMR_INFO has 64 bytes and 16 an area. */
	if (si->max_reserved_per_tdmr * 16u + 64u > 4608)
		return "a TDMR_INFO that is larger than its room";
	if (si->tdr_base_size & 4095 || si->tdcs_base_size & 4095 ||
	    si->tdvps_base_size & 4095)
		return "pages that are none";
	if (si->num_cpuid_config && !si->cpuid_config)
		return "CPUID configurations that are not there";
	return judge_cmrs(si);
}

/* RAM as a small machine has it; CMRs may fit or not. */
static void judge_fill_map(struct tdmr_map *map, struct region *cmr,
			   struct region *ram,
			   const struct tdx_host_sysinfo *si)
{
	ram[0] = (struct region){ 0, 0x9f000, 0 };
	ram[1] = (struct region){ 0x100000, GIB, 0 };
	ram[2] = (struct region){ 4 * GIB, 4 * GIB + (515 << 20), 0 };
	for (unsigned int i = 0; i < si->num_cmrs; i++)
		cmr[i] = (struct region){ si->cmrs[i].base,
			si->cmrs[i].base + si->cmrs[i].size, 0 };
	*map = (struct tdmr_map){
		.limits = {
			.max_tdmrs = si->max_tdmrs,
			.max_reserved = si->max_reserved_per_tdmr,
			.entry_size = {
				[TDMR_4K] = si->pamt_4k_entry_size,
				[TDMR_2M] = si->pamt_2m_entry_size,
				[TDMR_1G] = si->pamt_1g_entry_size,
			},
		},
		.cpus = 2,
		.cmr = cmr, .nr_cmr = si->num_cmrs,
		.ram = ram, .nr_ram = 3,
	};
}

static struct tdmr_standin standin;
static struct tdmr_map map;
static struct region map_cmr[TDX_HOST_MAX_CMRS], map_ram[3];

const char *judge_layout(const struct tdx_host_sysinfo *si,
			 struct tdmr_result *r, int *err)
{
	static struct chk_map rules;
	static struct chk_layout layout;

	judge_fill_map(&map, map_cmr, map_ram, si);
	*err = tdmr_map_layout(&map, &standin, r);
	if (*err) {
		judge_layout_free(r);
		return *err < 0 && *err > -4096 ? NULL : "no errno";
	}
	/* The checker has room for what real TDX modules allow. */
	if (map.limits.max_reserved > CHK_MAX_RSVD)
		return NULL;
	if (map.limits.max_tdmrs > CHK_MAX_TDMRS)
		map.limits.max_tdmrs = CHK_MAX_TDMRS;
	chk_from_map(&rules, &map);
	chk_from_result(&layout, r);
	return chk_layout(&rules, &layout);
}

void judge_layout_free(struct tdmr_result *r)
{
	tdmr_map_free_layout(&map, &standin, r);
}

const char *judge_refusal(int err)
{
	char text[ERROR_SENTENCE];
	size_t n = tdx_host_last_error(text, sizeof(text));

	if (err >= 0 || err < -4095)
		return "it fails without an errno";
	if (n < 40 || strchr(text, '\n'))
		return "it fails without a sentence";
	return NULL;
}

const char *judge_status(u64 leaf, u64 status, int cpu,
			 const struct tdx_regs *out)
{
	static const size_t sizes[] = { 1, 2, 7, 40, 200, ERROR_SENTENCE };
	int err = tdx_host_status_errno(leaf, status);

	/* A heap block each, so that a sanitizer sees its end. */
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		char *buf = malloc(sizes[i]);
		int n = tdx_host_explain(buf, sizes[i], leaf, status, cpu, out);
		bool whole = n >= 0 && (size_t)n == strlen(buf) &&
			     (size_t)n < sizes[i];

		if (whole && sizes[i] == ERROR_SENTENCE &&
		    buf[n - 1] != ')') {
			fprintf(stderr, "%s\n", buf);
			whole = false;
		}
		free(buf);
		if (!whole)
			return "a sentence is cut, or longer than its room";
	}
	if (tdx_status_ok(status) != !err)
		return "an error without an errno, or a success with one";
	if (status_done(status) && !tdx_status_ok(status))
		return "an error that is a success";
	return err > 0 || err < -4095 ? "no errno" : NULL;
}

const char *judge_progress(u64 base, u64 size,
			   int (*next)(void *ctx, u64 *rdx, u64 *now),
			   void *ctx, int *ret)
{
	struct tdmr_progress p = { .done = base, .end = base + size };
	u64 rdx, now = 0, moved = 0, calls = 0;

	for (;;) {
		u64 was = p.done;
		enum tdmr_step step;

		*ret = next(ctx, &rdx, &now);
		if (*ret < 0)
			return NULL;
		step = tdmr_progress(&p, rdx, now);
		if (p.done < was || p.done > base + size)
			return "progress goes backwards, or too far";
		calls++;
		if (p.done > was) {
			moved = now;
			calls = 0;
		}
		if ((rdx < was || rdx > base + size) && step != TDMR_NONSENSE)
			return "an address where it cannot be is gone by";
		if (step == TDMR_DONE && rdx != base + size)
			return "a TDMR is done that is not";
		*ret = step;
		if (step != TDMR_GOES_ON)
			return NULL;
		/* A call that takes long is not ours to end. */
		if (now > moved && now - moved > 10000000000ULL &&
		    calls > 10000)
			return "no progress for 10 s and 10,000 calls";
	}
}
