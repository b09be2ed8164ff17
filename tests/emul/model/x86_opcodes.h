/* SPDX-License-Identifier: GPL-2.0-only */
/* The opcodes that x86_decode.c knows.  Source: SDM 2D, "Opcode Map". */
#ifndef TDX_EMUL_MODEL_X86_OPCODES_H
#define TDX_EMUL_MODEL_X86_OPCODES_H

#include "x86.h"

/* Where the operands are: E in ModRM's reg/mem, G in its reg, I immediate. */
enum form {
	UNKNOWN,
	NONE,
	E,
	E_G,
	G_E,
	G_M,		/* LEA */
	E_I,		/* up to 4 bytes, sign-extended */
	E_IB,		/* one byte, sign-extended */
	E_1,
	E_CL,
	A_I,		/* AL to RAX */
	A_O,		/* and memory at the address that follows */
	O_A,
	R,		/* register in the opcode */
	R_I,		/* and all bytes of the immediate */
	I,		/* PUSH */
	IB,
	J,		/* distance */
	JB,
	PORT_IB,
	PORT_DX,
	FAR,		/* pointer in the instruction */
	CR,		/* E a register, and G the number of another kind */
};

#define BYTE	0x80	/* operands of one byte */
#define D64	0x40	/* 8 bytes in 64-bit code, without REX.W */
#define GROUP	0x20	/* bits 5:3 of ModRM say what; @op: enum group */

struct rule {
	u8 op;
	u8 form;
	u8 flags;
};

enum group { ALU, SHIFT, UNARY, INC_DEC, TABLES };

#define ALU_RULES(op) \
	{ op, E_G, BYTE }, { op, E_G, 0 }, { op, G_E, BYTE }, \
	{ op, G_E, 0 }, { op, A_I, BYTE }, { op, A_I, 0 }
#define EIGHT(...) \
	{ __VA_ARGS__ }, { __VA_ARGS__ }, { __VA_ARGS__ }, { __VA_ARGS__ }, \
	{ __VA_ARGS__ }, { __VA_ARGS__ }, { __VA_ARGS__ }, { __VA_ARGS__ }

static const struct rule one_byte[256] = {
	[0x00] = ALU_RULES(X86_ADD),
	[0x08] = ALU_RULES(X86_OR),
	[0x10] = ALU_RULES(X86_ADC),
	[0x18] = ALU_RULES(X86_SBB),
	[0x20] = ALU_RULES(X86_AND),
	[0x28] = ALU_RULES(X86_SUB),
	[0x30] = ALU_RULES(X86_XOR),
	[0x38] = ALU_RULES(X86_CMP),
	/* REX in 64-bit code. */
	[0x40] = EIGHT(X86_INC, R, 0),
	[0x48] = EIGHT(X86_DEC, R, 0),
	[0x50] = EIGHT(X86_PUSH, R, D64),
	[0x58] = EIGHT(X86_POP, R, D64),
	[0x63] = { X86_MOVSX, G_E, 0 },
	[0x68] = { X86_PUSH, I, D64 },
	[0x6a] = { X86_PUSH, IB, D64 },
	[0x70] = EIGHT(X86_JCC, JB, D64),
	[0x78] = EIGHT(X86_JCC, JB, D64),
	[0x80] = { ALU, E_I, GROUP | BYTE },
	[0x81] = { ALU, E_I, GROUP },
	[0x83] = { ALU, E_IB, GROUP },
	[0x84] = { X86_TEST, E_G, BYTE },
	[0x85] = { X86_TEST, E_G, 0 },
	[0x88] = { X86_MOV, E_G, BYTE },
	[0x89] = { X86_MOV, E_G, 0 },
	[0x8a] = { X86_MOV, G_E, BYTE },
	[0x8b] = { X86_MOV, G_E, 0 },
	[0x8d] = { X86_LEA, G_M, 0 },
	[0x90] = { X86_NOP, NONE, 0 },	/* PAUSE with 0xf3 */
	[0xa0] = { X86_MOV, A_O, BYTE },
	[0xa1] = { X86_MOV, A_O, 0 },
	[0xa2] = { X86_MOV, O_A, BYTE },
	[0xa3] = { X86_MOV, O_A, 0 },
	[0xa8] = { X86_TEST, A_I, BYTE },
	[0xa9] = { X86_TEST, A_I, 0 },
	[0xb0] = EIGHT(X86_MOV, R_I, BYTE),
	[0xb8] = EIGHT(X86_MOV, R_I, 0),
	[0xc0] = { SHIFT, E_IB, GROUP | BYTE },
	[0xc1] = { SHIFT, E_IB, GROUP },
	[0xc3] = { X86_RET, NONE, D64 },
	[0xc6] = { X86_MOV, E_I, BYTE },	/* bits 5:3 of ModRM are 0 */
	[0xc7] = { X86_MOV, E_I, 0 },
	[0xcf] = { X86_IRET, NONE, 0 },
	[0xd0] = { SHIFT, E_1, GROUP | BYTE },
	[0xd1] = { SHIFT, E_1, GROUP },
	[0xd2] = { SHIFT, E_CL, GROUP | BYTE },
	[0xd3] = { SHIFT, E_CL, GROUP },
	[0xe4] = { X86_IN, PORT_IB, BYTE },
	[0xe5] = { X86_IN, PORT_IB, 0 },
	[0xe6] = { X86_OUT, PORT_IB, BYTE },
	[0xe7] = { X86_OUT, PORT_IB, 0 },
	[0xe8] = { X86_CALL, J, D64 },
	[0xe9] = { X86_JMP, J, D64 },
	[0xea] = { X86_JMP_FAR, FAR, 0 },
	[0xeb] = { X86_JMP, JB, D64 },
	[0xec] = { X86_IN, PORT_DX, BYTE },
	[0xed] = { X86_IN, PORT_DX, 0 },
	[0xee] = { X86_OUT, PORT_DX, BYTE },
	[0xef] = { X86_OUT, PORT_DX, 0 },
	[0xf4] = { X86_HLT, NONE, 0 },
	[0xf6] = { UNARY, E, GROUP | BYTE },
	[0xf7] = { UNARY, E, GROUP },
	[0xfa] = { X86_CLI, NONE, 0 },
	[0xfb] = { X86_STI, NONE, 0 },
	[0xfe] = { INC_DEC, E, GROUP | BYTE },
	[0xff] = { INC_DEC, E, GROUP },
};

/* After 0x0f. */
static const struct rule two_bytes[256] = {
	[0x01] = { TABLES, E, GROUP },
	[0x0b] = { X86_UD2, NONE, 0 },
	[0x1f] = { X86_NOP, E, 0 },	/* bits 5:3 of ModRM are 0 */
	[0x20] = { X86_READ_CR, CR, 0 },
	[0x22] = { X86_WRITE_CR, CR, 0 },
	[0x30] = { X86_WRMSR, NONE, 0 },
	[0x32] = { X86_RDMSR, NONE, 0 },
	[0x80] = EIGHT(X86_JCC, J, D64),
	[0x88] = EIGHT(X86_JCC, J, D64),
	[0xa2] = { X86_CPUID, NONE, 0 },
	[0xb6] = { X86_MOVZX, G_E, 0 },
	[0xb7] = { X86_MOVZX, G_E, 0 },
	[0xbe] = { X86_MOVSX, G_E, 0 },
	[0xbf] = { X86_MOVSX, G_E, 0 },
};

/* By bits 5:3 of ModRM. */
static const struct rule groups[][8] = {
	[ALU] = {
		{ X86_ADD, E, 0 }, { X86_OR, E, 0 }, { X86_ADC, E, 0 },
		{ X86_SBB, E, 0 }, { X86_AND, E, 0 }, { X86_SUB, E, 0 },
		{ X86_XOR, E, 0 }, { X86_CMP, E, 0 },
	},
	[SHIFT] = {
		[4] = { X86_SHL, E, 0 },
		[5] = { X86_SHR, E, 0 },
		[7] = { X86_SAR, E, 0 },
	},
	[UNARY] = {
		[0] = { X86_TEST, E_I, 0 },
		[2] = { X86_NOT, E, 0 },
		[3] = { X86_NEG, E, 0 },
	},
	[INC_DEC] = {
		[0] = { X86_INC, E, 0 },
		[1] = { X86_DEC, E, 0 },
		/* Opcode 0xff alone. */
		[2] = { X86_CALL, E, D64 },
		[4] = { X86_JMP, E, D64 },
		[5] = { X86_JMP_FAR, G_M, 0 },
		[6] = { X86_PUSH, E, D64 },
	},
	[TABLES] = {
		[1] = { X86_TDCALL, E, 0 },
		[2] = { X86_LGDT, E, 0 },
		[3] = { X86_LIDT, E, 0 },
	},
};

#endif /* TDX_EMUL_MODEL_X86_OPCODES_H */
