// SPDX-License-Identifier: GPL-2.0-only
/* What the wrappers of TD leaves share. */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/pfn.h>
#include <linux/smp.h>
#include <linux/topology.h>
#include <asm/cacheflush.h>

#include "tdh.h"

/* A leaf whose only operand is the TD. */
u64 tdh_call_td(u64 leaf, const struct tdx_host_td *td)
{
	struct tdx_host_args args = { .rcx = tdh_tdr(td) };

	return tdx_host_call(leaf, &args, true);
}

/*
 * A dirty line of the kernel's would be written over what the TDX module
 * writes with another KeyID.
 */
void tdh_flush(unsigned long pfn, enum tdx_host_level level)
{
	clflush_cache_range(__va(PFN_PHYS(pfn)), tdx_host_level_size(level));
}

/* A Secure EPT entry as TDH.MEM leaves describe it in RCX and RDX. */
void tdh_read_info(struct tdx_host_sept_info *info,
		   const struct tdx_host_args *out)
{
	info->entry = out->rcx;
	info->level = out->rdx & 7;
	info->state = out->rdx >> 8;
	info->vm = out->rdx >> 16 & 3;
}

/* The class of Secure EPT statuses, all of which carry the entry. */
#define TDX_CLASS_EPT	0x0b

/*
 * Statuses of other classes leave in RCX and RDX what was there, but for a
 * Secure EPT entry that is busy.
 */
void tdh_fill_info(struct tdx_host_sept_info *info, u64 status,
		   const struct tdx_host_args *out)
{
	if (!info)
		return;
	*info = (struct tdx_host_sept_info) { };
	if (TDX_STATUS_CLASS(status) != TDX_CLASS_EPT &&
	    status != (TDX_ST_OPERAND_BUSY | TDX_OPERAND_RCX))
		return;
	tdh_read_info(info, out);
}

/* A call to make on one CPU of each package, and what came of it. */
struct package_call {
	u64 leaf;
	u64 rcx;
	u64 status;
};

static int call_on_package(void *data)
{
	struct package_call *c = data;
	struct tdx_host_args args = { .rcx = c->rcx };

	c->status = tdx_host_call(c->leaf, &args, true);
	return 0;
}

/* By CPU and not by package id: those are neither small nor dense. */
static bool first_of_package(int cpu)
{
	int other;

	for_each_online_cpu(other) {
		if (topology_physical_package_id(other) ==
		    topology_physical_package_id(cpu))
			return other == cpu;
	}
	return false;
}

/**
 * tdh_on_packages() - a leaf that works for the package it is called on
 * @leaf: TDH_*
 * @rcx: its operand
 *
 * One package after the other, each to its end: an interrupted call has to be
 * resumed on the same package.
 *
 * Context: Sleeps; takes cpus_read_lock().
 * Return: TDX_ST_SUCCESS, or the status of the first package that failed.
 */
u64 tdh_on_packages(u64 leaf, u64 rcx)
{
	struct package_call c = { .leaf = leaf, .rcx = rcx };
	int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu) {
		if (!first_of_package(cpu))
			continue;
		/* Cannot fail: the CPU is online and stays so. */
		smp_call_on_cpu(cpu, call_on_package, &c, false);
		if (!tdx_status_ok(c.status))
			break;
	}
	cpus_read_unlock();
	return tdx_status_ok(c.status) ? TDX_ST_SUCCESS : c.status;
}
