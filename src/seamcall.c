// SPDX-License-Identifier: GPL-2.0-only
/*
 * One call path: VMX window, trace, retry by the table in leaves.def.
 *
 * Source: TDX Module ABI 1.5, "SEAMCALL Instruction (Common)".
 */
#include <linux/build_bug.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/timekeeping.h>
#include <asm/trapnr.h>

#include "compat/compat.h"
#include "seamcall.h"
#include "stats.h"
#include "status.h"
#include "trace.h"
#include "vmx.h"

/*
 * The bounds of patience.  Nobody who holds a lock of the TDX module holds it
 * for long, and an entropy source that is dry for seconds is broken.
 * Without sleeping: 32 pauses, doubling from 1 to 64 us, 1.7 ms in all.
 * Sleeping: after the same, 100 pauses of 20 ms, 2 s in all.
 * A resumed call makes progress, so it may be resumed far more often.
 */
#define SPIN_TRIES		32
#define SPIN_MAX_US		64
#define SLEEP_TRIES		100
#define SLEEP_MS		20
#define MAX_RESUMES		1000000

/**
 * seamcall_retry() - decide about another try, and pause before it
 * @r: zeroed before the first call
 * @leaf: the leaf that was called
 * @status: what it returned
 * @may_sleep: the caller may sleep
 *
 * Nothing is remembered beyond @r: whoever calls next starts afresh.
 *
 * Context: Any if not @may_sleep, else process context.
 * Return: true to call again; false when @status is final or patience ends.
 */
bool seamcall_retry(struct seamcall_retry *r, u64 leaf, u64 status,
		    bool may_sleep)
{
	might_sleep_if(may_sleep);
	if (!status_transient(leaf, status))
		return false;

	if (tdx_status_is(status, TDX_ST_INTERRUPTED_RESUMABLE) ||
	    tdx_status_is(status, TDX_ST_INTERRUPTED_RESTARTABLE)) {
		if (r->resumes++ >= MAX_RESUMES)
			return false;
		if (may_sleep)
			cond_resched();
		return true;
	}

	if (!r->tries)
		r->first = status;
	if (r->tries < SPIN_TRIES)
		udelay(r->tries < ilog2(SPIN_MAX_US) ? 1U << r->tries :
						       SPIN_MAX_US);
	else if (may_sleep && r->tries < SPIN_TRIES + SLEEP_TRIES)
		msleep(SLEEP_MS);
	else
		return false;
	r->tries++;
	return true;
}

/**
 * seamcall_retry_log() - say at debug level that a call needed patience
 * @r: as seamcall_retry() left it
 * @leaf: the leaf that was called
 * @status: what it returned in the end
 *
 * Context: Any.
 */
void seamcall_retry_log(const struct seamcall_retry *r, u64 leaf, u64 status)
{
	if (r->tries)
		printk_ratelimited(KERN_DEBUG
				   pr_fmt("%s: %s, retried %u times, then %s\n"),
				   status_leaf_name(leaf),
				   status_name(r->first), r->tries,
				   status_name(status));
}

/* The machine is going down: TDH.SYS.DISABLE is the last call to be made. */
static bool seamcall_stopped;

static void seamcall_barrier(void *unused)
{
}

/**
 * seamcall_stop() - no SEAMCALL begins any more, none runs on return
 *
 * A call has interrupts off from the check of the flag to its end, so an
 * interrupt that every CPU has taken is the proof.
 *
 * Context: Sleeps.
 */
void seamcall_stop(void)
{
	might_sleep();
	WRITE_ONCE(seamcall_stopped, true);
	on_each_cpu(seamcall_barrier, NULL, 1);
}

/* TDH.VP.ENTER has operands in all registers, and leaves the TD's there. */
static __always_inline u64 seamcall_execute(u64 leaf, struct tdx_regs *args,
					    bool saved)
{
	return saved ? tdx_host_seamcall_saved_ret(leaf, args) :
		       tdx_host_seamcall_ret(leaf, args);
}

/*
 * A call inside a VMX window of its own.  Interrupts are off: nobody but us
 * may see this CPU in VMX operation.
 */
static u64 seamcall_in_window(u64 leaf, struct tdx_regs *args, bool saved)
{
	struct vmx_window w = { };
	u64 status;

	lockdep_assert_irqs_disabled();
	status = tdx_host_vmx_enter(&w);
	if (status)
		return status;
	status = seamcall_execute(leaf, args, saved);
	if (status == TDX_ST_SEAMCALL_UD && !w.ours) {
		/* CR4.VMXE without VMX operation: see vmx.c. */
		status = vmx_take(&w);
		if (!status)
			status = seamcall_execute(leaf, args, saved);
	}
	tdx_host_vmx_leave(&w);
	return status;
}

/**
 * seamcall_once() - one SEAMCALL on this CPU, wherever VMX stands
 * @leaf: RAX
 * @args: RCX, RDX, R8-R11, in and out
 *
 * Tests record calls here, by the name of the function.
 *
 * Context: Any.  Interrupts are off for the call.
 * Return: the completion status; TDX_ST_VMX_* where the CPU could not be
 *	   brought into VMX operation; TDX_ST_GOING_DOWN after
 *	   seamcall_stop(); else as tdx_host_seamcall_ret().
 */
u64 seamcall_once(u64 leaf, struct tdx_regs *args)
{
	unsigned long flags;
	u64 status, start;

	local_irq_save(flags);
	trace_seamcall_enter(leaf, args);
	start = ktime_get_mono_fast_ns();
	if (READ_ONCE(seamcall_stopped) && leaf != TDH_SYS_DISABLE)
		status = TDX_ST_GOING_DOWN;
	else
		status = seamcall_in_window(leaf, args, false);
	stats_add(leaf, status, ktime_get_mono_fast_ns() - start);
	trace_seamcall_exit(leaf, args, status);
	local_irq_restore(flags);
	return status;
}

/**
 * seamcall_hot() - a SEAMCALL for a caller in VMX operation, and in haste
 * @leaf: RAX
 * @args: operands, in and out
 * @saved: all GPRs, not only RCX, RDX and R8-R11
 *
 * The instruction comes first, and the VMX window only where it raised #UD.
 * There is no retry, and there are no statistics: reading the clock twice
 * takes as long as everything else here.
 *
 * Context: Any.  Interrupts are off for the call.
 * Return: as seamcall_once().
 */
u64 seamcall_hot(u64 leaf, struct tdx_regs *args, bool saved)
{
	unsigned long flags;
	u64 status;

	local_irq_save(flags);
	trace_seamcall_enter(leaf, args);
	if (unlikely(READ_ONCE(seamcall_stopped))) {
		status = TDX_ST_GOING_DOWN;
	} else {
		status = seamcall_execute(leaf, args, saved);
		if (unlikely(status == TDX_ST_SEAMCALL_UD))
			status = seamcall_in_window(leaf, args, saved);
	}
	trace_seamcall_exit(leaf, args, status);
	local_irq_restore(flags);
	return status;
}

u64 tdx_host_call(u64 leaf, struct tdx_regs *args, bool may_sleep)
{
	const struct tdx_regs in = *args;
	struct seamcall_retry retry = { };
	u64 status;

	might_sleep_if(may_sleep);
	for (;;) {
		status = seamcall_once(leaf, args);
		if (!seamcall_retry(&retry, leaf, status, may_sleep))
			break;
		/* A failed try clears outputs, a resumed call needs them. */
		if (!tdx_status_is(status, TDX_ST_INTERRUPTED_RESUMABLE))
			*args = in;
		else if (status_leaf_transient(leaf) & TDX_RETRY_RESUME_RCX)
			args->rcx = 1;
	}
	seamcall_retry_log(&retry, leaf, status);
	return status;
}
TDX_HOST_EXPORT(tdx_host_call);

/* What the trampoline makes of VMfailInvalid, #UD and #GP. */
static_assert(TDX_HOST_VMFAILINVALID == TDX_ST_SEAMCALL_VMFAILINVALID);
static_assert((TDX_HOST_FAULT | X86_TRAP_UD) == TDX_ST_SEAMCALL_UD);
static_assert((TDX_HOST_FAULT | X86_TRAP_GP) == TDX_ST_SEAMCALL_GP);

/* From C, so that MODVERSIONS sees the prototypes. */
TDX_HOST_EXPORT(tdx_host_seamcall);
TDX_HOST_EXPORT(tdx_host_seamcall_ret);
TDX_HOST_EXPORT(tdx_host_seamcall_saved_ret);
