// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.MNG.INIT: TD_PARAMS, checked field by field.
 * Source: TDX Module ABI 1.5, TDH.MNG.INIT and "TD_PARAMS".
 */
#include <linux/string.h>

#include "td.h"

#define TD_PARAMS_SIZE	1024

/* Byte offsets in TD_PARAMS. */
enum {
	P_ATTRIBUTES = 0,
	P_XFAM = 8,
	P_MAX_VCPUS = 16,
	P_L2_VMS = 18,
	P_MSR_CTLS = 19,
	P_RESERVED_20 = 20,
	P_EPTP = 24,
	P_FLAGS = 32,
	P_TSC = 40,
	P_RESERVED_42 = 42,
	P_MRCONFIGID = 80,
	P_MROWNER = 128,
	P_MROWNERCONFIG = 176,
	P_ARCH_CAPS = 224,
	P_RESERVED_232 = 232,
	P_CPUID = 256,
	P_RESERVED_448 = P_CPUID + 16 * MODEL_CPUID_CONFIGS,
};

#define MSR_CTLS_ARCH_CAPS	1
#define ARCH_CAPS_CONFIGURABLE	0x1180010ULL
#define MSR_ARCH_CAPABILITIES	0x10a
#define CONFIG_FLAGS_FIXED0	7ULL
#define MAX_L2_VMS		3
#define EPTP_WB			6
#define MIN_TSC			4	/* 25 MHz units */
#define MAX_TSC			400
#define HP_LOCK_TIMEOUT_US	1000000

/* XFAM: features that come together or not at all. */
#define XFAM_AVX		(1ULL << 2)
#define XFAM_AVX512		(7ULL << 5)
#define XFAM_CET		(3ULL << 11)
#define XFAM_AMX		(3ULL << 17)

struct params {
	const u8 *bytes;
	struct model_td *td;
};

static u64 number(const struct params *p, unsigned int at, unsigned int size)
{
	u64 v = 0;

	memcpy(&v, p->bytes + at, size);
	return v;
}

static bool zero(const struct params *p, unsigned int from, unsigned int to)
{
	for (; from < to; from++)
		if (p->bytes[from])
			return false;
	return true;
}

static bool together(u64 value, u64 bits)
{
	return !(value & bits) || (value & bits) == bits;
}

static bool xfam_ok(u64 xfam)
{
	if (xfam & ~MODEL_XFAM_FIXED0 || ~xfam & MODEL_XFAM_FIXED1)
		return false;
	if (xfam & XFAM_AVX512 && !(xfam & XFAM_AVX))
		return false;
	return together(xfam, XFAM_AVX512) && together(xfam, XFAM_CET) &&
	       together(xfam, XFAM_AMX);
}

static u64 check_features(const struct model *m, const struct params *p)
{
	struct model_td *td = p->td;

	td->attributes = number(p, P_ATTRIBUTES, 8);
	if (td->attributes & ~MODEL_ATTRIBUTES_FIXED0 ||
	    (td->attributes & ATTR_MIGRATABLE &&
	     td->attributes & (ATTR_DEBUG | ATTR_PERFMON)))
		return OPERAND_INVALID(ATTRIBUTES);
	td->xfam = number(p, P_XFAM, 8);
	if (!xfam_ok(td->xfam))
		return OPERAND_INVALID(XFAM);
	td->max_vcpus = number(p, P_MAX_VCPUS, 2);
	if (!td->max_vcpus ||
	    (m->version >= MODEL_V2_0 &&
	     td->max_vcpus > MODEL_VCPUS_PER_TD))
		return OPERAND_INVALID(MAX_VCPUS);
	td->l2_vms = number(p, P_L2_VMS, 1);
	if (td->l2_vms > MAX_L2_VMS)
		return OPERAND_INVALID(NUM_L2_VMS);
	if (td->tdcx < MODEL_MIN_TDCX + (u32)td->l2_vms)
		return TDX_ST_TDCS_NOT_ALLOCATED;
	return 0;
}

/* 3 or 4: the level of the root; GPAs of 52 bits need five levels. */
static u64 check_paging(const struct params *p)
{
	struct model_td *td = p->td;

	if (!zero(p, P_RESERVED_20, P_EPTP))
		return OPERAND_INVALID(RDX);
	td->config_flags = number(p, P_FLAGS, 8);
	if (td->config_flags & ~CONFIG_FLAGS_FIXED0)
		return OPERAND_INVALID(CONFIG_FLAGS);
	td->eptp_controls = number(p, P_EPTP, 8);
	td->top = td->eptp_controls >> 3 & 7;
	if ((td->eptp_controls & 7) != EPTP_WB || td->eptp_controls >> 6 ||
	    td->top < 3 || td->top > 4 ||
	    (td->config_flags & CONFIG_GPAW && td->top != 4))
		return OPERAND_INVALID(EPTP_CONTROLS);
	return 0;
}

static u64 check_clock(struct model *m, unsigned int lp,
		       const struct params *p)
{
	u64 status;

	p->td->tsc_frequency = number(p, P_TSC, 2);
	if (p->td->tsc_frequency < MIN_TSC || p->td->tsc_frequency > MAX_TSC)
		return OPERAND_INVALID(TSC_FREQUENCY);
	status = model_compare_msrs(m, lp, MODEL_MSR_TSC);
	if (status)
		return status;
	if (!zero(p, P_RESERVED_42, P_MRCONFIGID) ||
	    number(p, P_MSR_CTLS, 1) & ~(u64)MSR_CTLS_ARCH_CAPS ||
	    !zero(p, P_RESERVED_232, P_CPUID))
		return OPERAND_INVALID(RDX);
	return 0;
}

static u64 check_cpuid(struct model *m, unsigned int lp,
		       const struct params *p, struct model_regs *out)
{
	u32 config[MODEL_CPUID_CONFIGS][4];

	memcpy(config, p->bytes + P_CPUID, sizeof(config));
	return model_td_set_cpuid(m, lp, p->td, config, &out->rcx);
}

/* What the CPU has, but for the bits that the host chooses if it wants to. */
static u64 check_arch_capabilities(struct model *m, unsigned int lp,
				   const struct params *p)
{
	u64 have = model_msr(m, lp, MSR_ARCH_CAPABILITIES);
	u64 want = number(p, P_ARCH_CAPS, 8);

	if (number(p, P_MSR_CTLS, 1) & MSR_CTLS_ARCH_CAPS) {
		if (want & ~ARCH_CAPS_CONFIGURABLE)
			return OPERAND_INVALID(IA32_ARCH_CAPABILITIES_CONFIG);
		have = (have & ~ARCH_CAPS_CONFIGURABLE) | want;
	}
	p->td->arch_capabilities = have;
	return 0;
}

static u64 check_rest(struct model *m, unsigned int lp, const struct params *p)
{
	u64 status;

	if (!zero(p, P_RESERVED_448, TD_PARAMS_SIZE))
		return OPERAND_INVALID(RDX);
	status = check_arch_capabilities(m, lp, p);
	if (status)
		return status;
	if (p->td->attributes & ATTR_MIGRATABLE && p->td->l2_vms)
		return OPERAND_INVALID(RDX);
	return 0;
}

static u64 check_params(struct model *m, unsigned int lp,
			const struct params *p, struct model_regs *out)
{
	u64 status = check_features(m, p);

	if (!status)
		status = check_paging(p);
	if (!status)
		status = check_clock(m, lp, p);
	if (!status)
		status = check_cpuid(m, lp, p, out);
	if (!status)
		status = check_rest(m, lp, p);
	return status;
}

/*
 * Nothing of what a call that fails leaves in the TD can be seen: before
 * success its OP_STATE lets nobody read it.
 */
static u64 init_td(struct model *m, unsigned int lp, struct model_td *td,
		   u64 pa, struct model_regs *out)
{
	u8 bytes[TD_PARAMS_SIZE];
	struct params p = { bytes, td };
	u64 status;

	if (!model_shared_pa_ok(m, pa, TD_PARAMS_SIZE))
		return OPERAND_INVALID(RDX);
	model_read(m, pa, bytes, sizeof(bytes));
	status = check_params(m, lp, &p, out);
	if (status)
		return status;
	memcpy(td->mrconfigid, bytes + P_MRCONFIGID, 48);
	memcpy(td->mrowner, bytes + P_MROWNER, 48);
	memcpy(td->mrownerconfig, bytes + P_MROWNERCONFIG, 48);
	memset(td->mrtd, 0, sizeof(td->mrtd));
	memset(td->rtmr, 0, sizeof(td->rtmr));
	model_sha384_init(&td->mr);
	td->epoch = 1;
	td->hp_lock_timeout = HP_LOCK_TIMEOUT_US;
	td->op_state = MODEL_OP_INITIALIZED;
	return TDX_ST_SUCCESS;
}

u64 model_mng_init(struct model *m, unsigned int lp,
		   const struct model_regs *in, struct model_regs *out)
{
	struct model_td_ref ref;
	u64 status;

	if (model_msr(m, lp, 0x1a0) & 1U << 22)
		return TDX_ST_LIMIT_CPUID_MAXVAL_SET;
	status = model_td_get(m, in->rcx, TDX_OPERAND_RCX, true, TDH_MNG_INIT,
			      &ref);
	if (status)
		return status;
	status = init_td(m, lp, ref.td, in->rdx, out);
	model_td_put(&ref);
	return status;
}
