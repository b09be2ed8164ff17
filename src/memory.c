// SPDX-License-Identifier: GPL-2.0-only
/*
 * System RAM, from the resource tree.
 *
 * The tree is the one list that a module can walk on every kernel.  It is also
 * the only one that has hot-added memory, memory that is offline at the moment
 * and memory that a driver manages.  It does not know of nodes: each range is
 * cut where the node of its pages changes.
 */
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/slab.h>

#include "compat/compat.h"
#include "memory.h"

/**
 * struct memory_walk - the list while it grows
 * @mem: the list
 * @room: entries that fit into @mem->ram
 * @node: node of the last page that could be asked; offline memory, whose
 *	  pages cannot be, is taken to be of this node as well
 */
struct memory_walk {
	struct memory_list *mem;
	u32 room;
	int node;
};

static int memory_list_append(struct memory_walk *c, u64 base, u64 end,
			      int node)
{
	struct memory_list *mem = c->mem;
	struct region *last = mem->nr ? &mem->ram[mem->nr - 1] : NULL;

	if (last && last->end == base && last->node == node) {
		last->end = end;
		return 0;
	}
	if (!mem->ram || mem->nr == c->room) {
		u32 room = c->room ? 2 * c->room : 64;
		struct region *ram;

		ram = kvmalloc_array(room, sizeof(*ram), GFP_KERNEL);
		if (!ram)
			return -ENOMEM;
		if (mem->ram)
			memcpy(ram, mem->ram, mem->nr * sizeof(*ram));
		kvfree(mem->ram);
		mem->ram = ram;
		c->room = room;
	}
	mem->ram[mem->nr++] = (struct region) {
		.base = base, .end = end, .node = node,
	};
	return 0;
}

static int memory_node_of(struct memory_walk *c, unsigned long pfn)
{
	struct page *page = pfn_to_online_page(pfn);

	if (page)
		c->node = page_to_nid(page);
	return c->node;
}

/*
 * Sections are the units in which memory comes and goes; nodes may meet
 * inside one, so a section whose ends differ is looked at page by page.
 */
static int memory_list_append_by_node(struct memory_walk *c,
				      unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		unsigned long next = min(end, ALIGN(pfn + 1,
						    PAGES_PER_SECTION));
		int node = memory_node_of(c, pfn);
		int err;

		if (memory_node_of(c, next - 1) != node) {
			next = pfn + 1;
			while (next < end && memory_node_of(c, next) == node)
				next++;
		}
		err = memory_list_append(c, PFN_PHYS(pfn), PFN_PHYS(next),
					 node);
		if (err)
			return err;
		pfn = next;
	}
	return 0;
}

static int memory_collect_resource(struct resource *res, void *arg)
{
	struct memory_walk *c = arg;
	unsigned long pfn = PFN_UP(res->start);
	unsigned long end = PFN_DOWN(res->end + 1);

	if (pfn >= end)
		return 0;
#ifdef IORESOURCE_SYSRAM_DRIVER_MANAGED
	if (res->flags & IORESOURCE_SYSRAM_DRIVER_MANAGED)
		c->mem->driver_managed += PFN_PHYS(end - pfn);
#endif
	return memory_list_append_by_node(c, pfn, end);
}

/**
 * memory_list_read() - list System RAM
 * @mem: filled in; give it to memory_list_free()
 *
 * Memory that comes or goes meanwhile may be missed: keep it from doing so.
 *
 * Context: Sleeps.
 * Return: 0 or -ENOMEM.
 */
int memory_list_read(struct memory_list *mem)
{
	struct memory_walk c = { .mem = mem, .node = first_online_node };
	int err;

	might_sleep();
	*mem = (struct memory_list) { };
	err = walk_iomem_res_desc(IORES_DESC_NONE,
				  IORESOURCE_SYSTEM_RAM | IORESOURCE_BUSY,
				  0, -1, &c, memory_collect_resource);
	/* Without any match the walk says -EINVAL: the list is empty then. */
	if (err == -ENOMEM) {
		memory_list_free(mem);
		return err;
	}
	return 0;
}

/*
 * How far [base, end) is in the list without a gap, from @base on.  Where two
 * entries touch their nodes differ, and the second goes on from the first.
 */
static u64 memory_list_covered_to(const struct memory_list *mem, u64 base,
				  u64 end)
{
	u32 i;

	for (i = 0; i < mem->nr && base < end; i++)
		if (mem->ram[i].base <= base && base < mem->ram[i].end)
			base = mem->ram[i].end;
	return min(base, end);
}

/**
 * memory_list_contains() - is all of a range in the list?
 * @mem: from memory_list_read()
 * @base: physical address, bytes
 * @end: one past the last byte
 *
 * Context: Any.
 * Return: true if it is.
 */
bool memory_list_contains(const struct memory_list *mem, u64 base, u64 end)
{
	return memory_list_covered_to(mem, base, end) == end;
}

/**
 * memory_list_free() - empty the list
 * @mem: from memory_list_read(), or empty
 *
 * Context: Sleeps.
 */
void memory_list_free(struct memory_list *mem)
{
	kvfree(mem->ram);
	*mem = (struct memory_list) { };
}

static int memory_found_one(struct resource *res, void *unused)
{
	return 1;
}

static bool memory_has_resource(u64 base, u64 end, unsigned long flags)
{
	might_sleep();
	return walk_iomem_res_desc(IORES_DESC_NONE,
				   IORESOURCE_SYSTEM_RAM | flags, base,
				   end - 1, NULL, memory_found_one) == 1;
}

/**
 * memory_is_ram() - is any of a range System RAM at this moment?
 * @base: physical address, bytes
 * @end: one past the last byte
 *
 * Context: Sleeps.
 * Return: true if it is.
 */
bool memory_is_ram(u64 base, u64 end)
{
	return memory_has_resource(base, end, IORESOURCE_BUSY);
}

/**
 * memory_is_driver_managed() - did a driver (dax/kmem, virtio-mem) add it?
 * @base: physical address, bytes
 * @end: one past the last byte
 *
 * Context: Sleeps.
 * Return: true if any of it was; false on kernels that do not tell.
 */
bool memory_is_driver_managed(u64 base, u64 end)
{
#ifdef IORESOURCE_SYSRAM_DRIVER_MANAGED
	return memory_has_resource(base, end, IORESOURCE_SYSRAM_DRIVER_MANAGED);
#else
	return false;
#endif
}
