// SPDX-License-Identifier: GPL-2.0-only
/*
 * PAMT memory belongs to the TDX module.  The format of its entries is the
 * module's own business, so the model leaves a pattern there that depends on
 * the address, and anybody else who writes gives himself away.
 *
 * A page is owned from the moment when TDH.SYS.TDMR.INIT writes the first
 * entry in it.  At each level these are the first pages of the PAMT.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

#define WORDS_PER_PAGE	(MODEL_PAGE / 8)
#define BURST		32	/* words on the stack */
#define LINE_WORDS	8

/* An address in, 64 mixed bits out (the finaliser of splitmix64). */
u64 model_pattern(const struct model *m, u64 pa)
{
	u64 z = pa + m->pattern_seed;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static void fill(const struct model *m, u64 pa, u64 *buf, unsigned int words)
{
	unsigned int i;

	for (i = 0; i < words; i++)
		buf[i] = model_pattern(m, pa + 8 * i);
}

void model_write_pattern(const struct model *m, u64 pa)
{
	u64 buf[BURST];
	unsigned int i;

	for (i = 0; i < WORDS_PER_PAGE; i += BURST) {
		fill(m, pa + 8 * i, buf, BURST);
		env_write_phys(pa + 8 * i, buf, sizeof(buf));
	}
}

bool model_has_pattern(const struct model *m, u64 pa)
{
	u64 want[LINE_WORDS], have[LINE_WORDS];

	fill(m, pa, want, LINE_WORDS);
	env_read_phys(pa, have, sizeof(have));
	return !memcmp(want, have, sizeof(have));
}

static void write_page(const struct model *m, u64 pa)
{
	env_private_begin(pa);
	model_write_pattern(m, pa);
	env_private_page(pa);
}

/* Pages at @level that hold entries once @chunks pieces are initialised. */
static u64 owned_pages(u64 chunks, unsigned int level)
{
	static const unsigned int page_shift[] = { 12, 21, 30 };
	u64 page = 1ULL << page_shift[level];
	u64 entries = (chunks * MODEL_4M + page - 1) >> page_shift[level];

	return (entries * MODEL_PAMT_ENTRY + MODEL_PAGE - 1) / MODEL_PAGE;
}

/* The caller holds the TDMR mutex. */
void model_pamt_extend(struct model *m, struct model_tdmr *t, u64 chunks)
{
	unsigned int level;
	u64 i;

	for (level = MODEL_4K; level < MODEL_LEVELS; level++)
		for (i = owned_pages(t->chunks, level);
		     i < owned_pages(chunks, level); i++)
			write_page(m, t->pamt[level].base + i * MODEL_PAGE);
	/* Verification may look at the pages from here on. */
	model_store(&t->chunks, chunks);
}

u64 model_pamt_pages(const struct model *m)
{
	unsigned int i, level, n = model_load(&m->nr_tdmrs);
	u64 pages = 0;

	for (i = 0; i < n; i++)
		for (level = MODEL_4K; level < MODEL_LEVELS; level++)
			pages += owned_pages(model_load(&m->tdmr[i].chunks),
					     level);
	return pages;
}

/* The @index-th owned page, counted over TDMRs and levels. */
static bool nth_page(const struct model *m, u64 index, u64 *pa)
{
	unsigned int i, level, n = model_load(&m->nr_tdmrs);

	for (i = 0; i < n; i++)
		for (level = MODEL_4K; level < MODEL_LEVELS; level++) {
			u64 pages = owned_pages(model_load(&m->tdmr[i].chunks),
						level);

			if (index < pages) {
				*pa = m->tdmr[i].pamt[level].base +
				      index * MODEL_PAGE;
				return true;
			}
			index -= pages;
		}
	return false;
}

/* True if @pa holds what was left there; else *@where is the first byte. */
static bool page_intact(const struct model *m, u64 pa, u64 *where)
{
	u64 want[BURST], have[BURST];
	unsigned int i, j;

	for (i = 0; i < WORDS_PER_PAGE; i += BURST) {
		fill(m, pa + 8 * i, want, BURST);
		env_read_phys(pa + 8 * i, have, sizeof(have));
		if (!memcmp(want, have, sizeof(want)))
			continue;
		for (j = 0; ((u8 *)want)[j] == ((u8 *)have)[j]; j++)
			;
		*where = pa + 8 * i + j;
		return false;
	}
	return true;
}

/* The next page of the round.  The caller holds the verify lock. */
static bool check_next(struct model *m, u64 *where)
{
	u64 pa;

	if (!nth_page(m, m->verify_cursor, &pa)) {
		m->verify_cursor = 0;
		if (!nth_page(m, 0, &pa))
			return true;
	}
	m->verify_cursor++;
	if (page_intact(m, pa, where))
		return true;
	write_page(m, pa);
	model_store(&m->pamt_corrupt, m->pamt_corrupt + 1);
	return false;
}

/*
 * One page at every SEAMCALL that reaches the module.  What it finds waits
 * for model_verify_pamt(); beyond MODEL_CORRUPT_LOG pages only the count
 * remains.
 */
void model_pamt_check_some(struct model *m)
{
	u64 where;

	if (!model_load(&m->nr_tdmrs) || !model_try_exclusive(&m->verify_lock))
		return;
	if (!check_next(m, &where) && m->nr_corrupt_log < MODEL_CORRUPT_LOG)
		m->corrupt_log[m->nr_corrupt_log++] = where;
	model_unlock_exclusive(&m->verify_lock);
}

/* Calls hold the verify lock for one page; give them time. */
static bool get_verify_lock(struct model *m)
{
	unsigned int tries;

	for (tries = 0; tries < 100000; tries++) {
		if (model_try_exclusive(&m->verify_lock))
			return true;
		env_delay_ns(100);
	}
	return false;
}

u64 model_verify_pamt(struct model *m, u64 max_pages,
		      void (*report)(void *ctx, u64 pa), void *ctx)
{
	u64 i, pages, where, found = 0;

	if (!get_verify_lock(m))
		return 0;
	for (i = 0; i < m->nr_corrupt_log; i++, found++)
		if (report)
			report(ctx, m->corrupt_log[i]);
	m->nr_corrupt_log = 0;

	pages = model_pamt_pages(m);
	if (max_pages && max_pages < pages)
		pages = max_pages;
	for (i = 0; i < pages; i++) {
		if (check_next(m, &where))
			continue;
		found++;
		if (report)
			report(ctx, where);
	}
	model_unlock_exclusive(&m->verify_lock);
	return found;
}

/* Nothing is ours any more.  False: somebody is just verifying. */
bool model_pamt_release(struct model *m)
{
	unsigned int i;

	if (!model_try_exclusive(&m->verify_lock))
		return false;
	model_store(&m->nr_tdmrs, 0);
	for (i = 0; i < MODEL_MAX_TDMRS; i++)
		model_store(&m->tdmr[i].chunks, 0);
	m->verify_cursor = 0;
	m->nr_corrupt_log = 0;
	model_unlock_exclusive(&m->verify_lock);
	return true;
}
