// SPDX-License-Identifier: GPL-2.0-only
/*
 * One call path: VMX window, flush of the VCPU, trace, retry by the table in
 * leaves.def.
 *
 * Source: TDX Module ABI 1.5, "SEAMCALL Instruction (Common)".
 */
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
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
 * The bounds of patience, by the clock: how long a try takes is not ours to
 * say.  Nobody who holds a lock of the TDX module holds it for long, and an
 * entropy source that is dry for seconds is broken.  A call that resumes makes
 * progress, and the longest, TDH.PHYMEM.CACHE.WB, takes as long as a WBINVD of
 * the largest cache under the densest interrupts.
 * With interrupts off there are few tries: what a leaf gives way to stays
 * pending, and this CPU owes others an answer.
 */
#define SPIN_NS			(2 * NSEC_PER_MSEC)
#define SLEEP_NS		(2ULL * NSEC_PER_SEC)
#define RESUME_NS		(10ULL * NSEC_PER_SEC)
#define IRQS_OFF_TRIES		8

/* Pauses double from 1 us to 64; from SPIN_NS on they are sleeps, if any. */
#define SPIN_DOUBLINGS		6U
#define SLEEP_MS		20

static u64 seamcall_patience(bool interrupted, bool may_sleep)
{
	if (!may_sleep)
		return SPIN_NS;
	return interrupted ? RESUME_NS : SLEEP_NS;
}

/**
 * seamcall_retry() - decide about another try, and pause before it
 * @r: zeroed before the first call
 * @leaf: the leaf that was called
 * @status: what it returned
 * @may_sleep: the caller may sleep
 *
 * Nothing is remembered beyond @r: whoever calls next starts afresh.
 *
 * Context: Any if not @may_sleep, else process context.  2 ms at most without
 *	    sleeping, a few tries with interrupts off.
 * Return: true to call again; false when @status is final or patience ends.
 */
bool seamcall_retry(struct seamcall_retry *r, u64 leaf, u64 status,
		    bool may_sleep)
{
	unsigned int transient = status_transient(leaf, status);
	u64 spent, now = ktime_get_mono_fast_ns();
	bool interrupted;

	might_sleep_if(may_sleep);
	if (!transient)
		return false;
	r->seen |= transient;
	interrupted = tdx_status_is(status, TDX_ST_INTERRUPTED_RESUMABLE) ||
		      tdx_status_is(status, TDX_ST_INTERRUPTED_RESTARTABLE);

	if (!r->all++)
		r->start = now;
	/* The clock of an NMI may seem to go back. */
	spent = now > r->start ? now - r->start : 0;
	if (spent >= seamcall_patience(interrupted, may_sleep))
		return false;
	if (irqs_disabled() && r->all > IRQS_OFF_TRIES)
		return false;

	/* Interrupts that were pending are served before the next try. */
	if (interrupted) {
		if (may_sleep)
			cond_resched();
		return true;
	}
	if (!r->tries)
		r->first = status;
	if (may_sleep && spent >= SPIN_NS)
		msleep(SLEEP_MS);
	else
		udelay(1U << min(r->tries, SPIN_DOUBLINGS));
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

/*
 * The machine is going down: SEAMCALL_LAST_LEAF is the last call to be made.
 * The trampolines look at it, which others call, too.
 */
u8 seamcall_stopped __read_mostly;

static void seamcall_barrier(void *unused)
{
}

/**
 * seamcall_stop() - no SEAMCALL begins any more, none runs on return
 *
 * Every call, also of those who call the trampolines themselves, has interrupts
 * off from the check of the flag to its end, so an interrupt that every CPU
 * has taken is the proof.  If a caller had only preemption off, this would
 * also have to wait for RCU, and a reboot then for every CPU that loops in the
 * kernel: the reason for which one reboots.
 *
 * Context: Sleeps.
 */
void seamcall_stop(void)
{
	might_sleep();
	WRITE_ONCE(seamcall_stopped, 1);
	on_each_cpu(seamcall_barrier, NULL, 1);
}

/* TDH.VP.ENTER has operands in all registers, and leaves the TD's there. */
static __always_inline u64 seamcall_execute(u64 leaf, struct tdx_regs *args)
{
	return leaf == TDH_VP_ENTER ? tdx_host_seamcall_saved_ret(leaf, args) :
				      tdx_host_seamcall_ret(leaf, args);
}

static noinline u64 seamcall_trace_now(void)
{
	return ktime_get_mono_fast_ns();
}

/* For a caller that reads the clock for nobody but who traces. */
static __always_inline u64 seamcall_trace_clock(void)
{
	return trace_seamcall_exit_enabled() ? seamcall_trace_now() : 0;
}

/* RCX of these: TDVPR; flags of TDH.VP.ENTER lie above it. */
#define SEAMCALL_TDVPR		GENMASK_ULL(51, 12)

/* Source: TDX Module ABI 1.5, "VCPU to LP association". */
static __always_inline bool seamcall_associates(u64 leaf)
{
	switch (leaf & TDX_LEAF_NUMBER_MASK) {
	case TDH_VP_ENTER:
	case TDH_VP_INIT:
	case TDH_VP_RD:
	case TDH_VP_WR:
	case TDH_EXPORT_STATE_VP:
	case TDH_IMPORT_STATE_VP:
		return true;
	default:
		return false;
	}
}

/**
 * seamcall_left_vcpu() - may the VCPU be associated with this LP now?
 * @status: what a leaf returned that associates one, also an error
 *
 * Not where another LP has it, nor where it could not even be looked at, since
 * another LP runs it: it stays locked for as long.
 *
 * Context: Any.
 * Return: false where there is nothing to flush.
 */
bool seamcall_left_vcpu(u64 status)
{
	return !tdx_status_is(status, TDX_ST_VCPU_ASSOCIATED) &&
	       status != (TDX_ST_OPERAND_BUSY | TDX_OPERAND_RCX);
}

/*
 * In VMX operation, after a call that may have associated the VCPU with this
 * LP.  Whoever holds a lock that is in the way does not for long, and to give
 * up is to lose the TD: so the patience is that of a caller with interrupts on.
 * Where the call succeeded there is a VCPU, and it is associated (@there); else
 * a failure may be that of the call.  False if it is associated still.
 */
static noinline bool seamcall_flush_vcpu(u64 tdvpr, bool there)
{
	u64 status, start = ktime_get_mono_fast_ns();

	do {
		struct tdx_regs args = { .rcx = tdvpr };
		u64 begin;

		trace_seamcall_enter(TDH_VP_FLUSH, &args);
		begin = seamcall_trace_clock();
		status = seamcall_execute(TDH_VP_FLUSH, &args);
		trace_seamcall_exit(TDH_VP_FLUSH, &args, status, begin);
	} while (tdx_status_is(status, TDX_ST_OPERAND_BUSY) &&
		 ktime_get_mono_fast_ns() - start < SPIN_NS);
	if (tdx_status_ok(status) ||
	    tdx_status_is(status, TDX_ST_VCPU_NOT_ASSOCIATED) ||
	    tdx_status_is(status, TDX_ST_GOING_DOWN))
		return true;
	if (!there && !tdx_status_is(status, TDX_ST_OPERAND_BUSY))
		return true;
	pr_err_ratelimited("CPU %d leaves VMX operation with the VCPU at 0x%llx: %s; its TD may be lost\n",
			   smp_processor_id(), tdvpr, status_name(status));
	return false;
}

static __always_inline void seamcall_settle_vcpu(u64 tdvpr, u64 status,
						 bool *stays)
{
	bool flushed = !seamcall_left_vcpu(status) ||
		       seamcall_flush_vcpu(tdvpr, tdx_status_ok(status));

	if (stays)
		*stays = !flushed;
}

/*
 * A call inside a VMX window of its own.  Interrupts are off: nobody but us
 * may see this CPU in VMX operation.
 *
 * VMXOFF may corrupt the VMCS of a VCPU that is associated with this LP (SDM
 * 3C, "Software Use of Virtual-Machine Control Structures").  A window is one
 * call long, so there is one VCPU at most, the call's own.
 */
static u64 seamcall_in_window(u64 leaf, struct tdx_regs *args, bool *stays)
{
	const u64 tdvpr = args->rcx & SEAMCALL_TDVPR;
	struct vmx_window w = { };
	u64 status;

	lockdep_assert_irqs_disabled();
	status = tdx_host_vmx_enter(&w);
	if (status)
		return status;
	status = seamcall_execute(leaf, args);
	if (status == TDX_ST_SEAMCALL_UD && !w.ours) {
		/* CR4.VMXE without VMX operation: see vmx.c. */
		status = vmx_take(&w);
		if (!status)
			status = seamcall_execute(leaf, args);
	}
	if (seamcall_associates(leaf) && (w.ours || (stays && !*stays)))
		seamcall_settle_vcpu(tdvpr, status, stays);
	tdx_host_vmx_leave(&w);
	return status;
}

/**
 * seamcall_once() - one SEAMCALL on this CPU, wherever VMX stands
 * @leaf: RAX
 * @args: RCX, RDX, R8-R11, in and out
 * @stays: of a leaf that associates a VCPU with this LP: in: may it stay so?
 *	   out: it has not been flushed.  NULL: it may
 *
 * Tests record calls here, by the name of the function.
 *
 * Context: Any.  Interrupts are off for the call.
 * Return: the completion status; TDX_ST_VMX_* where the CPU could not be
 *	   brought into VMX operation; TDX_ST_GOING_DOWN after
 *	   seamcall_stop(); else as tdx_host_seamcall_ret().
 */
u64 seamcall_once(u64 leaf, struct tdx_regs *args, bool *stays)
{
	unsigned long flags;
	u64 status, start;

	local_irq_save(flags);
	trace_seamcall_enter(leaf, args);
	start = ktime_get_mono_fast_ns();
	/* The trampoline would say so, but after entering VMX operation. */
	if (READ_ONCE(seamcall_stopped) && leaf != SEAMCALL_LAST_LEAF)
		status = TDX_ST_GOING_DOWN;
	else
		status = seamcall_in_window(leaf, args, stays);
	stats_add(leaf, status, ktime_get_mono_fast_ns() - start);
	trace_seamcall_exit(leaf, args, status, start);
	local_irq_restore(flags);
	return status;
}

/**
 * seamcall_hot() - a SEAMCALL for a caller in VMX operation, and in haste
 * @leaf: RAX
 * @args: operands, in and out
 * @stays: as seamcall_once()
 *
 * The instruction comes first, and the VMX window only where it raised #UD.
 * There is no retry, and there are no statistics: reading the clock twice
 * takes as long as everything else here.
 *
 * Context: Any.  Interrupts are off for the call.
 * Return: as seamcall_once().
 */
u64 seamcall_hot(u64 leaf, struct tdx_regs *args, bool *stays)
{
	const u64 tdvpr = args->rcx & SEAMCALL_TDVPR;
	unsigned long flags;
	u64 status, begin;

	local_irq_save(flags);
	trace_seamcall_enter(leaf, args);
	begin = seamcall_trace_clock();
	status = seamcall_execute(leaf, args);
	if (unlikely(status == TDX_ST_SEAMCALL_UD))
		status = seamcall_in_window(leaf, args, stays);
	else if (stays && !*stays)
		seamcall_settle_vcpu(tdvpr, status, stays);
	trace_seamcall_exit(leaf, args, status, begin);
	local_irq_restore(flags);
	return status;
}

/**
 * seamcall_insist() - tdx_host_call(), and how it went
 * @leaf: RAX
 * @args: operands, in and out
 * @may_sleep: the caller may sleep
 * @retry: zeroed before; afterwards what the tries returned
 *
 * Context: as tdx_host_call().
 * Return: as tdx_host_call().
 */
u64 seamcall_insist(u64 leaf, struct tdx_regs *args, bool may_sleep,
		    struct seamcall_retry *retry)
{
	const struct tdx_regs in = *args;
	u64 status;

	might_sleep_if(may_sleep);
	for (;;) {
		status = seamcall_once(leaf, args, NULL);
		if (!seamcall_retry(retry, leaf, status, may_sleep))
			break;
		/* A failed try clears outputs, a resumed call needs them. */
		if (!tdx_status_is(status, TDX_ST_INTERRUPTED_RESUMABLE))
			*args = in;
		else if (status_leaf_transient(leaf) & TDX_RETRY_RESUME_RCX)
			args->rcx = 1;
	}
	seamcall_retry_log(retry, leaf, status);
	return status;
}

u64 tdx_host_call(u64 leaf, struct tdx_regs *args, bool may_sleep)
{
	struct seamcall_retry retry = { };

	return seamcall_insist(leaf, args, may_sleep, &retry);
}
TDX_HOST_EXPORT(tdx_host_call);

u64 tdx_host_call_once(u64 leaf, struct tdx_regs *args)
{
	return seamcall_once(leaf, args, NULL);
}
TDX_HOST_EXPORT(tdx_host_call_once);

/* What the trampolines make of VMfailInvalid, #UD, #GP and the closed gate. */
static_assert(TDX_HOST_VMFAILINVALID == TDX_ST_SEAMCALL_VMFAILINVALID);
static_assert((TDX_HOST_FAULT | X86_TRAP_UD) == TDX_ST_SEAMCALL_UD);
static_assert((TDX_HOST_FAULT | X86_TRAP_GP) == TDX_ST_SEAMCALL_GP);
static_assert(TDX_HOST_GOING_DOWN == TDX_ST_GOING_DOWN);
static_assert(SEAMCALL_LAST_LEAF == TDH_SYS_DISABLE);

/* From C, so that MODVERSIONS sees the prototypes. */
TDX_HOST_EXPORT(tdx_host_seamcall);
TDX_HOST_EXPORT(tdx_host_seamcall_ret);
TDX_HOST_EXPORT(tdx_host_seamcall_saved_ret);
