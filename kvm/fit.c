// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether KVM can have TDX on this machine, and why not.
 *
 * KVM takes much for granted that a kernel with TDX of its own checks before:
 * that any page may become part of a TD, that a VCPU may run on any CPU, that
 * the TDX module has what KVM makes use of.  Some of it KVM checks as well, and
 * then does not load at all.  Here a failure means no more than that there are
 * no TDs: ordinary VMs must not suffer from somebody's tdx=1.
 *
 * Source: the kernel, arch/x86/kvm/vmx/tdx.c, tdx_hardware_setup(), and
 * arch/x86/virt/vmx/tdx/tdx.c.
 */
#include <linux/array_size.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/moduleparam.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <asm/tdx.h>

#include "x86.h"
#include "fit.h"
#include "host.h"
#include "tds.h"

#undef pr_fmt
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

/* In the words of tdx_host and of docs/troubleshooting.md. */
enum fit_cause {
#define TDX_CAUSE(name, what, cure)	FIT_CAUSE_##name,
#include <tdx/causes.def>
};

static const struct {
	const char *what;
	const char *cure;
} fit_causes[] = {
#define TDX_CAUSE(name, what, cure)	[FIT_CAUSE_##name] = { what, cure },
#include <tdx/causes.def>
};

/* The sentence.  Written once, while kvm_intel is being loaded. */
static char fit_reason[512];

static int fit_reason_get(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n", fit_reason);
}

/* Nothing to be set: it is a parameter so that it is beside kvm_intel.tdx. */
static int fit_reason_set(const char *val, const struct kernel_param *kp)
{
	return -EPERM;
}

static const struct kernel_param_ops fit_reason_ops = {
	.get = fit_reason_get,
	.set = fit_reason_set,
};
module_param_cb(tdx_reason, &fit_reason_ops, NULL, 0444);
MODULE_PARM_DESC(tdx_reason, "why there are no TDs although tdx=1 (read only)");

static __printf(2, 3)
void fit_refuse(enum fit_cause cause, const char *fmt, ...)
{
	va_list args;
	int n;

	n = scnprintf(fit_reason, sizeof(fit_reason), "%s",
		      fit_causes[cause].what);
	if (fmt) {
		va_start(args, fmt);
		n += scnprintf(fit_reason + n, sizeof(fit_reason) - n, " (");
		n += vscnprintf(fit_reason + n, sizeof(fit_reason) - n, fmt,
				args);
		n += scnprintf(fit_reason + n, sizeof(fit_reason) - n, ")");
		va_end(args);
	}
	scnprintf(fit_reason + n, sizeof(fit_reason) - n, "; %s",
		  fit_causes[cause].cure);
}

static bool fit_enable(void)
{
	int err = host(tdx_host_enable)();

	if (!err)
		return true;
	if (!host(tdx_host_last_error)(fit_reason, sizeof(fit_reason)))
		fit_refuse(FIT_CAUSE_KVM_NO_TDX, "errno %d", -err);
	return false;
}

/* KVM runs a VCPU wherever the scheduler has its thread. */
static bool fit_cpus(void)
{
	unsigned int cpu, without = nr_cpu_ids;

	cpus_read_lock();
	for_each_online_cpu(cpu)
		if (!host(tdx_host_cpu_ready)(cpu))
			without = min(without, cpu);
	cpus_read_unlock();
	if (without == nr_cpu_ids)
		return true;
	fit_refuse(FIT_CAUSE_KVM_CPU_WITHOUT_TDX, "CPU %u", without);
	return false;
}

/* guest_memfd takes whatever page the kernel has. */
static bool fit_ram(void)
{
	u64 base, end;

	if (host(tdx_host_all_ram_is_tdx)(&base, &end))
		return true;
	if (end)
		fit_refuse(FIT_CAUSE_KVM_RAM_NOT_TDX, "[%#llx-%#llx)", base,
			   end);
	else
		fit_refuse(FIT_CAUSE_OUT_OF_MEMORY, NULL);
	return false;
}

/* What KVM itself has to be able to do: one ATTRIBUTE, and states of XSAVE. */
static u64 fit_kvm_xfam(void)
{
	return kvm_caps.supported_xcr0 | kvm_caps.supported_xss;
}

/* Bits that must be 1 and that KVM cannot offer; or nothing left to offer. */
static bool fit_bits(u64 kvm, u64 fixed0, u64 fixed1)
{
	return !(fixed1 & ~kvm) && kvm & fixed0;
}

static bool fit_tdx_module(const struct tdx_host_sysinfo *si)
{
	const u64 features = TDX_FEATURES0_TOPOLOGY_ENUM |
			     TDX_FEATURES0_NO_RBP_MOD;
	const struct tdx_sys_info_td_conf *conf;

	if ((si->features0 & features) != features) {
		fit_refuse(FIT_CAUSE_KVM_TDX_MODULE_OLD,
			   "version %u.%u.%02u, TDX_FEATURES0 %#llx, bits %#llx are missing",
			   si->major_version, si->minor_version,
			   si->update_version, si->features0,
			   features & ~si->features0);
		return false;
	}
	if (!fit_bits(TDX_HOST_ATTRIBUTES_SEPT_VE_DISABLE,
		      si->attributes_fixed0, si->attributes_fixed1)) {
		fit_refuse(FIT_CAUSE_KVM_TDX_MODULE_ODD,
			   "ATTRIBUTES: may be %#llx, must be %#llx",
			   si->attributes_fixed0, si->attributes_fixed1);
		return false;
	}
	if (!fit_bits(fit_kvm_xfam(), si->xfam_fixed0, si->xfam_fixed1)) {
		fit_refuse(FIT_CAUSE_KVM_TDX_MODULE_ODD,
			   "XFAM: may be %#llx, must be %#llx, KVM has %#llx",
			   si->xfam_fixed0, si->xfam_fixed1, fit_kvm_xfam());
		return false;
	}
	if (si->num_cpuid_config > ARRAY_SIZE(conf->cpuid_config_leaves)) {
		fit_refuse(FIT_CAUSE_KVM_TDX_MODULE_ODD,
			   "%u CPUID leaves to configure, KVM has room for %zu",
			   si->num_cpuid_config,
			   ARRAY_SIZE(conf->cpuid_config_leaves));
		return false;
	}
	/* KVM tells QEMU that a TD may have as many VCPUs as there are CPUs. */
	if (si->max_vcpus_per_td && si->max_vcpus_per_td < num_present_cpus()) {
		fit_refuse(FIT_CAUSE_KVM_TDX_MODULE_ODD,
			   "%u VCPUs per TD, fewer than the %u CPUs",
			   si->max_vcpus_per_td, num_present_cpus());
		return false;
	}
	return true;
}

/* The order of tests: CPUs and RAM cannot become unfit once they are pinned. */
static bool fit_claim(void)
{
	if (!host_get()) {
		fit_refuse(FIT_CAUSE_KVM_NO_TDX_HOST, NULL);
		return false;
	}
	if (!fit_enable())
		goto err_host;
	host(tdx_host_require_all_cpus)();
	host(tdx_host_require_all_ram)();
	if (!fit_cpus() || !fit_ram() ||
	    !fit_tdx_module(host(tdx_host_get_sysinfo)()))
		goto err_all;
	if (tds_init()) {
		fit_refuse(FIT_CAUSE_OUT_OF_MEMORY, NULL);
		goto err_all;
	}
	return true;

err_all:
	host(tdx_host_release_all_ram)();
	host(tdx_host_release_all_cpus)();
err_host:
	host_put();
	return false;
}

/**
 * fit_release() - KVM has done with TDX
 *
 * Undoes a tdx_get_sysinfo() that succeeded.
 *
 * Context: Sleeps; not under cpus_read_lock().
 */
void fit_release(void)
{
	might_sleep();
	tds_exit();
	host(tdx_host_release_all_ram)();
	host(tdx_host_release_all_cpus)();
	host_put();
}

static void fit_fill(struct tdx_sys_info *info,
		     const struct tdx_host_sysinfo *si)
{
	struct tdx_sys_info_td_conf *conf = &info->td_conf;
	unsigned int i;

	info->version.major_version = si->major_version;
	info->version.minor_version = si->minor_version;
	info->version.update_version = si->update_version;
	info->features.tdx_features0 = si->features0;
	info->tdmr.max_tdmrs = si->max_tdmrs;
	info->tdmr.max_reserved_per_tdmr = si->max_reserved_per_tdmr;
	info->tdmr.pamt_4k_entry_size = si->pamt_4k_entry_size;
	info->tdmr.pamt_2m_entry_size = si->pamt_2m_entry_size;
	info->tdmr.pamt_1g_entry_size = si->pamt_1g_entry_size;
	info->td_ctrl.tdr_base_size = si->tdr_base_size;
	info->td_ctrl.tdcs_base_size = si->tdcs_base_size;
	info->td_ctrl.tdvps_base_size = si->tdvps_base_size;
	conf->attributes_fixed0 = si->attributes_fixed0;
	conf->attributes_fixed1 = si->attributes_fixed1;
	conf->xfam_fixed0 = si->xfam_fixed0;
	conf->xfam_fixed1 = si->xfam_fixed1;
	conf->max_vcpus_per_td = si->max_vcpus_per_td ?: U16_MAX;
	conf->num_cpuid_config = si->num_cpuid_config;
	for (i = 0; i < si->num_cpuid_config; i++) {
		const struct tdx_host_cpuid_config *c = &si->cpuid_config[i];

		conf->cpuid_config_leaves[i] = c->leaf | (u64)c->subleaf << 32;
		conf->cpuid_config_values[i][0] = c->eax | (u64)c->ebx << 32;
		conf->cpuid_config_values[i][1] = c->ecx | (u64)c->edx << 32;
	}
}

/**
 * tdx_get_sysinfo() - bring TDX up for KVM
 *
 * The first call that KVM makes, and only with tdx=1.  Undone by
 * fit_release().
 *
 * Context: Process context, sleeps; not under cpus_read_lock().
 * Return: what the TDX module says about itself, in the kernel's structure;
 *	   NULL where there are no TDs for KVM, which then works without, and
 *	   parameter tdx_reason says why.
 */
const struct tdx_sys_info *tdx_get_sysinfo(void)
{
	static struct tdx_sys_info info;

	might_sleep();
	if (!fit_claim()) {
		pr_err("no TDs: %s\n", fit_reason);
		return NULL;
	}
	fit_fill(&info, host(tdx_host_get_sysinfo)());
	return &info;
}
