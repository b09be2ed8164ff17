// SPDX-License-Identifier: GPL-2.0-only
/* Into a VCPU, and out of it. */
#include <linux/irqflags.h>
#include <asm/fpu/api.h>

#include <tdx_host/vp.h>

#include "consumer.h"

/* @last: NULL, or what is to be done last, with interrupts off */
u64 consumer_enter(struct tdx_host_vp *vp, struct tdx_regs *args,
		   void (*last)(struct tdx_host_vp *vp))
{
	struct consumer_host_state hs;
	unsigned long flags;
	u64 status;

	/*
	 * The guest's extended state is nothing to us, ours is lost.  An
	 * interrupt would find the guest's, and could change the registers
	 * that were saved: a breakpoint, for one.
	 */
	kernel_fpu_begin();
	local_irq_save(flags);
	if (last)
		last(vp);
	consumer_host_save(&hs);
	status = tdx_host_vp_enter(vp, args);
	consumer_host_restore(&hs);
	local_irq_restore(flags);
	kernel_fpu_end();
	return status;
}

/* True: the exit was for the host, and the guest has only to go on. */
bool consumer_exit_served(u64 status, const struct tdx_regs *args)
{
	switch (TDX_HOST_EXIT_REASON(status)) {
	case TDX_HOST_EXIT_EXTERNAL_INTERRUPT:
		/* It was served when interrupts came on again. */
		return true;
	case TDX_HOST_EXIT_EXCEPTION_NMI:
		/* An NMI was served, too; anything else is a fault of the CPU. */
		return TDX_HOST_EXIT_EVENT_TYPE(args->r9) ==
		       TDX_HOST_EXIT_EVENT_NMI;
	default:
		return false;
	}
}

/*
 * Another LP has the VCPU, for this thread was moved.  It has to let it go
 * before we can have it.
 */
int consumer_move_here(struct consumer_td *c, struct tdx_host_vp *vp)
{
	ktime_t until = 0;
	u64 status;

	do {
		status = tdx_host_vp_flush(vp);
	} while (consumer_again(TDH_VP_FLUSH, status, &until));
	if (!tdx_status_ok(status) &&
	    !tdx_status_is(status, TDX_ST_VCPU_NOT_ASSOCIATED))
		return consumer_failed(c, TDH_VP_FLUSH, status);
	return 0;
}
