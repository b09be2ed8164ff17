// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs that come and go.  A CPU gets its VMXON region before it comes up, and
 * TDH.SYS.LP.INIT as it does, if somebody asked for TDX by then.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/kernel.h>

#include "compat.h"
#include "cpu_hotplug.h"
#include "lp_init.h"
#include "platform.h"
#include "state.h"
#include "vmx.h"

static int prepare_state;
static int online_state;

static int cpu_prepare(unsigned int cpu)
{
	return tdx_host_vmx_alloc(cpu);
}

static int cpu_dead(unsigned int cpu)
{
	tdx_host_vmx_free(cpu);
	return 0;
}

/*
 * Runs on the CPU that comes up.  A CPU that TDX cannot use is still good for
 * everything else: say so, and let it come.
 */
static int cpu_startup(unsigned int cpu)
{
	char why[TDX_HOST_SENTENCE];

	if (tdx_host_platform_check_cpu(why, sizeof(why))) {
		tdx_host_error_set(why);
		return 0;
	}
	if (!tdx_host_lp_wanted())
		return 0;
	if (tdx_host_lp_init_this(true))
		pr_warn("tdx_host: CPU %u is online, but not for TDX\n", cpu);
	return 0;
}

/**
 * tdx_host_cpu_hotplug_init() - from here on every online CPU has its region
 *
 * Context: May sleep; not under cpus_read_lock().
 * Return: 0 or the errno of cpuhp_setup_state(), -ENOMEM among them.
 */
int tdx_host_cpu_hotplug_init(void)
{
	prepare_state = cpuhp_setup_state(CPUHP_BP_PREPARE_DYN,
					  "tdx_host:prepare",
					  cpu_prepare, cpu_dead);
	if (prepare_state < 0)
		return prepare_state;
	online_state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN,
						 "tdx_host:online",
						 cpu_startup, NULL);
	if (online_state < 0) {
		cpuhp_remove_state(prepare_state);
		return online_state;
	}
	return 0;
}

void tdx_host_cpu_hotplug_exit(void)
{
	cpuhp_remove_state_nocalls(online_state);
	cpuhp_remove_state(prepare_state);
}
