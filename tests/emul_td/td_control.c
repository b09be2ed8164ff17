// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/tdx_emul_td: control, last, vmm, stats.
 *
 *	vmm REG=VALUE...		the VMM's answer from now on
 *	answer LEAF STATUS [REG=VALUE]...	the next call of LEAF gets just
 *					this, and its other registers stay
 *	page GPA LEVEL mapped|pending|free
 *	busy sept|rtmr COUNT		so many calls find it locked
 *	ve CPU REASON QUALIFICATION GLA GPA INSTRUCTION
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "td.h"

#define CONTROL_MAX	1024

static const char *const reg_names[TD_NR_REGS] = {
	"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9",
	"r10", "r11", "r12", "r13", "r14", "r15",
};

static const char *const leaf_names[TD_MAX_LEAF] = {
#define TDX_GUEST_LEAF(name, number, text) [number] = text,
#include <tdx/guest_leaves.def>
};

/* One answer that a test wants, once. */
static struct {
	bool armed;
	u16 leaf;
	u16 set;		/* a bit a register */
	struct td_regs regs;
} answer;

static struct dentry *dir;

bool td_control_answer(u16 leaf, struct td_regs *r)
{
	unsigned int i;

	if (!answer.armed || answer.leaf != leaf)
		return false;
	answer.armed = false;
	for (i = 0; i < TD_NR_REGS; i++)
		if (answer.set & BIT(i))
			r->reg[i] = answer.regs.reg[i];
	return true;
}

static int next_u64(char **rest, u64 *value)
{
	char *word = strsep(rest, " ");

	return word ? kstrtou64(word, 0, value) : -EINVAL;
}

/* REG=VALUE...; RSP is nobody's. */
static int parse_regs(char *rest, struct td_regs *r, u16 *set)
{
	char *word, *name;
	int i, ret = 0;

	while (!ret && (word = strsep(&rest, " "))) {
		name = strsep(&word, "=");
		i = match_string(reg_names, TD_NR_REGS, name);
		if (i < 0 || i == TD_RSP || !word)
			return -EINVAL;
		ret = kstrtou64(word, 0, &r->reg[i]);
		*set |= BIT(i);
	}
	return ret;
}

static int do_vmm(char *rest)
{
	struct td_regs r = { };
	u16 set = 0;
	unsigned int i;
	int ret = parse_regs(rest, &r, &set);

	if (ret)
		return ret;
	raw_spin_lock_irq(&td.lock);
	td_vmm_reset();
	for (i = 0; i < TD_NR_REGS; i++)
		if (set & BIT(i))
			td.vmm_answer.reg[i] = r.reg[i];
	raw_spin_unlock_irq(&td.lock);
	return 0;
}

static int do_answer(char *rest)
{
	struct td_regs r = { };
	u64 leaf, status;
	u16 set = BIT(TD_RAX);
	int ret;

	if (next_u64(&rest, &leaf) || leaf > U16_MAX ||
	    next_u64(&rest, &status))
		return -EINVAL;
	ret = parse_regs(rest, &r, &set);
	if (ret)
		return ret;
	r.reg[TD_RAX] = status;
	raw_spin_lock_irq(&td.lock);
	answer.leaf = leaf;
	answer.set = set;
	answer.regs = r;
	answer.armed = true;
	raw_spin_unlock_irq(&td.lock);
	return 0;
}

static int do_page(char *rest)
{
	static const char *const states[] = {
		[TD_PAGE_MAPPED] = "mapped",
		[TD_PAGE_PENDING] = "pending",
		[TD_PAGE_FREE] = "free",
	};
	u64 gpa, level;
	int state, ret;

	if (next_u64(&rest, &gpa) || next_u64(&rest, &level) || level > 1 ||
	    !rest)
		return -EINVAL;
	state = match_string(states, ARRAY_SIZE(states), rest);
	if (state < 0)
		return -EINVAL;
	raw_spin_lock_irq(&td.lock);
	ret = td_page_set(gpa, level, state);
	raw_spin_unlock_irq(&td.lock);
	return ret;
}

static int do_busy(char *rest)
{
	const char *what = strsep(&rest, " ");
	u64 count, *lock;

	if (!strcmp(what, "sept"))
		lock = &td.busy_sept;
	else if (!strcmp(what, "rtmr"))
		lock = &td.busy_rtmr;
	else
		return -EINVAL;
	if (next_u64(&rest, &count))
		return -EINVAL;
	raw_spin_lock_irq(&td.lock);
	*lock = count;
	raw_spin_unlock_irq(&td.lock);
	return 0;
}

static int do_ve(char *rest)
{
	struct td_vcpu v = { .ve_valid = true };
	unsigned int i;
	u64 cpu;

	if (next_u64(&rest, &cpu) || cpu >= nr_cpu_ids)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(v.ve); i++)
		if (next_u64(&rest, &v.ve[i]))
			return -EINVAL;
	raw_spin_lock_irq(&td.lock);
	td.vcpu[cpu].ve_valid = true;
	memcpy(td.vcpu[cpu].ve, v.ve, sizeof(v.ve));
	raw_spin_unlock_irq(&td.lock);
	return 0;
}

static int control_line(char *line)
{
	static const struct {
		const char *word;
		int (*act)(char *rest);
	} words[] = {
		{ "vmm", do_vmm }, { "answer", do_answer },
		{ "page", do_page }, { "busy", do_busy }, { "ve", do_ve },
	};
	const char *word = strsep(&line, " ");
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(word, words[i].word))
			return line || !i ? words[i].act(line) : -EINVAL;
	pr_err("control: there is no '%s'\n", word);
	return -EINVAL;
}

static ssize_t control_write(struct file *file, const char __user *buf,
			     size_t len, loff_t *pos)
{
	char *line;
	int ret;

	if (len >= CONTROL_MAX)
		return -E2BIG;
	line = memdup_user_nul(buf, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	ret = control_line(strim(line));
	kfree(line);
	return ret ?: len;
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = control_write,
};

static void show_regs_of(struct seq_file *m, const char *prefix,
			 const struct td_regs *from)
{
	struct td_regs r;
	unsigned int i;

	raw_spin_lock_irq(&td.lock);
	r = *from;
	raw_spin_unlock_irq(&td.lock);
	for (i = 0; i < TD_NR_REGS; i++)
		if (i != TD_RSP)
			seq_printf(m, "%s%s 0x%016llx\n", prefix, reg_names[i],
				   r.reg[i]);
}

static int last_show(struct seq_file *m, void *unused)
{
	show_regs_of(m, "in ", &td.last_in);
	show_regs_of(m, "out ", &td.last_out);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(last);

static int vmm_show(struct seq_file *m, void *unused)
{
	show_regs_of(m, "", &td.vmm_saw);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(vmm);

static int stats_show(struct seq_file *m, void *unused)
{
	unsigned int i;
	u64 calls = td.unknown;

	for (i = 0; i < TD_MAX_LEAF; i++) {
		calls += td.calls[i];
		if (td.calls[i])
			seq_printf(m, "%s %llu\n",
				   leaf_names[i] ?: "unknown", td.calls[i]);
	}
	seq_printf(m, "calls %llu\n", calls);
	seq_printf(m, "refused %llu\n", td.refused);
	seq_printf(m, "ept_violations %llu\n", td.ept_violations);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

int td_control_init(void)
{
	dir = debugfs_create_dir("tdx_emul_td", NULL);
	debugfs_create_file("control", 0200, dir, NULL, &control_fops);
	debugfs_create_file("last", 0400, dir, NULL, &last_fops);
	debugfs_create_file("vmm", 0400, dir, NULL, &vmm_fops);
	debugfs_create_file("stats", 0400, dir, NULL, &stats_fops);
	return 0;
}

void td_control_exit(void)
{
	debugfs_remove_recursive(dir);
}
