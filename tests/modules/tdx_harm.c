// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_harm: makes memory as a machine has it that has run for months, and does
 * what nobody may do.  /sys/kernel/debug/tdx_harm:
 *
 *	fill	write "BYTES [FROM TO]": in each piece of BYTES (a power of 2)
 *		between these addresses, or everywhere, the first page is taken,
 *		so that nobody can move it; what was taken before stays.  "0": all is
 *		given back.  Reads as the number of pages that are held.
 *	pin	write "FROM TO": all memory that a process can get, but for
 *		what lies between these addresses, is pinned, as for a device;
 *		"0": all is given back.  Reads as the number of pages.
 *	refer	the same, but of a plain reference to each page, which nobody
 *		can tell from one that is gone in a moment
 *	poke	write PA: change a byte of RAM there, whoever it belongs to
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/memory_hotplug.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

static DEFINE_MUTEX(held_lock);
static LIST_HEAD(held);
static unsigned long nr_held;

static void give_back(void)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &held, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
	nr_held = 0;
}

/* Moves whatever is there out of the way, if it can be moved. */
static int take(unsigned long pfn)
{
#ifdef ACR_FLAGS_NONE
	return alloc_contig_range(pfn, pfn + 1, ACR_FLAGS_NONE, GFP_KERNEL);
#else
	return alloc_contig_range(pfn, pfn + 1, MIGRATE_MOVABLE, GFP_KERNEL);
#endif
}

static bool is_ram(unsigned long pfn)
{
	struct page *page = pfn_to_online_page(pfn);

	return page && !PageReserved(page);
}

/* Where no page can be taken the kernel has one, which does as well. */
static int fill(unsigned long pages, unsigned long pfn, unsigned long end)
{
	for (pfn = roundup(pfn, pages); pfn < end; pfn += pages) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (is_ram(pfn) && !take(pfn)) {
			list_add(&pfn_to_page(pfn)->lru, &held);
			nr_held++;
		}
		cond_resched();
	}
	return 0;
}

static unsigned long last_pfn(void)
{
	unsigned long end = 0;
	int node;

	for_each_online_node(node)
		end = max(end, node_end_pfn(node));
	return end;
}

static int fill_or_free(u64 bytes, u64 from, u64 to)
{
	int ret = 0;

	if (bytes && (!is_power_of_2(bytes) || bytes < 2 * PAGE_SIZE))
		return -EINVAL;
	mutex_lock(&held_lock);
	if (bytes)
		ret = fill(bytes >> PAGE_SHIFT, from >> PAGE_SHIFT,
			   min_t(u64, to >> PAGE_SHIFT, last_pfn()));
	else
		give_back();
	mutex_unlock(&held_lock);
	return ret;
}

static ssize_t fill_write(struct file *file, const char __user *buf, size_t len,
			  loff_t *pos)
{
	u64 bytes, from = 0, to = U64_MAX;
	char text[80];
	int ret;

	if (len >= sizeof(text))
		return -E2BIG;
	if (copy_from_user(text, buf, len))
		return -EFAULT;
	text[len] = '\0';
	ret = sscanf(text, "%lli %lli %lli", &bytes, &from, &to);
	if (ret != 1 && ret != 3)
		return -EINVAL;
	ret = fill_or_free(bytes, from, to);
	return ret ?: len;
}

static ssize_t read_count(unsigned long nr, char __user *buf, size_t len,
			  loff_t *pos)
{
	char text[24];
	int n = scnprintf(text, sizeof(text), "%lu\n", nr);

	return simple_read_from_buffer(buf, len, pos, text, n);
}

static ssize_t fill_read(struct file *file, char __user *buf, size_t len,
			 loff_t *pos)
{
	return read_count(READ_ONCE(nr_held), buf, len, pos);
}

static const struct file_operations fill_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = fill_read,
	.write = fill_write,
};

/* Memory of a process that it no longer has mapped. */
struct lent {
	struct list_head list;
	unsigned long nr;
	struct page *page[4000];
};

struct lending {
	struct list_head all;
	unsigned long nr;
	bool pins;
};

static struct lending pinned = { LIST_HEAD_INIT(pinned.all), .pins = true };
static struct lending referred = { LIST_HEAD_INIT(referred.all) };

/* So much stays free, in pages, or somebody is shot. */
#define SPARE	(160UL << (20 - PAGE_SHIFT))

static int lend(const struct lending *to, struct list_head *now)
{
	struct lent *l = kvzalloc(sizeof(*l), GFP_KERNEL);
	unsigned long len = ARRAY_SIZE(l->page) << PAGE_SHIFT, va;
	int got;

	if (!l)
		return -ENOMEM;
	va = vm_mmap(NULL, 0, len, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(va)) {
		kvfree(l);
		return va;
	}
	if (to->pins)
		got = pin_user_pages_fast(va, ARRAY_SIZE(l->page),
					  FOLL_WRITE | FOLL_LONGTERM, l->page);
	else
		got = get_user_pages_fast(va, ARRAY_SIZE(l->page), FOLL_WRITE,
					  l->page);
	vm_munmap(va, len);
	if (got <= 0) {
		kvfree(l);
		return got ?: -EFAULT;
	}
	l->nr = got;
	list_add(&l->list, now);
	return 0;
}

/* The pages of [pfn, end) go back. */
static void lent_return(struct lending *to, struct lent *l, unsigned long pfn,
			unsigned long end)
{
	unsigned long i, kept = 0;

	for (i = 0; i < l->nr; i++) {
		unsigned long at = page_to_pfn(l->page[i]);

		if (at < pfn || at >= end)
			l->page[kept++] = l->page[i];
		else if (to->pins)
			unpin_user_page(l->page[i]);
		else
			put_page(l->page[i]);
	}
	l->nr = kept;
	if (kept) {
		list_move(&l->list, &to->all);
		to->nr += kept;
	} else {
		list_del(&l->list);
		kvfree(l);
	}
}

static void lending_end(struct lending *to)
{
	struct lent *l, *next;

	list_for_each_entry_safe(l, next, &to->all, list)
		lent_return(to, l, 0, ULONG_MAX);
	to->nr = 0;
}

/*
 * Which memory a process gets is the kernel's choice: all is taken, and what is
 * not wanted goes back at the end.
 */
static int lend_all_but(struct lending *to, unsigned long pfn, unsigned long end)
{
	struct lent *l, *next;
	LIST_HEAD(now);
	struct sysinfo si;
	int ret = 0;

	for (si_meminfo(&si); !ret && si.freeram > SPARE; si_meminfo(&si))
		ret = fatal_signal_pending(current) ? -EINTR : lend(to, &now);
	list_for_each_entry_safe(l, next, &now, list)
		lent_return(to, l, pfn, end);
	return ret;
}

static ssize_t lend_write(struct file *file, const char __user *buf, size_t len,
			  loff_t *pos)
{
	struct lending *to = file->private_data;
	char text[80];
	u64 from, end;
	int ret;

	if (len >= sizeof(text))
		return -E2BIG;
	if (copy_from_user(text, buf, len))
		return -EFAULT;
	text[len] = '\0';
	ret = sscanf(text, "%lli %lli", &from, &end);
	if (ret != 2 && (ret != 1 || from))
		return -EINVAL;
	mutex_lock(&held_lock);
	if (ret == 2) {
		ret = lend_all_but(to, PHYS_PFN(from), PHYS_PFN(end));
	} else {
		lending_end(to);
		ret = 0;
	}
	mutex_unlock(&held_lock);
	return ret ?: len;
}

static ssize_t lend_read(struct file *file, char __user *buf, size_t len,
			 loff_t *pos)
{
	const struct lending *to = file->private_data;

	return read_count(READ_ONCE(to->nr), buf, len, pos);
}

static const struct file_operations lend_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = lend_read,
	.write = lend_write,
};

static int poke_set(void *unused, u64 pa)
{
	u8 *p;

	if (!pfn_to_online_page(PHYS_PFN(pa)))
		return -ENXIO;
	p = __va(pa);
	WRITE_ONCE(*p, ~READ_ONCE(*p));
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(poke_fops, NULL, poke_set, "%llu\n");

static struct dentry *dir;

static int __init harm_init(void)
{
	dir = debugfs_create_dir("tdx_harm", NULL);
	debugfs_create_file("fill", 0600, dir, NULL, &fill_fops);
	debugfs_create_file("pin", 0600, dir, &pinned, &lend_fops);
	debugfs_create_file("refer", 0600, dir, &referred, &lend_fops);
	debugfs_create_file("poke", 0200, dir, NULL, &poke_fops);
	return 0;
}
module_init(harm_init);

static void __exit harm_exit(void)
{
	debugfs_remove_recursive(dir);
	give_back();
	lending_end(&pinned);
	lending_end(&referred);
}
module_exit(harm_exit);

MODULE_DESCRIPTION("Fragments and pins memory, and writes where it must not (testing)");
MODULE_LICENSE("GPL");
