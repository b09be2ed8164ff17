// SPDX-License-Identifier: GPL-2.0-only
/* Small files of /sys, /proc and the like, whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

/* Enough for /proc/cpuinfo of 1,000 CPUs, and an end for what has none. */
#define FILES_MOST	(16u << 20)

/* For one record of /dev/kmsg, at least. */
#define FILES_ROOM	(16u << 10)

static char *files_vpath(const struct tool_options *o, const char *fmt,
			 va_list ap)
{
	char *name, *path;

	if (vasprintf(&name, fmt, ap) < 0 ||
	    asprintf(&path, "%s%s", o->root, name) < 0)
		abort();
	free(name);
	return path;
}

/**
 * files_path() - where a file of the machine is read
 * @o: options, with the root
 * @fmt: its path on the machine, printf()'s
 *
 * Return: the path, to free.
 */
char *files_path(const struct tool_options *o, const char *fmt, ...)
{
	va_list ap;
	char *path;

	va_start(ap, fmt);
	path = files_vpath(o, fmt, ap);
	va_end(ap);
	return path;
}

/*
 * /dev/kmsg gives a record a read, fails with EINVAL where there is no room for
 * the next one, with EPIPE where it was overwritten, and has no end but EAGAIN.
 */
static char *files_vread(const struct tool_options *o, size_t *length,
			 const char *fmt, va_list ap)
{
	char *path = files_vpath(o, fmt, ap), *text = NULL;
	size_t size = FILES_ROOM, n = 0;
	ssize_t got = 0;
	int fd, err;

	/* Not to wait for what is no file of a copy, but a FIFO. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	err = errno;
	free(path);
	errno = err;
	if (fd < 0)
		return NULL;
	do {
		n += got > 0 ? got : 0;
		if (!text || size - n < FILES_ROOM) {
			size *= 2;
			text = realloc(text, size);
			if (!text)
				abort();
		}
		got = read(fd, text + n, size - n - 1);
	} while ((got > 0 && size <= FILES_MOST) ||
		 (got < 0 && errno == EPIPE));
	err = got < 0 && errno != EAGAIN ? errno : 0;
	close(fd);
	if (err) {
		free(text);
		errno = err;
		return NULL;
	}
	text[n] = '\0';
	if (length)
		*length = n;
	else
		while (n && text[n - 1] == '\n')
			text[--n] = '\0';
	return text;
}

/**
 * files_read() - what a file says
 * @o: options, with the root
 * @fmt: its path on the machine, printf()'s
 *
 * Return: the text without the newline at its end, to free; NULL with errno
 *	   where there is no such file, it may not be read, or its value is not
 *	   known (ENODATA).
 */
char *files_read(const struct tool_options *o, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = files_vread(o, NULL, fmt, ap);
	va_end(ap);
	return text;
}

/**
 * files_bytes() - what is in a file that is no text
 * @o: options, with the root
 * @length: filled in, bytes
 * @fmt: its path on the machine, printf()'s
 *
 * Return: the content, to free; NULL with errno.
 */
char *files_bytes(const struct tool_options *o, size_t *length,
		  const char *fmt, ...)
{
	va_list ap;
	char *bytes;

	va_start(ap, fmt);
	bytes = files_vread(o, length, fmt, ap);
	va_end(ap);
	return bytes;
}

/** files_exist() - is there such a file or directory?  If not, with errno. */
bool files_exist(const struct tool_options *o, const char *fmt, ...)
{
	va_list ap;
	char *path;
	bool yes;
	int err;

	va_start(ap, fmt);
	path = files_vpath(o, fmt, ap);
	va_end(ap);
	yes = !access(path, F_OK);
	err = errno;
	free(path);
	errno = err;
	return yes;
}

/**
 * files_number() - the number that a file holds
 * @o: options, with the root
 * @number: filled in
 * @fmt: its path on the machine, printf()'s
 *
 * Return: true if there is one, decimal or 0x-hex, and nothing else.
 */
bool files_number(const struct tool_options *o, unsigned long long *number,
		  const char *fmt, ...)
{
	char *text, *end;
	va_list ap;
	bool ok;

	va_start(ap, fmt);
	text = files_vread(o, NULL, fmt, ap);
	va_end(ap);
	if (!text)
		return false;
	*number = strtoull(text, &end, 0);
	ok = end != text && !*end;
	free(text);
	return ok;
}
