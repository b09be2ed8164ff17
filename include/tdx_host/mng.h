/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TD management and measurement: TDH.MNG and TDH.MR.
 * Source of all: TDX Module ABI 1.5, the chapter of each leaf.
 *
 * None of these is on a hot path.  Each enters VMX operation by itself where
 * nobody else has, and is repeated after a transient status for about two
 * seconds.
 */
#ifndef TDX_HOST_MNG_H
#define TDX_HOST_MNG_H

#include <tdx/status.h>
#include <tdx_host/td.h>

/**
 * tdx_host_mng_create() - TDH.MNG.CREATE
 * @td: the TD; @td->tdr is handed over, @td->keyid becomes assigned
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_HKID_NOT_FREE when another TD has the
 *	   KeyID, TDX_ST_PAGE_METADATA_INCORRECT when the page is not free,
 *	   TDX_ST_PAGE_LOST when it is nobody's any more (td.h).
 */
__u64 tdx_host_mng_create(const struct tdx_host_td *td);

/**
 * tdx_host_mng_addcx() - TDH.MNG.ADDCX: a page for the TDCS
 * @td: the TD, its key configured
 * @page: handed over; tdcs_base_size / 4 KiB of them are needed
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_TDCX_NUM_INCORRECT when there are enough,
 *	   TDX_ST_PAGE_LOST when the page is nobody's any more (td.h).
 */
__u64 tdx_host_mng_addcx(const struct tdx_host_td *td, struct page *page);

/**
 * tdx_host_mng_key_config() - TDH.MNG.KEY.CONFIG on every package
 * @td: the TD
 *
 * It is called on one CPU of each package in turn, and does nothing where the
 * package has the key already.  So after a failure it can simply be repeated.
 *
 * Context: Sleeps; takes cpus_read_lock().
 * Return: TDX_ST_SUCCESS; TDX_ST_PACKAGE_OFFLINE when a package has no CPU
 *	   online, and nothing was done; or the completion status of the first
 *	   package that failed.
 */
__u64 tdx_host_mng_key_config(const struct tdx_host_td *td);

/**
 * tdx_host_mng_init() - TDH.MNG.INIT
 * @td: the TD, with all its TDCX pages
 * @params: TD_PARAMS in memory of its own, physically contiguous, 1 KiB and
 *	    1 KiB aligned, as kzalloc(sizeof(*params), GFP_KERNEL) is
 * @error: for TDX_ST_OPERAND_INVALID with CPUID_CONFIG: 31:0 CPUID leaf,
 *	   63:32 subleaf; else 0.  May be NULL
 *
 * May be repeated with other parameters when it failed.
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_OPERAND_INVALID names the parameter.
 */
__u64 tdx_host_mng_init(const struct tdx_host_td *td,
			const struct tdx_host_td_params *params, __u64 *error);

/**
 * tdx_host_mng_rd() - TDH.MNG.RD
 * @td: the TD, initialised
 * @field: metadata field identifier
 * @value: of the field; 0 on error
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_METADATA_FIELD_* when there is no such
 *	   field, or not for the host.
 */
__u64 tdx_host_mng_rd(const struct tdx_host_td *td, __u64 field, __u64 *value);

/**
 * tdx_host_mng_wr() - TDH.MNG.WR
 * @td: the TD, initialised
 * @field: metadata field identifier
 * @value: new bits
 * @mask: which bits to change
 * @old: of the field, before; may be NULL
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_METADATA_FIELD_* when the field, or the
 *	   value, is not for the host to write.
 */
__u64 tdx_host_mng_wr(const struct tdx_host_td *td, __u64 field, __u64 value,
		      __u64 mask, __u64 *old);

/**
 * tdx_host_mng_vpflushdone() - TDH.MNG.VPFLUSHDONE: the first step of the end
 * @td: the TD, all of its VCPUs flushed by tdx_host_vp_flush()
 *
 * Nothing can enter the TD any more, and its KeyID waits for the caches.
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_FLUSHVP_NOT_DONE when a VCPU is still
 *	   associated with an LP.
 */
__u64 tdx_host_mng_vpflushdone(const struct tdx_host_td *td);

/**
 * tdx_host_mng_key_freeid() - TDH.MNG.KEY.FREEID
 * @td: the TD, after tdx_host_phymem_cache_wb()
 *
 * From here on the pages of the TD can be reclaimed, and the KeyID can go
 * back to tdx_host_keyid_free().
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_WBCACHE_NOT_COMPLETE when a package has
 *	   not written its caches back.
 */
__u64 tdx_host_mng_key_freeid(const struct tdx_host_td *td);

/**
 * tdx_host_mng_key_reclaimid() - TDH.MNG.KEY.RECLAIMID
 * @td: the TD
 *
 * Does nothing in TDX modules from 1.0 on; here for completeness.
 *
 * Context: Sleeps.
 * Return: completion status, TDX_ST_SUCCESS from every known TDX module.
 */
__u64 tdx_host_mng_key_reclaimid(const struct tdx_host_td *td);

/**
 * tdx_host_mr_extend() - TDH.MR.EXTEND: measure 256 bytes of an added page
 * @td: the TD, initialised and not finalised
 * @gpa: guest physical address, 256-byte aligned
 * @info: extended error information; may be NULL
 *
 * Holds the TD exclusively: other calls for it are busy meanwhile.
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_EPT_ENTRY_NOT_PRESENT when no page is
 *	   there.
 */
__u64 tdx_host_mr_extend(const struct tdx_host_td *td, __u64 gpa,
			 struct tdx_host_sept_info *info);

/**
 * tdx_host_mr_finalize() - TDH.MR.FINALIZE: MRTD is complete, the TD can run
 * @td: the TD, with a VCPU that is initialised
 *
 * Context: Sleeps.
 * Return: completion status; TDX_ST_NO_VCPUS, TDX_ST_OP_STATE_INCORRECT.
 */
__u64 tdx_host_mr_finalize(const struct tdx_host_td *td);

#endif /* TDX_HOST_MNG_H */
