// SPDX-License-Identifier: GPL-2.0-only
/*
 * VMCSs: the controls that a TD's guest runs under, and its state at reset.
 * Source: SDM 3C, "Virtual Machine Control Structures", appendix A; TDX Module
 * Base spec, "Initial State of Guest VCPUs", "CPU Virtualization".
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/msr-index.h>
#include <asm/processor-flags.h>
#include <asm/tsc.h>
#include <asm/vmx.h>

#include "emul.h"
#include "engine.h"

#define BASIC_REVISION		0x7fffffffULL
#define BASIC_TRUE_CONTROLS	BIT_ULL(55)
#define MISC_TIMER_RATE		0x1f
#define EPT_WANTED		(VMX_EPT_PAGE_WALK_4_BIT | VMX_EPTP_WB_BIT | \
				 VMX_EPT_INVEPT_BIT | \
				 VMX_EPT_EXTENT_CONTEXT_BIT)

/* Access rights of segments, flat as they are. */
#define RIGHTS_CODE32		0xc09b
#define RIGHTS_DATA			0xc093
#define RIGHTS_TSS			0x8b
#define RIGHTS_UNUSABLE		0x10000
#define RIGHTS_L			BIT(13)
#define RIGHTS_DPL(ar)		((ar) >> 5 & 3)

#define DR7_RESET		0x400

/*
 * A guest comes out that often at least.  In Bochs 3.0 interrupts do not end
 * the run of a guest that is entered with RFLAGS.IF = 0, until it changes that
 * (vmx.cc looks at IF before it is in VMX non-root operation).
 */
#define PREEMPTION_MS		4

static const struct {
	u32 true_msr, msr;
	unsigned long field;
	u32 want;
} controls[] = {
	{ MSR_IA32_VMX_TRUE_PINBASED_CTLS, MSR_IA32_VMX_PINBASED_CTLS,
	  PIN_BASED_VM_EXEC_CONTROL,
	  PIN_BASED_EXT_INTR_MASK | PIN_BASED_NMI_EXITING |
	  PIN_BASED_VIRTUAL_NMIS },
	{ MSR_IA32_VMX_TRUE_PROCBASED_CTLS, MSR_IA32_VMX_PROCBASED_CTLS,
	  CPU_BASED_VM_EXEC_CONTROL,
	  CPU_BASED_HLT_EXITING | CPU_BASED_MWAIT_EXITING |
	  CPU_BASED_MONITOR_EXITING | CPU_BASED_RDPMC_EXITING |
	  CPU_BASED_TPR_SHADOW | CPU_BASED_UNCOND_IO_EXITING |
	  CPU_BASED_USE_MSR_BITMAPS | CPU_BASED_ACTIVATE_SECONDARY_CONTROLS },
	{ MSR_IA32_VMX_PROCBASED_CTLS2, MSR_IA32_VMX_PROCBASED_CTLS2,
	  SECONDARY_VM_EXEC_CONTROL,
	  SECONDARY_EXEC_ENABLE_EPT | SECONDARY_EXEC_UNRESTRICTED_GUEST |
	  SECONDARY_EXEC_WBINVD_EXITING },
	{ MSR_IA32_VMX_TRUE_EXIT_CTLS, MSR_IA32_VMX_EXIT_CTLS,
	  VM_EXIT_CONTROLS,
	  VM_EXIT_HOST_ADDR_SPACE_SIZE | VM_EXIT_SAVE_DEBUG_CONTROLS |
	  VM_EXIT_SAVE_IA32_PAT | VM_EXIT_LOAD_IA32_PAT |
	  VM_EXIT_SAVE_IA32_EFER | VM_EXIT_LOAD_IA32_EFER },
	{ MSR_IA32_VMX_TRUE_ENTRY_CTLS, MSR_IA32_VMX_ENTRY_CTLS,
	  VM_ENTRY_CONTROLS,
	  VM_ENTRY_LOAD_DEBUG_CONTROLS | VM_ENTRY_LOAD_IA32_PAT |
	  VM_ENTRY_LOAD_IA32_EFER },
};

/*
 * What a TD's guest may have where the CPU has it: RDTSCP, INVPCID, XSAVES.  The
 * kernel's names for these bits differ from release to release.
 */
#define SECONDARY_IF_THERE	(BIT(3) | BIT(12) | BIT(20))

static u32 control_values[ARRAY_SIZE(controls)];
static u32 vmcs_revision;
static u32 preemption_timer;
static u64 msr_bitmap;
/* Bits of CR0 and CR4 that VMX operation wants, whatever the guest sees. */
static u64 cr0_fixed, cr4_fixed;

void vmcs_write(unsigned long field, u64 value)
{
	u8 failed;

	asm volatile("vmwrite %2, %1\n\tsetna %0"
		     : "=qm" (failed) : "r" (field), "rm" (value) : "cc");
	if (failed)
		pr_err_ratelimited("VMWRITE of field 0x%lx failed\n", field);
}

/* MSRs that a guest has for itself; all others exit. */
static void allow_msr(u8 *bitmap, u32 msr)
{
	if (msr >> 16 == 0xc000)
		bitmap += 1024;
	msr &= 0x1fff;
	bitmap[msr / 8] &= ~BIT(msr % 8);
	bitmap[2048 + msr / 8] &= ~BIT(msr % 8);
}

static bool make_msr_bitmap(void)
{
	unsigned int i;
	u8 *bitmap;

	msr_bitmap = emul_pool_get();
	if (!msr_bitmap)
		return false;
	bitmap = phys_to_virt(msr_bitmap);
	memset(bitmap, 0xff, PAGE_SIZE);
	for (i = 0; i < MODEL_OWN_MSRS; i++)
		allow_msr(bitmap, model_own_msrs[i]);
	return true;
}

/* Can this CPU run the guests of TDs?  Those without EPT cannot. */
bool emul_vmcs_possible(void)
{
	u64 basic, ept, cap, misc;
	unsigned int i;
	u32 want, msr;

	if (!emul_platform_rdmsr(MSR_IA32_VMX_BASIC, &basic) ||
	    !emul_platform_rdmsr(MSR_IA32_VMX_EPT_VPID_CAP, &ept) ||
	    (ept & EPT_WANTED) != EPT_WANTED)
		return false;
	for (i = 0; i < ARRAY_SIZE(controls); i++) {
		msr = basic & BASIC_TRUE_CONTROLS ? controls[i].true_msr :
						    controls[i].msr;
		if (!emul_platform_rdmsr(msr, &cap))
			return false;
		want = controls[i].want;
		if (controls[i].field == SECONDARY_VM_EXEC_CONTROL)
			want |= SECONDARY_IF_THERE & cap >> 32;
		if (controls[i].field == PIN_BASED_VM_EXEC_CONTROL)
			want |= PIN_BASED_VMX_PREEMPTION_TIMER & cap >> 32;
		/* Allowed to be 0, allowed to be 1. */
		if (want & ~(cap >> 32))
			return false;
		control_values[i] = want | (u32)cap;
	}
	if (!emul_platform_rdmsr(MSR_IA32_VMX_CR0_FIXED0, &cr0_fixed) ||
	    !emul_platform_rdmsr(MSR_IA32_VMX_CR4_FIXED0, &cr4_fixed))
		return false;
	cr0_fixed &= ~(u64)(X86_CR0_PE | X86_CR0_PG);
	emul_platform_rdmsr(MSR_IA32_VMX_MISC, &misc);
	preemption_timer = PREEMPTION_MS * tsc_khz >> (misc & MISC_TIMER_RATE);
	vmcs_revision = basic & BASIC_REVISION;
	return make_msr_bitmap();
}

void emul_vmcs_exit(void)
{
	if (msr_bitmap)
		emul_pool_put(msr_bitmap);
	msr_bitmap = 0;
}

static void write_segment(unsigned int i, u16 selector, u32 rights, u32 limit)
{
	vmcs_write(GUEST_ES_SELECTOR + 2 * i, selector);
	vmcs_write(GUEST_ES_BASE + 2 * i, 0);
	vmcs_write(GUEST_ES_LIMIT + 2 * i, limit);
	vmcs_write(GUEST_ES_AR_BYTES + 2 * i, rights);
}

static void write_segments(const struct model_cpu *c)
{
	/* In the order of the fields: ES, CS, SS, DS, FS, GS, LDTR, TR. */
	static const u32 rights[] = {
		RIGHTS_DATA, RIGHTS_CODE32, RIGHTS_DATA, RIGHTS_DATA, RIGHTS_DATA, RIGHTS_DATA,
		RIGHTS_UNUSABLE, RIGHTS_TSS,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rights); i++)
		write_segment(i, i == 1 ? c->cs : 0, rights[i],
			      i < 6 ? ~0U : 0xffff);
	vmcs_write(GUEST_GDTR_BASE, c->gdt);
	vmcs_write(GUEST_GDTR_LIMIT, c->gdt_limit);
	vmcs_write(GUEST_IDTR_BASE, c->idt);
	vmcs_write(GUEST_IDTR_LIMIT, c->idt_limit);
}

static void write_fields(const struct model_guest *g, u64 vapic)
{
	const struct model_cpu *c = &g->v->cpu;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(controls); i++)
		vmcs_write(controls[i].field, control_values[i]);
	/* TDCALL is one: an instruction that this CPU does not have. */
	vmcs_write(EXCEPTION_BITMAP, BIT(X86_UD));
	vmcs_write(PAGE_FAULT_ERROR_CODE_MASK, 0);
	vmcs_write(PAGE_FAULT_ERROR_CODE_MATCH, 0);
	vmcs_write(CR3_TARGET_COUNT, 0);
	if (control_values[0] & PIN_BASED_VMX_PREEMPTION_TIMER)
		vmcs_write(VMX_PREEMPTION_TIMER_VALUE, preemption_timer);
	vmcs_write(MSR_BITMAP, msr_bitmap);
	vmcs_write(VIRTUAL_APIC_PAGE_ADDR, vapic);
	vmcs_write(TPR_THRESHOLD, 0);
	vmcs_write(VM_EXIT_MSR_STORE_COUNT, 0);
	vmcs_write(VM_EXIT_MSR_LOAD_COUNT, 0);
	vmcs_write(VM_ENTRY_MSR_LOAD_COUNT, 0);
	vmcs_write(VM_ENTRY_INTR_INFO_FIELD, 0);
	vmcs_write(VMCS_LINK_POINTER, ~0ULL);
	vmcs_write(CR0_GUEST_HOST_MASK, MODEL_CR0_TDX);
	vmcs_write(CR0_READ_SHADOW, MODEL_CR0_PE | MODEL_CR0_NE);
	vmcs_write(CR4_GUEST_HOST_MASK, model_virt_cr4_owned(g->td));
	vmcs_write(CR4_READ_SHADOW, MODEL_CR4_MCE);
	write_segments(c);
	vmcs_write(GUEST_IA32_PAT, c->msr[MODEL_PAT]);
	vmcs_write(GUEST_DR7, DR7_RESET);
	vmcs_write(GUEST_IA32_DEBUGCTL, 0);
	vmcs_write(GUEST_SYSENTER_CS, 0);
	vmcs_write(GUEST_SYSENTER_ESP, 0);
	vmcs_write(GUEST_SYSENTER_EIP, 0);
	vmcs_write(GUEST_INTERRUPTIBILITY_INFO, 0);
	vmcs_write(GUEST_ACTIVITY_STATE, 0);
	vmcs_write(GUEST_PENDING_DBG_EXCEPTIONS, 0);
}

static void free_vcpu(struct vmx_vcpu *vcpu)
{
	if (vcpu->vapic)
		emul_pool_put(vcpu->vapic);
	if (vcpu->vmcs)
		emul_pool_put(vcpu->vmcs);
	emul_pool_put(virt_to_phys(vcpu));
}

/*
 * @g->v becomes the current one of this LP, with a VMCS from its first entry
 * on.  Nobody else enters it meanwhile.
 */
bool emul_vmcs_make(struct model_guest *g)
{
	struct vmx_vcpu *vcpu = g->v->hw;
	u64 pa;

	if (vcpu) {
		vmcs_make_current(vcpu->vmcs);
		return true;
	}
	pa = emul_pool_get_zeroed();
	if (!pa)
		return false;
	vcpu = phys_to_virt(pa);
	vcpu->vmcs = emul_pool_get_zeroed();
	vcpu->vapic = emul_pool_get_zeroed();
	if (!vcpu->vmcs || !vcpu->vapic) {
		free_vcpu(vcpu);
		return false;
	}
	*(u32 *)phys_to_virt(vcpu->vmcs) = vmcs_revision;
	emul_host_reset_extended(vcpu->xsave);
	vcpu->dr6 = 0xffff0ff0;
	vcpu->xcr0 = 1;
	vmcs_clear(vcpu->vmcs);
	vmcs_make_current(vcpu->vmcs);
	write_fields(g, vcpu->vapic);
	g->v->hw = vcpu;
	return true;
}

/* It has been flushed: no LP has its VMCS. */
void emul_vmcs_forget(struct model_vcpu *v)
{
	free_vcpu(v->hw);
	v->hw = NULL;
}

/* What this LP has of it goes to memory; another LP may launch it. */
void emul_vmcs_flush(struct model_vcpu *v)
{
	struct vmx_vcpu *vcpu = v->hw;

	vmcs_clear(vcpu->vmcs);
	vcpu->launched = false;
	vcpu->seen = 0;
}

void emul_vmcs_load(struct model_vcpu *v)
{
	const struct model_cpu *c = &v->cpu;
	u64 entry = vmcs_read(VM_ENTRY_CONTROLS) & ~(u64)VM_ENTRY_IA32E_MODE;

	if (c->efer & MODEL_EFER_LMA)
		entry |= VM_ENTRY_IA32E_MODE;
	vmcs_write(VM_ENTRY_CONTROLS, entry);
	vmcs_write(GUEST_IA32_EFER, c->efer);
	vmcs_write(GUEST_CR0, c->cr0 | cr0_fixed);
	vmcs_write(GUEST_CR3, c->cr3);
	vmcs_write(GUEST_CR4, c->cr4 | cr4_fixed);
	vmcs_write(GUEST_RFLAGS, c->rflags);
	vmcs_write(GUEST_RIP, c->rip);
	vmcs_write(GUEST_RSP, c->gpr[GPR_RSP]);
	asm volatile("mov %0, %%cr2" : : "r" (c->cr2));
}

void emul_vmcs_save(struct model_vcpu *v)
{
	struct model_cpu *c = &v->cpu;

	asm volatile("mov %%cr2, %0" : "=r" (c->cr2));
	c->gpr[GPR_RSP] = vmcs_read(GUEST_RSP);
	c->rip = vmcs_read(GUEST_RIP);
	c->rflags = vmcs_read(GUEST_RFLAGS);
	c->cr0 = vmcs_read(GUEST_CR0);
	c->cr3 = vmcs_read(GUEST_CR3);
	c->cr4 = vmcs_read(GUEST_CR4) & ~cr4_fixed;
	c->efer = vmcs_read(GUEST_IA32_EFER);
	c->cs = vmcs_read(GUEST_CS_SELECTOR);
	c->ss = vmcs_read(GUEST_SS_SELECTOR);
	c->cs_base = vmcs_read(GUEST_CS_BASE);
	c->cpl = RIGHTS_DPL(vmcs_read(GUEST_SS_AR_BYTES));
	c->code64 = c->efer & MODEL_EFER_LMA &&
		    vmcs_read(GUEST_CS_AR_BYTES) & RIGHTS_L;
}
