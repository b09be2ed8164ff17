/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ENTRY(wrapper, leaf, what it does about OPERAND_BUSY, arguments): all of
 * them, with arguments that change nothing in a TD that runs.  The order is
 * that in which it stays so.
 */
ENTRY(vp_flush, VP_FLUSH, PATIENT, (vp))
ENTRY(vp_rd, VP_RD, PATIENT, (vp, VP_FIELD, &value))
ENTRY(vp_wr, VP_WR, PATIENT, (vp, VP_FIELD, 0, 0, NULL))
ENTRY(vp_init, VP_INIT, PATIENT, (vp, 0, 0))
ENTRY(vp_addcx, VP_ADDCX, PATIENT, (vp, tdr))
ENTRY(vp_create, VP_CREATE, PATIENT,
      (&(struct tdx_host_vp){ .td = td, .tdvpr = tdr }))
ENTRY(vp_enter, VP_ENTER, HOT, (vp, &regs))
ENTRY(mng_create, MNG_CREATE, PATIENT, (td))
ENTRY(mng_addcx, MNG_ADDCX, PATIENT, (td, tdr))
ENTRY(mng_key_config, MNG_KEY_CONFIG, PATIENT, (td))
ENTRY(mng_init, MNG_INIT, PATIENT, (td, w->params, NULL))
ENTRY(mng_rd, MNG_RD, PATIENT, (td, TD_FIELD, &value))
ENTRY(mng_wr, MNG_WR, PATIENT, (td, TD_FIELD, 0, 0, NULL))
ENTRY(mng_vpflushdone, MNG_VPFLUSHDONE, PATIENT, (td))
ENTRY(mng_key_freeid, MNG_KEY_FREEID, PATIENT, (td))
ENTRY(mng_key_reclaimid, MNG_KEY_RECLAIMID, NEVER, (td))
ENTRY(mr_extend, MR_EXTEND, PATIENT, (td, 0, &info))
ENTRY(mr_finalize, MR_FINALIZE, PATIENT, (td))
ENTRY(mem_sept_add, MEM_SEPT_ADD, HOT,
      (td, 0, TDX_HOST_LEVEL_512G, tdr, &info))
ENTRY(mem_sept_rd, MEM_SEPT_RD, HOT, (td, 0, TDX_HOST_LEVEL_4K, &info))
ENTRY(mem_sept_remove, MEM_SEPT_REMOVE, HOT,
      (td, 0, TDX_HOST_LEVEL_2M, &pfn, &info))
ENTRY(mem_page_add, MEM_PAGE_ADD, HOT, (td, 0, pfn, tdr, &info))
ENTRY(mem_page_aug, MEM_PAGE_AUG, HOT,
      (td, 0, TDX_HOST_LEVEL_4K, pfn, &info))
ENTRY(mem_page_remove, MEM_PAGE_REMOVE, HOT,
      (td, 0, TDX_HOST_LEVEL_4K, &pfn, &info))
ENTRY(mem_page_promote, MEM_PAGE_PROMOTE, HOT,
      (td, 0, TDX_HOST_LEVEL_2M, &pfn, &info))
ENTRY(mem_page_demote, MEM_PAGE_DEMOTE, HOT,
      (td, 0, TDX_HOST_LEVEL_2M, tdr, &info))
ENTRY(mem_page_relocate, MEM_PAGE_RELOCATE, HOT, (td, 0, &pfn, &info))
ENTRY(mem_range_block, MEM_RANGE_BLOCK, HOT,
      (td, 0, TDX_HOST_LEVEL_4K, &info))
ENTRY(mem_range_unblock, MEM_RANGE_UNBLOCK, HOT,
      (td, 0, TDX_HOST_LEVEL_4K, &info))
ENTRY(mem_track, MEM_TRACK, HOT, (td))
ENTRY(mem_rd, MEM_RD, HOT, (td, 0, &value, &info))
ENTRY(mem_wr, MEM_WR, HOT, (td, 0, 0, &value, &info))
ENTRY(phymem_page_rdmd, PHYMEM_PAGE_RDMD, PATIENT, (pfn, &pi))
ENTRY(phymem_page_reclaim, PHYMEM_PAGE_RECLAIM, PATIENT, (pfn, &pi))
ENTRY(phymem_page_wbinvd, PHYMEM_PAGE_WBINVD, PATIENT, (pfn, 0))
ENTRY(phymem_cache_wb, PHYMEM_CACHE_WB, PATIENT, ())
