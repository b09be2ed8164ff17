// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/tdx_host: what bring-up knows, for people who debug it.
 * This is not an ABI.
 */
#include <linux/cache.h>
#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "debugfs.h"
#include "layout.h"
#include "stats.h"
#include "sysinfo.h"
#include "td/keyid.h"

static struct dentry *debugfs_dir __ro_after_init;

static int cmrs_show(struct seq_file *m, void *unused)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();
	u32 i;

	for (i = 0; si && i < si->num_cmrs; i++)
		seq_printf(m, "%#llx %#llx\n", si->cmrs[i].base,
			   si->cmrs[i].base + si->cmrs[i].size);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(cmrs);

static int sysinfo_show(struct seq_file *m, void *unused)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();
	u32 i;

	if (!si)
		return 0;
	seq_printf(m, "version %u.%u.%02u\n", si->major_version,
		   si->minor_version, si->update_version);
	seq_printf(m, "internal_version %u\n", si->internal_version);
	seq_printf(m, "build_num %u\n", si->build_num);
	seq_printf(m, "build_date %u\n", si->build_date);
	seq_printf(m, "features0 %#llx\n", si->features0);
	seq_printf(m, "max_tdmrs %u\n", si->max_tdmrs);
	seq_printf(m, "max_reserved_per_tdmr %u\n", si->max_reserved_per_tdmr);
	seq_printf(m, "pamt_4k_entry_size %u\n", si->pamt_4k_entry_size);
	seq_printf(m, "pamt_2m_entry_size %u\n", si->pamt_2m_entry_size);
	seq_printf(m, "pamt_1g_entry_size %u\n", si->pamt_1g_entry_size);
	seq_printf(m, "tdr_base_size %u\n", si->tdr_base_size);
	seq_printf(m, "tdcs_base_size %u\n", si->tdcs_base_size);
	seq_printf(m, "tdvps_base_size %u\n", si->tdvps_base_size);
	seq_printf(m, "attributes_fixed0 %#llx\n", si->attributes_fixed0);
	seq_printf(m, "attributes_fixed1 %#llx\n", si->attributes_fixed1);
	seq_printf(m, "xfam_fixed0 %#llx\n", si->xfam_fixed0);
	seq_printf(m, "xfam_fixed1 %#llx\n", si->xfam_fixed1);
	for (i = 0; i < si->num_cpuid_config; i++) {
		const struct tdx_host_cpuid_config *c = &si->cpuid_config[i];

		seq_printf(m, "cpuid_config %#x", c->leaf);
		if (c->subleaf != ~0U)
			seq_printf(m, ".%#x", c->subleaf);
		seq_printf(m, " eax=%#x ebx=%#x ecx=%#x edx=%#x\n",
			   c->eax, c->ebx, c->ecx, c->edx);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(sysinfo);

static int regions_show(struct seq_file *m, void *unused)
{
	layout_show_regions(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(regions);

static int tdmrs_show(struct seq_file *m, void *unused)
{
	layout_show_tdmrs(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(tdmrs);

static int seamcalls_show(struct seq_file *m, void *unused)
{
	stats_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(seamcalls);

static int keyids_show(struct seq_file *m, void *unused)
{
	keyid_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(keyids);

/**
 * debugfs_files_init() - create the directory and its files
 *
 * Failure is ignored: nothing depends on them.
 *
 * Context: Sleeps.
 */
void debugfs_files_init(void)
{
	debugfs_dir = debugfs_create_dir("tdx_host", NULL);
	debugfs_create_file("cmrs", 0400, debugfs_dir, NULL, &cmrs_fops);
	debugfs_create_file("sysinfo", 0400, debugfs_dir, NULL, &sysinfo_fops);
	debugfs_create_file("regions", 0400, debugfs_dir, NULL, &regions_fops);
	debugfs_create_file("tdmrs", 0400, debugfs_dir, NULL, &tdmrs_fops);
	debugfs_create_file("seamcalls", 0400, debugfs_dir, NULL,
			    &seamcalls_fops);
	debugfs_create_file("keyids", 0400, debugfs_dir, NULL, &keyids_fops);
}

/**
 * debugfs_files_exit() - remove them
 *
 * Context: Sleeps: waits for those who read the files.
 */
void debugfs_files_exit(void)
{
	debugfs_remove_recursive(debugfs_dir);
}
