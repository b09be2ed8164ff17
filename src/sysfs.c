// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/devices/platform/tdx_host: one value a file.  The texts are in
 * docs/ABI/testing/sysfs-devices-platform-tdx_host.
 *
 * A value that is not known yet reads as ENODATA.
 */
#include <linux/cache.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/platform_device.h>
#include <linux/sysfs.h>

#include <tdx_host/tdx_host.h>
#include "bringup.h"
#include "compat/compat.h"
#include "error.h"
#include "layout.h"
#include "lp_init.h"
#include "memory_hotplug.h"
#include "pamt.h"
#include "platform.h"
#include "state.h"
#include "sysfs.h"
#include "sysinfo.h"
#include "td/keyid.h"
#include "tdmr_init.h"

static struct platform_device *sysfs_pdev __ro_after_init;

static bool sysfs_detected(void)
{
	enum tdx_host_state s = tdx_host_state_get();

	return s != TDX_HOST_UNSUPPORTED && s != TDX_HOST_DISABLED;
}

static ssize_t state_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%s\n", state_name(tdx_host_state_get()));
}
static DEVICE_ATTR_RO(state);

static ssize_t last_error_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	size_t n = tdx_host_last_error(buf, PAGE_SIZE - 1);

	return n ? n + sysfs_emit_at(buf, n, "\n") : 0;
}
static DEVICE_ATTR_RO(last_error);

/* Not kstrtobool(): it takes any word with n for the end of TDX. */
static ssize_t enable_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	int err = -EINVAL;

	if (sysfs_streq(buf, "1"))
		err = tdx_host_enable();
	else if (sysfs_streq(buf, "0"))
		err = bringup_disable();
	return err ? err : count;
}
static DEVICE_ATTR_WO(enable);

static ssize_t version_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();

	if (!si)
		return -ENODATA;
	return sysfs_emit(buf, "%u.%u.%02u\n", si->major_version,
			  si->minor_version, si->update_version);
}
static DEVICE_ATTR_RO(version);

static ssize_t build_num_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();

	return si ? sysfs_emit(buf, "%u\n", si->build_num) : -ENODATA;
}
static DEVICE_ATTR_RO(build_num);

static ssize_t features0_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();

	return si ? sysfs_emit(buf, "%#llx\n", si->features0) : -ENODATA;
}
static DEVICE_ATTR_RO(features0);

static ssize_t cpus_ready_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	cpumask_var_t mask;
	ssize_t n;

	if (!alloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	lp_init_ready_mask(mask);
	n = sysfs_emit(buf, "%*pbl\n", cpumask_pr_args(mask));
	free_cpumask_var(mask);
	return n;
}
static DEVICE_ATTR_RO(cpus_ready);

static ssize_t progress_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%u\n", tdmr_init_percent());
}
static DEVICE_ATTR_RO(progress);

static ssize_t pamt_kb_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%llu\n", pamt_bytes() >> 10);
}
static DEVICE_ATTR_RO(pamt_kb);

#define LAYOUT_ATTR(name, fmt, value)					\
static ssize_t name##_show(struct device *dev,				\
			   struct device_attribute *attr, char *buf)	\
{									\
	struct layout_totals t;					\
									\
	layout_totals(&t);						\
	return sysfs_emit(buf, fmt "\n", value);			\
}									\
static DEVICE_ATTR_RO(name)

LAYOUT_ATTR(tdmr_count, "%u", t.tdmrs);
LAYOUT_ATTR(tdx_memory_kb, "%llu", t.tdx_bytes >> 10);

#define MEMORY_ATTR(name, value)					\
static ssize_t name##_show(struct device *dev,				\
			   struct device_attribute *attr, char *buf)	\
{									\
	struct memory_hotplug_counts c;				\
	struct layout_totals t;					\
									\
	layout_totals(&t);						\
	memory_hotplug_counts(&c);					\
	return sysfs_emit(buf, "%llu\n", value);			\
}									\
static DEVICE_ATTR_RO(name)

MEMORY_ATTR(unusable_memory_kb, (t.unusable_bytes + c.unusable_bytes) >> 10);
MEMORY_ATTR(memory_refused, c.refused);
MEMORY_ATTR(memory_removed, c.removed);

static struct attribute *sysfs_main_attrs[] = {
	&dev_attr_state.attr,
	&dev_attr_progress.attr,
	&dev_attr_last_error.attr,
	&dev_attr_enable.attr,
	&dev_attr_version.attr,
	&dev_attr_build_num.attr,
	&dev_attr_features0.attr,
	&dev_attr_cpus_ready.attr,
	&dev_attr_pamt_kb.attr,
	&dev_attr_tdmr_count.attr,
	&dev_attr_tdx_memory_kb.attr,
	&dev_attr_unusable_memory_kb.attr,
	&dev_attr_memory_refused.attr,
	&dev_attr_memory_removed.attr,
	NULL
};

static const struct attribute_group sysfs_main_group = {
	.attrs = sysfs_main_attrs,
};

#define KEYID_ATTR(name, member)					\
static ssize_t name##_show(struct device *dev,				\
			   struct device_attribute *attr, char *buf)	\
{									\
	if (!sysfs_detected())						\
		return -ENODATA;					\
	return sysfs_emit(buf, "%u\n", platform_get()->member);		\
}									\
static DEVICE_ATTR_RO(name)

static ssize_t guest_free_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	if (!sysfs_detected())
		return -ENODATA;
	return sysfs_emit(buf, "%u\n",
			  platform_get()->guest_keyids - keyid_nr_in_use());
}
static DEVICE_ATTR_RO(guest_free);

KEYID_ATTR(mktme_count, mktme_keyids);
KEYID_ATTR(global, global_keyid);
KEYID_ATTR(guest_start, guest_keyid_start);
KEYID_ATTR(guest_count, guest_keyids);

static struct attribute *sysfs_keyid_attrs[] = {
	&dev_attr_mktme_count.attr,
	&dev_attr_global.attr,
	&dev_attr_guest_start.attr,
	&dev_attr_guest_count.attr,
	&dev_attr_guest_free.attr,
	NULL
};

static const struct attribute_group sysfs_keyid_group = {
	.name = "keyid",
	.attrs = sysfs_keyid_attrs,
};

static const struct attribute_group *sysfs_groups[] = {
	&sysfs_main_group,
	&sysfs_keyid_group,
	NULL
};

/**
 * sysfs_files_init() - create the device and its files
 *
 * Context: Sleeps.
 * Return: 0; -ENOMEM; or the errno of platform_device_add().
 */
int sysfs_files_init(void)
{
	int err;

	sysfs_pdev = platform_device_alloc("tdx_host", PLATFORM_DEVID_NONE);
	if (!sysfs_pdev)
		return -ENOMEM;
	sysfs_pdev->dev.groups = sysfs_groups;
	err = platform_device_add(sysfs_pdev);
	if (err) {
		platform_device_put(sysfs_pdev);
		return err;
	}
	state_attach(&sysfs_pdev->dev);
	return 0;
}

/**
 * sysfs_files_exit() - remove the device and its files
 *
 * Context: Sleeps: waits for those who read and write the files.
 */
void sysfs_files_exit(void)
{
	state_detach();
	platform_device_unregister(sysfs_pdev);
}
