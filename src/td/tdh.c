// SPDX-License-Identifier: GPL-2.0-only
/* What the wrappers of TD leaves share. */
#include <linux/cpu.h>
#include <linux/pfn.h>
#include <asm/cacheflush.h>

#include "packages.h"
#include "tdh.h"

/**
 * tdh_call_td() - a leaf whose only operand is the TD
 * @leaf: TDH_*
 * @td: the TD
 *
 * Context: Sleeps.
 * Return: completion status.
 */
u64 tdh_call_td(u64 leaf, const struct tdx_host_td *td)
{
	struct tdx_regs args = { .rcx = tdh_tdr(td) };

	return tdx_host_call(leaf, &args, true);
}

/**
 * tdh_flush() - write the kernel's cache lines of a page back
 * @pfn: first PFN
 * @level: size of the page
 *
 * A dirty line of the kernel would later be written over what the TDX module
 * writes with another KeyID.
 *
 * Context: Any.
 */
void tdh_flush(unsigned long pfn, enum tdx_host_level level)
{
	clflush_cache_range(__va(PFN_PHYS(pfn)), tdx_host_level_size(level));
}

/**
 * tdh_read_info() - a Secure EPT entry as TDH.MEM leaves describe it
 * @info: filled in
 * @out: output registers: the entry is in RCX and RDX
 *
 * Context: Any.
 */
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

/**
 * tdh_fill_info() - extended error information, where there is some
 * @info: filled in, with zeros where the status has none; or NULL
 * @status: completion status
 * @out: output registers
 *
 * Statuses of other classes leave RCX and RDX as they were; the only exception
 * is OPERAND_BUSY for a Secure EPT entry.
 *
 * Context: Any.
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

/* A call to make on one CPU of each package, and its status. */
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
 * tdh_on_packages() - call a leaf once on every package
 * @leaf: TDH_*
 * @rcx: its operand
 *
 * Context: Sleeps; takes cpus_read_lock().
 * Return: TDX_ST_SUCCESS; TDX_ST_PACKAGE_OFFLINE where a package has no CPU
 *	   online, and none was called; or the status of the first package
 *	   that failed.
 */
u64 tdh_on_packages(u64 leaf, u64 rcx)
{
	struct tdh_package_call c = {
		.leaf = leaf,
		.rcx = rcx,
		.status = TDX_ST_PACKAGE_OFFLINE,
	};

	might_sleep();
	cpus_read_lock();
	packages_run(tdh_call_on_package, &c);
	cpus_read_unlock();
	return tdx_status_ok(c.status) ? TDX_ST_SUCCESS : c.status;
}
