/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between kernels, in one place.  HAVE_* come from the probes in
 * src/compat, each of which says what changed and when.
 */
#ifndef TDX_HOST_COMPAT_H
#define TDX_HOST_COMPAT_H

#include <linux/cpu.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/page-flags.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <asm/msr.h>
#include <asm/processor.h>

#include "compat_gen.h"

#ifdef HAVE_CPUID_API
#include <asm/cpuid/api.h>
#endif

#ifdef HAVE_NAMESPACE_TOKEN
#define TDX_HOST_EXPORT(sym)	EXPORT_SYMBOL_NS_GPL(sym, TDX_HOST)
#else
#define TDX_HOST_EXPORT(sym)	EXPORT_SYMBOL_NS_GPL(sym, "TDX_HOST")
#endif

/* For work that may run long, on any CPU. */
#ifdef HAVE_SYSTEM_DFL_WQ
#define tdx_compat_unbound_wq	system_dfl_wq
#else
#define tdx_compat_unbound_wq	system_unbound_wq
#endif

/* The caller holds cpus_read_lock().  Checked where the kernel lets us ask. */
static inline void tdx_compat_assert_cpus_held(void)
{
#ifdef HAVE_ASSERT_CPUS_HELD
	lockdep_assert_cpus_held();
#endif
}

static inline int tdx_compat_rdmsr_safe(u32 msr, u64 *val)
{
#ifdef HAVE_RDMSRQ
	return rdmsrq_safe(msr, val);
#else
	return rdmsrl_safe(msr, val);
#endif
}

/*
 * Around __SetPageOffline(): nobody who looked at a page before is still
 * reading it afterwards.  Older kernels read such pages all the same.
 */
static inline void tdx_compat_page_offline_begin(void)
{
#ifdef HAVE_PAGE_OFFLINE_BEGIN
	page_offline_begin();
#endif
}

static inline void tdx_compat_page_offline_end(void)
{
#ifdef HAVE_PAGE_OFFLINE_BEGIN
	page_offline_end();
#endif
}

static inline int tdx_compat_alloc_contig_range(unsigned long start,
						unsigned long end, gfp_t gfp)
{
#ifdef HAVE_ACR_FLAGS
	return alloc_contig_range(start, end, ACR_FLAGS_NONE, gfp);
#else
	return alloc_contig_range(start, end, MIGRATE_MOVABLE, gfp);
#endif
}

/* Is the page pinned, or referred to so often that it might be? */
static inline bool tdx_compat_page_pinned(struct page *page)
{
#ifdef HAVE_FOLIO_MAYBE_DMA_PINNED
	return folio_maybe_dma_pinned(page_folio(page));
#else
	/* The kernel's own asserts that no huge page is split meanwhile. */
	struct page *head = compound_head(page);

	if (PageHead(head) && compound_order(head) > 1)
		return atomic_read(compound_pincount_ptr(head)) > 0;
	return (unsigned int)page_ref_count(head) >= GUP_PIN_COUNTING_BIAS;
#endif
}

#endif /* TDX_HOST_COMPAT_H */
