/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Global metadata of the TDX module, as TDH.SYS.RD returns it.
 * Source: TDX Module ABI 1.5, "Global Scope Metadata Fields".
 */
#ifndef TDX_HOST_SYSINFO_H
#define TDX_HOST_SYSINFO_H

#include <linux/types.h>

/* CMR table slots of the TDX module. */
#define TDX_HOST_MAX_CMRS	32

/* TDX_FEATURES0: TDH.VP.INIT takes an x2APIC ID (version 1). */
#define TDX_FEATURES0_TOPOLOGY_ENUM	(1ULL << 20)

/* TDX_FEATURES0: the module can be shut down by TDH.SYS.DISABLE. */
#define TDX_FEATURES0_SYS_DISABLE	(1ULL << 53)

/**
 * struct tdx_host_cmr - convertible memory range
 * @base: physical address
 * @size: bytes, never 0
 */
struct tdx_host_cmr {
	__u64 base;
	__u64 size;
};

/**
 * struct tdx_host_cpuid_config - CPUID bits that a TD's creator may choose
 * @leaf: CPUID leaf
 * @subleaf: subleaf; all ones where the leaf has none
 * @eax: configurable bits
 * @ebx: configurable bits
 * @ecx: configurable bits
 * @edx: configurable bits
 */
struct tdx_host_cpuid_config {
	__u32 leaf;
	__u32 subleaf;
	__u32 eax;
	__u32 ebx;
	__u32 ecx;
	__u32 edx;
};

/**
 * struct tdx_host_sysinfo - what the TDX module says about itself
 * @major_version: MAJOR_VERSION
 * @minor_version: MINOR_VERSION
 * @update_version: UPDATE_VERSION
 * @internal_version: INTERNAL_VERSION
 * @build_num: BUILD_NUM
 * @build_date: BUILD_DATE, decimal YYYYMMDD
 * @features0: TDX_FEATURES0; ignore bits that have no name here
 * @max_tdmrs: most TDMRs that TDH.SYS.CONFIG takes
 * @max_reserved_per_tdmr: most reserved areas in one of them
 * @pamt_4k_entry_size: bytes of PAMT per 4 KiB page
 * @pamt_2m_entry_size: bytes of PAMT per 2 MiB page
 * @pamt_1g_entry_size: bytes of PAMT per 1 GiB page
 * @tdr_base_size: TDR_BASE_SIZE, bytes
 * @tdcs_base_size: TDCS_BASE_SIZE, bytes
 * @tdvps_base_size: TDVPS_BASE_SIZE, bytes
 * @attributes_fixed0: TD ATTRIBUTES bits that may be 1
 * @attributes_fixed1: TD ATTRIBUTES bits that must be 1
 * @xfam_fixed0: XFAM bits that may be 1
 * @xfam_fixed1: XFAM bits that must be 1
 * @max_vcpus_per_td: most VCPUs of a TD; 0 where the TDX module does not say
 * @num_cmrs: entries of @cmrs; empty slots of the module's table are left out
 * @cmrs: ascending
 * @num_cpuid_config: entries of @cpuid_config
 * @cpuid_config: in the order of TD_PARAMS
 */
struct tdx_host_sysinfo {
	__u16 major_version;
	__u16 minor_version;
	__u16 update_version;
	__u16 internal_version;
	__u16 build_num;
	__u32 build_date;
	__u64 features0;
	__u16 max_tdmrs;
	__u16 max_reserved_per_tdmr;
	__u16 pamt_4k_entry_size;
	__u16 pamt_2m_entry_size;
	__u16 pamt_1g_entry_size;
	__u16 tdr_base_size;
	__u16 tdcs_base_size;
	__u16 tdvps_base_size;
	__u64 attributes_fixed0;
	__u64 attributes_fixed1;
	__u64 xfam_fixed0;
	__u64 xfam_fixed1;
	__u16 max_vcpus_per_td;
	__u16 num_cmrs;
	struct tdx_host_cmr cmrs[TDX_HOST_MAX_CMRS];
	__u16 num_cpuid_config;
	struct tdx_host_cpuid_config *cpuid_config;
};

/**
 * tdx_host_get_sysinfo() - metadata of the TDX module
 *
 * Context: Any.
 * Return: the metadata, constant until tdx_host is unloaded; NULL before
 *	   bring-up has read it.
 */
const struct tdx_host_sysinfo *tdx_host_get_sysinfo(void);

#endif /* TDX_HOST_SYSINFO_H */
