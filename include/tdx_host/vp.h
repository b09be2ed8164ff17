/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VCPUs: TDH.VP.  Source of all: TDX Module ABI 1.5, the chapter of each leaf.
 *
 * A VCPU is associated with the LP that last initialised, entered or read it,
 * and no other LP can use it before tdx_host_vp_flush().  A VCPU that is
 * associated with a CPU must be flushed before that CPU goes offline.
 */
#ifndef TDX_HOST_VP_H
#define TDX_HOST_VP_H

#include <tdx_host/seamcall.h>
#include <tdx/status.h>
#include <tdx_host/td.h>

/**
 * tdx_host_vp_create() - TDH.VP.CREATE
 * @vp: the VCPU; @vp->tdvpr is handed over, @vp->cpu is set
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
 * @vp: the VCPU, with all its pages; associated with the calling CPU
 *	afterwards
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
 * @vp: the VCPU, initialised; associated with the calling CPU afterwards
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
 * @vp: the VCPU, initialised; associated with the calling CPU afterwards
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
 * Context: Sleeps; takes cpus_read_lock().
 * Return: completion status; TDX_ST_VCPU_NOT_ASSOCIATED when no LP that is
 *	   online has the VCPU, which is good enough for tearing the TD down.
 */
__u64 tdx_host_vp_flush(struct tdx_host_vp *vp);

/* @args->rcx of tdx_host_vp_enter(). */
#define TDX_HOST_VP_ENTER_RECOVERABILITY_HINT	(1ULL << 52)
#define TDX_HOST_VP_ENTER_RESUME_L1		(1ULL << 53)

/* VMX exit reason: bits 15:0 of what tdx_host_vp_enter() returns. */
#define TDX_HOST_EXIT_REASON(status)		((status) & 0xffff)

/* Source: Intel SDM volume 3, "VMX Basic Exit Reasons". */
#define TDX_HOST_EXIT_EXTERNAL_INTERRUPT	1
#define TDX_HOST_EXIT_TRIPLE_FAULT		2
#define TDX_HOST_EXIT_HLT			12
#define TDX_HOST_EXIT_EPT_VIOLATION		48
#define TDX_HOST_EXIT_TDCALL			77

/**
 * tdx_host_vp_enter() - TDH.VP.ENTER: run the guest
 * @vp: the VCPU; associated with the calling CPU afterwards
 * @args: in: @args->rcx is 0 or TDX_HOST_VP_ENTER_*; after a TDCALL exit the
 *	  registers that the exit's mask selected go to the guest; out: all
 *	  registers as the leaf leaves them
 *
 * This is the hot path: there is no lock, no allocation, no retry and no
 * statistics.  A CPU that is not in VMX operation enters and leaves it for the
 * call, which takes far longer: a VMM should be in VMX operation.
 *
 * Context: Any; interrupts are off in the call, and one that comes in ends
 *	    it.  The caller saves the extended state and the MSRs that a TD
 *	    clobbers.
 * Return: completion status.  Where bit 63 is clear the guest ran, and bits
 *	   15:0 say why it stopped, TDX_HOST_EXIT_*.
 */
__u64 tdx_host_vp_enter(struct tdx_host_vp *vp, struct tdx_regs *args);

#endif /* TDX_HOST_VP_H */
