// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measurement: RTMRs, and the TDREPORT that holds them.
 *
 * Source: TDX Module ABI 1.5, TDG.MR.RTMR.EXTEND, TDG.MR.REPORT,
 * TDREPORT_STRUCT; hashes from FIPS 180-4.
 */
#include <linux/build_bug.h>
#include <linux/string.h>
#include <asm/byteorder.h>

#include "td.h"
#include "../emul/model/sha384.h"

/* TDINFO_STRUCT. */
struct tdinfo {
	__le64 attributes;
	__le64 xfam;
	u8 mrtd[TD_HASH_SIZE];
	u8 mrconfigid[TD_HASH_SIZE];
	u8 mrowner[TD_HASH_SIZE];
	u8 mrownerconfig[TD_HASH_SIZE];
	u8 rtmr[TD_NR_RTMRS][TD_HASH_SIZE];
	u8 servtd_hash[TD_HASH_SIZE];
	u8 reserved[64];
};
static_assert(sizeof(struct tdinfo) == 512);

/*
 * TDREPORT_STRUCT.  What only the CPU knows (CPUSVN, the hash and description
 * of the TDX module, the MAC that only it can check) is 0.
 */
struct tdreport {
	u8 type, subtype, version, zero;
	u8 reserved0[12];
	u8 cpusvn[16];
	u8 tee_tcb_info_hash[TD_HASH_SIZE];
	u8 tee_info_hash[TD_HASH_SIZE];
	u8 report_data[64];
	u8 reserved1[32];
	u8 mac[32];
	u8 tee_tcb_info[239];
	u8 reserved2[17];
	struct tdinfo info;
};
static_assert(sizeof(struct tdreport) == 1024);

#define REPORT_TYPE_TDX		0x81
#define REPORT_ALIGN		1024
#define DATA_ALIGN		64
#define DATA_SIZE		64

/* Padded as the standard says; model_sha384_block() takes whole blocks. */
static void sha384(const void *data, size_t len, u8 *digest)
{
	u8 block[MODEL_SHA384_BLOCK];
	struct model_sha384 s;
	__be64 word;
	unsigned int i;
	size_t left = len;

	model_sha384_init(&s);
	for (; left >= sizeof(block); left -= sizeof(block)) {
		model_sha384_block(&s, data);
		data += sizeof(block);
	}
	memset(block, 0, sizeof(block));
	memcpy(block, data, left);
	block[left] = 0x80;
	if (left >= sizeof(block) - 16) {
		model_sha384_block(&s, block);
		memset(block, 0, sizeof(block));
	}
	word = cpu_to_be64(len * 8);
	memcpy(block + sizeof(block) - 8, &word, 8);
	model_sha384_block(&s, block);
	for (i = 0; i < TD_HASH_SIZE / 8; i++) {
		word = cpu_to_be64(s.h[i]);
		memcpy(digest + 8 * i, &word, 8);
	}
}

u64 td_rtmr_extend(u64 gpa, u64 index)
{
	u8 both[2 * TD_HASH_SIZE];
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

	memcpy(both, td.rtmr[index], TD_HASH_SIZE);
	memcpy(both + TD_HASH_SIZE, data, TD_HASH_SIZE);
	sha384(both, sizeof(both), td.rtmr[index]);
	return TDX_ST_SUCCESS;
}

u64 td_report(u64 report_gpa, u64 data_gpa, u64 subtype)
{
	/* Under td.lock; the trap's stack is not the place for 1 KiB. */
	static struct tdreport report;
	const void *data;
	void *to;

	if (report_gpa % REPORT_ALIGN)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RCX);
	if (data_gpa % DATA_ALIGN)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RDX);
	data = td_map(data_gpa, DATA_SIZE, false);
	if (!data)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RDX);
	if (subtype)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_R8);
	if (td_busy(&td.busy_rtmr))
		return td_operand(TDX_ST_OPERAND_BUSY, TDX_OPERAND_RTMR);
	to = td_map(report_gpa, sizeof(report), false);
	if (!to)
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RCX);

	report = (struct tdreport) {
		.type = REPORT_TYPE_TDX,
		.info.attributes = cpu_to_le64(td.attributes),
		.info.xfam = cpu_to_le64(td.xfam),
	};
	memcpy(report.report_data, data, DATA_SIZE);
	memcpy(report.info.rtmr, td.rtmr, sizeof(td.rtmr));
	sha384(&report.info, sizeof(report.info), report.tee_info_hash);
	memcpy(to, &report, sizeof(report));
	return TDX_ST_SUCCESS;
}
