/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs for the guest that the software TDX module runs on TDH.VP.ENTER.
 *
 * A program is a sequence of little-endian 64-bit words at 8-byte aligned
 * guest physical addresses.  It lies in private pages of the TD: the model
 * fetches each word through the Secure EPT.  A VCPU starts at GUEST_RESET, as
 * TDX guests do: the last 16 bytes below 4 GiB, room for one GUEST_JMP to
 * where the program is.  Addresses are guest physical; bit 47 (51 with GPAW)
 * makes them shared.
 *
 * Registers at the start, as in a TD: RBX GPA width, RCX and R8 what
 * TDH.VP.INIT got, RDX CPUID(1).EAX, RSI number of the VCPU, all others 0.
 *
 * A word:	7:0 operation, 15:8 register A, 23:16 register B, 31:24 zero,
 *		63:32 signed number N
 */
#ifndef TDX_EMUL_GUEST_H
#define TDX_EMUL_GUEST_H

#define GUEST_RESET	0xfffffff0ULL

/* Registers, numbered as in the GPR mask of TDG.VP.VMCALL.  RSP is not used. */
enum guest_reg {
	GUEST_RAX, GUEST_RCX, GUEST_RDX, GUEST_RBX, GUEST_RSP, GUEST_RBP,
	GUEST_RSI, GUEST_RDI, GUEST_R8, GUEST_R9, GUEST_R10, GUEST_R11,
	GUEST_R12, GUEST_R13, GUEST_R14, GUEST_R15,
};

enum guest_op {
	GUEST_OP_INVALID,	/* triple fault, as any word not listed here */
	GUEST_OP_SET,		/* A = the word that follows */
	GUEST_OP_MOV,		/* A = B */
	GUEST_OP_ADD,		/* A = A + N */
	GUEST_OP_LOAD,		/* A = 8 bytes at B + N */
	GUEST_OP_STORE,		/* 8 bytes at B + N = A */
	GUEST_OP_JMP,		/* on at the address that follows */
	GUEST_OP_BNZ,		/* A != 0: on N words from the next one */
	GUEST_OP_BZ,		/* A == 0: likewise */
	GUEST_OP_TDCALL,	/* leaf in RAX: 0, 1, 3 and 6 are there */
	GUEST_OP_HLT,		/* TDG.VP.VMCALL<HLT>, as a #VE handler asks */
	GUEST_OP_SHUTDOWN,	/* triple fault */
	GUEST_OP_ON_VE,		/* #VE goes to the address that follows */
	GUEST_OP_IRET,		/* back to the instruction that met #VE */
};

#define GUEST_WORD(op, a, b, n) \
	((unsigned long long)(op) | (unsigned long long)(a) << 8 | \
	 (unsigned long long)(b) << 16 | \
	 (unsigned long long)(unsigned int)(n) << 32)

/* Two words each. */
#define GUEST_SET(a, value)	GUEST_WORD(GUEST_OP_SET, a, 0, 0), (value)
#define GUEST_JMP(gpa)		GUEST_WORD(GUEST_OP_JMP, 0, 0, 0), (gpa)
#define GUEST_ON_VE(gpa)	GUEST_WORD(GUEST_OP_ON_VE, 0, 0, 0), (gpa)
/* One word each. */
#define GUEST_MOV(a, b)		GUEST_WORD(GUEST_OP_MOV, a, b, 0)
#define GUEST_ADD(a, n)		GUEST_WORD(GUEST_OP_ADD, a, 0, n)
#define GUEST_LOAD(a, b, n)	GUEST_WORD(GUEST_OP_LOAD, a, b, n)
#define GUEST_STORE(a, b, n)	GUEST_WORD(GUEST_OP_STORE, a, b, n)
#define GUEST_BNZ(a, n)		GUEST_WORD(GUEST_OP_BNZ, a, 0, n)
#define GUEST_BZ(a, n)		GUEST_WORD(GUEST_OP_BZ, a, 0, n)
#define GUEST_TDCALL		GUEST_WORD(GUEST_OP_TDCALL, 0, 0, 0)
#define GUEST_HLT		GUEST_WORD(GUEST_OP_HLT, 0, 0, 0)
#define GUEST_SHUTDOWN		GUEST_WORD(GUEST_OP_SHUTDOWN, 0, 0, 0)
#define GUEST_IRET		GUEST_WORD(GUEST_OP_IRET, 0, 0, 0)

/*
 * What is asked for most, in words: a TDG.VP.VMCALL of sub-function @function
 * that passes R10 to R15, with @r12 and @r13 (11 words); TDG.MEM.PAGE.ACCEPT
 * of the page of @level at @gpa (5 words).
 */
#define GUEST_VMCALL(function, r12, r13) \
	GUEST_SET(GUEST_RAX, 0), GUEST_SET(GUEST_RCX, 0xfc00), \
	GUEST_SET(GUEST_R11, function), GUEST_SET(GUEST_R12, r12), \
	GUEST_SET(GUEST_R13, r13), GUEST_TDCALL
#define GUEST_ACCEPT(gpa, level) \
	GUEST_SET(GUEST_RAX, 6), GUEST_SET(GUEST_RCX, (gpa) | (level)), \
	GUEST_TDCALL

/* Sub-functions of TDG.VP.VMCALL (Guest-Host Communication Interface). */
#define GUEST_VMCALL_HLT		12
#define GUEST_VMCALL_REPORT_FATAL_ERROR	0x10003

#endif /* TDX_EMUL_GUEST_H */
