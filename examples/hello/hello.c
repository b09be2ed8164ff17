// SPDX-License-Identifier: GPL-2.0-only
/*
 * The smallest module on tdx_host: bring TDX up, say what there is, take a
 * KeyID and give it back.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include <tdx_host/keyid.h>
#include <tdx_host/sysinfo.h>
#include <tdx_host/tdx_host.h>

static int __init hello_init(void)
{
	const struct tdx_host_sysinfo *si;
	int ret, keyid;

	/* Returns when TDX is ready, whoever else asked for it meanwhile. */
	ret = tdx_host_enable();
	if (ret) {
		pr_err("no TDX (%d): /sys/devices/platform/tdx_host/last_error says why\n",
		       ret);
		return ret;
	}
	si = tdx_host_get_sysinfo();
	pr_info("TDX module %u.%u.%02u build %u is ready\n",
		si->major_version, si->minor_version, si->update_version,
		si->build_num);

	keyid = tdx_host_keyid_alloc();
	if (keyid < 0) {
		pr_err("no KeyID for a TD (%d)\n", keyid);
		return keyid;
	}
	pr_info("KeyID %d could be that of a TD\n", keyid);
	return tdx_host_keyid_free(keyid);
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_DESCRIPTION("The smallest module on tdx_host");
MODULE_LICENSE("GPL");
/* MODULE_IMPORT_NS() takes a name before 6.13 and a string after. */
MODULE_INFO(import_ns, "TDX_HOST");
