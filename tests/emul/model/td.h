/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TDs and VCPUs: what the TDX module keeps in TDR, TDCS and TDVPS.  The model
 * keeps it in tables of its own; the pages that the host gave for it carry
 * a marker, except that the root of the Secure EPT lies in a TDCX page.
 */
#ifndef TDX_EMUL_MODEL_TD_H
#define TDX_EMUL_MODEL_TD_H

#include "page.h"
#include "sha384.h"

#define MODEL_MAX_TDS		256
#define MODEL_MAX_VCPUS		2048
#define MODEL_MIN_TDCX		6
#define MODEL_MAX_TDCX		9	/* one for each of three L2 VMs */
#define MODEL_MIN_TDVPX		6	/* TDVPR included */
#define MODEL_MAX_TDVPX		15
#define MODEL_SEPT_ROOT_TDCX	4	/* which TDCX page is the root */

#define ATTR_DEBUG		(1ULL << 0)
#define ATTR_SEPT_VE_DISABLE	(1ULL << 28)
#define ATTR_MIGRATABLE		(1ULL << 29)
#define ATTR_PKS		(1ULL << 30)
#define ATTR_PERFMON		(1ULL << 63)

/* XFAM bits of supervisor state. */
#define MODEL_XFAM_SUPERVISOR	0x1fd00ULL

#define CONFIG_GPAW		(1ULL << 0)
#define CONFIG_NO_RBP_MOD	(1ULL << 2)

#define TD_CTLS_PENDING_VE_DISABLE	(1ULL << 0)

/* TD life cycle, and OP_STATE as far as TDs without migration get. */
enum { MODEL_LC_HKID_ASSIGNED, MODEL_LC_KEYS_CONFIGURED, MODEL_LC_BLOCKED,
	MODEL_LC_TEARDOWN };
enum { MODEL_OP_UNINITIALIZED, MODEL_OP_INITIALIZED, MODEL_OP_RUNNABLE };

/* VCPU state, as metadata field VCPU_STATE shows it. */
enum { MODEL_VCPU_UNINITIALIZED = 0, MODEL_VCPU_READY = 2,
	MODEL_VCPU_ACTIVE = 4, MODEL_VCPU_DISABLED = 8 };

/**
 * struct model_td - TDR and TDCS
 * @tdr: PA of the TDR page | 1; 0: slot is free.  The PAMT lock of that page
 *	 protects what nothing below does
 * @lifecycle: MODEL_LC_*
 * @fatal: nothing but teardown is left
 * @keyid: of the TD
 * @pkgs: bitmap of packages whose key is configured
 * @tdcx: TDCX pages, their addresses in @tdcx_pa
 * @children: 4 KiB pages of the TD besides the TDR; atomic
 * @op_lock: OP_STATE lock, for @op_state
 * @sept_lock: Secure EPT tree
 * @epoch_lock: TD epoch
 * @attributes: and what follows, from TD_PARAMS
 * @top: level of the Secure EPT root
 * @cpuid: virtual CPUID, computed from all of these
 * @vcpus: VCPUs initialised; atomic
 * @assoc: of these, associated with an LP; atomic
 * @epoch: TLB epoch
 * @inside: VCPUs inside the TD, by parity of the epoch they entered in
 * @interpreted: the engine has nothing to do with its guests
 * @hw: the engine's own, 0 at first
 * @mr: MRTD in the making
 * @mrtd: measurement of the build
 * @rtmr_lock: for @rtmr, run-time measurements
 */
struct model_td {
	u64 tdr;
	u8 lifecycle;
	bool fatal;
	u16 keyid;
	u32 pkgs;
	u32 tdcx;
	u64 tdcx_pa[MODEL_MAX_TDCX];
	u64 uuid[4];
	u64 children;
	struct model_lock op_lock;
	struct model_lock sept_lock;
	struct model_lock epoch_lock;
	u32 op_state;

	u64 attributes;
	u64 xfam;
	u64 config_flags;
	u64 eptp_controls;
	u32 max_vcpus;
	u16 l2_vms;
	u16 tsc_frequency;
	u8 top;
	u64 mrconfigid[6];
	u64 mrowner[6];
	u64 mrownerconfig[6];
	u64 arch_capabilities;
	u32 cpuid[MODEL_CPUID_VALUES][4];

	u32 vcpus;
	u32 assoc;
	u64 epoch;
	u32 inside[2];
	bool interpreted;
	void *hw;
	struct model_sha384 mr;
	u64 mrtd[6];
	u64 rtmr[4][6];
	struct model_lock rtmr_lock;
	u64 hp_lock_timeout;
	u64 vm_ctls[4];
	u64 notify_enables;
	u64 td_ctls;
};

/* Registers of a guest, in the order of the GPR mask of TDG.VP.VMCALL. */
enum { GPR_RAX, GPR_RCX, GPR_RDX, GPR_RBX, GPR_RSP, GPR_RBP, GPR_RSI, GPR_RDI,
	GPR_R8, GPR_R9, GPR_R10, GPR_R11, GPR_R12, GPR_R13, GPR_R14, GPR_R15,
	GPR_COUNT };

/* MSRs that a guest has for itself; which they are says virt_msr.c. */
enum { MODEL_SYSENTER_CS, MODEL_SYSENTER_ESP, MODEL_SYSENTER_EIP, MODEL_PAT,
	MODEL_STAR, MODEL_LSTAR, MODEL_FMASK, MODEL_FS_BASE, MODEL_GS_BASE,
	MODEL_KERNEL_GS_BASE, MODEL_TSC_AUX, MODEL_OWN_MSRS };
extern const u32 model_own_msrs[MODEL_OWN_MSRS];
#define MODEL_PAT_RESET		0x0007040600070406ULL

/**
 * struct model_cpu - what a guest's instructions work on
 * @gpr: general purpose registers
 * @rip: linear address of the next instruction
 * @rflags: RFLAGS
 * @cr0: and @cr4, as the guest reads them
 * @cr2: linear address of the last page fault
 * @cr3: guest physical address of the page tables
 * @efer: IA32_EFER
 * @msr: MSRs of its own; of those that a VMCS has, only the first values where a
 *	 CPU runs the guest
 * @xss: IA32_XSS
 * @spec_ctrl: IA32_SPEC_CTRL, of which there is no effect
 * @debugctl: IA32_DEBUGCTL, as far as there is no effect of it either
 * @gdt: GDTR, @gdt_limit its limit
 * @idt: IDTR, @idt_limit its limit
 * @cs: selector; the segment is flat, code of CPL 0
 * @ss: selector; this and all other segments are flat data
 * @code64: CS.L: 64-bit code, else 32-bit code
 * @masked: interrupts wait until the next instruction is over; this and
 * @nmi_masked: NMIs wait for IRET; both false where a CPU runs the guest
 * @cpl: privilege level, and
 * @cs_base: of CS; both 0 unless a CPU runs the guest
 */
struct model_cpu {
	u64 gpr[GPR_COUNT];
	u64 rip;
	u64 rflags;
	u64 cr0, cr2, cr3, cr4;
	u64 efer;
	u64 msr[MODEL_OWN_MSRS];
	u64 xss;
	u64 spec_ctrl, debugctl;
	u64 gdt, idt;
	u16 gdt_limit, idt_limit;
	u16 cs, ss;
	bool code64;
	bool masked, nmi_masked;
	u8 cpl;
	u64 cs_base;
};

/**
 * struct model_vcpu - TDVPS
 * @tdvpr: PA of the TDVPR page | 1; 0: slot is free
 * @td: index of its TD
 * @pages: TDVPR and TDVPX pages, their addresses in @page_pa
 * @state: MODEL_VCPU_*; atomic
 * @lp: LP that it is associated with + 1, 0: none; atomic
 * @lost: that LP left VMX operation meanwhile, and the state with it
 * @index: running number in the TD
 * @epoch: TD epoch of the last entry
 * @cpu: the guest's registers
 * @vmcall: the last exit was TDG.VP.VMCALL
 * @ve_valid: #VE information waits for TDG.VP.VEINFO.GET
 * @ve: exit reason, qualification, GLA, GPA, instruction length
 * @event: an exception or interrupt waits to be delivered; what an exit that
 *	   came first has stopped is delivered on the next entry
 * @vector: which
 * @event_type: VMX interruption type of it
 * @error: its error code
 * @hw: the engine's own, 0 at first
 * @tsc: IA32_TIME_STAMP_COUNTER of the last exit
 * @irr: virtual interrupts that are requested, and
 * @isr: those in service, a bit each
 * @tpr: task priority
 * @pend_nmi: the host has an NMI for the guest
 * @posted_vector: and what follows, VMCS fields that the host may write
 */
struct model_vcpu {
	u64 tdvpr;
	u32 td;
	u32 pages;
	u64 page_pa[MODEL_MAX_TDVPX];
	u32 state;
	u32 lp;
	bool lost;
	u32 index;
	u64 epoch;
	struct model_cpu cpu;
	bool vmcall;
	bool ve_valid;
	u64 ve[5];
	bool event;
	u8 vector;
	u8 event_type;
	u32 error;
	void *hw;
	u64 tsc;
	u32 irr[8], isr[8];
	u8 tpr;
	u8 pend_nmi;
	u8 cpuid_ve[2];
	u64 posted_vector, posted_pa, shared_eptp;
	u64 pin_controls, controls_2, timeout;
};

/**
 * struct model_td_ref - a TD in use by a call
 * @tdr: lock of its TDR page
 * @td: the TD
 * @op: its OP_STATE lock is held, shared
 */
struct model_td_ref {
	struct model_pamt tdr;
	struct model_td *td;
	bool op;
};

/* A VCPU in use by a call: its TDVPR page, the VCPU, its TD. */
struct model_vp_ref {
	struct model_pamt tdvpr;
	struct model_vcpu *vcpu;
	struct model_td_ref ref;
};

/* model_td.c */
u64 model_td_lock(struct model *m, u64 pa, unsigned int operand,
		  bool exclusive, struct model_td_ref *ref);
/* "The TD can be used", beyond model_td_lock(). */
u64 model_td_usable(struct model_td_ref *ref, u16 leaf);
/* Both. */
u64 model_td_get(struct model *m, u64 pa, unsigned int operand,
		 bool exclusive, u16 leaf, struct model_td_ref *ref);
void model_td_put(struct model_td_ref *ref);
static inline u64 model_td_pa(const struct model_td *td)
{
	return model_load(&td->tdr) & ~1ULL;
}
/* A free page becomes one of @td's. */
u64 model_td_take_page(struct model *m, struct model_td *td, u64 pa,
		       unsigned int operand, unsigned int type,
		       unsigned int level, struct model_pamt *page);
/* The opposite; unlocks @page. */
void model_td_drop_page(struct model *m, struct model_td *td,
			struct model_pamt *page);

/* model_vp.c */
u64 model_vp_lock(struct model *m, u64 pa, unsigned int operand,
		  bool exclusive, struct model_vp_ref *vp);
void model_vp_put(struct model_vp_ref *vp);
/* The TDVPR page with that PAMT entry object is given back. */
void model_vp_forget(struct model *m, u32 object);
u64 model_vp_pages(const struct model_vp_ref *vp);
u64 model_vp_associate(struct model *m, struct model_vp_ref *vp,
		       unsigned int lp);

/* @lp leaves VMX operation. */
void model_vp_lose(struct model *m, unsigned int lp);

#define MODEL_LEAF(name) \
	u64 name(struct model *m, unsigned int lp, \
		 const struct model_regs *in, struct model_regs *out)

/* model_mng.c, model_td_init.c, model_mr.c */
MODEL_LEAF(model_mng_create);
MODEL_LEAF(model_mng_key_config);
MODEL_LEAF(model_mng_addcx);
MODEL_LEAF(model_mng_init);
MODEL_LEAF(model_mng_rd);
MODEL_LEAF(model_mng_wr);
MODEL_LEAF(model_mng_vpflushdone);
MODEL_LEAF(model_mng_key_freeid);
MODEL_LEAF(model_mng_key_reclaimid);
MODEL_LEAF(model_mr_extend);
MODEL_LEAF(model_mr_finalize);
void model_mr_page_add(struct model_td *td, u64 gpa);

/* model_td_cpuid.c: @config is as in TD_PARAMS; @leaf: whose is wrong. */
u64 model_td_set_cpuid(struct model *m, unsigned int lp, struct model_td *td,
		       const u32 (*config)[4], u64 *leaf);
bool model_td_cpuid_valid(unsigned int row);
/* Field codes of CPUID_VALUES; elements are two for each row. */
u64 model_td_cpuid_find(u32 code, unsigned int *element);
u32 model_td_cpuid_code(unsigned int element);

/* model_vp.c, model_enter.c */
MODEL_LEAF(model_vp_create);
MODEL_LEAF(model_vp_addcx);
MODEL_LEAF(model_vp_init);
MODEL_LEAF(model_vp_flush);
MODEL_LEAF(model_vp_rd);
MODEL_LEAF(model_vp_wr);
MODEL_LEAF(model_vp_enter);

#endif /* TDX_EMUL_MODEL_TD_H */
