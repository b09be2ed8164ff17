// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_recorder: a log that survives the kernel that wrote it.
 *
 * It is in RAM that the command line keeps from the kernel (memmap=1M$0x...),
 * so neither kexec nor a warm reset changes it.  In it are, in their order:
 *
 *	wbinvd CPU		that CPU wrote its caches back
 *	disable STATUS		TDH.SYS.DISABLE ended with that status
 *	call LEAF STATUS	another SEAMCALL of tdx_host's own, made after that
 *	erratum LINES PARTIAL	as the machine is shut down: lines of memory that are
 *				still private, and that were written in part (what
 *				tdx_emul says, which is there when something is said)
 *	movdir64b COUNT		and how often that instruction made one ordinary
 *	jump			kexec leaves for the next kernel
 *	off			the machine is about to lose power
 *	printk TEXT		the kernel log said what is left of TDs
 *	say TEXT		what was written to the debugfs file, or another
 *				module had it say
 *
 * /sys/kernel/debug/tdx_recorder: reading gives the log; writing "clear"
 * empties it, anything else adds a "say" line.  To be loaded before tdx_host.
 *
 * Memory does not survive the loss of power.  With reset_on_off=1 the machine
 * is reset where everything else is as if it went off.
 */
#include <linux/console.h>
#include <linux/debugfs.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/reboot.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <tdx/leaf.h>
#include <tdx/status.h>

#define SIZE		0x100000
#define MAGIC		0x726f636572786474ULL
#define PRODUCT		"tdx_host"

static unsigned long base;
module_param(base, ulong, 0444);
MODULE_PARM_DESC(base, "where the reserved MiB is");

static bool reset_on_off;
module_param(reset_on_off, bool, 0444);
MODULE_PARM_DESC(reset_on_off, "reset the machine where it would lose power");

struct log {
	u64 magic;
	u64 length;
	char text[];
};

static DEFINE_RAW_SPINLOCK(log_lock);
static struct log *the_log;
/* tdx_emul's, which is not there in every machine. */
void tdx_emul_erratum(u64 *lines, u64 *partial, u64 *whole);
static typeof(&tdx_emul_erratum) erratum;
static bool disabled;	/* TDH.SYS.DISABLE succeeded */
static bool placed;
static struct dentry *file;

static void __printf(1, 2) record(const char *fmt, ...)
{
	unsigned long flags;
	va_list args;

	raw_spin_lock_irqsave(&log_lock, flags);
	va_start(args, fmt);
	the_log->length += vscnprintf(the_log->text + the_log->length,
				      SIZE - sizeof(*the_log) -
				      the_log->length, fmt, args);
	va_end(args);
	raw_spin_unlock_irqrestore(&log_lock, flags);
}

static int on_wbinvd(struct kprobe *kp, struct pt_regs *regs)
{
	record("wbinvd %d\n", raw_smp_processor_id());
	return 0;
}

static int on_shutdown(struct kprobe *kp, struct pt_regs *regs)
{
	u64 lines, partial, whole;

	if (erratum) {
		erratum(&lines, &partial, &whole);
		record("erratum %llu %llu\n", lines, partial);
		record("movdir64b %llu\n", whole);
	}
	return 0;
}

static int on_jump(struct kprobe *kp, struct pt_regs *regs)
{
	record("jump\n");
	return 0;
}

/* Devices are down, the other CPUs stopped; only ACPI is to be told yet. */
static int on_off(struct kprobe *kp, struct pt_regs *regs)
{
	record("off\n");
	if (reset_on_off)
		emergency_restart();
	return 0;
}

/* A line of the kernel log, as consoles get it. */
static void on_print(struct console *con, const char *line, unsigned int n)
{
	const char *text = strnstr(line, "] ", n);

	if (!text || (!strnstr(line, "KeyIDs outstanding", n) &&
		      !strnstr(line, "in use as TDX ends", n)))
		return;
	text += 2;
	n -= text - line;
	if (n && text[n - 1] == '\n')
		n--;
	record("printk %.*s\n", n, text);
}

static struct console printk_console = {
	.name = "tdx_recorder",
	.write = on_print,
	.flags = CON_ENABLED,
	.index = -1,
};

/* What wbinvd_on_all_cpus() has every CPU run; and the ways out. */
static struct kprobe on_kernel[] = {
	{ .symbol_name = "__wbinvd", .pre_handler = on_wbinvd },
	{ .symbol_name = "native_machine_shutdown", .pre_handler = on_shutdown },
	{ .symbol_name = "machine_kexec", .pre_handler = on_jump },
	{ .symbol_name = "acpi_power_off", .pre_handler = on_off },
};

/*
 * u64 seamcall_once(u64 leaf, struct tdx_regs *args, bool *stays)
 *
 * Not the trampoline that others call, too: a CPU misses the probe of
 * __wbinvd() where the interrupt hits it in another probe.
 */
static int on_seamcall(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	*(u64 *)ri->data = regs->di;
	return 0;
}

static int on_result(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	u64 leaf = *(u64 *)ri->data;

	if (leaf == TDH_SYS_DISABLE) {
		record("disable 0x%lx\n", regs->ax);
		WRITE_ONCE(disabled, true);
	} else if (READ_ONCE(disabled) && regs->ax != TDX_ST_GOING_DOWN) {
		record("call %llu 0x%lx\n", leaf, regs->ax);
	}
	return 0;
}

static struct kretprobe seamcall = {
	.kp.symbol_name = PRODUCT ":seamcall_once",
	.entry_handler = on_seamcall,
	.handler = on_result,
	.data_size = sizeof(u64),
	.maxactive = 256,
};

static int on_module(struct notifier_block *nb, unsigned long event, void *data)
{
	struct module *mod = data;
	int ret = 0;

	if (strcmp(mod->name, PRODUCT))
		return NOTIFY_OK;
	if (event == MODULE_STATE_COMING) {
		seamcall.kp.addr = NULL;
		seamcall.kp.flags = 0;
		disabled = false;
		ret = register_kretprobe(&seamcall);
		placed = !ret;
	} else if (event == MODULE_STATE_GOING && placed) {
		unregister_kretprobe(&seamcall);
		placed = false;
	}
	return notifier_from_errno(ret);
}

static struct notifier_block module_nb = { .notifier_call = on_module };

void tdx_recorder_say(const char *text);
void tdx_recorder_say(const char *text)
{
	record("say %s\n", text);
}
EXPORT_SYMBOL_GPL(tdx_recorder_say);

static int recorder_show(struct seq_file *m, void *unused)
{
	seq_write(m, the_log->text, the_log->length);
	return 0;
}

static int recorder_open(struct inode *inode, struct file *f)
{
	return single_open_size(f, recorder_show, NULL, SIZE);
}

static ssize_t recorder_write(struct file *f, const char __user *buf,
			      size_t len, loff_t *pos)
{
	char text[128] = "";

	if (len >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, len))
		return -EFAULT;
	if (!erratum)
		erratum = symbol_get(tdx_emul_erratum);
	if (!strcmp(strim(text), "clear"))
		the_log->length = 0;
	else
		tdx_recorder_say(strim(text));
	return len;
}

static const struct file_operations recorder_fops = {
	.owner = THIS_MODULE,
	.open = recorder_open,
	.read = seq_read,
	.write = recorder_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int __init recorder_init(void)
{
	int ret, i;

	if (!base) {
		pr_err("tdx_recorder: say base=, the address of 1 MiB that memmap= reserves\n");
		return -EINVAL;
	}
	the_log = memremap(base, SIZE, MEMREMAP_WB);
	if (!the_log)
		return -ENOMEM;
	if (the_log->magic != MAGIC || the_log->length > SIZE - sizeof(*the_log)) {
		the_log->magic = MAGIC;
		the_log->length = 0;
	}
	for (i = 0; i < ARRAY_SIZE(on_kernel); i++) {
		ret = register_kprobe(&on_kernel[i]);
		if (ret) {
			pr_err("tdx_recorder: no probe at %s (error %d)\n",
			       on_kernel[i].symbol_name, ret);
			goto err_probes;
		}
	}
	ret = register_module_notifier(&module_nb);
	if (ret)
		goto err_probes;
	register_console(&printk_console);
	file = debugfs_create_file("tdx_recorder", 0600, NULL, NULL,
				   &recorder_fops);
	return 0;

err_probes:
	while (i--)
		unregister_kprobe(&on_kernel[i]);
	memunmap(the_log);
	return ret;
}
module_init(recorder_init);

static void __exit recorder_exit(void)
{
	int i;

	debugfs_remove(file);
	unregister_console(&printk_console);
	if (erratum)
		symbol_put(tdx_emul_erratum);
	unregister_module_notifier(&module_nb);
	if (placed)
		unregister_kretprobe(&seamcall);
	for (i = 0; i < ARRAY_SIZE(on_kernel); i++)
		unregister_kprobe(&on_kernel[i]);
	memunmap(the_log);
}
module_exit(recorder_exit);

MODULE_DESCRIPTION("Keeps a log over kexec and reboot (testing)");
MODULE_LICENSE("GPL");
