// SPDX-License-Identifier: GPL-2.0-only
/*
 * One function for each inline call of <tdx_guest/tdg.h>, of which a test reads
 * the machine code: operands arrive in registers, results leave in registers
 * or through a pointer, so what is there beside moves and TDCALL is overhead.
 */
#include <linux/compiler.h>

#include <tdx_guest/tdg.h>
#include "tdcall.h"

noinline notrace u64 thin_page_accept(u64 gpa)
{
	return tdx_guest_page_accept(gpa, TDX_GUEST_4K);
}

noinline notrace u64 thin_report(u64 report_gpa, u64 data_gpa)
{
	return tdx_guest_report(report_gpa, data_gpa, 0);
}

noinline notrace u64 thin_rtmr_extend(u64 data_gpa, u64 index)
{
	return tdx_guest_rtmr_extend(data_gpa, index);
}

noinline notrace struct thin_pair thin_vm_rd(u64 field)
{
	struct thin_pair p;

	p.status = tdx_guest_vm_rd(field, &p.value);
	return p;
}

noinline notrace struct thin_pair thin_vp_rd(u64 field)
{
	struct thin_pair p;

	p.status = tdx_guest_vp_rd(field, &p.value);
	return p;
}

noinline notrace struct thin_pair thin_sys_rd(u64 field)
{
	struct thin_pair p;

	p.status = tdx_guest_sys_rd(field, &p.value);
	return p;
}

/* A walk: a value, and where to go on. */
noinline notrace u64 thin_vm_rd_next(u64 field, struct thin_walk *w)
{
	return tdx_guest_vm_rd_next(field, &w->value, &w->next);
}

noinline notrace u64 thin_vp_rd_next(u64 field, struct thin_walk *w)
{
	return tdx_guest_vp_rd_next(field, &w->value, &w->next);
}

noinline notrace u64 thin_sys_rd_next(u64 field, struct thin_walk *w)
{
	return tdx_guest_sys_rd_next(field, &w->value, &w->next);
}

noinline notrace u64 thin_veinfo_get(struct tdx_guest_ve_info *info)
{
	return tdx_guest_veinfo_get(info);
}

noinline notrace u64 thin_cpuidve_set(u64 when)
{
	return tdx_guest_cpuidve_set(when);
}

noinline notrace u64 thin_vp_info(struct tdx_guest_vp_info *info)
{
	return tdx_guest_vp_info(info);
}
