// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_watch: counts what tdx_host does to the machine, where no emulator can
 * see it: SEAMCALLs of an ordinary machine, VMXON and VMXOFF of a real one.
 * /sys/kernel/debug/tdx_watch has a "FUNCTION COUNT" line each.
 *
 * The trampolines are assembly, which kprobe events do not take but kprobes
 * do, except in tdx_host_seamcall_saved_ret(), which is noinstr and which
 * tdx_host itself calls for TDH.VP.ENTER alone.  To be loaded before tdx_host.
 */
#include <linux/atomic.h>
#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#define PRODUCT	"tdx_host"

static const char *const names[] = {
	PRODUCT ":tdx_host_seamcall",
	PRODUCT ":tdx_host_seamcall_ret",
	PRODUCT ":tdx_host_vmxon",
	PRODUCT ":tdx_host_vmxoff",
};

static struct kprobe probes[ARRAY_SIZE(names)];
static atomic_t counts[ARRAY_SIZE(names)];
static unsigned int placed;
static struct dentry *file;

static int on_call(struct kprobe *kp, struct pt_regs *regs)
{
	atomic_inc(&counts[kp - probes]);
	return 0;
}

static void remove_probes(void)
{
	while (placed) {
		placed--;
		unregister_kprobe(&probes[placed]);
	}
}

static int place_probes(void)
{
	while (placed < ARRAY_SIZE(names)) {
		int ret;

		probes[placed] = (struct kprobe) {
			.symbol_name = names[placed],
			.pre_handler = on_call,
		};
		ret = register_kprobe(&probes[placed]);
		if (ret) {
			pr_err("tdx_watch: no probe at %s (error %d)\n",
			       names[placed], ret);
			remove_probes();
			return ret;
		}
		placed++;
	}
	return 0;
}

static int on_module(struct notifier_block *nb, unsigned long event, void *data)
{
	struct module *mod = data;
	int ret = 0;

	if (strcmp(mod->name, PRODUCT))
		return NOTIFY_OK;
	if (event == MODULE_STATE_COMING)
		ret = place_probes();
	else if (event == MODULE_STATE_GOING)
		remove_probes();
	return notifier_from_errno(ret);
}

static struct notifier_block module_nb = { .notifier_call = on_module };

static int watch_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		seq_printf(m, "%s %d\n", strchr(names[i], ':') + 1,
			   atomic_read(&counts[i]));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(watch);

static int __init watch_init(void)
{
	int ret = register_module_notifier(&module_nb);

	if (!ret)
		file = debugfs_create_file("tdx_watch", 0400, NULL, NULL,
					   &watch_fops);
	return ret;
}
module_init(watch_init);

static void __exit watch_exit(void)
{
	debugfs_remove(file);
	unregister_module_notifier(&module_nb);
	remove_probes();
}
module_exit(watch_exit);

MODULE_DESCRIPTION("Counts SEAMCALL, VMXON and VMXOFF of tdx_host (testing)");
MODULE_LICENSE("GPL");
