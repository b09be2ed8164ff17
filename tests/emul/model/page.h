/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PAMT entries, and what lies in private pages.
 *
 * The metadata of a page is kept from its first use on; a page without is
 * free, or reserved where its TDMR says so.  Slots are claimed once and never
 * given up, so that finding one needs no lock.
 */
#ifndef TDX_EMUL_MODEL_PAGE_H
#define TDX_EMUL_MODEL_PAGE_H

#include "internal.h"

#define MODEL_2M_SIZE		(2ULL << 20)
#define MODEL_PAGES_PER_2M	512
#define MODEL_SEPT_FREE		(1ULL << 63)	/* suppress #VE */

/* Page types of TDH.PHYMEM.PAGE.RDMD. */
enum model_page_type {
	MODEL_PT_NDA = 0,
	MODEL_PT_RSVD = 1,
	MODEL_PT_REG = 3,
	MODEL_PT_TDR = 4,
	MODEL_PT_TDCX = 5,
	MODEL_PT_TDVPR = 6,
	MODEL_PT_EPT = 8,
};

/**
 * struct model_page - a PAMT entry, at any level
 * @lock: of the entry; entries above it are held shared meanwhile
 * @writers: LPs that are changing the content
 * @version: changes of the content
 * @object: TDR: index of its TD; TDVPR: index of its VCPU
 * @type: enum model_page_type
 * @watched: a 4 KiB page whose content only the model may change
 * @blank: and that is all zeroes
 * @dirty: given back, and caches may still hold lines of it, with @key
 * @key: KeyID that the content is encrypted with
 * @key_use: which use of that KeyID it was, struct model_kot_entry's @uses
 * @owner: PA of the owner's TDR; stays when the page is freed
 * @bepoch: TD epoch when the page was blocked
 * @sum: of the content, see model_memory.c
 * @plain: 0, or where the content lies as the guest has it, see plain.c; what
 *	   lies in the page itself is of the past then; atomic
 */
struct model_page {
	struct model_lock lock;
	u32 writers;
	u32 version;
	u32 object;
	u8 type;
	bool watched;
	bool blank;
	bool dirty;
	u16 key;
	u16 key_use;
	u64 owner;
	u64 bepoch;
	u64 sum;
	u64 plain;
};

/* 2 MiB of memory; @key: its address | 1, 0: slot never used. */
struct model_region {
	u64 key;
	struct model_page large;
	struct model_page page[MODEL_PAGES_PER_2M];
};

/* 1 GiB of memory, likewise. */
struct model_block {
	u64 key;
	struct model_page huge;
};

#define MODEL_MAX_REGIONS	1024
#define MODEL_BLOCKS		1024

/**
 * struct model_pamt - a PAMT entry that is locked
 * @page: the entry
 * @above: entries of larger pages that hold it, locked shared; may be NULL
 * @pa: address of the page
 * @level: its size, enum model_level
 * @exclusive: how @page is locked
 */
struct model_pamt {
	struct model_page *page;
	struct model_page *above[2];
	u64 pa;
	unsigned int level;
	bool exclusive;
};

#define MODEL_ANY_TYPE	~0U
#define MODEL_ANY_LEVEL	~0U

/* model_page.c */
int model_pages_init(struct model *m);
void model_pages_exit(struct model *m);
void model_pages_forget(struct model *m);
u64 model_level_size(unsigned int level);
/* Of a 4 KiB page; NULL: never used (!@create), or no slot left. */
struct model_page *model_page_slot(struct model *m, u64 pa, bool create);
u64 model_private_page(struct model *m, u64 pa, unsigned int operand);
u64 model_pamt_lock(struct model *m, u64 pa, unsigned int operand,
		    unsigned int type, unsigned int level, bool exclusive,
		    struct model_pamt *pamt);
void model_pamt_unlock(struct model_pamt *pamt);
/* The entry without its lock; NULL: no slot left. */
struct model_page *model_pamt_entry(struct model *m, u64 pa,
				    unsigned int level);
unsigned int model_pamt_type(struct model *m, const struct model_pamt *pamt);
/* The caller holds the entry exclusively. */
void model_pamt_give(struct model *m, struct model_pamt *pamt,
		     unsigned int type, u64 owner);
void model_pamt_free(struct model *m, struct model_pamt *pamt);
/* The page and its parts have become 512 of the next size, or the reverse. */
bool model_pamt_split(struct model *m, struct model_pamt *pamt);
bool model_pamt_merge(struct model *m, u64 pa, unsigned int level, u64 owner);

/* model_memory.c: @key is the KeyID that the content is encrypted with. */
u64 model_get64(struct model *m, u16 key, u64 pa);
void model_put64(struct model *m, u16 key, u64 pa, u64 value);
/* *@old as in env_cas_phys(). */
bool model_cas64(struct model *m, u16 key, u64 pa, u64 *old, u64 value);
void model_get(struct model *m, u16 key, u64 pa, void *buf, size_t len);
/* A whole page; from then on nobody but the model may write there. */
void model_clear_page(struct model *m, u16 key, u64 pa);
void model_clear_sept_page(struct model *m, u16 key, u64 pa);
void model_copy_in(struct model *m, u16 key, u64 pa, u64 shared_pa);
void model_copy_page(struct model *m, u16 key, u64 to, u64 from);
/* The page is going back to the host. */
void model_release_page(struct model *m, u64 pa);
/* The host has the page's lines with that KeyID written back. */
void model_flush_page(struct model *m, u16 key, u64 pa);
/* Pages of which lines may still be in caches, to be written over the host's. */
u64 model_dirty_pages(struct model *m);
/* As model_release_page(), for a watched page and without a look at it. */
void model_forget_page(struct model *m, struct model_page *p, u64 pa);

/* plain.c: the same, as it is; 0: no memory is left for it. */
u64 model_plain_page(struct model *m, u16 key, u64 pa);
void model_plain_drop(struct model *m, struct model_page *p);
/* Where the 8 bytes at @pa are if their page has such a one, else 0. */
u64 model_plain_at(struct model *m, u64 pa);

/* model_phymem.c */
u64 model_page_rdmd(struct model *m, unsigned int lp,
		    const struct model_regs *in, struct model_regs *out);
u64 model_page_reclaim(struct model *m, unsigned int lp,
		       const struct model_regs *in, struct model_regs *out);
u64 model_page_wbinvd(struct model *m, unsigned int lp,
		      const struct model_regs *in, struct model_regs *out);
u64 model_cache_wb(struct model *m, unsigned int lp,
		   const struct model_regs *in, struct model_regs *out);

#endif /* TDX_EMUL_MODEL_PAGE_H */
