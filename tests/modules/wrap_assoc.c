// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a VCPU is associated, and that no VMXOFF finds it there: CPUs go
 * offline, and whoever held VMX operation lets go of it.  A VCPU that was lost
 * is the end of its TD at the next entry.
 */
#include <linux/cpu.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/smp.h>

#include <tdx/leaf.h>

#include "wrappers.h"

/* Not the last of its package, and not where the test runs by habit. */
#define ASSOC_CPU	3

#define VP_SHARED_EPTP	0x002400030000203cULL

static int assoc_read(void *data)
{
	struct wrap *w = data;
	u64 value;

	WRAP(tdx_host_vp_rd, SUCCESS, (&w->vp, VP_SHARED_EPTP, &value));
	return 0;
}

/* Past the wrapper that knows about VCPUs. */
static int assoc_read_raw(void *data)
{
	struct wrap *w = data;
	struct tdx_regs args = {
		.rcx = page_to_phys(w->vp.tdvpr),
		.rdx = VP_SHARED_EPTP,
	};

	wrap_check("tdx_host_call", "TDH.VP.RD", 0,
		   tdx_host_call(TDH_VP_RD, &args, false));
	return 0;
}

static int assoc_enter(void *data)
{
	struct wrap *w = data;
	struct tdx_regs args = { };
	u64 status = tdx_host_vp_enter(&w->vp, &args);

	wrap_check("tdx_host_vp_enter", "SUCCESS", 0,
		   status & TDX_STATUS_NAME_MASK);
	return 0;
}

static int assoc_flush(void *data)
{
	WRAP(tdx_host_vp_flush_cpu, SUCCESS, ());
	return 0;
}

/* One that is told "no" is for its VMM to flush. */
static int assoc_flush_fails(void *data)
{
	struct wrap *w = data;

	WRAP(tdx_host_vp_flush_cpu, OPERAND_INVALID, ());
	wrap_fact("where to try again is known", w->vp.cpu == ASSOC_CPU);
	return 0;
}

static void assoc_on(struct wrap *w, int (*fn)(void *data))
{
	smp_call_on_cpu(ASSOC_CPU, fn, w, false);
}

static void assoc_vmxoff(void)
{
	wrap_emul("vmx_released %d", ASSOC_CPU);
	wrap_emul("vmx_held %d", ASSOC_CPU);
}

static void assoc_offline(struct wrap *w)
{
	assoc_on(w, assoc_read);
	wrap_fact("the VCPU is with the CPU", w->vp.cpu == ASSOC_CPU);
	wrap_fact("the CPU goes offline", !remove_cpu(ASSOC_CPU));
	wrap_fact("the VCPU is with none", w->vp.cpu == -1);
	assoc_enter(w);
	WRAP(tdx_host_vp_flush, SUCCESS, (&w->vp));
	wrap_fact("the CPU comes back", !add_cpu(ASSOC_CPU));
	assoc_on(w, assoc_enter);
	wrap_fact("the VCPU is with it again", w->vp.cpu == ASSOC_CPU);
}

/* Another LP runs the VCPU: it stays locked, and nobody waits for that. */
static void assoc_running(struct wrap *w)
{
	u64 pa = page_to_phys(w->vp.tdvpr);
	u64 value, start, best = U64_MAX;
	int i;

	wrap_emul("hold pamt-shared:0x%llx 1", pa);
	/* A machine that is busy may be slow, but not each time. */
	for (i = 0; i < 10; i++) {
		wrap_emul("inject %d:0x%llx:1", TDH_VP_RD,
			  (u64)TDX_ST_VCPU_ASSOCIATED);
		start = ktime_get_ns();
		WRAP(tdx_host_vp_rd, VCPU_ASSOCIATED,
		     (&w->vp, VP_SHARED_EPTP, &value));
		best = min(best, ktime_get_ns() - start);
	}
	wrap_fact("it is told at once", best < 2 * NSEC_PER_MSEC);
	wrap_emul("release pamt-shared:0x%llx 1", pa);
}

/* Whatever is in the way stays there for longer than a flush waits. */
static void assoc_busy(struct wrap *w)
{
	assoc_on(w, assoc_enter);
	wrap_emul("inject %d:0x%llx:100000", TDH_VP_FLUSH,
		  (u64)TDX_ST_OPERAND_BUSY);
	WRAP(tdx_host_vp_flush, OPERAND_BUSY, (&w->vp));
	wrap_emul("inject %d:0:0", TDH_VP_FLUSH);
	WRAP(tdx_host_vp_flush, SUCCESS, (&w->vp));
}

/* With a TD that runs. */
void wrap_assoc(struct wrap *w)
{
	tdx_host_vp_flush(&w->vp);
	assoc_offline(w);

	wrap_emul("inject %d:0x%llx:1", TDH_VP_FLUSH,
		  (u64)TDX_ST_OPERAND_INVALID);
	assoc_on(w, assoc_flush_fails);
	WRAP(tdx_host_vp_flush, SUCCESS, (&w->vp));
	assoc_on(w, assoc_enter);

	assoc_busy(w);
	assoc_on(w, assoc_enter);

	/* Who holds VMX operation says in time that it ends. */
	assoc_on(w, assoc_flush);
	wrap_fact("the CPU gave the VCPU away", w->vp.cpu == -1);
	assoc_vmxoff();
	assoc_on(w, assoc_enter);
	WRAP(tdx_host_vp_flush, SUCCESS, (&w->vp));

	/* Somebody holds it, but not for us. */
	w->td.holds_vmx = false;
	assoc_on(w, assoc_read);
	assoc_vmxoff();
	assoc_on(w, assoc_enter);
	assoc_vmxoff();
	assoc_on(w, assoc_enter);
	WRAP(tdx_host_vp_flush, VCPU_NOT_ASSOCIATED, (&w->vp));
	assoc_running(w);

	/* Nobody holds it, whatever the VMM believes. */
	w->td.holds_vmx = true;
	wrap_emul("vmx_released %d", ASSOC_CPU);
	assoc_on(w, assoc_read);
	assoc_on(w, assoc_enter);
	assoc_on(w, assoc_read_raw);
	assoc_on(w, assoc_enter);
	wrap_emul("vmx_held %d", ASSOC_CPU);
	assoc_on(w, assoc_enter);
	WRAP(tdx_host_vp_flush, SUCCESS, (&w->vp));
	assoc_enter(w);
}
