// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that a leaf writes to before it refuses them.  Each is used at once,
 * as its next owner would use it: what is wrong with it then the emulator
 * counts (partial_writes, private_lines, dirty_pages).
 */
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/pfn.h>

#include "wrappers.h"

#define M2	TDX_HOST_LEVEL_2M
#define G512	TDX_HOST_LEVEL_512G

/* What nobody tries again, and what is tried again for long. */
#define INVALID		(TDX_ST_OPERAND_INVALID | TDX_OPERAND_RCX)
#define BUSY_KOT	(TDX_ST_OPERAND_BUSY | TDX_OPERAND_KOT)
#define BUSY_TREE	(TDX_ST_OPERAND_BUSY | TDX_OPERAND_SEPT_TREE)

/* Less than a line. */
static void use_page(struct page *page)
{
	WRITE_ONCE(*(u8 *)(page_address(page) + 0x123), 1);
}

static void refused_create(struct wrap *w)
{
	wrap_emul("starve rdseed all always");
	WRAP(tdx_host_mng_create, RND_NO_ENTROPY, (&w->td));
	use_page(w->td.tdr);
	wrap_emul("inject %d:0x%llx:1", TDH_PHYMEM_PAGE_WBINVD, (u64)INVALID);
	WRAP(tdx_host_mng_create, PAGE_LOST, (&w->td));
	/* In truth there is nothing wrong with TDH.PHYMEM.PAGE.WBINVD. */
	WRAP(tdx_host_page_to_shared, SUCCESS,
	     (page_to_pfn(w->td.tdr), TDX_HOST_LEVEL_4K, 0));

	/* The last try does not show that the first one wrote. */
	wrap_emul("starve rdseed all 1");
	wrap_emul("inject %d:0x%llx:1000000:1", TDH_MNG_CREATE, (u64)BUSY_KOT);
	WRAP(tdx_host_mng_create, OPERAND_BUSY, (&w->td));
	use_page(w->td.tdr);
	wrap_emul("inject %d:0:0", TDH_MNG_CREATE);
	wrap_emul("starve rdseed all 0");
	WRAP(tdx_host_mng_create, SUCCESS, (&w->td));
}

static void refused_addcx(struct wrap *w)
{
	struct page *page;
	int i;

	WRAP(tdx_host_mng_key_config, SUCCESS, (&w->td));
	for (i = 0; i < 5; i++)
		WRAP(tdx_host_mng_addcx, SUCCESS, (&w->td, wrap_page(w)));
	page = wrap_page(w);
	wrap_emul("starve rdseed all always");
	WRAP(tdx_host_mng_addcx, RND_NO_ENTROPY, (&w->td, page));
	use_page(page);
	wrap_emul("starve rdseed all 0");
	WRAP(tdx_host_mng_addcx, SUCCESS, (&w->td, page));
	wrap_params(w->params, TDX_HOST_ATTRIBUTES_SEPT_VE_DISABLE);
	WRAP(tdx_host_mng_init, SUCCESS, (&w->td, w->params, NULL));
	page = wrap_page(w);
	WRAP(tdx_host_mng_addcx, OP_STATE_INCORRECT, (&w->td, page));
	use_page(page);
	wrap_emul("inject %d:0x%llx:1", TDH_PHYMEM_PAGE_WBINVD, (u64)INVALID);
	WRAP(tdx_host_mng_addcx, PAGE_LOST, (&w->td, page));
	WRAP(tdx_host_page_to_shared, SUCCESS,
	     (page_to_pfn(page), TDX_HOST_LEVEL_4K, w->td.keyid));
}

/* Of the page at GPA 0, 2 MiB. */
static void refused_demote(struct wrap *w, unsigned long pfn)
{
	const struct tdx_host_td *td = &w->td;
	struct page *page = wrap_page(w);
	struct tdx_host_sept_info info;

	wrap_emul("interrupt all always");
	WRAP(tdx_host_mem_page_demote, INTERRUPTED_RESTARTABLE,
	     (td, 0, M2, page, NULL));
	use_page(page);
	wrap_emul("inject %d:0x%llx:1", TDH_PHYMEM_PAGE_WBINVD, (u64)INVALID);
	WRAP(tdx_host_mem_page_demote, PAGE_LOST, (td, 0, M2, page, NULL));
	WRAP(tdx_host_page_to_shared, SUCCESS,
	     (page_to_pfn(page), TDX_HOST_LEVEL_4K, td->keyid));

	wrap_emul("interrupt all 1");
	wrap_emul("inject %d:0x%llx:1:1", TDH_MEM_PAGE_DEMOTE, (u64)BUSY_TREE);
	WRAP(tdx_host_mem_page_demote, OPERAND_BUSY, (td, 0, M2, page, NULL));
	use_page(page);
	wrap_emul("interrupt all 0");

	/* Somebody has a part of the page. */
	wrap_emul("hold pamt-2m:0x%llx 0", (u64)PFN_PHYS(pfn));
	WRAP(tdx_host_mem_page_demote, OPERAND_BUSY, (td, 0, M2, page, &info));
	use_page(page);
	wrap_emul("release pamt-2m:0x%llx 0", (u64)PFN_PHYS(pfn));
	wrap_fact("no Secure EPT entry is told", !info.entry && !info.level);
}

void wrap_refused(struct wrap *w)
{
	unsigned int order = ilog2(PHYS_PFN(tdx_host_level_size(M2)));
	struct page *large = alloc_pages(GFP_KERNEL, order);
	enum tdx_host_level level;
	unsigned long pfn;

	wrap_fact("there are 2 MiB in one piece again", large);
	if (!large)
		return;
	refused_create(w);
	refused_addcx(w);
	for (level = G512; level > M2; level--)
		WRAP(tdx_host_mem_sept_add, SUCCESS,
		     (&w->td, 0, level, wrap_page(w), NULL));
	pfn = page_to_pfn(large);
	WRAP(tdx_host_mem_page_aug, SUCCESS, (&w->td, 0, M2, pfn, NULL));
	refused_demote(w, pfn);
	WRAP(tdx_host_mem_page_remove, SUCCESS, (&w->td, 0, M2, &pfn, NULL));
	WRAP(tdx_host_page_to_shared, SUCCESS, (pfn, M2, w->td.keyid));
	__free_pages(large, order);
	wrap_end_quietly(w);
}
