// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which VCPUs a CPU has: those of VMMs that keep it in VMX operation, for all
 * others are flushed before the call ends that associated them (seamcall.c).
 *
 * A list is for its own CPU alone, with interrupts off, so it has no lock.
 * Nobody but a call on that CPU puts a VCPU on it, and what takes one off from
 * elsewhere sends an interrupt.
 */
#include <linux/bug.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/smp.h>

#include "compat/compat.h"
#include "error.h"
#include "seamcall.h"
#include "status.h"
#include "vp_cpu.h"

/**
 * struct vp_cpu - a CPU, to VCPUs
 * @vps: the VCPUs that it has, by their @on_cpu
 * @closed: it is going offline, and keeps none
 */
struct vp_cpu {
	struct hlist_head vps;
	bool closed;
};

static DEFINE_PER_CPU(struct vp_cpu, vp_cpu);

/**
 * vp_cpu_keeps() - may a VCPU stay associated with the calling CPU?
 * @vp: the VCPU
 *
 * Context: Interrupts off, from here to vp_cpu_note().
 * Return: false where it has to be flushed before interrupts are on.
 */
bool vp_cpu_keeps(const struct tdx_host_vp *vp)
{
	lockdep_assert_irqs_disabled();
	return vp->td->holds_vmx && !this_cpu_read(vp_cpu.closed);
}

static void vp_cpu_drop(struct tdx_host_vp *vp)
{
	hlist_del_init(&vp->on_cpu);
	WRITE_ONCE(vp->cpu, -1);
}

/* With interrupts off each of these is patient for some 200 us. */
#define VP_CPU_TRIES	10

/* Long enough for whoever holds a lock of it: there may be no second time. */
static u64 vp_cpu_call_flush(const struct tdx_host_vp *vp)
{
	unsigned int i;
	u64 status;

	for (i = 0; i < VP_CPU_TRIES; i++) {
		struct tdx_regs args = { .rcx = page_to_phys(vp->tdvpr) };

		status = tdx_host_call(TDH_VP_FLUSH, &args, false);
		if (!tdx_status_is(status, TDX_ST_OPERAND_BUSY))
			break;
	}
	return status;
}

/**
 * vp_cpu_note() - remember where a VCPU is
 * @vp: the VCPU
 * @stays: it was not flushed; as seamcall_once() left it
 * @status: of the call that may have associated it with the calling CPU
 *
 * A call that failed may have associated the VCPU before.  Then it is flushed:
 * a caller for whom it never began to run need not know of any list.
 *
 * Context: Interrupts off.
 */
void vp_cpu_note(struct tdx_host_vp *vp, bool stays, u64 status)
{
	int cpu = smp_processor_id();

	lockdep_assert_irqs_disabled();
	if (!stays) {
		if (unlikely(vp->cpu == cpu))
			vp_cpu_drop(vp);
		return;
	}
	if (likely(vp->cpu == cpu && !hlist_unhashed(&vp->on_cpu)))
		return;
	if (!tdx_status_ok(status)) {
		/* What is associated still must be found by who flushes it. */
		if (seamcall_left_vcpu(status) &&
		    tdx_status_is(vp_cpu_call_flush(vp), TDX_ST_OPERAND_BUSY))
			WRITE_ONCE(vp->cpu, cpu);
		return;
	}
	/* Flushed there by other means than ours: that list is not ours. */
	if (WARN_ON_ONCE(!hlist_unhashed(&vp->on_cpu)))
		return;
	hlist_add_head(&vp->on_cpu, &this_cpu_ptr(&vp_cpu)->vps);
	WRITE_ONCE(vp->cpu, cpu);
}

/**
 * vp_cpu_flush() - TDH.VP.FLUSH of a VCPU that the calling CPU may have
 * @vp: the VCPU; on no list afterwards, whatever is returned
 *
 * It is off the list before the TDX module gives it free, and another CPU may
 * take it.  After a failure @vp->cpu still says where to try again.
 *
 * Context: Interrupts off.
 * Return: completion status; TDX_ST_VCPU_NOT_ASSOCIATED when this CPU does not
 *	   have it.
 */
u64 vp_cpu_flush(struct tdx_host_vp *vp)
{
	int cpu = smp_processor_id();
	u64 status;

	lockdep_assert_irqs_disabled();
	if (READ_ONCE(vp->cpu) != cpu)
		return TDX_ST_VCPU_NOT_ASSOCIATED;
	vp_cpu_drop(vp);
	status = vp_cpu_call_flush(vp);
	if (!tdx_status_ok(status) &&
	    !tdx_status_is(status, TDX_ST_VCPU_NOT_ASSOCIATED))
		WRITE_ONCE(vp->cpu, cpu);
	return status;
}

/* False when there was none. */
static bool vp_cpu_flush_first(u64 *first_error)
{
	struct hlist_node *node;
	unsigned long flags;
	u64 status;

	local_irq_save(flags);
	node = this_cpu_ptr(&vp_cpu)->vps.first;
	if (node) {
		status = vp_cpu_flush(hlist_entry(node, struct tdx_host_vp,
						  on_cpu));
		if (!tdx_status_ok(status) && tdx_status_ok(*first_error))
			*first_error = status;
	}
	local_irq_restore(flags);
	return node;
}

u64 tdx_host_vp_flush_cpu(void)
{
	u64 status = TDX_ST_SUCCESS;

	while (vp_cpu_flush_first(&status))
		;
	return status;
}
TDX_HOST_EXPORT(tdx_host_vp_flush_cpu);

/**
 * vp_cpu_open() - the calling CPU may have VCPUs
 *
 * Context: On a CPU that comes online, or does not go offline after all.
 */
void vp_cpu_open(void)
{
	this_cpu_write(vp_cpu.closed, false);
}

/**
 * vp_cpu_close() - the calling CPU has no VCPUs any more
 *
 * Before 5.11 tasks run on a CPU that is going offline until it is stopped.
 *
 * Context: Process context, on a CPU that goes offline.
 */
void vp_cpu_close(void)
{
	u64 status;

	this_cpu_write(vp_cpu.closed, true);
	status = tdx_host_vp_flush_cpu();
	if (!tdx_status_ok(status) &&
	    !tdx_status_is(status, TDX_ST_VCPU_NOT_ASSOCIATED) &&
	    !tdx_status_is(status, TDX_ST_GOING_DOWN))
		error_log_cause(KERN_ERR, TDX_CAUSE_VCPU_LOST,
				"CPU %d, TDH.VP.FLUSH: %s", smp_processor_id(),
				status_name(status));
}
