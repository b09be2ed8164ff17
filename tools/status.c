// SPDX-License-Identifier: GPL-2.0-only
/* tdx-host status: one screen that says where TDX stands on this machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "cause.h"
#include "files.h"
#include "host.h"
#include "out.h"

static const char *const status_features[64] = {
#define TOOL_FEATURE(bit, name) [bit] = name,
#include "features.def"
};

/* Prints a file's value, where there is one; true if so. */
static bool status_value(const struct host *h, const char *label,
			 const char *key, const char *file)
{
	char *value = files_read(h->o, FILES_SYSFS "/%s", file);
	bool there = value;

	if (there)
		out_say(label, key, NULL, "%s", value);
	free(value);
	return there;
}

/* A size for people. */
static const char *status_size(unsigned long long kb, char text[32])
{
	if (kb >= 1ULL << 30)
		snprintf(text, 32, "%.1f TiB", kb / 1073741824.0);
	else if (kb >= 1 << 20)
		snprintf(text, 32, "%.1f GiB", kb / 1048576.0);
	else if (kb >= 1 << 10)
		snprintf(text, 32, "%.1f MiB", kb / 1024.0);
	else
		snprintf(text, 32, "%llu KiB", kb);
	return text;
}

static void status_versions(const struct host *h)
{
	const char *loaded = h->loaded_version, *here = h->installed_version;

	if (h->state)
		out_say(NULL, "loaded_version", NULL, "%s",
			loaded ? loaded : "unknown");
	if (h->installed)
		out_say(NULL, "installed_version", NULL, "%s",
			here ? here : "unknown");
	if (!h->state && !h->installed)
		out_say("tdx_host", NULL, NULL,
			"not installed for this kernel");
	else if (!h->state)
		out_say("tdx_host", NULL, NULL, "%s installed, not loaded",
			here ? here : "unknown version");
	else if (!h->installed)
		out_say("tdx_host", NULL, NULL,
			"%s, not installed for this kernel",
			loaded ? loaded : "unknown version");
	else if (loaded && here && strcmp(loaded, here))
		out_say("tdx_host", NULL, NULL,
			"%s is loaded, %s is installed: %s", loaded, here,
			cause_get(CAUSE_OTHER_VERSION)->cure);
	else
		out_say("tdx_host", NULL, NULL, "%s, the one that is installed",
			loaded ? loaded : "unknown version");
	out_say("kernel", "kernel", NULL, "%s", h->release);
}

/* "20240129" of debugfs, as a date. */
static char *status_build_date(const struct host *h)
{
	char *sysinfo = files_read(h->o, FILES_DEBUGFS "/sysinfo");
	char *at = sysinfo ? strstr(sysinfo, "build_date ") : NULL;
	char *date = NULL;
	unsigned int day;

	if (at && sscanf(at, "build_date %u", &day) == 1 && day > 19000000 &&
	    day < 100000000 &&
	    asprintf(&date, "%04u-%02u-%02u", day / 10000, day / 100 % 100,
		     day % 100) < 0)
		abort();
	free(sysinfo);
	return date;
}

static void status_features0(unsigned long long features)
{
	char text[1024];
	size_t n = 0;

	out_begin_list("features");
	for (int bit = 0; bit < 64; bit++) {
		char name[16];

		if (!(features >> bit & 1))
			continue;
		snprintf(name, sizeof(name), "bit %d", bit);
		n += snprintf(text + n, sizeof(text) - n, "%s%s", n ? ", " : "",
			      status_features[bit] ? status_features[bit] :
			      name);
		out_value(NULL, json_object_new_string(status_features[bit] ?
						       status_features[bit] :
						       name));
	}
	out_end();
	out_say("features", NULL, NULL, "%s", n ? text : "none");
}

static void status_tdx_module(const struct host *h)
{
	char *version = files_read(h->o, FILES_SYSFS "/version");
	char *build = files_read(h->o, FILES_SYSFS "/build_num");
	char *date = status_build_date(h);
	unsigned long long features;

	if (!h->state || !version)
		goto out;
	out_say("TDX module", NULL, NULL, "%s%s%s%s%s", version,
		build ? ", build " : "", build ? build : "",
		date ? ", of " : "", date ? date : "");
	out_begin("tdx_module");
	out_say(NULL, "version", NULL, "%s", version);
	if (build)
		out_value("build", json_object_new_int64(atoll(build)));
	if (date)
		out_say(NULL, "date", NULL, "%s", date);
	if (files_number(h->o, &features, FILES_SYSFS "/features0")) {
		out_say(NULL, "features0", NULL, "%#llx", features);
		status_features0(features);
	}
	out_end();
out:
	free(version);
	free(build);
	free(date);
}

static void status_number(const char *key, unsigned long long value)
{
	out_value(key, json_object_new_int64(value));
}

static void status_keyids(const struct host *h)
{
	unsigned long long mktme, global, start, count, unused;

	if (!files_number(h->o, &mktme, FILES_SYSFS "/keyid/mktme_count") ||
	    !files_number(h->o, &global, FILES_SYSFS "/keyid/global") ||
	    !files_number(h->o, &start, FILES_SYSFS "/keyid/guest_start") ||
	    !files_number(h->o, &count, FILES_SYSFS "/keyid/guest_count") ||
	    !files_number(h->o, &unused, FILES_SYSFS "/keyid/guest_free"))
		return;
	out_begin("keyids");
	status_number("mktme_count", mktme);
	status_number("global", global);
	status_number("guest_start", start);
	status_number("guest_count", count);
	status_number("guest_free", unused);
	out_end();
	out_say("KeyIDs", NULL, NULL,
		"%llu-%llu for TDs (%llu of %llu free), %llu global, 1-%llu MKTME's",
		start, start + count - 1, unused, count, global, mktme);
}

static void status_cpus(const struct host *h)
{
	char *ready = files_read(h->o, FILES_SYSFS "/cpus_ready");
	char online[MACHINE_CPUS_TEXT], off[MACHINE_CPUS_TEXT];
	struct machine_cpus rest = h->present;

	machine_cpus_minus(&rest, &h->online);
	machine_cpus_text(&h->online, online);
	machine_cpus_text(&rest, off);
	out_begin("cpus");
	if (ready)
		out_say(NULL, "ready", NULL, "%s", ready);
	out_say(NULL, "online", NULL, "%s", h->online.count ? online : "");
	out_say(NULL, "offline", NULL, "%s", rest.count ? off : "");
	out_end();
	if (ready)
		out_say("CPUs", NULL, NULL, "%s ready; %s online, %s offline",
			*ready ? ready : "none", online, off);
	else
		out_say("CPUs", NULL, NULL, "%s online, %s offline", online,
			off);
	free(ready);
}

static void status_memory(const struct host *h)
{
	unsigned long long tdmrs, tdx = 0, other = 0, pamt = 0;
	char a[32], b[32];

	if (!files_number(h->o, &tdmrs, FILES_SYSFS "/tdmr_count"))
		return;
	files_number(h->o, &tdx, FILES_SYSFS "/tdx_memory_kb");
	files_number(h->o, &other, FILES_SYSFS "/unusable_memory_kb");
	files_number(h->o, &pamt, FILES_SYSFS "/pamt_kb");
	out_begin("memory");
	status_number("tdmrs", tdmrs);
	status_number("tdx_kb", tdx);
	status_number("other_kb", other);
	status_number("pamt_kb", pamt);
	out_end();
	if (tdmrs) {
		out_say("memory", NULL, NULL,
			"%s for TDX in %llu TDMR%s, %s not usable for TDX",
			status_size(tdx, a), tdmrs, tdmrs == 1 ? "" : "s",
			status_size(other, b));
		out_say("PAMT", NULL, NULL, "%s", status_size(pamt, a));
	}
}

static void status_kvm(const struct host *h)
{
	bool kvm = host_kvm_has_tdx(h), ours = host_kvm_by_tdx_host(h);
	char *refusal = host_kvm_refusal(h);

	if (kvm)
		out_say("QEMU/KVM", NULL, NULL, "can start TDs, by %s",
			ours ? "tdx_host (kvm_intel.tdx)" :
			"the kernel's own TDX (kvm_intel.tdx)");
	else if (refusal)
		out_say("QEMU/KVM", NULL, NULL, "no: %s", refusal);
	else if (ours || host_kernel_owns(h))
		out_say("QEMU/KVM", NULL, NULL,
			"cannot start TDs before kvm_intel is loaded with tdx=1; if it was, dmesg says why not");
	else
		out_say("QEMU/KVM", NULL, NULL, "no: %s",
			cause_get(CAUSE_NO_KVM)->what);
	out_value("kvm_has_tdx", json_object_new_boolean(kvm));
	if (refusal)
		out_say(NULL, "kvm_refusal", NULL, "%s", refusal);
	free(refusal);
}

/* Who is in VMX operation, who drives TDX, and whether QEMU gets anything. */
static void status_owners(const struct host *h)
{
	const char *kernel = host_kernel_owns(h);
	const char *vmx = host_module_loaded(h, "vboxdrv") ? "VirtualBox" :
			  host_module_loaded(h, "vmmon") ? "VMware" :
			  host_module_loaded(h, "kvm_intel") ? "KVM" : NULL;

	out_say("VMX", "vmx_owner", json_object_new_string(vmx ? vmx : "nobody"),
		!vmx ? "nobody has it; tdx_host takes it for each SEAMCALL" :
		!strcmp(vmx, "KVM") ? "KVM (kvm_intel is loaded); tdx_host gets on with it" :
		"%s is loaded, and takes it for itself: unload it", vmx);
	if (kernel)
		out_say("TDX", "tdx_owner", json_object_new_string("kernel"),
			"the kernel drives it (%s)", kernel);
	else if (host_detected(h))
		out_say("TDX", "tdx_owner", json_object_new_string("tdx_host"),
			"tdx_host drives it");
	else
		out_say("TDX", "tdx_owner", json_object_new_string("nobody"),
			"nobody drives it");
	status_kvm(h);
}

static void status_hot_add(const struct host *h)
{
	char *choice = files_read(h->o,
			"/sys/module/tdx_host/parameters/memory_hotplug");

	if (choice && host_detected(h)) {
		out_say(NULL, "memory_hotplug", NULL, "%s", choice);
		if (!strcmp(choice, "reject"))
			out_say("memory hot-add", NULL, NULL,
				"%s; with memory_hotplug=allow it serves for everything but TDs",
				cause_get(CAUSE_HOT_ADD_AHEAD)->what);
	}
	free(choice);
}

static void status_parameters(const struct host *h)
{
	size_t count;
	struct host_parameter *p = host_parameters(h, &count);

	out_begin_list("bad_parameters");
	for (size_t i = 0; i < count; i++) {
		if (!p[i].cause)
			continue;
		out_begin(NULL);
		out_say("parameter", "word", json_object_new_string(p[i].word),
			"'%s' in %s: %s%s%s%s", p[i].word, p[i].where,
			cause_get(p[i].cause)->what,
			p[i].choices ? " (it takes: " : "",
			p[i].choices ? p[i].choices : "",
			p[i].choices ? ")" : "");
		out_say(NULL, "where", NULL, "%s", p[i].where);
		out_say(NULL, "cause", NULL, "%s", cause_get(p[i].cause)->name);
		out_end();
	}
	out_end();
	host_parameters_free(p, count);
}

static void status_to_do(const char *text)
{
	out_raw("\n");
	out_text(OUT_PLAIN, "", "%s", text);
	out_value("next", json_object_new_string(text));
}

static void status_next_unloaded(const struct host *h)
{
	if (host_kernel_owns(h))
		status_to_do("This kernel has TDX host support of its own: use that (kvm_intel.tdx=1). tdx_host will not load.");
	else if (h->installed)
		status_to_do("Load it; if that fails, 'sudo tdx-host doctor' says why:\n"
			     "  sudo modprobe tdx_host");
	else
		status_to_do("Install it; this says what is missing:\n"
			     "  sudo tdx-host doctor");
}

static void status_next(const struct host *h)
{
	char *ready;

	switch (host_exit(h)) {
	case TOOL_OK:
		status_to_do("TDX is ready; there is nothing to do.");
		break;
	case TOOL_DETECTED:
		ready = files_read(h->o, FILES_SYSFS "/cpus_ready");
		if (ready && *ready)
			status_to_do("The TDX module is initialised on the CPUs above, and has no memory yet:\n"
				     "  sudo tdx-host enable");
		else
			status_to_do("TDX is there, and it is not initialised. Initialise it now, or at every load:\n"
				     "  sudo tdx-host enable\n"
				     "  echo options tdx_host init=load | sudo tee /etc/modprobe.d/tdx_host.conf");
		free(ready);
		break;
	case TOOL_INITIALIZING:
		status_to_do("Initialisation is under way; this waits for its end:\n"
			     "  tdx-host wait");
		break;
	case TOOL_DISABLED:
		status_to_do("TDX is left alone, since use_tdx=off says so. Load it again without:\n"
			     "  sudo rmmod tdx_host && sudo modprobe tdx_host use_tdx=on");
		break;
	case TOOL_UNSUPPORTED:
		status_to_do("This machine offers no TDX now. Do what 'last error' says; this checks everything else as well:\n"
			     "  sudo tdx-host doctor");
		break;
	case TOOL_STATE_FAILED:
		status_to_do("Do what 'last error' says, then try again; the work goes on at the step that failed. 'sudo tdx-host doctor' checks everything else as well.\n"
			     "  sudo tdx-host enable");
		break;
	case TOOL_NOT_LOADED:
		status_next_unloaded(h);
		break;
	default:
		status_to_do("This state is not known to this tdx-host; use the one that came with the module.");
	}
}

/**
 * status_run() - say all that status says
 * @h: the machine
 */
void status_run(const struct host *h)
{
	out_say("state", "state", NULL, "%s",
		h->state ? h->state : "not loaded");
	if (host_state_is(h, "initializing"))
		status_value(h, "progress, %", "progress", "progress");
	status_versions(h);
	status_tdx_module(h);
	status_keyids(h);
	status_cpus(h);
	status_memory(h);
	status_owners(h);
	status_hot_add(h);
	status_parameters(h);
	if (h->last_error)
		out_say("last error", "last_error", NULL, "%s", h->last_error);
	if (h->error_cause)
		out_say(NULL, "cause", NULL, "%s",
			cause_get(h->error_cause)->name);
	status_next(h);
}

static enum tool_exit status_main(const struct tool_options *o)
{
	struct host *h = host_open(o);
	enum tool_exit code = host_exit(h);

	status_run(h);
	host_close(h);
	return code;
}

const struct tool_command tool_status = {
	.name = "status",
	.text = "say where TDX stands on this machine, and what to do next",
	.doc = "Say on one screen where TDX stands: state, versions, the TDX module and its features, KeyIDs, CPUs, memory, who has VMX and TDX, whether QEMU can use it, what failed last, and what to do next.\v"
	       "The exit status is that of the state: 0 ready, 3 detected, 4 initializing, 5 disabled, 6 unsupported, 7 failed, 8 not loaded.",
	.run = status_main,
};
