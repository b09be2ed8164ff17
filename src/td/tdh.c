// SPDX-License-Identifier: GPL-2.0-only
/* What the wrappers of TD leaves share. */
#include <linux/cpu.h>
#include <linux/pfn.h>
#include <asm/cacheflush.h>

#include "packages.h"
#include "tdh.h"

/* A leaf whose only operand is the TD. */
u64 tdh_call_td(u64 leaf, const struct tdx_host_td *td)
{
	struct tdx_regs args = { .rcx = tdh_tdr(td) };

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
		   const struct tdx_regs *out)
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
		   const struct tdx_regs *out)
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
struct tdh_package_call {
	u64 leaf;
	u64 rcx;
	u64 status;
};

static int tdh_call_on_package(void *data)
{
	struct tdh_package_call *c = data;
	struct tdx_regs args = { .rcx = c->rcx };

	c->status = tdx_host_call(c->leaf, &args, true);
	return !tdx_status_ok(c->status);
}

/**
 * tdh_on_packages() - a leaf that works for the package it is called on
 * @leaf: TDH_*
 * @rcx: its operand
 *
 * Context: Sleeps; takes cpus_read_lock().
 * Return: TDX_ST_SUCCESS, or the status of the first package that failed.
 */
u64 tdh_on_packages(u64 leaf, u64 rcx)
{
	struct tdh_package_call c = { .leaf = leaf, .rcx = rcx };

	cpus_read_lock();
	packages_run(tdh_call_on_package, &c);
	cpus_read_unlock();
	return tdx_status_ok(c.status) ? TDX_ST_SUCCESS : c.status;
}
