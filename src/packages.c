// SPDX-License-Identifier: GPL-2.0-only
/* A CPU of each package, for the leaves that work for the package. */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/smp.h>
#include <linux/topology.h>

#include "packages.h"

/* By CPU and not by package id: those are neither small nor dense. */
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
 * @fn: it may sleep, and stays on the CPU; 0 to go on
 * @data: its argument
 *
 * One package after the other, each to its end: a SEAMCALL that is interrupted
 * has to be resumed on the same package, and some take the global lock.
 *
 * Context: Sleeps; under cpus_read_lock().
 * Return: 0, or what @fn returned instead, which ends it.
 */
int packages_run(int (*fn)(void *), void *data)
{
	int cpu, ret = 0;

	for_each_online_cpu(cpu) {
		if (!packages_is_first(cpu))
			continue;
		ret = smp_call_on_cpu(cpu, fn, data, false);
		if (ret)
			break;
	}
	return ret;
}
