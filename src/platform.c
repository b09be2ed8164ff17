// SPDX-License-Identifier: GPL-2.0-only
/*
 * Detection: did the BIOS enable TDX, and with which KeyIDs?  MSRs and CPUID
 * only; no SEAMCALL and no other side effect.
 *
 * Source: TDX Module ABI 1.5, "MSRs and KeyIDs"; Intel SDM volume 4.
 */
#include <linux/bitfield.h>
#include <linux/cache.h>
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/smp.h>
#include <asm/cpufeature.h>

#include "compat/compat.h"
#include "error.h"
#include "msr.h"
#include "platform.h"

#define SEAMRR_ADDR_MASK	GENMASK_ULL(51, 25)

/*
 * What detection reads, on every CPU.  Firmware must have set all of them up
 * alike.  The TDX module would refuse a CPU that differs, but later, and not
 * in such clear words.
 */
static const struct {
	u32 msr;
	const char *name;
} platform_msrs[] = {
	{ TDX_MSR_MTRRCAP, "IA32_MTRRCAP" },
	{ TDX_MSR_SEAMRR_BASE, "IA32_SEAMRR_PHYS_BASE" },
	{ TDX_MSR_SEAMRR_MASK, "IA32_SEAMRR_PHYS_MASK" },
	{ TDX_MSR_MKTME_KEYID_PART, "IA32_MKTME_KEYID_PARTITIONING" },
	{ TDX_MSR_TME_ACTIVATE, "IA32_TME_ACTIVATE" },
};

enum { MTRRCAP, SEAMRR_BASE, SEAMRR_MASK, KEYID_PART, TME_ACTIVATE, NR_MSRS };

static_assert(ARRAY_SIZE(platform_msrs) == NR_MSRS);

/*
 * What the CPUs are compared with: the values of one of them, always the same.
 * If that were the CPU that happens to run detection, the sentence would depend
 * on the scheduler, and a CPU that the BIOS forgot could make all others seem
 * wrong.
 */
static struct {
	int cpu;		/* lowest that was online at detection */
	u64 value[NR_MSRS];
} platform_reference __ro_after_init;

static struct platform_info platform __ro_after_init;

/* One difference is enough for a sentence: that of the lowest CPU. */
struct platform_msr_check {
	raw_spinlock_t lock;	/* guards what follows */
	int cpu;		/* CPU that differs, or -1 */
	unsigned int msr;	/* index of the MSR that does */
	u64 value;		/* its value there */
};

static void platform_read_msrs(void *arg)
{
	u64 *value = arg;
	unsigned int i;

	for (i = 0; i < NR_MSRS; i++)
		if (tdx_host_rdmsr(platform_msrs[i].msr, &value[i]))
			value[i] = 0;
}

static void platform_check_msrs(void *arg)
{
	struct platform_msr_check *c = arg;
	int cpu = smp_processor_id();
	u64 value[NR_MSRS];
	unsigned int i;

	platform_read_msrs(value);
	for (i = 0; i < NR_MSRS; i++) {
		unsigned long flags;

		if (value[i] == platform_reference.value[i])
			continue;
		raw_spin_lock_irqsave(&c->lock, flags);
		if (c->cpu < 0 || cpu < c->cpu) {
			c->cpu = cpu;
			c->msr = i;
			c->value = value[i];
		}
		raw_spin_unlock_irqrestore(&c->lock, flags);
		return;
	}
}

static int platform_report_msrs(const struct platform_msr_check *c, char *why,
				size_t len)
{
	if (c->cpu < 0)
		return 0;
	error_explain_cause(why, len, TDX_CAUSE_CPUS_DIFFER,
			    "CPU %d has %#llx in %s, MSR %#x, where CPU %d has %#llx",
			    c->cpu, c->value, platform_msrs[c->msr].name,
			    platform_msrs[c->msr].msr, platform_reference.cpu,
			    platform_reference.value[c->msr]);
	return -ENODEV;
}

/*
 * Sapphire Rapids and Emerald Rapids: Intel's TDX erratum list, "partial
 * write to TDX private memory".  Family 6 is implied by SEAMRR.
 */
static bool platform_model_has_erratum(void)
{
	const struct cpuinfo_x86 *c = &boot_cpu_data;

	return c->x86_vendor == X86_VENDOR_INTEL && c->x86 == 6 &&
	       (c->x86_model == 0x8f || c->x86_model == 0xcf);
}

/**
 * platform_kernel_owns_tdx() - does the kernel drive TDX itself?
 *
 * Two drivers of one TDX module cannot work: TDH.SYS.INIT succeeds once.
 * A test answers for this function, by its name.
 *
 * Context: Any.
 * Return: true when this kernel was built with CONFIG_INTEL_TDX_HOST, or says
 *	   so with the CPU flag platform_info.
 */
bool platform_kernel_owns_tdx(void)
{
	if (IS_ENABLED(CONFIG_INTEL_TDX_HOST))
		return true;
#ifdef X86_FEATURE_TDX_HOST_PLATFORM
	/* Not boot_cpu_has(): that is constant false without the option. */
	return test_cpu_cap(&boot_cpu_data, X86_FEATURE_TDX_HOST_PLATFORM);
#else
	return false;
#endif
}

/*
 * KeyIDs without a SEAM range: the BIOS did its part, and the CPU's own check
 * of the machine failed.  Its result is an MSR, of which no more is documented
 * than that 0 is success (Intel TDX Enabling Guide).
 */
static void platform_explain_no_seamrr(char *why, size_t len)
{
	u64 mask = platform_reference.value[SEAMRR_MASK];
	u32 tdx = upper_32_bits(platform_reference.value[KEYID_PART]);
	char check[40] = "";
	u64 mcheck;

	if (!tdx) {
		error_explain_cause(why, len, TDX_CAUSE_NO_SEAM_RANGE,
				    "IA32_SEAMRR_PHYS_MASK = %#llx, bit 11 is clear",
				    mask);
		return;
	}
	if (!tdx_host_rdmsr(TDX_MSR_MCHECK_ERROR, &mcheck))
		scnprintf(check, sizeof(check), ", MSR %#x = %#llx",
			  TDX_MSR_MCHECK_ERROR, mcheck);
	error_explain_cause(why, len, TDX_CAUSE_KEYIDS_WITHOUT_SEAM_RANGE,
			    "%u KeyIDs, IA32_SEAMRR_PHYS_MASK = %#llx, bit 11 is clear%s",
			    tdx, mask, check);
}

static int platform_detect_seamrr(struct platform_info *p, char *why,
				  size_t len)
{
	u64 mask = platform_reference.value[SEAMRR_MASK];

	if (!(platform_reference.value[MTRRCAP] & TDX_MTRRCAP_SEAMRR)) {
		error_explain_cause(why, len,
				    boot_cpu_has(X86_FEATURE_HYPERVISOR) ?
				    TDX_CAUSE_VIRTUAL_MACHINE :
				    TDX_CAUSE_NO_TDX_CPU,
				    "IA32_MTRRCAP bit 15 is clear");
		return -ENODEV;
	}
	if (!(mask & TDX_SEAMRR_MASK_VALID)) {
		platform_explain_no_seamrr(why, len);
		return -ENODEV;
	}
	if (!(mask & TDX_SEAMRR_MASK_LOCK)) {
		error_explain_cause(why, len, TDX_CAUSE_SEAM_RANGE_UNLOCKED,
				    "IA32_SEAMRR_PHYS_MASK = %#llx, bit 10 is clear",
				    mask);
		return -ENODEV;
	}
	p->seamrr_base = platform_reference.value[SEAMRR_BASE] &
			 SEAMRR_ADDR_MASK;
	p->seamrr_size = mask & SEAMRR_ADDR_MASK;
	p->seamrr_size &= -p->seamrr_size;
	return 0;
}

static int platform_detect_keyids(struct platform_info *p, char *why,
				  size_t len)
{
	u32 mktme = lower_32_bits(platform_reference.value[KEYID_PART]);
	u32 tdx = upper_32_bits(platform_reference.value[KEYID_PART]);
	u64 act = platform_reference.value[TME_ACTIVATE];

	if (!(act & TDX_TME_ACTIVATE_LOCK) ||
	    !(act & TDX_TME_ACTIVATE_ENABLE)) {
		error_explain_cause(why, len, TDX_CAUSE_TME_OFF,
				    "IA32_TME_ACTIVATE = %#llx, bits 0 and 1 must be set",
				    act);
		return -ENODEV;
	}
	if (tdx < 2) {
		error_explain_cause(why, len, tdx ? TDX_CAUSE_ONE_KEYID :
						    TDX_CAUSE_NO_KEYIDS,
				    "%u KeyIDs are MKTME's now", mktme);
		return -ENODEV;
	}
	p->mktme_keyids = mktme;
	p->global_keyid = mktme + 1;
	p->guest_keyid_start = mktme + 2;
	p->guest_keyids = tdx - 1;
	/* The TDX module takes every machine to have 52 address bits. */
	p->keyid_shift = 52 - FIELD_GET(TDX_TME_ACTIVATE_KEYID_BITS, act);
	return 0;
}

static int platform_detect_cpu(char *why, size_t len)
{
	u64 apic;

	/* TDH.SYS.INIT fails without x2APIC mode: explain it before that. */
	if (tdx_host_rdmsr(TDX_MSR_APIC_BASE, &apic) ||
	    !(apic & TDX_APIC_BASE_EXTD)) {
		error_explain_cause(why, len, TDX_CAUSE_NO_X2APIC, NULL);
		return -ENODEV;
	}
	if (!boot_cpu_has(X86_FEATURE_CLFLUSH)) {
		error_explain_cause(why, len, TDX_CAUSE_NO_CLFLUSH, NULL);
		return -ENODEV;
	}
	if (platform_model_has_erratum() &&
	    !boot_cpu_has(X86_FEATURE_MOVDIR64B)) {
		error_explain_cause(why, len, TDX_CAUSE_NO_MOVDIR64B, NULL);
		return -ENODEV;
	}
	return 0;
}

/**
 * platform_detect() - find out whether this machine is a TDX host
 * @why: on failure a sentence that says what is missing and what to do
 * @len: size of @why, bytes
 *
 * What it finds is platform_get()'s from then on.
 *
 * Context: Sleeps; during module init only; under cpus_read_lock().
 * Return: 0 or -ENODEV.
 */
int platform_detect(char *why, size_t len)
{
	struct platform_msr_check c = { .cpu = -1 };
	struct platform_info p = { };
	int err;

	might_sleep();
	tdx_compat_assert_cpus_held();
	raw_spin_lock_init(&c.lock);
	platform_reference.cpu = cpumask_first(cpu_online_mask);
	/* Fails on a CPU that is not online, and this one stays so. */
	smp_call_function_single(platform_reference.cpu, platform_read_msrs,
				 platform_reference.value, 1);
	err = platform_detect_seamrr(&p, why, len);
	if (err)
		return err;
	on_each_cpu(platform_check_msrs, &c, 1);
	err = platform_report_msrs(&c, why, len);
	if (err)
		return err;
	err = platform_detect_keyids(&p, why, len);
	if (err)
		return err;
	err = platform_detect_cpu(why, len);
	if (err)
		return err;
	p.partial_write_erratum = platform_model_has_erratum();
	platform = p;
	return 0;
}

/**
 * platform_get() - what detection found
 *
 * Context: Any.
 * Return: the platform, constant once the module is loaded.
 */
const struct platform_info *platform_get(void)
{
	return &platform;
}

/**
 * platform_check_cpu() - compare this CPU with what detection saw
 * @why: on failure a sentence that names the difference
 * @len: size of @why, bytes
 *
 * Context: Any; the caller is pinned.
 * Return: 0 or -ENODEV.
 */
int platform_check_cpu(char *why, size_t len)
{
	struct platform_msr_check c = { .cpu = -1 };

	raw_spin_lock_init(&c.lock);
	platform_check_msrs(&c);
	return platform_report_msrs(&c, why, len);
}
