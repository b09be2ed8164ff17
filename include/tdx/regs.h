/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers of a SEAMCALL or TDCALL that has more operands or outputs
 * than a C function has arguments.  Host and guest use the same.
 */
#ifndef TDX_REGS_H
#define TDX_REGS_H

/* Offsets in struct tdx_regs, for the trampolines. */
#define TDX_REGS_RCX	0x00
#define TDX_REGS_RDX	0x08
#define TDX_REGS_R8	0x10
#define TDX_REGS_R9	0x18
#define TDX_REGS_R10	0x20
#define TDX_REGS_R11	0x28
#define TDX_REGS_R12	0x30
#define TDX_REGS_R13	0x38
#define TDX_REGS_R14	0x40
#define TDX_REGS_R15	0x48
#define TDX_REGS_RBX	0x50
#define TDX_REGS_RDI	0x58
#define TDX_REGS_RSI	0x60

#ifndef __ASSEMBLER__

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>

/**
 * struct tdx_regs - operands of a SEAMCALL or TDCALL, in and out
 * @rcx: RCX
 * @rdx: RDX
 * @r8: R8
 * @r9: R9
 * @r10: R10
 * @r11: R11, the last that the calls without "saved" in their name use
 * @r12: R12
 * @r13: R13
 * @r14: R14
 * @r15: R15
 * @rbx: RBX
 * @rdi: RDI
 * @rsi: RSI
 *
 * RAX holds leaf and status, and is passed by itself.  RBP is missing on
 * purpose: a TD must be created with CONFIG_FLAGS.NO_RBP_MOD where its VMM
 * wants to see RBP, and the trampolines restore RBP whatever the other side
 * does to it.
 */
struct tdx_regs {
	__u64 rcx;
	__u64 rdx;
	__u64 r8;
	__u64 r9;
	__u64 r10;
	__u64 r11;
	__u64 r12;
	__u64 r13;
	__u64 r14;
	__u64 r15;
	__u64 rbx;
	__u64 rdi;
	__u64 rsi;
};

static_assert(offsetof(struct tdx_regs, rcx) == TDX_REGS_RCX);
static_assert(offsetof(struct tdx_regs, rdx) == TDX_REGS_RDX);
static_assert(offsetof(struct tdx_regs, r8) == TDX_REGS_R8);
static_assert(offsetof(struct tdx_regs, r9) == TDX_REGS_R9);
static_assert(offsetof(struct tdx_regs, r10) == TDX_REGS_R10);
static_assert(offsetof(struct tdx_regs, r11) == TDX_REGS_R11);
static_assert(offsetof(struct tdx_regs, r12) == TDX_REGS_R12);
static_assert(offsetof(struct tdx_regs, r13) == TDX_REGS_R13);
static_assert(offsetof(struct tdx_regs, r14) == TDX_REGS_R14);
static_assert(offsetof(struct tdx_regs, r15) == TDX_REGS_R15);
static_assert(offsetof(struct tdx_regs, rbx) == TDX_REGS_RBX);
static_assert(offsetof(struct tdx_regs, rdi) == TDX_REGS_RDI);
static_assert(offsetof(struct tdx_regs, rsi) == TDX_REGS_RSI);

#endif /* !__ASSEMBLER__ */
#endif /* TDX_REGS_H */
