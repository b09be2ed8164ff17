// SPDX-License-Identifier: GPL-2.0-only
/*
 * cr4: the register itself, on every CPU.
 *
 * vmx_race: writing a CPU calls tdx_host_cpu_enable() there in the state that
 * an interrupt finds between KVM's setting of CR4.VMXE and its VMXON: VMXE
 * set, no VMX operation.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <asm/processor-flags.h>
#include <asm/processor.h>
#ifdef __has_include	/* sparse does not know it */
#if __has_include(<asm/cpuid/api.h>)
#include <asm/cpuid/api.h>
#endif
#endif

#include <tdx_host/cpu.h>
#include "test.h"

static unsigned long cr4_of[NR_CPUS];

static unsigned long read_cr4(void)
{
	unsigned long cr4;

	asm volatile("mov %%cr4, %0" : "=r" (cr4) : : "memory");
	return cr4;
}

static void write_cr4(unsigned long cr4)
{
	asm volatile("mov %0, %%cr4" : : "r" (cr4) : "memory");
}

static void read_here(void *unused)
{
	cr4_of[smp_processor_id()] = read_cr4();
}

static void cr4_show(struct seq_file *m)
{
	unsigned int cpu;

	cpus_read_lock();
	on_each_cpu(read_here, NULL, 1);
	for_each_online_cpu(cpu)
		seq_printf(m, "%u 0x%lx %s\n", cpu, cr4_of[cpu],
			   cr4_of[cpu] & X86_CR4_VMXE ? "vmxe" : "-");
	cpus_read_unlock();
}

const struct test_file test_cr4 = { .name = "cr4", .show = cr4_show };

static struct race {
	int result;		/* of tdx_host_cpu_enable() */
	unsigned long before;	/* CR4 as it was set for the race */
	unsigned long after;	/* CR4 when tdx_host_cpu_enable() was done */
	bool raced;
} race;

static void race_here(void *unused)
{
	unsigned long found, flags;

	/* On this CPU already off: smp_call_function_single() to itself. */
	local_irq_save(flags);
	found = read_cr4();
	race.raced = !(found & X86_CR4_VMXE);
	if (race.raced) {
		race.before = found | X86_CR4_VMXE;
		write_cr4(race.before);
		race.result = tdx_host_cpu_enable();
		race.after = read_cr4();
		write_cr4(found);
	}
	local_irq_restore(flags);
}

static int race_write(char *line)
{
	unsigned int cpu;
	int ret = kstrtouint(line, 0, &cpu);

	race.raced = false;
	if (ret)
		return ret;
	/* CR4.VMXE is a reserved bit where there is no VMX. */
	if (!(cpuid_ecx(1) & BIT(5)))
		return -EOPNOTSUPP;
	if (cpu >= nr_cpu_ids)
		return -ENXIO;
	ret = smp_call_function_single(cpu, race_here, NULL, 1);
	return ret ?: race.raced ? 0 : -EBUSY;
}

static void race_show(struct seq_file *m)
{
	if (!race.raced)
		return;
	seq_printf(m, "result %d\n", race.result);
	seq_printf(m, "cr4 %s\n", race.before == race.after ? "kept" :
							      "changed");
}

const struct test_file test_vmx_race = {
	.name = "vmx_race",
	.write = race_write,
	.show = race_show,
};
