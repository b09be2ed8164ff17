// SPDX-License-Identifier: GPL-2.0-only
/* The run loop of a VCPU. */
#include <linux/irqflags.h>
#include <linux/sched.h>
#include <asm/fpu/api.h>

#include <tdx_host/vp.h>

#include "consumer.h"

/* More exits than our guest has, unless the machine is very busy. */
#define MAX_ENTRIES	100000

static u64 enter(struct consumer_td *c, struct tdx_regs *args)
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
	consumer_host_save(&hs);
	status = tdx_host_vp_enter(&c->vp, args);
	consumer_host_restore(&hs);
	local_irq_restore(flags);
	kernel_fpu_end();
	return status;
}

static int handle(struct consumer_td *c, u64 status,
		  struct tdx_regs *args, bool *done)
{
	switch (TDX_HOST_EXIT_REASON(status)) {
	case TDX_HOST_EXIT_EXTERNAL_INTERRUPT:
		/* It was served when interrupts came on again. */
		return 0;
	case TDX_HOST_EXIT_EXCEPTION_NMI:
		/* An NMI was served, too; anything else is a fault of the CPU. */
		if (TDX_HOST_EXIT_EVENT_TYPE(args->r9) ==
		    TDX_HOST_EXIT_EVENT_NMI)
			return 0;
		break;
	case TDX_HOST_EXIT_TDCALL:
		return consumer_hypercall(c, args, done);
	case TDX_HOST_EXIT_EPT_VIOLATION:
		return consumer_ept_violation(c, args);
	}
	pr_err("tdx_consumer: TD %u: exit for reason %llu, which is not for a guest like ours\n",
	       c->nr, TDX_HOST_EXIT_REASON(status));
	return -EIO;
}

/*
 * Another LP has the VCPU, for this thread was moved.  It has to let it go
 * before we can have it.
 */
static int move_here(struct consumer_td *c)
{
	ktime_t until = 0;
	u64 status;

	do {
		status = tdx_host_vp_flush(&c->vp);
	} while (consumer_again(TDH_VP_FLUSH, status, &until));
	if (!tdx_status_ok(status) &&
	    !tdx_status_is(status, TDX_ST_VCPU_NOT_ASSOCIATED))
		return consumer_failed(c, TDH_VP_FLUSH, status);
	return 0;
}

int consumer_run(struct consumer_td *c)
{
	struct tdx_regs args = { }, in;
	ktime_t until = 0;
	unsigned int i;
	bool done = false;
	u64 status;
	int ret;

	for (i = 0; !done && i < MAX_ENTRIES; i++) {
		in = args;
		in.rcx = 0;
		args = in;
		status = enter(c, &args);
		if (tdx_status_is(status, TDX_ST_VCPU_ASSOCIATED)) {
			ret = move_here(c);
			args = in;
		} else if (consumer_again(TDH_VP_ENTER, status, &until)) {
			ret = 0;
			args = in;
		} else if (!tdx_status_ok(status)) {
			ret = consumer_failed(c, TDH_VP_ENTER, status);
		} else {
			ret = handle(c, status, &args, &done);
			until = 0;
		}
		if (ret)
			return ret;
		cond_resched();
	}
	if (!done) {
		pr_err("tdx_consumer: TD %u: the guest does not come to its end\n",
		       c->nr);
		return -ELOOP;
	}
	return 0;
}
