// SPDX-License-Identifier: GPL-2.0-only
/* tdx_host as a file and by its parameters. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "files.h"
#include "host.h"

/* Ends a module that is signed: kernel, scripts/sign-file.c. */
#define MODULE_SIGNATURE	"~Module signature appended~\n"

/* What tdx_host takes; a test compares it with src/main.c. */
static const struct {
	const char *name;
	const char *choices;
} module_parameters[] = {
	{ "use_tdx", "on off" },
	{ "init", "demand load" },
	{ "memory_hotplug", "reject allow" },
};

static bool module_is_plain(const struct host *h)
{
	size_t n = strlen(h->installed);

	return n > 3 && !strcmp(h->installed + n - 3, ".ko");
}

/* What modinfo says of a file that is compressed. */
static char *module_ask(const struct host *h, const char *field)
{
	char *command, line[256] = "";
	FILE *f;

	/* No file that modules.dep names has a quote in its path. */
	if (strchr(h->installed, '\''))
		return NULL;
	if (asprintf(&command, "modinfo -F %s '%s' 2>/dev/null", field,
		     h->installed) < 0)
		abort();
	f = popen(command, "re");
	free(command);
	if (!f)
		return NULL;
	if (!fgets(line, sizeof(line), f))
		line[0] = '\0';
	pclose(f);
	line[strcspn(line, "\n")] = '\0';
	return *line ? strdup(line) : NULL;
}

/* @h->installed has the root in it already. */
static char *module_bytes(const struct host *h, size_t *size)
{
	const struct tool_options here = { .root = "" };

	return files_bytes(&here, size, "%s", h->installed);
}

/**
 * host_modinfo() - what the installed tdx_host.ko says of itself
 * @h: the machine, with a module that is installed
 * @field: "version", say
 *
 * Its section .modinfo has "field=value" strings, each with a NUL.
 *
 * Return: the value, to free; NULL where there is none or it cannot be read.
 */
char *host_modinfo(const struct host *h, const char *field)
{
	char *bytes, *at, *value = NULL, *key;
	size_t size, n;

	if (!module_is_plain(h))
		return module_ask(h, field);
	bytes = module_bytes(h, &size);
	if (!bytes)
		return NULL;
	/* The first string of the section follows a NUL as well. */
	n = asprintf(&key, "%c%s=", 0, field);
	if ((int)n < 0)
		abort();
	at = memmem(bytes, size, key, n);
	if (at)
		value = strndup(at + n, bytes + size - at - n);
	free(key);
	free(bytes);
	return value;
}

/**
 * host_signing() - is the installed module signed?
 * @h: the machine, with a module that is installed
 *
 * Return: who signed it, or "yes" where the name cannot be read, to free; NULL
 *	   where nobody did.
 */
char *host_signing(const struct host *h)
{
	size_t size, n = strlen(MODULE_SIGNATURE);
	char *bytes, *signer = module_ask(h, "signer");
	bool is_signed;

	if (signer || !module_is_plain(h))
		return signer;
	bytes = module_bytes(h, &size);
	is_signed = bytes && size >= n &&
		    !memcmp(bytes + size - n, MODULE_SIGNATURE, n);
	free(bytes);
	return is_signed ? strdup("yes") : NULL;
}

static bool module_takes(const char *choices, const char *value)
{
	size_t n = strlen(value);

	for (; *choices; choices += strspn(choices, " ")) {
		size_t length = strcspn(choices, " ");

		if (length == n && !strncmp(choices, value, n))
			return true;
		choices += length;
	}
	return false;
}

static void module_add(struct host_parameter **list, size_t *count,
		       const char *word, const char *where)
{
	struct host_parameter *p;
	size_t n = strcspn(word, "=");

	*list = realloc(*list, (*count + 1) * sizeof(**list));
	if (!*list)
		abort();
	p = &(*list)[(*count)++];
	*p = (struct host_parameter) { .cause = CAUSE_UNKNOWN_PARAMETER };
	p->word = strdup(word);
	p->where = strdup(where);
	if (!p->word || !p->where)
		abort();
	for (size_t i = 0; i < ARRAY_SIZE(module_parameters); i++) {
		if (strlen(module_parameters[i].name) != n ||
		    strncmp(word, module_parameters[i].name, n))
			continue;
		p->choices = module_parameters[i].choices;
		p->cause = word[n] && module_takes(p->choices, word + n + 1) ?
			   CAUSE_NONE : CAUSE_WRONG_VALUE;
	}
}

/* Lines "options tdx_host WORD..." of a file of modprobe.d. */
static void module_read_conf(const struct host *h, const char *path,
			     struct host_parameter **list, size_t *count)
{
	char *text = files_read(h->o, "%s", path), *line, *word;
	char *lines = NULL, *words = NULL;

	for (line = text ? strtok_r(text, "\n", &lines) : NULL; line;
	     line = strtok_r(NULL, "\n", &lines)) {
		word = strtok_r(line, " \t", &words);
		if (!word || strcmp(word, "options"))
			continue;
		word = strtok_r(NULL, " \t", &words);
		if (!word || (strcmp(word, "tdx_host") &&
			      strcmp(word, "tdx-host")))
			continue;
		while ((word = strtok_r(NULL, " \t", &words)))
			module_add(list, count, word, path);
	}
	free(text);
}

static int module_is_conf(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 5 && !strcmp(d->d_name + n - 5, ".conf");
}

static void module_read_dir(const struct host *h, const char *dir,
			    struct host_parameter **list, size_t *count)
{
	char *path = files_path(h->o, "%s", dir);
	struct dirent **files;
	int n = scandir(path, &files, module_is_conf, alphasort);

	free(path);
	for (int i = 0; i < n; i++) {
		if (asprintf(&path, "%s/%s", dir, files[i]->d_name) < 0)
			abort();
		module_read_conf(h, path, list, count);
		free(path);
		free(files[i]);
	}
	if (n >= 0)
		free(files);
}

/*
 * What the kernel ignored when the module was loaded last, it said: before the
 * module said what it goes by, which it does once a load.
 */
static void module_read_log(const struct host *h,
			    struct host_parameter **list, size_t *count)
{
	static const char begin[] = "tdx_host: unknown parameter '";
	const char *line = NULL;
	unsigned int loads = 0;
	char *name;

	for (size_t i = h->nr_log; i-- > 0 && loads < 2 && !line; ) {
		if (strstr(h->log[i], "tdx_host: parameters: "))
			loads++;
		if (strstr(h->log[i], begin))
			line = h->log[i];
	}
	if (!line || loads > 1)
		return;
	line = strstr(line, begin) + strlen(begin);
	name = strndup(line, strcspn(line, "'"));
	if (!name)
		abort();
	for (size_t i = 0; i < *count; i++)
		if (!strncmp((*list)[i].word, name, strlen(name)))
			goto known;
	module_add(list, count, name, "the kernel's log");
known:
	free(name);
}

/**
 * host_parameters() - what tdx_host is told when it is loaded
 * @h: the machine
 * @count: filled in
 *
 * Return: every parameter that somebody set, for host_parameters_free().
 */
struct host_parameter *host_parameters(const struct host *h, size_t *count)
{
	static const char *const dirs[] = {
		"/etc/modprobe.d", "/run/modprobe.d", "/usr/lib/modprobe.d",
	};
	struct host_parameter *list = NULL;

	*count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		module_read_dir(h, dirs[i], &list, count);
	for (const char *p = h->boot; p && *p; ) {
		size_t length = strcspn(p, " \n");

		if (length > 9 && !strncmp(p, "tdx_host.", 9)) {
			char *word = strndup(p + 9, length - 9);

			if (!word)
				abort();
			module_add(&list, count, word,
				   "the kernel's command line");
			free(word);
		}
		p += length;
		p += strspn(p, " \n");
	}
	module_read_log(h, &list, count);
	return list;
}

/** host_parameters_free() - forget them */
void host_parameters_free(struct host_parameter *p, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(p[i].word);
		free(p[i].where);
	}
	free(p);
}
