/* SPDX-License-Identifier: GPL-2.0-only */
/* The hardware: CPUID, MSRs, CPUs that are there. */
#ifndef TDX_HOST_MACHINE_H
#define TDX_HOST_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool.h"

/**
 * struct machine_cpu - a CPU, by CPUID; in a copy (--root) by /proc/cpuinfo
 * @by_cpuid: by CPUID: not what the kernel made of it
 * @vendor: "GenuineIntel"; "" where nothing is known
 * @hypervisor: its name; "" on bare metal, "unnamed" where it has none
 * @family: family
 * @model: model
 * @stepping: stepping
 * @phys_bits: physical address bits; the kernel's number lacks those of KeyIDs
 * @vmx: has VMX
 * @sgx: has SGX
 * @tme: has TME
 * @clflush: has CLFLUSH
 * @movdir64b: has MOVDIR64B
 * @x2apic: has x2APIC
 */
struct machine_cpu {
	bool by_cpuid;
	char vendor[13];
	char hypervisor[13];
	unsigned int family;
	unsigned int model;
	unsigned int stepping;
	unsigned int phys_bits;
	bool vmx;
	bool sgx;
	bool tme;
	bool clflush;
	bool movdir64b;
	bool x2apic;
};

#define MACHINE_CPUS	8192

/**
 * struct machine_cpus - a set of CPUs
 * @known: the file could be read
 * @count: how many are in it
 * @in: for each CPU whether it is
 */
struct machine_cpus {
	bool known;
	unsigned int count;
	bool in[MACHINE_CPUS];
};

/* Longest text of such a set that is worth printing. */
#define MACHINE_CPUS_TEXT	128

void machine_cpu(const struct tool_options *o, struct machine_cpu *c);
bool machine_flag(const struct tool_options *o, const char *flag);
const char *machine_model(const struct machine_cpu *c);
int machine_msr(const struct tool_options *o, unsigned int cpu,
		unsigned int msr, uint64_t *value);
void machine_cpus(const struct tool_options *o, struct machine_cpus *c,
		  const char *path);
void machine_cpus_minus(struct machine_cpus *c, const struct machine_cpus *b);
char *machine_cpus_text(const struct machine_cpus *c,
			char text[MACHINE_CPUS_TEXT]);

#endif /* TDX_HOST_MACHINE_H */
