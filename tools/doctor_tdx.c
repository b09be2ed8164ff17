// SPDX-License-Identifier: GPL-2.0-only
/* CPUs, the TDX module, memory, and who else is on this machine. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "doctor.h"
#include "files.h"

void doctor_online(struct doctor *d, struct doctor_verdict *v)
{
	static const char *const words[] = { "nosmt", "maxcpus", "nosmp" };
	struct machine_cpus off = d->h->present;
	char text[MACHINE_CPUS_TEXT];
	const char *why = "";

	if (!d->h->present.known || !d->h->online.known) {
		doctor_say(v, DOCTOR_SKIP, CAUSE_NONE,
			   "which CPUs there are is not known");
		return;
	}
	machine_cpus_minus(&off, &d->h->online);
	machine_cpus_text(&off, text);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		char *word = host_boot_word(d->h, words[i]);

		if (word)
			why = words[i];
		free(word);
	}
	if (!off.count)
		doctor_pass(v, "all of %u", d->h->present.count);
	else if (host_state_is(d->h, "ready"))
		doctor_pass(v, "CPU %s offline, which does no harm now", text);
	else
		doctor_say(v, DOCTOR_FAIL, CAUSE_CPUS_OFFLINE, "CPU %s%s%s",
			   text, *why ? "; the command line has " : "", why);
}

void doctor_left_out(struct doctor *d, struct doctor_verdict *v)
{
	static const char *const words[] = { "nr_cpus", "possible_cpus" };
	/* Which CPU is missing the TDX module does not say. */
	bool refused = d->h->last_error &&
		       strstr(d->h->last_error, "TDX_SYS_CONFIG_NOT_PENDING");

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		char *word = host_boot_word(d->h, words[i]);
		unsigned long limit = word ? strtoul(word, NULL, 0) : 0;
		bool hit = limit && d->h->present.count >= limit;
		bool sure = host_log_last(d->h, "limit of ") ||
			    host_log_last(d->h, "CPU limit");

		free(word);
		if (!hit || host_state_is(d->h, "ready"))
			continue;
		doctor_say(v, sure || refused ? DOCTOR_FAIL : DOCTOR_WARN,
			   refused ? CAUSE_CPUS_LEFT_OUT : CAUSE_LIMIT_ON_CPUS,
			   "%s=%lu, and %u are present",
			   words[i], limit, d->h->present.count);
		return;
	}
	if (refused && d->verdict[CHECK_ONLINE].result == DOCTOR_PASS)
		doctor_say(v, DOCTOR_FAIL, CAUSE_CPUS_LEFT_OUT, "%s",
			   d->h->last_error);
	else
		doctor_pass(v, "none");
}

/*
 * Where the BIOS takes the TDX module from the EFI system partition.  Often
 * only root may look there.
 */
static const char *doctor_esp(const struct doctor *d, bool *denied)
{
	static const char *const places[] = {
		"/boot/efi/EFI/TDX", "/efi/EFI/TDX", "/boot/EFI/TDX",
	};

	*denied = false;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		if (files_exist(d->h->o, "%s", places[i]))
			return places[i];
		*denied |= errno == EACCES;
	}
	return NULL;
}

static void doctor_esp_files(struct doctor *d, struct doctor_verdict *v)
{
	static const char *const files[] = {
		"TDX-SEAM.so", "TDX-SEAM.so.sigstruct",
	};
	bool denied;
	const char *esp = doctor_esp(d, &denied);

	if (!esp && denied) {
		doctor_say(v, DOCTOR_SKIP, CAUSE_NOT_ROOT,
			   "whether there is one on the EFI system partition is not known");
		return;
	}
	if (!esp) {
		doctor_say(v, DOCTOR_SKIP, CAUSE_NO_TDX_MODULE_FILE,
			   "whether the BIOS brings one is known when TDX is initialised");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (files_exist(d->h->o, "%s/%s", esp, files[i]))
			continue;
		doctor_say(v, DOCTOR_WARN, CAUSE_NONE, "%s has no %s", esp,
			   files[i]);
		return;
	}
	doctor_pass(v, "%s has one; whether the BIOS loads it is known when TDX is initialised",
		    esp);
}

void doctor_tdx_module(struct doctor *d, struct doctor_verdict *v)
{
	char *version = files_read(d->h->o, FILES_SYSFS "/version");

	if (version)
		doctor_pass(v, "version %s", version);
	else
		doctor_esp_files(d, v);
	free(version);
}

/*
 * The memory map, as far as it says anything before the CMRs are known.  The
 * kernel shows addresses to root only; to others all are 0.
 */
static void doctor_memory_map(struct doctor *d, struct doctor_verdict *v)
{
	char *map = files_read(d->h->o, "/proc/iomem"), *line, *save = NULL;
	unsigned long long first, last, bytes = 0;
	unsigned int ranges = 0;

	for (line = map ? strtok_r(map, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		/* What begins with a space is inside of something else. */
		if (*line == ' ' || !strstr(line, " : System RAM") ||
		    sscanf(line, "%llx-%llx", &first, &last) != 2)
			continue;
		ranges++;
		bytes += last ? last - first + 1 : 0;
	}
	free(map);
	if (!ranges)
		doctor_say(v, DOCTOR_SKIP, CAUSE_NONE,
			   "the CMRs are known when TDX is initialised");
	else if (!bytes)
		doctor_say(v, DOCTOR_SKIP, CAUSE_NONE,
			   "%u ranges of RAM; the CMRs are known when TDX is initialised",
			   ranges);
	else
		doctor_say(v, DOCTOR_SKIP, CAUSE_NONE,
			   "%llu MiB of RAM in %u ranges; the CMRs are known when TDX is initialised",
			   bytes >> 20, ranges);
}

void doctor_memory(struct doctor *d, struct doctor_verdict *v)
{
	unsigned long long tdx = 0, other = 0;
	char *regions;

	files_number(d->h->o, &tdx, FILES_SYSFS "/tdx_memory_kb");
	files_number(d->h->o, &other, FILES_SYSFS "/unusable_memory_kb");
	if (!tdx) {
		doctor_memory_map(d, v);
		return;
	}
	/* The first MiB is never TDX memory. */
	if (other > 1024) {
		regions = files_read(d->h->o, FILES_DEBUGFS "/regions");
		doctor_say(v, DOCTOR_WARN, CAUSE_SOME_RAM_OUTSIDE,
			   "%llu MiB of %llu; /sys/kernel/debug/tdx_host/regions has %s",
			   other >> 10, (tdx + other) >> 10,
			   regions ? "them" : "them, for root");
		free(regions);
	} else {
		doctor_pass(v, "%llu MiB of RAM are TDX memory", tdx >> 10);
	}
}

void doctor_ready(struct doctor *d, struct doctor_verdict *v)
{
	const struct host *h = d->h;

	if (!h->state) {
		doctor_say(v, DOCTOR_SKIP, CAUSE_NONE,
			   "tdx_host does it, once it is loaded");
	} else if (host_state_is(h, "ready") && h->last_error) {
		doctor_say(v, DOCTOR_WARN, CAUSE_STALE_ERROR, "%s",
			   h->last_error);
	} else if (host_state_is(h, "ready")) {
		doctor_pass(v, "TDX is ready");
	} else if (host_state_is(h, "initializing")) {
		doctor_say(v, DOCTOR_WARN, CAUSE_NONE,
			   "under way; 'tdx-host wait' waits for its end");
	} else if (host_state_is(h, "detected") && !h->last_error) {
		doctor_say(v, DOCTOR_WARN, CAUSE_NOT_ENABLED, NULL);
	} else {
		doctor_say(v, DOCTOR_FAIL, h->error_cause, "%s", h->last_error ?
			   h->last_error : h->state);
		if (!h->error_cause)
			v->cure = strdup("do what the sentence says, then run 'sudo tdx-host enable', which goes on at the step that failed");
	}
}

static bool doctor_has_entries(const struct doctor *d, const char *dir)
{
	char *path = files_path(d->h->o, "%s", dir);
	DIR *f = opendir(path);
	struct dirent *e;
	bool yes = false;

	while (f && (e = readdir(f)))
		if (e->d_name[0] != '.')
			yes = true;
	if (f)
		closedir(f);
	free(path);
	return yes;
}

void doctor_hot_add(struct doctor *d, struct doctor_verdict *v)
{
	char *choice = files_read(d->h->o,
			"/sys/module/tdx_host/parameters/memory_hotplug");
	bool reject = !choice || !strcmp(choice, "reject");

	free(choice);
	if (host_state_is(d->h, "disabled"))
		doctor_pass(v, "as without tdx_host");
	else if (!reject)
		doctor_pass(v, "allowed, for everything but TDs");
	else if (doctor_has_entries(d, "/sys/bus/dax/devices") ||
		 doctor_has_entries(d, "/sys/bus/cxl/devices"))
		doctor_say(v, DOCTOR_WARN, CAUSE_HOT_ADD_AHEAD,
			   "and this machine has dax or CXL devices");
	else
		doctor_pass(v, "refused while tdx_host is loaded (memory_hotplug=reject)");
}

void doctor_kvm(struct doctor *d, struct doctor_verdict *v)
{
	bool ours = host_kvm_by_tdx_host(d->h);
	char *refusal = host_kvm_refusal(d->h);

	if (host_kvm_has_tdx(d->h))
		doctor_pass(v, "kvm_intel.tdx is on: %s",
			    ours ? "by tdx_host" : "the kernel's own TDX");
	else if (refusal)
		doctor_say_sentence(v, DOCTOR_WARN, refusal);
	else if (ours || host_kernel_owns(d->h))
		doctor_say(v, DOCTOR_WARN, CAUSE_KVM_WITHOUT_TDX, NULL);
	else
		doctor_say(v, DOCTOR_WARN, CAUSE_NO_KVM,
			   host_module_loaded(d->h, "kvm_intel") ?
			   "kvm_intel has no parameter tdx, or it is off" :
			   "kvm_intel is not loaded");
	free(refusal);
}

void doctor_hypervisors(struct doctor *d, struct doctor_verdict *v)
{
	static const char *const others[] = { "vboxdrv", "vmmon" };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (!host_module_loaded(d->h, others[i]))
			continue;
		doctor_say(v, DOCTOR_WARN, CAUSE_OTHER_HYPERVISOR, "%s",
			   others[i]);
		return;
	}
	doctor_pass(v, "neither VirtualBox nor VMware is loaded");
}

void doctor_sleep(struct doctor *d, struct doctor_verdict *v)
{
	char *resume = host_boot_word(d->h, "resume");
	char *mem = files_read(d->h->o, "/sys/power/mem_sleep");

	if (mem && strstr(mem, "[deep]"))
		doctor_say(v, DOCTOR_WARN, CAUSE_NO_SLEEP,
			   "once it is up; /sys/power/mem_sleep is deep");
	else if (resume)
		doctor_say(v, DOCTOR_WARN, CAUSE_RESUME_SET,
			   "the kernel's command line has resume=");
	else
		doctor_pass(v, "suspend to RAM and hibernation are refused while TDX is up");
	free(resume);
	free(mem);
}
