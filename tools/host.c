// SPDX-License-Identifier: GPL-2.0-only
/* What status, doctor and report look at, read once. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <linux/kernel.h>

#include "files.h"
#include "host.h"

/*
 * A record of /dev/kmsg is "PRIORITY,SEQUENCE,TIME,FLAGS;TEXT", and lines that
 * belong to it begin with a space.  In a copy the file may be dmesg's output.
 */
static void host_read_log(struct host *h)
{
	char *text = files_read(h->o, "/dev/kmsg"), *line, *save = NULL;

	if (!text) {
		h->log_error = errno;
		return;
	}
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *body = strchr(line, ';');

		if (*line == ' ')
			continue;
		if (*line >= '0' && *line <= '9' && body)
			line = body + 1;
		else if (*line == '[' && strstr(line, "] "))
			line = strstr(line, "] ") + 2;
		h->log = realloc(h->log, (h->nr_log + 1) * sizeof(*h->log));
		if (!h->log)
			abort();
		h->log[h->nr_log] = strdup(line);
		if (!h->log[h->nr_log++])
			abort();
	}
	free(text);
}

static void host_read_release(struct host *h)
{
	struct utsname u;

	h->release = files_read(h->o, "/proc/sys/kernel/osrelease");
	if (!h->release && !*h->o->root && !uname(&u))
		h->release = strdup(u.release);
	if (!h->release)
		h->release = strdup("");
	if (!h->release)
		abort();
}

/* Where modprobe finds tdx_host: modules.dep has a line "PATH: ..." for it. */
static void host_find_module(struct host *h)
{
	char *dep, *line, *save = NULL;

	dep = files_read(h->o, "/lib/modules/%s/modules.dep", h->release);
	for (line = dep ? strtok_r(dep, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *colon = strchr(line, ':'), *name;

		if (!colon)
			continue;
		*colon = '\0';
		name = strrchr(line, '/');
		name = name ? name + 1 : line;
		if (strncmp(name, "tdx_host.ko", 11))
			continue;
		if (asprintf(&h->installed, "%s/lib/modules/%s/%s",
			     h->o->root, h->release, line) < 0)
			abort();
		break;
	}
	free(dep);
}

/**
 * host_open() - look at the machine
 * @o: options, with the root
 *
 * Return: what was found, for host_close().
 */
struct host *host_open(const struct tool_options *o)
{
	struct host *h = calloc(1, sizeof(*h));

	if (!h)
		abort();
	h->o = o;
	h->state = files_read(o, FILES_SYSFS "/state");
	h->last_error = files_read(o, FILES_SYSFS "/last_error");
	if (h->last_error && !*h->last_error) {
		free(h->last_error);
		h->last_error = NULL;
	}
	if (h->last_error)
		h->error_cause = cause_find(h->last_error);
	h->boot = files_read(o, "/proc/cmdline");
	if (h->state)
		h->loaded_version = files_read(o,
				"/sys/module/tdx_host/version");
	host_read_release(h);
	host_find_module(h);
	if (h->installed)
		h->installed_version = host_modinfo(h, "version");
	host_read_log(h);
	machine_cpu(o, &h->cpu);
	machine_cpus(o, &h->present, "/sys/devices/system/cpu/present");
	machine_cpus(o, &h->online, "/sys/devices/system/cpu/online");
	return h;
}

/** host_close() - forget it */
void host_close(struct host *h)
{
	free(h->state);
	free(h->last_error);
	free(h->release);
	free(h->boot);
	free(h->loaded_version);
	free(h->installed);
	free(h->installed_version);
	for (size_t i = 0; i < h->nr_log; i++)
		free(h->log[i]);
	free(h->log);
	free(h);
}

/** host_state_is() - is tdx_host loaded, and in this state? */
bool host_state_is(const struct host *h, const char *state)
{
	return h->state && !strcmp(h->state, state);
}

/** host_detected() - is tdx_host loaded, and did it find TDX? */
bool host_detected(const struct host *h)
{
	return h->state && !host_state_is(h, "unsupported") &&
	       !host_state_is(h, "disabled");
}

/** host_exit() - the exit status of the state */
enum tool_exit host_exit(const struct host *h)
{
	static const struct {
		const char *state;
		enum tool_exit code;
	} codes[] = {
		{ "ready", TOOL_OK },
		{ "detected", TOOL_DETECTED },
		{ "initializing", TOOL_INITIALIZING },
		{ "disabled", TOOL_DISABLED },
		{ "unsupported", TOOL_UNSUPPORTED },
		{ "failed", TOOL_STATE_FAILED },
	};

	if (!h->state)
		return TOOL_NOT_LOADED;
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (host_state_is(h, codes[i].state))
			return codes[i].code;
	return TOOL_FAILED;
}

/** host_module_loaded() - is this module loaded?  Built-in ones are not. */
bool host_module_loaded(const struct host *h, const char *name)
{
	return files_exist(h->o, "/sys/module/%s/initstate", name);
}

/**
 * host_config() - how the kernel was configured
 * @h: the machine
 * @option: without CONFIG_
 *
 * Return: 'y', 'm', 'n', or 0 where nobody says.
 */
char host_config(const struct host *h, const char *option)
{
	char *text, *at, line[64];
	char value = 'n';

	text = files_read(h->o, "/boot/config-%s", h->release);
	if (!text)
		text = files_read(h->o, "/lib/modules/%s/config", h->release);
	if (!text)
		return 0;
	snprintf(line, sizeof(line), "\nCONFIG_%s=", option);
	at = strstr(text, line);
	if (at)
		value = at[strlen(line)];
	else if (!strncmp(text, line + 1, strlen(line + 1)))
		value = text[strlen(line + 1)];
	free(text);
	return value;
}

/**
 * host_boot_word() - a word of the kernel's command line
 * @h: the machine
 * @name: what is before "="
 *
 * Return: what is after it ("" where there is no "="), to free; NULL where the
 *	   word is not there.
 */
char *host_boot_word(const struct host *h, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = h->boot; p && *p; ) {
		size_t length = strcspn(p, " \n");

		if (length >= n && !strncmp(p, name, n) &&
		    (length == n || p[n] == '='))
			return length == n ? strdup("") :
			       strndup(p + n + 1, length - n - 1);
		p += length;
		p += strspn(p, " \n");
	}
	return NULL;
}

/**
 * host_log_last() - the last message of the kernel that has these words
 * @h: the machine
 * @words: part of it
 *
 * Return: the message; NULL where there is none, or nobody may read them.
 */
const char *host_log_last(const struct host *h, const char *words)
{
	for (size_t i = h->nr_log; i-- > 0; )
		if (strstr(h->log[i], words))
			return h->log[i];
	return NULL;
}

/**
 * host_kernel_owns() - does the kernel drive TDX itself?
 * @h: the machine
 *
 * Return: what says so; NULL where nothing does.
 */
const char *host_kernel_owns(const struct host *h)
{
	const char *line;

	if (h->state)
		return NULL;
	if (machine_flag(h->o, "tdx_host_platform"))
		return "CPU flag tdx_host_platform";
	if (host_config(h, "INTEL_TDX_HOST") == 'y')
		return "CONFIG_INTEL_TDX_HOST=y";
	if (files_exist(h->o, "/sys/devices/faux/tdx_host"))
		return "/sys/devices/faux/tdx_host";
	line = host_log_last(h, "tdx_host: ");
	if (line && cause_find(line) == CAUSE_KERNEL_OWNS_TDX)
		return "tdx_host said so when it was loaded";
	return NULL;
}

/** host_kvm_has_tdx() - can KVM of this kernel start TDs by itself? */
bool host_kvm_has_tdx(const struct host *h)
{
	char *tdx = files_read(h->o, "/sys/module/kvm_intel/parameters/tdx");
	bool yes = tdx && (*tdx == 'Y' || *tdx == '1');

	free(tdx);
	return yes;
}

/**
 * host_kvm_refusal() - why KVM has no TDX although it was loaded with tdx=1
 *
 * The sentence of kvm_intel as tdx-host-kvm builds it; to be freed; NULL where
 * there is none.
 */
char *host_kvm_refusal(const struct host *h)
{
	char *why = files_read(h->o,
			"/sys/module/kvm_intel/parameters/tdx_reason");

	if (why && *why)
		return why;
	free(why);
	return NULL;
}

/** host_kvm_by_tdx_host() - is this a kvm_intel that can use tdx_host? */
bool host_kvm_by_tdx_host(const struct host *h)
{
	return files_exist(h->o,
			"/sys/module/kvm_intel/parameters/tdx_reason");
}
