// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random memory maps.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/minmax.h>

#include "mapgen.h"

#define GIB	(1ULL << 30)
#define MIB	(1ULL << 20)
#define PAGE	4096ULL

static u64 state;

/* splitmix64 */
static u64 rnd(void)
{
	u64 z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static u64 below(u64 n)
{
	return n ? rnd() % n : 0;
}

static bool one_in(u64 n)
{
	return !below(n);
}

static void *grow(void *list, u32 nr, size_t size)
{
	if (nr && nr & (nr - 1))
		return list;
	list = realloc(list, (nr ? 2 * (size_t)nr : 1) * size);
	if (!list)
		abort();
	return list;
}

#define APPEND(list, nr, ...) do {					\
	(list) = grow(list, nr, sizeof(*(list)));			\
	(list)[(nr)++] = (__typeof__(*(list))){ __VA_ARGS__ };		\
} while (0)

static void add_cmr(struct tdmr_map *m, u64 base, u64 end)
{
	if (end > REGION_PA_LIMIT)
		end = REGION_PA_LIMIT;
	if (base < end)
		APPEND(m->cmr, m->nr_cmr, base, end, 0);
}

static void add_ram(struct tdmr_map *m, u64 base, u64 end, int node)
{
	if (end > REGION_PA_LIMIT)
		end = REGION_PA_LIMIT;
	if (base < end)
		APPEND(m->ram, m->nr_ram, base, end, node);
}

/* A length of any order of magnitude between a page and 2^@bits. */
static u64 any_length(unsigned int bits)
{
	u64 l = rnd() & ((1ULL << (12 + below(bits - 11))) - 1);

	return (l & ~(PAGE - 1)) + PAGE;
}

static u64 round_sometimes(u64 addr)
{
	switch (below(4)) {
	case 0:
		return (addr + GIB - 1) & ~(GIB - 1);
	case 1:
		return (addr + 2 * MIB - 1) & ~(2 * MIB - 1);
	default:
		return addr;
	}
}

/* How a map is made; each kind leans to other sizes and odds. */
struct style {
	unsigned int ranges;	/* ranges of RAM, at most */
	unsigned int bits;	/* of their length */
	unsigned int hole_bits;	/* of the holes between */
	unsigned int cmr_gap;	/* one in how many holes parts CMRs too */
	unsigned int nodes;
	unsigned int odd_limits;	/* one in how many maps */
};

static const struct style styles[] = {
	{ 4, 31, 30, 2, 1, 4 },		/* tiny */
	{ 8, 33, 31, 3, 2, 2 },		/* small */
	{ 12, 30, 27, 2, 2, 2 },	/* many pieces in few GiB */
	{ 40, 26, 24, 8, 2, 3 },	/* holed like low memory */
	{ 30, 36, 32, 3, 8, 3 },	/* a server */
	{ 80, 40, 46, 4, 16, 4 },	/* huge and scattered */
	{ 24, 31, 34, 1, 4, 2 },	/* every range its own CMR */
	{ 40, 28, 32, 1, 3, 2 },	/* fragments far apart */
};

static void random_limits(struct tdmr_map *m, const struct style *s)
{
	static const u16 entry[] = { 16, 16, 16, 8, 32, 1, 17, 64, 100, 4096 };
	u32 l;

	m->limits = (struct tdmr_limits){ 64, 16, { 16, 16, 16 } };
	m->cpus = 1 + below(one_in(3) ? 512 : 8);
	if (!one_in(s->odd_limits))
		return;
	if (one_in(2))
		m->limits.max_tdmrs = 1 + below(one_in(2) ? 4 : 64);
	if (one_in(2))
		m->limits.max_reserved = 1 + below(one_in(2) ? 3 : 16);
	if (one_in(3)) {
		for (l = 0; l < TDMR_LEVELS; l++)
			m->limits.entry_size[l] = entry[below(10)];
	}
	if (one_in(100))
		m->limits.max_reserved = 0;
}

static void random_chunks(struct tdmr_map *m, unsigned int nodes)
{
	unsigned int i;

	for (i = 0; i < nodes; i++) {
		if (one_in(2))
			APPEND(m->chunk, m->nr_chunks, (int)i,
			       one_in(3) ? any_length(28) :
			       (4 + below(3)) * MIB << below(8));
	}
}

void mapgen(struct tdmr_map *m, u64 seed)
{
	const struct style *s;
	u64 pos, end, cmr_base;
	unsigned int i, n, node = 0;

	state = seed;
	s = &styles[below(sizeof(styles) / sizeof(styles[0]))];
	m->nr_cmr = m->nr_ram = m->nr_avoid = m->nr_chunks = 0;
	random_limits(m, s);

	n = 1 + below(s->ranges);
	pos = one_in(3) ? PAGE : round_sometimes(any_length(s->hole_bits));
	if (one_in(20))
		pos = REGION_PA_LIMIT - round_sometimes(any_length(44));
	cmr_base = pos;
	for (i = 0; i < n; i++) {
		int inside = !one_in(12);	/* RAM that no CMR covers */

		end = round_sometimes(pos + any_length(s->bits));
		if (end > REGION_PA_LIMIT || end <= pos)
			break;
		add_ram(m, pos, end, node);
		if (!inside) {
			/* end the CMR before this range, or in it */
			u64 cut = one_in(2) ? pos :
				  pos + (below(end - pos) & ~(PAGE - 1));

			add_cmr(m, cmr_base, cut);
			cmr_base = one_in(2) ? end :
				   cut + (below(end - cut) & ~(PAGE - 1));
		}
		if (one_in(s->nodes > 1 ? 1 + n / s->nodes : 1000))
			node = one_in(4) ? below(s->nodes) :
			       (node + 1) % s->nodes;
		pos = end;
		if (one_in(6))
			continue;	/* touching the next */
		pos = round_sometimes(pos + any_length(s->hole_bits));
		if (one_in(s->cmr_gap)) {
			/* a hole in the CMRs, not quite that of RAM */
			u64 slack = one_in(3) ? (below(pos - end) &
						 ~(PAGE - 1)) : 0;

			add_cmr(m, cmr_base, end + (one_in(2) ? slack : 0));
			cmr_base = pos - (one_in(2) ? 0 : (pos - end - slack) /
					  2 / PAGE * PAGE);
			if (cmr_base < end + slack)
				cmr_base = pos;
		}
	}
	add_cmr(m, cmr_base, one_in(2) ? pos : pos + any_length(30));
	if (one_in(8))
		add_cmr(m, 0, REGION_PA_LIMIT);
	if (!m->nr_ram)
		add_ram(m, GIB, GIB + any_length(34), 0);

	if (one_in(3))
		random_chunks(m, s->nodes);
	APPEND(m->avoid, m->nr_avoid, 0, 16 * MIB, 0);
	if (one_in(3)) {
		for (i = below(2 * m->nr_ram + 1); i; i--) {
			const struct region *r = &m->ram[below(m->nr_ram)];
			u64 b = r->base + (below(r->end - r->base) &
					   ~(PAGE - 1));
			u64 e = b + any_length(32);

			if (e <= REGION_PA_LIMIT)
				APPEND(m->avoid, m->nr_avoid, b, e, 0);
		}
	}
}

/* Fisher-Yates */
#define SHUFFLE(list, nr) do {						\
	u32 i_;								\
									\
	for (i_ = (nr); i_ > 1; i_--) {					\
		u32 j_ = below(i_);					\
		__typeof__(*(list)) x_ = (list)[i_ - 1];		\
									\
		(list)[i_ - 1] = (list)[j_];				\
		(list)[j_] = x_;					\
	}								\
} while (0)

/* Other order, and ranges cut in two: the same machine. */
void mapgen_shuffle(struct tdmr_map *m, u64 seed)
{
	u32 i, n;

	state = ~seed;
	for (n = m->nr_ram, i = 0; i < n; i++) {
		struct region r = m->ram[i];
		u64 mid = r.base + (below(r.end - r.base) & ~(PAGE - 1));

		if (mid == r.base)
			continue;
		m->ram[i].end = mid;
		APPEND(m->ram, m->nr_ram, mid, r.end, r.node);
	}
	for (n = m->nr_cmr, i = 0; i < n; i++) {
		struct region r = m->cmr[i];
		u64 mid = r.base + (below(r.end - r.base) & ~(PAGE - 1));

		if (mid == r.base)
			continue;
		m->cmr[i].end = mid;
		APPEND(m->cmr, m->nr_cmr, mid, r.end, 0);
	}
	SHUFFLE(m->ram, m->nr_ram);
	SHUFFLE(m->cmr, m->nr_cmr);
	SHUFFLE(m->avoid, m->nr_avoid);
}

void mapgen_large(struct tdmr_map *m, u64 seed, u32 ranges, u64 gib, int nodes)
{
	u64 step = gib * GIB / ranges & ~(PAGE - 1), pos = MIB;
	u32 i;

	state = seed;
	m->nr_cmr = m->nr_ram = m->nr_avoid = m->nr_chunks = 0;
	m->limits = (struct tdmr_limits){ 64, 16, { 16, 16, 16 } };
	m->cpus = 128;
	APPEND(m->avoid, m->nr_avoid, 0, 16 * MIB, 0);
	for (i = 0; i < ranges; i++) {
		u64 hole = PAGE + (below(step / 2) & ~(PAGE - 1));

		add_ram(m, pos + hole, pos + step,
			(u64)i * nodes / ranges);
		/* 32 CMRs, as many as the table has */
		if (i % (ranges / 32 + 1) == 0)
			add_cmr(m, pos + hole, pos + step);
		else
			m->cmr[m->nr_cmr - 1].end = pos + step;
		pos += step;
	}
}

void mapgen_scattered(struct tdmr_map *m, u64 seed, u32 ranges, u64 gib,
		      int nodes)
{
	u64 step = gib * GIB / ranges & ~(PAGE - 1);
	u32 i;

	mapgen_large(m, seed, ranges, gib, nodes);
	m->nr_ram = 0;
	for (i = 0; i < ranges; i++) {
		u64 pos = i * step, hole = GIB + below(step - GIB);

		add_ram(m, pos + MIB, pos + MIB + ((step - hole) & ~(PAGE - 1)),
			(u64)i * nodes / ranges);
	}
}

const char *const mapgen_kinds[MAPGEN_KINDS] = {
	"clean", "firmware holes", "swiss cheese", "holes between CMRs",
	"CXL", "4 to 16 TDMRs", "2 to 4 reserved areas", "fragmented",
};

/* RAM of one node from @pos on, with @holes in it; @cmr parts CMRs there. */
static u64 add_node(struct tdmr_map *m, u64 pos, u64 size, int node,
		    unsigned int holes, unsigned int bits, bool cmr)
{
	u64 end = pos + size, part = size / (holes + 1) & ~(PAGE - 1), stop;

	for (; holes; holes--, pos = stop) {
		u64 hole = any_length(bits);

		hole = min(hole, part / 2 & ~(PAGE - 1));
		stop = pos + part;
		add_ram(m, pos, stop - hole, node);
		if (cmr)
			add_cmr(m, pos, stop - hole);
		else
			add_cmr(m, pos, stop);
	}
	add_ram(m, pos, end, node);
	add_cmr(m, pos, end);
	return end;
}

/* @least of @unit or more, and that up to @doublings times doubled. */
static u64 some(u64 least, u64 unit, unsigned int doublings)
{
	u64 size = (least + below(least)) * unit;

	return size << below(doublings + 1);
}

/* Leave one free block in each GiB of RAM, most small, some larger. */
static void fragment(struct tdmr_map *m)
{
	u64 small = 4 * MIB << below(3), big = 4 * MIB << below(5), pos, stop;
	u32 i;

	for (i = 0; i < m->nr_ram; i++)
		for (pos = m->ram[i].base; pos < m->ram[i].end; pos = stop) {
			u64 size = one_in(4) ? max(big, small) : small;

			stop = min(pos + GIB, m->ram[i].end);
			size += below(MIB) & ~(PAGE - 1);
			if (stop - pos > size)
				APPEND(m->avoid, m->nr_avoid, pos, stop - size,
				       0);
			else
				APPEND(m->avoid, m->nr_avoid, pos, stop, 0);
		}
}

void mapgen_kind(struct tdmr_map *m, unsigned int kind, u64 seed)
{
	unsigned int nodes, n, low = 0, high = 0, bits = 24;
	bool scattered = false;
	u64 pos = 4 * GIB, size;

	state = seed * MAPGEN_KINDS + kind;
	m->nr_cmr = m->nr_ram = m->nr_avoid = m->nr_chunks = 0;
	m->limits = (struct tdmr_limits){ 64, 16, { 16, 16, 16 } };
	m->cpus = 1 << below(9);
	APPEND(m->avoid, m->nr_avoid, 0, 16 * MIB, 0);
	nodes = 1 + below(8);
	switch (kind) {
	case MAPGEN_FIRMWARE:
		low = 10 + below(20);
		break;
	case MAPGEN_CHEESE:
		low = 10;
		high = 10 + below(40);
		bits = 30;
		break;
	case MAPGEN_CMR_HOLES:
		low = below(3);
		high = 1 + below(20 / nodes);
		bits = 31;
		break;
	case MAPGEN_FEW_TDMRS:
		m->limits.max_tdmrs = 4 + below(13);
		high = below(4);
		bits = 34;
		break;
	case MAPGEN_FEW_AREAS:
		m->limits.max_reserved = 2 + below(3);
		high = below(4);
		bits = 28;
		break;
	case MAPGEN_FRAGMENTED:
		low = below(4);
		scattered = one_in(2);
		break;
	}
	add_ram(m, PAGE, 0x9f000, 0);
	add_node(m, MIB, (1792 + below(256)) * MIB, 0, low, bits,
		 kind == MAPGEN_CMR_HOLES);
	for (n = 0; n < nodes; n++) {
		size = some(8, GIB, 5);
		if (one_in(3))
			size -= below(GIB) & ~(PAGE - 1);
		pos = add_node(m, pos, size, n, high, bits,
			       kind == MAPGEN_CMR_HOLES ||
			       kind == MAPGEN_FEW_AREAS);
		if (one_in(4))
			pos += below(64) * GIB;
		if (kind == MAPGEN_FRAGMENTED && !scattered)
			APPEND(m->chunk, m->nr_chunks, (int)n,
			       some(1024, PAGE, 3));
	}
	if (scattered)
		fragment(m);
	if (kind != MAPGEN_CXL)
		return;
	for (nodes += 1 + below(4); n < nodes; n++) {
		pos = (pos + (1 + below(256)) * GIB) & ~(GIB - 1);
		pos = add_node(m, pos, some(16, GIB, 4), n, 0, 0, false);
		APPEND(m->chunk, m->nr_chunks, (int)n, 0);
	}
}

void chk_from_map(struct chk_map *to, const struct tdmr_map *from)
{
	u32 i;

	chk_map_reset(to);
	to->max_tdmrs = from->limits.max_tdmrs;
	to->max_reserved = from->limits.max_reserved;
	for (i = 0; i < 3; i++)
		to->entry[i] = from->limits.entry_size[i];
	for (i = 0; i < from->nr_cmr; i++)
		chk_add(&to->cmr, from->cmr[i].base, from->cmr[i].end, 0);
	for (i = 0; i < from->nr_ram; i++)
		chk_add(&to->ram, from->ram[i].base, from->ram[i].end,
			from->ram[i].node);
	for (i = 0; i < from->nr_avoid; i++)
		chk_add(&to->avoid, from->avoid[i].base, from->avoid[i].end, 0);
	for (i = 0; i < from->nr_chunks; i++)
		chk_add(&to->chunk, 0, from->chunk[i].max, from->chunk[i].node);
}

void chk_from_result(struct chk_layout *to, const struct tdmr_result *from)
{
	u32 i, j;

	chk_layout_reset(to);
	for (i = 0; i < from->nr_tdmrs && i < CHK_MAX_TDMRS; i++) {
		const struct tdmr *s = &from->tdmr[i];
		struct chk_tdmr *t = &to->tdmr[i];

		t->base = s->base;
		t->size = s->size;
		t->nr_pamts = 3;
		for (j = 0; j < 3; j++) {
			t->pamt[j].base = s->pamt[j].base;
			t->pamt[j].size = s->pamt[j].size;
		}
		t->nr_rsvd = s->nr_rsvd;
		for (j = 0; j < s->nr_rsvd && j < CHK_MAX_RSVD; j++) {
			t->rsvd[j].offset = s->rsvd[j].offset;
			t->rsvd[j].size = s->rsvd[j].size;
		}
	}
	to->nr_tdmrs = i;
	for (i = 0; i < from->nr_lost; i++)
		chk_add(&to->lost, from->lost[i].base, from->lost[i].end,
			from->lost[i].reason);
	for (i = 0; i < from->nr_outside; i++)
		chk_add(&to->outside, from->outside[i].base,
			from->outside[i].end, 0);
	to->tdmrs = from->nr_tdmrs;
	to->pamt_bytes = from->pamt_bytes;
	to->tdx_bytes = from->tdx_bytes;
	to->lost_bytes = from->lost_bytes;
	to->outside_bytes = from->outside_bytes;
}
