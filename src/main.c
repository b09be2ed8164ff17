// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_host: Intel TDX host support for stock kernels.
 *
 * Parameters, and the order in which the parts come and go; no other file
 * knows it.  Loading detects and reports.  It makes no SEAMCALL.
 */
#include <linux/cache.h>
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include <tdx_host/tdx_host.h>
#include "bringup.h"
#include "cpu_hotplug.h"
#include "debugfs.h"
#include "error.h"
#include "memory_hotplug.h"
#include "platform.h"
#include "power.h"
#include "state.h"
#include "stats.h"
#include "sysfs.h"
#include "td/keyid.h"

/* A parameter that takes one of two words. */
static int param_choose(const char *val, const struct kernel_param *kp,
			const char *no, const char *yes)
{
	if (sysfs_streq(val, yes)) {
		*(bool *)kp->arg = true;
	} else if (sysfs_streq(val, no)) {
		*(bool *)kp->arg = false;
	} else {
		error_set_cause(TDX_CAUSE_WRONG_VALUE,
				"%s=%s; %s or %s would do", kp->name, val,
				yes, no);
		return -EINVAL;
	}
	return 0;
}

/* The parameter @name is the variable param_@name. */
#define CHOICE_PARAM(name, no, yes)					\
static int param_##name##_set(const char *val,				\
			      const struct kernel_param *kp)		\
{									\
	return param_choose(val, kp, no, yes);				\
}									\
static int param_##name##_get(char *buf, const struct kernel_param *kp)	\
{									\
	return sysfs_emit(buf, "%s\n", *(bool *)kp->arg ? yes : no);	\
}									\
static const struct kernel_param_ops param_##name##_ops = {		\
	.set = param_##name##_set,					\
	.get = param_##name##_get,					\
};									\
module_param_cb(name, &param_##name##_ops, &param_##name, 0444)

static bool param_use_tdx __ro_after_init = true;
CHOICE_PARAM(use_tdx, "off", "on");
MODULE_PARM_DESC(use_tdx, "on (default), or off: leave TDX alone");

static bool param_init __ro_after_init;
CHOICE_PARAM(init, "demand", "load");
MODULE_PARM_DESC(init, "when to initialise the TDX module: demand (default) or load");

static bool param_memory_hotplug __ro_after_init;
CHOICE_PARAM(memory_hotplug, "reject", "allow");
MODULE_PARM_DESC(memory_hotplug, "hot-added memory that TDX cannot use: reject (default) or allow");

static bool main_detected __ro_after_init;

/*
 * What the module goes by.  A parameter with a slip of the pen is named by the
 * kernel, in the line before, and by nobody else: a module does not see what
 * it does not know.
 */
static void main_report_params(void)
{
	pr_info("parameters: use_tdx=%s init=%s memory_hotplug=%s\n",
		param_use_tdx ? "on" : "off", param_init ? "load" : "demand",
		param_memory_hotplug ? "allow" : "reject");
}

static bool main_detect(void)
{
	const struct platform_info *p = platform_get();
	char why[ERROR_SENTENCE];
	int err;

	if (!param_use_tdx) {
		pr_info("use_tdx=off: TDX is left alone\n");
		state_set(TDX_HOST_DISABLED);
		return false;
	}
	cpus_read_lock();
	err = platform_detect(why, sizeof(why));
	cpus_read_unlock();
	if (err) {
		error_set(why);
		return false;
	}
	pr_info("TDX enabled by the BIOS: SEAMRR [%#llx-%#llx), MKTME KeyIDs 1-%u, global KeyID %u, guest KeyIDs %u-%u%s\n",
		p->seamrr_base, p->seamrr_base + p->seamrr_size,
		p->mktme_keyids, p->global_keyid, p->guest_keyid_start,
		p->guest_keyid_start + p->guest_keyids - 1,
		p->partial_write_erratum ? ", partial-write erratum" : "");
	if (!param_memory_hotplug)
		pr_info("memory that is hot-added from now on (CXL, dax/kmem, virtio-mem, DIMMs) stays offline; memory_hotplug=allow lets it in for everything but TDs, use_tdx=off leaves TDX alone\n");
	state_set(TDX_HOST_DETECTED);
	return true;
}

/* The parts that a machine without TDX does not need. */
static int main_init_detected(void)
{
	int err;

	err = keyid_init();
	if (err)
		return err;
	err = cpu_hotplug_init();
	if (err)
		goto err_keyid;
	err = memory_hotplug_init(param_memory_hotplug);
	if (err)
		goto err_cpu;
	err = power_init();
	if (err)
		goto err_memory;
	return 0;

err_memory:
	memory_hotplug_exit();
err_cpu:
	cpu_hotplug_exit();
err_keyid:
	keyid_exit();
	return err;
}

static void main_exit_detected(void)
{
	power_exit();
	memory_hotplug_exit();
	cpu_hotplug_exit();
	keyid_exit();
}

static int __init tdx_host_init(void)
{
	int err;

	if (platform_kernel_owns_tdx()) {
		error_set_cause(TDX_CAUSE_KERNEL_OWNS_TDX, NULL);
		return -EBUSY;
	}
	main_report_params();
	stats_init();
	main_detected = main_detect();
	if (main_detected) {
		err = main_init_detected();
		if (err)
			goto err_stats;
	}
	err = sysfs_files_init();
	if (err)
		goto err_detected;
	debugfs_files_init();

	/* sysfs explains a failure, so the module stays even then. */
	if (main_detected && param_init)
		tdx_host_enable();
	return 0;

err_detected:
	if (main_detected)
		main_exit_detected();
err_stats:
	stats_exit();
	return err;
}
module_init(tdx_host_init);

static void __exit tdx_host_exit(void)
{
	debugfs_files_exit();
	sysfs_files_exit();
	bringup_exit();
	if (main_detected)
		main_exit_detected();
	stats_exit();
}
module_exit(tdx_host_exit);

MODULE_DESCRIPTION("Intel TDX host support for stock kernels");
MODULE_AUTHOR("The tdx_host authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(TDX_HOST_VERSION);
