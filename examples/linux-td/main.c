// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading the module boots a Linux kernel in a TD, shows its console in the
 * kernel log, and destroys the TD when the guest has halted.  Loading fails
 * where that does.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include <tdx_host/mng.h>
#include <tdx_host/sysinfo.h>
#include <tdx_host/tdx_host.h>

#include "linux_td.h"

#if TDX_HOST_API_VERSION != 1
#error linux_td is written for version 1 of the interface of tdx_host
#endif

static char *kernel;
module_param(kernel, charp, 0444);
MODULE_PARM_DESC(kernel, "file name of the guest's kernel, a vmlinux");

static char *initrd;
module_param(initrd, charp, 0444);
MODULE_PARM_DESC(initrd, "file name of its initramfs (none)");

static char *cmdline = "earlyprintk=serial,ttyS0,115200 console=ttyS0";
module_param(cmdline, charp, 0444);
MODULE_PARM_DESC(cmdline, "its command line");

static unsigned int mem = 256;
module_param(mem, uint, 0444);
MODULE_PARM_DESC(mem, "its memory, MiB (256)");

static unsigned int vcpus = CONSUMER_MAX_VCPUS;
module_param(vcpus, uint, 0444);
MODULE_PARM_DESC(vcpus, "its VCPUs (2)");

static bool holds_vmx;
module_param(holds_vmx, bool, 0444);
MODULE_PARM_DESC(holds_vmx,
		 "KVM is kept in VMX operation meanwhile, as <tdx_host/vp.h> says, so that VCPUs are not flushed at each exit (N)");

#define MAX_MEM			1024

/* Metadata of a TD.  Source: TDX Module ABI 1.5. */
#define TD_TSC_OFFSET		0x111000030000000aULL
#define TD_TSC_MULTIPLIER	0x111000030000000bULL

#define CPUID_FEATURES		1
#define FEATURES_EBX_COUNT	16	/* shift: logical processors */
#define FEATURES_ECX_DEADLINE	BIT(24)

/* Somebody wants the module gone, or TDX goes down. */
bool consumer_given_up(void)
{
	return consumer_going_down() || fatal_signal_pending(current);
}

void consumer_balance(void)
{
	pr_info("linux_td: TD destroyed: %u pages, %u KeyIDs outstanding\n",
		consumer_pages_out(), consumer_keyids_out());
}

/* Of the bits that can be configured Linux wants the timer's. */
static void td_set_cpuid(struct tdx_host_td_params *p)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();
	unsigned int i;

	for (i = 0; i < si->num_cpuid_config; i++) {
		const struct tdx_host_cpuid_config *c = &si->cpuid_config[i];

		if (c->leaf != CPUID_FEATURES)
			continue;
		p->cpuid[i][1] = vcpus << FEATURES_EBX_COUNT & c->ebx;
		p->cpuid[i][2] = FEATURES_ECX_DEADLINE & c->ecx;
	}
}

static void td_set_params(struct tdx_host_td_params *p)
{
	p->tsc_frequency = linux_td_tsc_units();
	td_set_cpuid(p);
}

static int td_read_field(struct linux_td *t, u64 field, u64 *value)
{
	u64 status = tdx_host_mng_rd(&t->c.td, field, value);

	return tdx_status_ok(status) ? 0 :
	       consumer_failed(&t->c, TDH_MNG_RD, status);
}

static int linux_td_prepare(struct linux_td *t)
{
	unsigned int i;
	int ret;

	ret = linux_td_memory_init(t);
	for (i = 0; i < t->c.vcpus && !ret; i++) {
		t->vcpu[i].t = t;
		t->vcpu[i].nr = i;
		t->vcpu[i].vp = &t->c.vp[i];
		ret = linux_td_apic_init(&t->vcpu[i]);
	}
	if (!ret)
		ret = td_read_field(t, TD_TSC_OFFSET, &t->tsc_offset);
	if (!ret)
		ret = td_read_field(t, TD_TSC_MULTIPLIER, &t->tsc_multiplier);
	if (!ret)
		ret = linux_td_boot_load(t, kernel, initrd, cmdline);
	return ret;
}

static int linux_td_live(struct linux_td *t)
{
	unsigned int i;
	int ret, ret_destroy;

	ret = consumer_td_create(&t->c);
	if (ret)
		return ret;
	ret = consumer_td_init(&t->c);
	if (!ret)
		ret = consumer_vcpus_create(&t->c);
	if (!ret)
		ret = linux_td_prepare(t);
	if (!ret)
		ret = consumer_td_finalize(&t->c, t->mrtd);
	if (!ret) {
		linux_td_say("MRTD %*phN", (int)sizeof(t->mrtd), t->mrtd);
		ret = linux_td_run(t);
	}
	ret_destroy = consumer_td_destroy(&t->c);
	/* No VCPU is entered any more, even if the TD is not gone. */
	for (i = 0; i < t->c.vcpus; i++)
		linux_td_apic_exit(&t->vcpu[i]);
	linux_td_memory_exit(t);
	return ret ? ret : ret_destroy;
}

static int linux_td_boot(void)
{
	struct linux_td *t = kzalloc(sizeof(*t), GFP_KERNEL);
	int ret;

	if (!t)
		return -ENOMEM;
	mutex_init(&t->memory);
	xa_init(&t->shared);
	t->ram = (u64)mem << 20;
	t->c.vcpus = vcpus;
	t->c.td.holds_vmx = holds_vmx;
	t->c.params = td_set_params;
	consumer_pages_init(&t->c);
	ret = consumer_begin();
	if (!ret) {
		ret = linux_td_live(t);
		consumer_end();
	}
	consumer_pages_exit(&t->c);
	kfree(t);
	return ret;
}

static int __init linux_td_init(void)
{
	int ret;

	if (!kernel || !vcpus || vcpus > CONSUMER_MAX_VCPUS || mem & 1 ||
	    mem < 2 || mem > MAX_MEM) {
		pr_err("linux_td: kernel= names a vmlinux, mem= is even and at most %u, vcpus= is 1 to %u\n",
		       MAX_MEM, CONSUMER_MAX_VCPUS);
		return -EINVAL;
	}
	ret = tdx_host_enable();
	if (ret) {
		pr_err("linux_td: TDX is not to be had (%d): /sys/devices/platform/tdx_host/last_error says why\n",
		       ret);
		return ret;
	}
	ret = consumer_hold_init();
	if (ret)
		return ret;
	ret = linux_td_boot();
	consumer_hold_exit();
	consumer_balance();
	return ret;
}
module_init(linux_td_init);

/* The guest is gone by the time that the module is there. */
static void __exit linux_td_exit(void)
{
}
module_exit(linux_td_exit);

MODULE_DESCRIPTION("Linux in a TD, an example of a VMM on tdx_host");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
/* MODULE_IMPORT_NS() takes a name before 6.13 and a string after. */
MODULE_INFO(import_ns, "TDX_HOST");
