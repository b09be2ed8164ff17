/* SPDX-License-Identifier: GPL-2.0-only */
/* The Secure EPT: entries, and the way to them. */
#ifndef TDX_EMUL_MODEL_SEPT_H
#define TDX_EMUL_MODEL_SEPT_H

#include "td.h"

/*
 * An entry as it lies in a SEPT page.  Bits that the architecture knows are
 * where it has them; the state and the lock use what it ignores.
 */
#define SEPT_RWX		0x7ULL
#define SEPT_WB			(6ULL << 3)
#define SEPT_IGNORE_PAT		(1ULL << 6)
#define SEPT_LEAF		(1ULL << 7)
#define SEPT_LOCK		(1ULL << 11)
#define SEPT_HPA		0x000ffffffffff000ULL
#define SEPT_STATE_SHIFT	53
#define SEPT_STATE		(7ULL << SEPT_STATE_SHIFT)
#define SEPT_SVE		(1ULL << 63)
#define SEPT_LEAF_BITS		(SEPT_WB | SEPT_IGNORE_PAT | SEPT_LEAF)

/* States of TDs that do not migrate; sept_public[] has their public codes. */
enum model_sept_state {
	SEPT_FREE,
	SEPT_BLOCKED,
	SEPT_PENDING,
	SEPT_PENDING_BLOCKED,
	SEPT_MAPPED,
	SEPT_NL_BLOCKED,
	SEPT_NL_MAPPED,
	SEPT_STATES,
};

#define SEPT_S(state)		(1U << (state))

static inline enum model_sept_state model_sept_state(u64 entry)
{
	return (entry & SEPT_STATE) >> SEPT_STATE_SHIFT;
}

static inline u64 model_sept_level_size(unsigned int level)
{
	return MODEL_PAGE << 9 * level;
}

u64 model_sept_entry(enum model_sept_state state, u64 hpa);
/* The same page in another state. */
u64 model_sept_with_state(u64 entry, enum model_sept_state state);

/**
 * struct model_walk - a way through the Secure EPT
 * @m: the model
 * @td: the TD
 * @gpa: where to
 * @level: of the entry that was reached
 * @pa: of the entry itself
 * @entry: its value, without the lock bit
 * @tree: 0: the tree's lock is not held, 1: shared, 2: exclusively
 * @locked: the entry is locked
 */
struct model_walk {
	struct model *m;
	struct model_td *td;
	u64 gpa;
	unsigned int level;
	u64 pa;
	u64 entry;
	unsigned int tree;
	bool locked;
};

/* "GL(min..max)" and alignment; outputs level and GPA of @rcx. */
bool model_gpa_level(u64 rcx, unsigned int min, unsigned int max,
		     u64 *gpa, unsigned int *level);
bool model_gpa_private(const struct model_td *td, u64 gpa);
/*
 * Down to @level or as far as there are tables; no lock is taken.  True if
 * @level was reached.
 */
bool model_sept_walk(struct model_walk *w, unsigned int level);
/* The entry: locked, as @w->entry has it.  False: held, or it changed. */
bool model_sept_lock(struct model_walk *w);
/* Unlocks it, with a new value. */
void model_sept_set(struct model_walk *w, u64 entry);
/* "Entry info": RCX and RDX. */
void model_sept_info(const struct model_walk *w, struct model_regs *out);

/**
 * struct model_mem - what all MEM leaves have in common
 * @ref: the TD
 * @w: the walk, its entry locked
 */
struct model_mem {
	struct model_td_ref ref;
	struct model_walk w;
};

/**
 * struct model_mem_leaf - what they differ in
 * @leaf: number
 * @min: lowest level in RCX
 * @max: highest; MODEL_TOP: that of the TD's tree
 * @tdr_exclusive: how the TDR is locked
 * @tree_exclusive: how the Secure EPT tree is locked
 * @rdx_flags: bits of RDX 11:0 that may be set
 * @debug_flags: of these, only for a debug TD
 * @states: entry states that the leaf takes, SEPT_S()
 */
struct model_mem_leaf {
	u16 leaf;
	u8 min, max;
	bool tdr_exclusive;
	bool tree_exclusive;
	u8 rdx_flags;
	u8 debug_flags;
	u8 states;
};

#define MODEL_TOP	7

u64 model_mem_begin(struct model *m, const struct model_mem_leaf *l,
		    const struct model_regs *in, struct model_regs *out,
		    struct model_mem *mem);
/* As far as the walk; @w's entry is not locked, its state not looked at. */
u64 model_mem_walk(struct model *m, const struct model_mem_leaf *l,
		   const struct model_regs *in, struct model_regs *out,
		   struct model_mem *mem);
u64 model_mem_entry(const struct model_mem_leaf *l, struct model_regs *out,
		    struct model_mem *mem);
void model_mem_end(struct model_mem *mem);
/* TLB tracking of the entry that @mem holds, whose page is @page. */
u64 model_mem_tracked(const struct model_mem *mem,
		      const struct model_pamt *page, struct model_regs *out);
bool model_tracked(const struct model_td *td, u64 bepoch);
u64 model_mem_status(enum tdx_status status, const struct model_walk *w,
		     struct model_regs *out);

MODEL_LEAF(model_sept_add);
MODEL_LEAF(model_sept_rd);
MODEL_LEAF(model_sept_remove);
MODEL_LEAF(model_mem_page_add);
MODEL_LEAF(model_mem_page_aug);
MODEL_LEAF(model_mem_page_remove);
MODEL_LEAF(model_mem_page_relocate);
MODEL_LEAF(model_mem_page_promote);
MODEL_LEAF(model_mem_page_demote);
MODEL_LEAF(model_mem_range_block);
MODEL_LEAF(model_mem_range_unblock);
MODEL_LEAF(model_mem_track);
MODEL_LEAF(model_mem_rd);
MODEL_LEAF(model_mem_wr);

#endif /* TDX_EMUL_MODEL_SEPT_H */
