/* SPDX-License-Identifier: GPL-2.0-only */
/* MSRs that tell whether and how TDX is enabled. */
#ifndef TDX_HOST_MSR_H
#define TDX_HOST_MSR_H

#include <linux/types.h>

/* Names of Intel SDM volume 4 and TDX Module Base Architecture 1.5. */
#define TDX_MSR_APIC_BASE		0x1b
#define  TDX_APIC_BASE_EXTD		(1ULL << 10)
#define TDX_MSR_FEATURE_CONTROL		0x3a
#define  TDX_FEATURE_CONTROL_LOCK	(1ULL << 0)
#define  TDX_FEATURE_CONTROL_VMX	(1ULL << 2)	/* outside SMX */
#define TDX_MSR_MKTME_KEYID_PART	0x87
#define TDX_MSR_MCHECK_ERROR		0xa0	/* 0: MCHECK found no fault */
#define TDX_MSR_MTRRCAP			0xfe
#define  TDX_MTRRCAP_SEAMRR		(1ULL << 15)
#define TDX_MSR_VMX_BASIC		0x480
#define  TDX_VMX_BASIC_REVISION		0x7fffffffULL
#define TDX_MSR_TME_ACTIVATE		0x982
#define  TDX_TME_ACTIVATE_LOCK		(1ULL << 0)
#define  TDX_TME_ACTIVATE_ENABLE	(1ULL << 1)
#define  TDX_TME_ACTIVATE_KEYID_BITS	GENMASK_ULL(35, 32)
#define TDX_MSR_SEAMRR_BASE		0x1400
#define TDX_MSR_SEAMRR_MASK		0x1401
#define  TDX_SEAMRR_MASK_LOCK		(1ULL << 10)
#define  TDX_SEAMRR_MASK_VALID		(1ULL << 11)

int tdx_host_rdmsr(u32 msr, u64 *val);

#endif /* TDX_HOST_MSR_H */
