/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interpreter of x86 code, for guests on a CPU that cannot run them: the
 * subset that a start stub and tests need, at CPL 0 in flat segments, in 32-bit
 * protected mode and in 64-bit mode.  What is not there, an instruction or a
 * state of the CPU, is MODEL_STEP_UNKNOWN, never something else than on a CPU.
 * Source: SDM 2, "Instruction Format" and the pages of the instructions.
 */
#ifndef TDX_EMUL_MODEL_X86_H
#define TDX_EMUL_MODEL_X86_H

#include "guest.h"

/* An instruction is no longer. */
#define X86_MAX_LENGTH		15

#define X86_CF			(1U << 0)
#define X86_FIXED		(1U << 1)
#define X86_PF			(1U << 2)
#define X86_AF			(1U << 4)
#define X86_ZF			(1U << 6)
#define X86_SF			(1U << 7)
#define X86_IF			(1U << 9)
#define X86_DF			(1U << 10)
#define X86_OF			(1U << 11)
#define X86_ARITHMETIC \
	(X86_CF | X86_PF | X86_AF | X86_ZF | X86_SF | X86_OF)

#define MODEL_CR0_PE		(1ULL << 0)
#define MODEL_CR0_ET		(1ULL << 4)
#define MODEL_CR0_NE		(1ULL << 5)
#define MODEL_CR0_WP		(1ULL << 16)
#define MODEL_CR0_NW		(1ULL << 29)
#define MODEL_CR0_CD		(1ULL << 30)
#define MODEL_CR0_PG		(1ULL << 31)
/* What the TDX module keeps as it is. */
#define MODEL_CR0_TDX \
	(MODEL_CR0_PE | MODEL_CR0_NE | MODEL_CR0_NW | MODEL_CR0_CD)
#define MODEL_CR4_PAE		(1ULL << 5)
#define MODEL_CR4_MCE		(1ULL << 6)
/* VMXE and SMXE are the TDX module's. */
#define MODEL_CR4_TDX		0x6000ULL
#define MODEL_EFER_SCE		(1ULL << 0)
#define MODEL_EFER_LME		(1ULL << 8)
#define MODEL_EFER_LMA		(1ULL << 10)
#define MODEL_EFER_NXE		(1ULL << 11)

/* Vectors. */
#define X86_NMI			2
#define X86_UD			6
#define X86_DF_VECTOR		8
#define X86_NP			11
#define X86_GP			13
#define X86_PF_VECTOR		14
#define X86_AC			17
#define X86_VE			20
#define X86_CP			21

enum model_x86_op {
	/* In the order of the opcodes, and of bits 5:3 of ModRM. */
	X86_ADD, X86_OR, X86_ADC, X86_SBB, X86_AND, X86_SUB, X86_XOR, X86_CMP,
	X86_TEST, X86_INC, X86_DEC, X86_NOT, X86_NEG,
	X86_SHL, X86_SHR, X86_SAR,
	X86_MOV, X86_MOVZX, X86_MOVSX, X86_LEA,
	X86_PUSH, X86_POP, X86_CALL, X86_RET, X86_JMP, X86_JCC, X86_NOP,
	/* From here on they are model_x86_system()'s. */
	X86_SYSTEM,
	X86_CLI = X86_SYSTEM, X86_STI, X86_HLT, X86_IN, X86_OUT, X86_CPUID,
	X86_RDMSR, X86_WRMSR, X86_READ_CR, X86_WRITE_CR, X86_LGDT, X86_LIDT,
	X86_JMP_FAR, X86_IRET, X86_TDCALL, X86_UD2,
};

/* Where an operand is. */
enum model_x86_place {
	X86_NOWHERE,
	X86_REG,
	X86_MEM,
	X86_IMM,
};

#define X86_NO_REG		0xff
#define X86_HIGH_BYTE		0x10	/* AH, CH, DH, BH: bits 15:8 of 0..3 */
#define X86_RIP			0x20	/* as a base: the next instruction */

/* @reg: register, X86_HIGH_BYTE included. */
struct model_x86_operand {
	u8 place;
	u8 reg;
};

/**
 * struct model_x86_insn - an instruction, decoded
 * @op: enum model_x86_op
 * @length: bytes
 * @size: of its operands, bytes
 * @source_size: of @src, where it differs
 * @condition: of X86_JCC, bits 3:0 of the opcode
 * @dst: destination, or the only operand
 * @src: source
 * @base: of a memory operand: register, X86_RIP or X86_NO_REG
 * @index: register or X86_NO_REG
 * @scale: power of two for @index
 * @address_size: bytes
 * @displacement: sign-extended
 * @imm: immediate, sign-extended; of a near jump the distance
 * @number: of a control register; selector of a far jump
 */
struct model_x86_insn {
	u8 op;
	u8 length;
	u8 size;
	u8 source_size;
	u8 condition;
	struct model_x86_operand dst, src;
	u8 base;
	u8 index;
	u8 scale;
	u8 address_size;
	u64 displacement;
	u64 imm;
	u16 number;
};

enum model_x86_decoded {
	X86_DECODED,
	X86_SHORT,		/* there is more of it than @n bytes */
	X86_UNKNOWN,
};

/* x86_decode.c */
enum model_x86_decoded model_x86_decode(const u8 *code, unsigned int n,
					bool code64,
					struct model_x86_insn *insn);

/*
 * x86_execute.c: one instruction.  Unless it comes to MODEL_STEP_NEXT, or to
 * an exit for TDG.VP.VMCALL, nothing has changed.
 */
enum model_step model_x86_execute(struct model_guest *g,
				  const struct model_x86_insn *insn);
u64 model_x86_address(const struct model_cpu *c,
		      const struct model_x86_insn *insn);
/* A register, or the lower part of one; 4 bytes written clear the upper 4. */
u64 model_x86_reg(const struct model_cpu *c, u8 reg, unsigned int size);
void model_x86_set_reg(struct model_cpu *c, u8 reg, unsigned int size,
		       u64 value);

/* x86_system.c: instructions that only a kernel has, and exceptions. */
enum model_step model_x86_system(struct model_guest *g,
				 const struct model_x86_insn *insn,
				 u64 *next);
void model_x86_reset(struct model_cpu *c);
/* An exception, for model_x86_deliver(). */
enum model_step model_x86_raise(struct model_guest *g, u8 vector, u32 error);
bool model_x86_has_error_code(u8 vector);
/* One was met on the way to the handler of an exception, of @vector. */
enum model_step model_x86_double_fault(struct model_guest *g, u8 vector);
/* The event in the VCPU, through the IDT. */
enum model_step model_x86_deliver(struct model_guest *g);

/*
 * virt.c, virt_msr.c: instructions that the TDX module does in the place of the CPU, each
 * of @length bytes.  At MODEL_STEP_NEXT the guest goes on behind it.
 */
enum model_step model_virt_cpuid(struct model_guest *g, unsigned int length);
enum model_step model_virt_rdmsr(struct model_guest *g, unsigned int length);
enum model_step model_virt_wrmsr(struct model_guest *g, unsigned int length);
/* @value, of register @reg, to CR0 or CR4. */
enum model_step model_virt_write_cr(struct model_guest *g, unsigned int number,
				    unsigned int reg, u64 value,
				    unsigned int length);
/* Bits of CR4 that are not for the guest of @td to change. */
u64 model_virt_cr4_owned(const struct model_td *td);
/* #VE for an instruction that the TDX module does not let the guest have. */
enum model_step model_virt_ve(struct model_guest *g, unsigned int length,
			      u32 reason, u64 qualification);

/*
 * x86_paging.c: @size bytes, 8 at most, at a linear address; @access is
 * MODEL_EQ_*.  All of it can be reached, or nothing was done.
 */
enum model_step model_x86_read(struct model_guest *g, u64 linear,
			       unsigned int size, u32 access, u64 *value);
enum model_step model_x86_write(struct model_guest *g, u64 linear,
				unsigned int size, u64 value);
/* Up to @n bytes of code that lie in one page; how many in @got. */
enum model_step model_x86_fetch(struct model_guest *g, u64 linear, u8 *code,
				unsigned int n, unsigned int *got);

#endif /* TDX_EMUL_MODEL_X86_H */
