/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands of tdx-host, what they are given, and how they end. */
#ifndef TDX_HOST_TOOL_H
#define TDX_HOST_TOOL_H

#include <argp.h>
#include <stdbool.h>

/**
 * enum tool_exit - exit statuses, one for each way to end; tdx-host(1)
 * @TOOL_OK: done; status: TDX is ready
 * @TOOL_FAILED: a check failed, a status is not known, a write was refused
 * @TOOL_USAGE: bad usage
 * @TOOL_DETECTED: the state is detected: TDX is there, not initialised
 * @TOOL_INITIALIZING: the state is initializing
 * @TOOL_DISABLED: the state is disabled
 * @TOOL_UNSUPPORTED: the state is unsupported
 * @TOOL_STATE_FAILED: the state is failed
 * @TOOL_NOT_LOADED: the module is not loaded
 * @TOOL_TIMEOUT: --timeout went by
 */
enum tool_exit {
	TOOL_OK = 0,
	TOOL_FAILED = 1,
	TOOL_USAGE = 2,
	TOOL_DETECTED = 3,
	TOOL_INITIALIZING = 4,
	TOOL_DISABLED = 5,
	TOOL_UNSUPPORTED = 6,
	TOOL_STATE_FAILED = 7,
	TOOL_NOT_LOADED = 8,
	TOOL_TIMEOUT = 9,
};

/**
 * struct tool_options - what all commands are given
 * @json: one JSON document instead of text
 * @quiet: nothing but the exit status and errors
 * @root: prefix of /sys, /proc, /dev, /boot ...; "" for this machine
 * @timeout: seconds, negative for no end
 * @argc: words after the options
 * @argv: those words
 */
struct tool_options {
	bool json;
	bool quiet;
	const char *root;
	double timeout;
	int argc;
	char **argv;
};

/**
 * struct tool_command - a line of the table that help, parsing and the
 *			 completion of shells are made from
 * @name: as it is typed
 * @args: what follows, for the usage line; NULL where nothing may
 * @text: one line for the list of commands
 * @doc: paragraphs for --help
 * @timed: takes --timeout
 * @words: function that prints the words to complete with, one a line; or NULL
 * @run: does it
 */
struct tool_command {
	const char *name;
	const char *args;
	const char *text;
	const char *doc;
	bool timed;
	void (*words)(void);
	enum tool_exit (*run)(const struct tool_options *o);
};

extern const struct tool_command tool_decode;
extern const struct tool_command tool_disable;
extern const struct tool_command tool_doctor;
extern const struct tool_command tool_enable;
extern const struct tool_command tool_leaves;
extern const struct tool_command tool_report;
extern const struct tool_command tool_status;
extern const struct tool_command tool_statuses;
extern const struct tool_command tool_wait;
extern const struct tool_command tool_watch;

void tool_bad(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

#endif /* TDX_HOST_TOOL_H */
