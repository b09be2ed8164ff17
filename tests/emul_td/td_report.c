// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measurement: RTMRs, and the TDREPORT that holds them.
 *
 * Source: TDX Module ABI 1.5, TDG.MR.RTMR.EXTEND, TDG.MR.REPORT.
 */
#include <linux/string.h>

#include "td.h"
#include "../emul/model/tdreport.h"

#define DATA_ALIGN		64

u64 td_rtmr_extend(u64 gpa, u64 index)
{
	const void *data;

	if (gpa % DATA_ALIGN)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RCX);
	data = td_map(gpa, TD_HASH_SIZE, true);
	if (!data)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RCX);
	if (index >= TD_NR_RTMRS)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RDX);
	if (td_busy(&td.busy_rtmr))
		return td_operand(TDX_ST_OPERAND_BUSY, TDX_OPERAND_RTMR);

	model_rtmr_extend(td.rtmr[index], data);
	return TDX_ST_SUCCESS;
}

u64 td_report(u64 report_gpa, u64 data_gpa, u64 subtype)
{
	/* Under td.lock; the trap's stack is not the place for 1 KiB. */
	static struct model_tdreport report;
	const void *data;
	void *to;

	if (report_gpa % MODEL_REPORT_ALIGN)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RCX);
	if (data_gpa % DATA_ALIGN)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RDX);
	data = td_map(data_gpa, MODEL_REPORT_DATA, false);
	if (!data)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RDX);
	if (subtype)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_R8);
	if (td_busy(&td.busy_rtmr))
		return td_operand(TDX_ST_OPERAND_BUSY, TDX_OPERAND_RTMR);
	to = td_map(report_gpa, sizeof(report), false);
	if (!to)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RCX);

	report = (struct model_tdreport) {
		.info.attributes = td.attributes,
		.info.xfam = td.xfam,
	};
	memcpy(report.report_data, data, MODEL_REPORT_DATA);
	memcpy(report.info.rtmr, td.rtmr, sizeof(td.rtmr));
	model_tdreport_finish(&report);
	memcpy(to, &report, sizeof(report));
	return TDX_ST_SUCCESS;
}
