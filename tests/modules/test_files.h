/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scenario reads and writes: a directory of debugfs, a file a subject.
 * Writing a line does something, reading gives what came of it.
 *
 * For one source file of a module: what is here belongs to that module.
 */
#ifndef TDX_TEST_FILES_H
#define TDX_TEST_FILES_H

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "test.h"

#define TEST_LINE_MAX	1024

static DEFINE_MUTEX(test_lock);
static struct dentry *test_dir;

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
	if (len > TEST_LINE_MAX)
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

static void test_files_add(const char *name,
			   const struct test_file *const *files,
			   unsigned int nr)
{
	unsigned int i;

	test_dir = debugfs_create_dir(name, NULL);
	for (i = 0; i < nr; i++)
		debugfs_create_file(files[i]->name, files[i]->write ? 0600 :
				    0400, test_dir, (void *)files[i],
				    &test_fops);
}

static void test_files_remove(void)
{
	debugfs_remove_recursive(test_dir);
}

#endif /* TDX_TEST_FILES_H */
