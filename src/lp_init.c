// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDH.SYS.INIT once, TDH.SYS.LP.INIT once on each LP.
 *
 * Success is remembered, globally and per CPU; failure never is.  The TDX
 * module outlives this module, so "done already" is success as well.
 *
 * Source: TDX Module ABI 1.5, TDH.SYS.INIT and TDH.SYS.LP.INIT.  The first
 * takes the global lock exclusively, the second takes it shared: LPs may be
 * initialised side by side.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/topology.h>

#include <tdx_host/cpu.h>
#include <tdx_host/tdx_host.h>
#include "compat/compat.h"
#include "error.h"
#include "lp_init.h"
#include "seamcall.h"
#include "state.h"
#include "status.h"

/*
 * Guards sys_init_done against a second TDH.SYS.INIT.  Held for one try, never
 * for the retries, so nobody spins behind somebody else's patience.
 */
static DEFINE_RAW_SPINLOCK(sys_init_lock);
static bool sys_init_done;

/* CPUs that had TDH.SYS.LP.INIT; each CPU sets only its own bit. */
static struct cpumask lp_init_done;

/* Where they are: topology forgets it of a CPU that goes offline. */
static DEFINE_PER_CPU(int, lp_package);

/* Somebody asked for TDX: CPUs that come online get it from now on. */
static bool lp_wanted;

/**
 * struct lp_attempt - one try at initialising one CPU
 * @cpu: CPU that called last
 * @leaf: the leaf that was called last
 * @status: what it returned
 * @out: its output registers
 */
struct lp_attempt {
	int cpu;
	u64 leaf;
	u64 status;
	struct tdx_regs out;
};

static DEFINE_PER_CPU(struct lp_attempt, lp_attempt);

/* The caller is pinned. */
static void lp_init_call(struct lp_attempt *a, u64 leaf)
{
	a->cpu = raw_smp_processor_id();
	a->leaf = leaf;
	a->out = (struct tdx_regs) { };
	a->status = seamcall_once(leaf, &a->out, NULL);
}

static bool lp_init_try_sys(struct lp_attempt *a)
{
	unsigned long flags;

	if (smp_load_acquire(&sys_init_done))
		return true;
	raw_spin_lock_irqsave(&sys_init_lock, flags);
	if (!sys_init_done) {
		lp_init_call(a, TDH_SYS_INIT);
		if (status_done(a->status) ||
		    tdx_status_is(a->status, TDX_ST_SYS_INIT_NOT_PENDING))
			smp_store_release(&sys_init_done, true);
	}
	raw_spin_unlock_irqrestore(&sys_init_lock, flags);
	return sys_init_done;
}

/*
 * TDH.SYS.LP.INIT says LP_INIT_NOT_PENDING on every CPU once the TDX module
 * is configured; TDH.SYS.RD then tells whether this CPU is one of its LPs.
 */
static bool lp_init_was_done(void)
{
	struct tdx_regs args = { .rdx = ~0ULL };

	return status_done(seamcall_once(TDH_SYS_RD, &args, NULL));
}

static void lp_init_set_done(int cpu)
{
	per_cpu(lp_package, cpu) = topology_physical_package_id(cpu);
	cpumask_set_cpu(cpu, &lp_init_done);
}

/* Pinned: the bit and the LP that is initialised are the same CPU's. */
static bool lp_init_try(struct lp_attempt *a)
{
	int cpu = smp_processor_id();

	if (cpumask_test_cpu(cpu, &lp_init_done))
		return true;
	if (!lp_init_try_sys(a))
		return false;
	lp_init_call(a, TDH_SYS_LP_INIT);
	if (status_done(a->status) ||
	    tdx_status_is(a->status, TDX_ST_SYS_LP_INIT_DONE) ||
	    (tdx_status_is(a->status, TDX_ST_SYS_LP_INIT_NOT_PENDING) &&
	     lp_init_was_done())) {
		lp_init_set_done(cpu);
		return true;
	}
	return false;
}

static int lp_init_report(const struct lp_attempt *a)
{
	return error_seamcall(a->leaf, a->status, a->cpu, &a->out);
}

/**
 * lp_init_this() - initialise the calling CPU
 * @may_sleep: may sleep between tries; the caller stays on its CPU all the
 *	       same
 *
 * Context: Pinned; process context if @may_sleep, else any.
 * Return: 0; -ESHUTDOWN when the machine is going down; else the errno of the
 *	   status that was final, which is reported.
 */
int lp_init_this(bool may_sleep)
{
	struct seamcall_retry retry = { };
	struct lp_attempt a = { };

	might_sleep_if(may_sleep);
	WRITE_ONCE(lp_wanted, true);
	for (;;) {
		if (lp_init_try(&a)) {
			seamcall_retry_log(&retry, a.leaf, a.status);
			return 0;
		}
		if (!seamcall_retry(&retry, a.leaf, a.status, may_sleep))
			return lp_init_report(&a);
	}
}

/* Called by an interrupt, so its CPU's lp_attempt is nobody else's. */
static void lp_init_on_cpu(void *unused)
{
	lockdep_assert_irqs_disabled();
	lp_init_try(this_cpu_ptr(&lp_attempt));
}

static int lp_init_sys(void)
{
	struct seamcall_retry retry = { };
	struct lp_attempt a = { };

	while (!lp_init_try_sys(&a))
		if (!seamcall_retry(&retry, a.leaf, a.status, true))
			return lp_init_report(&a);
	seamcall_retry_log(&retry, a.leaf, a.status);
	return 0;
}

/*
 * Of the CPUs that failed: one whose failure is final if there is one, else
 * any.  -1 if none failed.
 */
static int lp_init_worst_cpu(const struct cpumask *failed)
{
	int cpu, worst = -1;

	for_each_cpu(cpu, failed) {
		const struct lp_attempt *a = per_cpu_ptr(&lp_attempt, cpu);

		if (worst < 0)
			worst = cpu;
		if (!status_transient(a->leaf, a->status))
			return cpu;
	}
	return worst;
}

/*
 * The TDX module also counts LPs that the kernel keeps offline.  Without
 * TDH.SYS.LP.INIT on each of them it refuses TDH.SYS.CONFIG, and does not say
 * which one is missing.  One that had it may be offline.
 */
static int lp_init_find_missing(struct cpumask *missing)
{
	tdx_compat_assert_cpus_held();
	cpumask_andnot(missing, cpu_present_mask, cpu_online_mask);
	if (!cpumask_andnot(missing, missing, &lp_init_done))
		return 0;
	error_set_cause(TDX_CAUSE_CPUS_OFFLINE, "CPU %*pbl",
			cpumask_pr_args(missing));
	return -EBUSY;
}

/* @cpus: those that failed, on return. */
static void lp_init_try_all(struct cpumask *cpus)
{
	tdx_compat_assert_cpus_held();
	cpumask_andnot(cpus, cpu_online_mask, &lp_init_done);
	on_each_cpu_mask(cpus, lp_init_on_cpu, NULL, true);
	cpumask_andnot(cpus, cpus, &lp_init_done);
}

/*
 * CPUs may come and go between two rounds, so each round looks who is there;
 * after one in which nobody failed, every CPU that is present is done.
 */
static int lp_init_in_rounds(struct cpumask *cpus)
{
	struct seamcall_retry retry = { };
	const struct lp_attempt *a;
	int cpu, err;

	for (;;) {
		cpus_read_lock();
		err = lp_init_find_missing(cpus);
		if (!err)
			lp_init_try_all(cpus);
		cpus_read_unlock();
		if (err)
			return err;
		cpu = lp_init_worst_cpu(cpus);
		if (cpu < 0)
			break;
		a = per_cpu_ptr(&lp_attempt, cpu);
		if (!seamcall_retry(&retry, a->leaf, a->status, true))
			return lp_init_report(a);
	}
	seamcall_retry_log(&retry, TDH_SYS_LP_INIT, TDX_ST_SUCCESS);
	return 0;
}

/**
 * lp_init_all() - initialise every CPU that is present, all at once
 *
 * CPUs with a transient failure are asked again together, after a pause in
 * which CPUs may come and go, and that no CPU spends with interrupts off.
 *
 * Context: Sleeps; one caller at a time, which is bring-up's worker; not under
 *	    cpus_read_lock().
 * Return: 0; -ENOMEM; -EBUSY where a CPU that was never initialised is
 *	   offline, which is reported; or the errno of the status that was
 *	   final, which is reported with its CPU.
 */
int lp_init_all(void)
{
	cpumask_var_t cpus;
	int err;

	might_sleep();
	if (!zalloc_cpumask_var(&cpus, GFP_KERNEL))
		return -ENOMEM;
	/* Before the TDX module is asked for anything. */
	cpus_read_lock();
	err = lp_init_find_missing(cpus);
	cpus_read_unlock();
	if (!err) {
		WRITE_ONCE(lp_wanted, true);
		err = lp_init_sys();
	}
	if (!err)
		err = lp_init_in_rounds(cpus);
	free_cpumask_var(cpus);
	return err;
}

/**
 * lp_init_adopt() - is the calling CPU initialised, whoever did it?
 *
 * Context: Pinned.
 * Return: true if it is; it counts as ready from now on.
 */
bool lp_init_adopt(void)
{
	int cpu = smp_processor_id();

	if (!cpumask_test_cpu(cpu, &lp_init_done) && lp_init_was_done())
		lp_init_set_done(cpu);
	return cpumask_test_cpu(cpu, &lp_init_done);
}

/**
 * lp_init_forget() - the TDX module was shut down, or lost power
 *
 * Context: Any; no SEAMCALL is running, and none begins meanwhile.
 */
void lp_init_forget(void)
{
	WRITE_ONCE(lp_wanted, false);
	cpumask_clear(&lp_init_done);
	WRITE_ONCE(sys_init_done, false);
}

/**
 * lp_init_wanted() - has anybody asked for TDX yet?
 *
 * Context: Any.
 * Return: true from the first attempt at any CPU on, until
 *	   lp_init_forget().
 */
bool lp_init_wanted(void)
{
	return READ_ONCE(lp_wanted);
}

/**
 * lp_init_mask() - the LPs of the TDX module, online or not
 *
 * Context: Any.
 * Return: the mask, to which CPUs may be added meanwhile.
 */
const struct cpumask *lp_init_mask(void)
{
	return &lp_init_done;
}

/**
 * lp_init_package() - the package of an LP
 * @lp: CPU number, of lp_init_mask()
 *
 * Context: Any.
 * Return: its physical package id, also while it is offline.
 */
int lp_init_package(int lp)
{
	return per_cpu(lp_package, lp);
}

/**
 * lp_init_ready_mask() - the CPUs that are online and initialised
 * @mask: filled in
 *
 * Context: Any; the answer may be old unless CPUs are kept from coming and
 *	    going.
 */
void lp_init_ready_mask(struct cpumask *mask)
{
	cpumask_and(mask, &lp_init_done, cpu_online_mask);
}

bool tdx_host_cpu_ready(unsigned int cpu)
{
	return cpu < nr_cpu_ids && cpu_online(cpu) &&
	       cpumask_test_cpu(cpu, &lp_init_done);
}
TDX_HOST_EXPORT(tdx_host_cpu_ready);

int tdx_host_cpu_enable(void)
{
	switch (tdx_host_state_get()) {
	case TDX_HOST_UNSUPPORTED:
	case TDX_HOST_DISABLED:
		return -ENODEV;
	default:
		return lp_init_this(false);
	}
}
TDX_HOST_EXPORT(tdx_host_cpu_enable);
