// SPDX-License-Identifier: GPL-2.0-only
/* The run loop of the VCPUs, each in a thread that is bound to a CPU. */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched.h>

#include "linux_td.h"

static int vcpu_handle_exit(struct linux_td_vcpu *v, u64 status,
			    struct tdx_regs *args)
{
	if (consumer_exit_served(status, args))
		return 0;
	switch (TDX_HOST_EXIT_REASON(status)) {
	case TDX_HOST_EXIT_TDCALL:
		return linux_td_vmcall(v, args);
	case TDX_HOST_EXIT_EPT_VIOLATION:
		return linux_td_fault(v->t, args);
	}
	linux_td_console_flush();
	pr_err("linux_td: VCPU %u: exit for reason %llu, which is its end\n",
	       v->nr, TDX_HOST_EXIT_REASON(status));
	return -EIO;
}

static int vcpu_run(struct linux_td_vcpu *v)
{
	struct consumer_td *c = &v->t->c;
	struct tdx_regs args = { }, in;
	ktime_t until = 0;
	u64 status;
	int ret;

	while (!READ_ONCE(v->t->over) && !consumer_given_up()) {
		ret = linux_td_apic_nmi(v);
		if (ret)
			return ret;
		in = args;
		in.rcx = 0;
		args = in;
		status = consumer_enter(v->vp, &args, linux_td_apic_notify);
		v->entries++;
		if (tdx_status_is(status, TDX_ST_VCPU_ASSOCIATED)) {
			ret = consumer_move_here(c, v->vp);
			args = in;
		} else if (consumer_again(TDH_VP_ENTER, status, &until)) {
			args = in;
		} else if (!tdx_status_ok(status)) {
			ret = consumer_failed(c, TDH_VP_ENTER, status);
		} else {
			ret = vcpu_handle_exit(v, status, &args);
			until = 0;
		}
		if (ret)
			return ret;
		cond_resched();
	}
	return 0;
}

/* Whatever ends one VCPU ends all. */
static int vcpu_thread(void *data)
{
	struct linux_td_vcpu *v = data;

	v->ret = vcpu_run(v);
	linux_td_stop(v->t);
	/* Somebody waits for that, who alone may let it go. */
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return v->ret;
}

void linux_td_stop(struct linux_td *t)
{
	unsigned int i;

	WRITE_ONCE(t->over, true);
	for (i = 0; i < t->c.vcpus; i++)
		wake_up(&t->vcpu[i].wait);
}

static int vcpu_start(struct linux_td_vcpu *v, unsigned int cpu)
{
	struct task_struct *thread;

	thread = kthread_create(vcpu_thread, v, "linux_td/%u", v->nr);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	kthread_bind(thread, cpu);
	v->thread = thread;
	wake_up_process(thread);
	return 0;
}

int linux_td_run(struct linux_td *t)
{
	unsigned int i, cpu = cpumask_first(cpu_online_mask);
	int ret = 0;

	for (i = 0; i < t->c.vcpus && !ret; i++) {
		ret = vcpu_start(&t->vcpu[i], cpu);
		cpu = cpumask_next(cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
	}
	if (ret)
		linux_td_stop(t);
	/* Killed, it ends as well. */
	if (wait_event_killable(t->vcpu[0].wait, READ_ONCE(t->over)))
		linux_td_stop(t);
	for (i = 0; i < t->c.vcpus; i++) {
		if (!t->vcpu[i].thread)
			continue;
		kthread_stop(t->vcpu[i].thread);
		linux_td_say("VCPU %u: %llu entries", i, t->vcpu[i].entries);
		if (!ret)
			ret = t->vcpu[i].ret;
	}
	linux_td_console_flush();
	return ret;
}
