// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leaves of measurement: TDG.MR.RTMR.EXTEND and TDG.MR.REPORT.
 * Source: TDX Module ABI 1.5, the leaves of these names.
 */
#include <linux/string.h>

#include "tdg.h"
#include "tdreport.h"

static bool gpa_ok(const struct model_guest *g, u64 gpa, unsigned int align)
{
	return !(gpa % align) && !(gpa >> model_gpa_bits(g->td));
}

static enum model_step place(struct model_guest *g, u64 gpa, u32 access,
			     u64 *pa)
{
	struct model_access a = { .gpa = gpa, .access = access };

	return model_guest_pa(g, &a, pa);
}

enum model_step model_tdg_rtmr_extend(struct model_guest *g, u64 *r,
				      u64 *status)
{
	u64 gpa = r[GPR_RCX], index = r[GPR_RDX], pa;
	u8 data[MODEL_HASH_SIZE];
	enum model_step step;

	*status = OPERAND_INVALID(RCX);
	if (!gpa_ok(g, gpa, 64) || !model_gpa_private(g->td, gpa))
		return MODEL_STEP_NEXT;
	step = place(g, gpa, MODEL_EQ_READ, &pa);
	if (step != MODEL_STEP_NEXT)
		return step;
	*status = OPERAND_INVALID(RDX);
	if (index >= MODEL_RTMRS)
		return MODEL_STEP_NEXT;
	*status = OPERAND_BUSY(RTMR);
	if (!model_try_exclusive(&g->td->rtmr_lock))
		return MODEL_STEP_NEXT;
	model_guest_load(g, pa, data, sizeof(data));
	model_rtmr_extend(g->td->rtmr[index], data);
	model_unlock_exclusive(&g->td->rtmr_lock);
	*status = TDX_ST_SUCCESS;
	return MODEL_STEP_NEXT;
}

static void fill(struct model_guest *g, struct model_tdreport *report)
{
	const struct model_td *td = g->td;
	struct model_tdinfo *info = &report->info;

	info->attributes = td->attributes;
	info->xfam = td->xfam;
	memcpy(info->mrtd, td->mrtd, sizeof(info->mrtd));
	memcpy(info->mrconfigid, td->mrconfigid, sizeof(info->mrconfigid));
	memcpy(info->mrowner, td->mrowner, sizeof(info->mrowner));
	memcpy(info->mrownerconfig, td->mrownerconfig,
	       sizeof(info->mrownerconfig));
	memcpy(info->rtmr, td->rtmr, sizeof(info->rtmr));
	model_tdreport_finish(report);
}

static bool store(struct model_guest *g, u64 pa,
		  const struct model_tdreport *report)
{
	unsigned int i;
	u64 word;

	if (!model_guest_own(g, pa))
		return false;
	for (i = 0; i < sizeof(*report); i += sizeof(word)) {
		memcpy(&word, (const u8 *)report + i, sizeof(word));
		model_guest_store(g, pa + i, ~0ULL, word);
	}
	return true;
}

enum model_step model_tdg_report(struct model_guest *g, u64 *r, u64 *status)
{
	u64 to = r[GPR_RCX], from = r[GPR_RDX], to_pa, from_pa;
	struct model_tdreport report;
	enum model_step step;

	*status = OPERAND_INVALID(RCX);
	if (!gpa_ok(g, to, MODEL_REPORT_ALIGN))
		return MODEL_STEP_NEXT;
	*status = OPERAND_INVALID(RDX);
	if (!gpa_ok(g, from, MODEL_REPORT_DATA))
		return MODEL_STEP_NEXT;
	step = place(g, from, MODEL_EQ_READ, &from_pa);
	if (step != MODEL_STEP_NEXT)
		return step;
	*status = OPERAND_INVALID(R8);
	if (r[GPR_R8])
		return MODEL_STEP_NEXT;
	step = place(g, to, MODEL_EQ_WRITE, &to_pa);
	if (step != MODEL_STEP_NEXT)
		return step;
	*status = OPERAND_BUSY(RTMR);
	if (!model_try_shared(&g->td->rtmr_lock))
		return MODEL_STEP_NEXT;
	memset(&report, 0, sizeof(report));
	model_guest_load(g, from_pa, report.report_data,
			 sizeof(report.report_data));
	fill(g, &report);
	model_unlock_shared(&g->td->rtmr_lock);
	*status = TDX_ST_SUCCESS;
	return store(g, to_pa, &report) ? MODEL_STEP_NEXT : MODEL_STEP_UNKNOWN;
}
