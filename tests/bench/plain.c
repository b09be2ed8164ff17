// SPDX-License-Identifier: GPL-2.0-only
/* One TDMR a region, see plain.h. */
#include <string.h>

#include "plain.h"

#define NODES	64

static bool plain_tdmrs(const struct tdmr_input *in, struct plain *p, int *node)
{
	u64 base, end;
	u32 i;

	for (i = 0; i < in->nr_ram; i++) {
		if (in->ram[i].end <= TDMR_LOW_LIMIT)
			continue;
		base = ALIGN_DOWN(max(in->ram[i].base, TDMR_LOW_LIMIT),
				  TDMR_ALIGN);
		end = ALIGN(in->ram[i].end, TDMR_ALIGN);
		/* The last one may have a part of it already, or all. */
		if (p->nr)
			base = max(base, p->end[p->nr - 1]);
		if (base >= end)
			continue;
		if (p->nr == in->max_tdmrs || p->nr == TDMR_MAX)
			return false;
		node[p->nr] = in->ram[i].node;
		p->base[p->nr] = base;
		p->end[p->nr++] = end;
	}
	return true;
}

/* On the TDMR's own node, or else on any. */
static bool plain_pamts(const struct tdmr_input *in, struct plain *p,
			const int *node)
{
	u32 i, l;
	u64 size, pa;
	int n;

	for (i = 0; i < p->nr; i++) {
		for (size = 0, l = 0; l < TDMR_LEVELS; l++)
			size += tdmr_pamt_size(in, p->end[i] - p->base[i], l);
		n = node[i];
		if (in->alloc(in->ctx, n, size, &pa)) {
			for (n = 0; n < NODES; n++)
				if (n != node[i] &&
				    !in->alloc(in->ctx, n, size, &pa))
					break;
			if (n == NODES)
				return false;
		}
		p->pamt[p->nr_pamts++] = (struct region){ pa, pa + size, n };
		p->pamt_bytes += size;
	}
	return true;
}

/* Holes in RAM from @base to before @end, and PAMTs there. */
static u32 plain_areas(const struct tdmr_input *in, const struct plain *p,
		       u64 base, u64 end)
{
	u64 pos = base, from, to;
	u32 i, areas = 0;

	for (i = 0; i < in->nr_ram; i++) {
		from = max(in->ram[i].base, TDMR_LOW_LIMIT);
		to = in->ram[i].end;
		if (to <= pos || from >= end)
			continue;
		areas += from > pos;
		pos = to;
	}
	areas += pos < end;
	for (i = 0; i < p->nr_pamts; i++)
		areas += p->pamt[i].base < end && p->pamt[i].end > base;
	return areas;
}

/* Is all RAM from 1 MiB up in CMRs?  Both lists are in order. */
static bool plain_in_cmrs(const struct tdmr_input *in)
{
	u32 i, c;
	u64 pos;

	for (i = 0, c = 0; i < in->nr_ram; i++) {
		pos = max(in->ram[i].base, TDMR_LOW_LIMIT);
		while (pos < in->ram[i].end) {
			while (c < in->nr_cmrs && in->cmr[c].end <= pos)
				c++;
			if (c == in->nr_cmrs || in->cmr[c].base > pos)
				return false;
			pos = in->cmr[c].end;
		}
	}
	return true;
}

/**
 * plain_layout() - lay out the simple way
 * @in: as for tdmr_layout()
 * @p: filled in; for plain_free() in any case
 *
 * Return: PLAIN_DONE, or why not.
 */
enum plain_failure plain_layout(const struct tdmr_input *in, struct plain *p)
{
	int node[TDMR_MAX];
	u32 i;

	memset(p, 0, sizeof(*p));
	if (!plain_tdmrs(in, p, node))
		return PLAIN_TDMRS;
	if (!plain_pamts(in, p, node))
		return PLAIN_PAMT;
	for (i = 0; i < p->nr; i++)
		if (plain_areas(in, p, p->base[i], p->end[i]) >
		    in->max_reserved)
			return PLAIN_RESERVED;
	return plain_in_cmrs(in) ? PLAIN_DONE : PLAIN_CMR;
}

void plain_free(const struct tdmr_input *in, const struct plain *p)
{
	u32 i;

	for (i = 0; i < p->nr_pamts; i++)
		in->free(in->ctx, p->pamt[i].node, p->pamt[i].base,
			 p->pamt[i].end - p->pamt[i].base);
}
