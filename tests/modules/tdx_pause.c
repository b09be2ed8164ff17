// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_pause: stops tdx_host at the entry of a function, asleep, until it is
 * told to go on: what happens between two steps can be made to happen.  In
 * /sys/kernel/debug/tdx_pause:
 *
 *	at	write the name of a function that is not static and takes no
 *		more than six integers or pointers: the next call of it stops.
 *		Reads as the function where somebody is stopped; empty if
 *		nobody is.
 *	go	write anything: whoever is stopped goes on
 *
 * To be loaded after tdx_host; one function and one caller at a time.
 */
#include <linux/completion.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "test.h"
#include "test_files.h"

#define PRODUCT	"tdx_host"

typedef unsigned long (*function)(unsigned long a, unsigned long b,
				  unsigned long c, unsigned long d,
				  unsigned long e, unsigned long f);

static char symbol[80];
static struct kprobe probe;
static bool placed;

/* FREE: calls pass; ARMED: the next one stops; TAKEN: somebody is stopped. */
enum { FREE, ARMED, TAKEN };
static atomic_t state;
static function original;
static DECLARE_COMPLETION(go_on);
static DECLARE_WAIT_QUEUE_HEAD(gone);
static atomic_t inside;

/*
 * Called in the place of the function: a probe must not sleep.  The call from
 * here meets the probe again, which is not armed any more.
 */
static unsigned long stop(unsigned long a, unsigned long b, unsigned long c,
			  unsigned long d, unsigned long e, unsigned long f)
{
	function call = original;

	wait_for_completion(&go_on);
	atomic_set(&state, FREE);
	a = call(a, b, c, d, e, f);
	if (atomic_dec_and_test(&inside))
		wake_up(&gone);
	return a;
}

static int on_entry(struct kprobe *kp, struct pt_regs *regs)
{
	if (atomic_cmpxchg(&state, ARMED, TAKEN) != ARMED)
		return 0;
	atomic_inc(&inside);
	original = (function)kp->addr;
	regs->ip = (unsigned long)stop;
	return 1;
}
NOKPROBE_SYMBOL(on_entry);

/* A probe that has one is left alone by the optimiser, which keeps to IP. */
static void after_entry(struct kprobe *kp, struct pt_regs *regs,
			unsigned long flags)
{
}
NOKPROBE_SYMBOL(after_entry);

static int at_write(char *name)
{
	int ret;

	if (atomic_read(&state) == TAKEN)
		return -EBUSY;
	atomic_set(&state, FREE);
	if (placed)
		unregister_kprobe(&probe);
	placed = false;
	snprintf(symbol, sizeof(symbol), PRODUCT ":%s", name);
	probe = (struct kprobe) {
		.symbol_name = symbol,
		.pre_handler = on_entry,
		.post_handler = after_entry,
	};
	ret = register_kprobe(&probe);
	if (ret)
		return ret;
	placed = true;
	reinit_completion(&go_on);
	atomic_set(&state, ARMED);
	return 0;
}

static void at_show(struct seq_file *m)
{
	if (atomic_read(&state) == TAKEN)
		seq_printf(m, "%s\n", strchr(symbol, ':') + 1);
}

static int go_write(char *unused)
{
	complete_all(&go_on);
	return 0;
}

static void go_show(struct seq_file *m)
{
}

static const struct test_file *const files[] = {
	&(const struct test_file){ "at", at_write, at_show },
	&(const struct test_file){ "go", go_write, go_show },
};

static int __init pause_init(void)
{
	test_files_add("tdx_pause", files, ARRAY_SIZE(files));
	return 0;
}
module_init(pause_init);

static void __exit pause_exit(void)
{
	test_files_remove();
	if (placed)
		unregister_kprobe(&probe);
	complete_all(&go_on);
	wait_event(gone, !atomic_read(&inside));
}
module_exit(pause_exit);

MODULE_DESCRIPTION("Stops tdx_host between two steps (testing)");
MODULE_LICENSE("GPL");
