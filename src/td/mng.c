// SPDX-License-Identifier: GPL-2.0-only
/* TDH.MNG and TDH.MR: the life of a TD.  Contracts: <tdx_host/mng.h>. */
#include <linux/build_bug.h>
#include <linux/io.h>

#include <tdx_host/mng.h>
#include "compat/compat.h"
#include "tdh.h"

static_assert(sizeof(struct tdx_host_td_params) == 1024);
static_assert(offsetof(struct tdx_host_td_params, eptp_controls) == 24);
static_assert(offsetof(struct tdx_host_td_params, mrconfigid) == 80);
static_assert(offsetof(struct tdx_host_td_params, arch_capabilities) == 224);
static_assert(offsetof(struct tdx_host_td_params, cpuid) == 256);

u64 tdx_host_mng_create(const struct tdx_host_td *td)
{
	struct tdx_regs args = {
		.rcx = tdh_tdr(td),
		.rdx = td->keyid,
	};

	/* The TDR is the one page under the global KeyID. */
	return tdh_call_page(TDH_MNG_CREATE, &args, td->tdr, 0);
}
TDX_HOST_EXPORT(tdx_host_mng_create);

u64 tdx_host_mng_addcx(const struct tdx_host_td *td, struct page *page)
{
	struct tdx_regs args = {
		.rcx = page_to_phys(page),
		.rdx = tdh_tdr(td),
	};

	return tdh_call_page(TDH_MNG_ADDCX, &args, page, td->keyid);
}
TDX_HOST_EXPORT(tdx_host_mng_addcx);

u64 tdx_host_mng_key_config(const struct tdx_host_td *td)
{
	return tdh_on_packages(TDH_MNG_KEY_CONFIG, tdh_tdr(td));
}
TDX_HOST_EXPORT(tdx_host_mng_key_config);

u64 tdx_host_mng_init(const struct tdx_host_td *td,
		      const struct tdx_host_td_params *params, u64 *error)
{
	struct tdx_regs args = {
		.rcx = tdh_tdr(td),
		.rdx = virt_to_phys((void *)params),
	};
	u64 status = tdx_host_call(TDH_MNG_INIT, &args, true);

	if (error)
		*error = status == (TDX_ST_OPERAND_INVALID |
				    TDX_OPERAND_CPUID_CONFIG) ? args.rcx : 0;
	return status;
}
TDX_HOST_EXPORT(tdx_host_mng_init);

u64 tdx_host_mng_rd(const struct tdx_host_td *td, u64 field, u64 *value)
{
	struct tdx_regs args = {
		.rcx = tdh_tdr(td),
		.rdx = field,
	};
	u64 status = tdx_host_call(TDH_MNG_RD, &args, true);

	tdh_fill_value(value, status, &args);
	return status;
}
TDX_HOST_EXPORT(tdx_host_mng_rd);

u64 tdx_host_mng_wr(const struct tdx_host_td *td, u64 field, u64 value,
		    u64 mask, u64 *old)
{
	struct tdx_regs args = {
		.rcx = tdh_tdr(td),
		.rdx = field,
		.r8 = value,
		.r9 = mask,
	};
	u64 status = tdx_host_call(TDH_MNG_WR, &args, true);

	tdh_fill_value(old, status, &args);
	return status;
}
TDX_HOST_EXPORT(tdx_host_mng_wr);

u64 tdx_host_mng_vpflushdone(const struct tdx_host_td *td)
{
	return tdh_call_td(TDH_MNG_VPFLUSHDONE, td);
}
TDX_HOST_EXPORT(tdx_host_mng_vpflushdone);

u64 tdx_host_mng_key_freeid(const struct tdx_host_td *td)
{
	return tdh_call_td(TDH_MNG_KEY_FREEID, td);
}
TDX_HOST_EXPORT(tdx_host_mng_key_freeid);

u64 tdx_host_mng_key_reclaimid(const struct tdx_host_td *td)
{
	return tdh_call_td(TDH_MNG_KEY_RECLAIMID, td);
}
TDX_HOST_EXPORT(tdx_host_mng_key_reclaimid);

u64 tdx_host_mr_extend(const struct tdx_host_td *td, u64 gpa,
		       struct tdx_host_sept_info *info)
{
	struct tdx_regs args = {
		.rcx = gpa,
		.rdx = tdh_tdr(td),
	};
	u64 status = tdx_host_call(TDH_MR_EXTEND, &args, true);

	tdh_fill_info(info, status, &args);
	return status;
}
TDX_HOST_EXPORT(tdx_host_mr_extend);

u64 tdx_host_mr_finalize(const struct tdx_host_td *td)
{
	return tdh_call_td(TDH_MR_FINALIZE, td);
}
TDX_HOST_EXPORT(tdx_host_mr_finalize);
