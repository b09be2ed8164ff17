// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packages of the TDX module, which are those of its LPs, and a CPU of
 * each for the leaves that work for the package they are called on.
 *
 * A package whose CPUs are all offline still is one of them: a key that is
 * configured on the others only, or caches that are written back on the others
 * only, make a later leaf of the TD fail (TDX Module ABI 1.5,
 * TDH.MNG.KEY.CONFIG and TDH.PHYMEM.CACHE.WB).
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/smp.h>

#include "compat/compat.h"
#include "error.h"
#include "lp_init.h"
#include "packages.h"

/* An LP of the package of @lp that is online, but not @except; or -1. */
static int packages_find_online(int lp, int except)
{
	int cpu, package = lp_init_package(lp);

	for_each_cpu_and(cpu, lp_init_mask(), cpu_online_mask)
		if (cpu != except && lp_init_package(cpu) == package)
			return cpu;
	return -1;
}

/* LPs are compared, not counted by package id: ids may be large and sparse. */
static bool packages_is_first(int lp)
{
	int cpu;

	for_each_cpu(cpu, lp_init_mask())
		if (lp_init_package(cpu) == lp_init_package(lp))
			return cpu == lp;
	return false;
}

/**
 * packages_check() - does every package have a CPU online?
 *
 * Context: Under cpus_read_lock().
 * Return: 0; or -EBUSY, reported with the package and a CPU of it.
 */
int packages_check(void)
{
	int lp;

	tdx_compat_assert_cpus_held();
	for_each_cpu(lp, lp_init_mask()) {
		if (!packages_is_first(lp) || packages_find_online(lp, -1) >= 0)
			continue;
		error_set_cause(TDX_CAUSE_PACKAGE_WITHOUT_CPU,
				"package %d, CPU %d", lp_init_package(lp), lp);
		return -EBUSY;
	}
	return 0;
}

/**
 * packages_needs() - would a package be without a CPU if this one went?
 * @cpu: CPU number, online
 *
 * Context: Under cpus_read_lock(), or in a CPU hotplug callback.
 * Return: true for the last LP of its package that is online.
 */
bool packages_needs(unsigned int cpu)
{
	return cpumask_test_cpu(cpu, lp_init_mask()) &&
	       packages_find_online(cpu, cpu) < 0;
}

/**
 * packages_run() - run a function on one CPU of each package
 * @fn: called on that CPU in process context, and stays there even if it
 *	sleeps; returns 0 to go on with the next package
 * @data: its argument
 *
 * One package after the other, each to its end: a SEAMCALL that is interrupted
 * has to be resumed on the same package, and some take the global lock.  What
 * cannot be done on all of them is not begun.
 *
 * Context: Sleeps; under cpus_read_lock().
 * Return: 0; -EBUSY where a package has no CPU online, which is reported; or
 *	   the first value other than 0 that @fn returned.
 */
int packages_run(int (*fn)(void *), void *data)
{
	int lp, ret;

	might_sleep();
	ret = packages_check();
	if (ret)
		return ret;
	for_each_cpu(lp, lp_init_mask()) {
		if (!packages_is_first(lp))
			continue;
		ret = smp_call_on_cpu(packages_find_online(lp, -1), fn, data,
				      false);
		if (ret)
			break;
	}
	return ret;
}
