// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VMX window.
 *
 * SEAMCALL needs VMX operation.  KVM may have this CPU in it, or nobody.  For
 * one call, with interrupts off: where CR4.VMXE is set somebody is in VMX
 * operation already; where it is not, enter VMX operation, call, leave, and
 * put CR4 back.  TDX state survives VMXOFF, so nothing of ours stays behind
 * and KVM cannot notice.
 *
 * CR4 is written past the kernel's shadow copy.  Nothing can read the shadow
 * on this CPU while interrupts are off, and both agree again before they are
 * on.  A VMXE that stayed set would not do: the next write from the shadow
 * would clear it, which faults in VMX operation.
 *
 * CR4.VMXE alone proves nothing: our interrupt may have landed after KVM set
 * it and before KVM's VMXON, or after its VMXOFF and before it cleared the
 * bit.  SEAMCALL raises #UD then, and vmx_take() does the VMXON after all.
 * Where that finds the CPU in VMX operation it was SEAMCALL itself that was
 * not there: a CPU, or a hypervisor below us, without SEAM.
 *
 * Source: Intel SDM volume 3, "Enabling and Entering VMX Operation".
 */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <asm/processor-flags.h>

#include <tdx/status.h>
#include "compat/compat.h"
#include "msr.h"
#include "vmx.h"

/*
 * One page per CPU, allocated by vmx_alloc() before that CPU can make a
 * SEAMCALL.  Only its own CPU uses it, with interrupts off.
 */
static DEFINE_PER_CPU(struct page *, vmxon_region);

static unsigned long vmx_read_cr4(void)
{
	unsigned long cr4;

	asm volatile("mov %%cr4, %0" : "=r" (cr4) : : "memory");
	return cr4;
}

static void vmx_write_cr4(unsigned long cr4)
{
	asm volatile("mov %0, %%cr4" : : "r" (cr4) : "memory");
}

/**
 * vmx_alloc() - give a CPU its VMXON region
 * @cpu: CPU number; need not be online
 *
 * Does nothing for a CPU that has one.
 *
 * Context: Sleeps.
 * Return: 0 or -ENOMEM.
 */
int vmx_alloc(unsigned int cpu)
{
	struct page *page;

	might_sleep();
	if (per_cpu(vmxon_region, cpu))
		return 0;
	page = alloc_pages_node(cpu_to_node(cpu), GFP_KERNEL | __GFP_ZERO, 0);
	if (!page)
		return -ENOMEM;
	per_cpu(vmxon_region, cpu) = page;
	return 0;
}

/**
 * vmx_free() - take the VMXON region of a CPU back
 * @cpu: CPU number; must not be making a SEAMCALL
 *
 * Context: Any.
 */
void vmx_free(unsigned int cpu)
{
	struct page *page = per_cpu(vmxon_region, cpu);

	per_cpu(vmxon_region, cpu) = NULL;
	if (page)
		__free_page(page);
}

/* VMXON faults instead of failing where the BIOS keeps VMX off: ask first. */
static u64 vmx_usable(void)
{
	u64 ctl;

	if (!(cpuid_ecx(1) & BIT(5)))
		return TDX_ST_VMX_ABSENT;
	if (tdx_host_rdmsr(TDX_MSR_FEATURE_CONTROL, &ctl) ||
	    !(ctl & TDX_FEATURE_CONTROL_LOCK) ||
	    !(ctl & TDX_FEATURE_CONTROL_VMX))
		return TDX_ST_VMX_LOCKED_OFF;
	return 0;
}

/**
 * vmx_take() - enter VMX operation where CR4 says nothing about it
 * @w: the window, opened by tdx_host_vmx_enter()
 *
 * For tdx_host_vmx_enter(), and for its caller when SEAMCALL raised #UD in
 * spite of CR4.VMXE.
 *
 * Context: Interrupts off.
 * Return: 0; else CR4 is as found, and TDX_ST_VMX_* says why not, or
 *	   TDX_ST_SEAMCALL_UD that the CPU was in VMX operation all the time.
 */
u64 vmx_take(struct vmx_window *w)
{
	struct page *region;
	u64 basic, status;
	int failed;

	lockdep_assert_irqs_disabled();
	region = this_cpu_read(vmxon_region);
	status = vmx_usable();
	if (status)
		return status;
	if (!region || tdx_host_rdmsr(TDX_MSR_VMX_BASIC, &basic))
		return TDX_ST_VMXON_FAILED;
	*(u32 *)page_address(region) = basic & TDX_VMX_BASIC_REVISION;

	vmx_write_cr4(w->cr4 | X86_CR4_VMXE);
	failed = tdx_host_vmxon(page_to_phys(region));
	if (failed) {
		vmx_write_cr4(w->cr4);
		/*
		 * The region is right, so VMfail has one reason left: VMX
		 * operation (SDM 3C, VMXON).
		 */
		if (failed == 1 && w->cr4 & X86_CR4_VMXE)
			return TDX_ST_SEAMCALL_UD;
		return TDX_ST_VMXON_FAILED;
	}
	w->ours = true;
	return 0;
}

/**
 * tdx_host_vmx_enter() - open the window on this CPU
 * @w: set up here, kept until tdx_host_vmx_leave()
 *
 * The name is known outside of the module: on a CPU without VMX the emulator
 * answers at the entry of this function, and so it is noinline.
 *
 * Context: Interrupts off, and kept off until the window is closed.
 * Return: 0, or the TDX_ST_VMX_* that says why not; there is nothing to
 *	   leave then, though tdx_host_vmx_leave() does no harm.
 */
noinline u64 tdx_host_vmx_enter(struct vmx_window *w)
{
	lockdep_assert_irqs_disabled();
	w->cr4 = vmx_read_cr4();
	w->ours = false;
	if (w->cr4 & X86_CR4_VMXE)
		return 0;
	return vmx_take(w);
}

/**
 * tdx_host_vmx_leave() - close the window: VMXOFF if VMXON was ours
 * @w: as tdx_host_vmx_enter() left it
 *
 * The emulator answers here as well, see tdx_host_vmx_enter().
 *
 * Context: Interrupts off.
 */
noinline void tdx_host_vmx_leave(struct vmx_window *w)
{
	lockdep_assert_irqs_disabled();
	if (!w->ours)
		return;
	w->ours = false;
	tdx_host_vmxoff();
	vmx_write_cr4(w->cr4);
}
