// SPDX-License-Identifier: GPL-2.0-only
/* The kernel, and what keeps tdx_host from being built and loaded. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "doctor.h"
#include "files.h"

#define DOCTOR_DKMS		"/var/lib/dkms/tdx_host"

/* Oldest kernel that is supported; README. */
#define DOCTOR_KERNEL_MAJOR	5
#define DOCTOR_KERNEL_MINOR	10

/* The owner's GUID of shim, and the one of UEFI's variables. */
#define DOCTOR_SHIM_GUID	"605dab50-e046-4300-abb6-3dd810dd8b23"
#define DOCTOR_EFI_GUID		"8be4df61-93ca-11d2-aa0d-00e098032b8c"

void doctor_owner(struct doctor *d, struct doctor_verdict *v)
{
	const char *who = host_kernel_owns(d->h);

	if (who)
		doctor_say(v, DOCTOR_FAIL, CAUSE_KERNEL_OWNS_TDX, "%s", who);
	else if (d->h->state)
		doctor_pass(v, "tdx_host");
	else
		doctor_pass(v, "not the kernel");
}

void doctor_kernel(struct doctor *d, struct doctor_verdict *v)
{
	unsigned int major, minor;

	if (sscanf(d->h->release, "%u.%u", &major, &minor) != 2)
		doctor_say(v, DOCTOR_SKIP, CAUSE_NONE,
			   "its release is not known");
	else if (major < DOCTOR_KERNEL_MAJOR ||
		 (major == DOCTOR_KERNEL_MAJOR && minor < DOCTOR_KERNEL_MINOR))
		doctor_say(v, DOCTOR_FAIL, CAUSE_KERNEL_TOO_OLD, "%s",
			   d->h->release);
	else
		doctor_pass(v, "%s", d->h->release);
}

void doctor_config(struct doctor *d, struct doctor_verdict *v)
{
	static const char *const needed[] = {
		"X86_64", "SMP", "MODULES", "X86_X2APIC",
	};

	if (d->h->state) {
		doctor_pass(v, "tdx_host is loaded, so they will do");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		switch (host_config(d->h, needed[i])) {
		case 0:
			doctor_say(v, DOCTOR_SKIP, CAUSE_NONE,
				   "no /boot/config-%s", d->h->release);
			return;
		case 'n':
			doctor_say(v, DOCTOR_FAIL, CAUSE_CONFIG_MISSING,
				   "CONFIG_%s", needed[i]);
			return;
		}
	}
	doctor_pass(v, "all that tdx_host needs");
}

void doctor_headers(struct doctor *d, struct doctor_verdict *v)
{
	if (files_exist(d->h->o, "/lib/modules/%s/build/Makefile",
			d->h->release))
		doctor_pass(v, "installed");
	else if (d->h->state || d->h->installed)
		doctor_pass(v, "not here, and not needed: tdx_host is built");
	else
		doctor_say(v, DOCTOR_FAIL, CAUSE_NO_HEADERS, "%s",
			   d->h->release);
}

/* Is there DKMS's source of any version of tdx_host? */
static bool doctor_dkms_added(const struct doctor *d)
{
	char *path = files_path(d->h->o, DOCTOR_DKMS);
	DIR *dir = opendir(path);
	struct dirent *e;
	bool added = false;

	while (dir && (e = readdir(dir)))
		if (e->d_name[0] != '.' &&
		    files_exist(d->h->o, DOCTOR_DKMS "/%s/source", e->d_name))
			added = true;
	if (dir)
		closedir(dir);
	free(path);
	return added;
}

void doctor_dkms(struct doctor *d, struct doctor_verdict *v)
{
	bool added = doctor_dkms_added(d);

	if (!added && (d->h->state || d->h->installed))
		doctor_pass(v, "does not know tdx_host, which is installed without it");
	else if (!added)
		doctor_say(v, DOCTOR_FAIL, CAUSE_NOT_INSTALLED,
			   "DKMS does not know it either");
	else if (!d->h->installed && !d->h->state)
		doctor_say(v, DOCTOR_FAIL, CAUSE_DKMS_FAILED, "%s",
			   d->h->release);
	else
		doctor_pass(v, "has tdx_host");
}

void doctor_installed(struct doctor *d, struct doctor_verdict *v)
{
	const struct host *h = d->h;

	if (!h->installed && h->state)
		doctor_say(v, DOCTOR_WARN, CAUSE_NOT_BUILT,
			   "it is loaded, and modprobe will not find it again");
	else if (!h->installed)
		doctor_say(v, DOCTOR_FAIL, CAUSE_NOT_BUILT, "%s", h->release);
	else if (h->loaded_version && h->installed_version &&
		 strcmp(h->loaded_version, h->installed_version))
		doctor_say(v, DOCTOR_WARN, CAUSE_OTHER_VERSION,
			   "%s is loaded, %s is installed", h->loaded_version,
			   h->installed_version);
	else
		doctor_pass(v, "version %s for this kernel",
			    h->installed_version ? h->installed_version :
			    "unknown");
}

/* The word in brackets of "none [integrity] confidentiality", or NULL. */
static char *doctor_lockdown_level(const struct doctor *d)
{
	char *text = files_read(d->h->o, "/sys/kernel/security/lockdown");
	char *begin = text ? strchr(text, '[') : NULL, *level = NULL;

	if (begin)
		level = strndup(begin + 1, strcspn(begin + 1, "]"));
	free(text);
	return level;
}

static bool doctor_locked_down(const struct doctor *d)
{
	char *level = doctor_lockdown_level(d);
	bool locked = level && strcmp(level, "none");

	free(level);
	return locked;
}

void doctor_lockdown(struct doctor *d, struct doctor_verdict *v)
{
	char *level = doctor_lockdown_level(d);

	if (!level)
		doctor_pass(v, "this kernel has none, or securityfs is not mounted");
	else if (!strcmp(level, "none"))
		doctor_pass(v, "off");
	else if (d->h->state)
		doctor_pass(v, "%s; tdx_host is loaded even so", level);
	else
		doctor_say(v, DOCTOR_WARN, CAUSE_LOCKED_DOWN, "%s", level);
	free(level);
}

/* Four bytes of attributes, then the value: kernel, efivarfs.rst. */
static bool doctor_secure_boot(const struct doctor *d)
{
	size_t size;
	char *value = files_bytes(d->h->o, &size,
		"/sys/firmware/efi/efivars/SecureBoot-" DOCTOR_EFI_GUID);
	bool on = value && size >= 5 && value[4] == 1;

	free(value);
	return on;
}

/*
 * Is the key with which DKMS signs among those that were enrolled?  1, 0, or -1
 * where nobody can tell.
 */
static int doctor_key_enrolled(const struct doctor *d)
{
	static const char *const lists[] = {
		"/sys/firmware/efi/mok-variables/MokListRT",
		"/sys/firmware/efi/efivars/MokListRT-" DOCTOR_SHIM_GUID,
	};
	static const char *const keys[] = {
		"/var/lib/dkms/mok.pub", "/var/lib/shim-signed/mok/MOK.der",
	};
	int found = -1;

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		size_t size, n;
		char *list = files_bytes(d->h->o, &size, "%s", lists[i]);

		for (size_t k = 0; list && k < ARRAY_SIZE(keys); k++) {
			char *key = files_bytes(d->h->o, &n, "%s", keys[k]);

			if (key && n && found < 0)
				found = 0;
			if (key && n && memmem(list, size, key, n))
				found = 1;
			free(key);
		}
		free(list);
	}
	return found;
}

static bool doctor_enforced(const struct doctor *d)
{
	char *text = files_read(d->h->o,
				"/sys/module/module/parameters/sig_enforce");
	bool yes = text && (*text == 'Y' || *text == '1');

	free(text);
	return yes;
}

void doctor_signature(struct doctor *d, struct doctor_verdict *v)
{
	bool locked = doctor_locked_down(d), enforced = doctor_enforced(d);
	bool secure = doctor_secure_boot(d);
	const char *why = secure ? "Secure Boot" : locked ? "lockdown" :
			  "module.sig_enforce";
	char *signer;

	if (d->h->state) {
		doctor_pass(v, "tdx_host is loaded");
		return;
	}
	signer = host_signing(d->h);
	if (!locked && !enforced) {
		doctor_pass(v, "%s, and this kernel takes %s",
			    signer ? "signed" : "none",
			    signer ? "it" : "modules without");
	} else if (!signer) {
		doctor_say(v, DOCTOR_FAIL, locked ? CAUSE_LOCKDOWN_UNSIGNED :
			   CAUSE_MODULE_UNSIGNED, "%s", why);
	} else {
		int enrolled = doctor_key_enrolled(d);

		if (host_log_last(d->h, "unavailable key"))
			enrolled = enrolled > 0;
		if (enrolled > 0)
			doctor_pass(v, "signed by %s, with a key that is enrolled",
				    signer);
		else if (!enrolled)
			doctor_say(v, DOCTOR_FAIL, CAUSE_SECURE_BOOT_KEY,
				   "signed by %s", signer);
		else
			doctor_say(v, DOCTOR_WARN, CAUSE_KEY_UNKNOWN,
				   "signed by %s", signer);
	}
	free(signer);
}

void doctor_loaded(struct doctor *d, struct doctor_verdict *v)
{
	if (host_state_is(d->h, "disabled"))
		doctor_say(v, DOCTOR_FAIL, CAUSE_TDX_LEFT_ALONE, NULL);
	else if (d->h->state)
		doctor_pass(v, "loaded, version %s", d->h->loaded_version ?
			    d->h->loaded_version : "unknown");
	else
		doctor_say(v, DOCTOR_WARN, CAUSE_NOT_LOADED, NULL);
}

/* Did the kernel refuse a value when tdx_host was to be loaded last? */
static bool doctor_parameter_refused(struct doctor *d, struct doctor_verdict *v)
{
	const char *line = host_log_last(d->h, "tdx_host: ");

	if (d->h->state || !line || !strstr(line, "invalid for parameter"))
		return false;
	doctor_say(v, DOCTOR_FAIL, CAUSE_WRONG_VALUE, "%s", line);
	return true;
}

void doctor_parameters(struct doctor *d, struct doctor_verdict *v)
{
	size_t count, wrong = 0;
	struct host_parameter *p = host_parameters(d->h, &count);

	for (size_t i = 0; i < count && !wrong; i++) {
		if (!p[i].cause)
			continue;
		wrong++;
		/* The kernel ignores a name, and refuses to load for a value. */
		doctor_say(v, p[i].choices && !d->h->state ? DOCTOR_FAIL :
			   DOCTOR_WARN, p[i].cause, "%s, in %s%s%s",
			   p[i].word, p[i].where,
			   p[i].choices ? "; it takes: " : "",
			   p[i].choices ? p[i].choices : "");
	}
	if (!wrong && !doctor_parameter_refused(d, v)) {
		if (count)
			doctor_pass(v, "%s%s, in %s", p[0].word,
				    count > 1 ? " and others" : "", p[0].where);
		else
			doctor_pass(v, "none set");
	}
	host_parameters_free(p, count);
}
