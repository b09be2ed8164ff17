/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Measurement as a TD sees it: RTMRs, and the TDREPORT that holds them.  Also
 * what tests/emul_td answers with.
 * Source: TDX Module ABI 1.5, TDG.MR.RTMR.EXTEND, TDG.MR.REPORT,
 * TDREPORT_STRUCT.
 */
#ifndef TDX_EMUL_MODEL_TDREPORT_H
#define TDX_EMUL_MODEL_TDREPORT_H

#include <linux/types.h>

#define MODEL_HASH_SIZE		48
#define MODEL_RTMRS		4
#define MODEL_REPORT_ALIGN	1024
#define MODEL_REPORT_DATA	64	/* size and alignment */

/* TDINFO_STRUCT. */
struct model_tdinfo {
	u64 attributes;
	u64 xfam;
	u8 mrtd[MODEL_HASH_SIZE];
	u8 mrconfigid[MODEL_HASH_SIZE];
	u8 mrowner[MODEL_HASH_SIZE];
	u8 mrownerconfig[MODEL_HASH_SIZE];
	u8 rtmr[MODEL_RTMRS][MODEL_HASH_SIZE];
	u8 servtd_hash[MODEL_HASH_SIZE];
	u8 reserved[64];
};

/*
 * TDREPORT_STRUCT.  What only the CPU knows (CPUSVN, the hash and description
 * of the TDX module, the MAC that only it can check) is 0.
 */
struct model_tdreport {
	u8 type, subtype, version, zero;
	u8 reserved0[12];
	u8 cpusvn[16];
	u8 tee_tcb_info_hash[MODEL_HASH_SIZE];
	u8 tee_info_hash[MODEL_HASH_SIZE];
	u8 report_data[MODEL_REPORT_DATA];
	u8 reserved1[32];
	u8 mac[32];
	u8 tee_tcb_info[239];
	u8 reserved2[17];
	struct model_tdinfo info;
};

/* @r->info and @r->report_data are there; the rest is filled in. */
void model_tdreport_finish(struct model_tdreport *r);
/* @rtmr and @data: MODEL_HASH_SIZE bytes. */
void model_rtmr_extend(void *rtmr, const void *data);

#endif /* TDX_EMUL_MODEL_TDREPORT_H */
