// SPDX-License-Identifier: GPL-2.0-only
/* Private memory: before the TD can run, while it can, and in large pages. */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/smp.h>

#include "wrappers.h"

#define K4	TDX_HOST_LEVEL_4K
#define M2	TDX_HOST_LEVEL_2M
#define G512	TDX_HOST_LEVEL_512G

/* Where there is no Secure EPT page. */
#define NOWHERE	(1ULL << 40)

static unsigned long new_pfn(struct wrap *w)
{
	return page_to_pfn(wrap_page(w));
}

/* Back to the kernel at once, as it is about to be used again. */
static void came_back(struct wrap *w, unsigned long pfn)
{
	WRAP(tdx_host_page_to_shared, SUCCESS, (pfn, K4, w->td.keyid));
}

void wrap_build_memory(struct wrap *w)
{
	struct page *source = wrap_page(w), *spare = wrap_page(w);
	struct tdx_host_sept_info info;
	const struct tdx_host_td *td = &w->td;
	enum tdx_host_level level;
	unsigned long pfn = 0;

	WRAP(tdx_host_mem_sept_add, EPT_WALK_FAILED,
	     (td, 0, M2, spare, &info));
	wrap_fact("the walk ended at the root",
		  info.level == G512 && info.state == TDX_HOST_SEPT_FREE);
	WRAP(tdx_host_mem_sept_add, OPERAND_INVALID, (td, 0, K4, spare, NULL));
	WRAP(tdx_host_mem_sept_add, PAGE_METADATA_INCORRECT,
	     (td, 0, G512, w->taken, NULL));
	for (level = G512; level > K4; level--)
		WRAP(tdx_host_mem_sept_add, SUCCESS,
		     (td, 0, level, wrap_page(w), &info));
	WRAP(tdx_host_mem_sept_add, EPT_ENTRY_STATE_INCORRECT,
	     (td, 0, M2, spare, &info));
	wrap_fact("the entry is told",
		  info.level == M2 && info.state == TDX_HOST_SEPT_NL_MAPPED);
	WRAP(tdx_host_mem_sept_rd, SUCCESS, (td, 0, M2, &info));
	wrap_fact("and read", info.state == TDX_HOST_SEPT_NL_MAPPED);
	WRAP(tdx_host_mem_sept_rd, EPT_WALK_FAILED, (td, NOWHERE, K4, &info));
	WRAP(tdx_host_mem_sept_rd, OPERAND_INVALID, (td, 1 << 12, M2, &info));

	WRAP(tdx_host_mem_page_add, SUCCESS,
	     (td, 0, new_pfn(w), source, NULL));
	WRAP(tdx_host_mem_page_add, EPT_ENTRY_STATE_INCORRECT,
	     (td, 0, page_to_pfn(spare), source, NULL));
	WRAP(tdx_host_mem_page_add, EPT_WALK_FAILED,
	     (td, NOWHERE, page_to_pfn(spare), source, NULL));
	WRAP(tdx_host_mem_page_add, PAGE_METADATA_INCORRECT,
	     (td, 0x1000, page_to_pfn(w->taken), source, NULL));
	WRAP(tdx_host_mem_page_add, OPERAND_INVALID,
	     (td, 1ULL << 47, page_to_pfn(spare), source, NULL));
	WRAP(tdx_host_mr_extend, SUCCESS, (td, 0, NULL));
	WRAP(tdx_host_mr_extend, EPT_ENTRY_NOT_PRESENT, (td, 0x2000, &info));
	WRAP(tdx_host_mr_extend, OPERAND_INVALID, (td, 0x80, NULL));
	WRAP(tdx_host_mem_rd, TD_NON_DEBUG, (td, 0, &info.entry, NULL));
	WRAP(tdx_host_mem_wr, TD_NON_DEBUG, (td, 0, 0, NULL, NULL));
	WRAP(tdx_host_mem_sept_remove, EPT_PAGE_NOT_FREE,
	     (td, 0, M2, &pfn, NULL));
	wrap_fact("no page came back", !pfn);

	WRAP(tdx_host_mem_page_aug, SUCCESS, (td, 0x3000, K4, new_pfn(w), NULL));
	WRAP(tdx_host_mem_page_aug, EPT_ENTRY_STATE_INCORRECT,
	     (td, 0x3000, K4, page_to_pfn(spare), &info));
	wrap_fact("the page is pending", info.state == TDX_HOST_SEPT_PENDING);
	WRAP(tdx_host_mem_page_aug, EPT_WALK_FAILED,
	     (td, NOWHERE, K4, page_to_pfn(spare), NULL));
	WRAP(tdx_host_mem_page_aug, OPERAND_INVALID,
	     (td, 0, TDX_HOST_LEVEL_1G, page_to_pfn(spare), NULL));
	WRAP(tdx_host_mem_page_aug, PAGE_METADATA_INCORRECT,
	     (td, 0x4000, K4, page_to_pfn(w->taken), NULL));
	WRAP(tdx_host_vp_enter, OP_STATE_INCORRECT,
	     (&w->vp, &(struct tdx_regs){ }));
}

void wrap_finalize(struct wrap *w)
{
	const struct tdx_host_td *td = &w->td;
	unsigned long pfn = new_pfn(w);

	WRAP(tdx_host_mr_finalize, SUCCESS, (td));
	WRAP(tdx_host_mr_finalize, OP_STATE_INCORRECT, (td));
	WRAP(tdx_host_mr_extend, OP_STATE_INCORRECT, (td, 0, NULL));
	WRAP(tdx_host_mem_page_add, OP_STATE_INCORRECT,
	     (td, 0x1000, pfn, pfn_to_page(pfn), NULL));
	WRAP(tdx_host_vp_create, OP_STATE_INCORRECT,
	     (&(struct tdx_host_vp){ .td = td, .tdvpr = pfn_to_page(pfn) }));
	WRAP(tdx_host_vp_init, OP_STATE_INCORRECT, (&w->vp, 0, 0));
}

/* With the page at GPA 0, added, and that at 0x3000, pending. */
void wrap_run_memory(struct wrap *w)
{
	const struct tdx_host_td *td = &w->td;
	struct tdx_host_sept_info info;
	unsigned long pfn = new_pfn(w), old;

	WRAP(tdx_host_mem_page_remove, GPA_RANGE_NOT_BLOCKED,
	     (td, 0, K4, &old, NULL));
	old = pfn;
	WRAP(tdx_host_mem_page_relocate, GPA_RANGE_NOT_BLOCKED,
	     (td, 0, &old, NULL));
	WRAP(tdx_host_mem_range_unblock, EPT_ENTRY_STATE_INCORRECT,
	     (td, 0, K4, NULL));
	WRAP(tdx_host_mem_range_block, SUCCESS, (td, 0, K4, NULL));
	WRAP(tdx_host_mem_range_block, GPA_RANGE_ALREADY_BLOCKED,
	     (td, 0, K4, &info));
	wrap_fact("the page is blocked", info.state == TDX_HOST_SEPT_BLOCKED);
	WRAP(tdx_host_mem_range_block, EPT_WALK_FAILED,
	     (td, NOWHERE, K4, NULL));
	WRAP(tdx_host_mem_range_block, OPERAND_INVALID, (td, 0x1000, M2, NULL));
	WRAP(tdx_host_mem_range_unblock, TLB_TRACKING_NOT_DONE,
	     (td, 0, K4, NULL));
	WRAP(tdx_host_mem_page_remove, TLB_TRACKING_NOT_DONE,
	     (td, 0, K4, &old, NULL));
	WRAP(tdx_host_mem_page_relocate, TLB_TRACKING_NOT_DONE,
	     (td, 0, &old, NULL));
	wrap_fact("the PFN was left alone", old == pfn);
	/* A VCPU that is in the guest since the epoch before. */
	wrap_emul("inject %d:0x%llx:1", TDH_MEM_TRACK,
		  (u64)TDX_ST_PREVIOUS_TLB_EPOCH_BUSY);
	WRAP(tdx_host_mem_track, PREVIOUS_TLB_EPOCH_BUSY, (td));
	WRAP(tdx_host_mem_track, SUCCESS, (td));
	WRAP(tdx_host_mem_range_unblock, SUCCESS, (td, 0, K4, NULL));
	WRAP(tdx_host_mem_range_block, SUCCESS, (td, 0, K4, NULL));
	WRAP(tdx_host_mem_track, SUCCESS, (td));
	WRAP(tdx_host_mem_page_relocate, SUCCESS, (td, 0, &old, NULL));
	wrap_fact("the old page came back", old != pfn);
	came_back(w, old);

	WRAP(tdx_host_mem_range_block, SUCCESS, (td, 0, K4, NULL));
	WRAP(tdx_host_mem_range_block, SUCCESS, (td, 0x3000, K4, NULL));
	WRAP(tdx_host_mem_track, SUCCESS, (td));
	WRAP(tdx_host_mem_page_remove, SUCCESS, (td, 0, K4, &old, NULL));
	wrap_fact("it is the page that was moved there", old == pfn);
	came_back(w, old);
	WRAP(tdx_host_mem_page_remove, EPT_ENTRY_STATE_INCORRECT,
	     (td, 0, K4, &old, NULL));
	WRAP(tdx_host_mem_page_remove, EPT_WALK_FAILED,
	     (td, NOWHERE, K4, &old, NULL));
	WRAP(tdx_host_mem_page_remove, SUCCESS, (td, 0x3000, K4, &old, NULL));
	came_back(w, old);

	WRAP(tdx_host_mem_sept_remove, GPA_RANGE_NOT_BLOCKED,
	     (td, 0, M2, &old, NULL));
	WRAP(tdx_host_mem_range_block, SUCCESS, (td, 0, M2, NULL));
	WRAP(tdx_host_mem_sept_remove, TLB_TRACKING_NOT_DONE,
	     (td, 0, M2, &old, NULL));
	WRAP(tdx_host_mem_track, SUCCESS, (td));
	WRAP(tdx_host_mem_sept_remove, SUCCESS, (td, 0, M2, &old, NULL));
	came_back(w, old);
	WRAP(tdx_host_mem_sept_remove, EPT_ENTRY_STATE_INCORRECT,
	     (td, 0, M2, &old, NULL));
}

static void block_and_track(struct wrap *w, u64 gpa, enum tdx_host_level level)
{
	WRAP(tdx_host_mem_range_block, SUCCESS, (&w->td, gpa, level, NULL));
	WRAP(tdx_host_mem_track, SUCCESS, (&w->td));
}

static void demote_and_promote(struct wrap *w)
{
	const struct tdx_host_td *td = &w->td;
	struct page *sept = wrap_page(w);
	unsigned long pfn;

	WRAP(tdx_host_mem_page_demote, GPA_RANGE_NOT_BLOCKED,
	     (td, 0, M2, sept, NULL));
	WRAP(tdx_host_mem_range_block, SUCCESS, (td, 0, M2, NULL));
	WRAP(tdx_host_mem_page_demote, TLB_TRACKING_NOT_DONE,
	     (td, 0, M2, sept, NULL));
	WRAP(tdx_host_mem_track, SUCCESS, (td));
	WRAP(tdx_host_mem_page_demote, PAGE_METADATA_INCORRECT,
	     (td, 0, M2, w->taken, NULL));
	/* Begun anew until nothing interrupts it. */
	wrap_emul("inject %d:0x%llx:3", TDH_MEM_PAGE_DEMOTE,
		  (u64)TDX_ST_INTERRUPTED_RESTARTABLE);
	WRAP(tdx_host_mem_page_demote, SUCCESS, (td, 0, M2, sept, NULL));
	WRAP(tdx_host_mem_page_demote, EPT_ENTRY_STATE_INCORRECT,
	     (td, 0, M2, sept, NULL));
	WRAP(tdx_host_mem_page_promote, GPA_RANGE_NOT_BLOCKED,
	     (td, 0, M2, &pfn, NULL));
	/* One page in another state than the rest. */
	block_and_track(w, 0x1000, K4);
	WRAP(tdx_host_mem_range_block, SUCCESS, (td, 0, M2, NULL));
	WRAP(tdx_host_mem_page_promote, TLB_TRACKING_NOT_DONE,
	     (td, 0, M2, &pfn, NULL));
	WRAP(tdx_host_mem_track, SUCCESS, (td));
	WRAP(tdx_host_mem_page_promote, EPT_INVALID_PROMOTE_CONDITIONS,
	     (td, 0, M2, &pfn, NULL));
	WRAP(tdx_host_mem_range_unblock, SUCCESS, (td, 0, M2, NULL));
	WRAP(tdx_host_mem_range_unblock, SUCCESS, (td, 0x1000, K4, NULL));
	block_and_track(w, 0, M2);
	WRAP(tdx_host_mem_page_promote, SUCCESS, (td, 0, M2, &pfn, NULL));
	wrap_fact("the Secure EPT page came back", pfn == page_to_pfn(sept));
	came_back(w, pfn);
}

/* The entry at GPA 0 is free. */
void wrap_large(struct wrap *w)
{
	const struct tdx_host_td *td = &w->td;
	unsigned int order = ilog2(PHYS_PFN(tdx_host_level_size(M2)));
	struct page *page = alloc_pages(GFP_KERNEL, order);
	unsigned long pfn;

	wrap_fact("there are 2 MiB in one piece", page);
	if (!page)
		return;
	pfn = page_to_pfn(page);
	WRAP(tdx_host_mem_page_aug, OPERAND_INVALID,
	     (td, 0, M2, pfn + 1, NULL));
	WRAP(tdx_host_mem_page_aug, SUCCESS, (td, 0, M2, pfn, NULL));
	demote_and_promote(w);
	/* TDH.MEM.PAGE.PROMOTE leaves the large page unblocked. */
	block_and_track(w, 0, M2);
	WRAP(tdx_host_mem_page_remove, SUCCESS, (td, 0, M2, &pfn, NULL));
	wrap_fact("the large page came back", pfn == page_to_pfn(page));
	WRAP(tdx_host_page_to_shared, OPERAND_INVALID,
	     (pfn + 1, M2, td->keyid));
	WRAP(tdx_host_page_to_shared, SUCCESS, (pfn, M2, td->keyid));
	__free_pages(page, order);
}

static int enter_elsewhere(void *data)
{
	struct wrap *w = data;

	WRAP(tdx_host_vp_enter, VCPU_ASSOCIATED,
	     (&w->vp, &(struct tdx_regs){ }));
	return 0;
}

/* There is nothing at the reset vector: the guest comes out with that news. */
void wrap_enter(struct wrap *w)
{
	struct tdx_regs args = { };
	u64 status = tdx_host_vp_enter(&w->vp, &args);

	wrap_check("tdx_host_vp_enter", "SUCCESS", TDX_ST_SUCCESS,
		   status & TDX_STATUS_NAME_MASK);
	wrap_fact("it left for an EPT violation",
		  TDX_HOST_EXIT_REASON(status) == TDX_HOST_EXIT_EPT_VIOLATION);
	wrap_fact("at the reset vector", args.r8 == 0xfffff000);
	smp_call_on_cpu(!w->vp.cpu, enter_elsewhere, w, false);
	args = (struct tdx_regs){ .rcx = 1ULL << 60 };
	WRAP(tdx_host_vp_enter, OPERAND_INVALID, (&w->vp, &args));
}
