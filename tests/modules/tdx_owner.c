// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_owner: makes the running kernel look like one that drives TDX itself.
 *
 * Kernels that can do that have a CPU flag for it; it is set as long as this
 * module is loaded.  On older kernels tdx_host's own question is answered
 * with yes.  So it is to be loaded before tdx_host.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/string.h>
#include <asm/cpufeature.h>
#include <asm/processor.h>

#ifdef X86_FEATURE_TDX_HOST_PLATFORM

static int __init owner_init(void)
{
	if (test_cpu_cap(&boot_cpu_data, X86_FEATURE_TDX_HOST_PLATFORM))
		return -EEXIST;
	set_cpu_cap(&boot_cpu_data, X86_FEATURE_TDX_HOST_PLATFORM);
	return 0;
}

static void __exit owner_exit(void)
{
	/* clear_cpu_cap() is not exported. */
	clear_bit(X86_FEATURE_TDX_HOST_PLATFORM,
		  (unsigned long *)boot_cpu_data.x86_capability);
}

#else

/* bool platform_kernel_owns_tdx(void) */
static int on_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	regs->ax = true;
	return 0;
}

static struct kretprobe question = {
	.kp.symbol_name = "tdx_host:platform_kernel_owns_tdx",
	.handler = on_return,
};

static bool placed;

static int on_module(struct notifier_block *nb, unsigned long event, void *data)
{
	struct module *mod = data;
	int ret = 0;

	if (strcmp(mod->name, "tdx_host"))
		return NOTIFY_OK;
	if (event == MODULE_STATE_COMING) {
		question.kp.addr = NULL;
		question.kp.flags = 0;
		ret = register_kretprobe(&question);
		placed = !ret;
	} else if (event == MODULE_STATE_GOING && placed) {
		unregister_kretprobe(&question);
		placed = false;
	}
	return notifier_from_errno(ret);
}

static struct notifier_block module_nb = { .notifier_call = on_module };

static int __init owner_init(void)
{
	return register_module_notifier(&module_nb);
}

static void __exit owner_exit(void)
{
	unregister_module_notifier(&module_nb);
	if (placed)
		unregister_kretprobe(&question);
}

#endif

module_init(owner_init);
module_exit(owner_exit);

MODULE_DESCRIPTION("Claims TDX for the kernel (testing)");
MODULE_LICENSE("GPL");
