// SPDX-License-Identifier: GPL-2.0-only
/*
 * The P-SEAMLDR, which SEAMCALL reaches with RAX bit 63 set: SEAMLDR.INFO.
 * Source: Intel TDX Loader Interface specification, "SEAMLDR.INFO".
 *
 * SEAMLDR.INSTALL is refused as an unknown function: the model has no other
 * image to load.
 */
#include "internal.h"

#define SEAMLDR_INFO		0
#define SEAMLDR_INFO_SIZE	256
#define SEAMLDR_EBADPARAM	0x8000000000000000ULL
#define SEAMLDR_EBADCALL	0x8000000000000003ULL

static void put(const struct model *m, u64 pa, u64 value, unsigned int size)
{
	model_write(m, pa, &value, size);
}

static u64 seamldr_info(struct model *m, u64 pa)
{
	unsigned int i;

	if (!model_shared_pa_ok(m, pa, SEAMLDR_INFO_SIZE))
		return SEAMLDR_EBADPARAM;
	for (i = 0; i < SEAMLDR_INFO_SIZE; i += 8)
		put(m, pa + i, 0, 8);
	put(m, pa + 8, 0x8086, 4);
	put(m, pa + 12, MODEL_BUILD_DATE, 4);
	put(m, pa + 18, 5, 2);			/* 1.5 */
	put(m, pa + 20, 1, 2);
	put(m, pa + 160, 1, 1);			/* SEAM ready */
	put(m, pa + 162, 1, 1);			/* P-SEAMLDR ready */
	return 0;
}

/* One LP at a time; the second one is turned away by the CPU. */
enum model_outcome model_seamldr(struct model *m, unsigned int lp,
				 struct model_regs *regs)
{
	if (!model_try_exclusive(&m->seamldr))
		return MODEL_VMFAILINVALID;
	if (model_load(&m->call_ns))
		env_delay_ns(model_load(&m->call_ns));
	if ((regs->rax & ~TDX_LEAF_SEAMLDR) == SEAMLDR_INFO)
		regs->rax = seamldr_info(m, regs->rcx);
	else
		regs->rax = SEAMLDR_EBADCALL;
	model_unlock_exclusive(&m->seamldr);
	return MODEL_RETURNED;
}
