/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TDCALL leaves whose operands fit into registers, as inline functions: the
 * compiler puts the operands where the leaf wants them, and nothing is saved,
 * copied, or called.  They need no other module.
 *
 * A TDCALL that faults (#UD: this is not a TD) returns TDX_ST_TDCALL_UD, by a
 * fixup that lies behind the function and costs nothing otherwise.
 *
 * For all of them: may be called in any context, in a TD; they do not sleep,
 * but the TDX module may let the VMM run before it comes back.  They return
 * the completion status, whole.
 * Source: TDX Module ABI 1.5, "Guest-Side (TDCALL) Interface".
 */
#ifndef TDX_GUEST_TDG_H
#define TDX_GUEST_TDG_H

#include <linux/compiler.h>
#include <linux/stringify.h>
#include <linux/types.h>
#include <asm/asm.h>
#include <tdx_guest/tdcall.h>

/*
 * 66 0F 01 CC, by its bytes: binutils before 2.36 do not know the mnemonic.
 * The exception table leaves the trap number in RAX.  The constant is in
 * memory because no other register is free to be changed; both it and the
 * fixup are out of the way of what runs without a fault.
 */
#define TDX_GUEST_TDCALL						\
	"1:	.byte	0x66, 0x0f, 0x01, 0xcc\n"			\
	"2:\n"								\
	"	.pushsection .rodata.cst8, \"aM\", @progbits, 8\n"	\
	"	.balign	8\n"						\
	"3:	.quad	" __stringify(TDX_GUEST_FAULT) "\n"		\
	"	.popsection\n"						\
	"	.subsection 1\n"					\
	"4:	orq	3b(%%rip), %%rax\n"				\
	"	jmp	2b\n"						\
	"	.previous\n"						\
	_ASM_EXTABLE_FAULT(1b, 4b)

/*
 * What comes back in R8 to R10 is copied to a variable without a register of
 * its own before memory is written: on a kernel with KCSAN or KASAN a write is
 * a call, after which these registers hold something else.
 */

/* Level of a private page, TDG.MEM.PAGE.ACCEPT's RCX bits 2:0. */
enum tdx_guest_level {
	TDX_GUEST_4K = 0,
	TDX_GUEST_2M = 1,
};

/**
 * tdx_guest_page_accept() - TDG.MEM.PAGE.ACCEPT: take a page that the VMM added
 * @gpa: guest-physical address of the page, bytes, aligned to its size
 * @level: its size
 *
 * The page is zeroed.  Where the VMM added none, it is asked to do so first,
 * as for any other access.
 *
 * Return: TDX_ST_SUCCESS; TDX_ST_PAGE_ALREADY_ACCEPTED, a note, with the level
 *	   at which it is mapped; TDX_ST_PAGE_SIZE_MISMATCH where the VMM mapped
 *	   smaller pages: accept those; TDX_ST_OPERAND_INVALID (RCX) for an
 *	   address that is not aligned, not private or beyond the TD's width,
 *	   or another level; TDX_ST_OPERAND_BUSY (RCX): try again;
 *	   TDX_ST_TDCALL_UD.
 */
static __always_inline __u64 tdx_guest_page_accept(__u64 gpa,
						   enum tdx_guest_level level)
{
	__u64 rax = TDX_TDG_MEM_PAGE_ACCEPT;

	asm_inline volatile(TDX_GUEST_TDCALL
			    : "+a" (rax)
			    : "c" (gpa | level)
			    : "memory");
	return rax;
}

/**
 * tdx_guest_report() - TDG.MR.REPORT: a TDREPORT of this TD
 * @report_gpa: filled in, 1024 bytes, aligned to 1024; private or shared
 * @data_gpa: 64 bytes that it is to contain, aligned to 64; private or shared
 * @subtype: 0, the only subtype that there is
 *
 * Return: TDX_ST_SUCCESS; TDX_ST_OPERAND_INVALID (RCX, RDX or R8);
 *	   TDX_ST_OPERAND_BUSY (RTMR): try again; TDX_ST_TDCALL_UD.
 */
static __always_inline __u64 tdx_guest_report(__u64 report_gpa, __u64 data_gpa,
					      __u64 subtype)
{
	register __u64 r8 asm("r8") = subtype;
	__u64 rax = TDX_TDG_MR_REPORT;

	asm_inline volatile(TDX_GUEST_TDCALL
			    : "+a" (rax)
			    : "c" (report_gpa), "d" (data_gpa), "r" (r8)
			    : "memory");
	return rax;
}

/**
 * tdx_guest_rtmr_extend() - TDG.MR.RTMR.EXTEND: measure at run time
 * @data_gpa: 48 bytes that RTMR := SHA384(RTMR || data) takes in, aligned to
 *	      64; private
 * @index: of the RTMR, 0 to 3
 *
 * Return: TDX_ST_SUCCESS; TDX_ST_OPERAND_INVALID (RCX or RDX);
 *	   TDX_ST_OPERAND_BUSY (RTMR): try again; TDX_ST_TDCALL_UD.
 */
static __always_inline __u64 tdx_guest_rtmr_extend(__u64 data_gpa, __u64 index)
{
	__u64 rax = TDX_TDG_MR_RTMR_EXTEND;

	asm_inline volatile(TDX_GUEST_TDCALL
			    : "+a" (rax)
			    : "c" (data_gpa), "d" (index)
			    : "memory");
	return rax;
}

/**
 * tdx_guest_vm_rd() - TDG.VM.RD: a metadata field of this TD
 * @field: its id, one element
 * @value: set to the value; to 0 with a status that is not TDX_ST_SUCCESS; no
 *	   meaning after TDX_ST_TDCALL_UD
 *
 * Return: TDX_ST_SUCCESS; TDX_ST_METADATA_FIELD_ID_INCORRECT;
 *	   TDX_ST_METADATA_FIELD_NOT_READABLE; TDX_ST_TDCALL_UD.
 */
static __always_inline __u64 tdx_guest_vm_rd(__u64 field, __u64 *value)
{
	register __u64 r8 asm("r8");
	__u64 rax = TDX_TDG_VM_RD;
	__u64 got;

	asm_inline volatile(TDX_GUEST_TDCALL
			    : "+a" (rax), "=r" (r8)
			    : "c" (0ULL), "d" (field));
	got = r8;
	*value = got;
	return rax;
}

/**
 * tdx_guest_vm_rd_next() - tdx_guest_vm_rd(), for a walk over all fields
 * @field: id of one element, or -1: where does the walk begin?
 * @value: as tdx_guest_vm_rd()
 * @next: set to the id of the next field that can be read, to -1 after the
 *	  last one and with other statuses; no meaning after TDX_ST_TDCALL_UD
 *
 * Return: as tdx_guest_vm_rd(); TDX_ST_METADATA_FIRST_FIELD_ID_IN_CONTEXT, a
 *	   note, for a @field of -1; TDX_ST_OPERAND_INVALID (RAX) before TDX
 *	   module 1.5.
 */
static __always_inline __u64 tdx_guest_vm_rd_next(__u64 field, __u64 *value,
						  __u64 *next)
{
	register __u64 r8 asm("r8");
	__u64 rax = TDX_TDG_VM_RD | TDX_GUEST_LEAF_VERSION(1);
	__u64 rdx = field;
	__u64 got;

	asm_inline volatile(TDX_GUEST_TDCALL
			    : "+a" (rax), "+d" (rdx), "=r" (r8)
			    : "c" (0ULL));
	got = r8;
	*value = got;
	*next = rdx;
	return rax;
}

/**
 * tdx_guest_vp_rd_next() - TDG.VP.RD: metadata of this virtual CPU
 * @field: as tdx_guest_vm_rd_next()
 * @value: as tdx_guest_vm_rd_next()
 * @next: as tdx_guest_vm_rd_next()
 *
 * The caller is pinned if the field differs from CPU to CPU.
 *
 * Return: as tdx_guest_vm_rd_next(); TDX_ST_OPERAND_INVALID (RAX) on a TDX
 *	   module without the leaf: bit 3 of TDX_FEATURES0 tells.
 */
static __always_inline __u64 tdx_guest_vp_rd_next(__u64 field, __u64 *value,
						  __u64 *next)
{
	register __u64 r8 asm("r8");
	__u64 rax = TDX_TDG_VP_RD;
	__u64 rdx = field;
	__u64 got;

	asm_inline volatile(TDX_GUEST_TDCALL
			    : "+a" (rax), "+d" (rdx), "=r" (r8)
			    : "c" (0ULL));
	got = r8;
	*value = got;
	*next = rdx;
	return rax;
}

/**
 * tdx_guest_vp_rd() - TDG.VP.RD: a metadata field of this virtual CPU
 * @field: its id, one element
 * @value: as tdx_guest_vm_rd()
 *
 * Return: as tdx_guest_vp_rd_next().
 */
static __always_inline __u64 tdx_guest_vp_rd(__u64 field, __u64 *value)
{
	__u64 next;

	return tdx_guest_vp_rd_next(field, value, &next);
}

/**
 * tdx_guest_sys_rd_next() - TDG.SYS.RD: metadata of the TDX module
 * @field: as tdx_guest_vm_rd_next()
 * @value: as tdx_guest_vm_rd_next()
 * @next: as tdx_guest_vm_rd_next()
 *
 * Return: as tdx_guest_vm_rd_next(); TDX_ST_OPERAND_INVALID (RAX) on a TDX
 *	   module without the leaf: tdx_guest_vp_info() tells.
 */
static __always_inline __u64 tdx_guest_sys_rd_next(__u64 field, __u64 *value,
						   __u64 *next)
{
	register __u64 r8 asm("r8");
	__u64 rax = TDX_TDG_SYS_RD;
	__u64 rdx = field;
	__u64 got;

	asm_inline volatile(TDX_GUEST_TDCALL
			    : "+a" (rax), "+d" (rdx), "=r" (r8));
	got = r8;
	*value = got;
	*next = rdx;
	return rax;
}

/**
 * tdx_guest_sys_rd() - TDG.SYS.RD: a metadata field of the TDX module
 * @field: its id, one element
 * @value: as tdx_guest_vm_rd()
 *
 * Return: as tdx_guest_sys_rd_next().
 */
static __always_inline __u64 tdx_guest_sys_rd(__u64 field, __u64 *value)
{
	__u64 next;

	return tdx_guest_sys_rd_next(field, value, &next);
}

/**
 * struct tdx_guest_ve_info - why a #VE was raised
 * @exit_reason: VMX exit reason
 * @exit_qualification: VMX exit qualification
 * @gla: guest-linear address
 * @gpa: guest-physical address
 * @instruction: 31:0 instruction length, bytes; 63:32 VMX instruction
 *		 information
 */
struct tdx_guest_ve_info {
	__u64 exit_reason;
	__u64 exit_qualification;
	__u64 gla;
	__u64 gpa;
	__u64 instruction;
};

/**
 * tdx_guest_veinfo_get() - TDG.VP.VEINFO.GET: why was #VE raised?
 * @info: filled in, with zeros after TDX_ST_NO_VALID_VE_INFO; no meaning
 *	  after TDX_ST_TDCALL_UD
 *
 * Until this is called another #VE becomes a double fault.  The caller is
 * pinned: the information is that of a virtual CPU.
 *
 * Return: TDX_ST_SUCCESS; TDX_ST_NO_VALID_VE_INFO where there was no #VE since
 *	   the last call; TDX_ST_TDCALL_UD.
 */
static __always_inline __u64
tdx_guest_veinfo_get(struct tdx_guest_ve_info *info)
{
	register __u64 r8 asm("r8");
	register __u64 r9 asm("r9");
	register __u64 r10 asm("r10");
	__u64 rax = TDX_TDG_VP_VEINFO_GET;
	__u64 rcx, rdx, got8, got9, got10;

	asm_inline volatile(TDX_GUEST_TDCALL
			    : "+a" (rax), "=c" (rcx), "=d" (rdx), "=r" (r8),
			      "=r" (r9), "=r" (r10));
	got8 = r8;
	got9 = r9;
	got10 = r10;
	info->exit_reason = rcx;
	info->exit_qualification = rdx;
	info->gla = got8;
	info->gpa = got9;
	info->instruction = got10;
	return rax;
}

/* RCX of TDG.VP.CPUIDVE.SET: at which privilege CPUID raises #VE. */
#define TDX_GUEST_CPUIDVE_SUPERVISOR	(1ULL << 0)
#define TDX_GUEST_CPUIDVE_USER		(1ULL << 1)

/**
 * tdx_guest_cpuidve_set() - TDG.VP.CPUIDVE.SET: let every CPUID raise #VE
 * @when: TDX_GUEST_CPUIDVE_*, or 0 for never
 *
 * The caller is pinned: it holds for this virtual CPU.
 *
 * Return: TDX_ST_SUCCESS; TDX_ST_OPERAND_INVALID (RCX) for other bits;
 *	   TDX_ST_TDCALL_UD.
 */
static __always_inline __u64 tdx_guest_cpuidve_set(__u64 when)
{
	__u64 rax = TDX_TDG_VP_CPUIDVE_SET;

	asm_inline volatile(TDX_GUEST_TDCALL : "+a" (rax) : "c" (when));
	return rax;
}

/**
 * struct tdx_guest_vp_info - what a TD is
 * @gpa_width: 5:0 width of guest-physical addresses, 48 or 52; the highest
 *	       bit says that an address is shared
 * @attributes: ATTRIBUTES of the TD
 * @vcpus: 31:0 virtual CPUs that are initialised, 63:32 how many there can be
 * @vcpu_index: 31:0 this virtual CPU
 * @features: bit 0: TDG.SYS.RD is there
 */
struct tdx_guest_vp_info {
	__u64 gpa_width;
	__u64 attributes;
	__u64 vcpus;
	__u64 vcpu_index;
	__u64 features;
};

/**
 * tdx_guest_vp_info() - TDG.VP.INFO: what is this TD?
 * @info: filled in; no meaning after TDX_ST_TDCALL_UD
 *
 * Return: TDX_ST_SUCCESS; TDX_ST_TDCALL_UD.
 */
static __always_inline __u64 tdx_guest_vp_info(struct tdx_guest_vp_info *info)
{
	register __u64 r8 asm("r8");
	register __u64 r9 asm("r9");
	register __u64 r10 asm("r10");
	__u64 rax = TDX_TDG_VP_INFO;
	__u64 rcx, rdx, got8, got9, got10;

	asm_inline volatile(TDX_GUEST_TDCALL
			    : "+a" (rax), "=c" (rcx), "=d" (rdx), "=r" (r8),
			      "=r" (r9), "=r" (r10)
			    : : "r11");
	got8 = r8;
	got9 = r9;
	got10 = r10;
	info->gpa_width = rcx;
	info->attributes = rdx;
	info->vcpus = got8;
	info->vcpu_index = got9;
	info->features = got10;
	return rax;
}

#endif /* TDX_GUEST_TDG_H */
