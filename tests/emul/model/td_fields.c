// SPDX-License-Identifier: GPL-2.0-only
/*
 * Metadata of a TD: TDH.MNG.RD and TDH.MNG.WR, TDG.VM.RD and TDG.VM.WR.
 * Source: TDX Module ABI 1.5, "TD-Scope (TDR and TDCS) Metadata"; the rows
 * below are that table, in its order, which is the order of enumeration.
 * What the model does not keep is shown as zero, and not writable.
 */
#include <linux/kernel.h>
#include <linux/stddef.h>

#include "metadata.h"
#include "tdg.h"

#define HP_LOCK_TIMEOUT_ID			0x9110000300000011ULL
#define VM_CTLS_ID			0x9110000300000012ULL
#define HP_LOCK_MIN_US			10000
#define HP_LOCK_MAX_US			100000000
#define VM_CTLS_WRITABLE		1ULL
#define NOTIFY_ENABLES_ID		0x9110000300000010ULL
#define TD_CTLS_ID			0x1110000300000017ULL

#define NONE		MD_NONE
#define R		(MD_HOST_R | MD_DEBUG_R)
#define RW		(R | MD_HOST_W | MD_DEBUG_W)
#define RG		(R | MD_GUEST_R)
#define DEBUG_R		MD_DEBUG_R
#define DEBUG_RW	(MD_DEBUG_R | MD_DEBUG_W)
#define GUEST_RW	(MD_GUEST_R | MD_GUEST_W)
#define FIELD(id, n, e, access, member) \
	{ id, n, e, access, sizeof(((struct model_td *)0)->member), \
	  offsetof(struct model_td, member) }
#define ZERO(id, n, e, access)		{ id, n, e, access, 0, 0 }
#define COMPUTED(id, n, e, access)	{ id, n, e, access, MD_COMPUTED, 0 }

static const struct model_field td_fields[] = {
	FIELD(0x8010000000000001ULL, 1, 1, R, fatal),	/* FATAL */
	FIELD(0x8010000200000002ULL, 1, 1, R, tdcx),	/* NUM_TDCX */
	FIELD(0x8010000300000004ULL, 1, 1, R, children),	/* CHLDCNT */
	/* LIFECYCLE_STATE */
	FIELD(0x8010000200000005ULL, 1, 1, R, lifecycle),
	FIELD(0x8010000300000010ULL, 9, 1, R, tdcx_pa[0]),	/* TDCX_PA */
	FIELD(0x8010000300000020ULL, 1, 4, RG, uuid[0]),	/* TD_UUID */
	FIELD(0x8110000100000001ULL, 1, 1, R, keyid),	/* HKID */
	FIELD(0x8110000300000002ULL, 1, 1, R, pkgs),	/* PKG_CONFIG_BITMAP */
	ZERO(0x8210000100000000ULL, 1, 1, R),	/* HANDOFF_VERSION */
	ZERO(0x8210000300000001ULL, 1, 1, R),	/* SEAMDB_INDEX */
	ZERO(0x8210000300000002ULL, 1, 4, NONE),	/* SEAMDB_NONCE */
	FIELD(0x9010000200000001ULL, 1, 1, RG, vcpus),	/* NUM_VCPUS */
	FIELD(0x9010000200000002ULL, 1, 1, R, assoc),	/* NUM_ASSOC_VCPUS */
	FIELD(0x9010000200000004ULL, 1, 1, R, op_state),	/* OP_STATE */
	FIELD(0x9010000100000005ULL, 1, 1, RG, l2_vms),	/* NUM_L2_VMS */
	FIELD(0x1110000300000000ULL, 1, 1, RG, attributes),	/* ATTRIBUTES */
	FIELD(0x1110000300000001ULL, 1, 1, RG, xfam),	/* XFAM */
	FIELD(0x1110000200000002ULL, 1, 1, RG, max_vcpus),	/* MAX_VCPUS */
	COMPUTED(0x1110000000000003ULL, 1, 1, RG),	/* GPAW */
	COMPUTED(0x1110000300000004ULL, 1, 1, R),	/* EPTP */
	ZERO(0x111000030000000aULL, 1, 1, R),	/* TSC_OFFSET */
	COMPUTED(0x111000030000000bULL, 1, 1, R),	/* TSC_MULTIPLIER */
	/* TSC_FREQUENCY */
	FIELD(0x111000010000000cULL, 1, 1, RG, tsc_frequency),
	ZERO(0x111000030000000dULL, 1, 1, NONE),	/* VIRTUAL_TSC */
	COMPUTED(0x911000010000000eULL, 1, 1, R),	/* NUM_CPUID_VALUES */
	ZERO(0x911000020000000fULL, 1, 1, R),	/* XBUFF_SIZE */
	/* NOTIFY_ENABLES */
	FIELD(0x9110000300000010ULL, 1, 1, DEBUG_RW | GUEST_RW,
	      notify_enables),
	/* HP_LOCK_TIMEOUT */
	FIELD(0x9110000300000011ULL, 1, 1, RW, hp_lock_timeout),
	FIELD(0x9110000300000012ULL, 4, 1, RW, vm_ctls[0]),	/* VM_CTLS */
	/* CONFIG_FLAGS */
	FIELD(0x1110000300000016ULL, 1, 1, RG, config_flags),
	/* TD_CTLS */
	FIELD(0x1110000300000017ULL, 1, 1, DEBUG_R | GUEST_RW, td_ctls),
	COMPUTED(0x9110000000000080ULL, 80, 1, DEBUG_R), /* CPUID_VALID */
	ZERO(0x9110000200000800ULL, 19, 1, R),	/* XBUFF_OFFSETS */
	FIELD(0x9210000300000000ULL, 1, 1, R, epoch),	/* TD_EPOCH */
	FIELD(0x9210000100000001ULL, 2, 1, R, inside[0]),	/* REFCOUNT */
	FIELD(0x1310000300000000ULL, 1, 6, RG, mrtd[0]),	/* MRTD */
	FIELD(0x1310000300000010ULL, 1, 6, RG, mrconfigid[0]),	/* MRCONFIGID */
	FIELD(0x1310000300000018ULL, 1, 6, RG, mrowner[0]),	/* MROWNER */
	/* MROWNERCONFIG */
	FIELD(0x1310000300000020ULL, 1, 6, RG, mrownerconfig[0]),
	/* RTMR */
	FIELD(0x1310000300000040ULL, 4, 6, DEBUG_R | MD_GUEST_R, rtmr[0][0]),
	/* CPUID_VALUES: field codes that name the leaf */
	{ 0x9410000300000000ULL, MODEL_CPUID_VALUES, 2, R, MD_CPUID, 0 },
	/* VIRTUAL_IA32_ARCH_CAPABILITIES */
	FIELD(0x961000030000010aULL, 1, 1, DEBUG_R, arch_capabilities),
	/* VIRTUAL_IA32_VMX_BASIC */
	ZERO(0x9610000300000480ULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_MISC */
	ZERO(0x9610000300000485ULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_CR0_FIXED0 */
	ZERO(0x9610000300000486ULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_CR0_FIXED1 */
	ZERO(0x9610000300000487ULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_CR4_FIXED0 */
	ZERO(0x9610000300000488ULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_CR4_FIXED1 */
	ZERO(0x9610000300000489ULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_PROCBASED_CTLS2 */
	ZERO(0x961000030000048bULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_EPT_VPID_CAP */
	ZERO(0x961000030000048cULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_TRUE_PINBASED_CTLS */
	ZERO(0x961000030000048dULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_TRUE_PROCBASED_CTLS */
	ZERO(0x961000030000048eULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_TRUE_EXIT_CTLS */
	ZERO(0x961000030000048fULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_TRUE_ENTRY_CTLS */
	ZERO(0x9610000300000490ULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_VMFUNC */
	ZERO(0x9610000300000491ULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_PROCBASED_CTLS3 */
	ZERO(0x9610000300000492ULL, 1, 1, DEBUG_R),
	/* VIRTUAL_IA32_VMX_EXIT_CTLS2 */
	ZERO(0x9610000300000493ULL, 1, 1, DEBUG_R),
	ZERO(0x9810000000000001ULL, 1, 1, R),	/* MIG_DEC_KEY_SET */
	ZERO(0x9810000200000002ULL, 1, 1, R),	/* EXPORT_COUNT */
	ZERO(0x9810000200000003ULL, 1, 1, R),	/* IMPORT_COUNT */
	ZERO(0x9810000200000004ULL, 1, 1, R),	/* MIG_EPOCH */
	ZERO(0x9810000300000005ULL, 1, 1, R),	/* BW_EPOCH */
	ZERO(0x9810000300000006ULL, 1, 1, R),	/* TOTAL_MB_COUNT */
	ZERO(0x9810000300000010ULL, 1, 4, DEBUG_R),	/* MIG_DEC_KEY */
	/* MIG_DEC_WORKING_KEY */
	ZERO(0x9810000300000014ULL, 1, 4, DEBUG_R),
	ZERO(0x9810000300000018ULL, 1, 4, DEBUG_R),	/* MIG_ENC_KEY */
	/* MIG_ENC_WORKING_KEY */
	ZERO(0x981000030000001cULL, 1, 4, DEBUG_R),
	ZERO(0x9810000100000020ULL, 1, 1, R),	/* MIG_VERSION */
	ZERO(0x9810000100000021ULL, 1, 1, R),	/* MIG_WORKING_VERSION */
	ZERO(0x9810000300000030ULL, 1, 1, R),	/* DIRTY_COUNT */
	ZERO(0x9810000300000031ULL, 1, 1, R),	/* MIG_COUNT */
	ZERO(0x9810000100000032ULL, 1, 1, R),	/* NUM_MIGS */
	ZERO(0x9810000200000034ULL, 1, 1, R),	/* NUM_MIGRATED_VCPUS */
	ZERO(0x9810000300000040ULL, 1, 4, RG),	/* PRE_IMPORT_UUID */
	ZERO(0x9910000300000000ULL, 1, 6, RG),	/* SERVTD_HASH */
	ZERO(0x9910000100000006ULL, 1, 1, RG),	/* SERVTD_NUM */
	ZERO(0x9910000300000080ULL, 1, 16, RG),	/* SERVTD_BINDINGS_TABLE */
	ZERO(0x9a10000300000000ULL, 512, 1, R),	/* MIGSC_LINKS */
	ZERO(0x2010000300000000ULL, 512, 1, DEBUG_R),	/* MSR_BITMAPS */
	COMPUTED(0x2110000300000000ULL, 512, 1, DEBUG_R),	/* SEPT_ROOT */
	ZERO(0x2510000300000000ULL, 512, 1, DEBUG_R),	/* L2_SEPT_ROOT_1 */
	ZERO(0x2910000300000000ULL, 512, 1, DEBUG_R),	/* L2_SEPT_ROOT_2 */
	ZERO(0x2d10000300000000ULL, 512, 1, DEBUG_R),	/* L2_SEPT_ROOT_3 */
};

/* EAX and EBX, then ECX and EDX. */
static u64 cpuid_value(const struct model_td *td, unsigned int element)
{
	const u32 *v = td->cpuid[element / 2] + element % 2 * 2;

	return v[0] | (u64)v[1] << 32;
}

/* The TD's frequency over the CPU's own, by CPUID 0x15, in 2^-48. */
static u64 tsc_multiplier(const struct model *m, const struct model_td *td)
{
	u64 hz = td->tsc_frequency * 25000000ULL, native, value;
	unsigned int i;
	u32 regs[4];

	model_frozen_cpuid(m, 0x15, MODEL_NO_SUBLEAF, regs);
	native = regs[0] ? (u64)regs[2] * regs[1] / regs[0] : 0;
	if (!native)
		return 0;
	value = hz / native;
	hz %= native;
	for (i = 0; i < 48; i++) {
		hz <<= 1;
		value = value << 1 | (hz >= native);
		hz %= native;
	}
	return value;
}

static u64 computed(const struct model_md *md, const struct model_field *f,
		    unsigned int element)
{
	const struct model_td *td = md->base;
	u64 root = td->tdcx_pa[MODEL_SEPT_ROOT_TDCX];

	switch (f->id) {
	case 0x1110000000000003ULL:	/* GPAW */
		return td->config_flags & CONFIG_GPAW;
	case 0x1110000300000004ULL:	/* EPTP: with the KeyID, as VMX has it */
		return root | td->eptp_controls |
		       (u64)td->keyid << (MODEL_PA_BITS - md->m->keyid_bits);
	case 0x111000030000000bULL:	/* TSC_MULTIPLIER */
		return tsc_multiplier(md->m, td);
	case 0x911000010000000eULL:	/* NUM_CPUID_VALUES */
		return MODEL_CPUID_VALUES;
	case 0x9110000000000080ULL:	/* CPUID_VALID */
		return model_td_cpuid_valid(element);
	case 0x9410000300000000ULL:	/* CPUID_VALUES */
		return cpuid_value(td, element);
	default:			/* SEPT_ROOT */
		return model_get64(md->m, td->keyid, root + 8 * element);
	}
}

static bool check(const struct model_field *f, u64 value, u64 *mask)
{
	if (f->id == HP_LOCK_TIMEOUT_ID)
		return value >= HP_LOCK_MIN_US && value <= HP_LOCK_MAX_US;
	if (f->id == NOTIFY_ENABLES_ID || f->id == TD_CTLS_ID)
		return value <= 1;
	if (f->id == VM_CTLS_ID)
		*mask = VM_CTLS_WRITABLE;
	return true;
}

static void fields_of(struct model *m, struct model_td *td,
		      struct model_md *md)
{
	*md = (struct model_md) {
		.m = m,
		.table = td_fields,
		.n = ARRAY_SIZE(td_fields),
		.base = td,
		.computed = computed,
		.check = check,
	};
	model_md_host(md, td->attributes & ATTR_DEBUG);
}

u64 model_tdg_vm_rd(struct model_guest *g, u64 *r)
{
	u64 version = r[GPR_RAX] >> 16 & 0xff;
	struct model_md md;

	if (version > 1) {
		r[GPR_RDX] = MODEL_NULL_ID;
		r[GPR_R8] = 0;
		return OPERAND_INVALID(RAX);
	}
	fields_of(g->m, g->td, &md);
	return model_md_guest_read(&md, r, version);
}

u64 model_tdg_vm_wr(struct model_guest *g, u64 *r)
{
	struct model_md md;

	fields_of(g->m, g->td, &md);
	return model_md_guest_write(&md, r);
}

u64 model_mng_rd(struct model *m, unsigned int lp,
		 const struct model_regs *in, struct model_regs *out)
{
	struct model_td_ref ref;
	struct model_md md;
	u64 status;

	if ((in->rax >> 16 & 0xff) > 1)
		return OPERAND_INVALID(RAX);
	status = model_td_get(m, in->rcx, TDX_OPERAND_RCX, false, TDH_MNG_RD,
			      &ref);
	if (status)
		return status;
	fields_of(m, ref.td, &md);
	status = model_md_read(&md, in, out);
	model_td_put(&ref);
	return status;
}

u64 model_mng_wr(struct model *m, unsigned int lp,
		 const struct model_regs *in, struct model_regs *out)
{
	struct model_td_ref ref;
	struct model_md md;
	u64 status = model_td_get(m, in->rcx, TDX_OPERAND_RCX, false,
				  TDH_MNG_WR, &ref);

	if (status)
		return status;
	fields_of(m, ref.td, &md);
	status = model_md_write(&md, in, out);
	model_td_put(&ref);
	return status;
}
