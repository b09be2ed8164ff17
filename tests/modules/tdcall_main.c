// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of /sys/kernel/debug/tdx_tdcall_test, and the memory that calls
 * are made for.
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "tdcall.h"
#include "test_files.h"

#define SHOWN_MAX	1024
#define PAGES_2M	(SZ_2M / PAGE_SIZE)

static const struct test_file *const files[] = {
	&tdcall_regs, &tdcall_inline, &tdcall_memory,
};

/* 2 MiB, aligned to 2 MiB: what is accepted, measured and reported about. */
static struct page *memory_pages;
static size_t shown_at, shown_len;

/* Bytes in hexadecimal digits, which <linux/hex.h> has from 6.4 on. */
static int put_hex(u8 *to, size_t room, const char *hex)
{
	char two[3] = "";
	int ret = 0;

	for (; !ret && *hex; hex += 2) {
		if (!room--)
			return -EINVAL;
		memcpy(two, hex, 2);
		ret = kstrtou8(two, 16, to++);
	}
	return ret;
}

/*
 *	fill BYTE		all of it
 *	put OFFSET HEX		bytes
 *	get OFFSET LENGTH	to be shown
 */
static int memory_write(char *line)
{
	u8 *memory = page_address(memory_pages);
	const char *what = strsep(&line, " ");
	const char *number = strsep(&line, " ");
	u64 n, len;

	if (!number || kstrtou64(number, 0, &n) || n >= SZ_2M)
		return -EINVAL;
	if (!strcmp(what, "fill")) {
		memset(memory, n, SZ_2M);
		return 0;
	}
	if (!line)
		return -EINVAL;
	if (!strcmp(what, "put"))
		return strlen(line) % 2 ? -EINVAL :
		       put_hex(memory + n, SZ_2M - n, line);
	if (strcmp(what, "get") || kstrtou64(line, 0, &len) ||
	    len > SHOWN_MAX || len > SZ_2M - n)
		return -EINVAL;
	shown_at = n;
	shown_len = len;
	return 0;
}

static void memory_show(struct seq_file *m)
{
	const u8 *memory = page_address(memory_pages);
	unsigned int i, zero = 0;

	for (i = 0; i < PAGES_2M; i++)
		zero += !memchr_inv(memory + i * PAGE_SIZE, 0, PAGE_SIZE);
	seq_printf(m, "gpa 0x%llx\n", (u64)PFN_PHYS(page_to_pfn(memory_pages)));
	seq_printf(m, "zero_pages %u\n", zero);
	seq_puts(m, "bytes ");
	for (i = 0; i < shown_len; i++)
		seq_printf(m, "%02x", memory[shown_at + i]);
	seq_putc(m, '\n');
}

const struct test_file tdcall_memory = {
	.name = "memory",
	.write = memory_write,
	.show = memory_show,
};

static int __init test_init(void)
{
	memory_pages = alloc_pages(GFP_KERNEL, get_order(SZ_2M));
	if (!memory_pages)
		return -ENOMEM;
	test_files_add("tdx_tdcall_test", files, ARRAY_SIZE(files));
	return 0;
}
module_init(test_init);

static void __exit test_exit(void)
{
	test_files_remove();
	__free_pages(memory_pages, get_order(SZ_2M));
}
module_exit(test_exit);

MODULE_DESCRIPTION("Makes TDCALLs (testing)");
MODULE_LICENSE("GPL");
/* MODULE_IMPORT_NS() takes a name before 6.13 and a string after. */
MODULE_INFO(import_ns, "TDX_HOST");
