/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TDCALL instruction, for code that runs in a TD: what tdx_guest_call.ko
 * exports.  None of these functions retries, logs or sleeps.  The calls that
 * need no function at all are in <tdx_guest/tdg.h>.
 * Source: TDX Module ABI 1.5, "TDCALL Instruction (Common)".
 */
#ifndef TDX_GUEST_TDCALL_H
#define TDX_GUEST_TDCALL_H

#include <tdx/regs.h>

/*
 * RCX of TDG.VP.VMCALL, bits 15:0: a bit for each register, in the order of
 * their numbers (RAX 0, RCX 1, RDX 2, RBX 3, RSP 4, RBP 5, RSI 6, RDI 7, R8
 * 8...), that the VMM may see and change.  RBP is never one of them: it may be
 * the frame pointer, and a TD with CONFIG_FLAGS.NO_RBP_MOD cannot expose it.
 */
#define TDX_GUEST_EXPOSE_R10_R15	0xfc00
#define TDX_GUEST_EXPOSE_ALL		0xffcc

/* The status of a fault, into which the number of the trap is or'ed. */
#define TDX_GUEST_FAULT			0x8000ff0100000000

#ifndef __ASSEMBLER__

#include <linux/types.h>
#include <tdx/status.h>

/* RAX: 15:0 leaf, 23:16 version. */
#define TDX_GUEST_LEAF_VERSION(v)	((__u64)(v) << 16)

/*
 * TDX_TDG_<NAME>: leaf numbers of TDCALL.  (TDG_<NAME> alone would collide
 * with macros of <asm/shared/tdx.h>.)
 */
enum tdx_guest_leaf {
#define TDX_GUEST_LEAF(name, number, text) TDX_TDG_##name = (number),
#include <tdx/guest_leaves.def>
};

/**
 * tdx_guest_module_call() - a request to the TDX module
 * @leaf: RAX: TDX_TDG_*, version in bits 23:16.  TDG.VP.VMCALL is refused:
 *	  it could change registers that are not saved here
 * @rcx: RCX
 * @rdx: RDX
 * @r8: R8
 * @r9: R9
 * @out: @out->rcx to @out->r11 as the TDX module left them, on error statuses
 *	 too, unchanged after a TDX_ST_TDCALL_*; or NULL
 *
 * R10 to R13 hold whatever they held before; the leaves that read them
 * (TDG.SERVTD.RD, TDG.SERVTD.WR) need tdx_guest_module_call_saved().
 * Source: TDX Module ABI 1.5, "Guest-Side (TDCALL) Interface".
 *
 * Context: Any, in a TD.  Does not sleep; the TDX module may let the VMM run
 *	    before it comes back.
 * Return: the completion status, whole; TDX_ST_OPERAND_INVALID with operand
 *	   RAX for TDG.VP.VMCALL; TDX_ST_TDCALL_UD where this is not a TD.
 */
__u64 tdx_guest_module_call(__u64 leaf, __u64 rcx, __u64 rdx, __u64 r8,
			    __u64 r9, struct tdx_regs *out);

/**
 * tdx_guest_module_call_saved() - TDCALL with all GPRs in and out
 * @leaf: RAX: TDX_TDG_*, version in bits 23:16
 * @args: registers, all written back, as tdx_guest_module_call() does
 *
 * For TDG.SERVTD.RD, TDG.SERVTD.WR, TDG.VP.ENTER, and for a TDG.VP.VMCALL
 * with a mask of its own.  RBP is not an operand and is brought back whatever
 * the call does to it.  No value that another party chose is left in a
 * register on return.
 *
 * Context: As tdx_guest_module_call().  An L2 VM entered by TDG.VP.ENTER, and
 *	    a VMM that is given XMM registers, change extended state: the
 *	    caller saves what it needs.  On a kernel that unwinds by frame
 *	    pointers interrupts are off for TDG.VP.ENTER: they would find the
 *	    L2 VM's RBP.
 * Return: the completion status, whole; TDX_ST_TDCALL_UD where this is not a
 *	   TD.
 */
__u64 tdx_guest_module_call_saved(__u64 leaf, struct tdx_regs *args);

/**
 * tdx_guest_hypercall() - a request to the VMM in R10 to R15
 * @in: @in->r10 to @in->r15: by the convention of the GHCI R10 is 0 or a
 *	number of the VMM's own, R11 the sub-function, R12 to R15 its arguments
 * @out: @out->r10 to @out->r15 as the VMM left them, unchanged after a
 *	 TDX_ST_TDCALL_*; may be @in, may be NULL
 *
 * The VMM sees no other register.  On return its values are in @out and in no
 * register any more.  None of them can be trusted.
 * Source: TDX Module ABI 1.5, TDG.VP.VMCALL; Guest-Host-Communication
 * Interface (GHCI) 1.5, "TDG.VP.VMCALL Interface".
 *
 * Context: As tdx_guest_module_call().  The VMM decides when, and whether,
 *	    it comes back.
 * Return: the completion status of TDG.VP.VMCALL, which is TDX_ST_SUCCESS
 *	   when the VMM was reached, whatever it answered: that is in
 *	   @out->r10.  TDX_ST_TDCALL_UD where this is not a TD.
 */
__u64 tdx_guest_hypercall(const struct tdx_regs *in,
			  struct tdx_regs *out);

/**
 * tdx_guest_hypercall_saved() - a request to the VMM in all registers
 * @in: all but @in->rcx: RDX, RBX, RSI, RDI, R8 to R15
 * @out: the same registers as the VMM left them, as tdx_guest_hypercall()
 *	 does; may be @in, may be NULL
 *
 * For sub-functions that need more than six registers, like
 * <ReportFatalError> with its message in R14, R15, RBX, RDI, RSI, R8, R9, RDX.
 * Source: as tdx_guest_hypercall().
 *
 * Context: As tdx_guest_hypercall().
 * Return: As tdx_guest_hypercall().
 */
__u64 tdx_guest_hypercall_saved(const struct tdx_regs *in,
				struct tdx_regs *out);

#endif /* !__ASSEMBLER__ */
#endif /* TDX_GUEST_TDCALL_H */
