// SPDX-License-Identifier: GPL-2.0-only
/*
 * The platform around the TDX module: MSRs, SMRRs and the CMR table, and
 * what TDH.SYS.INIT and TDH.SYS.LP.INIT make of them.
 * Source: TDX Module ABI 1.5, TDH.SYS.INIT and TDH.SYS.LP.INIT.
 *
 * Where the model is kinder than the TDX module.  An ordinary machine cannot
 * pass these checks, so they look at a Sapphire Rapids as BIOS should leave
 * it, unless a test overrides a value; nothing else is kinder:
 *
 *	what the TDX module looks at	what the model looks at
 *	------------------------------	--------------------------------------
 *	every MSR named below		msr_table[], model_override_msr()
 *	VMX capability MSRs, every bit	vmx_needs[]: the bits that TDX is
 *	  that its VMCSs use, twice	  documented to use, once
 *	CPUID				model_cpuid.c, model_override_cpuid()
 *	SEAM capabilities (SEAMOPS)	model_set_seam_capabilities()
 *	hand-off parameters of image	model_set_sigstruct_mismatch()
 *	RDRAND, RDSEED, PCONFIG		always deliver unless model_starve()
 *	CPUID bits that a TD may be	none: CPUID_CONFIG has the bits that
 *	  given where the CPU has them	  do not depend on the CPU
 *	SMRR, SEAMRR			lie outside every CMR; SMRR off when
 *					  there is no room for it below 4 GiB
 */
#include <linux/kernel.h>

#include "internal.h"

#define MSR_WBINVDP		0x98
#define MSR_MTRRCAP		0xfe
#define MSR_SMRR_BASE		0x1f2
#define MSR_SMRR_MASK		0x1f3
#define MSR_SMRR2_BASE		0x1f6
#define MSR_SMRR2_MASK		0x1f7
#define MSR_KEYID_PARTITIONING	0x87
#define MSR_TME_CAPABILITY	0x981
#define MSR_TME_ACTIVATE	0x982
#define MSR_SEAMRR_BASE		0x1400
#define MSR_SEAMRR_MASK		0x1401

#define MTRRCAP_SMRR		(1U << 11)
#define MTRRCAP_SMRR2		(1U << 13)
#define MTRRCAP_SMRR_LOCK	(1U << 14)
#define RANGE_LOCK		(1U << 10)
#define RANGE_VALID		(1U << 11)
#define SMRR_MASK		0xfffff000U
#define SEAMRR_GRANULE		(32ULL << 20)
#define SMRR_SIZE		(8ULL << 20)

/* AES-XTS without integrity, 128 and 256: what this BIOS chose. */
#define TME_ALGORITHMS		0x5ULL

static const struct {
	u32 msr;
	u8 group;
	u64 value;
} msr_table[] = {
	{ 0xcf, MODEL_MSR_EARLY, 0x20 },			/* CORE_CAPABILITIES */
	{ 0x10a, MODEL_MSR_EARLY, 0x20fd6b },		/* ARCH_CAPABILITIES */
	{ 0xbc, MODEL_MSR_EARLY, 1 },			/* MISC_PACKAGE_CTLS */
	{ 0xbd, MODEL_MSR_EARLY, 1 },			/* XAPIC_DISABLE_STATUS */
	{ 0x3b, MODEL_MSR_TSC, 0 },			/* TSC_ADJUST */
	{ MSR_MTRRCAP, MODEL_MSR_SMRR, 0xed0a },
	{ MSR_SMRR_BASE, MODEL_MSR_SMRR, 0 },		/* computed */
	{ MSR_SMRR_MASK, MODEL_MSR_SMRR, 0 },		/* computed */
	{ MSR_SMRR2_BASE, MODEL_MSR_SMRR, 0 },
	{ MSR_SMRR2_MASK, MODEL_MSR_SMRR, RANGE_LOCK },
	{ 0x480, MODEL_MSR_VMX, 0x00da040000000013ULL },	/* BASIC */
	{ 0x48d, MODEL_MSR_VMX, 0x000000ff00000016ULL },	/* TRUE_PINBASED */
	{ 0x48e, MODEL_MSR_VMX, 0xfffbfffe04006172ULL },	/* TRUE_PROCBASED */
	{ 0x48b, MODEL_MSR_VMX, 0x7fffffff00000000ULL },	/* PROCBASED2 */
	{ 0x492, MODEL_MSR_VMX, 0x00000000000000ffULL },	/* PROCBASED3 */
	{ 0x48f, MODEL_MSR_VMX, 0xffffffff00036dfbULL },	/* TRUE_EXIT */
	{ 0x490, MODEL_MSR_VMX, 0x007fffff000011fbULL },	/* TRUE_ENTRY */
	{ 0x485, MODEL_MSR_VMX, 0x00000000300481e5ULL },	/* MISC */
	{ 0x48c, MODEL_MSR_VMX, 0x00000f0106f34ff1ULL },	/* EPT_VPID_CAP */
	{ 0x486, MODEL_MSR_VMX, 0x80000021 },		/* CR0_FIXED0 */
	{ 0x487, MODEL_MSR_VMX, 0xffffffff },		/* CR0_FIXED1 */
	{ 0x488, MODEL_MSR_VMX, 0x2000 },			/* CR4_FIXED0 */
	{ 0x489, MODEL_MSR_VMX, 0x01ff3fff },		/* CR4_FIXED1 */
	{ 0x345, MODEL_MSR_PERF, 0x32c5 },		/* PERF_CAPABILITIES */
	{ MSR_TME_CAPABILITY, MODEL_MSR_KEYS, 0 },	/* computed */
	{ MSR_TME_ACTIVATE, MODEL_MSR_KEYS, 0 },		/* computed */
	{ MSR_KEYID_PARTITIONING, MODEL_MSR_KEYS, 0 },	/* computed */
	{ MSR_WBINVDP, MODEL_MSR_KEYS, 4 },		/* cache sub-blocks */
	{ 0x99, MODEL_MSR_KEYS, 4 },			/* WBNOINVDP */
	/* Read by the host alone, or by SYS.INIT alone. */
	{ 0x1a0, MODEL_MSR_NONE, 0x850089 },		/* MISC_ENABLE */
	{ 0x3a, MODEL_MSR_NONE, 0x5 },			/* FEATURE_CONTROL */
	{ 0x122, MODEL_MSR_NONE, 0 },			/* TSX_CTRL */
	{ 0x983, MODEL_MSR_NONE, 0 },			/* TME_EXCLUDE_MASK */
	{ 0x984, MODEL_MSR_NONE, 0 },			/* TME_EXCLUDE_BASE */
	{ MSR_SEAMRR_BASE, MODEL_MSR_NONE, 0 },		/* computed */
	{ MSR_SEAMRR_MASK, MODEL_MSR_NONE, 0 },		/* computed */
};

/* Bits that must be 1, by MSR, in the order of the checks. */
static const struct {
	u32 msr;
	u64 ones;
} vmx_needs[] = {
	{ 0x480, 1ULL << 55 | 1ULL << 54 | 6ULL << 50 },
	{ 0x48d, 0xe9ULL << 32 },	/* INTR, NMI, vNMI, timer, posted */
	{ 0x48e, 0xb0220488ULL << 32 },	/* 2nd and 3rd controls, MSR bitmap */
	{ 0x48b, 0x021413baULL << 32 },	/* EPT, VPID, #VE, XSAVES, TSC scale */
	{ 0x492, 0 },
	{ 0x48f, 0x003c0200ULL << 32 },	/* 64-bit host, PAT and EFER */
	{ 0x490, 0x0000c200ULL << 32 },	/* IA-32e guest, PAT and EFER */
	{ 0x485, 1ULL << 5 | 1ULL << 6 },
	{ 0x48c, 0x063340c0ULL | 1ULL << 32 },
	{ 0x486, 0x21 },
	{ 0x487, 0x80010021 },
	{ 0x488, 0x2000 },
	{ 0x489, 0x2000 },
};

static bool clear_of_cmrs(const struct model *m, u64 base, u64 size)
{
	unsigned int i;

	for (i = 0; i < MODEL_MAX_CMRS; i++)
		if (model_ranges_overlap(base, size, m->cmrs[i].base,
					 m->cmrs[i].size))
			return false;
	return true;
}

/* BIOS carves SEAMRR and SMRR out of memory that is in no CMR. */
void model_place_ranges(struct model *m)
{
	u64 top = 0;
	u64 base;
	unsigned int i;

	for (i = 0; i < MODEL_MAX_CMRS; i++)
		if (m->cmrs[i].base + m->cmrs[i].size > top)
			top = m->cmrs[i].base + m->cmrs[i].size;
	m->seamrr.size = SEAMRR_GRANULE;
	m->seamrr.base = 0xfa000000;
	if (!clear_of_cmrs(m, m->seamrr.base, m->seamrr.size))
		m->seamrr.base = (top + SEAMRR_GRANULE - 1) &
				 ~(SEAMRR_GRANULE - 1);

	for (base = 0xfc000000; base >= 0x40000000; base -= 0x4000000)
		if (clear_of_cmrs(m, base, SMRR_SIZE)) {
			m->smrr.base = base;
			m->smrr.size = SMRR_SIZE;
			break;
		}
}

static unsigned int log2_of(u64 v)
{
	unsigned int n = 0;

	while (v >>= 1)
		n++;
	return n;
}

static u64 computed_msr(const struct model *m, unsigned int lp, u32 msr,
			u64 value)
{
	u64 bits = m->keyid_bits;
	u64 tdx_bits = bits - log2_of(m->mktme_keyids + 1ULL);

	switch (msr) {
	case MSR_SMRR_BASE:
		return m->smrr.base | 6;	/* write-back */
	case MSR_SMRR_MASK:
		return m->smrr.size ? ((-m->smrr.size) & SMRR_MASK) |
				      RANGE_VALID | RANGE_LOCK : RANGE_LOCK;
	case MSR_KEYID_PARTITIONING:
		return m->mktme_keyids | (u64)m->tdx_keyids << 32;
	case MSR_TME_CAPABILITY:
		return TME_ALGORITHMS | 1ULL << 31 | bits << 32 |
		       ((1ULL << bits) - 1) << 36;
	case MSR_TME_ACTIVATE:
		return 0x3 | bits << 32 | tdx_bits << 36 |
		       TME_ALGORITHMS << 48;
	case MSR_SEAMRR_BASE:
		return m->seamrr.base | 1U << 3;
	case MSR_SEAMRR_MASK:
		if (lp >= m->lps || model_load(&m->lp[lp].seam) == MODEL_SEAM_OFF)
			return 0;
		return ((1ULL << MODEL_PA_BITS) - m->seamrr.size) |
		       RANGE_VALID | RANGE_LOCK;
	default:
		return value;
	}
}

bool model_read_msr(struct model *m, unsigned int lp, u32 msr, u64 *value)
{
	unsigned int i, n = model_load(&m->nr_msr_ov);

	for (i = n; i-- > 0;)
		if (m->msr_ov[i].lp == lp && m->msr_ov[i].msr == msr) {
			*value = model_load(&m->msr_ov[i].value);
			return true;
		}
	for (i = 0; i < ARRAY_SIZE(msr_table); i++)
		if (msr_table[i].msr == msr) {
			*value = computed_msr(m, lp, msr, msr_table[i].value);
			return true;
		}
	return false;
}

int model_override_msr(struct model *m, unsigned int lp, u32 msr, u64 value)
{
	unsigned int i, n = m->nr_msr_ov;
	u64 unused;

	if (lp >= MODEL_MAX_LPS || !model_read_msr(m, lp, msr, &unused))
		return -EINVAL;
	for (i = 0; i < n; i++)
		if (m->msr_ov[i].lp == lp && m->msr_ov[i].msr == msr) {
			model_store(&m->msr_ov[i].value, value);
			return 0;
		}
	if (n == MODEL_MSR_OVERRIDES)
		return -ENOSPC;
	m->msr_ov[n].lp = lp;
	m->msr_ov[n].msr = msr;
	m->msr_ov[n].value = value;
	model_store(&m->nr_msr_ov, n + 1);
	return 0;
}

u64 model_msr(const struct model *m, unsigned int lp, u32 msr)
{
	u64 value = 0;

	model_read_msr((struct model *)m, lp, msr, &value);
	return value;
}

static u64 incorrect(u32 msr)
{
	return (u64)TDX_ST_INCORRECT_MSR_VALUE | msr;
}

/* TDH.SYS.INIT, from IA32_ARCH_CAPABILITIES to IA32_MISC_ENABLE. */
u64 model_check_init_msrs(struct model *m, unsigned int lp)
{
	const u64 ones = 0x20fd6b, zeroes = 1U << 2;
	u64 arch = model_msr(m, lp, 0x10a);

	if ((arch & ones) != ones || (arch & zeroes))
		return incorrect(0x10a);
	if (model_msr(m, lp, 0xbd) != 1)
		return incorrect(0xbd);
	if (!(model_msr(m, lp, 0xbc) & 1))
		return incorrect(0xbc);
	if (!(model_msr(m, lp, 0x345) & 1U << 13))
		return incorrect(0x345);
	if (model_msr(m, lp, 0x1a0) & 1U << 22)
		return TDX_ST_LIMIT_CPUID_MAXVAL_SET;
	return 0;
}

/* TDH.SYS.INIT, VMX capabilities, then memory encryption and KeyIDs. */
u64 model_check_vmx_msrs(struct model *m, unsigned int lp)
{
	u64 cap, act, part;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vmx_needs); i++)
		if (~model_msr(m, lp, vmx_needs[i].msr) & vmx_needs[i].ones)
			return incorrect(vmx_needs[i].msr);
	act = model_msr(m, lp, MSR_TME_ACTIVATE);
	if (!(act & 1))
		return incorrect(MSR_TME_ACTIVATE);
	cap = model_msr(m, lp, MSR_TME_CAPABILITY) & TME_ALGORITHMS;
	if (!cap)
		return incorrect(MSR_TME_CAPABILITY);
	if (!(act >> 48 & cap))
		return incorrect(MSR_TME_ACTIVATE);
	part = model_msr(m, lp, MSR_KEYID_PARTITIONING);
	if ((part & 0xffffffff) + (part >> 32) >= MODEL_MAX_KEYIDS)
		return (u64)TDX_ST_NUM_ACTIVATED_HKIDS_NOT_SUPPORTED |
		       MODEL_MAX_KEYIDS;
	if (model_msr(m, lp, 0x99) != model_msr(m, lp, MSR_WBINVDP))
		return incorrect(0x99);
	return 0;
}

static u64 check_cmrs(const struct model *m)
{
	u64 last_end = 0;
	unsigned int i;

	for (i = 0; i < MODEL_MAX_CMRS; i++) {
		const struct model_cmr *c = &m->cmrs[i];
		u64 end = c->base + c->size;

		if (!c->size)
			continue;
		if (end < c->base || end > 1ULL << MODEL_PA_BITS)
			return TDX_ST_CMR_LIST_INVALID;
		if ((c->base | (end - 1)) & model_keyid_mask(m))
			return TDX_ST_CMR_LIST_INVALID;
		if ((c->base | c->size) & (MODEL_PAGE - 1))
			return TDX_ST_CMR_LIST_INVALID;
		if (c->base < last_end)
			return TDX_ST_CMR_LIST_INVALID;
		last_end = end;
	}
	return 0;
}

/* An SMRR as its MSRs say it.  False: not valid, nothing to check. */
static bool get_smrr(struct model *m, unsigned int lp, unsigned int index,
		     u32 *base, u32 *mask)
{
	u64 bits = model_msr(m, lp, index ? MSR_SMRR2_MASK : MSR_SMRR_MASK);

	*base = model_msr(m, lp, index ? MSR_SMRR2_BASE : MSR_SMRR_BASE) &
		SMRR_MASK;
	*mask = bits & SMRR_MASK;
	return bits & RANGE_VALID;
}

static u64 check_smrr_form(struct model *m, unsigned int lp,
			   unsigned int index)
{
	u32 base, mask, low;

	if (!get_smrr(m, lp, index, &base, &mask))
		return 0;
	/* Contiguous up to bit 31: adding the lowest bit carries out. */
	low = mask & -mask;
	if (!mask || (u32)(mask + low) || (base & (low - 1)))
		return (u64)TDX_ST_INVALID_SMRR_CONFIGURATION | index;
	return 0;
}

static u64 check_smrr_cmrs(struct model *m, unsigned int lp,
			   unsigned int index)
{
	u32 base, mask;
	unsigned int i;

	if (!get_smrr(m, lp, index, &base, &mask))
		return 0;
	for (i = 0; i < MODEL_MAX_CMRS; i++)
		if (model_ranges_overlap(base, mask & -mask, m->cmrs[i].base,
					 m->cmrs[i].size))
			return (u64)TDX_ST_SMRR_OVERLAPS_CMR | index | i << 8;
	return 0;
}

/* TDH.SYS.INIT, the CMR table and the SMRRs. */
u64 model_check_memory(struct model *m, unsigned int lp)
{
	u64 cap = model_msr(m, lp, MSR_MTRRCAP);
	unsigned int i, smrrs = cap & MTRRCAP_SMRR2 ? 2 : 1;
	u64 status = check_cmrs(m);

	if (status)
		return status;
	if (!(cap & MTRRCAP_SMRR))
		return TDX_ST_SMRR_NOT_SUPPORTED;
	if (!(cap & MTRRCAP_SMRR_LOCK))
		return TDX_ST_SMRR_LOCK_NOT_SUPPORTED;
	for (i = 0; i < smrrs; i++)
		if (!(model_msr(m, lp, i ? MSR_SMRR2_MASK : MSR_SMRR_MASK) &
		      RANGE_LOCK))
			return (u64)TDX_ST_SMRR_NOT_LOCKED | i;
	for (i = 0; i < smrrs && !status; i++)
		status = check_smrr_form(m, lp, i);
	for (i = 0; i < smrrs && !status; i++)
		status = check_smrr_cmrs(m, lp, i);
	return status;
}

void model_freeze_msrs(struct model *m, unsigned int lp)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(msr_table); i++)
		m->init_msr[i] = model_msr(m, lp, msr_table[i].msr);
}

/* TDH.SYS.LP.INIT: the MSRs of one group equal those of SYS.INIT's LP. */
u64 model_compare_msrs(struct model *m, unsigned int lp,
		       enum model_msr_group group)
{
	bool smrr2 = model_msr(m, lp, MSR_MTRRCAP) & MTRRCAP_SMRR2;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(msr_table); i++) {
		u32 msr = msr_table[i].msr;

		if (msr_table[i].group != group)
			continue;
		if ((msr == MSR_SMRR2_BASE || msr == MSR_SMRR2_MASK) && !smrr2)
			continue;
		if (model_msr(m, lp, msr) != m->init_msr[i])
			return (u64)TDX_ST_INCONSISTENT_MSR | msr;
	}
	return 0;
}
