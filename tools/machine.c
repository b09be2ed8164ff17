// SPDX-License-Identifier: GPL-2.0-only
/* The hardware: CPUID, MSRs, CPUs that are there. */
#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "files.h"
#include "machine.h"

static const struct {
	unsigned int model;
	const char *name;
} machine_models[] = {
#define TOOL_MODEL(model, name) { model, name },
#include "models.def"
};

/* The text after "NAME<tab>: " in the first CPU's part of /proc/cpuinfo. */
static const char *machine_field(const char *cpuinfo, const char *name)
{
	size_t n = strlen(name);

	while (cpuinfo && *cpuinfo) {
		if (!strncmp(cpuinfo, name, n) &&
		    strchr("\t :", cpuinfo[n])) {
			cpuinfo += n + strspn(cpuinfo + n, "\t ");
			return cpuinfo + strspn(cpuinfo, ": ");
		}
		cpuinfo = strchr(cpuinfo, '\n');
		if (cpuinfo)
			cpuinfo++;
	}
	return NULL;
}

/* Is @word one of those in the line @list? */
static bool machine_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	while (list && *list && *list != '\n') {
		size_t length = strcspn(list, " \n");

		if (length == n && !memcmp(list, word, n))
			return true;
		list += length;
		list += *list == ' ';
	}
	return false;
}

/**
 * machine_flag() - does the kernel say that the CPUs have this?
 * @o: options, with the root
 * @flag: as in the flags of /proc/cpuinfo
 */
bool machine_flag(const struct tool_options *o, const char *flag)
{
	char *cpuinfo = files_read(o, "/proc/cpuinfo");
	bool yes = machine_word(machine_field(cpuinfo, "flags"), flag);

	free(cpuinfo);
	return yes;
}

static unsigned int machine_number(const char *cpuinfo, const char *name)
{
	const char *value = machine_field(cpuinfo, name);

	return value ? strtoul(value, NULL, 0) : 0;
}

static void machine_cpu_by_file(const struct tool_options *o,
				struct machine_cpu *c)
{
	char *cpuinfo = files_read(o, "/proc/cpuinfo");
	const char *vendor = machine_field(cpuinfo, "vendor_id");
	const char *flags = machine_field(cpuinfo, "flags");

	if (vendor)
		snprintf(c->vendor, sizeof(c->vendor), "%.*s",
			 (int)strcspn(vendor, "\n"), vendor);
	if (machine_word(flags, "hypervisor"))
		strcpy(c->hypervisor, "unnamed");
	c->family = machine_number(cpuinfo, "cpu family");
	c->model = machine_number(cpuinfo, "model");
	c->stepping = machine_number(cpuinfo, "stepping");
	c->phys_bits = machine_number(cpuinfo, "address sizes");
	c->vmx = machine_word(flags, "vmx");
	c->sgx = machine_word(flags, "sgx");
	c->tme = machine_word(flags, "tme");
	c->clflush = machine_word(flags, "clflush");
	c->movdir64b = machine_word(flags, "movdir64b");
	c->x2apic = machine_word(flags, "x2apic");
	free(cpuinfo);
}

/* SDM 2A, CPUID: leaves 0, 1, 7, 0x40000000, 0x80000008. */
static void machine_cpu_by_cpuid(struct machine_cpu *c)
{
	unsigned int a, b, cx, d;

	c->by_cpuid = true;
	if (!__get_cpuid(0, &a, &b, &cx, &d))
		return;
	memcpy(c->vendor, &b, 4);
	memcpy(c->vendor + 4, &d, 4);
	memcpy(c->vendor + 8, &cx, 4);
	if (!__get_cpuid(1, &a, &b, &cx, &d))
		return;
	c->family = (a >> 8) & 0xf;
	c->model = (a >> 4) & 0xf;
	c->stepping = a & 0xf;
	if (c->family == 0xf)
		c->family += (a >> 20) & 0xff;
	if (c->family >= 6)
		c->model |= (a >> 12) & 0xf0;
	c->vmx = cx & 1u << 5;
	c->x2apic = cx & 1u << 21;
	c->clflush = d & 1u << 19;
	if (cx & 1u << 31) {
		__cpuid(0x40000000, a, b, cx, d);
		memcpy(c->hypervisor, &b, 4);
		memcpy(c->hypervisor + 4, &cx, 4);
		memcpy(c->hypervisor + 8, &d, 4);
		for (char *p = c->hypervisor; *p; p++)
			if (*p < ' ' || *p > '~')
				*p = '?';
		if (!c->hypervisor[0])
			strcpy(c->hypervisor, "unnamed");
	}
	if (__get_cpuid_count(7, 0, &a, &b, &cx, &d)) {
		c->sgx = b & 1u << 2;
		c->tme = cx & 1u << 13;
		c->movdir64b = cx & 1u << 28;
	}
	if (__get_cpuid(0x80000008, &a, &b, &cx, &d))
		c->phys_bits = a & 0xff;
}

/**
 * machine_cpu() - what the CPUs are
 * @o: options, with the root
 * @c: filled in
 */
void machine_cpu(const struct tool_options *o, struct machine_cpu *c)
{
	*c = (struct machine_cpu) { };
	if (*o->root)
		machine_cpu_by_file(o, c);
	else
		machine_cpu_by_cpuid(c);
}

/**
 * machine_model() - the name of a CPU that can be a TDX host
 * @c: CPU
 *
 * Return: its name, NULL where it is not in the list.
 */
const char *machine_model(const struct machine_cpu *c)
{
	if (strcmp(c->vendor, "GenuineIntel") || c->family != 6)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(machine_models); i++)
		if (machine_models[i].model == c->model)
			return machine_models[i].name;
	return NULL;
}

/* In a copy each MSR is a file, dev/cpu/N/msr/0xMSR, as rdmsr(1) prints it. */
static int machine_msr_by_file(const struct tool_options *o, unsigned int cpu,
			       unsigned int msr, uint64_t *value)
{
	char *text = files_read(o, "/dev/cpu/%u/msr/%#x", cpu, msr), *end;
	int err = 0;

	if (!text)
		return files_exist(o, "/dev/cpu/%u/msr", cpu) &&
		       errno == ENOENT ? EIO : errno;
	*value = strtoull(text, &end, 16);
	if (end == text || *end)
		err = EINVAL;
	free(text);
	return err;
}

/**
 * machine_msr() - read an MSR
 * @o: options, with the root
 * @cpu: CPU
 * @msr: its number
 * @value: filled in
 *
 * Return: 0; EIO where the CPU has no such MSR; or the errno of the file:
 *	   ENOENT where there is none, EACCES or EPERM where it may not be read.
 */
int machine_msr(const struct tool_options *o, unsigned int cpu,
		unsigned int msr, uint64_t *value)
{
	char *path;
	int fd, err = 0;

	if (*o->root)
		return machine_msr_by_file(o, cpu, msr, value);
	path = files_path(o, "/dev/cpu/%u/msr", cpu);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	free(path);
	if (fd < 0)
		return errno;
	if (pread(fd, value, sizeof(*value), msr) != sizeof(*value))
		err = errno ? errno : EIO;
	close(fd);
	return err;
}

/**
 * machine_cpus() - read a list of CPUs
 * @o: options, with the root
 * @c: filled in
 * @path: a file with a list like "0-3,8"
 */
void machine_cpus(const struct tool_options *o, struct machine_cpus *c,
		  const char *path)
{
	char *text = files_read(o, "%s", path), *p = text;

	memset(c, 0, sizeof(*c));
	c->known = text;
	while (p && *p >= '0' && *p <= '9') {
		unsigned long first = strtoul(p, &p, 10), last = first;

		if (*p == '-')
			last = strtoul(p + 1, &p, 10);
		for (; first <= last && first < MACHINE_CPUS; first++) {
			c->count += !c->in[first];
			c->in[first] = true;
		}
		p += *p == ',';
	}
	free(text);
}

/** machine_cpus_minus() - leave out those of another set */
void machine_cpus_minus(struct machine_cpus *c, const struct machine_cpus *b)
{
	for (unsigned int i = 0; i < MACHINE_CPUS; i++) {
		if (!c->in[i] || !b->in[i])
			continue;
		c->in[i] = false;
		c->count--;
	}
}

/**
 * machine_cpus_text() - a set as people read it
 * @c: the set
 * @text: filled in; what does not fit is "..."
 *
 * Return: @text, "none" for an empty set.
 */
char *machine_cpus_text(const struct machine_cpus *c,
			char text[MACHINE_CPUS_TEXT])
{
	size_t n = 0;

	strcpy(text, "none");
	for (unsigned int i = 0; i < MACHINE_CPUS; i++) {
		unsigned int last = i;

		if (!c->in[i])
			continue;
		while (last + 1 < MACHINE_CPUS && c->in[last + 1])
			last++;
		/* Room for "..." and for the longest range. */
		if (n > MACHINE_CPUS_TEXT - 16) {
			strcpy(text + n, ",...");
			break;
		}
		n += sprintf(text + n, last > i ? "%s%u-%u" : "%s%u",
			     n ? "," : "", i, last);
		i = last;
	}
	return text;
}
