// SPDX-License-Identifier: GPL-2.0-only
/* TDH.VP: VCPUs.  Contracts: <tdx_host/vp.h>. */
#include <linux/bits.h>
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/smp.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>
#include <asm/sync_core.h>

#include <tdx_host/sysinfo.h>
#include <tdx_host/vp.h>
#include "compat/compat.h"
#include "tdh.h"
#include "vp_cpu.h"

/* The operand that names a VCPU. */
static u64 vp_tdvpr(const struct tdx_host_vp *vp)
{
	return page_to_phys(vp->tdvpr);
}

u64 tdx_host_vp_create(struct tdx_host_vp *vp)
{
	struct tdx_regs args = {
		.rcx = vp_tdvpr(vp),
		.rdx = tdh_tdr(vp->td),
	};

	vp->cpu = -1;
	INIT_HLIST_NODE(&vp->on_cpu);
	tdh_flush_page(vp->tdvpr);
	return tdx_host_call(TDH_VP_CREATE, &args, true);
}
TDX_HOST_EXPORT(tdx_host_vp_create);

u64 tdx_host_vp_addcx(const struct tdx_host_vp *vp, struct page *page)
{
	struct tdx_regs args = {
		.rcx = page_to_phys(page),
		.rdx = vp_tdvpr(vp),
	};

	tdh_flush_page(page);
	return tdx_host_call(TDH_VP_ADDCX, &args, true);
}
TDX_HOST_EXPORT(tdx_host_vp_addcx);

/* Interrupts are off, or this CPU's VCPUs could be flushed before the note. */
static u64 vp_try(u64 leaf, struct tdx_host_vp *vp, struct tdx_regs *args)
{
	unsigned long flags;
	u64 status;
	bool stays;

	local_irq_save(flags);
	stays = vp_cpu_keeps(vp);
	status = seamcall_once(leaf, args, &stays);
	vp_cpu_note(vp, stays, status);
	local_irq_restore(flags);
	return status;
}

/*
 * A leaf that associates the VCPU with this CPU.  It must not sleep between
 * tries: one that failed may have associated the VCPU, and the next has to be
 * made by the same CPU.
 */
static u64 vp_call_here(u64 leaf, struct tdx_host_vp *vp, struct tdx_regs *args)
{
	const struct tdx_regs in = *args;
	struct seamcall_retry retry = { };
	u64 status;

	might_sleep();
	preempt_disable();
	for (;;) {
		status = vp_try(leaf, vp, args);
		if (!seamcall_retry(&retry, leaf, status, false))
			break;
		*args = in;
	}
	preempt_enable();
	seamcall_retry_log(&retry, leaf, status);
	return status;
}

u64 tdx_host_vp_init(struct tdx_host_vp *vp, u64 rcx, u32 x2apic_id)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();
	struct tdx_regs args = {
		.rcx = vp_tdvpr(vp),
		.rdx = rcx,
	};
	u64 leaf = TDH_VP_INIT;

	if (si && si->features0 & TDX_FEATURES0_TOPOLOGY_ENUM) {
		leaf |= TDX_LEAF_VERSION(1);
		args.r8 = x2apic_id;
	}
	return vp_call_here(leaf, vp, &args);
}
TDX_HOST_EXPORT(tdx_host_vp_init);

u64 tdx_host_vp_rd(struct tdx_host_vp *vp, u64 field, u64 *value)
{
	struct tdx_regs args = {
		.rcx = vp_tdvpr(vp),
		.rdx = field,
	};
	u64 status = vp_call_here(TDH_VP_RD, vp, &args);

	tdh_fill_value(value, status, &args);
	return status;
}
TDX_HOST_EXPORT(tdx_host_vp_rd);

u64 tdx_host_vp_wr(struct tdx_host_vp *vp, u64 field, u64 value, u64 mask,
		   u64 *old)
{
	struct tdx_regs args = {
		.rcx = vp_tdvpr(vp),
		.rdx = field,
		.r8 = value,
		.r9 = mask,
	};
	u64 status = vp_call_here(TDH_VP_WR, vp, &args);

	tdh_fill_value(old, status, &args);
	return status;
}
TDX_HOST_EXPORT(tdx_host_vp_wr);

/**
 * struct vp_flush_call - tdx_host_vp_flush(), on the CPU that has the VCPU
 * @vp: the VCPU
 * @status: completion status
 */
struct vp_flush_call {
	struct tdx_host_vp *vp;
	u64 status;
};

static void vp_flush_here(void *data)
{
	struct vp_flush_call *f = data;

	f->status = vp_cpu_flush(f->vp);
}

u64 tdx_host_vp_flush(struct tdx_host_vp *vp)
{
	struct vp_flush_call f = {
		.vp = vp,
		.status = TDX_ST_VCPU_NOT_ASSOCIATED,
	};
	int cpu;

	might_sleep();
	cpus_read_lock();
	cpu = READ_ONCE(vp->cpu);
	/* A CPU that has gone offline has flushed it, if it could. */
	if (cpu >= 0 && smp_call_function_single(cpu, vp_flush_here, &f, 1))
		f.status = TDX_ST_OPERAND_BUSY;
	cpus_read_unlock();
	return f.status;
}
TDX_HOST_EXPORT(tdx_host_vp_flush);

/*
 * The NMI that ended an entry was consumed by the exit: no handler of perf,
 * of the watchdog or of a crash dump has seen it.  This CPU sends itself
 * another.  The exit has left NMIs blocked until an IRET (SDM 3C, "VM Exits",
 * effects of NMIs), so there is one for it to come in at.  That is right with
 * FRED as well, which has no INT n for NMIs.
 */
static void vp_serve_nmi(void)
{
	lockdep_assert_irqs_disabled();
	apic->send_IPI(smp_processor_id(), NMI_VECTOR);
	iret_to_self();
}

static bool vp_met_nmi(u64 status, const struct tdx_regs *out)
{
	return tdx_status_ok(status) &&
	       TDX_HOST_EXIT_REASON(status) == TDX_HOST_EXIT_EXCEPTION_NMI &&
	       out->r9 & TDX_HOST_EXIT_EVENT_VALID &&
	       TDX_HOST_EXIT_EVENT_TYPE(out->r9) == TDX_HOST_EXIT_EVENT_NMI;
}

u64 tdx_host_vp_enter(struct tdx_host_vp *vp, struct tdx_regs *args)
{
	unsigned long flags;
	u64 status;
	bool stays;

	/* The last exit left something in the bits below the flags. */
	args->rcx = (args->rcx & ~GENMASK_ULL(51, 0)) | vp_tdvpr(vp);
	local_irq_save(flags);
	stays = vp_cpu_keeps(vp);
	status = seamcall_hot(TDH_VP_ENTER, args, &stays);
	if (unlikely(vp_met_nmi(status, args)))
		vp_serve_nmi();
	vp_cpu_note(vp, stays, status);
	local_irq_restore(flags);
	return status;
}
TDX_HOST_EXPORT(tdx_host_vp_enter);
