// SPDX-License-Identifier: GPL-2.0-only
/*
 * TDG.VP.VMCALL: the VMM is shown the registers of the mask and 0 in the
 * others; it may change those that it was shown and no other.
 *
 * Source: TDX Module ABI 1.5, TDG.VP.VMCALL and TDH.VP.ENTER.
 */
#include "td.h"

/* RCX: 15:0 GPRs, 31:16 XMM registers, 63:32 reserved. */
#define MASK_RESERVED		0xffffffff00000000ULL
#define MASK_NEVER		(1U << TD_RAX | 1U << TD_RCX | 1U << TD_RSP)

u64 td_vp_vmcall(struct td_regs *r)
{
	u64 mask = r->reg[TD_RCX];
	u64 never = MASK_NEVER;
	unsigned int i;

	if (td.config_flags & TD_CONFIG_NO_RBP_MOD)
		never |= 1U << TD_RBP;
	if ((mask & MASK_RESERVED) || (mask & never))
		return td_operand(TDX_ST_OPERAND_INVALID, TDX_OPERAND_RCX);

	for (i = TD_RDX; i < TD_NR_REGS; i++) {
		td.vmm_saw.reg[i] = mask & BIT(i) ? r->reg[i] : 0;
		if (mask & BIT(i))
			r->reg[i] = td.vmm_answer.reg[i];
	}
	/* As TDH.VP.ENTER gives them to the VMM: exit reason 77, the mask. */
	td.vmm_saw.reg[TD_RAX] = 77;
	td.vmm_saw.reg[TD_RCX] = mask;
	return TDX_ST_SUCCESS;
}

/* Answers that no test could take for anything else. */
void td_vmm_reset(void)
{
	unsigned int i;

	for (i = 0; i < TD_NR_REGS; i++)
		td.vmm_answer.reg[i] = 0xbad0bad000000000ULL + i;
}
