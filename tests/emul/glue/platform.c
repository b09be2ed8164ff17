// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine that the emulator is loaded on: whether it may be there, and
 * which CPUs and packages it has.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/dmi.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <asm/apic.h>
#include <asm/asm.h>
#include <asm/cpufeature.h>
#include <asm/msr-index.h>
#include <asm/processor.h>
#ifdef __has_include	/* sparse does not know it */
#if __has_include(<asm/cpuid/api.h>)
#include <asm/cpuid/api.h>
#endif
#endif

#include "emul.h"
#include "../model/env.h"

/* IA32_MTRRCAP[15]: the CPU has SEAMRR.  Intel SDM volume 4. */
#define MTRRCAP			0xfe
#define MTRRCAP_SEAMRR		(1ULL << 15)
/* CPUID 21H names the TDX module to a TD: "IntelTDX    ". */
#define CPUID_TDX_GUEST		0x21

/* Written out: the accessors changed their names, the instruction did not. */
bool emul_platform_rdmsr(u32 msr, u64 *value)
{
	u32 lo = 0, hi = 0, ok = 0;

	asm volatile("1:	rdmsr\n"
		     "	movl $1, %[ok]\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : "+a" (lo), "+d" (hi), [ok] "+r" (ok)
		     : "c" (msr));
	*value = ok ? (u64)hi << 32 | lo : 0;
	return ok;
}

/* Of this CPU's local APIC, which has it until interrupts are on again. */
bool env_interrupt_pending(u8 vector)
{
	unsigned int reg = vector / 32;
	u64 base, irr;

	if (!emul_platform_rdmsr(MSR_IA32_APICBASE, &base))
		return false;
	if (!(base & X2APIC_ENABLE))
		irr = native_apic_mem_read(APIC_IRR + 16 * reg);
	else
		emul_platform_rdmsr(APIC_BASE_MSR + APIC_IRR / 16 + reg, &irr);
	return irr >> vector % 32 & 1;
}

bool emul_platform_has_vmx(void)
{
	return cpuid_ecx(1) & BIT(5);
}

u64 emul_platform_xfeatures(void)
{
	u32 eax, ebx, ecx, edx;

	cpuid_count(0xd, 0, &eax, &ebx, &ecx, &edx);
	return (u64)edx << 32 | eax;
}

static bool in_td(void)
{
	u32 eax, ebx, ecx, edx;

	if (cpuid_eax(0) < CPUID_TDX_GUEST)
		return false;
	cpuid_count(CPUID_TDX_GUEST, 0, &eax, &ebx, &ecx, &edx);
	/* EBX, EDX, ECX hold the twelve letters, in this order. */
	return ebx == 0x65746e49 && edx == 0x5844546c && ecx == 0x20202020;
}

/*
 * Bochs runs the guest as on bare metal, hypervisor bit clear, and says who
 * it is in SMBIOS only.
 */
static bool in_bochs(void)
{
	static const int fields[] = { DMI_BIOS_VENDOR, DMI_SYS_VENDOR };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		const char *s = dmi_get_system_info(fields[i]);

		if (s && strstr(s, "Bochs"))
			return true;
	}
	return false;
}

/* 0, or -EPERM after the sentence that says why the emulator must not run. */
int emul_platform_check(void)
{
	u64 mtrrcap;

	if (!boot_cpu_has(X86_FEATURE_HYPERVISOR) && !in_bochs()) {
		pr_err("this is bare metal: the emulator is for virtual machines only (tests/vm/run boots one)\n");
		return -EPERM;
	}
	if (in_td()) {
		pr_err("this virtual machine is a TD itself: boot an ordinary one\n");
		return -EPERM;
	}
	if (emul_platform_rdmsr(MTRRCAP, &mtrrcap) &&
	    (mtrrcap & MTRRCAP_SEAMRR)) {
		pr_err("this CPU has real TDX (IA32_MTRRCAP says SEAMRR): boot a virtual machine whose CPU has not\n");
		return -EPERM;
	}
#ifdef X86_FEATURE_TDX_HOST_PLATFORM
	/* boot_cpu_has() is constant false without CONFIG_INTEL_TDX_HOST. */
	if (test_cpu_cap(&boot_cpu_data, X86_FEATURE_TDX_HOST_PLATFORM)) {
		pr_err("this kernel runs real TDX (CPU flag tdx_host_platform): boot a virtual machine without it\n");
		return -EPERM;
	}
#endif
	return 0;
}

/* BIOS knows the CPUs up to the last one that is present. */
unsigned int emul_platform_lps(void)
{
	unsigned int cpu, lps = 1;

	for_each_present_cpu(cpu)
		lps = cpu + 1;
	return lps;
}

/*
 * Fill in the package of each LP, numbered densely in order of appearance;
 * returns how many there are.  CPU numbers may have gaps, where a socket is
 * empty; LPs after the last CPU, asked for with lps=, are in the last package.
 */
unsigned int emul_platform_pkgs(u8 *lp_pkg, unsigned int lps)
{
	int ids[MODEL_MAX_PKGS];
	unsigned int lp, pkg, nr = 0, last = emul_platform_lps();

	for (lp = 0; lp < lps; lp++) {
		int id;

		if (lp >= nr_cpu_ids || !cpu_present(lp)) {
			lp_pkg[lp] = lp < last ? MODEL_NO_LP : nr ? nr - 1 : 0;
			continue;
		}
		id = topology_physical_package_id(lp);
		for (pkg = 0; pkg < nr && ids[pkg] != id; pkg++)
			;
		if (pkg == nr && nr < MODEL_MAX_PKGS)
			ids[nr++] = id;
		lp_pkg[lp] = min(pkg, MODEL_MAX_PKGS - 1U);
	}
	return nr ?: 1;
}
