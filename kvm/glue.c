// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions that KVM's vmx/tdx.c calls in a kernel with TDX host support of
 * its own, on top of tdx_host.  Their prototypes are that kernel's, from
 * <asm/tdx.h>; all return the completion status whole.
 *
 * How patient each is follows from what KVM makes of a transient status:
 *
 * - TDH.MEM: KVM has mmu_lock, and kicks its VCPUs out of the TD when an
 *   operand is busy.  So that comes back at once.
 * - Leaves that ask for entropy, need a key engine or the TDX module's global
 *   lock: a failure is a TD lost, or a KeyID, and KVM may sleep there: 2 s.
 * - All others: KVM takes any failure for a bug, but may hold a spinlock or
 *   have interrupts off: 2 ms, and a few tries with interrupts off.
 *
 * Once the machine goes down every call returns TDX_ST_GOING_DOWN.  KVM has no
 * such status, and warns of all that it does not know, but only once for a VM:
 * so a VM that gets one is marked as broken before KVM sees it.  Most do not
 * live to see it, see tds.c.
 *
 * Source: the kernel, arch/x86/kvm/vmx/tdx.c; TDX Module ABI 1.5, the chapter
 * of each leaf.
 */
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <asm/tdx.h>
#include <asm/vmx.h>

#include "x86.h"
#include "mmu.h"
#include "vmx/tdx.h"
#include "fit.h"
#include "host.h"
#include "shim.h"
#include "tds.h"

/* KVM's structure of all registers, and tdx_host's. */
#define GLUE_SAME_REG(reg)						\
	static_assert(offsetof(struct tdx_module_args, reg) ==		\
		      offsetof(struct tdx_regs, reg))
static_assert(sizeof(struct tdx_module_args) == sizeof(struct tdx_regs));
GLUE_SAME_REG(rcx);
GLUE_SAME_REG(rdx);
GLUE_SAME_REG(r8);
GLUE_SAME_REG(r9);
GLUE_SAME_REG(r10);
GLUE_SAME_REG(r11);
GLUE_SAME_REG(r12);
GLUE_SAME_REG(r13);
GLUE_SAME_REG(r14);
GLUE_SAME_REG(r15);
GLUE_SAME_REG(rbx);
GLUE_SAME_REG(rdi);
GLUE_SAME_REG(rsi);

static struct kvm_tdx *glue_kvm_tdx(struct tdx_td *td)
{
	return container_of(td, struct kvm_tdx, td);
}

static u64 glue_status(struct kvm *kvm, u64 status)
{
	if (unlikely(status == TDX_HOST_GOING_DOWN))
		kvm->vm_bugged = true;
	return status;
}

static u64 glue_td_status(struct tdx_td *td, u64 status)
{
	return glue_status(&glue_kvm_tdx(td)->kvm, status);
}

static u64 glue_vp_status(struct tdx_vp *vp, u64 status)
{
	return glue_status(container_of(vp, struct vcpu_tdx, vp)->vcpu.kvm,
			   status);
}

static u64 glue_tdr(struct tdx_td *td)
{
	return page_to_phys(td->tdr_page);
}

/* A page of 4 KiB that is handed over: the kernel's lines must be gone. */
static u64 glue_page(struct page *page)
{
	host(tdx_host_page_to_private)(page_to_pfn(page), TDX_HOST_LEVEL_4K);
	return page_to_phys(page);
}

/*
 * KVM is about to free a page that nobody may touch: one reference more, and
 * the page allocator never gets it.
 */
static void glue_keep_page(struct page *page)
{
	get_page(page);
}

static u64 glue_call(u64 leaf, u64 rcx, u64 rdx, u64 r8, u64 r9)
{
	struct tdx_regs args = { .rcx = rcx, .rdx = rdx, .r8 = r8, .r9 = r9 };

	return host(tdx_host_call)(leaf, &args, false);
}

static u64 glue_call_patient(u64 leaf, u64 rcx)
{
	struct tdx_regs args = { .rcx = rcx };

	return host(tdx_host_call)(leaf, &args, true);
}

/* TDH.MEM: no patience, and what is wrong is in RCX and RDX. */
static u64 glue_call_mem(struct tdx_td *td, u64 leaf, u64 rcx, u64 r8, u64 r9,
			 u64 *ext_err1, u64 *ext_err2)
{
	struct tdx_regs args = {
		.rcx = rcx, .rdx = glue_tdr(td), .r8 = r8, .r9 = r9,
	};
	u64 status = host(tdx_host_call_once)(leaf, &args);

	*ext_err1 = args.rcx;
	*ext_err2 = args.rdx;
	return glue_td_status(td, status);
}

static u64 glue_gpa(u64 gpa, enum pg_level level)
{
	return gpa | (level - PG_LEVEL_4K);
}

int tdx_guest_keyid_alloc(void)
{
	return tds_keyid_alloc();
}

void tdx_guest_keyid_free(unsigned int keyid)
{
	tds_keyid_free(keyid);
}

u32 tdx_get_nr_guest_keyids(void)
{
	return host(tdx_host_keyid_count)();
}

/**
 * glue_set_capacity() - what KVM tells the misc controller
 * @keyids: how many KeyIDs there are; 0 when KVM is being unloaded
 *
 * Context: Sleeps; not under cpus_read_lock().
 * Return: 0.
 */
int glue_set_capacity(u64 keyids)
{
	if (!keyids)
		fit_release();
	return 0;
}

/*
 * Atomic: KVM has mmu_lock.  A page that had to be kept comes here, too: on
 * CPUs with the partial-write erratum that makes it fit for the next kernel.
 */
void tdx_quirk_reset_paddr(unsigned long base, unsigned long size)
{
	host(tdx_host_page_reset)(base, size);
}

/*
 * These two write to a page before they may refuse it, for want of entropy.
 * KVM frees it then, so it has to be brought back: tdx_host's own wrappers do.
 */
static u64 glue_give_page(struct tdx_td *td, struct page *page, u64 status)
{
	if (status == TDX_ST_PAGE_LOST)
		glue_keep_page(page);
	return glue_td_status(td, status);
}

u64 tdh_mng_create(struct tdx_td *td, u16 hkid)
{
	const struct tdx_host_td new = { .tdr = td->tdr_page, .keyid = hkid };
	u64 status = host(tdx_host_mng_create)(&new);

	if (!status)
		tds_created();
	return glue_give_page(td, td->tdr_page, status);
}

u64 tdh_mng_addcx(struct tdx_td *td, struct page *tdcs_page)
{
	const struct tdx_host_td old = {
		.tdr = td->tdr_page,
		.keyid = glue_kvm_tdx(td)->hkid,
	};

	return glue_give_page(td, tdcs_page,
			      host(tdx_host_mng_addcx)(&old, tdcs_page));
}

/* On this CPU, for its package: KVM goes round. */
u64 tdh_mng_key_config(struct tdx_td *td)
{
	return glue_td_status(td, glue_call_patient(TDH_MNG_KEY_CONFIG,
						    glue_tdr(td)));
}

u64 tdh_mng_init(struct tdx_td *td, u64 td_params, u64 *extended_err)
{
	struct tdx_regs args = { .rcx = glue_tdr(td), .rdx = td_params };
	u64 status = host(tdx_host_call)(TDH_MNG_INIT, &args, true);

	*extended_err = args.rcx;
	return glue_td_status(td, status);
}

u64 tdh_mng_rd(struct tdx_td *td, u64 field, u64 *data)
{
	struct tdx_regs args = { .rcx = glue_tdr(td), .rdx = field };
	u64 status = host(tdx_host_call)(TDH_MNG_RD, &args, false);

	*data = args.r8;
	return glue_td_status(td, status);
}

u64 tdh_mng_vpflushdone(struct tdx_td *td)
{
	return glue_td_status(td, glue_call_patient(TDH_MNG_VPFLUSHDONE,
						    glue_tdr(td)));
}

u64 tdh_mng_key_freeid(struct tdx_td *td)
{
	return glue_td_status(td, glue_call_patient(TDH_MNG_KEY_FREEID,
						    glue_tdr(td)));
}

u64 tdh_vp_create(struct tdx_td *td, struct tdx_vp *vp)
{
	return glue_td_status(td, glue_call(TDH_VP_CREATE,
					    glue_page(vp->tdvpr_page),
					    glue_tdr(td), 0, 0));
}

u64 tdh_vp_addcx(struct tdx_vp *vp, struct page *tdcx_page)
{
	return glue_vp_status(vp, glue_call(TDH_VP_ADDCX, glue_page(tdcx_page),
					    vp->tdvpr_pa, 0, 0));
}

/* Version 1, which takes an x2APIC ID: fit.c has seen that it is there. */
u64 tdh_vp_init(struct tdx_vp *vp, u64 initial_rcx, u32 x2apicid)
{
	return glue_vp_status(vp, glue_call(TDH_VP_INIT | TDX_LEAF_VERSION(1),
					    vp->tdvpr_pa, initial_rcx,
					    x2apicid, 0));
}

u64 tdh_vp_rd(struct tdx_vp *vp, u64 field, u64 *data)
{
	struct tdx_regs args = { .rcx = vp->tdvpr_pa, .rdx = field };
	u64 status = host(tdx_host_call)(TDH_VP_RD, &args, false);

	*data = args.r8;
	return glue_vp_status(vp, status);
}

u64 tdh_vp_wr(struct tdx_vp *vp, u64 field, u64 data, u64 mask)
{
	return glue_vp_status(vp, glue_call(TDH_VP_WR, vp->tdvpr_pa, field,
					    data, mask));
}

u64 tdh_vp_flush(struct tdx_vp *vp)
{
	return glue_vp_status(vp, glue_call(TDH_VP_FLUSH, vp->tdvpr_pa, 0, 0,
					    0));
}

/*
 * Interrupts are off, RCU does not watch, and the CPU is in VMX operation: KVM
 * has a VM.  The trampoline looks at tdx_host's stop flag itself, and
 * interrupts that are off are what tdx_host counts on.
 *
 * Whatever KVM does not know here it reports with the VCPU's RIP, which it then
 * warns that it cannot read.  So it gets a status after which it looks for
 * requests, and finds that the VM is dead: KVM_RUN fails with -EIO.
 */
noinstr u64 tdh_vp_enter(struct tdx_vp *vp, struct tdx_module_args *args)
{
	struct kvm_vcpu *vcpu;
	u64 status;

	args->rcx = vp->tdvpr_pa;
	status = host(tdx_host_seamcall_saved_ret)(TDH_VP_ENTER,
						   (struct tdx_regs *)args);
	if (likely(status != TDX_HOST_GOING_DOWN))
		return status;
	vcpu = &container_of(vp, struct vcpu_tdx, vp)->vcpu;
	vcpu->kvm->vm_bugged = true;
	vcpu->kvm->vm_dead = true;
	arch_set_bit(KVM_REQ_VM_DEAD & KVM_REQUEST_MASK,
		     (unsigned long *)&vcpu->requests);
	return TDX_ST_OPERAND_BUSY;
}

u64 tdh_mem_sept_add(struct tdx_td *td, u64 gpa, enum pg_level level,
		     struct page *page, u64 *ext_err1, u64 *ext_err2)
{
	return glue_call_mem(td, TDH_MEM_SEPT_ADD, glue_gpa(gpa, level),
			     glue_page(page), 0, ext_err1, ext_err2);
}

u64 tdh_mem_page_add(struct tdx_td *td, u64 gpa, kvm_pfn_t pfn,
		     struct page *source, u64 *ext_err1, u64 *ext_err2)
{
	host(tdx_host_page_to_private)(pfn, TDX_HOST_LEVEL_4K);
	return glue_call_mem(td, TDH_MEM_PAGE_ADD, gpa, PFN_PHYS(pfn),
			     page_to_phys(source), ext_err1, ext_err2);
}

u64 tdh_mem_page_aug(struct tdx_td *td, u64 gpa, enum pg_level level,
		     kvm_pfn_t pfn, u64 *ext_err1, u64 *ext_err2)
{
	host(tdx_host_page_to_private)(pfn, (enum tdx_host_level)
				       (level - PG_LEVEL_4K));
	return glue_call_mem(td, TDH_MEM_PAGE_AUG, glue_gpa(gpa, level),
			     PFN_PHYS(pfn), 0, ext_err1, ext_err2);
}

u64 tdh_mem_range_block(struct tdx_td *td, u64 gpa, enum pg_level level,
			u64 *ext_err1, u64 *ext_err2)
{
	return glue_call_mem(td, TDH_MEM_RANGE_BLOCK, glue_gpa(gpa, level), 0,
			     0, ext_err1, ext_err2);
}

u64 tdh_mem_track(struct tdx_td *td)
{
	struct tdx_regs args = { .rcx = glue_tdr(td) };

	return glue_td_status(td, host(tdx_host_call_once)(TDH_MEM_TRACK,
							   &args));
}

u64 tdh_mem_page_remove(struct tdx_td *td, u64 gpa, enum pg_level level,
			u64 *ext_err1, u64 *ext_err2)
{
	tds_progress();
	return glue_call_mem(td, TDH_MEM_PAGE_REMOVE, glue_gpa(gpa, level), 0,
			     0, ext_err1, ext_err2);
}

u64 tdh_mr_extend(struct tdx_td *td, u64 gpa, u64 *ext_err1, u64 *ext_err2)
{
	struct tdx_regs args = { .rcx = gpa, .rdx = glue_tdr(td) };
	u64 status = host(tdx_host_call)(TDH_MR_EXTEND, &args, false);

	*ext_err1 = args.rcx;
	*ext_err2 = args.rdx;
	return glue_td_status(td, status);
}

u64 tdh_mr_finalize(struct tdx_td *td)
{
	return glue_td_status(td, glue_call(TDH_MR_FINALIZE, glue_tdr(td), 0, 0,
					    0));
}

/*
 * Under mmu_lock for pages of the Secure EPT.  KVM warns whatever the VM is, so
 * a machine that goes down has to look like a success: KVM then drops the page,
 * which stays the TDX module's.
 */
u64 tdh_phymem_page_reclaim(struct page *page, u64 *tdx_pt, u64 *tdx_owner,
			    u64 *tdx_size)
{
	struct tdx_regs args = { .rcx = page_to_phys(page) };
	u64 status = host(tdx_host_call)(TDH_PHYMEM_PAGE_RECLAIM, &args, false);

	tds_progress();
	*tdx_pt = args.rcx;
	*tdx_owner = args.rdx;
	*tdx_size = args.r8;
	if (status != TDX_HOST_GOING_DOWN)
		return status;
	glue_keep_page(page);
	return TDX_ST_SUCCESS;
}

/*
 * Interrupts are off, so KVM goes on by itself where it was interrupted.  Here,
 * too, it warns whatever the VM is; nothing to write back is a success to it.
 */
u64 tdh_phymem_cache_wb(bool resume)
{
	struct tdx_regs args = { .rcx = resume };
	u64 status = host(tdx_host_call_once)(TDH_PHYMEM_CACHE_WB, &args);

	return status == TDX_HOST_GOING_DOWN ? TDX_ST_NO_HKID_READY_TO_WBCACHE :
					       status;
}

/* The last call for a TD: its TDR has been reclaimed. */
u64 tdh_phymem_page_wbinvd_tdr(struct tdx_td *td)
{
	unsigned long pfn = page_to_pfn(td->tdr_page);
	u64 status = host(tdx_host_phymem_page_wbinvd)(pfn, 0);

	tds_gone();
	return glue_td_status(td, status);
}

/*
 * Under mmu_lock.  The page has been removed: where its lines can no longer be
 * written back, because the machine goes down, nobody may have it.
 */
u64 tdh_phymem_page_wbinvd_hkid(u64 hkid, kvm_pfn_t pfn)
{
	u64 status = host(tdx_host_phymem_page_wbinvd)(pfn, hkid);

	if (status != TDX_HOST_GOING_DOWN)
		return status;
	glue_keep_page(pfn_to_page(pfn));
	return TDX_ST_SUCCESS;
}
