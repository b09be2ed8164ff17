// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs that come and go.  A CPU gets its VMXON region before it comes up, and
 * TDH.SYS.LP.INIT as it does, if somebody asked for TDX by then.
 */
#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/kernel.h>
#include <linux/topology.h>
#include <asm/special_insns.h>

#include <tdx_host/cpu.h>
#include "bringup.h"
#include "compat/compat.h"
#include "cpu_hotplug.h"
#include "error.h"
#include "lp_init.h"
#include "notify.h"
#include "packages.h"
#include "platform.h"
#include "td/keyid.h"
#include "td/vp_cpu.h"
#include "vmx.h"

static int cpu_prepare_state __ro_after_init;
static int cpu_online_state __ro_after_init;

/* Consumers that need every CPU that is online. */
static atomic_t cpu_all_required;

void tdx_host_require_all_cpus(void)
{
	atomic_inc(&cpu_all_required);
}
TDX_HOST_EXPORT(tdx_host_require_all_cpus);

void tdx_host_release_all_cpus(void)
{
	atomic_dec(&cpu_all_required);
}
TDX_HOST_EXPORT(tdx_host_release_all_cpus);

static int cpu_hotplug_prepare(unsigned int cpu)
{
	return vmx_alloc(cpu);
}

static int cpu_hotplug_dead(unsigned int cpu)
{
	vmx_free(cpu);
	return 0;
}

static bool cpu_hotplug_make_ready(unsigned int cpu)
{
	char why[ERROR_SENTENCE];
	bool differs = platform_check_cpu(why, sizeof(why));
	bool late = bringup_configured();

	/* A hot-added CPU differs because the BIOS never set it up. */
	if (late && !tdx_host_cpu_ready(cpu) && (differs || !lp_init_adopt())) {
		error_log_cause(KERN_WARNING, TDX_CAUSE_CPU_CAME_LATE, "CPU %u",
				cpu);
		return false;
	}
	if (differs) {
		error_set(why);
		return false;
	}
	return late || !lp_init_this(true);
}

/*
 * Runs on the CPU that comes up.  A CPU that TDX cannot use is still good for
 * everything else: say so and let it come online, unless a consumer needs all.
 */
static int cpu_hotplug_startup(unsigned int cpu)
{
	vp_cpu_open();
	if (!lp_init_wanted() || cpu_hotplug_make_ready(cpu))
		return 0;
	notify_cpu_not_ready(cpu);
	if (atomic_read(&cpu_all_required) > 0) {
		error_log_cause(KERN_WARNING, TDX_CAUSE_CPU_STAYS_OFFLINE,
				"CPU %u", cpu);
		return -EPERM;
	}
	error_log_cause(KERN_WARNING, TDX_CAUSE_CPU_NOT_FOR_TDX, "CPU %u", cpu);
	return 0;
}

/*
 * Runs on the CPU that goes down.  Tearing a TD down takes a CPU on every
 * package (TDH.PHYMEM.CACHE.WB), so each package keeps one while there are
 * TDs.
 */
static int cpu_hotplug_teardown(unsigned int cpu)
{
	if (keyid_nr_in_use() && packages_needs(cpu)) {
		error_log_cause(KERN_WARNING, TDX_CAUSE_CPU_STAYS_ONLINE,
				"CPU %u of package %d, %u KeyIDs in use", cpu,
				topology_physical_package_id(cpu),
				keyid_nr_in_use());
		return -EBUSY;
	}
	/* Nobody can flush its VCPUs and its caches once it is gone. */
	vp_cpu_close();
	if (tdx_host_cpu_ready(cpu))
		wbinvd();
	return 0;
}

static void cpu_hotplug_forget_all(void)
{
	unsigned int cpu;

	cpuhp_remove_state_nocalls(cpu_prepare_state);
	for_each_possible_cpu(cpu)
		vmx_free(cpu);
}

/*
 * Before 6.10 and its stable kernels cpuhp_setup_state() did not call the
 * callback of CPUHP_BP_PREPARE_DYN for CPUs that are online, so these are
 * prepared here, on every kernel.
 */
static int cpu_hotplug_prepare_all(void)
{
	unsigned int cpu;
	int err = 0;

	cpus_read_lock();
	cpu_prepare_state = cpuhp_setup_state_nocalls_cpuslocked(
				CPUHP_BP_PREPARE_DYN, "tdx_host:prepare",
				cpu_hotplug_prepare, cpu_hotplug_dead);
	if (cpu_prepare_state >= 0)
		for_each_online_cpu(cpu)
			err = err ?: cpu_hotplug_prepare(cpu);
	cpus_read_unlock();
	if (cpu_prepare_state < 0)
		return cpu_prepare_state;
	if (err)
		cpu_hotplug_forget_all();
	return err;
}

/**
 * cpu_hotplug_init() - from here on every online CPU has its region
 *
 * Context: Sleeps; not under cpus_read_lock().
 * Return: 0; -ENOMEM; or the errno of cpuhp_setup_state(), -ENOSPC where the
 *	   kernel has no state left.
 */
int cpu_hotplug_init(void)
{
	int err = cpu_hotplug_prepare_all();

	if (err)
		return err;
	cpu_online_state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN,
						     "tdx_host:online",
						     cpu_hotplug_startup,
						     cpu_hotplug_teardown);
	if (cpu_online_state < 0) {
		cpu_hotplug_forget_all();
		return cpu_online_state;
	}
	return 0;
}

/**
 * cpu_hotplug_exit() - leave CPUs alone, and take their regions back
 *
 * Context: Sleeps; not under cpus_read_lock().  No SEAMCALL is made any more.
 */
void cpu_hotplug_exit(void)
{
	cpuhp_remove_state_nocalls(cpu_online_state);
	cpu_hotplug_forget_all();
}
