// SPDX-License-Identifier: GPL-2.0-only
/* The files of /sys/kernel/debug/tdx_test. */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "test.h"

#define LINE_MAX	1024

static const struct test_file *const files[] = {
	&test_cpu_enable, &test_storm, &test_enable, &test_seamcall,
	&test_cr4, &test_vmx_race,
};

static DEFINE_MUTEX(test_lock);
static struct dentry *dir;

static int test_show(struct seq_file *m, void *unused)
{
	const struct test_file *f = m->private;

	mutex_lock(&test_lock);
	f->show(m);
	mutex_unlock(&test_lock);
	return 0;
}

static int test_open(struct inode *inode, struct file *file)
{
	return single_open(file, test_show, inode->i_private);
}

static ssize_t test_write(struct file *file, const char __user *buf,
			  size_t len, loff_t *pos)
{
	const struct test_file *f = file_inode(file)->i_private;
	char *line;
	int ret;

	if (!f->write)
		return -EINVAL;
	if (len > LINE_MAX)
		return -E2BIG;
	line = memdup_user_nul(buf, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	mutex_lock(&test_lock);
	ret = f->write(strim(line));
	mutex_unlock(&test_lock);
	kfree(line);
	return ret ?: len;
}

static const struct file_operations test_fops = {
	.owner = THIS_MODULE,
	.open = test_open,
	.read = seq_read,
	.write = test_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int __init test_init(void)
{
	unsigned int i;

	dir = debugfs_create_dir("tdx_test", NULL);
	for (i = 0; i < ARRAY_SIZE(files); i++)
		debugfs_create_file(files[i]->name, files[i]->write ? 0600 :
				    0400, dir, (void *)files[i], &test_fops);
	return 0;
}
module_init(test_init);

static void __exit test_exit(void)
{
	debugfs_remove_recursive(dir);
}
module_exit(test_exit);

MODULE_DESCRIPTION("Uses what tdx_host exports (testing)");
MODULE_LICENSE("GPL");
/* MODULE_IMPORT_NS() takes a name before 6.13 and a string after. */
MODULE_INFO(import_ns, "TDX_HOST");
