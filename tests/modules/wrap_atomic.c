// SPDX-License-Identifier: GPL-2.0-only
/* What a VMM calls while it holds a spinlock, with interrupts off. */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/spinlock.h>

#include <tdx/leaf.h>

#include "wrappers.h"

#define BUSY	(TDX_ST_OPERAND_BUSY | TDX_OPERAND_RCX)

/* Any field of a TD; only read. */
#define TD_FIELD	0x9110000300000011ULL

static DEFINE_RAW_SPINLOCK(atomic_lock);

static u64 atomic_read_field(const struct wrap *w)
{
	struct tdx_regs args = {
		.rcx = page_to_phys(w->td.tdr),
		.rdx = TD_FIELD,
	};
	unsigned long flags;
	u64 status;

	raw_spin_lock_irqsave(&atomic_lock, flags);
	status = tdx_host_call_once(TDH_MNG_RD, &args);
	raw_spin_unlock_irqrestore(&atomic_lock, flags);
	return status;
}

/* A page that TDX gave back, on its way to the kernel. */
static u64 atomic_page_back(unsigned long pfn, u32 keyid)
{
	unsigned long flags;
	u64 status;

	raw_spin_lock_irqsave(&atomic_lock, flags);
	status = tdx_host_phymem_page_wbinvd(pfn, keyid);
	tdx_host_page_reset(PFN_PHYS(pfn), PAGE_SIZE);
	raw_spin_unlock_irqrestore(&atomic_lock, flags);
	return status;
}

/* With a TD that is initialised. */
void wrap_atomic(struct wrap *w)
{
	unsigned long pfn = page_to_pfn(wrap_page(w));

	wrap_check("tdx_host_call_once", "SUCCESS", 0, atomic_read_field(w));
	wrap_emul("inject %d:0x%llx:1", TDH_MNG_RD, (u64)BUSY);
	wrap_check("tdx_host_call_once", "OPERAND_BUSY", TDX_ST_OPERAND_BUSY,
		   atomic_read_field(w));
	wrap_check("tdx_host_call_once", "SUCCESS", 0, atomic_read_field(w));
	wrap_check("tdx_host_phymem_page_wbinvd", "SUCCESS", 0,
		   atomic_page_back(pfn, w->td.keyid));
	wrap_emul("inject %d:0x%llx:1", TDH_PHYMEM_PAGE_WBINVD, (u64)BUSY);
	wrap_check("tdx_host_phymem_page_wbinvd", "overcomes OPERAND_BUSY", 0,
		   atomic_page_back(pfn, w->td.keyid));
}
