// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a CPU must not lose while a TD has it: a breakpoint of the kernel's on
 * each CPU, and handlers of NMIs, so that those without a cause are claimed.
 *
 * /sys/module/tdx_break/parameters: reading "hits" has every CPU that is online
 * write the variable with the breakpoint, and says how many were noticed;
 * "nmis" is the number of NMIs seen so far.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/hw_breakpoint.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/perf_event.h>
#include <linux/smp.h>
#include <asm/nmi.h>

static struct perf_event * __percpu *break_event;
static unsigned long break_target;
static atomic_t break_hits, break_nmis;

static void break_hit(struct perf_event *event, struct perf_sample_data *data,
		      struct pt_regs *regs)
{
	atomic_inc(&break_hits);
}

static void break_write(void *unused)
{
	WRITE_ONCE(break_target, 1);
}

static int break_get_hits(char *buf, const struct kernel_param *kp)
{
	atomic_set(&break_hits, 0);
	on_each_cpu(break_write, NULL, 1);
	return sysfs_emit(buf, "%d\n", atomic_read(&break_hits));
}

static const struct kernel_param_ops break_hits_ops = {
	.get = break_get_hits,
};
module_param_cb(hits, &break_hits_ops, NULL, 0400);

static int break_get_nmis(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%d\n", atomic_read(&break_nmis));
}

static const struct kernel_param_ops break_nmis_ops = {
	.get = break_get_nmis,
};
module_param_cb(nmis, &break_nmis_ops, NULL, 0400);

static int break_nmi(unsigned int type, struct pt_regs *regs)
{
	atomic_inc(&break_nmis);
	return NMI_HANDLED;
}

static int __init break_init(void)
{
	struct perf_event_attr attr;
	int ret;

	hw_breakpoint_init(&attr);
	attr.bp_addr = (unsigned long)&break_target;
	attr.bp_len = HW_BREAKPOINT_LEN_8;
	attr.bp_type = HW_BREAKPOINT_W;
	break_event = register_wide_hw_breakpoint(&attr, break_hit, NULL);
	if (IS_ERR_VALUE((unsigned long __force)break_event))
		return (long __force)break_event;
	ret = register_nmi_handler(NMI_LOCAL, break_nmi, 0, "tdx_break");
	if (ret)
		unregister_wide_hw_breakpoint(break_event);
	return ret;
}
module_init(break_init);

static void __exit break_exit(void)
{
	unregister_nmi_handler(NMI_LOCAL, "tdx_break");
	unregister_wide_hw_breakpoint(break_event);
}
module_exit(break_exit);

MODULE_DESCRIPTION("Breakpoints and NMIs that a TD must not take (testing)");
MODULE_LICENSE("GPL");
