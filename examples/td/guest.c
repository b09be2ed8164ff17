// SPDX-License-Identifier: GPL-2.0-only
/* The guest's first page, guest_page.S, on its way into the TD. */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "consumer.h"

/* The page that we write is copied, encrypted; ours stays ours. */
int consumer_guest_load(struct consumer_td *c)
{
	struct page *source = alloc_page(GFP_KERNEL);
	int ret;

	if (!source)
		return -ENOMEM;
	memcpy(page_address(source), consumer_guest_page, PAGE_SIZE);
	ret = consumer_memory_add(c, CONSUMER_GPA_CODE, source);
	__free_page(source);
	if (ret)
		return ret;
	return consumer_memory_measure(c, CONSUMER_GPA_CODE);
}
