/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A firmware for guests of QEMU: it says what it runs in, "TD!" or "VM!", on the
 * debug console (port 0xe9) and switches the machine (q35) off, whereupon QEMU
 * exits with status 0.  Where there is a serial port, it waits before that until
 * something arrives there.  A TD starts in 32-bit mode, on all its VCPUs, and
 * reaches ports by TDG.VP.VMCALL; an ordinary virtual machine starts in real
 * mode, on one.
 *
 * All of it, 64 KiB that end at 4 GiB: linked there, as a flat binary.
 *
 * Source: Intel TDX Virtual Firmware Design Guide, "TDVF Image Format" and
 * "TDVF Metadata"; TDX Module Base spec, "Initial State of Guest VCPUs"; Guest-
 * Hypervisor Communication Interface, "TDG.VP.VMCALL<Instruction.IO>" and
 * "TDG.VP.VMCALL<Instruction.HLT>".  Where QEMU looks for the metadata: in the
 * table of GUIDs that OVMF has.
 */
#define SIZE		0x10000

#define PTE_TABLE	3		/* present, writable */
#define PTE_2M		0x83
#define CR4_PAE		(1 << 5)
#define CR0_PG		(1 << 31)

#define VP_VMCALL	0
#define VMCALL_HLT	12
#define VMCALL_IO	30
#define VMCALL_R10_TO_R15	0xfc00

#define DEBUG_CONSOLE	0xe9
#define SERIAL_LSR	0x3fd
#define LSR_DATA	1
#define PCI_ADDRESS	0xcf8
#define PCI_DATA	0xcfc
#define LPC		0x8000f800	/* device 31 of bus 0 */
#define LPC_PMBASE	0x40
#define LPC_ACPI_CNTL	0x44
#define ACPI_EN		0x80
#define PM_BASE		0x600
#define PM1_CNT		(PM_BASE + 4)
#define SLP_EN		(1 << 13)	/* with SLP_TYP 0: off */

#define TDVF_SIGNATURE	0x46564454
#define TDVF_VERSION	1
#define TDVF_BFV	0
#define TDVF_TD_HOB	2
#define TDVF_EXTEND_MR	1
#define TD_HOB		0x809000
#define TD_HOB_SIZE	0x2000
#define TABLE_SIZE	(6 + 16 + 2 + 16)

/* What is done with a port; port 0 ends a list. */
	.macro write port, bytes, value
	.word	\port, \bytes
	.long	\value
	.endm
/* Read a byte until one of these bits is set, as all are where no device is. */
	.macro await port, bits
	.word	\port, 0
	.long	\bits
	.endm
	.equ	STEP, 8

/* There is no stack. */
	.macro td_vmcall leaf
	mov	$VP_VMCALL, %eax
	mov	$VMCALL_R10_TO_R15, %ecx
	xor	%r10d, %r10d
	mov	$\leaf, %r11d
	.byte	0x66, 0x0f, 0x01, 0xcc	/* TDCALL, unknown to older assemblers */
	.endm

/* As UEFI has it: three numbers, and 8 bytes. */
	.macro guid a, b, c, d:vararg
	.long	\a
	.word	\b, \c
	.byte	\d
	.endm

	.text
	.globl	_start
_start:
pml4:	.quad	pdpt + PTE_TABLE
	.org	pml4 - _start + 0x1000
pdpt:	.skip	3 * 8
	.quad	pd + PTE_TABLE
	.org	pdpt - _start + 0x1000
pd:	.skip	511 * 8
	.quad	0xffe00000 + PTE_2M

gdt:	.quad	0
	.quad	0x00af9b000000ffff	/* 64-bit code */
gdtr:	.word	gdtr - gdt - 1
	.long	gdt

td_says:
	write	DEBUG_CONSOLE, 1, 'T'
	write	DEBUG_CONSOLE, 1, 'D'
	write	DEBUG_CONSOLE, 1, '!'
	write	DEBUG_CONSOLE, 1, '\n'
	write	0, 0, 0
vm_says:
	write	DEBUG_CONSOLE, 1, 'V'
	write	DEBUG_CONSOLE, 1, 'M'
	write	DEBUG_CONSOLE, 1, '!'
	write	DEBUG_CONSOLE, 1, '\n'
	write	0, 0, 0
rest:
	await	SERIAL_LSR, LSR_DATA
	/* These registers have no address before they are given one. */
	write	PCI_ADDRESS, 4, LPC + LPC_PMBASE
	write	PCI_DATA, 4, PM_BASE + 1
	write	PCI_ADDRESS, 4, LPC + LPC_ACPI_CNTL
	write	PCI_DATA, 1, ACPI_EN
	write	PM1_CNT, 2, SLP_EN
	write	0, 0, 0

	.code32
td:
	lgdt	gdtr
	mov	%cr4, %eax
	or	$CR4_PAE, %eax
	mov	%eax, %cr4
	mov	$pml4, %eax
	mov	%eax, %cr3
	/* IA32_EFER.LME is set from the start. */
	mov	%cr0, %eax
	or	$CR0_PG, %eax
	mov	%eax, %cr0
	ljmp	$8, $td_64

	.code64
td_64:
	/* The number of the VCPU; all others than the first have nothing to do. */
	test	%esi, %esi
	jnz	td_halt
	mov	$td_says, %ebx
td_step:
	movzwl	(%rbx), %r14d
	test	%r14d, %r14d
	jz	td_rest
	xor	%r13d, %r13d
	movzwl	2(%rbx), %r12d
	test	%r12d, %r12d
	setnz	%r13b			/* a write */
	jnz	1f
	mov	$1, %r12d
1:	mov	4(%rbx), %r15d
	td_vmcall VMCALL_IO
	testw	$-1, 2(%rbx)
	jnz	2f
	test	%r11d, 4(%rbx)
	jz	td_step
2:	add	$STEP, %ebx
	jmp	td_step
td_rest:
	mov	$rest, %ebx
	jmp	td_step

td_halt:
	mov	$1, %r12d		/* interrupts are blocked */
	td_vmcall VMCALL_HLT
	jmp	td_halt

	/* CS has the last 64 KiB; offsets are those of 16 bits. */
	.code16
vm:
	mov	$(vm_says - _start), %si
vm_step:
	mov	%cs:(%si), %dx
	test	%dx, %dx
	jz	vm_rest
	mov	%cs:2(%si), %cx
	mov	%cs:4(%si), %eax
	cmp	$1, %cx
	jb	1f
	je	2f
	cmp	$2, %cx
	je	3f
	out	%eax, %dx
	jmp	5f
1:	in	%dx, %al
	test	%al, %cs:4(%si)
	jz	1b
	jmp	5f
2:	out	%al, %dx
	jmp	5f
3:	out	%ax, %dx
5:	add	$STEP, %si
	jmp	vm_step
vm_rest:
	mov	$(rest - _start), %si
	jmp	vm_step

metadata:
	guid	0xe9eaf9f3, 0x168e, 0x44d5, 0xa8, 0xeb, 0x7f, 0x4d, 0x87, 0x38, 0xf6, 0xae
descriptor:
	.long	TDVF_SIGNATURE
	.long	descriptor_end - descriptor
	.long	TDVF_VERSION
	.long	2
	/* Where it is in the file, and in memory; what it is. */
	.long	0, SIZE
	.quad	_start, SIZE
	.long	TDVF_BFV, TDVF_EXTEND_MR
	/* QEMU wants one. */
	.long	0, 0
	.quad	TD_HOB, TD_HOB_SIZE
	.long	TDVF_TD_HOB, 0
descriptor_end:

	/* The table is read from its end, which is 32 bytes from that of all. */
	.org	SIZE - 32 - TABLE_SIZE
table:
	.long	SIZE - (descriptor - _start)
	.word	table_footer - table
	guid	0xe47a6535, 0x984a, 0x4798, 0x86, 0x5e, 0x46, 0x85, 0xa7, 0xbf, 0x8e, 0xc2
table_footer:
	.word	TABLE_SIZE
	guid	0x96b582de, 0x1fb2, 0x45f7, 0xba, 0xea, 0xa3, 0x66, 0xc5, 0x5a, 0x08, 0x2d

	/*
	 * Where a CPU starts.  In 16-bit code the first instruction ends before
	 * the short jump; in 32-bit code that is the rest of its operand.
	 */
	.org	SIZE - 16
	.byte	0xb8, 0, 0		/* mov $0, %ax or mov $..., %eax */
	.byte	0xeb, 5			/* jmp behind the next one */
	.byte	0xe9			/* 32 bits */
	.long	td - . - 4
	.byte	0xe9			/* 16 bits */
	.word	vm - . - 2
	.org	SIZE

	.section .note.GNU-stack, "", @progbits
