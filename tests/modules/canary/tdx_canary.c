// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does, when loaded, one thing wrong: the one that fault= names.  Where a
 * debugging kernel reports nothing for tdx_host, this tells whether it would
 * have.
 */
#include <linux/compiler.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#define LEAKS	16

static char *fault = "";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "use-after-free, leak, lock-inversion, atomic-sleep, wrong-context, shift, unchecked-allocation or data-race");

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spin);

/* What the compiler must not see through. */
static volatile int width = 40;
static volatile int sink;
static int raced;

static int use_after_free(void)
{
	int *p = kmalloc(sizeof(*p), GFP_KERNEL);
	int *volatile stale = p;

	if (!p)
		return -ENOMEM;
	kfree(p);
	sink = READ_ONCE(*stale);
	return 0;
}

/*
 * Several, for a stale copy of a pointer on some stack would save one; not
 * inlined, for the same reason.
 */
static noinline int leak(void)
{
	int i;

	for (i = 0; i < LEAKS; i++) {
		char *volatile p = kmalloc(100, GFP_KERNEL);

		if (!p)
			return -ENOMEM;
		p[0] = 1;
	}
	return 0;
}

static int lock_inversion(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);

	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
	return 0;
}

/* Memory is there, so that it does not really sleep: only it could. */
static int atomic_sleep(void)
{
	void *p;

	spin_lock(&spin);
	p = kmalloc(100, GFP_KERNEL);
	spin_unlock(&spin);
	kfree(p);
	return p ? 0 : -ENOMEM;
}

int tdx_host_keyid_alloc(void);

/* What its header says that sleeps, under a spinlock. */
static int wrong_context(void)
{
	typeof(&tdx_host_keyid_alloc) alloc = symbol_get(tdx_host_keyid_alloc);

	if (!alloc)
		return -ENOENT;
	spin_lock(&spin);
	alloc();
	spin_unlock(&spin);
	symbol_put(tdx_host_keyid_alloc);
	return 0;
}

static int shift(void)
{
	sink = 1 << width;
	return 0;
}

/* Right as long as there is memory. */
static int unchecked_allocation(void)
{
	int *p = kmalloc(sizeof(*p), GFP_KERNEL);

	WRITE_ONCE(*p, 1);
	kfree(p);
	return 0;
}

static int racer(void *unused)
{
	while (!kthread_should_stop()) {
		int i;

		for (i = 0; i < 10000; i++) {
			raced++;
			barrier();
		}
		cond_resched();
	}
	return 0;
}

static int racing(void)
{
	struct task_struct *other = kthread_run(racer, NULL, "canary");
	int i;

	if (IS_ERR(other))
		return PTR_ERR(other);
	for (i = 0; i < 300; i++) {
		int j;

		for (j = 0; j < 10000; j++) {
			raced++;
			barrier();
		}
		usleep_range(1000, 2000);
	}
	return kthread_stop(other);
}

static const struct {
	const char *name;
	int (*commit)(void);
} faults[] = {
	{ "use-after-free", use_after_free },
	{ "leak", leak },
	{ "lock-inversion", lock_inversion },
	{ "atomic-sleep", atomic_sleep },
	{ "wrong-context", wrong_context },
	{ "shift", shift },
	{ "unchecked-allocation", unchecked_allocation },
	{ "data-race", racing },
};

static int __init canary_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (!strcmp(fault, faults[i].name))
			return faults[i].commit();
	pr_err("tdx_canary: no fault '%s': fault= names one of those that 'modinfo -p tdx_canary' lists\n",
	       fault);
	return -EINVAL;
}

static void __exit canary_exit(void)
{
}

module_init(canary_init);
module_exit(canary_exit);
MODULE_DESCRIPTION("Does one thing wrong, for a debugging kernel to notice");
MODULE_LICENSE("GPL");
