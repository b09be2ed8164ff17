// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linear addresses: 4-level paging, with pages of 4 KiB, 2 MiB and 1 GiB, or
 * none.  The page tables lie in the guest's memory, and are reached through the
 * Secure EPT as everything there; nothing of them is cached.
 * Source: SDM 3A, "4-Level Paging".
 */
#include <linux/string.h>

#include "x86.h"

#define PTE_P		(1ULL << 0)
#define PTE_W		(1ULL << 1)
#define PTE_A		(1ULL << 5)
#define PTE_D		(1ULL << 6)
#define PTE_PS		(1ULL << 7)
#define PTE_ADDRESS	0x000ffffffffff000ULL
#define PTE_NX		(1ULL << 63)

/* Error code of a page fault; a supervisor's access has no other bits. */
#define PF_PRESENT	(1U << 0)
#define PF_WRITE	(1U << 1)
#define PF_RESERVED	(1U << 3)
#define PF_FETCH	(1U << 4)

static enum model_step page_fault(struct model_guest *g,
				  const struct model_access *a, u32 error)
{
	g->v->cpu.cr2 = a->gla;
	if (a->access & MODEL_EQ_WRITE)
		error |= PF_WRITE;
	if (a->access & MODEL_EQ_FETCH)
		error |= PF_FETCH;
	return model_x86_raise(g, X86_PF_VECTOR, error);
}

static bool canonical(u64 linear)
{
	return (u64)((s64)(linear << 16) >> 16) == linear;
}

/* Bits that must be 0; the host has no say in what the TD's addresses are. */
static u64 reserved_bits(const struct model_guest *g, u64 entry,
			 unsigned int level)
{
	u64 bits = PTE_ADDRESS & ~((1ULL << model_gpa_bits(g->td)) - 1);

	if (level == 3)
		return bits | PTE_PS;
	/* Bit 12 of a large page is PAT. */
	if (level && entry & PTE_PS)
		bits |= (model_sept_level_size(level) - 1) & PTE_ADDRESS &
			~(1ULL << 12);
	return bits;
}

/* The entry's accessed and dirty bits are set before the page is used. */
static enum model_step mark(struct model_guest *g,
			    const struct model_access *at, u64 entry, u64 bits)
{
	struct model_access write = *at;
	enum model_step step;
	u64 pa;

	if (!(bits & ~entry))
		return MODEL_STEP_NEXT;
	write.access = MODEL_EQ_WRITE;
	step = model_guest_pa(g, &write, &pa);
	if (step == MODEL_STEP_NEXT)
		model_guest_store(g, pa, bits, ~0ULL);
	return step;
}

/**
 * struct table_walk - on the way through the guest's page tables
 * @entry: the last one
 * @level: its level, 3 at the top
 * @writable: so far
 * @executable: so far
 * @at: where the entry lies
 */
struct table_walk {
	u64 entry;
	unsigned int level;
	bool writable;
	bool executable;
	struct model_access at;
};

/* The entry at @w->level of the table at @table. */
static enum model_step walk_entry(struct model_guest *g,
				  struct model_access *a, u64 table,
				  struct table_walk *w)
{
	enum model_step step;
	u64 pa;

	w->at = (struct model_access) {
		.gla = a->gla, .access = MODEL_EQ_READ, .walk = true,
		.gpa = table + 8 * (a->gla >> (12 + 9 * w->level) & 511),
	};
	step = model_guest_pa(g, &w->at, &pa);
	if (step != MODEL_STEP_NEXT)
		return step;
	model_guest_load(g, pa, &w->entry, sizeof(w->entry));
	if (!(w->entry & PTE_P))
		return page_fault(g, a, 0);
	if (w->entry & reserved_bits(g, w->entry, w->level))
		return page_fault(g, a, PF_PRESENT | PF_RESERVED);
	w->writable &= !!(w->entry & PTE_W);
	w->executable &= !(w->entry & PTE_NX);
	return MODEL_STEP_NEXT;
}

static bool is_allowed(const struct model_guest *g, u32 access,
		       const struct table_walk *w)
{
	if (access & MODEL_EQ_FETCH)
		return w->executable;
	return !(access & MODEL_EQ_WRITE) || w->writable ||
	       !(g->v->cpu.cr0 & MODEL_CR0_WP);
}

/* From @a->gla to @a->gpa. */
static enum model_step walk_tables(struct model_guest *g,
				   struct model_access *a)
{
	u64 table = g->v->cpu.cr3 & PTE_ADDRESS, size;
	struct table_walk w = { .writable = true, .executable = true };
	enum model_step step;

	for (w.level = 3;; w.level--) {
		step = walk_entry(g, a, table, &w);
		if (step != MODEL_STEP_NEXT)
			return step;
		if (!w.level || w.entry & PTE_PS)
			break;
		step = mark(g, &w.at, w.entry, PTE_A);
		if (step != MODEL_STEP_NEXT)
			return step;
		table = w.entry & PTE_ADDRESS;
	}
	if (!is_allowed(g, a->access, &w))
		return page_fault(g, a, PF_PRESENT);
	size = model_sept_level_size(w.level);
	a->gpa = (w.entry & PTE_ADDRESS & ~(size - 1)) |
		 (a->gla & (size - 1));
	return mark(g, &w.at, w.entry,
		    a->access & MODEL_EQ_WRITE ? PTE_A | PTE_D : PTE_A);
}

static enum model_step translate(struct model_guest *g, u64 linear, u32 access,
				 u64 *pa)
{
	struct model_access a = { .access = access };
	enum model_step step = MODEL_STEP_NEXT;

	/* 32-bit code goes on at 0. */
	a.gla = g->v->cpu.code64 ? linear : (u32)linear;
	a.gpa = a.gla;
	if (!canonical(a.gla))
		return model_x86_raise(g, X86_GP, 0);
	if (g->v->cpu.cr0 & MODEL_CR0_PG)
		step = walk_tables(g, &a);
	return step == MODEL_STEP_NEXT ? model_guest_pa(g, &a, pa) : step;
}

/* The one or two pages that @size bytes lie in. */
struct pieces {
	u64 pa[2];
	unsigned int size[2];
};

static enum model_step find_pieces(struct model_guest *g, u64 linear,
				   unsigned int size, u32 access,
				   struct pieces *p)
{
	unsigned int room = MODEL_PAGE - linear % MODEL_PAGE;
	enum model_step step;

	p->size[0] = size < room ? size : room;
	p->size[1] = size - p->size[0];
	step = translate(g, linear, access, &p->pa[0]);
	if (step == MODEL_STEP_NEXT && p->size[1])
		step = translate(g, linear + room, access, &p->pa[1]);
	return step;
}

enum model_step model_x86_read(struct model_guest *g, u64 linear,
			       unsigned int size, u32 access, u64 *value)
{
	struct pieces p;
	enum model_step step = find_pieces(g, linear, size, access, &p);
	u8 *to = (u8 *)value;

	if (step != MODEL_STEP_NEXT)
		return step;
	*value = 0;
	model_guest_load(g, p.pa[0], to, p.size[0]);
	if (p.size[1])
		model_guest_load(g, p.pa[1], to + p.size[0], p.size[1]);
	return MODEL_STEP_NEXT;
}

/* Each aligned word of it at once, as a CPU does. */
static void store(struct model_guest *g, u64 pa, unsigned int size, u64 value)
{
	while (size) {
		unsigned int at = pa % 8, n = size < 8 - at ? size : 8 - at;
		u64 mask = n == 8 ? ~0ULL : ((1ULL << 8 * n) - 1) << 8 * at;

		model_guest_store(g, pa - at, mask, value << 8 * at);
		pa += n;
		size -= n;
		if (size)
			value >>= 8 * n;
	}
}

enum model_step model_x86_write(struct model_guest *g, u64 linear,
				unsigned int size, u64 value)
{
	struct pieces p;
	enum model_step step = find_pieces(g, linear, size, MODEL_EQ_WRITE,
					   &p);

	if (step != MODEL_STEP_NEXT)
		return step;
	store(g, p.pa[0], p.size[0], value);
	if (p.size[1])
		store(g, p.pa[1], p.size[1], value >> 8 * p.size[0]);
	return MODEL_STEP_NEXT;
}

enum model_step model_x86_fetch(struct model_guest *g, u64 linear, u8 *code,
				unsigned int n, unsigned int *got)
{
	unsigned int room = MODEL_PAGE - linear % MODEL_PAGE;
	enum model_step step;
	u64 pa;

	step = translate(g, linear, MODEL_EQ_FETCH, &pa);
	if (step != MODEL_STEP_NEXT)
		return step;
	*got = n < room ? n : room;
	model_guest_load(g, pa, code, *got);
	return MODEL_STEP_NEXT;
}
