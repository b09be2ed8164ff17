/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private memory: TDH.MEM.  Source of all: TDX Module ABI 1.5, the chapter of
 * each leaf.
 *
 * These are on hot paths: they take no lock, allocate nothing, and retry only
 * where a leaf says that it was interrupted.  TDX_ST_OPERAND_BUSY means that
 * another LP works on the same object: the caller knows best whether to spin,
 * to kick a VCPU or to give way.  A CPU that is not in VMX operation enters and
 * leaves it for the call, which takes far longer.
 *
 * Leaves that give a page back name it, and that is the TDX module's word
 * alone: compare it with the page that was given before it is used again.  Where
 * it names no page at all the status is TDX_ST_PAGE_LOST.
 *
 * @gpa is a guest physical address, aligned to the size of the level, with
 * the shared bit clear.  @info is extended error information; NULL where it is
 * not wanted.
 */
#ifndef TDX_HOST_MEM_H
#define TDX_HOST_MEM_H

#include <tdx/status.h>
#include <tdx_host/td.h>

/**
 * tdx_host_mem_sept_add() - TDH.MEM.SEPT.ADD: a Secure EPT page
 * @td: the TD, initialised
 * @gpa: first guest physical address of what the page's entries map
 * @level: of the entry that will point to the page, from TDX_HOST_LEVEL_2M
 * @page: handed over
 * @info: extended error information, or NULL
 *
 * Context: Any.
 * Return: completion status; TDX_ST_EPT_WALK_FAILED when the level above is
 *	   missing, TDX_ST_EPT_ENTRY_STATE_INCORRECT when the entry is taken.
 */
__u64 tdx_host_mem_sept_add(const struct tdx_host_td *td, __u64 gpa,
			    enum tdx_host_level level, struct page *page,
			    struct tdx_host_sept_info *info);

/**
 * tdx_host_mem_sept_rd() - TDH.MEM.SEPT.RD: look at a Secure EPT entry
 * @td: the TD, initialised
 * @gpa: guest physical address
 * @level: of the entry
 * @info: the entry, or extended error information
 *
 * Context: Any.
 * Return: completion status; TDX_ST_EPT_WALK_FAILED when a level above is
 *	   missing.
 */
__u64 tdx_host_mem_sept_rd(const struct tdx_host_td *td, __u64 gpa,
			   enum tdx_host_level level,
			   struct tdx_host_sept_info *info);

/**
 * tdx_host_mem_sept_remove() - TDH.MEM.SEPT.REMOVE
 * @td: the TD
 * @gpa: as it was added
 * @level: as it was added
 * @pfn: PFN of the page, which is the caller's again once
 *	 tdx_host_page_to_shared() is done with it; untouched on error
 * @info: extended error information, or NULL
 *
 * In a TD that runs, block and track first.
 *
 * Context: Any.
 * Return: completion status; TDX_ST_EPT_PAGE_NOT_FREE when the page has
 *	   entries, TDX_ST_GPA_RANGE_NOT_BLOCKED, TDX_ST_TLB_TRACKING_NOT_DONE.
 */
__u64 tdx_host_mem_sept_remove(const struct tdx_host_td *td, __u64 gpa,
			       enum tdx_host_level level, unsigned long *pfn,
			       struct tdx_host_sept_info *info);

/**
 * tdx_host_mem_page_add() - TDH.MEM.PAGE.ADD: a page with initial content
 * @td: the TD, initialised and not finalised
 * @gpa: guest physical address of the page
 * @pfn: PFN of the page, handed over
 * @source: the content, copied
 * @info: extended error information, or NULL
 *
 * Holds the TD exclusively: other calls for it are busy meanwhile.
 *
 * Context: Any.
 * Return: completion status; TDX_ST_EPT_WALK_FAILED,
 *	   TDX_ST_EPT_ENTRY_STATE_INCORRECT, TDX_ST_OP_STATE_INCORRECT.
 */
__u64 tdx_host_mem_page_add(const struct tdx_host_td *td, __u64 gpa,
			    unsigned long pfn, struct page *source,
			    struct tdx_host_sept_info *info);

/**
 * tdx_host_mem_page_aug() - TDH.MEM.PAGE.AUG: a page that the TD must accept
 * @td: the TD, initialised or running
 * @gpa: guest physical address of the page
 * @level: TDX_HOST_LEVEL_4K or TDX_HOST_LEVEL_2M
 * @pfn: first PFN, aligned to the size of the level; handed over
 * @info: extended error information, or NULL
 *
 * Context: Any.
 * Return: completion status; as tdx_host_mem_page_add().
 */
__u64 tdx_host_mem_page_aug(const struct tdx_host_td *td, __u64 gpa,
			    enum tdx_host_level level, unsigned long pfn,
			    struct tdx_host_sept_info *info);

/**
 * tdx_host_mem_page_remove() - TDH.MEM.PAGE.REMOVE
 * @td: the TD
 * @gpa: guest physical address of the page
 * @level: its level
 * @pfn: first PFN of the page, which is the caller's again once
 *	 tdx_host_page_to_shared() is done with it; untouched on error
 * @info: extended error information, or NULL
 *
 * In a TD that runs, block and track first, and make every VCPU leave it.
 *
 * Context: Any.
 * Return: completion status; TDX_ST_GPA_RANGE_NOT_BLOCKED,
 *	   TDX_ST_TLB_TRACKING_NOT_DONE.
 */
__u64 tdx_host_mem_page_remove(const struct tdx_host_td *td, __u64 gpa,
			       enum tdx_host_level level, unsigned long *pfn,
			       struct tdx_host_sept_info *info);

/**
 * tdx_host_mem_page_promote() - TDH.MEM.PAGE.PROMOTE: 512 pages become one
 * @td: the TD
 * @gpa: guest physical address of the first page
 * @level: of the page that results
 * @pfn: PFN of the Secure EPT page that is not needed any more, the caller's
 *	 again once tdx_host_page_to_shared() is done with it; untouched on
 *	 error
 * @info: extended error information, or NULL
 *
 * Context: Any.
 * Return: completion status; TDX_ST_EPT_INVALID_PROMOTE_CONDITIONS when the
 *	   pages are not contiguous and alike, TDX_ST_GPA_RANGE_NOT_BLOCKED,
 *	   TDX_ST_TLB_TRACKING_NOT_DONE; TDX_ST_INTERRUPTED_RESTARTABLE when
 *	   interrupts kept coming for 2 ms, or stayed pending for a few tries
 *	   because they are off: take them, and call again.
 */
__u64 tdx_host_mem_page_promote(const struct tdx_host_td *td, __u64 gpa,
				enum tdx_host_level level, unsigned long *pfn,
				struct tdx_host_sept_info *info);

/**
 * tdx_host_mem_page_demote() - TDH.MEM.PAGE.DEMOTE: one page becomes 512
 * @td: the TD
 * @gpa: guest physical address of the page
 * @level: its level, from TDX_HOST_LEVEL_2M
 * @page: the Secure EPT page for the 512 entries, handed over
 * @info: extended error information, or NULL
 *
 * The TDX module fills the page before it looks for interrupts.  So a page
 * that is refused after that is brought back, by one more SEAMCALL and 4 KiB of
 * zeroes.
 *
 * Context: Any.
 * Return: completion status; TDX_ST_GPA_RANGE_NOT_BLOCKED,
 *	   TDX_ST_TLB_TRACKING_NOT_DONE; TDX_ST_INTERRUPTED_RESTARTABLE when
 *	   interrupts kept coming for 2 ms, or stayed pending for a few tries
 *	   because they are off: take them, and call again;
 *	   TDX_ST_PAGE_LOST when @page is nobody's any more (td.h).
 */
__u64 tdx_host_mem_page_demote(const struct tdx_host_td *td, __u64 gpa,
			       enum tdx_host_level level, struct page *page,
			       struct tdx_host_sept_info *info);

/**
 * tdx_host_mem_page_relocate() - TDH.MEM.PAGE.RELOCATE: move a 4 KiB page
 * @td: the TD
 * @gpa: guest physical address of the page, blocked and tracked
 * @pfn: in: PFN of the new page, handed over; out: PFN of the old one, the
 *	 caller's again once tdx_host_page_to_shared() is done with it.
 *	 Untouched on error
 * @info: extended error information, or NULL
 *
 * Context: Any.
 * Return: completion status; as tdx_host_mem_page_remove().
 */
__u64 tdx_host_mem_page_relocate(const struct tdx_host_td *td, __u64 gpa,
				 unsigned long *pfn,
				 struct tdx_host_sept_info *info);

/**
 * tdx_host_mem_range_block() - TDH.MEM.RANGE.BLOCK
 * @td: the TD
 * @gpa: guest physical address
 * @level: of the entry, whatever it points to
 * @info: extended error information, or NULL
 *
 * Context: Any.
 * Return: completion status; TDX_ST_GPA_RANGE_ALREADY_BLOCKED is a note.
 */
__u64 tdx_host_mem_range_block(const struct tdx_host_td *td, __u64 gpa,
			       enum tdx_host_level level,
			       struct tdx_host_sept_info *info);

/**
 * tdx_host_mem_range_unblock() - TDH.MEM.RANGE.UNBLOCK
 * @td: the TD
 * @gpa: guest physical address
 * @level: of the entry
 * @info: extended error information, or NULL
 *
 * Context: Any.
 * Return: completion status; TDX_ST_TLB_TRACKING_NOT_DONE.
 */
__u64 tdx_host_mem_range_unblock(const struct tdx_host_td *td, __u64 gpa,
				 enum tdx_host_level level,
				 struct tdx_host_sept_info *info);

/**
 * tdx_host_mem_track() - TDH.MEM.TRACK: begin a new TLB epoch
 * @td: the TD
 *
 * What was blocked before is out of every TLB once each VCPU that is in the
 * guest now has left it.
 *
 * Context: Any.
 * Return: completion status; TDX_ST_PREVIOUS_TLB_EPOCH_BUSY when a VCPU is in
 *	   the guest since the epoch before: kick it and try again.
 */
__u64 tdx_host_mem_track(const struct tdx_host_td *td);

/**
 * tdx_host_mem_rd() - TDH.MEM.RD: read private memory of a debug TD
 * @td: the TD
 * @gpa: guest physical address, 8-byte aligned
 * @value: what is there; 0 on error
 * @info: extended error information, or NULL
 *
 * Context: Any.
 * Return: completion status; TDX_ST_TD_NON_DEBUG.
 */
__u64 tdx_host_mem_rd(const struct tdx_host_td *td, __u64 gpa, __u64 *value,
		      struct tdx_host_sept_info *info);

/**
 * tdx_host_mem_wr() - TDH.MEM.WR: write private memory of a debug TD
 * @td: the TD
 * @gpa: guest physical address, 8-byte aligned
 * @value: what to write
 * @old: what was there; may be NULL
 * @info: extended error information, or NULL
 *
 * Context: Any.
 * Return: completion status; TDX_ST_TD_NON_DEBUG.
 */
__u64 tdx_host_mem_wr(const struct tdx_host_td *td, __u64 gpa, __u64 value,
		      __u64 *old, struct tdx_host_sept_info *info);

#endif /* TDX_HOST_MEM_H */
