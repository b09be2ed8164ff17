// SPDX-License-Identifier: GPL-2.0-only
/* /sys/kernel/debug/tdx_emul: control, stats, calls, verify, trace. */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "emul.h"

#define CONTROL_MAX	4096
#define LEAVES		256

static struct dentry *dir;
static DEFINE_MUTEX(control_lock);

static ssize_t control_write(struct file *file, const char __user *buf,
			     size_t len, loff_t *pos)
{
	char *text, *rest, *line;
	int ret = 0;

	if (len >= CONTROL_MAX)
		return -E2BIG;
	text = memdup_user_nul(buf, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	rest = text;
	mutex_lock(&control_lock);
	while (!ret && (line = emul_field(&rest, '\n')))
		ret = emul_control_line(line);
	mutex_unlock(&control_lock);
	kfree(text);
	return ret ?: len;
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = control_write,
};

static int stats_show(struct seq_file *m, void *unused)
{
	struct model_stats s;
	u64 lines, partial, whole;

	tdx_emul_erratum(&lines, &partial, &whole);
	model_get_stats(emul.model, &s);
#define STAT(name, value)	seq_printf(m, name " %llu\n", (u64)(value))
	STAT("calls", s.calls);
	STAT("state", s.state);
	STAT("lps_done", s.lps_done);
	STAT("pkgs_done", s.pkgs_done);
	STAT("tdmrs", s.tdmrs);
	STAT("tdmrs_done", s.tdmrs_done);
	STAT("pamt_pages", s.pamt_pages);
	STAT("pamt_corrupt", s.pamt_corrupt);
	STAT("keyids_in_use", s.keyids_in_use);
	STAT("pamt_in_use", s.pamt_in_use);
	STAT("private_pages", s.private_pages);
	STAT("private_corrupt", s.private_corrupt);
	STAT("dirty_pages", s.dirty_pages);
	STAT("guest_pages", emul_pool_used());
	STAT("tds", s.tds);
	STAT("vcpus", s.vcpus);
	STAT("vcpus_lost", s.vcpus_lost);
	STAT("refused", s.refused);
	STAT("refused_leaf", s.refused_leaf);
	STAT("seamcalls", atomic64_read(&emul_counts.seamcalls));
	STAT("ud", atomic64_read(&emul_counts.ud));
	STAT("gp", atomic64_read(&emul_counts.gp));
	STAT("vmfailinvalid", atomic64_read(&emul_counts.vmfail));
	STAT("interruptible", atomic64_read(&emul_counts.interruptible));
	STAT("rdmsr", atomic64_read(&emul_counts.rdmsr));
	STAT("vmx_enters", atomic64_read(&emul_counts.vmx_enters));
	STAT("vmx_leaves", atomic64_read(&emul_counts.vmx_leaves));
	STAT("window_interruptible",
	     atomic64_read(&emul_counts.window_interruptible));
	STAT("private_lines", lines);
	STAT("partial_writes", partial);
	STAT("movdir64b", whole);
	STAT("power_losses", emul_sleep_losses());
	STAT("real_vmx", emul.real_vmx);
#undef STAT
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static int calls_show(struct seq_file *m, void *unused)
{
	unsigned int leaf;

	for (leaf = 0; leaf < LEAVES; leaf++) {
		u64 n = model_leaf_calls(emul.model, leaf);

		if (n)
			seq_printf(m, "%u %llu\n", leaf, n);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(calls);

static int trace_show(struct seq_file *m, void *unused)
{
	emul_trap_show_trace(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(trace);

/*
 * A page that differs is reported once, so the check is made on opening and
 * not in show(), which is called again when its buffer was too small.
 */
struct verify {
	u64 pages;
	unsigned int nr;
	u64 pa[1000];
};

static void verify_report(void *ctx, u64 pa)
{
	struct verify *v = ctx;

	if (v->nr < ARRAY_SIZE(v->pa))
		v->pa[v->nr++] = pa;
}

static int verify_show(struct seq_file *m, void *unused)
{
	struct verify *v = m->private;
	unsigned int i;

	for (i = 0; i < v->nr; i++)
		seq_printf(m, "corrupt 0x%llx\n", v->pa[i]);
	seq_printf(m, "pages_corrupt %llu\n", v->pages);
	return 0;
}

static int verify_open(struct inode *inode, struct file *file)
{
	struct verify *v = kzalloc(sizeof(*v), GFP_KERNEL);
	int ret;

	if (!v)
		return -ENOMEM;
	mutex_lock(&control_lock);
	v->pages = model_verify_pamt(emul.model, 0, verify_report, v) +
		   model_verify_private(emul.model, verify_report, v);
	mutex_unlock(&control_lock);
	ret = single_open(file, verify_show, v);
	if (ret)
		kfree(v);
	return ret;
}

static int verify_release(struct inode *inode, struct file *file)
{
	kfree(((struct seq_file *)file->private_data)->private);
	return single_release(inode, file);
}

static const struct file_operations verify_fops = {
	.owner = THIS_MODULE,
	.open = verify_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = verify_release,
};

void emul_debugfs_init(void)
{
	dir = debugfs_create_dir("tdx_emul", NULL);
	debugfs_create_file("control", 0200, dir, NULL, &control_fops);
	debugfs_create_file("stats", 0400, dir, NULL, &stats_fops);
	debugfs_create_file("calls", 0400, dir, NULL, &calls_fops);
	debugfs_create_file("trace", 0400, dir, NULL, &trace_fops);
	debugfs_create_file("verify", 0400, dir, NULL, &verify_fops);
}

void emul_debugfs_exit(void)
{
	debugfs_remove_recursive(dir);
}
