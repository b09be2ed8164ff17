// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_starve: lets allocations of tdx_host fail, and counts what it has not
 * given back.  To be loaded before tdx_host.
 *
 * Stock kernels have no failslab.  Every function that hands out memory, and
 * that a module can call, gets a probe at its entry; where the return address
 * is in the text of tdx_host, the call is counted and, when its turn has come,
 * returns at once as if there were none.
 *
 * /sys/kernel/debug/tdx_starve:
 *	fail	write N: the Nth allocation from now on fails, or N-: the Nth
 *		and all that follow; the beginning of names: all calls of
 *		these functions; 0: none.  Reads as "seen COUNT" and, once one
 *		has failed, "failed FUNCTION CALLER".
 *	held	what was allocated and not freed: "FUNCTION VALUE CALLER"
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/minmax.h>
#include <linux/notifier.h>
#include <linux/ptrace.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/version.h>

#include "test.h"
#include "test_files.h"

#define PRODUCT	"tdx_host"

/*
 * What tells one allocation from others: the value that the function returns,
 * its first argument, or what that points to.  NOTHING: it is not a thing that
 * has to be given back.
 */
enum told_by { RESULT, ARGUMENT, POINTED_TO, NOTHING };

/* How a function says that there is no memory. */
enum answer { SAYS_NULL, SAYS_ENOMEM };

struct source {
	const char *name;
	enum answer answer;
	enum told_by key;
};

/* Those that the running kernel does not have are left out. */
static const struct source sources[] = {
	{ "__kmalloc", SAYS_NULL, RESULT },
	{ "__kmalloc_noprof", SAYS_NULL, RESULT },
	{ "__kmalloc_node", SAYS_NULL, RESULT },
	{ "__kmalloc_node_noprof", SAYS_NULL, RESULT },
	{ "kmalloc_trace", SAYS_NULL, RESULT },
	{ "kmalloc_trace_noprof", SAYS_NULL, RESULT },
	{ "__kmalloc_cache_noprof", SAYS_NULL, RESULT },
	{ "kmem_cache_alloc_trace", SAYS_NULL, RESULT },
	{ "kvmalloc_node", SAYS_NULL, RESULT },
	{ "__kvmalloc_node_noprof", SAYS_NULL, RESULT },
	{ "kvmalloc_node_noprof", SAYS_NULL, RESULT },
	{ "bitmap_zalloc", SAYS_NULL, RESULT },
	{ "__alloc_pages", SAYS_NULL, RESULT },
	{ "__alloc_pages_noprof", SAYS_NULL, RESULT },
	{ "__alloc_pages_nodemask", SAYS_NULL, RESULT },
	{ "alloc_pages_exact", SAYS_NULL, RESULT },
	{ "alloc_pages_exact_noprof", SAYS_NULL, RESULT },
	{ "alloc_contig_range", SAYS_ENOMEM, ARGUMENT },
	{ "alloc_contig_range_noprof", SAYS_ENOMEM, ARGUMENT },
	{ "alloc_cpumask_var_node", SAYS_NULL, POINTED_TO },
	{ "zalloc_cpumask_var_node", SAYS_NULL, POINTED_TO },
	{ "zalloc_cpumask_var", SAYS_NULL, POINTED_TO },
	{ "alloc_cpumask_var", SAYS_NULL, POINTED_TO },
	{ "__alloc_percpu_gfp", SAYS_NULL, RESULT },
	{ "pcpu_alloc_noprof", SAYS_NULL, RESULT },
	{ "kthread_create_on_node", SAYS_ENOMEM, NOTHING },
	{ "platform_device_alloc", SAYS_NULL, NOTHING },
	{ "platform_device_add", SAYS_ENOMEM, NOTHING },
	{ "__cpuhp_setup_state", SAYS_ENOMEM, NOTHING },
};

/* Each is told its allocation in its first argument. */
static const char *const sinks[] = {
	"kfree", "kvfree", "bitmap_free", "__free_pages", "free_pages_exact",
	"free_contig_range", "free_cpumask_var", "free_percpu",
};

static struct kprobe anchors[ARRAY_SIZE(sources)];
static struct kprobe entries[ARRAY_SIZE(sources)];
static struct kretprobe exits[ARRAY_SIZE(sources)];
static struct kprobe frees[ARRAY_SIZE(sinks)];

static struct module *product;

/*
 * What is held.  Who frees it is not looked at: a free at the end of a function
 * is a jump, and seems to come from somewhere else.
 */
static DEFINE_RAW_SPINLOCK(held_lock);
static struct held {
	unsigned long value;		/* 0: unused */
	unsigned long caller;
	const struct source *source;
} held[256];
static unsigned int held_end;		/* none is used from here on */
static bool held_overflow;

/* Written under the lock of test_files.h; the handlers only use atomics. */
static atomic_t seen;
static unsigned int turn;	/* 0: none */
static bool and_all_after;
static bool always[ARRAY_SIZE(sources)];
static unsigned long failed_caller;
static const char *failed_name;

static bool from_product(const struct pt_regs *regs, unsigned long *caller)
{
	struct module *mod = READ_ONCE(product);

	*caller = *(unsigned long *)regs->sp;
	return mod && within_module(*caller, mod);
}

static bool its_turn(const struct source *s)
{
	unsigned int n = atomic_inc_return(&seen);
	unsigned int t = READ_ONCE(turn);

	if (READ_ONCE(always[s - sources]))
		return true;
	return t && (n == t || (n > t && READ_ONCE(and_all_after)));
}

/*
 * Where a function goes on that is to return at once (starve_return.S).  Taking
 * the return address off the stack here would not do: a probe that ftrace
 * placed cannot change the stack pointer.
 */
void starve_return(void);

/* As if there were no memory. */
static int on_entry(struct kprobe *kp, struct pt_regs *regs)
{
	const struct source *s = &sources[kp - entries];
	unsigned long caller;

	if (!from_product(regs, &caller) || !its_turn(s))
		return 0;
	WRITE_ONCE(failed_caller, caller);
	WRITE_ONCE(failed_name, s->name);
	regs->ax = s->answer == SAYS_ENOMEM ? -ENOMEM : 0;
	regs->ip = (unsigned long)starve_return;
	return 1;
}
NOKPROBE_SYMBOL(on_entry);

/* A probe that has one is left alone by the optimiser, which keeps to IP. */
static void after_entry(struct kprobe *kp, struct pt_regs *regs,
			unsigned long flags)
{
}
NOKPROBE_SYMBOL(after_entry);

/* What on_exit() has to know of a call. */
struct call {
	unsigned long argument;
	unsigned long caller;
};

static int note_call(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct call *call = (void *)ri->data;

	call->argument = regs->di;
	return from_product(regs, &call->caller) ? 0 : 1;
}
NOKPROBE_SYMBOL(note_call);

/*
 * A probe by INT3 runs as an NMI does for lockdep, where only trying is
 * allowed; nothing that is probed is called with the lock held.
 */
static unsigned long lock_held(void)
	__acquires(&held_lock)
{
	unsigned long flags;

	while (!raw_spin_trylock_irqsave(&held_lock, flags))
		cpu_relax();
	return flags;
}
NOKPROBE_SYMBOL(lock_held);

static void hold(const struct source *s, unsigned long value,
		 unsigned long caller)
{
	unsigned long flags = lock_held();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(held) && held[i].value; i++)
		;
	if (i < ARRAY_SIZE(held)) {
		held[i] = (struct held) { value, caller, s };
		WRITE_ONCE(held_end, max(held_end, i + 1));
	} else {
		held_overflow = true;
	}
	raw_spin_unlock_irqrestore(&held_lock, flags);
}
NOKPROBE_SYMBOL(hold);

static struct kretprobe *probe_of(struct kretprobe_instance *ri)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0)
	return get_kretprobe(ri);
#else
	return ri->rp;
#endif
}
NOKPROBE_SYMBOL(probe_of);

static int on_exit(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct kretprobe *rp = probe_of(ri);
	const struct call *call = (void *)ri->data;
	const struct source *s;

	if (!rp)
		return 0;
	s = &sources[rp - exits];
	switch (s->key) {
	case RESULT:
		if (regs->ax)
			hold(s, regs->ax, call->caller);
		break;
	case ARGUMENT:
		if (!(int)regs->ax)
			hold(s, call->argument, call->caller);
		break;
	case POINTED_TO:
		if (regs->ax & 1)
			hold(s, *(unsigned long *)call->argument,
			     call->caller);
		break;
	case NOTHING:
		break;
	}
	return 0;
}
NOKPROBE_SYMBOL(on_exit);

static int on_free(struct kprobe *kp, struct pt_regs *regs)
{
	unsigned int i, end = READ_ONCE(held_end);
	unsigned long flags;

	for (i = 0; i < end; i++)
		if (READ_ONCE(held[i].value) == regs->di)
			break;
	if (i == end || !regs->di)
		return 0;
	flags = lock_held();
	if (held[i].value == regs->di)
		held[i].value = 0;
	raw_spin_unlock_irqrestore(&held_lock, flags);
	return 0;
}
NOKPROBE_SYMBOL(on_free);

static void remove_probes(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		if (entries[i].addr)
			unregister_kprobe(&entries[i]);
		if (exits[i].kp.addr)
			unregister_kretprobe(&exits[i]);
		if (anchors[i].addr)
			unregister_kprobe(&anchors[i]);
	}
	for (i = 0; i < ARRAY_SIZE(frees); i++)
		if (frees[i].addr)
			unregister_kprobe(&frees[i]);
}

/* -ENOENT: this kernel has no such function. */
static int absent_ok(int ret, struct kprobe *kp, const char *name)
{
	if (!ret)
		return 0;
	kp->addr = NULL;
	if (ret == -ENOENT)
		return 0;
	pr_err("tdx_starve: no probe at %s (error %d)\n", name, ret);
	return ret;
}

/*
 * Of two probes at an address the one that came later runs first: a call that
 * fails at its entry has no exit.
 *
 * Where ftrace places probes it is asked to take them away as it was not asked
 * to place them, if the first at an address had no post_handler and another has
 * (kernel/kprobes.c: __disarm_kprobe_ftrace()).  The anchor has one.
 */
static int place_probes(void)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(sources) && !ret; i++) {
		anchors[i].symbol_name = sources[i].name;
		anchors[i].post_handler = after_entry;
		ret = absent_ok(register_kprobe(&anchors[i]), &anchors[i],
				sources[i].name);
		if (ret)
			break;
		exits[i].kp.symbol_name = sources[i].name;
		exits[i].entry_handler = note_call;
		exits[i].handler = on_exit;
		exits[i].data_size = sizeof(struct call);
		exits[i].maxactive = 64;
		if (sources[i].key != NOTHING)
			ret = absent_ok(register_kretprobe(&exits[i]),
					&exits[i].kp, sources[i].name);
		if (ret)
			break;
		entries[i].symbol_name = sources[i].name;
		entries[i].pre_handler = on_entry;
		entries[i].post_handler = after_entry;
		ret = absent_ok(register_kprobe(&entries[i]), &entries[i],
				sources[i].name);
	}
	for (i = 0; i < ARRAY_SIZE(sinks) && !ret; i++) {
		frees[i].symbol_name = sinks[i];
		frees[i].pre_handler = on_free;
		ret = absent_ok(register_kprobe(&frees[i]), &frees[i],
				sinks[i]);
	}
	if (ret)
		remove_probes();
	return ret;
}

static int on_module(struct notifier_block *nb, unsigned long event, void *data)
{
	struct module *mod = data;

	if (strcmp(mod->name, PRODUCT))
		return NOTIFY_OK;
	if (event == MODULE_STATE_COMING)
		WRITE_ONCE(product, mod);
	else if (event == MODULE_STATE_GOING)
		WRITE_ONCE(product, NULL);
	return NOTIFY_OK;
}

static struct notifier_block module_nb = { .notifier_call = on_module };

static void fail_show(struct seq_file *m)
{
	seq_printf(m, "seen %d\n", atomic_read(&seen));
	if (failed_name)
		seq_printf(m, "failed %s %pS\n", failed_name,
			   (void *)failed_caller);
}

/* Newer kernels put the line between two functions elsewhere, and add _noprof. */
static bool is_called(unsigned int i, const char *prefix)
{
	return entries[i].addr &&
	       !strncmp(sources[i].name, prefix, strlen(prefix));
}

static bool any_is_called(const char *prefix)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sources); i++)
		if (is_called(i, prefix))
			return true;
	return false;
}

static int fail_write(char *line)
{
	size_t len = strlen(line);
	bool after = len && line[len - 1] == '-';
	const char *prefix = NULL;
	unsigned int n = 0, i;

	if (after)
		line[len - 1] = '\0';
	if (kstrtouint(line, 0, &n)) {
		prefix = line;
		if (!*line || after || !any_is_called(prefix))
			return -EINVAL;
	}
	WRITE_ONCE(turn, 0);
	atomic_set(&seen, 0);
	failed_name = NULL;
	WRITE_ONCE(and_all_after, after);
	for (i = 0; i < ARRAY_SIZE(sources); i++)
		WRITE_ONCE(always[i], prefix && is_called(i, prefix));
	WRITE_ONCE(turn, n);
	return 0;
}

static const struct test_file fail_file = {
	.name = "fail",
	.write = fail_write,
	.show = fail_show,
};

static void held_show(struct seq_file *m)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(held); i++)
		if (held[i].value)
			seq_printf(m, "%s %lx %pS\n", held[i].source->name,
				   held[i].value, (void *)held[i].caller);
	if (held_overflow)
		seq_puts(m, "and more than fits here\n");
}

static const struct test_file held_file = {
	.name = "held",
	.show = held_show,
};

static const struct test_file *const files[] = { &fail_file, &held_file };

static int __init starve_init(void)
{
	int ret = place_probes();

	if (ret)
		return ret;
	ret = register_module_notifier(&module_nb);
	if (ret) {
		remove_probes();
		return ret;
	}
	test_files_add("tdx_starve", files, ARRAY_SIZE(files));
	return 0;
}
module_init(starve_init);

static void __exit starve_exit(void)
{
	test_files_remove();
	unregister_module_notifier(&module_nb);
	remove_probes();
}
module_exit(starve_exit);

MODULE_DESCRIPTION("Lets allocations of tdx_host fail (testing)");
MODULE_LICENSE("GPL");
