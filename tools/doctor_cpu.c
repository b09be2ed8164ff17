// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CPU and what the BIOS set up: CPUID and MSRs.
 *
 * Where tdx_host is loaded it has asked the same, on all CPUs, and answers
 * instead.  In a virtual machine CPUID and MSRs are what the hypervisor shows:
 * they prove nothing once tdx_host has found TDX.
 *
 * Source: Intel SDM volume 4; TDX Module ABI 1.5, "MSRs and KeyIDs".
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/kernel.h>
#include <linux/types.h>

#include "msr.h"

#include "doctor.h"
#include "files.h"

/* 0 where the CPU's check of the platform, MCHECK, was content. */
#define DOCTOR_MSR_MCHECK	0xa0

static const struct {
	unsigned int msr;
	const char *name;
	bool alike;		/* must be the same on all CPUs */
} doctor_msr_list[DOCTOR_MSRS] = {
	[DOCTOR_MTRRCAP] = { TDX_MSR_MTRRCAP, "IA32_MTRRCAP", true },
	[DOCTOR_SEAMRR_BASE] = { TDX_MSR_SEAMRR_BASE, "IA32_SEAMRR_PHYS_BASE",
				 true },
	[DOCTOR_SEAMRR_MASK] = { TDX_MSR_SEAMRR_MASK, "IA32_SEAMRR_PHYS_MASK",
				 true },
	[DOCTOR_KEYID_PART] = { TDX_MSR_MKTME_KEYID_PART,
				"IA32_MKTME_KEYID_PARTITIONING", true },
	[DOCTOR_TME_ACTIVATE] = { TDX_MSR_TME_ACTIVATE, "IA32_TME_ACTIVATE",
				  true },
	[DOCTOR_APIC_BASE] = { TDX_MSR_APIC_BASE, "IA32_APIC_BASE", false },
	[DOCTOR_FEATURE_CONTROL] = { TDX_MSR_FEATURE_CONTROL,
				     "IA32_FEATURE_CONTROL", true },
	[DOCTOR_MCHECK_ERROR] = { DOCTOR_MSR_MCHECK, "MCHECK_ERROR", false },
};

static void doctor_read_msr(struct doctor *d, enum doctor_msr msr)
{
	struct doctor_msr_value *m = &d->msr[msr];
	bool first = true;

	*m = (struct doctor_msr_value) { .err = ENOENT, .odd_cpu = -1 };
	for (unsigned int cpu = 0; cpu < MACHINE_CPUS; cpu++) {
		uint64_t value = 0;
		int err;

		if (!d->h->online.in[cpu])
			continue;
		err = machine_msr(d->h->o, cpu, doctor_msr_list[msr].msr,
				  &value);
		if (first) {
			d->first_cpu = cpu;
			m->err = err;
			m->value = value;
			first = false;
		} else if ((err != m->err || value != m->value) &&
			   m->odd_cpu < 0) {
			m->odd_cpu = cpu;
			m->odd_value = value;
		}
		/* Not once for each of hundreds of CPUs. */
		if (m->err && m->err != EIO)
			return;
	}
}

/** doctor_read_msrs() - all that checks ask for */
void doctor_read_msrs(struct doctor *d)
{
	for (int i = 0; i < DOCTOR_MSRS; i++)
		doctor_read_msr(d, i);
}

/** doctor_knows_msr() - could it be read?  One that the CPU lacks is 0. */
bool doctor_knows_msr(const struct doctor *d, enum doctor_msr msr)
{
	return !d->msr[msr].err || d->msr[msr].err == EIO;
}

/*
 * What tdx_host found, where it is loaded and looked.  False where it did not,
 * and the check has to look itself.
 */
static bool doctor_tdx_host_looked(const struct doctor *d,
				   struct doctor_verdict *v)
{
	if (host_detected(d->h)) {
		doctor_pass(v, "tdx_host found it as it should be");
		return true;
	}
	if (host_state_is(d->h, "unsupported")) {
		doctor_say(v, DOCTOR_SKIP, CAUSE_NONE,
			   "tdx_host found something else wrong");
		return true;
	}
	return false;
}

/* For a check that has no other way to know. */
static bool doctor_no_msr(const struct doctor *d, enum doctor_msr msr,
			  struct doctor_verdict *v)
{
	if (doctor_knows_msr(d, msr))
		return false;
	doctor_say(v, DOCTOR_SKIP, CAUSE_NONE, "%s (MSR %#x) is not known",
		   doctor_msr_list[msr].name, doctor_msr_list[msr].msr);
	return true;
}

/* Is it sure that this CPU has a SEAM range register? */
static bool doctor_has_seam(const struct doctor *d)
{
	return host_detected(d->h) || machine_model(&d->h->cpu) ||
	       d->msr[DOCTOR_MTRRCAP].value & TDX_MTRRCAP_SEAMRR;
}

void doctor_machine(struct doctor *d, struct doctor_verdict *v)
{
	const struct machine_cpu *c = &d->h->cpu;

	if (!c->hypervisor[0])
		doctor_pass(v, "no hypervisor below");
	else if (host_detected(d->h))
		doctor_say(v, DOCTOR_WARN, CAUSE_NONE,
			   "a virtual machine (hypervisor %s), in which tdx_host found TDX",
			   c->hypervisor);
	else if (d->h->last_error)
		doctor_say(v, DOCTOR_WARN, CAUSE_NONE,
			   "a virtual machine (hypervisor %s)", c->hypervisor);
	else if (d->msr[DOCTOR_MTRRCAP].value & TDX_MTRRCAP_SEAMRR)
		doctor_say(v, DOCTOR_WARN, CAUSE_NONE,
			   "a virtual machine (hypervisor %s) that has a SEAM range register",
			   c->hypervisor);
	else
		doctor_say(v, DOCTOR_FAIL, CAUSE_VIRTUAL_MACHINE,
			   "hypervisor %s", c->hypervisor);
}

void doctor_cpu(struct doctor *d, struct doctor_verdict *v)
{
	const struct machine_cpu *c = &d->h->cpu;
	const char *name = machine_model(c);

	if (name) {
		doctor_pass(v, "Intel, family %u, model %#x (%s)", c->family,
			    c->model, name);
		if (!d->h->state && doctor_knows_msr(d, DOCTOR_MTRRCAP) &&
		    !doctor_has_seam(d))
			doctor_say(v, DOCTOR_FAIL, CAUSE_NO_TDX_CPU,
				   "%s", name);
		return;
	}
	if (!c->vendor[0]) {
		doctor_say(v, DOCTOR_SKIP, CAUSE_NONE, "the CPU is not known");
	} else if (d->h->state && !host_state_is(d->h, "disabled")) {
		doctor_say(v, DOCTOR_WARN, CAUSE_MODEL_UNKNOWN,
			   "%s, family %u, model %#x", c->vendor, c->family,
			   c->model);
	} else if (strcmp(c->vendor, "GenuineIntel")) {
		doctor_say(v, DOCTOR_FAIL, CAUSE_NOT_INTEL, "%s", c->vendor);
	} else if (doctor_knows_msr(d, DOCTOR_MTRRCAP) && !doctor_has_seam(d)) {
		doctor_say(v, DOCTOR_FAIL, CAUSE_NO_TDX_CPU,
			   "family %u, model %#x; IA32_MTRRCAP = %#llx, bit 15 is clear",
			   c->family, c->model, (unsigned long long)
			   d->msr[DOCTOR_MTRRCAP].value);
	} else {
		doctor_say(v, DOCTOR_WARN, CAUSE_MODEL_UNKNOWN,
			   "%s, family %u, model %#x", c->vendor, c->family,
			   c->model);
	}
}

void doctor_vmx(struct doctor *d, struct doctor_verdict *v)
{
	const struct machine_cpu *c = &d->h->cpu;
	uint64_t control = d->msr[DOCTOR_FEATURE_CONTROL].value;

	if (host_state_is(d->h, "ready")) {
		doctor_pass(v, "tdx_host uses it");
	} else if (!c->vmx && host_detected(d->h) && c->hypervisor[0]) {
		doctor_say(v, DOCTOR_WARN, CAUSE_NONE,
			   "this virtual machine shows none; tdx_host says whether it works, when TDX is initialised");
	} else if (!c->vmx && d->h->last_error) {
		doctor_say(v, DOCTOR_WARN, CAUSE_NONE, "CPUID shows none");
	} else if (!c->vmx && !c->by_cpuid) {
		/* The kernel takes the flag away in both cases. */
		doctor_say(v, DOCTOR_FAIL, CAUSE_VMX_LOCKED_OFF,
			   "or the CPU has none: /proc/cpuinfo lacks the flag vmx");
	} else if (!c->vmx) {
		doctor_say(v, DOCTOR_FAIL, CAUSE_VMX_ABSENT, NULL);
	} else if (!doctor_knows_msr(d, DOCTOR_FEATURE_CONTROL)) {
		if (machine_flag(d->h->o, "vmx"))
			doctor_pass(v, "the kernel says that it can be used");
		else
			doctor_say(v, DOCTOR_FAIL, CAUSE_VMX_LOCKED_OFF,
				   "/proc/cpuinfo lacks the flag vmx");
	} else if (!(control & TDX_FEATURE_CONTROL_LOCK) ||
		   !(control & TDX_FEATURE_CONTROL_VMX)) {
		doctor_say(v, DOCTOR_FAIL, CAUSE_VMX_LOCKED_OFF,
			   "MSR 0x3a = %#llx, bits 0 and 2 must be set",
			   (unsigned long long)control);
	} else {
		doctor_pass(v, "the BIOS allows it");
	}
}

void doctor_msrs(struct doctor *d, struct doctor_verdict *v)
{
	const struct doctor_msr_value *m = &d->msr[DOCTOR_MTRRCAP];

	if (doctor_tdx_host_looked(d, v))
		return;
	if (m->err == ENOENT || m->err == ENXIO || m->err == ENOTDIR) {
		doctor_say(v, DOCTOR_SKIP, CAUSE_NO_MSR_FILES,
			   "no /dev/cpu/%u/msr", d->first_cpu);
		return;
	}
	if (!doctor_knows_msr(d, DOCTOR_MTRRCAP)) {
		char *lockdown = files_read(d->h->o,
					    "/sys/kernel/security/lockdown");
		bool locked = lockdown && !strstr(lockdown, "[none]");

		free(lockdown);
		doctor_say(v, DOCTOR_SKIP, locked && !geteuid() ?
			   CAUSE_LOCKDOWN_MSRS : CAUSE_NOT_ROOT,
			   "/dev/cpu/%u/msr: %s", d->first_cpu,
			   strerror(m->err));
		return;
	}
	for (int i = 0; i < DOCTOR_MSRS; i++) {
		m = &d->msr[i];
		if (!doctor_msr_list[i].alike || m->odd_cpu < 0)
			continue;
		doctor_say(v, DOCTOR_FAIL, CAUSE_CPUS_DIFFER,
			   "CPU %d has %s (MSR %#x) = %#llx where CPU %u has %#llx",
			   m->odd_cpu, doctor_msr_list[i].name,
			   doctor_msr_list[i].msr,
			   (unsigned long long)m->odd_value, d->first_cpu,
			   (unsigned long long)m->value);
		return;
	}
	doctor_pass(v, "the BIOS set up %u CPU%s alike", d->h->online.count,
		    d->h->online.count == 1 ? "" : "s");
}

void doctor_tme(struct doctor *d, struct doctor_verdict *v)
{
	uint64_t act = d->msr[DOCTOR_TME_ACTIVATE].value;

	if (doctor_tdx_host_looked(d, v) ||
	    doctor_no_msr(d, DOCTOR_TME_ACTIVATE, v))
		return;
	if (!(act & TDX_TME_ACTIVATE_LOCK) || !(act & TDX_TME_ACTIVATE_ENABLE))
		doctor_say(v, DOCTOR_FAIL, CAUSE_TME_OFF,
			   "IA32_TME_ACTIVATE = %#llx, bits 0 and 1 must be set%s",
			   (unsigned long long)act,
			   d->h->cpu.tme ? "" : "; CPUID shows no TME");
	else
		doctor_pass(v, "TME is active, %llu bits for KeyIDs",
			    (unsigned long long)act >> 32 & 0xf);
}

/* Private KeyIDs and those of MKTME: SDM 4, IA32_MKTME_KEYID_PARTITIONING. */
static unsigned int doctor_tdx_keyids(const struct doctor *d)
{
	return d->msr[DOCTOR_KEYID_PART].value >> 32;
}

void doctor_seamrr(struct doctor *d, struct doctor_verdict *v)
{
	unsigned long long mask = d->msr[DOCTOR_SEAMRR_MASK].value;

	if (doctor_tdx_host_looked(d, v) ||
	    doctor_no_msr(d, DOCTOR_SEAMRR_MASK, v))
		return;
	if (!(mask & TDX_SEAMRR_MASK_VALID))
		doctor_say(v, DOCTOR_FAIL, doctor_tdx_keyids(d) ?
			   CAUSE_KEYIDS_WITHOUT_SEAM_RANGE :
			   CAUSE_NO_SEAM_RANGE,
			   "IA32_SEAMRR_PHYS_MASK = %#llx, bit 11 is clear; %u private KeyIDs",
			   mask, doctor_tdx_keyids(d));
	else if (!(mask & TDX_SEAMRR_MASK_LOCK))
		doctor_say(v, DOCTOR_FAIL, CAUSE_SEAM_RANGE_UNLOCKED,
			   "IA32_SEAMRR_PHYS_MASK = %#llx, bit 10 is clear",
			   mask);
	else
		doctor_pass(v, "at %#llx, locked", (unsigned long long)
			    d->msr[DOCTOR_SEAMRR_BASE].value & ~0x1ffffffULL);
}

void doctor_mcheck(struct doctor *d, struct doctor_verdict *v)
{
	const struct doctor_msr_value *m = &d->msr[DOCTOR_MCHECK_ERROR];
	uint64_t control = d->msr[DOCTOR_FEATURE_CONTROL].value;
	bool failed = d->verdict[CHECK_SEAMRR].result == DOCTOR_FAIL;

	if (host_detected(d->h)) {
		doctor_pass(v, "the SEAM range is there, so they were content");
	} else if (!m->err && m->value && (failed || !d->h->state)) {
		doctor_say(v, DOCTOR_FAIL, CAUSE_MCHECK_FAILED,
			   "MSR 0xa0 = %#llx", (unsigned long long)m->value);
	} else if (!m->err && !m->value) {
		/* IA32_FEATURE_CONTROL bit 18: SGX is enabled. */
		if (failed && !(control & 1ULL << 18))
			doctor_say(v, DOCTOR_WARN, CAUSE_SGX_OFF,
				   "MSR 0x3a = %#llx, bit 18 is clear",
				   (unsigned long long)control);
		else
			doctor_pass(v, "MSR 0xa0 is 0, SGX is %s",
				    control & 1ULL << 18 ? "on" : "off");
	} else {
		doctor_say(v, DOCTOR_SKIP, CAUSE_NONE, m->err == EIO ?
			   "this CPU has no MSR 0xa0" :
			   "MCHECK_ERROR (MSR 0xa0) is not known");
	}
}

void doctor_keyids(struct doctor *d, struct doctor_verdict *v)
{
	unsigned int tdx = doctor_tdx_keyids(d);
	unsigned int mktme = d->msr[DOCTOR_KEYID_PART].value;

	if (doctor_tdx_host_looked(d, v) ||
	    doctor_no_msr(d, DOCTOR_KEYID_PART, v))
		return;
	if (tdx < 2)
		doctor_say(v, DOCTOR_FAIL, tdx ? CAUSE_ONE_KEYID :
			   CAUSE_NO_KEYIDS, "%u KeyIDs are MKTME's", mktme);
	else
		doctor_pass(v, "%u: one for the TDX module, %u for TDs; %u are MKTME's",
			    tdx, tdx - 1, mktme);
}

void doctor_addresses(struct doctor *d, struct doctor_verdict *v)
{
	unsigned int bits = d->h->cpu.phys_bits, keyid_bits = 0;

	if (d->h->last_error && strstr(d->h->last_error, "leaf 0x80000008")) {
		doctor_say(v, DOCTOR_FAIL, CAUSE_NARROW_ADDRESSES, "%s",
			   d->h->last_error);
		return;
	}
	if (host_state_is(d->h, "ready")) {
		doctor_pass(v, "the TDX module is content");
		return;
	}
	if (d->h->cpu.hypervisor[0] || !bits || !doctor_has_seam(d)) {
		doctor_say(v, DOCTOR_SKIP, CAUSE_NONE,
			   "%u here; it counts on CPUs with TDX", bits);
		return;
	}
	/* The kernel takes those of KeyIDs away. */
	if (!d->h->cpu.by_cpuid)
		keyid_bits = d->msr[DOCTOR_TME_ACTIVATE].value >> 32 & 0xf;
	if (bits + keyid_bits >= 52)
		doctor_pass(v, "%u", bits + keyid_bits);
	else if (!d->h->cpu.by_cpuid &&
		 !doctor_knows_msr(d, DOCTOR_TME_ACTIVATE))
		doctor_say(v, DOCTOR_SKIP, CAUSE_NONE,
			   "%u and those of KeyIDs, which are not known", bits);
	else
		doctor_say(v, DOCTOR_FAIL, CAUSE_NARROW_ADDRESSES,
			   "%u bits", bits + keyid_bits);
}

void doctor_x2apic(struct doctor *d, struct doctor_verdict *v)
{
	uint64_t apic = d->msr[DOCTOR_APIC_BASE].value;
	char *word;

	if (doctor_tdx_host_looked(d, v))
		return;
	word = host_boot_word(d->h, "nox2apic");
	if (word)
		doctor_say(v, DOCTOR_FAIL, CAUSE_NO_X2APIC,
			   "nox2apic is on the kernel's command line");
	else if (doctor_no_msr(d, DOCTOR_APIC_BASE, v))
		;
	else if (apic & TDX_APIC_BASE_EXTD)
		doctor_pass(v, "on");
	else
		doctor_say(v, DOCTOR_FAIL, CAUSE_NO_X2APIC,
			   "IA32_APIC_BASE = %#llx, bit 10 is clear",
			   (unsigned long long)apic);
	free(word);
}

void doctor_instructions(struct doctor *d, struct doctor_verdict *v)
{
	const struct machine_cpu *c = &d->h->cpu;

	if (doctor_tdx_host_looked(d, v))
		return;
	if (!machine_flag(d->h->o, "clflush"))
		doctor_say(v, DOCTOR_FAIL, CAUSE_NO_CLFLUSH, NULL);
	else if ((c->model == 0x8f || c->model == 0xcf) && machine_model(c) &&
		 !machine_flag(d->h->o, "movdir64b"))
		doctor_say(v, DOCTOR_FAIL, CAUSE_NO_MOVDIR64B, NULL);
	else
		doctor_pass(v, "CLFLUSH%s", machine_flag(d->h->o, "movdir64b") ?
			    " and MOVDIR64B" : "");
}
