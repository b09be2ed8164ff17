// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.SYS.CONFIG: the checks of TDMRs, reserved areas and PAMTs, one TDMR
 * completely before the next is read.
 * Source: TDX Module ABI 1.5, TDH.SYS.CONFIG and "TDMR_INFO".
 */
#include <linux/string.h>

#include "internal.h"

#define TDMR_INFO_ALIGN		512
#define ARRAY_ALIGN		512

/* TDMR_INFO as it lies in memory: base, size, PAMTs, reserved areas. */
enum { INFO_BASE, INFO_SIZE, INFO_PAMT_1G, INFO_PAMT_2M = 4, INFO_PAMT_4K = 6,
	INFO_RSVD = 8, INFO_WORDS = INFO_RSVD + 2 * MODEL_MAX_RESERVED };

static u64 fail(enum tdx_status status, unsigned int info0,
		unsigned int info1, unsigned int info2)
{
	return (u64)status | info0 | info1 << 8 | info2 << 16;
}

static bool wraps(u64 base, u64 size)
{
	return base + size < base;
}

/* Copied once: what the host changes afterwards does not matter. */
static void read_tdmr_info(struct model *m, u64 pa, struct model_tdmr *t)
{
	u64 w[INFO_WORDS];
	unsigned int j;

	model_read(m, pa, w, sizeof(w));
	memset(t, 0, sizeof(*t));
	t->area.base = w[INFO_BASE];
	t->area.size = w[INFO_SIZE];
	t->pamt[MODEL_1G_LEVEL].base = w[INFO_PAMT_1G];
	t->pamt[MODEL_1G_LEVEL].size = w[INFO_PAMT_1G + 1];
	t->pamt[MODEL_2M].base = w[INFO_PAMT_2M];
	t->pamt[MODEL_2M].size = w[INFO_PAMT_2M + 1];
	t->pamt[MODEL_4K].base = w[INFO_PAMT_4K];
	t->pamt[MODEL_4K].size = w[INFO_PAMT_4K + 1];
	for (j = 0; j < MODEL_MAX_RESERVED; j++) {
		t->rsvd[j].base = w[INFO_RSVD + 2 * j];
		t->rsvd[j].size = w[INFO_RSVD + 2 * j + 1];
	}
}

static u64 check_area(struct model *m, unsigned int i)
{
	const struct model_range *a = &m->tdmr[i].area;
	const struct model_range *prev = i ? &m->tdmr[i - 1].area : NULL;

	if (wraps(a->base, a->size))
		return fail(TDX_ST_INVALID_TDMR, i, 0, 0);
	if (prev && (a->base < prev->base ||
		     a->base < prev->base + prev->size))
		return fail(TDX_ST_NON_ORDERED_TDMR, i, 0, 0);
	if ((a->base | a->size) & (MODEL_1G - 1) || !a->size)
		return fail(TDX_ST_INVALID_TDMR, i, 0, 0);
	if (!model_pa_keyid0(m, a->base) ||
	    !model_pa_keyid0(m, a->base + a->size - 1))
		return fail(TDX_ST_INVALID_TDMR, i, 0, 0);
	return 0;
}

static u64 check_reserved(struct model *m, unsigned int i)
{
	const struct model_tdmr *t = &m->tdmr[i];
	u64 prev_base = 0, prev_size = 0;
	unsigned int j;

	for (j = 0; j < MODEL_MAX_RESERVED; j++) {
		const struct model_range *r = &t->rsvd[j];

		if (!r->size) {
			if (j + 1 < MODEL_MAX_RESERVED && t->rsvd[j + 1].size)
				return fail(TDX_ST_NON_ORDERED_RESERVED_IN_TDMR,
					    i, j, 0);
			continue;
		}
		if (wraps(r->base, r->size))
			return fail(TDX_ST_INVALID_RESERVED_IN_TDMR, i, j, 0);
		if (r->base < prev_base || r->base < prev_base + prev_size)
			return fail(TDX_ST_NON_ORDERED_RESERVED_IN_TDMR, i, j,
				    0);
		if ((r->base | r->size) & (MODEL_PAGE - 1))
			return fail(TDX_ST_INVALID_RESERVED_IN_TDMR, i, j, 0);
		if (wraps(t->area.base, r->base) ||
		    wraps(t->area.base + r->base, r->size))
			return fail(TDX_ST_INVALID_RESERVED_IN_TDMR, i, j, 0);
		if (r->base + r->size > t->area.size)
			return fail(TDX_ST_INVALID_RESERVED_IN_TDMR, i, j, 0);
		prev_base = r->base;
		prev_size = r->size;
	}
	return 0;
}

static u64 check_pamt(struct model *m, unsigned int i, enum model_level level)
{
	static const unsigned int page_shift[] = { 12, 21, 30 };
	const struct model_tdmr *t = &m->tdmr[i];
	const struct model_range *p = &t->pamt[level];
	u64 need = (t->area.size >> page_shift[level]) * MODEL_PAMT_ENTRY;

	if (wraps(p->base, p->size) ||
	    (p->base | p->size) & (MODEL_PAGE - 1) ||
	    !model_pa_keyid0(m, p->base) ||
	    !model_pa_keyid0(m, p->base + p->size - 1) || p->size < need)
		return fail(TDX_ST_INVALID_PAMT, i, level, 0);
	return 0;
}

static bool overlap(const struct model_range *a, const struct model_range *b)
{
	return model_ranges_overlap(a->base, a->size, b->base, b->size);
}

/* PAMTs of TDMR @i against each other and against those of earlier TDMRs. */
static u64 check_pamt_pamt(struct model *m, unsigned int i)
{
	const struct model_range *own = m->tdmr[i].pamt;
	unsigned int j, a, b;

	for (j = 0; j < i; j++)
		for (a = MODEL_4K; a < MODEL_LEVELS; a++)
			for (b = MODEL_4K; b < MODEL_LEVELS; b++)
				if (overlap(&own[a], &m->tdmr[j].pamt[b]))
					return fail(TDX_ST_PAMT_OVERLAP, i, a,
						    j);
	if (overlap(&own[MODEL_4K], &own[MODEL_2M]) ||
	    overlap(&own[MODEL_4K], &own[MODEL_1G_LEVEL]))
		return fail(TDX_ST_PAMT_OVERLAP, i, MODEL_4K, i);
	if (overlap(&own[MODEL_2M], &own[MODEL_1G_LEVEL]))
		return fail(TDX_ST_PAMT_OVERLAP, i, MODEL_2M, i);
	return 0;
}

/* First level of @owner's PAMT that lies in usable memory of @t, or none. */
static bool pamt_in_tdmr(const struct model_tdmr *owner,
			 const struct model_tdmr *t, unsigned int *level)
{
	for (*level = MODEL_4K; *level < MODEL_LEVELS; (*level)++) {
		struct model_range piece;
		unsigned int area = 0;

		while (model_next_piece(t, &area, &piece))
			if (overlap(&owner->pamt[*level], &piece))
				return true;
	}
	return false;
}

static u64 check_pamt_tdmr(struct model *m, unsigned int i)
{
	unsigned int j, level;

	for (j = 0; j <= i; j++) {
		if (pamt_in_tdmr(&m->tdmr[i], &m->tdmr[j], &level))
			return fail(TDX_ST_PAMT_OVERLAP, i, level, j);
		if (j < i && pamt_in_tdmr(&m->tdmr[j], &m->tdmr[i], &level))
			return fail(TDX_ST_PAMT_OVERLAP, j, level, i);
	}
	return 0;
}

static u64 check_cmrs(struct model *m, unsigned int i)
{
	const struct model_tdmr *t = &m->tdmr[i];
	struct model_range piece;
	unsigned int area = 0;
	int level;

	for (level = MODEL_1G_LEVEL; level >= MODEL_4K; level--)
		if (!model_inside_one_cmr(m, t->pamt[level].base,
					  t->pamt[level].size))
			return fail(TDX_ST_PAMT_OUTSIDE_CMRS, i, level, 0);
	while (model_next_piece(t, &area, &piece))
		if (!model_inside_one_cmr(m, piece.base, piece.size))
			return fail(TDX_ST_TDMR_OUTSIDE_CMRS, i, 0, 0);
	return 0;
}

static u64 check_tdmr(struct model *m, unsigned int i)
{
	u64 status = check_area(m, i);
	int level;

	if (!status)
		status = check_reserved(m, i);
	for (level = MODEL_1G_LEVEL; level >= MODEL_4K && !status; level--)
		status = check_pamt(m, i, level);
	if (!status)
		status = check_pamt_pamt(m, i);
	if (!status)
		status = check_pamt_tdmr(m, i);
	if (!status)
		status = check_cmrs(m, i);
	return status;
}

u64 model_sys_config(struct model *m, unsigned int lp,
		     const struct model_regs *in, struct model_regs *out)
{
	unsigned int i;
	u64 status, pa;

	if (model_load(&m->state) != MODEL_SYSINIT_DONE)
		return TDX_ST_SYS_CONFIG_NOT_PENDING;
	if (model_load(&m->init_lps) < m->bios_lps)
		return TDX_ST_SYS_CONFIG_NOT_PENDING;
	if (!model_shared_pa_ok(m, in->rcx, ARRAY_ALIGN))
		return OPERAND_INVALID(RCX);
	if (in->rdx > MODEL_MAX_TDMRS || !in->rdx)
		return OPERAND_INVALID(RDX);
	if (in->r8 >> 16 || !model_keyid_private(m, in->r8))
		return OPERAND_INVALID(R8);
	/* Not undone by what fails later: a retry with another KeyID leaks. */
	model_store(&m->kot[in->r8].state, MODEL_KOT_RESERVED);
	m->global_keyid = in->r8;

	for (i = 0; i < in->rdx; i++) {
		model_read(m, in->rcx + 8 * i, &pa, sizeof(pa));
		if (!model_shared_pa_ok(m, pa, TDMR_INFO_ALIGN))
			return OPERAND_INVALID(RCX);
		read_tdmr_info(m, pa, &m->tdmr[i]);
		status = check_tdmr(m, i);
		if (status)
			return status;
	}
	m->pkg_bitmap = 0;
	model_store(&m->pkgs_done, 0);
	model_store(&m->nr_tdmrs, (unsigned int)in->rdx);
	model_store(&m->state, MODEL_SYSCONFIG_DONE);
	return TDX_ST_SUCCESS;
}
