/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VCPUs: TDH.VP.  Source of all: TDX Module ABI 1.5, the chapter of each leaf.
 *
 * TDH.VP.INIT, RD, WR and ENTER associate the VCPU with the LP: its VMCS is
 * active there, and no other LP can use it before TDH.VP.FLUSH.  A VMXOFF
 * before that may corrupt it, and the TD with it (SDM 3C, "Software
 * Use of Virtual-Machine Control Structures").  Whether that can happen is for
 * the VMM to know:
 *
 * - By default each of these calls ends with TDH.VP.FLUSH, in the same VMX
 *   operation and with interrupts off.  This is right whatever other users of
 *   VMX do, and costs a flush for each entry: the VCPU's VMCS and what the CPU
 *   kept of its translations are loaded anew each time.  `make bench` measures
 *   it, and the window that is opened where nobody holds VMX operation: in a
 *   virtual machine either takes two to three times as long as an entry that
 *   needs none.
 * - A VMM that keeps VMX operation on says so in struct tdx_host_td, holds_vmx.
 *   The VCPU then stays associated between calls.  KVM is the only one that
 *   can hold VMX operation, so the VMM has it do that: before 6.12 with a KVM
 *   VM (a file descriptor of KVM_CREATE_VM) that is held open, from 6.12 on as
 *   well with kvm_intel loaded and kvm.enable_virt_at_load=1, which is its
 *   default.  It flushes its VCPUs (tdx_host_vp_flush()) before it lets go of
 *   KVM, or calls tdx_host_vp_flush_cpu() on each CPU.
 *
 * A CPU that goes offline flushes its VCPUs itself, and keeps none after that.
 */
#ifndef TDX_HOST_VP_H
#define TDX_HOST_VP_H

#include <tdx_host/seamcall.h>
#include <tdx/status.h>
#include <tdx_host/td.h>

/**
 * tdx_host_vp_create() - TDH.VP.CREATE
 * @vp: the VCPU; @vp->tdvpr is handed over, the rest of it set up
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_OP_STATE_INCORRECT when the TD is not
 *	   initialised, or finalised.
 */
__u64 tdx_host_vp_create(struct tdx_host_vp *vp);

/**
 * tdx_host_vp_addcx() - TDH.VP.ADDCX: a page for the TDVPS
 * @vp: the VCPU, not initialised
 * @page: handed over; tdvps_base_size / 4 KiB pages are needed in all, TDVPR
 *	  among them
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_TDCX_NUM_INCORRECT when there are enough.
 */
__u64 tdx_host_vp_addcx(const struct tdx_host_vp *vp, struct page *page);

/**
 * tdx_host_vp_init() - TDH.VP.INIT
 * @vp: the VCPU, with all its pages
 * @rcx: what the guest finds in RCX and R8 at its first entry
 * @x2apic_id: the VCPU's x2APIC ID, for TDX modules that want to be told
 *	(TDX_FEATURES0.TOPOLOGY_ENUM: version 1 of the leaf); others number
 *	VCPUs themselves
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_MAX_VCPUS_EXCEEDED,
 *	   TDX_ST_TDCX_NUM_INCORRECT when the VCPU has too few pages.
 */
__u64 tdx_host_vp_init(struct tdx_host_vp *vp, __u64 rcx, __u32 x2apic_id);

/**
 * tdx_host_vp_rd() - TDH.VP.RD
 * @vp: the VCPU, initialised
 * @field: metadata field identifier
 * @value: of the field; 0 on error
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_VCPU_ASSOCIATED when another LP has the
 *	   VCPU.
 */
__u64 tdx_host_vp_rd(struct tdx_host_vp *vp, __u64 field, __u64 *value);

/**
 * tdx_host_vp_wr() - TDH.VP.WR
 * @vp: the VCPU, initialised
 * @field: metadata field identifier
 * @value: new bits
 * @mask: which bits to change
 * @old: of the field, before; may be NULL
 *
 * Context: Sleeps.
 * Return: completion status; as tdx_host_vp_rd().
 */
__u64 tdx_host_vp_wr(struct tdx_host_vp *vp, __u64 field, __u64 value,
		     __u64 mask, __u64 *old);

/**
 * tdx_host_vp_flush() - TDH.VP.FLUSH, on the LP that has the VCPU
 * @vp: the VCPU; associated with no LP afterwards
 *
 * For VCPUs that were associated by the calls of this header, which know where
 * that was.  One that has been associated by tdx_host_call() is for its caller
 * to flush, on the same CPU.
 *
 * Context: Sleeps; takes cpus_read_lock().
 * Return: completion status; TDX_ST_VCPU_NOT_ASSOCIATED when no LP has the
 *	   VCPU, which is as good; TDX_ST_OPERAND_BUSY also when its CPU went
 *	   offline and could not flush it, until that CPU is back.
 */
__u64 tdx_host_vp_flush(struct tdx_host_vp *vp);

/**
 * tdx_host_vp_flush_cpu() - TDH.VP.FLUSH of all VCPUs that the calling CPU has
 *
 * For who is about to take this CPU out of VMX operation.
 *
 * Context: Any but NMI; the caller is pinned to its CPU.  Interrupts are off
 *	    for each flush.
 * Return: TDX_ST_SUCCESS, also where there is none; else the completion status
 *	   of the first that failed.  None is left out because of it.
 */
__u64 tdx_host_vp_flush_cpu(void);

/* @args->rcx of tdx_host_vp_enter(). */
#define TDX_HOST_VP_ENTER_RECOVERABILITY_HINT	(1ULL << 52)
#define TDX_HOST_VP_ENTER_RESUME_L1		(1ULL << 53)

/* VMX exit reason: bits 15:0 of what tdx_host_vp_enter() returns. */
#define TDX_HOST_EXIT_REASON(status)		((status) & 0xffff)

/* Source: Intel SDM volume 3, "VMX Basic Exit Reasons". */
#define TDX_HOST_EXIT_EXCEPTION_NMI		0
#define TDX_HOST_EXIT_EXTERNAL_INTERRUPT	1
#define TDX_HOST_EXIT_TRIPLE_FAULT		2
#define TDX_HOST_EXIT_IO_SMI			5
#define TDX_HOST_EXIT_OTHER_SMI			6
#define TDX_HOST_EXIT_HLT			12
#define TDX_HOST_EXIT_MCE_DURING_ENTRY		41
#define TDX_HOST_EXIT_EPT_VIOLATION		48
#define TDX_HOST_EXIT_BUS_LOCK			74
#define TDX_HOST_EXIT_NOTIFY			75
#define TDX_HOST_EXIT_TDCALL			77

/*
 * @args->r9 after TDX_HOST_EXIT_EXCEPTION_NMI: what it was.  An NMI has been
 * served by tdx_host_vp_enter(); for a machine check (vector 18, type 3) the
 * banks of the CPU say more, and the TD is mostly lost.
 * Source: Intel SDM volume 3, "Information for VM Exits Due to Vectored
 * Events".
 */
#define TDX_HOST_EXIT_EVENT_VALID		(1U << 31)
#define TDX_HOST_EXIT_EVENT_TYPE(r9)		((r9) >> 8 & 7)
#define TDX_HOST_EXIT_EVENT_NMI			2
#define TDX_HOST_EXIT_EVENT_EXCEPTION		3
#define TDX_HOST_EXIT_EVENT_VECTOR(r9)		((r9) & 0xff)

/**
 * tdx_host_vp_enter() - TDH.VP.ENTER: run the guest
 * @vp: the VCPU
 * @args: in: @args->rcx is 0 or TDX_HOST_VP_ENTER_*; after a TDCALL exit the
 *	  registers that the exit's mask selected go to the guest; out: all
 *	  registers as the leaf leaves them
 *
 * This is the hot path: there is no lock, no allocation, no retry and no
 * statistics.  A CPU that is not in VMX operation enters and leaves it for the
 * call, which takes far longer: a VMM should hold it, see above.
 *
 * An NMI that comes in ends the call, and is consumed by that.  It is made
 * again and served before this function returns, by the kernel's handler.
 *
 * Context: Any but NMI; interrupts are off in the call, and one that comes in
 *	    ends it.  The caller saves the extended state, the MSRs and the
 *	    debug registers that a TD clobbers.
 * Return: completion status.  Where bit 63 is clear the guest ran, and bits
 *	   15:0 say why it stopped, TDX_HOST_EXIT_*.
 */
__u64 tdx_host_vp_enter(struct tdx_host_vp *vp, struct tdx_regs *args);

#endif /* TDX_HOST_VP_H */
