/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMXON and VMXOFF that never oops.  Tests probe them by their names.
 *
 * Both return 0 for success, 1 for VMfail (CF or ZF set) and the trap number
 * (6 = #UD, 13 = #GP) when the instruction faulted.
 * Source: Intel SDM volume 3, "VMX Instruction Reference".
 */
#include <linux/linkage.h>
#include <asm/asm.h>
#include "compat/compat_asm.h"

	.text

/* int tdx_host_vmxon(u64 pa): the operand is the address of the address. */
TDX_FUNC_START(tdx_host_vmxon)
	pushq	%rdi
	xorl	%eax, %eax
1:	vmxon	(%rsp)
	setna	%al
2:	popq	%rdi
	RET
	_ASM_EXTABLE_FAULT(1b, 2b)
SYM_FUNC_END(tdx_host_vmxon)

/* int tdx_host_vmxoff(void) */
TDX_FUNC_START(tdx_host_vmxoff)
	xorl	%eax, %eax
1:	vmxoff
	setna	%al
2:	RET
	_ASM_EXTABLE_FAULT(1b, 2b)
SYM_FUNC_END(tdx_host_vmxoff)
