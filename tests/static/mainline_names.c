// SPDX-License-Identifier: GPL-2.0-only
/*
 * Code as KVM has it, for <tdx_host/mainline_names.h>: every name, with the
 * arguments and their order.  It is compiled, not run.
 */
#include <tdx_host/mainline_names.h>

#define FAIL_IF(status)	do { if (status) return -EIO; } while (0)

int mainline_build(struct tdx_td *td, struct tdx_vp *vp, u64 td_params,
		   struct page *page);
int mainline_memory(struct tdx_td *td, struct page *page);
int mainline_run(struct tdx_vp *vp);
int mainline_teardown(struct tdx_td *td, struct tdx_vp *vp, int keyid);
int mainline_module(void);

int mainline_build(struct tdx_td *td, struct tdx_vp *vp, u64 td_params,
		   struct page *page)
{
	u64 err, data;

	FAIL_IF(tdh_mng_create(td, (u16)tdx_guest_keyid_alloc()));
	FAIL_IF(tdh_mng_key_config(td));
	FAIL_IF(tdh_mng_addcx(td, page));
	FAIL_IF(tdh_mng_init(td, td_params, &err));
	FAIL_IF(tdh_mng_rd(td, 0, &data));
	FAIL_IF(tdh_vp_create(td, vp));
	FAIL_IF(tdh_vp_addcx(vp, vp->tdcx_pages[0]));
	FAIL_IF(tdh_vp_init(vp, 0, 1));
	FAIL_IF(tdh_vp_rd(vp, 0, &data));
	FAIL_IF(tdh_vp_wr(vp, 0, data, ~0ULL));
	return 0;
}

int mainline_memory(struct tdx_td *td, struct page *page)
{
	u64 entry, level_state;

	FAIL_IF(tdh_mem_sept_add(td, 0, PG_LEVEL_2M, page, &entry,
				 &level_state));
	FAIL_IF(tdh_mem_page_add(td, 0, page_to_pfn(page), page, &entry,
				 &level_state));
	FAIL_IF(tdh_mr_extend(td, 0, &entry, &level_state));
	FAIL_IF(tdh_mr_finalize(td));
	FAIL_IF(tdh_mem_page_aug(td, 0, PG_LEVEL_4K, page_to_pfn(page),
				 &entry, &level_state));
	FAIL_IF(tdh_mem_range_block(td, 0, PG_LEVEL_4K, &entry,
				    &level_state));
	FAIL_IF(tdh_mem_track(td));
	FAIL_IF(tdh_mem_page_remove(td, 0, PG_LEVEL_4K, &entry,
				    &level_state));
	return 0;
}

int mainline_run(struct tdx_vp *vp)
{
	struct tdx_module_args args = { };

	FAIL_IF(tdh_vp_enter(vp, &args));
	return 0;
}

int mainline_teardown(struct tdx_td *td, struct tdx_vp *vp, int keyid)
{
	u64 type, owner, size;

	FAIL_IF(tdh_vp_flush(vp));
	FAIL_IF(tdh_mng_vpflushdone(td));
	FAIL_IF(tdh_phymem_cache_wb(false));
	FAIL_IF(tdh_mng_key_freeid(td));
	FAIL_IF(tdh_phymem_page_reclaim(vp->tdvpr_page, &type, &owner, &size));
	FAIL_IF(tdh_phymem_page_wbinvd_hkid(keyid,
					    page_to_pfn(vp->tdvpr_page)));
	FAIL_IF(tdh_phymem_page_wbinvd_tdr(td));
	tdx_guest_keyid_free(keyid);
	return 0;
}

int mainline_module(void)
{
	struct tdx_module_args args = { .rcx = 0 };
	int ret;

	if (!platform_tdx_enabled())
		return -ENODEV;
	ret = tdx_cpu_enable();
	if (!ret)
		ret = tdx_enable();
	if (ret)
		return ret;
#ifdef TDX_NAMES_SYSINFO
	FAIL_IF(!tdx_get_sysinfo() ||
		tdx_get_sysinfo()->td_conf.max_vcpus_per_td <
			tdx_get_nr_guest_keyids());
#endif
	tdx_quirk_reset_paddr(0, PAGE_SIZE);
	FAIL_IF(seamcall(TDH_MEM_TRACK, &args));
	FAIL_IF(seamcall_ret(TDH_SYS_RD, &args));
	FAIL_IF(seamcall_saved_ret(TDH_VP_ENTER, &args));
	return 0;
}
