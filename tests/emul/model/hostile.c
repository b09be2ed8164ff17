// SPDX-License-Identifier: GPL-2.0-only
/*
 * A TDX module that lies: a filter between the model and who called it.
 *
 * A seed chooses the lie, and which calls it is about; the same seed lies
 * alike to the same calls.  An error is told instead of making the call, since
 * pages that are the model's in truth and the caller's by its word would be
 * damage that nobody could prevent; all else is bent afterwards.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

#define NUM_CMRS		0x9000000100000000ULL
#define CMR_BASE		0x9000000300000080ULL
#define CMR_SIZE		0x9000000300000100ULL
#define MAX_TDMRS		0x9100000100000008ULL
#define PAMT_1G_ENTRY_SIZE	0x9100000100000012ULL

enum lie {
	LIE_METADATA,		/* any field */
	LIE_CMRS,
	LIE_LIMITS,		/* of TDMRs and their PAMTs */
	LIE_PROGRESS,		/* of TDH.SYS.TDMR.INIT */
	LIE_STATUS,		/* what is neither success nor error */
	LIE_ERROR,		/* one that the leaf does not have */
	LIE_FOR_EVER,		/* interrupted, busy */
	LIE_OUTPUTS,
	LIE_ANYTHING,		/* now and then */
	LIES
};

static const char *const lie_names[LIES] = {
	[LIE_METADATA] = "metadata", [LIE_CMRS] = "CMRs",
	[LIE_LIMITS] = "limits of TDMRs", [LIE_PROGRESS] = "progress",
	[LIE_STATUS] = "statuses", [LIE_ERROR] = "errors",
	[LIE_FOR_EVER] = "the same status for ever", [LIE_OUTPUTS] = "outputs",
	[LIE_ANYTHING] = "anything",
};

/* Leaves that a seed chooses from: those of bring-up and shutdown twice. */
static const u8 victims[] = {
	TDH_SYS_INIT, TDH_SYS_LP_INIT, TDH_SYS_RD, TDH_SYS_CONFIG,
	TDH_SYS_KEY_CONFIG, TDH_SYS_TDMR_INIT, TDH_SYS_DISABLE,
	TDH_SYS_INIT, TDH_SYS_LP_INIT, TDH_SYS_RD, TDH_SYS_CONFIG,
	TDH_SYS_KEY_CONFIG, TDH_SYS_TDMR_INIT, TDH_SYS_DISABLE,
	TDH_MNG_CREATE, TDH_MNG_KEY_CONFIG, TDH_MNG_ADDCX, TDH_MNG_INIT,
	TDH_VP_CREATE, TDH_VP_ADDCX, TDH_VP_INIT, TDH_MEM_SEPT_ADD,
	TDH_MEM_PAGE_ADD, TDH_MR_EXTEND, TDH_MR_FINALIZE, TDH_MNG_RD,
	TDH_VP_ENTER, TDH_MEM_PAGE_AUG, TDH_MEM_RANGE_BLOCK, TDH_MEM_TRACK,
	TDH_MEM_PAGE_REMOVE, TDH_VP_FLUSH, TDH_MNG_VPFLUSHDONE,
	TDH_PHYMEM_CACHE_WB, TDH_MNG_KEY_FREEID, TDH_PHYMEM_PAGE_RECLAIM,
	TDH_PHYMEM_PAGE_WBINVD,
};

static const u64 odd_values[] = {
	0, 1, 255, 256, 1024, 1025, 4095, 4096, 0xffff, 0x10000, 0x7fffffff,
	0xffffffff, 1ULL << 51, (1ULL << 52) - 4096, 1ULL << 52, 1ULL << 63,
	~0ULL - 4095, ~0ULL,
};

/* splitmix64, by Sebastiano Vigna. */
static u64 mix(u64 x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

/* What the seed has to say of @a and @b. */
static u64 draw(const struct model *m, u64 a, u64 b)
{
	return mix(mix(model_load(&m->hostile) ^ mix(a)) + b);
}

static enum lie lie_of(const struct model *m)
{
	return model_load(&m->hostile) % LIES;
}

static u64 odd_value(u64 r)
{
	if (r % 4)
		return odd_values[r / 4 % ARRAY_SIZE(odd_values)];
	return mix(r) >> (r >> 8) % 64;
}

/* A slot of the CMR table, where this seed is about it. */
static void bend_cmr(const struct model *m, unsigned int slot,
		     struct model_cmr *cmr)
{
	u64 r = draw(m, CMR_BASE, slot);

	if (r % 16)
		return;
	switch (r / 16 % 8) {
	case 0:		/* in the SEAM range */
		cmr->base = m->seamrr.base;
		cmr->size = m->seamrr.size / 2;
		break;
	case 1:		/* around it */
		cmr->base = m->seamrr.base - MODEL_4M;
		cmr->size = m->seamrr.size + MODEL_4M;
		break;
	case 2:		/* wraps */
		cmr->base = cmr->base ?: m->seamrr.base;
		cmr->size = -(cmr->base / 2) & ~(MODEL_PAGE - 1);
		break;
	case 3:		/* the one before reaches into it */
		cmr->base /= 2;
		break;
	case 4:		/* not made of pages */
		cmr->base += 1 << (r >> 8) % 12;
		break;
	case 5:		/* all there is */
		cmr->base = 0;
		cmr->size = 1ULL << 52;
		break;
	case 6:
		cmr->base = odd_value(r >> 8);
		break;
	default:
		cmr->size = odd_value(r >> 8);
		break;
	}
}

static void bend_field(const struct model *m, enum lie lie, u64 id,
		       struct model_regs *out)
{
	u64 r = draw(m, TDH_SYS_RD, id);
	struct model_cmr cmr;

	switch (lie) {
	case LIE_METADATA:
		/* One in 16, or each wrong one would be hidden by another. */
		if (r % 16 == 0)
			out->r8 = odd_value(r / 16);
		break;
	case LIE_CMRS:
		if (id == NUM_CMRS && r % 8 == 0)
			out->r8 = odd_value(r / 8);
		if (id < CMR_BASE || id >= CMR_SIZE + MODEL_MAX_CMRS)
			break;
		cmr = m->cmrs[id % MODEL_MAX_CMRS];
		bend_cmr(m, id % MODEL_MAX_CMRS, &cmr);
		out->r8 = id < CMR_SIZE ? cmr.base : cmr.size;
		break;
	case LIE_LIMITS:
		if (id >= MAX_TDMRS && id <= PAMT_1G_ENTRY_SIZE && r % 3 == 0)
			out->r8 = odd_value(r / 3);
		break;
	default:
		break;
	}
}

/* Where TDH.SYS.TDMR.INIT says that it is, also once it is at the end. */
static void bend_progress(const struct model *m, const struct model_regs *in,
			  u64 n, struct model_regs *out, u64 *status)
{
	u64 r = draw(m, TDH_SYS_TDMR_INIT, 0);
	bool done = tdx_status_is(*status, TDX_ST_TDMR_ALREADY_INITIALIZED);

	*status = TDX_ST_SUCCESS;
	if (done)
		out->rdx = in->rcx;
	switch (r % 8) {
	case 0:		/* never advances */
		out->rdx = in->rcx;
		break;
	case 1:		/* once, and never again */
		out->rdx = in->rcx + (out->rdx > in->rcx ? MODEL_1G / 2 : 0);
		break;
	case 2:		/* goes backwards, where there is room */
		if (in->rcx)
			out->rdx = in->rcx - MODEL_PAGE * (n % 1024 + 1);
		break;
	case 3:		/* to and fro */
		out->rdx = in->rcx + (n & 1 ? 0 : MODEL_4M);
		break;
	case 4:		/* jumps */
		out->rdx = in->rcx + (1ULL << (r >> 8) % 52);
		break;
	case 5:
		out->rdx = ~0ULL - n;
		break;
	case 6:
		out->rdx = draw(m, TDH_SYS_TDMR_INIT, n);
		break;
	default:
		out->rdx = 0;
		break;
	}
}

/* Neither success nor error; or a success with something in reserved bits. */
static u64 odd_status(u64 r)
{
	switch (r % 6) {
	case 0:
		return 1ULL << (48 + (r >> 8) % 12);
	case 1:
		return TDX_STATUS_NON_RECOVERABLE | (r & 0xff00000000ULL);
	case 2:
		return TDX_STATUS_FATAL;
	case 3:
		return TDX_STATUS_HOST_HINT;
	case 4:
		return 0xffULL << 40 | (r & TDX_STATUS_DETAILS_MASK);
	default:
		return mix(r) & ~TDX_STATUS_ERROR;
	}
}

static const u64 all_statuses[] = {
#define TDX_STATUS(name, value, details, meaning, remedy) (value),
#include <tdx/status.def>
};

static u64 odd_error(u64 r)
{
	u64 listed = all_statuses[(r >> 8) % ARRAY_SIZE(all_statuses)];

	switch (r % 4) {
	case 0:
		return ~0ULL;
	case 1:
		return mix(r) | TDX_STATUS_ERROR;
	default:
		return listed | TDX_STATUS_ERROR |
		       (mix(r) & TDX_STATUS_DETAILS_MASK);
	}
}

static u64 for_ever(u64 r)
{
	/* Those that most leaves have twice. */
	static const u64 statuses[] = {
		TDX_ST_INTERRUPTED_RESUMABLE, TDX_ST_INTERRUPTED_RESTARTABLE,
		TDX_ST_SYS_BUSY, TDX_ST_RND_NO_ENTROPY,
		TDX_ST_KEY_GENERATION_FAILED,
		TDX_ST_OPERAND_BUSY | TDX_OPERAND_RCX,
		TDX_ST_WBCACHE_RESUME_ERROR,
		TDX_ST_INTERRUPTED_RESUMABLE, TDX_ST_SYS_BUSY,
		TDX_ST_OPERAND_BUSY | TDX_OPERAND_RCX,
	};

	return statuses[r % ARRAY_SIZE(statuses)];
}

static u64 odd_address(const struct model *m, u64 r, u64 truth)
{
	switch (r % 8) {
	case 0:
		return 0;
	case 1:		/* of the kernel, likely its own code */
		return 0x1000000 + (r & 0xfff000);
	case 2:		/* with a KeyID */
		return truth | 1ULL << 51;
	case 3:		/* of another page */
		return truth ^ MODEL_PAGE;
	case 4:
		return truth + 8;
	case 5:
		return m->seamrr.base;
	default:
		return odd_value(r / 8);
	}
}

static void bend_outputs(const struct model *m, u64 r, struct model_regs *out)
{
	out->rcx = odd_address(m, mix(r + 1), out->rcx);
	out->rdx = odd_address(m, mix(r + 2), out->rdx);
	out->r8 = odd_address(m, mix(r + 3), out->r8);
	out->r9 = odd_address(m, mix(r + 4), out->r9);
	out->r10 = odd_value(mix(r + 5));
	out->r11 = odd_value(mix(r + 6));
}

/* The leaf that this seed is about, and whether it is about this call. */
static bool chosen(const struct model *m, u16 leaf, u64 n)
{
	u64 r = draw(m, 0, 0);

	if (victims[r % ARRAY_SIZE(victims)] != leaf)
		return false;
	/* All calls, or from one of the first on. */
	return n > (r >> 32) % 4 * ((r >> 40) % 8);
}

/**
 * model_lies() - is this call answered by a lie, and not made?
 * @m: the model
 * @leaf: that is called
 * @n: how many calls of it there were, this one included
 * @status: set to the lie
 */
bool model_lies(struct model *m, u16 leaf, u64 n, u64 *status)
{
	u64 r;

	if (!model_load(&m->hostile) || leaf >= MODEL_MAX_LEAVES)
		return false;
	n -= m->hostile_from[leaf];
	r = draw(m, leaf, n);
	switch (lie_of(m)) {
	case LIE_ERROR:
		*status = odd_error(r);
		return chosen(m, leaf, n);
	case LIE_FOR_EVER:
		*status = for_ever(draw(m, leaf, 0));
		return chosen(m, leaf, n);
	case LIE_ANYTHING:
		*status = r & 64 ? odd_error(mix(r)) : for_ever(mix(r));
		return r % 64 == 0;
	default:
		return false;
	}
}

/**
 * model_bend() - bend what a call has answered
 * @m: the model
 * @leaf: that was called
 * @n: how many calls of it there were, this one included
 * @in: registers before it
 * @out: registers after it
 * @status: what it returned, changed in place
 */
void model_bend(struct model *m, u16 leaf, u64 n, const struct model_regs *in,
		struct model_regs *out, u64 *status)
{
	u64 r;

	if (!model_load(&m->hostile) || leaf >= MODEL_MAX_LEAVES ||
	    (*status & TDX_STATUS_ERROR))
		return;
	n -= m->hostile_from[leaf];
	r = draw(m, leaf, n);
	if (leaf == TDH_SYS_RD)
		bend_field(m, lie_of(m), in->rdx, out);
	switch (lie_of(m)) {
	case LIE_PROGRESS:
		if (leaf == TDH_SYS_TDMR_INIT)
			bend_progress(m, in, n, out, status);
		break;
	case LIE_STATUS:
		if (chosen(m, leaf, n))
			*status = odd_status(r);
		break;
	case LIE_OUTPUTS:
		if (chosen(m, leaf, n))
			bend_outputs(m, r, out);
		break;
	case LIE_ANYTHING:
		if (r % 64 == 1)
			*status = odd_status(r / 64);
		else if (r % 64 == 2)
			bend_outputs(m, r / 64, out);
		else if (r % 64 == 3 && leaf == TDH_SYS_RD)
			out->r8 = odd_value(r / 64);
		break;
	default:
		break;
	}
}

const char *model_set_hostile(struct model *m, u64 seed)
{
	/* The first call is the first under this seed. */
	memcpy(m->hostile_from, m->leaf_calls, sizeof(m->hostile_from));
	model_store(&m->hostile, seed);
	return seed ? lie_names[lie_of(m)] : NULL;
}
