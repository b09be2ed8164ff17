// SPDX-License-Identifier: GPL-2.0-only
/* TDH.VP: VCPUs.  Contracts: <tdx_host/vp.h>. */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/smp.h>

#include <tdx_host/sysinfo.h>
#include <tdx_host/vp.h>
#include "compat/compat.h"
#include "tdh.h"

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

	WRITE_ONCE(vp->cpu, -1);
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

/*
 * A leaf that associates the VCPU with this CPU.  It must not sleep between
 * tries, or the CPU that made the last one would not be the one in @vp->cpu.
 */
static u64 vp_call_here(u64 leaf, struct tdx_host_vp *vp, struct tdx_regs *args)
{
	u64 status;

	might_sleep();
	preempt_disable();
	status = tdx_host_call(leaf, args, false);
	if (tdx_status_ok(status))
		WRITE_ONCE(vp->cpu, smp_processor_id());
	preempt_enable();
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

struct vp_flush_call {
	u64 tdvpr;
	u64 status;
};

/* Called by an interrupt on the CPU that may have the VCPU. */
static void vp_flush_here(void *data)
{
	struct vp_flush_call *f = data;
	struct tdx_regs args = { .rcx = f->tdvpr };

	lockdep_assert_irqs_disabled();
	f->status = tdx_host_call(TDH_VP_FLUSH, &args, false);
}

u64 tdx_host_vp_flush(struct tdx_host_vp *vp)
{
	struct vp_flush_call f = { .tdvpr = vp_tdvpr(vp) };
	int cpu, hint = READ_ONCE(vp->cpu);

	might_sleep();
	f.status = TDX_ST_VCPU_NOT_ASSOCIATED;
	cpus_read_lock();
	if (hint >= 0 && cpu_online(hint))
		smp_call_function_single(hint, vp_flush_here, &f, 1);
	/*
	 * A leaf that fails late has associated the VCPU all the same, and
	 * nothing says with which CPU.
	 */
	for_each_online_cpu(cpu) {
		if (!tdx_status_is(f.status, TDX_ST_VCPU_NOT_ASSOCIATED))
			break;
		if (cpu != hint)
			smp_call_function_single(cpu, vp_flush_here, &f, 1);
	}
	cpus_read_unlock();
	if (tdx_status_ok(f.status))
		WRITE_ONCE(vp->cpu, -1);
	return f.status;
}
TDX_HOST_EXPORT(tdx_host_vp_flush);

u64 tdx_host_vp_enter(struct tdx_host_vp *vp, struct tdx_regs *args)
{
	unsigned long flags;
	u64 status;

	args->rcx |= vp_tdvpr(vp);
	local_irq_save(flags);
	status = seamcall_hot(TDH_VP_ENTER, args, true);
	if (tdx_status_ok(status))
		WRITE_ONCE(vp->cpu, smp_processor_id());
	local_irq_restore(flags);
	return status;
}
TDX_HOST_EXPORT(tdx_host_vp_enter);
