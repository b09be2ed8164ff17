// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleep, reboot and power-off.
 *
 * S3 and hibernation power the memory controllers down, and the keys with
 * them: both are refused while the TDX module is up.  s2idle keeps power and
 * is fine.  A PM notifier cannot tell s2idle from S3, but the callbacks of a
 * device can: so the notifier refuses hibernation, and the device S3.
 *
 * Reboot, power-off and kexec shut the TDX module down.  A crash kernel is
 * left alone: nothing here may keep it from starting.
 */
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/notifier.h>
#include <linux/platform_device.h>
#include <linux/reboot.h>
#include <linux/suspend.h>

#include <tdx_host/tdx_host.h>
#include "bringup.h"
#include "compat/compat.h"
#include "error.h"
#include "lp_init.h"
#include "power.h"

static bool power_must_stay_awake(const char *what)
{
	if (!bringup_active())
		return false;
	error_set_cause(TDX_CAUSE_NO_SLEEP, "it was %s", what);
	return true;
}

static int power_pm_event(struct notifier_block *nb, unsigned long action,
			  void *unused)
{
	switch (action) {
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		if (power_must_stay_awake("hibernation"))
			return notifier_from_errno(-EBUSY);
		return NOTIFY_OK;
	default:
		return NOTIFY_OK;
	}
}

static struct notifier_block power_pm_nb = {
	.notifier_call = power_pm_event,
};

/* PM_SUSPEND_ON during hibernation, PM_SUSPEND_TO_IDLE during s2idle. */
static bool power_suspending_to_ram(void)
{
	return pm_suspend_target_state == PM_SUSPEND_MEM ||
	       pm_suspend_target_state == PM_SUSPEND_STANDBY;
}

static int __maybe_unused power_prepare(struct device *dev)
{
	if (power_suspending_to_ram() &&
	    power_must_stay_awake("suspend to RAM"))
		return -EBUSY;
	return 0;
}

/*
 * LPs may have been initialised.  After S3 the TDX module does not know, nor
 * does the one that a hibernated system wakes up with.
 */
static void __maybe_unused power_complete(struct device *dev)
{
	if (pm_suspend_target_state != PM_SUSPEND_TO_IDLE && !bringup_active())
		lp_init_forget();
}

static const struct dev_pm_ops power_ops = {
#ifdef CONFIG_PM_SLEEP
	.prepare = power_prepare,
	.complete = power_complete,
#endif
};

/* Binds to the device of sysfs.c, for its PM callbacks alone. */
static struct platform_driver power_driver = {
	.driver = {
		.name = "tdx_host",
		.pm = &power_ops,
		.suppress_bind_attrs = true,
	},
};

/* The same for all actions: a machine that goes off may keep its memory. */
static int power_reboot_event(struct notifier_block *nb, unsigned long action,
			      void *unused)
{
	bringup_end();
	return NOTIFY_OK;
}

/* Called last, so that those who make SEAMCALLs have stopped by themselves. */
static struct notifier_block power_reboot_nb = {
	.notifier_call = power_reboot_event,
	.priority = INT_MIN,
};

/**
 * power_init() - watch over sleep, reboot, power-off and kexec
 *
 * Context: Sleeps.
 * Return: 0 or the errno of what could not be registered.
 */
int power_init(void)
{
	int err;

	err = platform_driver_register(&power_driver);
	if (err)
		return err;
	err = register_pm_notifier(&power_pm_nb);
	if (err)
		goto err_driver;
	err = register_reboot_notifier(&power_reboot_nb);
	if (err)
		goto err_pm;
	return 0;

err_pm:
	unregister_pm_notifier(&power_pm_nb);
err_driver:
	platform_driver_unregister(&power_driver);
	return err;
}

/**
 * power_exit() - let the machine sleep and reboot without us
 *
 * Context: Sleeps.
 */
void power_exit(void)
{
	unregister_reboot_notifier(&power_reboot_nb);
	unregister_pm_notifier(&power_pm_nb);
	platform_driver_unregister(&power_driver);
}
