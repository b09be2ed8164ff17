// SPDX-License-Identifier: GPL-2.0-only
/* TDs for guests: made, filled, destroyed. */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <tdx_host/keyid.h>
#include <tdx_host/phymem.h>
#include <tdx_host/sysinfo.h>

#include "guests.h"

#define NR_TDCX		6
#define NR_TDVPX	5

bool guests_check(struct guests_td *t, const char *call, u64 status)
{
	if (!(status >> 63))
		return true;
	if (!t->failed)
		pr_err("tdx_guests: FAILED %s: 0x%016llx\n", call, status);
	t->failed = true;
	return false;
}

struct page *guests_spare(struct guests_td *t)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL);

	if (t->nr_pages < GUESTS_MAX_PAGES)
		t->pages[t->nr_pages++] = page;
	else
		guests_check(t, "room for pages", ~0ULL);
	return page;
}

static void init_td(struct guests_td *t, u64 attributes)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();
	struct tdx_host_td_params *p;
	u64 error;

	p = kzalloc(sizeof(*p), GFP_KERNEL | __GFP_NOFAIL);
	p->attributes = attributes | si->attributes_fixed1;
	p->xfam = si->xfam_fixed1;
	p->max_vcpus = 1;
	p->eptp_controls = TDX_HOST_EPTP_4_LEVELS;
	p->tsc_frequency = 100;
	GUESTS_TRY(t, tdx_host_mng_init(&t->td, p, &error));
	kfree(p);
}

struct guests_td *guests_new(u64 attributes)
{
	struct guests_td *t = kzalloc(sizeof(*t), GFP_KERNEL | __GFP_NOFAIL);
	unsigned int i;

	t->td.keyid = tdx_host_keyid_alloc();
	t->td.tdr = alloc_page(GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL);
	t->td.holds_vmx = guests_hold_vmx;
	t->vp.td = &t->td;
	GUESTS_TRY(t, tdx_host_mng_create(&t->td));
	GUESTS_TRY(t, tdx_host_mng_key_config(&t->td));
	for (i = 0; i < NR_TDCX; i++)
		GUESTS_TRY(t, tdx_host_mng_addcx(&t->td, guests_spare(t)));
	init_td(t, attributes);
	t->vp.tdvpr = guests_spare(t);
	GUESTS_TRY(t, tdx_host_vp_create(&t->vp));
	for (i = 0; i < NR_TDVPX; i++)
		GUESTS_TRY(t, tdx_host_vp_addcx(&t->vp, guests_spare(t)));
	GUESTS_TRY(t, tdx_host_vp_init(&t->vp, 0, 0));
	guests_tables(t, GUESTS_RESET_PAGE, TDX_HOST_LEVEL_4K);
	guests_tables(t, GUESTS_CODE, TDX_HOST_LEVEL_4K);
	return t;
}

void guests_tables(struct guests_td *t, u64 gpa, enum tdx_host_level leaf)
{
	enum tdx_host_level level;

	for (level = TDX_HOST_LEVEL_512G; level > leaf; level--) {
		u64 size = 1ULL << (12 + 9 * level);
		struct page *page;
		u64 status;

		page = alloc_page(GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL);
		status = tdx_host_mem_sept_add(&t->td, gpa & ~(size - 1), level,
					       page, NULL);
		/* It was there for an address before. */
		if (tdx_status_is(status, TDX_ST_EPT_ENTRY_STATE_INCORRECT)) {
			__free_page(page);
			continue;
		}
		guests_check(t, "tdx_host_mem_sept_add()", status);
		t->pages[t->nr_pages++] = page;
	}
}

struct page *guests_add(struct guests_td *t, u64 gpa, const void *code,
			size_t size)
{
	struct page *source, *page = guests_spare(t);

	source = alloc_page(GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL);
	memcpy(page_address(source), code, size);
	GUESTS_TRY(t, tdx_host_mem_page_add(&t->td, gpa, page_to_pfn(page),
					    source, NULL));
	__free_page(source);
	return page;
}

struct page *guests_aug(struct guests_td *t, u64 gpa)
{
	struct page *page = guests_spare(t);

	GUESTS_TRY(t, tdx_host_mem_page_aug(&t->td, gpa, TDX_HOST_LEVEL_4K,
					    page_to_pfn(page), NULL));
	return page;
}

static void give_back(struct guests_td *t, struct page *page, u32 keyid)
{
	struct tdx_host_page_info info = { };
	unsigned long pfn = page_to_pfn(page);

	tdx_host_phymem_page_rdmd(pfn, &info);
	if (info.type != TDX_HOST_PAGE_FREE)
		GUESTS_TRY(t, tdx_host_phymem_page_reclaim(pfn, NULL));
	if (GUESTS_TRY(t, tdx_host_page_to_shared(pfn, TDX_HOST_LEVEL_4K,
						  keyid)))
		__free_page(page);
}

void guests_end(struct guests_td *t)
{
	u64 status = tdx_host_vp_flush(&t->vp);

	if (!tdx_status_is(status, TDX_ST_VCPU_NOT_ASSOCIATED))
		guests_check(t, "tdx_host_vp_flush()", status);
	GUESTS_TRY(t, tdx_host_mng_vpflushdone(&t->td));
	GUESTS_TRY(t, tdx_host_phymem_cache_wb());
	GUESTS_TRY(t, tdx_host_mng_key_freeid(&t->td));
	while (t->nr_pages)
		give_back(t, t->pages[--t->nr_pages], t->td.keyid);
	give_back(t, t->td.tdr, 0);
	guests_check(t, "tdx_host_keyid_free()",
		     tdx_host_keyid_free(t->td.keyid) ? ~0ULL : 0);
	kfree(t);
}
