// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds of all wrappers: without a TDX module they say so; where the
 * TDX module is busy, those of hot leaves say so at once, and the others try
 * again.
 */
#include <linux/kernel.h>
#include <linux/mm.h>

#include "wrappers.h"

#define BUSY	(TDX_ST_OPERAND_BUSY | TDX_OPERAND_RCX)

/* Any field; nothing of it is changed. */
#define TD_FIELD	0x9110000300000011ULL
#define VP_FIELD	0x002400030000203cULL

#define ENTRY(n, l, b, args)						\
	static u64 call_##n(struct wrap *w)				\
	{								\
		const struct tdx_host_td *td = &w->td;			\
		struct tdx_host_vp *vp = &w->vp;			\
		struct page *tdr = w->td.tdr;				\
		unsigned long pfn = page_to_pfn(tdr);			\
		struct tdx_host_sept_info info;				\
		struct tdx_host_page_info pi;				\
		struct tdx_regs regs = { };			\
		u64 value;						\
									\
		(void)td; (void)vp; (void)pfn; (void)info; (void)pi;	\
		(void)regs; (void)value;				\
		return tdx_host_##n args;				\
	}
#include "wrap_table.h"
#undef ENTRY

static const struct {
	const char *name;
	u64 leaf;
	enum { HOT, PATIENT, NEVER } busy;
	u64 (*call)(struct wrap *w);
} wrappers[] = {
#define ENTRY(n, l, b, args) { "tdx_host_" #n, TDH_##l, b, call_##n },
#include "wrap_table.h"
#undef ENTRY
};

static void busy(struct wrap *w, unsigned int i)
{
	u64 status;

	wrap_emul("inject %llu:0x%llx:1",
		  wrappers[i].leaf, (u64)BUSY);
	status = wrappers[i].call(w);
	if (wrappers[i].busy == HOT)
		wrap_check(wrappers[i].name, "OPERAND_BUSY",
			   TDX_ST_OPERAND_BUSY, status);
	else if (tdx_status_is(status, TDX_ST_OPERAND_BUSY))
		wrap_check(wrappers[i].name, "overcomes OPERAND_BUSY", 0,
			   status);
	else
		wrap_check(wrappers[i].name, "overcomes OPERAND_BUSY", 0, 0);
}

/* With a TD that runs, and a VCPU that is associated with a CPU afterwards. */
void wrap_all(struct wrap *w)
{
	unsigned int i;

	wrap_emul("module absent");
	for (i = 0; i < ARRAY_SIZE(wrappers); i++)
		wrap_check(wrappers[i].name, "SEAMCALL_VMFAILINVALID",
			   TDX_ST_SEAMCALL_VMFAILINVALID,
			   wrappers[i].call(w));
	wrap_emul("module present");
	for (i = 0; i < ARRAY_SIZE(wrappers); i++)
		if (wrappers[i].busy != NEVER)
			busy(w, i);
}
