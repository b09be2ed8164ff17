/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The SEAMCALL instruction as three functions, the thinnest first, none of
 * which enters VMX operation, retries or logs.  They are for callers that are
 * in VMX operation already, a VMM's VP.ENTER path above all.  The fourth,
 * tdx_host_call(), does all of that.
 *
 * Once the machine is being shut down none of the four executes SEAMCALL any
 * more.  Interrupts have to be off in the first three, so that tdx_host knows
 * by an interrupt to every CPU that no call is still running: then the TDX
 * module is shut down, and another kernel may be started.
 * Source: TDX Module ABI 1.5, "SEAMCALL Instruction (Common)".
 */
#ifndef TDX_HOST_SEAMCALL_H
#define TDX_HOST_SEAMCALL_H

#include <tdx/regs.h>

/*
 * TDX_ST_SEAMCALL_VMFAILINVALID; TDX_ST_GOING_DOWN; and the status of a fault,
 * into which the number of the trap is or'ed.
 */
#define TDX_HOST_VMFAILINVALID		0x8000ff00ffff0000
#define TDX_HOST_GOING_DOWN		0x8000ff00fffd0001
#define TDX_HOST_FAULT			0x8000ff0000000000

#ifndef __ASSEMBLER__

#include <linux/types.h>
#include <tdx/leaf.h>
#include <tdx/status.h>

/**
 * tdx_host_seamcall() - SEAMCALL with up to four operands and no outputs
 * @leaf: RAX: leaf number, version in bits 23:16
 * @rcx: RCX
 * @rdx: RDX
 * @r8: R8
 * @r9: R9
 *
 * R10 and R11 hold whatever they held before; leaves that read them need
 * tdx_host_seamcall_ret().
 *
 * Context: Any, with interrupts off, and the CPU in VMX operation.
 * Return: the completion status, whole; TDX_ST_SEAMCALL_UD when the CPU is
 *	   not in VMX operation or has no SEAM, TDX_ST_SEAMCALL_GP when SEAMRR
 *	   is not enabled, TDX_ST_SEAMCALL_VMFAILINVALID when there is no TDX
 *	   module; TDX_ST_GOING_DOWN, without a SEAMCALL, once the machine is
 *	   being shut down.
 */
__u64 tdx_host_seamcall(__u64 leaf, __u64 rcx, __u64 rdx, __u64 r8, __u64 r9);

/**
 * tdx_host_seamcall_ret() - SEAMCALL with RCX, RDX, R8-R11 in and out
 * @leaf: RAX: leaf number, version in bits 23:16
 * @args: operands; @args->rcx to @args->r11 are written back, on error
 *	  statuses too.  Unchanged when TDX_ST_SEAMCALL_* or
 *	  TDX_ST_GOING_DOWN is returned.
 *
 * Context: As tdx_host_seamcall().
 * Return: As tdx_host_seamcall().
 */
__u64 tdx_host_seamcall_ret(__u64 leaf, struct tdx_regs *args);

/**
 * tdx_host_seamcall_saved_ret() - SEAMCALL with all GPRs in and out
 * @leaf: RAX: leaf number, version in bits 23:16
 * @args: operands, all written back, as tdx_host_seamcall_ret()
 *
 * For TDH.VP.ENTER and the export and import leaves.  No register that the
 * TD could have chosen is left in place on return.
 *
 * Context: As tdx_host_seamcall(), noinstr code too.  TDH.VP.ENTER also
 *	    changes extended state and most user MSRs: the caller saves what
 *	    it needs.
 * Return: As tdx_host_seamcall().
 */
__u64 tdx_host_seamcall_saved_ret(__u64 leaf, struct tdx_regs *args);

/**
 * tdx_host_call() - a SEAMCALL with everything that it may need
 * @leaf: RAX: leaf number, version in bits 23:16
 * @args: RCX, RDX, R8-R11, in and out; outputs are those of the last try
 * @may_sleep: the caller may sleep, and migrate, between tries
 *
 * For leaves that have no wrapper and are not on a hot path.  It enters VMX
 * operation for the call where nobody else has, and repeats the call after
 * statuses that the retry table calls transient: for about 2 ms, but a few
 * times at most with interrupts off; if @may_sleep for 2 s, or 10 s where the
 * TDX module only gave way to interrupts.  debugfs counts the call, and the
 * tracepoints record it.
 *
 * Context: Any if not @may_sleep, else process context.
 * Return: the completion status, whole; TDX_ST_VMX_* where the CPU could not
 *	   be brought into VMX operation; TDX_ST_GOING_DOWN once the machine is
 *	   being shut down; else as tdx_host_seamcall_ret().
 *	   A transient status means that patience ended, and that a later call
 *	   may succeed.
 */
__u64 tdx_host_call(__u64 leaf, struct tdx_regs *args, bool may_sleep);

/**
 * tdx_host_call_once() - a SEAMCALL without a second try
 * @leaf: RAX: leaf number, version in bits 23:16
 * @args: RCX, RDX, R8-R11, in and out
 *
 * As tdx_host_call(), but a transient status comes back at once: for who holds
 * a spinlock, or knows better than to wait, as a VMM does that has to kick a
 * VCPU out of the TD.
 *
 * Context: Any.
 * Return: as tdx_host_call().
 */
__u64 tdx_host_call_once(__u64 leaf, struct tdx_regs *args);

#endif /* !__ASSEMBLER__ */
#endif /* TDX_HOST_SEAMCALL_H */
