/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names that KVM calls in a kernel with TDX host support of its own, and
 * those of the patches before it, for porting.  New code does better with the
 * other headers, which do more for their callers.
 *
 * As in the kernel, a function does what its SEAMCALL does, on the CPU that
 * calls it; see the leaf's wrapper in mng.h, vp.h, mem.h or phymem.h.  Unlike
 * in the kernel the CPU need not be in VMX operation, except for
 * seamcall_saved_ret() and tdh_vp_enter().  Those for whom entropy may be short
 * (TDH.MNG.CREATE, ADDCX and KEY.CONFIG), seamcall(), seamcall_ret() and those
 * of TDH.PHYMEM repeat a call with a transient status for about 2 ms; all
 * others return it at once.  Once the machine is being shut down each returns
 * TDX_ST_GOING_DOWN.
 * Context: any, except for tdx_enable() and tdx_guest_keyid_alloc(), which
 * sleep, and for seamcall_saved_ret() and tdh_vp_enter(), which have interrupts
 * off and may be noinstr.  Functions that return u64 return the completion
 * status whole, those that return int 0 or a negative errno.
 *
 * As in the kernel, too, a page that was refused may have been written: td.h
 * says after which statuses, and what to do then.
 *
 * Levels are enum pg_level, PG_LEVEL_4K and up.
 */
#ifndef TDX_HOST_MAINLINE_NAMES_H
#define TDX_HOST_MAINLINE_NAMES_H

#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <asm/pgtable_types.h>

#include <tdx_host/cpu.h>
#include <tdx_host/keyid.h>
#include <tdx_host/phymem.h>
#include <tdx_host/seamcall.h>
#include <tdx_host/sysinfo.h>
#include <tdx_host/tdx_host.h>

#ifdef _ASM_X86_TDX_H
#error "<asm/tdx.h> declares these names, too: do not include it, nor what includes it, together with <tdx_host/mainline_names.h>"
#endif

#define tdx_module_args		tdx_regs

/* struct tdx_sys_info, which 6.13 and later kernels have. */
#ifdef __has_include
#if __has_include(<asm/tdx_global_metadata.h>)
#include <asm/tdx_global_metadata.h>
#define TDX_NAMES_SYSINFO
#endif
#endif

/* Kept by the caller, who owns the pages. */
struct tdx_td {
	struct page *tdr_page;
	int tdcs_nr_pages;
	struct page **tdcs_pages;
	int tdcx_nr_pages;
};

struct tdx_vp {
	struct page *tdvpr_page;
	phys_addr_t tdvpr_pa;
	struct page **tdcx_pages;
};

static inline bool platform_tdx_enabled(void)
{
	enum tdx_host_state state = tdx_host_state_get();

	return state != TDX_HOST_UNSUPPORTED && state != TDX_HOST_DISABLED;
}

static inline int tdx_enable(void)
{
	return tdx_host_enable();
}

static inline int tdx_cpu_enable(void)
{
	return tdx_host_cpu_enable();
}

static inline int tdx_guest_keyid_alloc(void)
{
	return tdx_host_keyid_alloc();
}

static inline void tdx_guest_keyid_free(unsigned int keyid)
{
	tdx_host_keyid_free(keyid);
}

static inline u32 tdx_get_nr_guest_keyids(void)
{
	return tdx_host_keyid_count();
}

/* After TDH.PHYMEM.PAGE.WBINVD; nothing on CPUs without the erratum. */
static inline void tdx_quirk_reset_paddr(unsigned long base, unsigned long size)
{
	tdx_host_page_reset(base, size);
}

#ifdef TDX_NAMES_SYSINFO
/*
 * The kernel's structure is filled in anew by each call, always alike.  NULL
 * before TDX is ready, and where the TDX module has more CPUID configurations
 * than the structure has room for.
 */
static inline const struct tdx_sys_info *tdx_get_sysinfo(void)
{
	static struct tdx_sys_info info;
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();
	struct tdx_sys_info_td_conf *conf = &info.td_conf;
	unsigned int i;

	if (!si || tdx_host_state_get() != TDX_HOST_READY ||
	    si->num_cpuid_config > ARRAY_SIZE(conf->cpuid_config_leaves))
		return NULL;
	info.features.tdx_features0 = si->features0;
	info.tdmr.max_tdmrs = si->max_tdmrs;
	info.tdmr.max_reserved_per_tdmr = si->max_reserved_per_tdmr;
	info.tdmr.pamt_4k_entry_size = si->pamt_4k_entry_size;
	info.tdmr.pamt_2m_entry_size = si->pamt_2m_entry_size;
	info.tdmr.pamt_1g_entry_size = si->pamt_1g_entry_size;
	info.td_ctrl.tdr_base_size = si->tdr_base_size;
	info.td_ctrl.tdcs_base_size = si->tdcs_base_size;
	info.td_ctrl.tdvps_base_size = si->tdvps_base_size;
	conf->attributes_fixed0 = si->attributes_fixed0;
	conf->attributes_fixed1 = si->attributes_fixed1;
	conf->xfam_fixed0 = si->xfam_fixed0;
	conf->xfam_fixed1 = si->xfam_fixed1;
	conf->max_vcpus_per_td = si->max_vcpus_per_td;
	conf->num_cpuid_config = si->num_cpuid_config;
	for (i = 0; i < si->num_cpuid_config; i++) {
		const struct tdx_host_cpuid_config *c = &si->cpuid_config[i];

		conf->cpuid_config_leaves[i] = c->leaf | (u64)c->subleaf << 32;
		conf->cpuid_config_values[i][0] = c->eax | (u64)c->ebx << 32;
		conf->cpuid_config_values[i][1] = c->ecx | (u64)c->edx << 32;
	}
	return &info;
}
#endif

static inline u64 seamcall(u64 fn, struct tdx_module_args *args)
{
	struct tdx_module_args in = *args;

	return tdx_host_call(fn, &in, false);
}

static inline u64 seamcall_ret(u64 fn, struct tdx_module_args *args)
{
	return tdx_host_call(fn, args, false);
}

/* The CPU is in VMX operation, interrupts are off. */
static __always_inline u64 seamcall_saved_ret(u64 fn, struct tdx_module_args *args)
{
	return tdx_host_seamcall_saved_ret(fn, args);
}

/* What the functions below have in common. */
static inline u64 tdx_names_flush(struct page *page)
{
	tdx_host_page_to_private(page_to_pfn(page), TDX_HOST_LEVEL_4K);
	return page_to_phys(page);
}

static inline u64 tdx_names_td(const struct tdx_td *td)
{
	return page_to_phys(td->tdr_page);
}

static __always_inline u64 tdx_names_vp(const struct tdx_vp *vp)
{
	return page_to_phys(vp->tdvpr_page);
}

static inline u64 tdx_names_call(u64 fn, u64 rcx, u64 rdx, u64 r8, u64 r9)
{
	struct tdx_module_args args = {
		.rcx = rcx, .rdx = rdx, .r8 = r8, .r9 = r9,
	};

	return tdx_host_call_once(fn, &args);
}

/* Patient for 2 ms: with a source of entropy, for one. */
static inline u64 tdx_names_call_patient(u64 fn, u64 rcx, u64 rdx)
{
	struct tdx_module_args args = { .rcx = rcx, .rdx = rdx };

	return tdx_host_call(fn, &args, false);
}

/* With extended error information. */
static inline u64 tdx_names_call_info(u64 fn, u64 rcx, u64 rdx, u64 r8, u64 r9,
				      u64 *ext_err1, u64 *ext_err2)
{
	struct tdx_module_args args = {
		.rcx = rcx, .rdx = rdx, .r8 = r8, .r9 = r9,
	};
	u64 status = tdx_host_call_once(fn, &args);

	*ext_err1 = args.rcx;
	*ext_err2 = args.rdx;
	return status;
}

/* Read a metadata field. */
static inline u64 tdx_names_read(u64 fn, u64 rcx, u64 field, u64 *data)
{
	struct tdx_module_args args = { .rcx = rcx, .rdx = field };
	u64 status = tdx_host_call_once(fn, &args);

	*data = args.r8;
	return status;
}

static inline u64 tdx_names_gpa(u64 gpa, enum pg_level level)
{
	return gpa | (level - PG_LEVEL_4K);
}

static inline u64 tdh_mng_create(struct tdx_td *td, u16 hkid)
{
	return tdx_names_call_patient(TDH_MNG_CREATE,
				      tdx_names_flush(td->tdr_page), hkid);
}

static inline u64 tdh_mng_key_config(struct tdx_td *td)
{
	return tdx_names_call_patient(TDH_MNG_KEY_CONFIG, tdx_names_td(td), 0);
}

static inline u64 tdh_mng_addcx(struct tdx_td *td, struct page *tdcs_page)
{
	return tdx_names_call_patient(TDH_MNG_ADDCX,
				      tdx_names_flush(tdcs_page),
				      tdx_names_td(td));
}

static inline u64 tdh_mng_init(struct tdx_td *td, u64 td_params,
			       u64 *extended_err)
{
	u64 unused;

	return tdx_names_call_info(TDH_MNG_INIT, tdx_names_td(td), td_params,
				   0, 0, extended_err, &unused);
}

static inline u64 tdh_mng_rd(struct tdx_td *td, u64 field, u64 *data)
{
	return tdx_names_read(TDH_MNG_RD, tdx_names_td(td), field, data);
}

static inline u64 tdh_mng_vpflushdone(struct tdx_td *td)
{
	return tdx_names_call(TDH_MNG_VPFLUSHDONE, tdx_names_td(td), 0, 0, 0);
}

static inline u64 tdh_mng_key_freeid(struct tdx_td *td)
{
	return tdx_names_call(TDH_MNG_KEY_FREEID, tdx_names_td(td), 0, 0, 0);
}

static inline u64 tdh_vp_create(struct tdx_td *td, struct tdx_vp *vp)
{
	return tdx_names_call(TDH_VP_CREATE, tdx_names_flush(vp->tdvpr_page),
			      tdx_names_td(td), 0, 0);
}

static inline u64 tdh_vp_addcx(struct tdx_vp *vp, struct page *tdcx_page)
{
	return tdx_names_call(TDH_VP_ADDCX, tdx_names_flush(tdcx_page),
			      tdx_names_vp(vp), 0, 0);
}

/* Version 1 of the leaf where the TDX module has it. */
static inline u64 tdh_vp_init(struct tdx_vp *vp, u64 initial_rcx, u32 x2apicid)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();
	u64 fn = TDH_VP_INIT;

	if (si && si->features0 & TDX_FEATURES0_TOPOLOGY_ENUM)
		fn |= TDX_LEAF_VERSION(1);
	return tdx_names_call(fn, tdx_names_vp(vp), initial_rcx, x2apicid, 0);
}

static inline u64 tdh_vp_rd(struct tdx_vp *vp, u64 field, u64 *data)
{
	return tdx_names_read(TDH_VP_RD, tdx_names_vp(vp), field, data);
}

static inline u64 tdh_vp_wr(struct tdx_vp *vp, u64 field, u64 data, u64 mask)
{
	return tdx_names_call(TDH_VP_WR, tdx_names_vp(vp), field, data, mask);
}

static inline u64 tdh_vp_flush(struct tdx_vp *vp)
{
	return tdx_names_call(TDH_VP_FLUSH, tdx_names_vp(vp), 0, 0, 0);
}

/* The CPU is in VMX operation, interrupts are off. */
static __always_inline u64 tdh_vp_enter(struct tdx_vp *vp, struct tdx_module_args *args)
{
	args->rcx = tdx_names_vp(vp);
	return tdx_host_seamcall_saved_ret(TDH_VP_ENTER, args);
}

static inline u64 tdh_mem_sept_add(struct tdx_td *td, u64 gpa,
				   enum pg_level level, struct page *page,
				   u64 *ext_err1, u64 *ext_err2)
{
	return tdx_names_call_info(TDH_MEM_SEPT_ADD, tdx_names_gpa(gpa, level),
				   tdx_names_td(td), tdx_names_flush(page), 0,
				   ext_err1, ext_err2);
}

static inline u64 tdh_mem_page_add(struct tdx_td *td, u64 gpa, u64 pfn,
				   struct page *source, u64 *ext_err1,
				   u64 *ext_err2)
{
	tdx_host_page_to_private(pfn, TDX_HOST_LEVEL_4K);
	return tdx_names_call_info(TDH_MEM_PAGE_ADD, gpa, tdx_names_td(td),
				   PFN_PHYS(pfn), page_to_phys(source),
				   ext_err1, ext_err2);
}

static inline u64 tdh_mem_page_aug(struct tdx_td *td, u64 gpa,
				   enum pg_level level, u64 pfn,
				   u64 *ext_err1, u64 *ext_err2)
{
	tdx_host_page_to_private(pfn, (enum tdx_host_level)
				 (level - PG_LEVEL_4K));
	return tdx_names_call_info(TDH_MEM_PAGE_AUG, tdx_names_gpa(gpa, level),
				   tdx_names_td(td), PFN_PHYS(pfn), 0,
				   ext_err1, ext_err2);
}

static inline u64 tdh_mem_page_remove(struct tdx_td *td, u64 gpa,
				      enum pg_level level, u64 *ext_err1,
				      u64 *ext_err2)
{
	return tdx_names_call_info(TDH_MEM_PAGE_REMOVE,
				   tdx_names_gpa(gpa, level), tdx_names_td(td),
				   0, 0, ext_err1, ext_err2);
}

static inline u64 tdh_mem_range_block(struct tdx_td *td, u64 gpa,
				      enum pg_level level, u64 *ext_err1,
				      u64 *ext_err2)
{
	return tdx_names_call_info(TDH_MEM_RANGE_BLOCK,
				   tdx_names_gpa(gpa, level), tdx_names_td(td),
				   0, 0, ext_err1, ext_err2);
}

static inline u64 tdh_mem_track(struct tdx_td *td)
{
	return tdx_names_call(TDH_MEM_TRACK, tdx_names_td(td), 0, 0, 0);
}

static inline u64 tdh_mr_extend(struct tdx_td *td, u64 gpa, u64 *ext_err1,
				u64 *ext_err2)
{
	return tdx_names_call_info(TDH_MR_EXTEND, gpa, tdx_names_td(td), 0, 0,
				   ext_err1, ext_err2);
}

static inline u64 tdh_mr_finalize(struct tdx_td *td)
{
	return tdx_names_call(TDH_MR_FINALIZE, tdx_names_td(td), 0, 0, 0);
}

static inline u64 tdh_phymem_page_reclaim(struct page *page, u64 *tdx_pt,
					  u64 *tdx_owner, u64 *tdx_size)
{
	struct tdx_module_args args = { .rcx = page_to_phys(page) };
	u64 status = tdx_host_call(TDH_PHYMEM_PAGE_RECLAIM, &args, false);

	*tdx_pt = args.rcx;
	*tdx_owner = args.rdx;
	*tdx_size = args.r8;
	return status;
}

/* Goes on by itself where it was interrupted: @resume need not be true. */
static inline u64 tdh_phymem_cache_wb(bool resume)
{
	return tdx_names_call_patient(TDH_PHYMEM_CACHE_WB, resume, 0);
}

static inline u64 tdh_phymem_page_wbinvd_tdr(struct tdx_td *td)
{
	return tdx_host_phymem_page_wbinvd(page_to_pfn(td->tdr_page), 0);
}

static inline u64 tdh_phymem_page_wbinvd_hkid(u64 hkid, u64 pfn)
{
	return tdx_host_phymem_page_wbinvd(pfn, hkid);
}

#endif /* TDX_HOST_MAINLINE_NAMES_H */
