// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.SYS.INFO: the TDSYSINFO structure and the CMR table, as modules before
 * TDH.SYS.RD told them.
 * Source: TDX Module ABI 1.5, TDH.SYS.INFO, "TDSYSINFO_STRUCT", "CMR_INFO".
 */
#include "internal.h"

#define TDSYSINFO_SIZE	1024
#define CMR_TABLE_SIZE	512

static void put(const struct model *m, u64 pa, u64 value, unsigned int size)
{
	/* Little-endian, as everything that the TDX module writes. */
	model_write(m, pa, &value, size);
}

static void zero(const struct model *m, u64 pa, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size; i += 8)
		put(m, pa + i, 0, 8);
}

static void write_tdsysinfo(const struct model *m, u64 pa)
{
	bool v1_0 = m->version == MODEL_V1_0;
	unsigned int i, j;

	put(m, pa + 4, 0x8086, 4);
	put(m, pa + 8, MODEL_BUILD_DATE, 4);
	put(m, pa + 12, MODEL_BUILD_NUM, 2);
	put(m, pa + 14, m->version == MODEL_V1_5 ? 5 : 0, 2);
	put(m, pa + 16, m->version == MODEL_V2_0 ? 2 : 1, 2);
	put(m, pa + 18, !v1_0, 1);		/* TDH.SYS.RD is there */
	put(m, pa + 32, MODEL_MAX_TDMRS, 2);
	put(m, pa + 34, MODEL_MAX_RESERVED, 2);
	put(m, pa + 36, MODEL_PAMT_ENTRY, 2);
	put(m, pa + 48, MODEL_TDCS_SIZE, 2);
	put(m, pa + 52, MODEL_TDVPS_SIZE, 2);
	put(m, pa + 64, MODEL_ATTRIBUTES_FIXED0, 8);
	put(m, pa + 80, MODEL_XFAM_FIXED0, 8);
	put(m, pa + 88, MODEL_XFAM_FIXED1, 8);
	put(m, pa + 128, MODEL_CPUID_CONFIGS, 4);
	for (i = 0; i < MODEL_CPUID_CONFIGS; i++) {
		const struct model_cpuid_config *c = &model_cpuid_configs[i];
		u64 at = pa + 132 + 24 * i;

		put(m, at, c->leaf, 4);
		put(m, at + 4, c->subleaf, 4);
		for (j = 0; j < 2; j++)
			put(m, at + 8 + 8 * j,
			    model_cpuid_configurable(m, i, j), 8);
	}
}

u64 model_sys_info(struct model *m, unsigned int lp,
		   const struct model_regs *in, struct model_regs *out)
{
	unsigned int i;

	if (!model_load(&m->lp[lp].done))
		return TDX_ST_SYS_LP_INIT_NOT_DONE;
	if (!model_shared_pa_ok(m, in->rcx, TDSYSINFO_SIZE))
		return OPERAND_INVALID(RCX);
	if (in->rdx < TDSYSINFO_SIZE)
		return OPERAND_INVALID(RDX);
	zero(m, in->rcx, TDSYSINFO_SIZE);
	if (!model_shared_pa_ok(m, in->r8, CMR_TABLE_SIZE))
		return OPERAND_INVALID(R8);
	if (in->r9 < MODEL_MAX_CMRS)
		return OPERAND_INVALID(R9);

	write_tdsysinfo(m, in->rcx);
	for (i = 0; i < MODEL_MAX_CMRS; i++) {
		put(m, in->r8 + 16 * i, m->cmrs[i].base, 8);
		put(m, in->r8 + 16 * i + 8, m->cmrs[i].size, 8);
	}
	out->rdx = TDSYSINFO_SIZE;
	out->r9 = MODEL_MAX_CMRS;
	return TDX_ST_SUCCESS;
}
