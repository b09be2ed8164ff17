// SPDX-License-Identifier: GPL-2.0-only
/*
 * PAMT entries: finding, locking, changing owners.
 * Source: TDX Module ABI 1.5, "Physical Memory Management": a page is locked
 * from the largest size down, the entries above it shared.
 */
#include <linux/string.h>

#include "page.h"

static const u64 level_size[MODEL_LEVELS] = { MODEL_PAGE, MODEL_2M_SIZE,
					      MODEL_1G };

u64 model_level_size(unsigned int level)
{
	return level_size[level];
}

int model_pages_init(struct model *m)
{
	u64 total = 0;
	unsigned int i;

	/* A slot for each 2 MiB that TDs can own, as far as that is sane. */
	for (i = 0; i < MODEL_MAX_CMRS; i++)
		total += m->cmrs[i].size / MODEL_2M_SIZE + 2;
	m->nr_regions = total < MODEL_MAX_REGIONS ? total + 1 :
						    MODEL_MAX_REGIONS;
	m->regions = env_alloc(m->nr_regions * sizeof(*m->regions));
	m->blocks = env_alloc(MODEL_BLOCKS * sizeof(*m->blocks));
	return m->regions && m->blocks ? 0 : -ENOMEM;
}

void model_pages_exit(struct model *m)
{
	if (m->regions)
		env_free(m->regions);
	if (m->blocks)
		env_free(m->blocks);
}

/* Nothing is private any more.  No call is in flight. */
void model_pages_forget(struct model *m)
{
	unsigned int i, j;

	for (i = 0; i < m->nr_regions; i++) {
		struct model_region *r = &m->regions[i];

		for (j = 0; r->key && j < MODEL_PAGES_PER_2M; j++)
			if (r->page[j].watched)
				model_forget_page(m, &r->page[j],
						  (r->key & ~1ULL) +
						  j * MODEL_PAGE);
	}
	memset(m->regions, 0, m->nr_regions * sizeof(*m->regions));
	memset(m->blocks, 0, MODEL_BLOCKS * sizeof(*m->blocks));
	model_store(&m->pamt_in_use, 0);
	model_store(&m->private_pages, 0);
}

static unsigned int hash(u64 number)
{
	return number * 0x9e3779b97f4a7c15ULL >> 40;
}

/* True: the slot whose key is at @have is that of @mark. */
static bool claim(u64 *slot, u64 mark, bool create)
{
	u64 have = model_load(slot);

	if (!have && create &&
	    __atomic_compare_exchange_n(slot, &have, mark, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return true;
	return have == mark;
}

static struct model_region *region_of(struct model *m, u64 pa, bool create)
{
	u64 mark = (pa & ~(MODEL_2M_SIZE - 1)) | 1;
	unsigned int i, at = hash(pa / MODEL_2M_SIZE);

	for (i = 0; i < m->nr_regions; i++) {
		struct model_region *r = &m->regions[(at + i) % m->nr_regions];

		if (claim(&r->key, mark, create))
			return r;
		if (!model_load(&r->key))
			return NULL;
	}
	return NULL;
}

static struct model_block *block_of(struct model *m, u64 pa, bool create)
{
	u64 mark = (pa & ~(MODEL_1G - 1)) | 1;
	unsigned int i, at = hash(pa / MODEL_1G);

	for (i = 0; i < MODEL_BLOCKS; i++) {
		struct model_block *b =
			&m->blocks[(at + i) & (MODEL_BLOCKS - 1)];

		if (claim(&b->key, mark, create))
			return b;
		if (!model_load(&b->key))
			return NULL;
	}
	return NULL;
}

struct model_page *model_page_slot(struct model *m, u64 pa, bool create)
{
	struct model_region *r = region_of(m, pa, create);

	return r ? &r->page[pa / MODEL_PAGE % MODEL_PAGES_PER_2M] : NULL;
}

static struct model_tdmr *tdmr_of(struct model *m, u64 pa)
{
	unsigned int i, n = model_load(&m->nr_tdmrs);

	for (i = 0; i < n; i++)
		if (pa >= m->tdmr[i].area.base &&
		    pa - m->tdmr[i].area.base < m->tdmr[i].area.size)
			return &m->tdmr[i];
	return NULL;
}

/* Address checks of a private page; @operand is the register's id. */
u64 model_private_page(struct model *m, u64 pa, unsigned int operand)
{
	struct model_tdmr *t;
	u64 blocks;

	if (pa & (MODEL_PAGE - 1) || !model_pa_keyid0(m, pa))
		return (u64)TDX_ST_OPERAND_INVALID | operand;
	t = tdmr_of(m, pa);
	if (!t)
		return (u64)TDX_ST_OPERAND_ADDR_RANGE_ERROR | operand;
	/* Usable one finished 1 GiB block after the other. */
	blocks = model_load(&t->chunks) / (MODEL_1G / MODEL_4M);
	if ((pa - t->area.base) / MODEL_1G >= blocks)
		return (u64)TDX_ST_OPERAND_ADDR_RANGE_ERROR | operand;
	return 0;
}

static bool reserved(struct model *m, u64 pa, u64 size)
{
	const struct model_tdmr *t = tdmr_of(m, pa);
	unsigned int i;

	for (i = 0; i < MODEL_MAX_RESERVED && t; i++)
		if (model_ranges_overlap(pa - t->area.base, size,
					 t->rsvd[i].base, t->rsvd[i].size))
			return true;
	return false;
}

unsigned int model_pamt_type(struct model *m, const struct model_pamt *pamt)
{
	if (reserved(m, pamt->pa, level_size[pamt->level]))
		return MODEL_PT_RSVD;
	return model_load(&pamt->page->type);
}

static bool take(struct model_page *p, bool exclusive)
{
	return exclusive ? model_try_exclusive(&p->lock) :
			   model_try_shared(&p->lock);
}

static void drop(struct model_page *p, bool exclusive)
{
	if (exclusive)
		model_unlock_exclusive(&p->lock);
	else
		model_unlock_shared(&p->lock);
}

void model_pamt_unlock(struct model_pamt *pamt)
{
	unsigned int i;

	drop(pamt->page, pamt->exclusive);
	for (i = 0; i < 2; i++)
		if (pamt->above[i])
			drop(pamt->above[i], false);
}

/* False: somebody holds the entry, or one above it. */
static bool lock_walk(struct model_page *const entry[MODEL_LEVELS],
		      unsigned int level, struct model_pamt *pamt)
{
	unsigned int at = MODEL_1G_LEVEL, n = 0;
	bool leaf;

	for (;; at--) {
		leaf = at == MODEL_4K ||
		       (level == MODEL_ANY_LEVEL ?
			model_load(&entry[at]->type) : at == level);
		if (!take(entry[at], leaf && pamt->exclusive))
			break;
		if (leaf) {
			pamt->page = entry[at];
			pamt->level = at;
			pamt->pa &= ~(level_size[at] - 1);
			return true;
		}
		pamt->above[n++] = entry[at];
	}
	while (n)
		drop(pamt->above[--n], false);
	return false;
}

/* A smaller page of a large one, or a large page over small ones. */
static bool other_size(const struct model_pamt *pamt,
		       const struct model_region *r)
{
	unsigned int i;

	for (i = 0; i < 2; i++)
		if (pamt->above[i] && model_load(&pamt->above[i]->type))
			return true;
	if (pamt->level == MODEL_2M && !model_load(&pamt->page->type))
		for (i = 0; i < MODEL_PAGES_PER_2M; i++)
			if (model_load(&r->page[i].type))
				return true;
	return false;
}

/*
 * "Explicit HPA": all checks of a private page of @level that must be of
 * @type.  On success (0) @pamt is locked.
 */
u64 model_pamt_lock(struct model *m, u64 pa, unsigned int operand,
		    unsigned int type, unsigned int level, bool exclusive,
		    struct model_pamt *pamt)
{
	u64 status = model_private_page(m, pa, operand);
	struct model_block *b;
	struct model_region *r;

	if (status)
		return status;
	b = block_of(m, pa, true);
	r = region_of(m, pa, true);
	if (!b || !r) {
		/* More pages than the model can remember: say so loudly. */
		__atomic_add_fetch(&m->refused, 1, __ATOMIC_RELAXED);
		return (u64)TDX_ST_OPERAND_ADDR_RANGE_ERROR | operand;
	}
	memset(pamt, 0, sizeof(*pamt));
	pamt->pa = pa;
	pamt->exclusive = exclusive;
	if (!lock_walk((struct model_page *[]) {
			&r->page[pa / MODEL_PAGE % MODEL_PAGES_PER_2M],
			&r->large, &b->huge }, level, pamt))
		return (u64)TDX_ST_OPERAND_BUSY | operand;
	if (type == MODEL_ANY_TYPE)
		return 0;
	if (model_pamt_type(m, pamt) != type || other_size(pamt, r)) {
		model_pamt_unlock(pamt);
		return (u64)TDX_ST_PAGE_METADATA_INCORRECT | operand;
	}
	return 0;
}

void model_pamt_give(struct model *m, struct model_pamt *pamt,
		     unsigned int type, u64 owner)
{
	pamt->page->owner = owner;
	pamt->page->bepoch = 0;
	model_store(&pamt->page->type, (u8)type);
	__atomic_add_fetch(&m->pamt_in_use, 1, __ATOMIC_RELAXED);
}

/* What was in the page stays there, as its owner does. */
void model_pamt_free(struct model *m, struct model_pamt *pamt)
{
	u64 pa;

	for (pa = pamt->pa; pa < pamt->pa + level_size[pamt->level];
	     pa += MODEL_PAGE)
		model_release_page(m, pa);
	model_store(&pamt->page->type, MODEL_PT_NDA);
	__atomic_sub_fetch(&m->pamt_in_use, 1, __ATOMIC_RELAXED);
}

struct model_page *model_pamt_entry(struct model *m, u64 pa, unsigned int level)
{
	struct model_region *r;
	struct model_block *b;

	if (level == MODEL_1G_LEVEL) {
		b = block_of(m, pa, true);
		return b ? &b->huge : NULL;
	}
	r = region_of(m, pa, true);
	if (!r)
		return NULL;
	return level == MODEL_2M ? &r->large :
	       &r->page[pa / MODEL_PAGE % MODEL_PAGES_PER_2M];
}

/* The caller holds the large page exclusively, so nobody holds its parts. */
bool model_pamt_split(struct model *m, struct model_pamt *pamt)
{
	unsigned int i, level = pamt->level - 1;

	for (i = 0; i < MODEL_PAGES_PER_2M; i++)
		if (!model_pamt_entry(m, pamt->pa + i * level_size[level],
				      level))
			return false;
	for (i = 0; i < MODEL_PAGES_PER_2M; i++) {
		struct model_page *p =
			model_pamt_entry(m, pamt->pa + i * level_size[level],
					 level);

		p->owner = pamt->page->owner;
		p->bepoch = pamt->page->bepoch;
		model_store(&p->type, pamt->page->type);
	}
	model_store(&pamt->page->type, MODEL_PT_NDA);
	__atomic_add_fetch(&m->pamt_in_use, MODEL_PAGES_PER_2M - 1,
			   __ATOMIC_RELAXED);
	return true;
}

/* 512 pages of @level that lie together become one.  False: one is held. */
bool model_pamt_merge(struct model *m, u64 pa, unsigned int level, u64 owner)
{
	struct model_page *large = model_pamt_entry(m, pa, level + 1);
	unsigned int i;

	if (!large || !model_try_exclusive(&large->lock))
		return false;
	for (i = 0; i < MODEL_PAGES_PER_2M; i++)
		model_store(&model_pamt_entry(m, pa + i * level_size[level],
					      level)->type, MODEL_PT_NDA);
	large->owner = owner;
	model_store(&large->type, MODEL_PT_REG);
	__atomic_sub_fetch(&m->pamt_in_use, MODEL_PAGES_PER_2M - 1,
			   __ATOMIC_RELAXED);
	model_unlock_exclusive(&large->lock);
	return true;
}
