// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handing the layout to the TDX module, and its key to every package.
 *
 * Source: TDX Module ABI 1.5, TDMR_INFO, TDH.SYS.CONFIG, TDH.SYS.KEY.CONFIG.
 */
#include <linux/cpu.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/smp.h>
#include <asm/smp.h>

#include "compat/compat.h"
#include "config.h"
#include "error.h"
#include "packages.h"
#include "seamcall.h"
#include "status.h"
#include "tdmr/tdmr.h"

/* Both the PA array and each TDMR_INFO. */
#define CONFIG_ALIGN	512

/* TDMR_INFO as the TDX module reads it; unused areas have size 0. */
struct tdmr_info {
	u64 base;
	u64 size;
	struct {
		u64 base;
		u64 size;
	} pamt[TDMR_LEVELS];	/* 1 GiB, 2 MiB, 4 KiB */
	struct tdmr_rsvd rsvd[];
};

static void config_fill_info(struct tdmr_info *info, const struct tdmr *t)
{
	int level;

	info->base = t->base;
	info->size = t->size;
	for (level = 0; level < TDMR_LEVELS; level++) {
		info->pamt[TDMR_LEVELS - 1 - level].base = t->pamt[level].base;
		info->pamt[TDMR_LEVELS - 1 - level].size = t->pamt[level].size;
	}
	memcpy(info->rsvd, t->rsvd, t->nr_rsvd * sizeof(*t->rsvd));
}

/**
 * config_tdmrs() - TDH.SYS.CONFIG
 * @layout: TDMRs, PAMTs and reserved areas
 * @max_reserved: MAX_RESERVED_PER_TDMR: how many areas a TDMR_INFO holds
 * @global_keyid: KeyID that the TDX module uses for itself; the same each
 *		  time, since the module keeps every KeyID it was ever given
 * @taken: the PAMTs are the TDX module's from now on, or may be; set also
 *	   where this fails
 *
 * Context: Sleeps.  TDH.SYS.LP.INIT must have succeeded on every LP.
 * Return: 0; -ENOMEM; or the errno of the status, see
 *	   tdx_host_status_errno(), reported.
 */
int config_tdmrs(const struct tdmr_result *layout, u16 max_reserved,
		 u32 global_keyid, bool *taken)
{
	size_t list = ALIGN(layout->nr_tdmrs * sizeof(u64), CONFIG_ALIGN);
	size_t one = ALIGN(struct_size((struct tdmr_info *)NULL, rsvd,
				       max_reserved), CONFIG_ALIGN);
	size_t total = list + layout->nr_tdmrs * one;
	struct tdx_regs args;
	u64 *pas, status;
	u32 i;

	might_sleep();
	*taken = false;
	pas = alloc_pages_exact(total, GFP_KERNEL | __GFP_ZERO);
	if (!pas)
		return -ENOMEM;
	for (i = 0; i < layout->nr_tdmrs; i++) {
		void *info = (void *)pas + list + i * one;

		config_fill_info(info, &layout->tdmr[i]);
		pas[i] = virt_to_phys(info);
	}
	args = (struct tdx_regs) {
		.rcx = virt_to_phys(pas),
		.rdx = layout->nr_tdmrs,
		.r8 = global_keyid,
	};
	status = tdx_host_call(TDH_SYS_CONFIG, &args, true);
	free_pages_exact(pas, total);
	/* What is no error may mean that the TDX module took the PAMTs. */
	*taken = tdx_status_ok(status);
	if (status_done(status))
		return 0;
	return error_seamcall(TDH_SYS_CONFIG, status, -1, NULL);
}

/* The TDX module has taken a key since TDH.SYS.CONFIG. */
static bool config_key_taken;

/*
 * The TDX module remembers which packages have their key.  It says
 * KEY_CONFIGURED on those, which is not an error, and NOT_PENDING on every
 * package once the last one has it.
 */
static int config_key_on_package(void *unused)
{
	struct tdx_regs args = { };
	u64 status = tdx_host_call(TDH_SYS_KEY_CONFIG, &args, true);

	if (status_done(status))
		config_key_taken = true;
	else if (!config_key_taken ||
		 !tdx_status_is(status, TDX_ST_SYS_KEY_CONFIG_NOT_PENDING))
		return error_seamcall(TDH_SYS_KEY_CONFIG, status,
				      raw_smp_processor_id(), NULL);
	return 0;
}

/**
 * config_keys() - TDH.SYS.KEY.CONFIG on one CPU of each package, in turn
 *
 * Context: Sleeps; not under cpus_read_lock().
 * Return: 0; -EBUSY where a package has no CPU online, reported; or the errno
 *	   of the status, reported with its CPU.
 */
int config_keys(void)
{
	int err;

	might_sleep();
	/*
	 * From here on the TDX module writes PAMTs with its key.  A dirty line
	 * that the kernel left in a cache would be written over them later.
	 * The PAMTs are ours, so no line gets dirty any more; a CPU that is
	 * offline wrote its caches back as it went.
	 */
	wbinvd_on_all_cpus();
	cpus_read_lock();
	err = packages_run(config_key_on_package, NULL);
	cpus_read_unlock();
	return err;
}

/**
 * config_forget_keys() - the TDX module was shut down, and its keys are gone
 *
 * Context: Any; no TDH.SYS.KEY.CONFIG is running.
 */
void config_forget_keys(void)
{
	config_key_taken = false;
}
