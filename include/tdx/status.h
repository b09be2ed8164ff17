/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Completion status of a SEAMCALL (RAX on return): its fields and, generated
 * from status.def, its names.  Source: TDX Module ABI 1.5, "Function
 * Completion Status".
 */
#ifndef TDX_STATUS_H
#define TDX_STATUS_H

#include <linux/types.h>

/* Bits 63:60, and the parts that name a status. */
#define TDX_STATUS_ERROR		(1ULL << 63)
#define TDX_STATUS_NON_RECOVERABLE	(1ULL << 62)
#define TDX_STATUS_FATAL		(1ULL << 61)
#define TDX_STATUS_HOST_HINT		(1ULL << 60)
#define TDX_STATUS_NAME_MASK		0xffffffff00000000ULL
#define TDX_STATUS_DETAILS_MASK		0x00000000ffffffffULL
#define TDX_STATUS_CLASS(status)	(((status) >> 40) & 0xff)

/* The class of software's own statuses; the TDX module never returns it. */
#define TDX_CLASS_SOFTWARE		0xff

/*
 * TDX_ST_<NAME>: the status with its details zero.  Compare with
 * tdx_status_is(), which leaves the details out.  (Names without _ST_ would
 * collide with what newer kernels define in <asm/shared/tdx_errno.h>.)
 */
enum tdx_status {
#define TDX_STATUS(name, value, details, meaning, remedy) \
	TDX_ST_##name = (value),
#include "status.def"
};

/**
 * enum tdx_details - what bits 31:0 of a completion status carry
 * @TDX_DETAILS_NONE: nothing
 * @TDX_DETAILS_OPERAND: operand id, see enum tdx_operand
 * @TDX_DETAILS_MSR: MSR address
 * @TDX_DETAILS_PACKAGE: package id
 * @TDX_DETAILS_CPUID_LEAF: CPUID leaf
 * @TDX_DETAILS_CPUID_REGS: nothing here; leaf, masks and values in RCX..R10
 * @TDX_DETAILS_LEVEL: Secure EPT level (0 = 4 KiB)
 * @TDX_DETAILS_SMRR: SMRR index
 * @TDX_DETAILS_SMRR_CMR: 7:0 SMRR index, 15:8 CMR index
 * @TDX_DETAILS_TDMR: 7:0 TDMR index
 * @TDX_DETAILS_TDMR_LEVEL: 7:0 TDMR index, 15:8 PAMT level
 * @TDX_DETAILS_PAMT_OVERLAP: 7:0 TDMR that owns the PAMT, 15:8 PAMT level,
 *			      23:16 the other TDMR
 * @TDX_DETAILS_TDMR_AREA: 7:0 TDMR index, 15:8 reserved area index
 * @TDX_DETAILS_VM_LEVEL: 31:16 L2 VM, 15:0 level
 * @TDX_DETAILS_LIMIT: the limit that was exceeded
 */
enum tdx_details {
	TDX_DETAILS_NONE,
	TDX_DETAILS_OPERAND,
	TDX_DETAILS_MSR,
	TDX_DETAILS_PACKAGE,
	TDX_DETAILS_CPUID_LEAF,
	TDX_DETAILS_CPUID_REGS,
	TDX_DETAILS_LEVEL,
	TDX_DETAILS_SMRR,
	TDX_DETAILS_SMRR_CMR,
	TDX_DETAILS_TDMR,
	TDX_DETAILS_TDMR_LEVEL,
	TDX_DETAILS_PAMT_OVERLAP,
	TDX_DETAILS_TDMR_AREA,
	TDX_DETAILS_VM_LEVEL,
	TDX_DETAILS_LIMIT,
};

/* TDX_OPERAND_<NAME>: the operand ids of "Operand ID" in the ABI. */
enum tdx_operand {
#define TDX_OPERAND(name, id, text) TDX_OPERAND_##name = (id),
#include "operands.def"
};

/* In the software class bits 31:0 belong to the name. */
static inline __u64 tdx_status_name_mask(__u64 status)
{
	return TDX_STATUS_CLASS(status) == TDX_CLASS_SOFTWARE ?
		~0ULL : TDX_STATUS_NAME_MASK;
}

static inline bool tdx_status_is(__u64 status, enum tdx_status name)
{
	return !((status ^ name) & tdx_status_name_mask(status));
}

/* Notes (ALREADY_INITIALIZED, KEY_CONFIGURED ...) are successes as well. */
static inline bool tdx_status_ok(__u64 status)
{
	return !(status & TDX_STATUS_ERROR);
}

static inline __u32 tdx_status_details(__u64 status)
{
	return status & TDX_STATUS_DETAILS_MASK;
}

#endif /* TDX_STATUS_H */
