// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the model needs from its surroundings: memory, time, noise; and the
 * memory map, which also gives the CMR table of this machine.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nmi.h>
#include <linux/notifier.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "emul.h"
#include "../model/env.h"

/* Ranges of System RAM, ascending; the direct map reaches all of them. */
struct ram_map {
	struct rcu_head rcu;
	unsigned int nr;
	struct {
		u64 start;	/* inclusive */
		u64 end;	/* exclusive */
	} range[];
};

static struct ram_map __rcu *ram_map;
static DEFINE_MUTEX(ram_map_lock);
static atomic64_t random_state;

void *env_alloc(size_t size)
{
	return vzalloc(size);
}

void env_free(void *p)
{
	vfree(p);
}

/*
 * Where @pa is RAM of ours: its address, and in @len at most what is left of
 * its page.  The map answers without a lock that waits, which the resource
 * tree does not; offline memory may be pulled out, so it is not touched.
 */
static void *ram_at(const struct ram_map *map, u64 pa, size_t *len)
{
	unsigned int i;

	*len = min_t(size_t, *len, PAGE_SIZE - offset_in_page(pa));
	for (i = 0; map && i < map->nr; i++)
		if (pa >= map->range[i].start && pa + *len <= map->range[i].end)
			return pfn_to_online_page(PHYS_PFN(pa)) ? __va(pa) :
								  NULL;
	return NULL;
}

bool env_read_phys(u64 pa, void *buf, size_t len)
{
	const struct ram_map *map;
	bool all = true;

	rcu_read_lock();
	map = rcu_dereference(ram_map);
	while (len) {
		size_t n = len;
		void *p = ram_at(map, pa, &n);

		if (p)
			memcpy(buf, p, n);
		else
			memset(buf, 0, n);
		all &= !!p;
		buf += n;
		pa += n;
		len -= n;
	}
	rcu_read_unlock();
	return all;
}

bool env_write_phys(u64 pa, const void *buf, size_t len)
{
	const struct ram_map *map;
	bool all = true;

	rcu_read_lock();
	map = rcu_dereference(ram_map);
	while (len) {
		size_t n = len;
		void *p = ram_at(map, pa, &n);

		if (p)
			memcpy(p, buf, n);
		all &= !!p;
		buf += n;
		pa += n;
		len -= n;
	}
	rcu_read_unlock();
	return all;
}

bool env_cas_phys(u64 pa, u64 *old, u64 value)
{
	const struct ram_map *map;
	size_t n = sizeof(u64);
	u64 *p, was = 0;
	bool done = false;

	rcu_read_lock();
	map = rcu_dereference(ram_map);
	p = ram_at(map, pa, &n);
	if (p) {
		was = cmpxchg64(p, *old, value);
		done = was == *old;
	}
	rcu_read_unlock();
	*old = was;
	return done;
}

void env_guest_unknown(const struct env_unknown *u)
{
	if (u->vector >= 0)
		pr_err("guest: vector %d cannot be delivered by the interpreter at RIP 0x%llx\n",
		       u->vector, u->rip);
	else
		pr_err("guest: %*ph is unknown to the interpreter at RIP 0x%llx (RAX 0x%llx, RCX 0x%llx)\n",
		       (int)u->n, u->code, u->rip, u->rax, u->rcx);
}

/* The caller has interrupts off, as a CPU that is inside a SEAMCALL. */
void env_delay_ns(u64 ns)
{
	while (ns > NSEC_PER_MSEC) {
		udelay(1000);
		touch_nmi_watchdog();
		ns -= NSEC_PER_MSEC;
	}
	if (ns > 1000)
		udelay(ns / 1000);
	ndelay(ns % 1000);
}

/* splitmix64: the kernel's own generator may take locks that wait. */
u64 env_random(void)
{
	u64 x = atomic64_add_return(0x9e3779b97f4a7c15LL, &random_state);

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

static int count_ram(struct resource *res, void *arg)
{
	++*(unsigned int *)arg;
	return 0;
}

struct fill {
	struct ram_map *map;
	unsigned int room;
};

static int fill_ram(struct resource *res, void *arg)
{
	struct fill *f = arg;

	if (f->map->nr == f->room)
		return -EAGAIN;
	f->map->range[f->map->nr].start = res->start;
	f->map->range[f->map->nr].end = res->end + 1;
	f->map->nr++;
	return 0;
}

static int walk_ram(void *arg, int (*fn)(struct resource *res, void *arg))
{
	return walk_iomem_res_desc(IORES_DESC_NONE,
				   IORESOURCE_SYSTEM_RAM | IORESOURCE_BUSY,
				   0, -1, arg, fn);
}

static int ram_map_update(void)
{
	struct ram_map *map, *old;
	struct fill f;
	int ret;

	mutex_lock(&ram_map_lock);
	do {
		/* Room for a range that appears in between. */
		f.room = 1;
		walk_ram(&f.room, count_ram);
		map = kzalloc(struct_size(map, range, f.room), GFP_KERNEL);
		if (!map) {
			mutex_unlock(&ram_map_lock);
			return -ENOMEM;
		}
		f.map = map;
		ret = walk_ram(&f, fill_ram);
		if (ret == -EAGAIN)
			kfree(map);
	} while (ret == -EAGAIN);
	old = rcu_replace_pointer(ram_map, map,
				  lockdep_is_held(&ram_map_lock));
	mutex_unlock(&ram_map_lock);
	if (old)
		kfree_rcu(old, rcu);
	return 0;
}

static int on_memory(struct notifier_block *nb, unsigned long action, void *arg)
{
	switch (action) {
	case MEM_ONLINE:
	case MEM_OFFLINE:
		if (ram_map_update())
			pr_warn("no memory for the new memory map: the TDX module does not see what was added\n");
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block memory_nb = { .notifier_call = on_memory };

int emul_memory_init(void)
{
	int ret;

	atomic64_set(&random_state, get_random_u64());
	ret = register_memory_notifier(&memory_nb);
	if (ret)
		return ret;
	ret = ram_map_update();
	if (ret)
		unregister_memory_notifier(&memory_nb);
	return ret;
}

void emul_memory_exit(void)
{
	unregister_memory_notifier(&memory_nb);
	kfree(rcu_dereference_protected(ram_map, true));
	RCU_INIT_POINTER(ram_map, NULL);
}

/*
 * The CMR table that firmware would give this machine: DRAM from 1 MiB up,
 * in whole MiB.  What the memory map leaves out between two ranges of RAM
 * (ACPI tables, firmware's own) is DRAM too, so only a gap of a GiB or more,
 * the PCI hole above all, divides CMRs.
 */
unsigned int emul_memory_cmrs(struct model_cmr *cmrs, unsigned int max)
{
	const struct ram_map *map;
	unsigned int i, nr = 0;

	rcu_read_lock();
	map = rcu_dereference(ram_map);
	for (i = 0; i < map->nr; i++) {
		u64 start = ALIGN_DOWN(max_t(u64, map->range[i].start, SZ_1M),
				       SZ_1M);
		u64 end = ALIGN(map->range[i].end, SZ_1M);
		struct model_cmr *last = nr ? &cmrs[nr - 1] : NULL;

		if (map->range[i].end <= SZ_1M)
			continue;
		if (last && (start < last->base + last->size + SZ_1G ||
			     nr == max)) {
			last->size = end - last->base;
			continue;
		}
		cmrs[nr].base = start;
		cmrs[nr].size = end - start;
		nr++;
	}
	rcu_read_unlock();
	return nr;
}
