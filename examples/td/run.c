// SPDX-License-Identifier: GPL-2.0-only
/* The run loop of the VCPU. */
#include <linux/sched.h>

#include <tdx_host/vp.h>

#include "consumer.h"

/* More exits than our guest has, unless the machine is very busy. */
#define MAX_ENTRIES	100000

static int handle(struct consumer_td *c, u64 status,
		  struct tdx_regs *args, bool *done)
{
	if (consumer_exit_served(status, args))
		return 0;
	switch (TDX_HOST_EXIT_REASON(status)) {
	case TDX_HOST_EXIT_TDCALL:
		return consumer_hypercall(c, args, done);
	case TDX_HOST_EXIT_EPT_VIOLATION:
		return consumer_ept_violation(c, args);
	}
	pr_err(KBUILD_MODNAME ": TD %u: exit for reason %llu, which is not for a guest like ours\n",
	       c->nr, TDX_HOST_EXIT_REASON(status));
	return -EIO;
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
		status = consumer_enter(&c->vp[0], &args, NULL);
		if (tdx_status_is(status, TDX_ST_VCPU_ASSOCIATED)) {
			ret = consumer_move_here(c, &c->vp[0]);
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
		pr_err(KBUILD_MODNAME ": TD %u: the guest does not come to its end\n",
		       c->nr);
		return -ELOOP;
	}
	return 0;
}
