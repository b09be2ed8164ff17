// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading the module makes TDs, runs and destroys them: one TD, which tells
 * every step in the kernel log, or with tds= and threads= many.  Loading fails
 * when one of them does.  With hold=1 they are kept, as a VMM keeps them, until
 * the module is unloaded or TDX goes down; see hold.c.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>

#include <tdx_host/sysinfo.h>
#include <tdx_host/tdx_host.h>

#include "consumer.h"

#if TDX_HOST_API_VERSION != 1
#error tdx_consumer is written for version 1 of the interface of tdx_host
#endif

static unsigned int tds = 1;
module_param(tds, uint, 0444);
MODULE_PARM_DESC(tds, "how many TDs to make and destroy (1)");

static unsigned int threads = 1;
module_param(threads, uint, 0444);
MODULE_PARM_DESC(threads, "by how many threads, each on a CPU of its own (1)");

static bool holds_vmx;
module_param(holds_vmx, bool, 0444);
MODULE_PARM_DESC(holds_vmx,
		 "KVM is kept in VMX operation meanwhile, as <tdx_host/vp.h> says, so that VCPUs are not flushed at each exit (N)");

static bool hold;
module_param(hold, bool, 0444);
MODULE_PARM_DESC(hold, "keep the TDs until the module goes, or TDX (0)");

/* A TD from nothing to nothing, or to where it is held: then @held is set. */
static int live(struct consumer_td *c, bool *held)
{
	int ret, ret_destroy;
	u64 mrtd[6];

	ret = consumer_td_create(c);
	if (ret)
		goto out;
	ret = consumer_td_init(c);
	if (ret)
		goto out;
	ret = consumer_vcpus_create(c);
	if (ret)
		goto out;
	ret = consumer_guest_load(c);
	if (ret)
		goto out;
	ret = consumer_td_finalize(c, mrtd);
	if (ret)
		goto out;
	ret = consumer_run(c);
	if (!ret && hold) {
		consumer_hold(c);
		*held = true;
		return 0;
	}
out:
	/*
	 * Not one label a step: a TD gives nothing back before its KeyID is
	 * free, and then everything in the same way, however far it came.
	 */
	ret_destroy = consumer_td_destroy(c);
	return ret ? ret : ret_destroy;
}

static int one_td(unsigned int nr)
{
	struct consumer_td *c;
	bool held = false;
	int ret;

	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;
	c->nr = nr;
	c->verbose = tds == 1;
	c->vcpus = 1;
	consumer_pages_init(c);
	c->td.holds_vmx = holds_vmx;
	ret = consumer_begin();
	if (!ret) {
		ret = live(c, &held);
		consumer_end();
	}
	if (!held) {
		consumer_pages_exit(c);
		kfree(c);
	}
	return ret;
}

/**
 * struct worker - a thread and its share of the TDs
 * @first: number of its first TD
 * @count: how many it makes, one after the other
 * @ret: 0, or what the first one that failed returned
 * @done: it has ended
 */
struct worker {
	unsigned int first;
	unsigned int count;
	int ret;
	struct completion done;
};

static int work(void *data)
{
	struct worker *w = data;
	unsigned int i;

	for (i = 0; !w->ret && i < w->count; i++)
		w->ret = one_td(w->first + i);
	/* The module may be gone as soon as the thread says that it is done. */
	complete(&w->done);
	return 0;
}

/* TDs are shared out evenly, what does not go up among the first. */
static int start(struct worker *w, unsigned int i, unsigned int cpu)
{
	struct task_struct *t;

	init_completion(&w->done);
	w->count = tds / threads + (i < tds % threads);
	w->first = i * (tds / threads) + min(i, tds % threads);
	t = kthread_create(work, w, "tdx_consumer/%u", i);
	if (IS_ERR(t))
		return PTR_ERR(t);
	kthread_bind(t, cpu);
	wake_up_process(t);
	return 0;
}

/* Nobody waits for the TDs any more. */
static bool given_up;

bool consumer_given_up(void)
{
	return READ_ONCE(given_up) || consumer_going_down();
}

static int run_threads(void)
{
	struct worker *w;
	unsigned int i, cpu;
	int ret = 0;

	w = kcalloc(threads, sizeof(*w), GFP_KERNEL);
	if (!w)
		return -ENOMEM;
	/* Some of the CPUs may be offline: then others have two threads. */
	cpus_read_lock();
	cpu = cpumask_first(cpu_online_mask);
	for (i = 0; i < threads; i++) {
		ret = start(&w[i], i, cpu);
		if (ret)
			break;
		cpu = cpumask_next(cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
	}
	cpus_read_unlock();
	while (i--) {
		/* Killed: a TD on its way is still torn down, as far as it is. */
		if (wait_for_completion_killable(&w[i].done)) {
			WRITE_ONCE(given_up, true);
			wait_for_completion(&w[i].done);
		}
		if (!ret)
			ret = w[i].ret;
	}
	kfree(w);
	return ret;
}

void consumer_balance(void)
{
	pr_info("tdx_consumer: TD%s destroyed: %u pages, %u KeyIDs outstanding\n",
		tds > 1 ? "s" : "", consumer_pages_out(),
		consumer_keyids_out());
}

static int __init consumer_init(void)
{
	const struct tdx_host_sysinfo *si;
	int ret;

	if (!tds || !threads || threads > num_present_cpus()) {
		pr_err("tdx_consumer: tds=%u threads=%u: there must be one TD or more, and from 1 thread to %u, one a CPU\n",
		       tds, threads, num_present_cpus());
		return -EINVAL;
	}
	ret = tdx_host_enable();
	if (ret) {
		pr_err("tdx_consumer: TDX is not to be had (%d): /sys/devices/platform/tdx_host/last_error says why\n",
		       ret);
		return ret;
	}
	si = tdx_host_get_sysinfo();
	pr_info("tdx_consumer: TDX is ready, TDX module %u.%u.%02u\n",
		si->major_version, si->minor_version, si->update_version);
	ret = consumer_hold_init();
	if (ret)
		return ret;
	ret = run_threads();
	if (!ret && tds > 1)
		pr_info("tdx_consumer: %u TDs made, run and %s by %u threads, each on a CPU of its own\n",
			tds, hold ? "held" : "destroyed", threads);
	if (!ret && hold)
		return 0;
	consumer_hold_exit();
	consumer_balance();
	return ret;
}
module_init(consumer_init);

/* Without hold=1 there is nothing left to give back. */
static void __exit consumer_exit(void)
{
	if (!hold)
		return;
	consumer_hold_exit();
	consumer_balance();
}
module_exit(consumer_exit);

MODULE_DESCRIPTION("The life of a TD, an example of a module on tdx_host");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
/* MODULE_IMPORT_NS() takes a name before 6.13 and a string after. */
MODULE_INFO(import_ns, "TDX_HOST");
