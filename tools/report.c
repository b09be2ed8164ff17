// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx-host report: a bug report in markdown.
 *
 * Nothing secret: no serial numbers, no names or addresses of hosts and users.
 * Of the kernel's command line only words that are known to be harmless keep
 * their values; of the log only lines about TDX are shown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "cause.h"
#include "doctor.h"
#include "files.h"
#include "out.h"

/* Words of the kernel's command line that say nothing about anybody. */
static const char *const report_words[] = {
	"clearcpuid", "crashkernel", "efi", "hugepages", "hugepagesz",
	"default_hugepagesz", "init_on_alloc", "init_on_free", "intel_iommu",
	"iommu", "isolcpus", "kvm", "kvm_intel", "lockdown", "maxcpus", "mem",
	"mem_encrypt", "mem_sleep_default", "memmap", "mitigations",
	"module.sig_enforce", "noexec", "nohibernate", "nokaslr", "nosmp",
	"nosmt", "nox2apic", "nr_cpus", "numa_balancing", "panic",
	"possible_cpus", "quiet", "ro", "rw", "splash", "tdx_host", "tsc",
	"tsx",
};

/* "kvm" stands for "kvm.tdp_mmu" as well. */
static bool report_harmless(const char *word, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(report_words); i++) {
		size_t n = strlen(report_words[i]);

		if (length >= n && !strncmp(word, report_words[i], n) &&
		    (length == n || word[n] == '=' || word[n] == '.'))
			return true;
	}
	return false;
}

/* The command line without what it may give away, to free. */
static char *report_boot(const struct host *h)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		abort();
	for (const char *p = h->boot; p && *p; ) {
		size_t length = strcspn(p, " \n");
		size_t name = strcspn(p, "= \n");

		if (report_harmless(p, length))
			fprintf(f, "%.*s ", (int)length, p);
		else if (name < length)
			fprintf(f, "%.*s=(hidden) ", (int)name, p);
		else if (length)
			fprintf(f, "(hidden) ");
		p += length;
		p += strspn(p, " \n");
	}
	fclose(f);
	return text;
}

static void report_fact(const char *label, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	out_raw("* %s: %s\n", label, value);
	out_value(key, json_object_new_string(value));
}

static void report_file(const struct host *h, const char *label,
			const char *key, const char *path)
{
	char *value = files_read(h->o, "%s", path);

	if (value)
		value[strcspn(value, "\n")] = '\0';
	report_fact(label, key, value);
	free(value);
}

/* PRETTY_NAME="..." */
static void report_system(const struct host *h)
{
	char *text = files_read(h->o, "/etc/os-release");
	char *name = text ? strstr(text, "PRETTY_NAME=") : NULL;

	if (name) {
		name += strlen("PRETTY_NAME=");
		name += *name == '"';
		name[strcspn(name, "\"\n")] = '\0';
		report_fact("system", "system", name);
	}
	free(text);
}

static void report_versions(const struct host *h)
{
	char cpu[128], *boot = report_boot(h);
	const char *model = machine_model(&h->cpu);

	snprintf(cpu, sizeof(cpu), "%s family %u model %#x stepping %u%s%s%s",
		 h->cpu.vendor, h->cpu.family, h->cpu.model, h->cpu.stepping,
		 model ? " (" : "", model ? model : "", model ? ")" : "");
	out_raw("## Versions\n\n");
	out_begin("versions");
	report_fact("tdx-host", "tool", TOOL_VERSION);
	report_fact("tdx_host, loaded", "loaded", h->loaded_version);
	report_fact("tdx_host, installed", "installed", h->installed_version);
	report_fact("kernel", "kernel", h->release);
	report_file(h, "built", "built", "/proc/sys/kernel/version");
	report_system(h);
	report_fact("CPU", "cpu", h->cpu.vendor[0] ? cpu : NULL);
	report_fact("hypervisor", "hypervisor", h->cpu.hypervisor);
	report_file(h, "microcode", "microcode",
		    "/sys/devices/system/cpu/cpu0/microcode/version");
	report_file(h, "machine", "machine", "/sys/class/dmi/id/product_name");
	report_file(h, "made by", "vendor", "/sys/class/dmi/id/sys_vendor");
	report_file(h, "BIOS", "bios", "/sys/class/dmi/id/bios_version");
	report_file(h, "BIOS date", "bios_date", "/sys/class/dmi/id/bios_date");
	report_fact("command line", "command_line", boot);
	out_end();
	free(boot);
}

static void report_code(const char *title)
{
	out_raw("\n## %s\n\n```\n", title);
}

static void report_code_end(void)
{
	out_raw("```\n");
}

/* A file of debugfs, whole; where only root may read it that is said. */
static void report_debugfs(const struct host *h, const char *title,
			   const char *key)
{
	char *text = files_read(h->o, FILES_DEBUGFS "/%s", key);

	if (!h->state)
		goto out;
	out_raw("\n## %s\n\n", title);
	if (!text) {
		out_raw("not known: %s\n", cause_get(CAUSE_NO_DEBUGFS)->what);
		goto out;
	}
	out_raw("```\n%s%s```\n", text, *text ? "\n" : "");
	out_value(key, json_object_new_string(text));
out:
	free(text);
}

static bool report_is_ours(const char *line)
{
	static const char *const words[] = {
		"tdx_host", "tdx_guest_call", "virt/tdx", "x86/tme",
		"x86/mktme", "SEAMCALL",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(line, words[i]))
			return true;
	return false;
}

static void report_log(const struct host *h)
{
	report_code("Kernel's log, lines about TDX");
	out_begin_list("log");
	if (h->log_error)
		out_raw("not known: %s\n", strerror(h->log_error));
	for (size_t i = 0; i < h->nr_log; i++) {
		if (!report_is_ours(h->log[i]))
			continue;
		out_raw("%s\n", h->log[i]);
		out_value(NULL, json_object_new_string(h->log[i]));
	}
	out_end();
	report_code_end();
}

static enum tool_exit report_main(const struct tool_options *o)
{
	struct host *h = host_open(o);

	report_versions(h);
	report_code("tdx-host status");
	out_begin("status");
	status_run(h);
	out_end();
	report_code_end();
	report_code("tdx-host doctor");
	out_begin("doctor");
	doctor_run(o, h);
	out_end();
	report_code_end();
	report_debugfs(h, "Metadata", "sysinfo");
	report_debugfs(h, "CMRs", "cmrs");
	report_debugfs(h, "Memory", "regions");
	report_debugfs(h, "TDMRs", "tdmrs");
	report_debugfs(h, "SEAMCALLs", "seamcalls");
	report_log(h);
	host_close(h);
	return TOOL_OK;
}

const struct tool_command tool_report = {
	.name = "report",
	.text = "write a bug report, with nothing secret in it",
	.doc = "Write a bug report in markdown: versions, status, doctor, memory, and the kernel's messages about TDX. There are no serial numbers, names or addresses in it; of the kernel's command line only values that say nothing about anybody are shown. As root it has more. Read it before you send it.",
	.run = report_main,
};
