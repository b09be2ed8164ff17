// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages for guests that the CPU runs: VMCSs, EPT tables, and above all the
 * memory of the guests as they have it.  A SEAMCALL cannot wait for memory, so
 * that all of them are there before.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "emul.h"
#include "engine.h"

/* A page that is free, in its first bytes. */
struct free_page {
	struct free_page *next;
};

static DEFINE_RAW_SPINLOCK(pool_lock);
static struct free_page *pool;
static unsigned long pool_pages, pool_used;

u64 emul_pool_get(void)
{
	struct free_page *p;
	unsigned long flags;

	raw_spin_lock_irqsave(&pool_lock, flags);
	p = pool;
	if (p) {
		pool = p->next;
		pool_used++;
	}
	raw_spin_unlock_irqrestore(&pool_lock, flags);
	if (p)
		return virt_to_phys(p);
	pr_err_ratelimited("guests have all of their memory, %lu MiB: load with a larger guest_mem=\n",
			   pool_pages / (SZ_1M / PAGE_SIZE));
	return 0;
}

u64 emul_pool_get_zeroed(void)
{
	u64 pa = emul_pool_get();

	if (pa)
		memset(phys_to_virt(pa), 0, PAGE_SIZE);
	return pa;
}

void emul_pool_put(u64 pa)
{
	struct free_page *p = phys_to_virt(pa);
	unsigned long flags;

	raw_spin_lock_irqsave(&pool_lock, flags);
	p->next = pool;
	pool = p;
	pool_used--;
	raw_spin_unlock_irqrestore(&pool_lock, flags);
}

unsigned long emul_pool_used(void)
{
	return READ_ONCE(pool_used);
}

int emul_pool_init(unsigned int mib)
{
	unsigned long n = (unsigned long)mib * (SZ_1M / PAGE_SIZE);

	for (; pool_pages < n; pool_pages++) {
		struct free_page *p = (void *)__get_free_page(GFP_KERNEL);

		if (!p) {
			emul_pool_exit();
			return -ENOMEM;
		}
		p->next = pool;
		pool = p;
	}
	return 0;
}

void emul_pool_exit(void)
{
	struct free_page *p;

	while ((p = pool)) {
		pool = p->next;
		free_page((unsigned long)p);
	}
	pool_pages = 0;
}
