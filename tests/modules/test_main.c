// SPDX-License-Identifier: GPL-2.0-only
/* The files of /sys/kernel/debug/tdx_test. */
#include <linux/kernel.h>
#include <linux/module.h>

#include "test.h"
#include "test_files.h"

static const struct test_file *const files[] = {
	&test_cpu_enable, &test_storm, &test_enable, &test_seamcall,
	&test_cr4, &test_vmx_race,
};

static int __init test_init(void)
{
	test_files_add("tdx_test", files, ARRAY_SIZE(files));
	return 0;
}
module_init(test_init);

static void __exit test_exit(void)
{
	test_files_remove();
}
module_exit(test_exit);

MODULE_DESCRIPTION("Uses what tdx_host exports (testing)");
MODULE_LICENSE("GPL");
/* MODULE_IMPORT_NS() takes a name before 6.13 and a string after. */
MODULE_INFO(import_ns, "TDX_HOST");
