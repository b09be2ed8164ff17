// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer target: tdx-host looks at a machine whose files say anything:
 * status, doctor, report, wait and watch.
 *
 * The input is text: a line "=== PATH", and what the file says until the next
 * one.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/kernel.h>

#include "files.h"
#include "out.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
FILE *fuzz_popen(const char *command, const char *mode);

/* Where no file of this machine is, by whatever way it is looked for. */
#define ROOT	"/nonexistent"

static const char *machine;	/* ends with a NUL */

static char *find(const char *path, size_t *length)
{
	size_t n;

	/* A path that somebody made of the root and another. */
	if (!strncmp(path, ROOT, strlen(ROOT)))
		path += strlen(ROOT);
	n = strlen(path);
	for (const char *at = machine; (at = strstr(at, "=== ")); at++) {
		const char *text = at + 4, *end;

		if (strncmp(text, path, n) || text[n] != '\n')
			continue;
		text += n + 1;
		end = strstr(text, "\n=== ");
		*length = end ? (size_t)(end + 1 - text) : strlen(text);
		return strndup(text, *length);
	}
	errno = ENOENT;
	return NULL;
}

static char *vpath(const char *fmt, va_list ap)
{
	char *path;

	if (vasprintf(&path, fmt, ap) < 0)
		abort();
	return path;
}

static char *vread(size_t *length, const char *fmt, va_list ap)
{
	char *path = vpath(fmt, ap), *text;
	size_t n = 0;

	text = find(path, &n);
	free(path);
	if (text && length)
		*length = n;
	while (text && !length && n && text[n - 1] == '\n')
		text[--n] = '\0';
	return text;
}

char *files_path(const struct tool_options *o, const char *fmt, ...)
{
	va_list ap;
	char *path, *whole;

	va_start(ap, fmt);
	path = vpath(fmt, ap);
	va_end(ap);
	if (asprintf(&whole, "%s%s", o->root, path) < 0)
		abort();
	free(path);
	return whole;
}

char *files_read(const struct tool_options *o, const char *fmt, ...)
{
	va_list ap;
	char *text;

	(void)o;
	va_start(ap, fmt);
	text = vread(NULL, fmt, ap);
	va_end(ap);
	return text;
}

char *files_bytes(const struct tool_options *o, size_t *length,
		  const char *fmt, ...)
{
	va_list ap;
	char *text;

	(void)o;
	va_start(ap, fmt);
	text = vread(length, fmt, ap);
	va_end(ap);
	return text;
}

bool files_exist(const struct tool_options *o, const char *fmt, ...)
{
	va_list ap;
	char *text;
	bool found;

	(void)o;
	va_start(ap, fmt);
	text = vread(NULL, fmt, ap);
	va_end(ap);
	found = text;
	free(text);
	return found;
}

bool files_number(const struct tool_options *o, unsigned long long *number,
		  const char *fmt, ...)
{
	va_list ap;
	char *text, *end;
	bool ok;

	(void)o;
	va_start(ap, fmt);
	text = vread(NULL, fmt, ap);
	va_end(ap);
	if (!text)
		return false;
	*number = strtoull(text, &end, 0);
	ok = end != text && !*end;
	free(text);
	return ok;
}

/* modinfo has nothing to say. */
FILE *fuzz_popen(const char *command, const char *mode)
{
	(void)command;
	(void)mode;
	return NULL;
}

/* A second takes no time. */
static time_t seconds;

int fuzz_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	(void)fds;
	(void)n;
	(void)timeout;
	seconds++;
	return 0;
}

int fuzz_clock_gettime(clockid_t clock, struct timespec *t)
{
	(void)clock;
	*t = (struct timespec){ .tv_sec = seconds };
	return 0;
}

/* Of main.c, for what is typed: nothing is. */
void tool_bad(const char *fmt, ...)
{
	(void)fmt;
	abort();
}

/* As main() does. */
static void run(const struct tool_command *command,
		const struct tool_options *o)
{
	out_open(o, command->name);
	command->run(o);
	out_close();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return freopen("/dev/null", "w", stdout) ? 0 : 1;
}

/* They catch signals, for good. */
static void run_timed(const struct tool_options *o)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	struct sigaction before[ARRAY_SIZE(signals)];

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], NULL, &before[i]);
	run(&tool_wait, o);
	run(&tool_watch, o);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &before[i], NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *words[] = { NULL };
	struct tool_options o = {
		.json = size & 1, .root = ROOT, .timeout = 2, .argv = words,
	};
	char *text = malloc(size + 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	machine = text;
	run(&tool_status, &o);
	run(&tool_doctor, &o);
	run(&tool_report, &o);
	run_timed(&o);
	free(text);
	return 0;
}
