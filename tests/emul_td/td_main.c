// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_emul_td: an ordinary virtual machine takes itself for a TD, as far as
 * TDCALL goes.  For test machines; never installed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dmi.h>
#include <linux/module.h>
#include <linux/string.h>
#include <asm/cpufeature.h>
#include <asm/processor.h>
#ifdef __has_include	/* sparse does not know it */
#if __has_include(<asm/cpuid/api.h>)
#include <asm/cpuid/api.h>
#endif
#endif

#include "td.h"

struct td td = {
	.lock = __RAW_SPIN_LOCK_UNLOCKED(td.lock),
	.gpaw = 48,
	/* SEPT_VE_DISABLE; what a TD cannot be without; NO_RBP_MOD. */
	.attributes = 1ULL << 28,
	.xfam = 3,
	.config_flags = TD_CONFIG_NO_RBP_MOD,
};

static unsigned int gpaw = 48;
module_param(gpaw, uint, 0444);
MODULE_PARM_DESC(gpaw, "width of guest-physical addresses: 48 (default) or 52");

static bool rbp;
module_param(rbp, bool, 0444);
MODULE_PARM_DESC(rbp, "the TD was made without NO_RBP_MOD: the VMM may be shown RBP");

/* CPUID 21H names the TDX module to a TD: "IntelTDX    ". */
#define CPUID_TDX_GUEST		0x21

static bool in_td(void)
{
	u32 eax, ebx, ecx, edx;

	if (cpuid_eax(0) < CPUID_TDX_GUEST)
		return false;
	cpuid_count(CPUID_TDX_GUEST, 0, &eax, &ebx, &ecx, &edx);
	/* EBX, EDX, ECX hold the twelve letters, in this order. */
	return ebx == 0x65746e49 && edx == 0x5844546c && ecx == 0x20202020;
}

/* Bochs leaves the hypervisor bit clear and says who it is in SMBIOS only. */
static bool in_bochs(void)
{
	const char *vendor = dmi_get_system_info(DMI_BIOS_VENDOR);

	return vendor && strstr(vendor, "Bochs");
}

static int __init td_init(void)
{
	int ret;

	if (!boot_cpu_has(X86_FEATURE_HYPERVISOR) && !in_bochs()) {
		pr_err("this is bare metal: the emulator is for virtual machines only (tests/vm/run boots one)\n");
		return -EPERM;
	}
	if (in_td()) {
		pr_err("this virtual machine is a TD: its TDX module answers TDCALL\n");
		return -EPERM;
	}
	if (gpaw != 48 && gpaw != 52) {
		pr_err("gpaw: %u is neither 48 nor 52\n", gpaw);
		return -EINVAL;
	}
	td.gpaw = gpaw;
	if (rbp)
		td.config_flags &= ~TD_CONFIG_NO_RBP_MOD;
	td_vmm_reset();

	ret = td_control_init();
	if (ret)
		return ret;
	ret = td_trap_init();
	if (ret) {
		td_control_exit();
		return ret;
	}
	pr_info("TDCALL is answered from here on, GPA width %u\n", td.gpaw);
	return 0;
}
module_init(td_init);

static void __exit td_exit(void)
{
	td_trap_exit();
	td_control_exit();
}
module_exit(td_exit);

MODULE_DESCRIPTION("The TDX module as a TD sees it (testing)");
MODULE_LICENSE("GPL");
