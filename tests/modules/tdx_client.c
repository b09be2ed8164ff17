// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_client: what a VMM asks of tdx_host beside SEAMCALLs: KeyIDs, news, and
 * that every CPU can be used.  In /sys/kernel/debug/tdx_client:
 *
 *	keyids	"alloc" takes one, a number gives that one back; lists what
 *		is held
 *	events	the news so far, a line each, "cpu-not-ready CPU ready-there"
 *	all	1 insists on all CPUs, 0 does so no more
 *	ram	the same, on TDX memory as the only RAM
 *	limits	how many KeyIDs and VCPUs a VMM can have, and whether all RAM
 *		is TDX memory
 *	range	"FROM TO" asks whether a TD can have that memory; 1 if so
 *	hammer	N threads make SEAMCALLs, pinned in turn to the CPUs that are
 *		online, until the machine ends: they do not heed the news.
 *		Lists how many calls ended with which status.
 *
 * On reboot and kexec, after tdx_host, it makes one more SEAMCALL in each way
 * that there is, and has tdx_recorder say which errors these ended with: "say
 * late CALL THIN RET SAVED", by tdx_host_call() and the three trampolines.
 *
 * With hammer each of these CPUs must be in VMX operation.
 *
 * With forget=1 it does not give its KeyIDs back when it is unloaded.
 */
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include <tdx_host/error.h>
#include <tdx_host/keyid.h>
#include <tdx/leaf.h>
#include <tdx_host/cpu.h>
#include <tdx_host/notify.h>
#include <tdx_host/phymem.h>
#include <tdx_host/seamcall.h>
#include <tdx_host/sysinfo.h>

#include "test_files.h"

#define MAX_KEYIDS	256
#define MAX_EVENTS	64
#define MAX_THREADS	16
#define MAX_STATUSES	8

static bool forget;
module_param(forget, bool, 0444);
MODULE_PARM_DESC(forget, "keep KeyIDs when the module is unloaded (0)");

/* What the files do, one at a time. */
static int keyid[MAX_KEYIDS];
static unsigned int nr_keyids;
static bool insists, insists_ram, range_is_tdx;
static struct task_struct *thread[MAX_THREADS];
static unsigned int nr_threads;

/* The news may come while a file is written. */
static DEFINE_MUTEX(event_lock);
static char event[MAX_EVENTS][40];
static unsigned int nr_events;

static DEFINE_SPINLOCK(status_lock);
static struct {
	u64 status;
	u64 count;
} statuses[MAX_STATUSES];

static int on_event(struct notifier_block *nb, unsigned long what, void *data)
{
	unsigned int cpu = (unsigned long)data;

	mutex_lock(&event_lock);
	if (nr_events < MAX_EVENTS) {
		char *e = event[nr_events++];

		switch (what) {
		case TDX_HOST_EVENT_READY:
			snprintf(e, sizeof(event[0]), "ready");
			break;
		case TDX_HOST_EVENT_GOING_DOWN:
			snprintf(e, sizeof(event[0]), "going-down");
			break;
		case TDX_HOST_EVENT_CPU_NOT_READY:
			snprintf(e, sizeof(event[0]), "cpu-not-ready %u %d",
				 cpu, tdx_host_cpu_ready(cpu));
			break;
		default:
			snprintf(e, sizeof(event[0]), "unknown %lu", what);
		}
		pr_info("tdx_client: heard: %s\n", e);
	}
	mutex_unlock(&event_lock);
	return NOTIFY_OK;
}

static struct notifier_block nb = { .notifier_call = on_event };

/* tdx_recorder's, which is not there in every machine. */
void tdx_recorder_say(const char *text);

/* One SEAMCALL by each of the trampolines, into @status. */
static void call_trampolines(u64 status[3])
{
	struct tdx_regs args = { .rdx = ~0ULL };
	unsigned long flags;

	local_irq_save(flags);
	status[0] = tdx_host_seamcall(TDH_SYS_RD, 0, ~0ULL, 0, 0);
	status[1] = tdx_host_seamcall_ret(TDH_SYS_RD, &args);
	args = (struct tdx_regs) { .rdx = ~0ULL };
	status[2] = tdx_host_seamcall_saved_ret(TDH_SYS_RD, &args);
	local_irq_restore(flags);
}

static int on_reboot(struct notifier_block *b, unsigned long what, void *unused)
{
	struct tdx_regs args = { .rdx = ~0ULL };
	typeof(&tdx_recorder_say) say = symbol_get(tdx_recorder_say);
	u64 raw[3];
	char text[48];
	int n;

	if (!say)
		return NOTIFY_OK;
	n = scnprintf(text, sizeof(text), "late %d",
		      tdx_host_status_errno(TDH_SYS_RD,
					    tdx_host_call(TDH_SYS_RD, &args,
							  true)));
	call_trampolines(raw);
	scnprintf(text + n, sizeof(text) - n, " %d %d %d",
		  tdx_host_status_errno(TDH_SYS_RD, raw[0]),
		  tdx_host_status_errno(TDH_SYS_RD, raw[1]),
		  tdx_host_status_errno(TDH_SYS_RD, raw[2]));
	say(text);
	symbol_put(tdx_recorder_say);
	return NOTIFY_OK;
}

/* Of those with the same priority the one that came last is the last. */
static struct notifier_block reboot_nb = {
	.notifier_call = on_reboot,
	.priority = INT_MIN,
};

static void count_status(u64 status)
{
	unsigned int i;

	spin_lock(&status_lock);
	for (i = 0; i < MAX_STATUSES; i++) {
		if (statuses[i].count && statuses[i].status != status)
			continue;
		statuses[i].status = status;
		statuses[i].count++;
		break;
	}
	spin_unlock(&status_lock);
}

static int hammer_thread(void *unused)
{
	while (!kthread_should_stop()) {
		struct tdx_regs args = { .rdx = ~0ULL };
		u64 status;

		local_irq_disable();
		status = tdx_host_seamcall_ret(TDH_SYS_RD, &args);
		local_irq_enable();
		count_status(status);
		cond_resched();
	}
	return 0;
}

static int hammer(unsigned int n)
{
	unsigned int i, cpu = cpumask_first(cpu_online_mask);

	if (nr_threads || n > MAX_THREADS)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		struct task_struct *t;

		t = kthread_create(hammer_thread, NULL, "tdx_hammer/%u", i);
		if (IS_ERR(t))
			return PTR_ERR(t);
		kthread_bind(t, cpu);
		cpu = cpumask_next(cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
		thread[nr_threads++] = t;
		wake_up_process(t);
	}
	return 0;
}

static int write_keyids(char *word)
{
	unsigned int i;
	int ret, id;

	if (!strcmp(word, "alloc")) {
		if (nr_keyids == MAX_KEYIDS)
			return -E2BIG;
		id = tdx_host_keyid_alloc();
		if (id < 0)
			return id;
		keyid[nr_keyids++] = id;
		return 0;
	}
	ret = kstrtoint(word, 0, &id);
	if (ret)
		return ret;
	ret = tdx_host_keyid_free(id);
	for (i = 0; !ret && i < nr_keyids; i++)
		if (keyid[i] == id)
			keyid[i] = keyid[--nr_keyids];
	return ret;
}

static int write_all(char *word)
{
	bool on;
	int ret = kstrtobool(word, &on);

	if (ret || on == insists)
		return ret;
	if (on)
		tdx_host_require_all_cpus();
	else
		tdx_host_release_all_cpus();
	insists = on;
	return 0;
}

static int write_ram(char *word)
{
	bool on;
	int ret = kstrtobool(word, &on);

	if (ret || on == insists_ram)
		return ret;
	if (on)
		tdx_host_require_all_ram();
	else
		tdx_host_release_all_ram();
	insists_ram = on;
	return 0;
}

static int write_range(char *line)
{
	u64 base, end;
	int ret = kstrtou64(strsep(&line, " "), 0, &base);

	if (ret || !line)
		return ret ?: -EINVAL;
	ret = kstrtou64(line, 0, &end);
	if (!ret)
		range_is_tdx = tdx_host_range_is_tdx(base, end);
	return ret;
}

static int write_hammer(char *word)
{
	unsigned int n;

	return kstrtouint(word, 0, &n) ?: hammer(n);
}

static void show_keyids(struct seq_file *m)
{
	unsigned int i;

	for (i = 0; i < nr_keyids; i++)
		seq_printf(m, "%d\n", keyid[i]);
}

static void show_events(struct seq_file *m)
{
	unsigned int i;

	mutex_lock(&event_lock);
	for (i = 0; i < nr_events; i++)
		seq_printf(m, "%s\n", event[i]);
	mutex_unlock(&event_lock);
}

static void show_all(struct seq_file *m)
{
	seq_printf(m, "%d\n", insists);
}

static void show_ram(struct seq_file *m)
{
	seq_printf(m, "%d\n", insists_ram);
}

static void show_range(struct seq_file *m)
{
	seq_printf(m, "%d\n", range_is_tdx);
}

static void show_hammer(struct seq_file *m)
{
	unsigned int i;

	spin_lock(&status_lock);
	for (i = 0; i < MAX_STATUSES && statuses[i].count; i++)
		seq_printf(m, "0x%016llx %llu\n", statuses[i].status,
			   statuses[i].count);
	spin_unlock(&status_lock);
}

static void show_limits(struct seq_file *m)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();
	u64 base, end;
	bool all = tdx_host_all_ram_is_tdx(&base, &end);

	seq_printf(m, "keyids %u\n", tdx_host_keyid_count());
	seq_printf(m, "vcpus %u\n", si ? si->max_vcpus_per_td : 0);
	seq_printf(m, "all_ram %d 0x%llx 0x%llx\n", all, base, end);
}

static const struct test_file *const files[] = {
	&(const struct test_file){ "limits", NULL, show_limits },
	&(const struct test_file){ "keyids", write_keyids, show_keyids },
	&(const struct test_file){ "events", NULL, show_events },
	&(const struct test_file){ "all", write_all, show_all },
	&(const struct test_file){ "ram", write_ram, show_ram },
	&(const struct test_file){ "range", write_range, show_range },
	&(const struct test_file){ "hammer", write_hammer, show_hammer },
};

static int __init client_init(void)
{
	int ret = tdx_host_register_notifier(&nb);

	if (ret)
		return ret;
	ret = register_reboot_notifier(&reboot_nb);
	if (ret) {
		tdx_host_unregister_notifier(&nb);
		return ret;
	}
	test_files_add("tdx_client", files, ARRAY_SIZE(files));
	return 0;
}
module_init(client_init);

static void __exit client_exit(void)
{
	test_files_remove();
	unregister_reboot_notifier(&reboot_nb);
	while (nr_threads)
		kthread_stop(thread[--nr_threads]);
	while (nr_keyids && !forget)
		tdx_host_keyid_free(keyid[--nr_keyids]);
	if (insists)
		tdx_host_release_all_cpus();
	if (insists_ram)
		tdx_host_release_all_ram();
	tdx_host_unregister_notifier(&nb);
}
module_exit(client_exit);

MODULE_DESCRIPTION("Uses KeyIDs and notifier of tdx_host (testing)");
MODULE_LICENSE("GPL");
/* MODULE_IMPORT_NS() takes a name before 6.13 and a string after. */
MODULE_INFO(import_ns, "TDX_HOST");
