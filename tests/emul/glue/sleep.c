// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suspend to RAM: power is lost, and the TDX module with it.  What the BIOS
 * leaves on waking is one that has just been loaded.
 *
 * A device of its own, for a PM notifier cannot tell S3 from s2idle.  A
 * suspend that is called off in its last moment counts as one.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/platform_device.h>
#include <linux/suspend.h>

#include "emul.h"

static struct platform_device *pdev;
static u64 losses;

static int __maybe_unused emul_resume(struct device *dev)
{
	if (pm_suspend_target_state != PM_SUSPEND_MEM)
		return 0;
	losses++;
	if (model_lose_power(emul.model))
		pr_err("the machine slept in the middle of a SEAMCALL\n");
	return 0;
}

static const struct dev_pm_ops emul_pm = {
	SET_NOIRQ_SYSTEM_SLEEP_PM_OPS(NULL, emul_resume)
};

static struct platform_driver driver = {
	.driver = {
		.name = "tdx_emul",
		.pm = &emul_pm,
		.suppress_bind_attrs = true,
	},
};

int emul_sleep_init(void)
{
	int ret = platform_driver_register(&driver);

	if (ret)
		return ret;
	pdev = platform_device_register_simple("tdx_emul",
					       PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(pdev)) {
		platform_driver_unregister(&driver);
		return PTR_ERR(pdev);
	}
	return 0;
}

void emul_sleep_exit(void)
{
	platform_device_unregister(pdev);
	platform_driver_unregister(&driver);
}

/* Times that power was lost. */
u64 emul_sleep_losses(void)
{
	return READ_ONCE(losses);
}
