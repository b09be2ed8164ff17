/* SPDX-License-Identifier: GPL-2.0-only */
/* What the wrappers of leaves for TDs share. */
#ifndef TDX_HOST_SRC_TDH_H
#define TDX_HOST_SRC_TDH_H

#include <linux/io.h>
#include <linux/mm.h>

#include <tdx_host/td.h>
#include "seamcall.h"

/**
 * tdh_tdr() - the operand that names a TD
 * @td: the TD
 *
 * Context: Any.
 * Return: physical address of its TDR page.
 */
static inline u64 tdh_tdr(const struct tdx_host_td *td)
{
	return page_to_phys(td->tdr);
}

u64 tdh_call_td(u64 leaf, const struct tdx_host_td *td);
u64 tdh_on_packages(u64 leaf, u64 rcx);
u64 tdh_call_page(u64 leaf, struct tdx_regs *args, struct page *page,
		  u32 keyid);
bool tdh_wrote(u64 leaf, u64 status, const struct tdx_regs *out,
	       const struct seamcall_retry *retry);
u64 tdh_take_back(u64 leaf, u64 status, struct page *page, u32 keyid);
bool tdh_page_exists(unsigned long pfn, enum tdx_host_level level);
void tdh_flush(unsigned long pfn, enum tdx_host_level level);
void tdh_read_info(struct tdx_host_sept_info *info,
		   const struct tdx_regs *out);
void tdh_fill_info(struct tdx_host_sept_info *info, u64 status,
		   const struct tdx_regs *out);

/**
 * tdh_fill_value() - a value that a leaf returns in R8
 * @value: filled in, with 0 where the call failed; or NULL
 * @status: completion status
 * @out: output registers
 *
 * Context: Any.
 */
static inline void tdh_fill_value(u64 *value, u64 status,
				  const struct tdx_regs *out)
{
	if (value)
		*value = tdx_status_ok(status) ? out->r8 : 0;
}

/**
 * tdh_flush_page() - tdh_flush() of a 4 KiB page
 * @page: the page
 *
 * Context: Any.
 */
static inline void tdh_flush_page(struct page *page)
{
	tdh_flush(page_to_pfn(page), TDX_HOST_LEVEL_4K);
}

#endif /* TDX_HOST_SRC_TDH_H */
