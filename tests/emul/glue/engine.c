// SPDX-License-Identifier: GPL-2.0-only
/* Guests are run by the CPU where it has what that takes. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>

#include "emul.h"
#include "engine.h"

static const struct model_engine engine = {
	.enter = emul_host_enter,
	.step = emul_guest_step,
	.leave = emul_host_leave,
	.flush = emul_vmcs_flush,
	.drop = emul_ept_drop,
	.forget_vcpu = emul_vmcs_forget,
	.forget_td = emul_ept_forget,
	.get_page = emul_pool_get,
	.put_page = emul_pool_put,
};

/*
 * @mib: memory for guests.  On success @e is the engine, or NULL where the
 * interpreter has to do.
 */
int emul_engine_init(unsigned int mib, const struct model_engine **e)
{
	int ret;

	*e = NULL;
	if (!emul_platform_has_vmx() || !mib)
		return 0;
	ret = emul_pool_init(mib);
	if (ret)
		return ret;
	if (!emul_vmcs_possible()) {
		pr_info("this CPU's VMX cannot run guests of TDs: the interpreter does\n");
		emul_pool_exit();
		return 0;
	}
	*e = &engine;
	return 0;
}

void emul_engine_exit(void)
{
	emul_vmcs_exit();
	emul_pool_exit();
}
