// SPDX-License-Identifier: GPL-2.0-only
/* A CPU of each package, for the leaves that work for the package. */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/smp.h>
#include <linux/topology.h>

#include "compat/compat.h"
#include "packages.h"

/* CPUs are compared, not counted by package id: ids may be large and sparse. */
static bool packages_is_first(int cpu)
{
	int other;

	for_each_online_cpu(other)
		if (topology_physical_package_id(other) ==
		    topology_physical_package_id(cpu))
			return other == cpu;
	return false;
}

/**
 * packages_run() - run a function on one CPU of each package
 * @fn: called on that CPU in process context, and stays there even if it
 *	sleeps; returns 0 to go on with the next package
 * @data: its argument
 *
 * One package after the other, each to its end: a SEAMCALL that is interrupted
 * has to be resumed on the same package, and some take the global lock.
 *
 * Context: Sleeps; under cpus_read_lock().
 * Return: 0, or the first value other than 0 that @fn returned.
 */
int packages_run(int (*fn)(void *), void *data)
{
	int cpu, ret = 0;

	might_sleep();
	tdx_compat_assert_cpus_held();
	for_each_online_cpu(cpu) {
		if (!packages_is_first(cpu))
			continue;
		ret = smp_call_on_cpu(cpu, fn, data, false);
		if (ret)
			break;
	}
	return ret;
}
