// SPDX-License-Identifier: GPL-2.0-only
/*
 * System RAM, CMRs and the PAMT allocator go in, TDMRs come out (tdmr/), and
 * are kept here with their PAMTs until they are given back.
 */
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>

#include "compat/compat.h"
#include "erase.h"
#include "error.h"
#include "layout.h"
#include "memory.h"
#include "pamt.h"
#include "sysinfo.h"

/* Enough to recognise the machine in a log; all of it is in debugfs. */
#define MAX_LINES	8

/**
 * struct layout - a layout and everything that it points into
 * @mem: System RAM
 * @cmr: CMRs, normalised
 * @nr_cmr: how many
 * @pool: where PAMTs may lie
 * @in: input of tdmr_layout(), needed again to free @result
 * @result: the layout
 */
struct layout {
	struct memory_list mem;
	struct region cmr[TDX_HOST_MAX_CMRS];
	u32 nr_cmr;
	struct pamt_pool pool;
	struct tdmr_input in;
	struct tdmr_result result;
};

/* Guards both against readers; only bring-up changes them. */
static DEFINE_MUTEX(layout_mutex);
static struct layout *layout;
static u64 generation;		/* of layouts made so far */

static int layout_read_cmrs(struct layout *l, const struct tdx_host_sysinfo *si)
{
	u64 where;
	u32 i;
	int nr;

	for (i = 0; i < si->num_cmrs; i++) {
		l->cmr[i].base = si->cmrs[i].base;
		l->cmr[i].end = si->cmrs[i].base + si->cmrs[i].size;
	}
	nr = region_sort(l->cmr, si->num_cmrs, &where);
	/* sysinfo.c took no CMR that could not be sorted. */
	if (WARN_ON_ONCE(nr < 0))
		return nr;
	l->nr_cmr = nr;
	return 0;
}

static int layout_read_ram(struct layout *l)
{
	u64 where;
	int nr;

	nr = memory_list_read(&l->mem);
	if (nr)
		return nr;
	nr = region_sort(l->mem.ram, l->mem.nr, &where);
	if (nr < 0) {
		error_set_cause(TDX_CAUSE_NODES_OVERLAP, "at %#llx", where);
		return -EINVAL;
	}
	l->mem.nr = nr;
	return 0;
}

/* What is free at the moment, or what there is at all? */
static void layout_report_no_pamt(const struct layout *l)
{
	u64 size = 0;
	int level;

	for (level = 0; level < TDMR_LEVELS; level++)
		size += tdmr_pamt_size(&l->in, TDMR_ALIGN, level);
	if (pamt_has_room(&l->pool, &l->mem, size))
		error_set_cause(TDX_CAUSE_NO_MEMORY_FOR_PAMT,
				"%llu KiB in one piece", size >> 10);
	else
		error_set_cause(TDX_CAUSE_CMRS_TOO_SMALL,
				"%u ranges, and %llu KiB in one piece",
				l->nr_cmr, size >> 10);
}

static int layout_report(const struct layout *l, int err)
{
	switch (err) {
	case -ENODATA:
		error_set_cause(TDX_CAUSE_RAM_OUTSIDE_CMRS, NULL);
		break;
	case -ENOBUFS:
		layout_report_no_pamt(l);
		return -ENOMEM;
	case -ENOSPC:
		error_set_cause(TDX_CAUSE_TOO_MANY_HOLES, "%u a TDMR",
				l->in.max_reserved);
		break;
	default:
		break;	/* -ENOMEM: who asked has a sentence for it */
	}
	return err;
}

static const char *layout_lost_reason(enum tdmr_reason reason)
{
	switch (reason) {
	case TDMR_LOST_RESERVED_AREAS:
		return "too many reserved areas";
	case TDMR_LOST_TDMRS:
		return "too few TDMRs";
	default:
		return "no memory for its PAMT";
	}
}

static void layout_announce(const struct layout *l)
{
	const struct tdmr_result *r = &l->result;
	u32 i;

	pr_info("%u TDMRs, %llu KiB of TDX memory, %llu KiB of it PAMT, %llu KiB unusable for TDX\n",
		r->nr_tdmrs, r->tdx_bytes >> 10, r->pamt_bytes >> 10,
		(r->lost_bytes + r->outside_bytes) >> 10);
	if (l->mem.driver_managed)
		pr_info("%llu KiB of System RAM are managed by a driver\n",
			l->mem.driver_managed >> 10);
	for (i = 0; i < r->nr_lost && i < MAX_LINES; i++)
		pr_warn("RAM [%#llx-%#llx) given up: %s\n",
			r->lost[i].base, r->lost[i].end,
			layout_lost_reason(r->lost[i].reason));
	for (i = 0; i < r->nr_outside && i < MAX_LINES; i++)
		pr_info("RAM [%#llx-%#llx) is outside the CMRs or below 1 MiB\n",
			r->outside[i].base, r->outside[i].end);
}

static void layout_destroy(struct layout *l)
{
	memory_list_free(&l->mem);
	kvfree(l);
}

static int layout_fill(struct layout *l, const struct tdx_host_sysinfo *si)
{
	int err;

	err = layout_read_cmrs(l, si);
	if (err)
		return err;
	err = layout_read_ram(l);
	if (err)
		return err;
	l->pool = (struct pamt_pool) { .cmr = l->cmr, .nr_cmr = l->nr_cmr };
	l->in = (struct tdmr_input) {
		.max_tdmrs = si->max_tdmrs,
		.max_reserved = si->max_reserved_per_tdmr,
		.entry_size = {
			[TDMR_4K] = si->pamt_4k_entry_size,
			[TDMR_2M] = si->pamt_2m_entry_size,
			[TDMR_1G] = si->pamt_1g_entry_size,
		},
		.cpus = num_online_cpus(),
		.cmr = l->cmr,
		.nr_cmrs = l->nr_cmr,
		.ram = l->mem.ram,
		.nr_ram = l->mem.nr,
		.alloc = pamt_alloc,
		.free = pamt_free,
		.ctx = &l->pool,
	};
	err = tdmr_layout(&l->in, &l->result);
	return err ? layout_report(l, err) : 0;
}

/**
 * layout_make() - make a layout, unless there is one
 *
 * Context: Bring-up only; may sleep, for long where memory is fragmented.
 * Return: 0 or a negative errno, reported.
 */
int layout_make(void)
{
	struct layout *l;
	int err;

	if (layout)
		return 0;
	l = kvzalloc(sizeof(*l), GFP_KERNEL);
	if (!l)
		return -ENOMEM;
	err = layout_fill(l, tdx_host_get_sysinfo());
	if (err) {
		layout_destroy(l);
		return err;
	}
	layout_announce(l);
	mutex_lock(&layout_mutex);
	WRITE_ONCE(layout, l);
	generation++;
	mutex_unlock(&layout_mutex);
	return 0;
}

/**
 * layout_free() - give the PAMTs back and forget the layout
 * @reset: the TDX module may have written to them, on a CPU with the
 *	   partial-write erratum; caches are clean
 *
 * Context: Bring-up only; may sleep.
 */
void layout_free(bool reset)
{
	struct layout *l = layout;

	if (!l)
		return;
	if (reset)
		layout_reset_pamts();
	mutex_lock(&layout_mutex);
	WRITE_ONCE(layout, NULL);
	mutex_unlock(&layout_mutex);
	tdmr_free(&l->in, &l->result);
	layout_destroy(l);
}

/**
 * layout_reset_pamts() - make PAMT memory safe for any write again
 *
 * Context: Bring-up only, or the end of the machine; no SEAMCALL may run any
 *	    more, and caches are clean.
 */
void layout_reset_pamts(void)
{
	const struct tdmr_result *r = layout_get();
	u32 i, c;

	for (i = 0; r && i < r->nr_tdmrs; i++)
		for (c = 0; c < r->tdmr[i].nr_chunks; c++) {
			const struct region *chunk = &r->tdmr[i].chunk[c];

			erase_range(chunk->base, chunk->end - chunk->base);
		}
}

/* The layout in force or NULL.  Context: bring-up only. */
const struct tdmr_result *layout_get(void)
{
	return layout ? &layout->result : NULL;
}

/* Context: Any. */
bool layout_exists(void)
{
	return READ_ONCE(layout);
}

/* Changes with every new layout.  Context: May sleep. */
u64 layout_generation(void)
{
	u64 g;

	mutex_lock(&layout_mutex);
	g = generation;
	mutex_unlock(&layout_mutex);
	return g;
}

/* Was all of [base, end) System RAM for the layout?  Context: May sleep. */
bool layout_has_ram(u64 base, u64 end)
{
	bool has;

	mutex_lock(&layout_mutex);
	has = layout && memory_list_contains(&layout->mem, base, end);
	mutex_unlock(&layout_mutex);
	return has;
}

/* Does [base, end) have a byte in a CMR?  Context: May sleep. */
bool layout_touches_cmr(u64 base, u64 end)
{
	bool touches = false;
	u32 i;

	mutex_lock(&layout_mutex);
	for (i = 0; layout && i < layout->nr_cmr; i++)
		if (base < layout->cmr[i].end && end > layout->cmr[i].base)
			touches = true;
	mutex_unlock(&layout_mutex);
	return touches;
}

/* The part of @t from @base on that is no reserved area: where does it end? */
static u64 layout_usable_until(const struct tdmr *t, u64 base)
{
	u32 i;

	for (i = 0; i < t->nr_rsvd; i++) {
		u64 start = t->base + t->rsvd[i].offset;

		if (base < start)
			return start;
		if (base < start + t->rsvd[i].size)
			return base;
	}
	return t->base + t->size;
}

/**
 * layout_is_tdx() - is memory laid out to become pages of TDs?
 * @base: physical address, bytes
 * @end: one past the last byte
 *
 * The layout is older than the TDX module's consent, and outlives a failure to
 * get it: whether TDX is ready is for the caller to ask.
 *
 * Context: May sleep.
 * Return: true where all of it lies in TDMRs, outside of reserved areas.
 */
bool layout_is_tdx(u64 base, u64 end)
{
	bool any = base < end;
	u32 i;

	mutex_lock(&layout_mutex);
	for (i = 0; layout && i < layout->result.nr_tdmrs && base < end; i++) {
		const struct tdmr *t = &layout->result.tdmr[i];

		if (base >= t->base && base < t->base + t->size)
			base = layout_usable_until(t, base);
	}
	mutex_unlock(&layout_mutex);
	return any && base >= end;
}

/*
 * The first part of @ram that is not TDX memory, into @bad.  PAMTs lie in the
 * capable RAM and are in nobody's way.
 */
static bool layout_find_bad(const struct tdmr_result *r, struct region ram,
			    struct region *bad)
{
	u32 i;

	for (i = 0; i < r->nr_lost; i++)
		if (ram.base < r->lost[i].end && ram.end > r->lost[i].base) {
			bad->base = max(ram.base, r->lost[i].base);
			bad->end = min(ram.end, r->lost[i].end);
			return true;
		}
	for (i = 0; i < r->nr_capable && ram.base < ram.end; i++) {
		const struct region *c = &r->capable[i];

		if (c->end <= ram.base)
			continue;
		if (c->base > ram.base) {
			bad->base = ram.base;
			bad->end = min(ram.end, c->base);
			return true;
		}
		ram.base = c->end;
	}
	if (ram.base >= ram.end)
		return false;
	*bad = ram;
	return true;
}

/**
 * layout_all_ram_is_tdx() - is all RAM of now TDX memory, from 1 MiB up?
 * @bad: the first range that is not; as it was where all is
 *
 * Context: Sleeps.
 * Return: true where all is; false, and @bad as it was, without a layout or for
 *	   want of memory.
 */
bool layout_all_ram_is_tdx(struct region *bad)
{
	struct memory_list now = { };
	bool found = false;
	u32 i;

	if (memory_list_read(&now))
		return false;
	mutex_lock(&layout_mutex);
	for (i = 0; layout && !found && i < now.nr; i++) {
		struct region ram = now.ram[i];

		ram.base = max(ram.base, TDMR_LOW_LIMIT);
		found = ram.base < ram.end &&
			layout_find_bad(&layout->result, ram, bad);
	}
	found = found || !layout;
	mutex_unlock(&layout_mutex);
	memory_list_free(&now);
	return !found;
}

/* Context: May sleep. */
void layout_totals(struct layout_totals *t)
{
	*t = (struct layout_totals) { };
	mutex_lock(&layout_mutex);
	if (layout) {
		const struct tdmr_result *r = &layout->result;

		t->tdmrs = r->nr_tdmrs;
		t->tdx_bytes = r->tdx_bytes;
		t->unusable_bytes = r->lost_bytes + r->outside_bytes;
	}
	mutex_unlock(&layout_mutex);
}

/* In the words of the user-space tool: capable ranges are ram lines. */
void layout_show_regions(struct seq_file *m)
{
	const struct tdmr_result *r;
	u32 i;

	mutex_lock(&layout_mutex);
	r = layout ? &layout->result : NULL;
	for (i = 0; r && i < r->nr_capable; i++)
		seq_printf(m, "ram %#llx %#llx %d\n", r->capable[i].base,
			   r->capable[i].end, r->capable[i].node);
	for (i = 0; r && i < r->nr_lost; i++)
		seq_printf(m, "lost %#llx %#llx %s\n", r->lost[i].base,
			   r->lost[i].end,
			   layout_lost_reason(r->lost[i].reason));
	for (i = 0; r && i < r->nr_outside; i++)
		seq_printf(m, "outside %#llx %#llx\n", r->outside[i].base,
			   r->outside[i].end);
	mutex_unlock(&layout_mutex);
}

void layout_show_tdmrs(struct seq_file *m)
{
	static const char * const level[] = {
		[TDMR_4K] = "4k", [TDMR_2M] = "2m", [TDMR_1G] = "1g",
	};
	const struct tdmr_result *r;
	u32 i, j;

	mutex_lock(&layout_mutex);
	r = layout ? &layout->result : NULL;
	for (i = 0; r && i < r->nr_tdmrs; i++) {
		const struct tdmr *t = &r->tdmr[i];

		seq_printf(m, "tdmr %#llx %#llx node %d\n", t->base, t->size,
			   t->node);
		for (j = 0; j < TDMR_LEVELS; j++)
			seq_printf(m, "pamt %s %#llx %#llx\n", level[j],
				   t->pamt[j].base, t->pamt[j].size);
		for (j = 0; j < t->nr_rsvd; j++)
			seq_printf(m, "rsvd %#llx %#llx\n",
				   t->rsvd[j].offset, t->rsvd[j].size);
	}
	mutex_unlock(&layout_mutex);
}
