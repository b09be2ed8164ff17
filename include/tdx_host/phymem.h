/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Physical pages: TDH.PHYMEM, and what it takes to move a page from the
 * kernel to a TD and back.
 * Source: TDX Module ABI 1.5, the chapter of each leaf.
 */
#ifndef TDX_HOST_PHYMEM_H
#define TDX_HOST_PHYMEM_H

#include <tdx/status.h>
#include <tdx_host/td.h>

/**
 * enum tdx_host_page_type - who has a page
 * @TDX_HOST_PAGE_FREE: NDA: nobody; it can be handed to the TDX module
 * @TDX_HOST_PAGE_RESERVED: RSVD: in a reserved area
 * @TDX_HOST_PAGE_REG: private memory of a TD
 * @TDX_HOST_PAGE_TDR: a TDR
 * @TDX_HOST_PAGE_TDCX: part of a TDCS
 * @TDX_HOST_PAGE_TDVPR: part of a TDVPS
 * @TDX_HOST_PAGE_EPT: a Secure EPT page
 */
enum tdx_host_page_type {
	TDX_HOST_PAGE_FREE = 0,
	TDX_HOST_PAGE_RESERVED = 1,
	TDX_HOST_PAGE_REG = 3,
	TDX_HOST_PAGE_TDR = 4,
	TDX_HOST_PAGE_TDCX = 5,
	TDX_HOST_PAGE_TDVPR = 6,
	TDX_HOST_PAGE_EPT = 8,
};

/**
 * struct tdx_host_page_info - what the PAMT says about a page
 * @owner: physical address of the TDR of the TD that has it; stale for a free
 *	   page
 * @bepoch: TLB epoch in which it was blocked, for REG and EPT pages
 * @type: enum tdx_host_page_type
 * @level: enum tdx_host_level
 */
struct tdx_host_page_info {
	__u64 owner;
	__u64 bepoch;
	__u8 type;
	__u8 level;
};

/**
 * tdx_host_phymem_page_rdmd() - TDH.PHYMEM.PAGE.RDMD
 * @pfn: PFN
 * @info: what the PAMT says; all zero on error
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_OPERAND_ADDR_RANGE_ERROR for a page
 *	   outside every TDMR.
 */
__u64 tdx_host_phymem_page_rdmd(unsigned long pfn,
				struct tdx_host_page_info *info);

/**
 * tdx_host_phymem_page_reclaim() - TDH.PHYMEM.PAGE.RECLAIM
 * @pfn: PFN of a page of a TD that was torn down; its TDR comes last
 * @info: what the page was; may be NULL
 *
 * The page is the caller's again once tdx_host_page_to_shared() is done with
 * it.
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_LIFECYCLE_STATE_INCORRECT before
 *	   tdx_host_mng_key_freeid(), TDX_ST_TD_ASSOCIATED_PAGES_EXIST for a
 *	   TDR that is not the last page, TDX_ST_PAGE_METADATA_INCORRECT for a
 *	   page that is free.
 */
__u64 tdx_host_phymem_page_reclaim(unsigned long pfn,
				   struct tdx_host_page_info *info);

/**
 * tdx_host_phymem_page_wbinvd() - TDH.PHYMEM.PAGE.WBINVD
 * @pfn: PFN of a free page
 * @keyid: KeyID with which it was written last; 0 stands for the global KeyID,
 *	   with which a TDR is
 *
 * tdx_host_page_to_shared() does this and everything else that is needed, for
 * who may sleep.
 *
 * Context: Any; 2 ms at most, but for the page.
 * Return: completion status; TDX_ST_PAGE_METADATA_INCORRECT for a page that is
 *	   not free.
 */
__u64 tdx_host_phymem_page_wbinvd(unsigned long pfn, __u32 keyid);

/**
 * tdx_host_phymem_cache_wb() - TDH.PHYMEM.CACHE.WB on every package
 *
 * After tdx_host_mng_vpflushdone() and before tdx_host_mng_key_freeid(): writes
 * back what is left of the TD's KeyID in any cache.  A call that is interrupted
 * goes on where it was.  Takes milliseconds.
 *
 * Context: Sleeps; takes cpus_read_lock().
 * Return: TDX_ST_SUCCESS; TDX_ST_PACKAGE_OFFLINE when a package has no CPU
 *	   online, and nothing was done; or the completion status of the first
 *	   package that failed.
 */
__u64 tdx_host_phymem_cache_wb(void);

/**
 * tdx_host_range_is_tdx() - can a TD have this memory?
 * @base: physical address, bytes
 * @end: one past the last byte, physical address
 *
 * Context: Sleeps.
 * Return: true when all of it lies in TDMRs, outside of reserved areas; false
 *	   before TDX is ready.
 */
bool tdx_host_range_is_tdx(__u64 base, __u64 end);

/**
 * tdx_host_all_ram_is_tdx() - may a TD have any page of the kernel's?
 * @base: where not, the first range that is no TDX memory: physical address
 * @end: one past its last byte
 *
 * For a VMM that does not choose its pages, as guest_memfd of KVM.  RAM below
 * 1 MiB does not count, for no such allocation gets it, nor does the TDX
 * module's own.  The answer holds until memory is added, which
 * tdx_host_require_all_ram() forbids.
 *
 * Context: Sleeps.
 * Return: true when TDX is ready and all RAM from 1 MiB on is TDX memory; false
 *	   with @base and @end both 0 when TDX is not ready, or for want of
 *	   memory.
 */
bool tdx_host_all_ram_is_tdx(__u64 *base, __u64 *end);

/**
 * tdx_host_require_all_ram() - keep memory offline that TDX cannot use
 *
 * As if tdx_host had been loaded with memory_hotplug=reject, which is its
 * default.  Memory that is online already stays online, so that is to be asked
 * for afterwards.  Each call is undone by one of tdx_host_release_all_ram().
 *
 * Context: Any.
 */
void tdx_host_require_all_ram(void);

/**
 * tdx_host_release_all_ram() - undo one tdx_host_require_all_ram()
 *
 * Context: Any.
 */
void tdx_host_release_all_ram(void);

/**
 * tdx_host_page_to_private() - write the kernel's cache lines back
 * @pfn: first PFN
 * @level: size of the page
 *
 * A dirty line of the kernel must not be written later over what a TD wrote.
 * The wrappers that hand pages over do this themselves; the function is for
 * callers of tdx_host_seamcall_ret(), and for pages that were touched since.
 *
 * Context: Any.
 * Return: 0; -EINVAL when the PFN is not aligned to the level, or has no page.
 */
int tdx_host_page_to_private(unsigned long pfn, enum tdx_host_level level);

/**
 * tdx_host_page_reset() - let the kernel write to pages that TDX gave back
 * @pa: physical address, a multiple of 64
 * @size: bytes, a multiple of 64
 *
 * After tdx_host_phymem_page_wbinvd(), for who cannot sleep and so cannot call
 * tdx_host_page_to_shared().  On CPUs with the partial-write erratum the first
 * write to such memory has to be of whole lines: it is zeroed that way.  On
 * others nothing has to be done, and nothing is.
 *
 * Context: Any.
 */
void tdx_host_page_reset(__u64 pa, __u64 size);

/**
 * tdx_host_page_to_shared() - make a page that TDX gave back the kernel's
 * @pfn: first PFN; removed or reclaimed
 * @level: size of the page
 * @keyid: KeyID that it was written with: the TD's, or for a TDR 0, which
 *	   stands for the global KeyID
 *
 * Cache lines with that KeyID are written back, so that none is written later
 * over the kernel's data.  Then the page is zeroed, on CPUs with the
 * partial-write erratum by whole lines.  A page for which this fails must not
 * be used any more.
 *
 * Context: Sleeps.
 * Return: completion status of TDH.PHYMEM.PAGE.WBINVD; TDX_ST_OPERAND_INVALID
 *	   with RCX when the PFN is not aligned to the level, or has no page.
 */
__u64 tdx_host_page_to_shared(unsigned long pfn, enum tdx_host_level level,
			      __u32 keyid);

#endif /* TDX_HOST_PHYMEM_H */
