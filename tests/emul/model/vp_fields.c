// SPDX-License-Identifier: GPL-2.0-only
/*
 * Metadata of a VCPU: TDH.VP.RD and TDH.VP.WR, TDG.VP.RD and TDG.VP.WR.
 * Source: TDX Module ABI 1.5, "VCPU-Scope (TDVPS) Metadata"; the rows below
 * are that table, in its order, which is the order of enumeration.  What the
 * model does not keep is shown as zero, and not writable.
 *
 * Of the VMCS (class 0, the code is the VMCS encoding) these are there: what
 * the host of any TD may write, and the guest's RIP.
 */
#include <linux/kernel.h>
#include <linux/stddef.h>

#include "metadata.h"
#include "tdg.h"

#define NONE		MD_NONE
#define R		(MD_HOST_R | MD_DEBUG_R)
#define RW		(R | MD_HOST_W | MD_DEBUG_W)
#define DEBUG_R		MD_DEBUG_R
#define DEBUG_RW	(MD_DEBUG_R | MD_DEBUG_W)
#define GUEST_RW	(MD_GUEST_R | MD_GUEST_W)
#define FIELD(id, n, e, access, member) \
	{ id, n, e, access, sizeof(((struct model_vcpu *)0)->member), \
	  offsetof(struct model_vcpu, member) }
#define ZERO(id, n, e, access)		{ id, n, e, access, 0, 0 }
#define COMPUTED(id, n, e, access)	{ id, n, e, access, MD_COMPUTED, 0 }

/* VMCS fields that the host of a production TD may write, and which bits. */
#define VMCS_POSTED_VECTOR	0x0024000100000002ULL
#define VMCS_POSTED_PA		0x0024000300002016ULL
#define VMCS_SHARED_EPTP	0x002400030000203cULL
#define VMCS_PIN_CONTROLS	0x0024000200004000ULL
#define VMCS_CONTROLS_2		0x002400020000401eULL
#define VMCS_TIMEOUT		0x0024000200004024ULL
#define VMCS_GUEST_RIP		0x002400030000681eULL
#define ID_SUPERVISOR_VE	0xa020000000000007ULL
#define ID_USER_VE		0xa020000000000008ULL
#define ID_PEND_NMI		0x202000000000000bULL
#define ID_ASSOC_LPID		0xa020000200000004ULL
#define ID_XFAM			0x202000030000000cULL
#define ID_STATE_DETAILS	0x9120000300000100ULL

static const struct model_field vp_fields[] = {
	FIELD(VMCS_POSTED_VECTOR, 1, 1, RW, posted_vector),
	FIELD(VMCS_POSTED_PA, 1, 1, RW, posted_pa),
	FIELD(VMCS_SHARED_EPTP, 1, 1, RW, shared_eptp),
	FIELD(VMCS_PIN_CONTROLS, 1, 1, RW, pin_controls),
	FIELD(VMCS_CONTROLS_2, 1, 1, RW, controls_2),
	FIELD(VMCS_TIMEOUT, 1, 1, RW, timeout),
	FIELD(VMCS_GUEST_RIP, 1, 1, DEBUG_RW, cpu.rip),
	ZERO(0x0120000300000000ULL, 128, 1, DEBUG_R),	/* VAPIC */
	/* EXIT_REASON */
	FIELD(0x0220000200000000ULL, 1, 1, DEBUG_R, ve[0]),
	COMPUTED(0x0220000200000001ULL, 1, 1, DEBUG_R),	/* VALID */
	/* EXIT_QUALIFICATION */
	FIELD(0x0220000300000002ULL, 1, 1, DEBUG_R, ve[1]),
	FIELD(0x0220000300000003ULL, 1, 1, DEBUG_R, ve[2]),	/* GLA */
	FIELD(0x0220000300000004ULL, 1, 1, DEBUG_R, ve[3]),	/* GPA */
	ZERO(0x0220000100000005ULL, 1, 1, DEBUG_R),	/* EPTP_INDEX */
	/* INSTRUCTION_LENGTH */
	FIELD(0x8220000200000010ULL, 1, 1, DEBUG_R, ve[4]),
	/* INSTRUCTION_INFORMATION */
	ZERO(0x8220000200000011ULL, 1, 1, DEBUG_R),
	/* RAX */
	FIELD(0x1020000300000000ULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_RAX]),
	/* RCX */
	FIELD(0x1020000300000001ULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_RCX]),
	/* RDX */
	FIELD(0x1020000300000002ULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_RDX]),
	/* RBX */
	FIELD(0x1020000300000003ULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_RBX]),
	ZERO(0x1020000300000004ULL, 1, 1, NONE),	/* RSP_PLACEHOLDER */
	/* RBP */
	FIELD(0x1020000300000005ULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_RBP]),
	/* RSI */
	FIELD(0x1020000300000006ULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_RSI]),
	/* RDI */
	FIELD(0x1020000300000007ULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_RDI]),
	FIELD(0x1020000300000008ULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_R8]),	/* R8 */
	FIELD(0x1020000300000009ULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_R9]),	/* R9 */
	/* R10 */
	FIELD(0x102000030000000aULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_R10]),
	/* R11 */
	FIELD(0x102000030000000bULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_R11]),
	/* R12 */
	FIELD(0x102000030000000cULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_R12]),
	/* R13 */
	FIELD(0x102000030000000dULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_R13]),
	/* R14 */
	FIELD(0x102000030000000eULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_R14]),
	/* R15 */
	FIELD(0x102000030000000fULL, 1, 1, DEBUG_RW, cpu.gpr[GPR_R15]),
	ZERO(0x1120000300000000ULL, 1, 1, DEBUG_R),	/* DR0 */
	ZERO(0x1120000300000001ULL, 1, 1, DEBUG_R),	/* DR1 */
	ZERO(0x1120000300000002ULL, 1, 1, DEBUG_R),	/* DR2 */
	ZERO(0x1120000300000003ULL, 1, 1, DEBUG_R),	/* DR3 */
	ZERO(0x1120000300000006ULL, 1, 1, DEBUG_R),	/* DR6 */
	ZERO(0x1120000300000020ULL, 1, 1, DEBUG_R),	/* XCR0 */
	ZERO(0x1120000300000028ULL, 1, 1, DEBUG_R),	/* CR2 */
	COMPUTED(ID_STATE_DETAILS, 1, 1, R),	/* VCPU_STATE_DETAILS */
	ZERO(0x1220000300000000ULL, 1536, 1, DEBUG_R),	/* XBUFF */
	ZERO(0x1320000300000048ULL, 1, 1, DEBUG_R),	/* IA32_SPEC_CTRL */
	/* IA32_UMWAIT_CONTROL */
	ZERO(0x13200003000000e1ULL, 1, 1, DEBUG_R),
	ZERO(0x1320000300000122ULL, 1, 1, DEBUG_R),	/* IA32_TSX_CTRL */
	ZERO(0x1320000300000186ULL, 8, 1, DEBUG_R),	/* IA32_PERFEVTSELx */
	ZERO(0x13200003000001a6ULL, 2, 1, DEBUG_R),	/* MSR_OFFCORE_RSPx */
	ZERO(0x13200003000001c4ULL, 1, 1, DEBUG_R),	/* IA32_XFD */
	ZERO(0x13200003000001c5ULL, 1, 1, DEBUG_R),	/* IA32_XFD_ERR */
	ZERO(0x1320000300000309ULL, 7, 1, DEBUG_R),	/* IA32_FIXED_CTRx */
	ZERO(0x1320000300000329ULL, 1, 1, DEBUG_R),	/* IA32_PERF_METRICS */
	/* IA32_FIXED_CTR_CTRL */
	ZERO(0x132000030000038dULL, 1, 1, DEBUG_R),
	/* IA32_PERF_GLOBAL_STATUS */
	ZERO(0x132000030000038eULL, 1, 1, DEBUG_R),
	ZERO(0x13200003000003f1ULL, 1, 1, DEBUG_R),	/* IA32_PEBS_ENABLE */
	ZERO(0x13200003000003f2ULL, 1, 1, DEBUG_R),	/* MSR_PEBS_DATA_CFG */
	ZERO(0x13200003000003f6ULL, 1, 1, DEBUG_R),	/* MSR_PEBS_LD_LAT */
	ZERO(0x13200003000003f7ULL, 1, 1, DEBUG_R),	/* MSR_PEBS_FRONTEND */
	ZERO(0x13200003000004c1ULL, 8, 1, DEBUG_R),	/* IA32_A_PMCx */
	ZERO(0x1320000300000600ULL, 1, 1, DEBUG_R),	/* IA32_DS_AREA */
	ZERO(0x1320000300000da0ULL, 1, 1, DEBUG_R),	/* IA32_XSS */
	ZERO(0x13200003000014cfULL, 1, 1, DEBUG_R),	/* IA32_LBR_DEPTH */
	/* IA32_UARCH_MISC_CTL */
	ZERO(0x1320000300001b01ULL, 1, 1, DEBUG_R),
	ZERO(0x1320000300002081ULL, 1, 1, DEBUG_R),	/* IA32_STAR */
	ZERO(0x1320000300002082ULL, 1, 1, DEBUG_R),	/* IA32_LSTAR */
	ZERO(0x1320000300002084ULL, 1, 1, DEBUG_R),	/* IA32_FMASK */
	/* IA32_KERNEL_GS_BASE */
	ZERO(0x1320000300002102ULL, 1, 1, DEBUG_R),
	ZERO(0x1320000300002103ULL, 1, 1, DEBUG_R),	/* IA32_TSC_AUX */
	FIELD(0xa020000000000000ULL, 1, 1, DEBUG_R, state),	/* VCPU_STATE */
	/* VCPU_INDEX */
	FIELD(0xa020000200000002ULL, 1, 1, R | MD_GUEST_R, index),
	FIELD(0xa020000000000003ULL, 1, 1, R, pages),	/* NUM_TDVPS_PAGES */
	COMPUTED(0xa020000200000004ULL, 1, 1, R),	/* ASSOC_LPID */
	FIELD(0xa020000300000006ULL, 1, 1, R, epoch),	/* VCPU_EPOCH */
	/* CPUID_SUPERVISOR_VE */
	FIELD(ID_SUPERVISOR_VE, 1, 1, R | GUEST_RW, cpuid_ve[0]),
	/* CPUID_USER_VE */
	FIELD(ID_USER_VE, 1, 1, R | GUEST_RW, cpuid_ve[1]),
	/* LAST_EXIT_TSC */
	FIELD(0xa02000030000000aULL, 1, 1, DEBUG_R, tsc),
	FIELD(0x202000000000000bULL, 1, 1, RW, pend_nmi),	/* PEND_NMI */
	COMPUTED(0x202000030000000cULL, 1, 1, R),	/* XFAM */
	/* LAST_EPF_GPA_LIST_IDX */
	ZERO(0xa02000000000000dULL, 1, 1, DEBUG_R),
	/* POSSIBLY_EPF_STEPPING */
	ZERO(0xa02000000000000eULL, 1, 1, DEBUG_R),
	ZERO(0xa02000000000000fULL, 1, 1, DEBUG_R),	/* LAST_TD_EXIT */
	/* TDVPS_PAGE_PA */
	FIELD(0xa020000300000010ULL, 15, 1, R, page_pa[0]),
	ZERO(0xa020000300000030ULL, 1, 1, DEBUG_R),	/* HP_LOCK_BUSY_START */
	ZERO(0xa020000000000031ULL, 1, 1, DEBUG_R),	/* HP_LOCK_BUSY */
	ZERO(0xa020000300000032ULL, 1, 1, DEBUG_R),	/* LAST_SEAMDB_INDEX */
	/* NMI_UNBLOCKING_DUE_TO_IRET */
	ZERO(0xa020000000000040ULL, 1, 1, DEBUG_R),
	ZERO(0xa020000100000041ULL, 1, 1, DEBUG_R),	/* CURR_VM */
	/* L2_EXIT_HOST_ROUTING */
	ZERO(0xa020000000000042ULL, 1, 1, DEBUG_R),
	ZERO(0xa020000000000044ULL, 4, 1, DEBUG_R),	/* VM_LAUNCHED */
	/* LP_DEPENDENT_HPA_UPDATED */
	ZERO(0xa020000000000048ULL, 4, 1, DEBUG_R),
	/* MODULE_DEPENDENT_FIELDS_UPDATED */
	ZERO(0xa02000000000004cULL, 4, 1, DEBUG_R),
	ZERO(0xa020000300000050ULL, 4, 1, DEBUG_R),	/* L2_CTLS */
	ZERO(0xa020000300000054ULL, 4, 1, DEBUG_R),	/* L2_DEBUG_CTLS */
	ZERO(0xa020000300000058ULL, 4, 1, DEBUG_R),	/* TSC_DEADLINE */
	/* SHADOW_TSC_DEADLINE */
	ZERO(0xa02000030000005cULL, 4, 1, DEBUG_R),
	/* BASE_L2_CR0_GUEST_HOST_MASK */
	ZERO(0xa020000300000080ULL, 1, 1, DEBUG_R),
	/* BASE_L2_CR0_READ_SHADOW */
	ZERO(0xa020000300000081ULL, 1, 1, DEBUG_R),
	/* BASE_L2_CR4_GUEST_HOST_MASK */
	ZERO(0xa020000300000082ULL, 1, 1, DEBUG_R),
	/* BASE_L2_CR4_READ_SHADOW */
	ZERO(0xa020000300000083ULL, 1, 1, DEBUG_R),
	/* SHADOW_CR0_GUEST_HOST_MASK */
	ZERO(0xa020000300000084ULL, 4, 1, DEBUG_R),
	/* SHADOW_CR0_READ_SHADOW */
	ZERO(0xa020000300000088ULL, 4, 1, DEBUG_R),
	/* SHADOW_CR4_GUEST_HOST_MASK */
	ZERO(0xa02000030000008cULL, 4, 1, DEBUG_R),
	/* SHADOW_CR4_READ_SHADOW */
	ZERO(0xa020000300000090ULL, 4, 1, DEBUG_R),
	/* SHADOW_INSTRUCTION_TIMEOUT_CONTROL */
	ZERO(0xa020000200000094ULL, 4, 1, DEBUG_R),
	ZERO(0xa020000300000098ULL, 4, 1, DEBUG_R),	/* SHADOW_PID_HPA */
	/* SHADOW_PINBASED_EXEC_CTLS */
	ZERO(0xa02000020000009cULL, 4, 1, DEBUG_R),
	ZERO(0xa0200002000000a4ULL, 4, 1, DEBUG_R),	/* SHADOW_PLE_GAP */
	ZERO(0xa0200002000000a8ULL, 4, 1, DEBUG_R),	/* SHADOW_PLE_WINDOW */
	/* SHADOW_POSTED_INT_NOTIFICATION_VECTOR */
	ZERO(0xa0200001000000acULL, 4, 1, DEBUG_R),
	/* SHADOW_PROCBASED_EXEC_CTLS2 */
	ZERO(0xa0200002000000b0ULL, 4, 1, DEBUG_R),
	ZERO(0xa0200003000000b4ULL, 4, 1, DEBUG_R),	/* SHADOW_SHARED_EPTP */
	/* L2_ENTER_GUEST_STATE_GPA */
	ZERO(0xa020000300000100ULL, 4, 1, DEBUG_R),
	/* L2_ENTER_GUEST_STATE_HPA */
	ZERO(0xa020000300000104ULL, 4, 1, DEBUG_R),
	ZERO(0xa020000300000108ULL, 4, 1, DEBUG_R),	/* VE_INFO_GPA */
	ZERO(0xa02000030000010cULL, 4, 1, DEBUG_R),	/* VE_INFO_HPA */
	ZERO(0xa020000300000110ULL, 4, 1, DEBUG_R),	/* L2_VAPIC_GPA */
	ZERO(0xa020000300000114ULL, 4, 1, DEBUG_R),	/* L2_VAPIC_HPA */
	ZERO(0xa120000000000000ULL, 128, 1, DEBUG_R),	/* CPUID_CONTROL */
	ZERO(0xa220000300000200ULL, 32, 1, DEBUG_R),	/* LAST_EPF_GPA_LIST */
	ZERO(0x2420000000000000ULL, 4096, 1, NONE),	/* L2_VMCS_1 */
	ZERO(0x2520000300000000ULL, 512, 1, DEBUG_R),	/* L2_MSR_BITMAPS_1 */
	/* L2_SHADOW_MSR_BITMAPS_1 */
	ZERO(0xa620000300000000ULL, 512, 1, DEBUG_R),
	ZERO(0x2c20000000000000ULL, 4096, 1, NONE),	/* L2_VMCS_2 */
	ZERO(0x2d20000300000000ULL, 512, 1, DEBUG_R),	/* L2_MSR_BITMAPS_2 */
	/* L2_SHADOW_MSR_BITMAPS_2 */
	ZERO(0xae20000300000000ULL, 512, 1, DEBUG_R),
	ZERO(0x3420000000000000ULL, 4096, 1, NONE),	/* L2_VMCS_3 */
	ZERO(0x3520000300000000ULL, 512, 1, DEBUG_R),	/* L2_MSR_BITMAPS_3 */
	/* L2_SHADOW_MSR_BITMAPS_3 */
	ZERO(0xb620000300000000ULL, 512, 1, DEBUG_R),
};

static u64 computed(const struct model_md *md, const struct model_field *f,
		    unsigned int element)
{
	const struct model_vcpu *v = md->base;

	switch (f->id) {
	case ID_ASSOC_LPID:		/* all ones: none */
		return (u32)(model_load(&v->lp) - 1);
	case ID_STATE_DETAILS:		/* VMXIP: an interrupt is pending */
		return model_apic_pending(v);
	case ID_XFAM:
		return md->m->tds[v->td].xfam;
	default:			/* VALID, of the #VE information */
		return v->ve_valid ? ~0U : 0;
	}
}

static bool check(const struct model_field *f, u64 value, u64 *mask)
{
	switch (f->id) {
	case VMCS_POSTED_VECTOR:
		*mask = 0xffff;
		break;
	case VMCS_POSTED_PA:
		*mask = ~0x3fULL;
		break;
	case VMCS_SHARED_EPTP:
		*mask = 0x000ffffffffff000ULL;
		break;
	case VMCS_PIN_CONTROLS:
		*mask = 1ULL << 7;
		break;
	case VMCS_CONTROLS_2:
		*mask = 3ULL << 30;
		break;
	case ID_PEND_NMI:
	case ID_SUPERVISOR_VE:
	case ID_USER_VE:
		return value <= 1;
	}
	return true;
}

static void fields_of(struct model *m, struct model_td *td,
		      struct model_vcpu *v, struct model_md *md)
{
	*md = (struct model_md) {
		.m = m,
		.table = vp_fields,
		.n = ARRAY_SIZE(vp_fields),
		.base = v,
		.computed = computed,
		.check = check,
	};
	model_md_host(md, td && td->attributes & ATTR_DEBUG);
}

u64 model_tdg_vp_rd(struct model_guest *g, u64 *r)
{
	struct model_md md;

	fields_of(g->m, g->td, g->v, &md);
	return model_md_guest_read(&md, r, true);
}

u64 model_tdg_vp_wr(struct model_guest *g, u64 *r)
{
	struct model_md md;

	fields_of(g->m, g->td, g->v, &md);
	return model_md_guest_write(&md, r);
}

/*
 * What both leaves begin with.  The VCPU is this LP's from here on, whatever
 * becomes of the call.
 */
static u64 begin(struct model *m, unsigned int lp, u16 leaf, u64 pa,
		 struct model_vp_ref *vp, struct model_md *md)
{
	u64 status = model_vp_lock(m, pa, TDX_OPERAND_RCX, false, vp);
	u32 state;

	if (status)
		return status;
	state = model_load(&vp->vcpu->state);
	status = model_td_usable(&vp->ref, leaf);
	if (!status)
		status = model_vp_pages(vp);
	if (!status && (state == MODEL_VCPU_UNINITIALIZED ||
			(state == MODEL_VCPU_DISABLED && leaf == TDH_VP_WR)))
		status = TDX_ST_VCPU_STATE_INCORRECT;
	if (!status)
		status = model_vp_associate(m, vp, lp);
	if (status)
		model_vp_put(vp);
	fields_of(m, vp->ref.td, vp->vcpu, md);
	return status;
}

u64 model_vp_rd(struct model *m, unsigned int lp,
		const struct model_regs *in, struct model_regs *out)
{
	struct model_vp_ref vp;
	struct model_md md;
	u64 status;

	if ((in->rax >> 16 & 0xff) > 1)
		return OPERAND_INVALID(RAX);
	status = begin(m, lp, TDH_VP_RD, in->rcx, &vp, &md);
	if (status)
		return status;
	status = model_md_read(&md, in, out);
	model_vp_put(&vp);
	return status;
}

u64 model_vp_wr(struct model *m, unsigned int lp,
		const struct model_regs *in, struct model_regs *out)
{
	struct model_vp_ref vp;
	struct model_md md;
	u64 status = begin(m, lp, TDH_VP_WR, in->rcx, &vp, &md);

	if (status)
		return status;
	status = model_md_write(&md, in, out);
	model_vp_put(&vp);
	return status;
}
