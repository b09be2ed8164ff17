// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an entry costs, by who holds VMX operation.  With entries=N a line
 * "tdx_wrappers: entry HOW NANOSECONDS" for each, the mean of N.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/moduleparam.h>
#include <linux/smp.h>

#include "wrappers.h"

static unsigned int entries;
module_param(entries, uint, 0444);

static u64 bench_mean;

/* There is nothing at the reset vector: the guest comes out at once. */
static int bench_enter(void *data)
{
	struct wrap *w = data;
	unsigned int i;
	u64 start = ktime_get_ns();

	for (i = 0; i < entries; i++)
		tdx_host_vp_enter(&w->vp, &(struct tdx_regs){ });
	bench_mean = div_u64(ktime_get_ns() - start, entries);
	return 0;
}

static void bench_entry(struct wrap *w, const char *how)
{
	smp_call_on_cpu(0, bench_enter, w, false);
	pr_info("tdx_wrappers: entry %s %llu\n", how, bench_mean);
	tdx_host_vp_flush(&w->vp);
}

/* With a TD that runs. */
void wrap_bench(struct wrap *w)
{
	if (!entries)
		return;
	tdx_host_vp_flush(&w->vp);
	bench_entry(w, "held");
	w->td.holds_vmx = false;
	bench_entry(w, "flushed");
	wrap_emul("vmx_released 0");
	bench_entry(w, "window");
	wrap_emul("vmx_held 0");
	w->td.holds_vmx = true;
	smp_call_on_cpu(0, bench_enter, w, false);
}
