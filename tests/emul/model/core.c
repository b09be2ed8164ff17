// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software TDX module: what SEAMCALL meets first.  Instruction level,
 * the checks before any leaf runs, the global lock.
 * Source: TDX Module ABI 1.5, "SEAMCALL Instruction (Common)".
 */
#include <linux/string.h>

#include "sept.h"

/* Output registers that a leaf clears before its first check. */
#define CLR_RCX		(1U << 0)
#define CLR_RDX		(1U << 1)
#define CLR_R8		(1U << 2)
#define CLR_R9		(1U << 3)
#define CLR_R10		(1U << 4)
#define CLR_R11		(1U << 5)
/* Where an error tells about a Secure EPT entry. */
#define CLR_INFO	(CLR_RCX | CLR_RDX)

/* Global lock, see "TDH.SYS.INIT" and its kin. */
#define LOCK_NONE	0
#define LOCK_SHARED	1
#define LOCK_EXCLUSIVE	2

#define EARLY		(1U << 0)	/* answers before state READY */
#define OWN_TIME	(1U << 1)	/* spends its time itself */
#define VERSION_1	(1U << 2)	/* has a version 1 */
#define LATE_VERSION_1	(1U << 3)	/* has one after 1.5 */

/**
 * struct model_leaf - how the dispatcher treats a leaf
 * @fn: the leaf, NULL: known to the TDX module but not modelled
 * @since: first module version that knows it
 * @lock: global lock taken around it
 * @flags: EARLY, OWN_TIME, VERSION_1, LATE_VERSION_1
 * @clear: outputs zeroed before its checks, CLR_*
 */
struct model_leaf {
	model_leaf_fn fn;
	u8 since;
	u8 lock;
	u8 flags;
	u8 clear;
};

/*
 * The leaves that are modelled.  A leaf that leaves.def knows and this table
 * does not is refused with OPERAND_INVALID|RAX, as one that the module does
 * not have, and counted in struct model_stats: SERVTD, EXPORT, IMPORT and MIG.
 */
static const struct model_leaf leaf_table[MODEL_MAX_LEAVES] = {
	[TDH_SYS_KEY_CONFIG] = {
		.fn = model_sys_key_config, .lock = LOCK_EXCLUSIVE,
		.flags = EARLY,
	},
	[TDH_SYS_INFO] = {
		.fn = model_sys_info, .flags = EARLY,
		.clear = CLR_RDX | CLR_R9,
	},
	[TDH_SYS_INIT] = {
		.fn = model_sys_init, .lock = LOCK_EXCLUSIVE, .flags = EARLY,
		.clear = CLR_RCX | CLR_RDX | CLR_R8 | CLR_R9 | CLR_R10,
	},
	[TDH_SYS_RD] = {
		.fn = model_sys_rd, .since = MODEL_V1_5, .flags = EARLY,
		.clear = CLR_R8,
	},
	[TDH_SYS_LP_INIT] = {
		.fn = model_sys_lp_init, .lock = LOCK_SHARED, .flags = EARLY,
		.clear = CLR_RCX | CLR_RDX | CLR_R8,
	},
	[TDH_SYS_TDMR_INIT] = {
		.fn = model_sys_tdmr_init, .flags = OWN_TIME,
		.clear = CLR_RDX,
	},
	[TDH_SYS_RDALL] = {
		.fn = model_sys_rdall, .since = MODEL_V1_5, .flags = EARLY,
	},
	[TDH_SYS_LP_SHUTDOWN] = {
		.fn = model_sys_lp_shutdown, .flags = EARLY,
	},
	[TDH_SYS_CONFIG] = {
		.fn = model_sys_config, .lock = LOCK_EXCLUSIVE,
		.flags = EARLY,
	},
	[TDH_SYS_SHUTDOWN] = {
		.fn = model_sys_shutdown, .since = MODEL_V1_5,
		.flags = OWN_TIME,
	},
	[TDH_SYS_UPDATE] = {
		.fn = model_sys_update, .since = MODEL_V1_5,
		.lock = LOCK_EXCLUSIVE, .flags = EARLY,
	},
	[TDH_SYS_DISABLE] = {
		.fn = model_sys_disable, .since = MODEL_V2_0,
		.lock = LOCK_EXCLUSIVE, .flags = EARLY | OWN_TIME,
	},
	[TDH_MNG_ADDCX] = { .fn = model_mng_addcx },
	[TDH_MNG_KEY_CONFIG] = { .fn = model_mng_key_config },
	[TDH_MNG_CREATE] = { .fn = model_mng_create },
	[TDH_MNG_INIT] = { .fn = model_mng_init, .clear = CLR_RCX },
	[TDH_MNG_VPFLUSHDONE] = { .fn = model_mng_vpflushdone },
	[TDH_MNG_KEY_FREEID] = { .fn = model_mng_key_freeid },
	[TDH_MNG_KEY_RECLAIMID] = { .fn = model_mng_key_reclaimid },
	[TDH_MNG_RD] = {
		.fn = model_mng_rd, .flags = VERSION_1, .clear = CLR_R8,
	},
	[TDH_MNG_WR] = { .fn = model_mng_wr, .clear = CLR_R8 },
	[TDH_VP_CREATE] = { .fn = model_vp_create },
	[TDH_VP_ADDCX] = { .fn = model_vp_addcx },
	[TDH_VP_INIT] = { .fn = model_vp_init, .flags = LATE_VERSION_1 },
	[TDH_VP_FLUSH] = { .fn = model_vp_flush },
	[TDH_VP_RD] = {
		.fn = model_vp_rd, .flags = VERSION_1, .clear = CLR_R8,
	},
	[TDH_VP_WR] = { .fn = model_vp_wr, .clear = CLR_R8 },
	[TDH_VP_ENTER] = { .fn = model_vp_enter },
	[TDH_MEM_SEPT_ADD] = {
		.fn = model_sept_add, .flags = VERSION_1, .clear = CLR_INFO,
	},
	[TDH_MEM_SEPT_RD] = { .fn = model_sept_rd, .clear = CLR_INFO },
	[TDH_MEM_SEPT_REMOVE] = {
		.fn = model_sept_remove, .flags = VERSION_1, .clear = CLR_INFO,
	},
	[TDH_MEM_PAGE_ADD] = { .fn = model_mem_page_add, .clear = CLR_INFO },
	[TDH_MEM_PAGE_AUG] = { .fn = model_mem_page_aug, .clear = CLR_INFO },
	[TDH_MEM_PAGE_REMOVE] = {
		.fn = model_mem_page_remove, .clear = CLR_INFO,
	},
	[TDH_MEM_PAGE_RELOCATE] = {
		.fn = model_mem_page_relocate, .clear = CLR_INFO,
	},
	[TDH_MEM_PAGE_PROMOTE] = {
		.fn = model_mem_page_promote, .flags = VERSION_1,
		.clear = CLR_INFO,
	},
	[TDH_MEM_PAGE_DEMOTE] = {
		.fn = model_mem_page_demote, .clear = CLR_INFO,
	},
	[TDH_MEM_RANGE_BLOCK] = {
		.fn = model_mem_range_block, .clear = CLR_INFO,
	},
	[TDH_MEM_RANGE_UNBLOCK] = {
		.fn = model_mem_range_unblock, .clear = CLR_INFO,
	},
	[TDH_MEM_TRACK] = { .fn = model_mem_track },
	[TDH_MEM_RD] = { .fn = model_mem_rd, .clear = CLR_INFO | CLR_R8 },
	[TDH_MEM_WR] = { .fn = model_mem_wr, .clear = CLR_INFO | CLR_R8 },
	[TDH_MR_EXTEND] = { .fn = model_mr_extend, .clear = CLR_INFO },
	[TDH_MR_FINALIZE] = { .fn = model_mr_finalize },
	[TDH_PHYMEM_PAGE_RDMD] = {
		.fn = model_page_rdmd,
		.clear = CLR_INFO | CLR_R8 | CLR_R9 | CLR_R10 | CLR_R11,
	},
	[TDH_PHYMEM_PAGE_RECLAIM] = {
		.fn = model_page_reclaim,
		.clear = CLR_INFO | CLR_R8 | CLR_R9 | CLR_R10 | CLR_R11,
	},
	[TDH_PHYMEM_CACHE_WB] = { .fn = model_cache_wb },
	[TDH_PHYMEM_PAGE_WBINVD] = { .fn = model_page_wbinvd },
};

static bool in_leaves_def(u16 leaf)
{
	switch (leaf) {
#define TDX_LEAF(name, number, text, transient) case number:
#include <tdx/leaves.def>
		return true;
	default:
		return false;
	}
}

static bool leaf_known(const struct model *m, u16 leaf)
{
	if (!in_leaves_def(leaf))
		return false;
	/* Module 1.0 ends with LP.SHUTDOWN/CONFIG: no service TD, migration. */
	if (m->version == MODEL_V1_0 && leaf > TDH_SYS_CONFIG)
		return false;
	return m->version >= leaf_table[leaf].since;
}

/* May also be asked about a leaf number that injections or counters use. */
static const struct model_leaf *leaf_entry(u16 leaf)
{
	static const struct model_leaf none;

	return leaf < MODEL_MAX_LEAVES ? &leaf_table[leaf] : &none;
}

static bool version_ok(const struct model *m, u16 leaf, unsigned int version)
{
	u8 flags = leaf_entry(leaf)->flags;

	if (!version)
		return true;
	if (m->version >= MODEL_V1_5 && (flags & VERSION_1))
		return true;
	return m->version >= MODEL_V2_0 && (flags & LATE_VERSION_1);
}

/* "Checks before the leaf", in order.  0: the leaf may run. */
static u64 dispatcher_checks(struct model *m, u64 rax)
{
	u16 leaf = rax & TDX_LEAF_NUMBER_MASK;
	unsigned int state = model_load(&m->state);

	if (rax & ~(TDX_LEAF_NUMBER_MASK | TDX_LEAF_VERSION(0xff)))
		return OPERAND_INVALID(RAX);
	if (!version_ok(m, leaf, (rax >> 16) & 0xff))
		return OPERAND_INVALID(RAX);
	if (state == MODEL_SYS_SHUTDOWN && leaf != TDH_SYS_LP_SHUTDOWN &&
	    !(leaf == TDH_SYS_DISABLE && leaf_known(m, leaf)))
		return TDX_ST_SYS_SHUTDOWN;
	if (state != MODEL_SYS_READY &&
	    !((leaf_entry(leaf)->flags & EARLY) && leaf_known(m, leaf)) &&
	    state != MODEL_SYS_SHUTDOWN)
		return TDX_ST_SYS_NOT_READY;
	if (!leaf_known(m, leaf))
		return OPERAND_INVALID(RAX);
	return 0;
}

static void clear_outputs(struct model_regs *regs, u8 clear)
{
	if (clear & CLR_RCX)
		regs->rcx = 0;
	if (clear & CLR_RDX)
		regs->rdx = 0;
	if (clear & CLR_R8)
		regs->r8 = 0;
	if (clear & CLR_R9)
		regs->r9 = 0;
	if (clear & CLR_R10)
		regs->r10 = 0;
	if (clear & CLR_R11)
		regs->r11 = 0;
}

static bool take_global(struct model *m, u8 mode)
{
	switch (mode) {
	case LOCK_SHARED:
		return model_try_shared(&m->global);
	case LOCK_EXCLUSIVE:
		return model_try_exclusive(&m->global);
	default:
		return true;
	}
}

static void drop_global(struct model *m, u8 mode)
{
	if (mode == LOCK_SHARED)
		model_unlock_shared(&m->global);
	else if (mode == LOCK_EXCLUSIVE)
		model_unlock_exclusive(&m->global);
}

static u64 refuse(struct model *m, u16 leaf)
{
	model_store(&m->refused_leaf, leaf);
	__atomic_add_fetch(&m->refused, 1, __ATOMIC_RELAXED);
	return OPERAND_INVALID(RAX);
}

/* Outputs whose "none" is all ones: ids of fields, pages that were not used. */
static void none_outputs(u16 leaf, unsigned int version,
			 struct model_regs *out)
{
	switch (leaf) {
	case TDH_SYS_RD:
		out->rdx = MODEL_NULL_ID;
		break;
	case TDH_SYS_RDALL:
		out->r8 = MODEL_NULL_ID;
		break;
	case TDH_MNG_RD:
	case TDH_VP_RD:
		if (version)
			out->rdx = MODEL_NULL_ID;
		break;
	case TDH_MEM_SEPT_REMOVE:
	case TDH_MEM_PAGE_PROMOTE:
		if (version)
			out->r9 = out->r10 = out->r11 = MODEL_NULL_ID;
		break;
	}
}

static u64 run_leaf(struct model *m, unsigned int lp, u16 leaf,
		    struct model_regs *regs)
{
	const struct model_leaf *l = leaf_entry(leaf);
	const struct model_regs in = *regs;
	u64 status;

	if (!l->fn)
		return refuse(m, leaf);

	clear_outputs(regs, l->clear);
	none_outputs(leaf, in.rax >> 16 & 0xff, regs);
	if (!take_global(m, l->lock))
		return TDX_ST_SYS_BUSY;
	if (!(l->flags & OWN_TIME) && model_load(&m->call_ns))
		env_delay_ns(model_load(&m->call_ns));
	status = l->fn(m, lp, &in, regs);
	drop_global(m, l->lock);
	return status;
}

enum model_outcome model_seamcall(struct model *m, unsigned int lp,
				  struct model_regs *regs)
{
	u16 leaf = regs->rax & TDX_LEAF_NUMBER_MASK;
	const struct model_regs in = *regs;
	u64 status, n = 0;

	__atomic_add_fetch(&m->calls, 1, __ATOMIC_RELAXED);
	if (lp >= MODEL_MAX_LPS || !model_load(&m->lp[lp].vmx) ||
	    model_load(&m->lp[lp].seam) == MODEL_SEAM_ABSENT)
		return MODEL_UD;
	/* BIOS enables SEAM on the LPs that it knows, on no other. */
	if (lp >= m->lps || model_load(&m->lp[lp].seam) == MODEL_SEAM_OFF)
		return MODEL_GP;
	if (!model_load(&m->present) || model_load(&m->dead))
		return MODEL_VMFAILINVALID;
	if (regs->rax & TDX_LEAF_SEAMLDR)
		return model_seamldr(m, lp, regs);

	__atomic_add_fetch(&m->inside, 1, __ATOMIC_SEQ_CST);
	if (leaf < MODEL_MAX_LEAVES)
		n = __atomic_add_fetch(&m->leaf_calls[leaf], 1,
				       __ATOMIC_RELAXED);
	if (!model_injected(m, lp, leaf, &status) &&
	    !model_lies(m, leaf, n, &status)) {
		status = dispatcher_checks(m, regs->rax);
		if (!status)
			status = run_leaf(m, lp, leaf, regs);
		model_pamt_check_some(m);
		model_bend(m, leaf, n, &in, regs, &status);
	}
	__atomic_sub_fetch(&m->inside, 1, __ATOMIC_ACQ_REL);
	regs->rax = status;
	return MODEL_RETURNED;
}

bool model_leaf_exists(const struct model *m, u16 leaf)
{
	return leaf < MODEL_MAX_LEAVES && leaf_known(m, leaf);
}

u64 model_leaf_calls(struct model *m, u16 leaf)
{
	return leaf < MODEL_MAX_LEAVES ? model_load(&m->leaf_calls[leaf]) : 0;
}
