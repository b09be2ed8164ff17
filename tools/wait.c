// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx-host enable, disable, wait.
 *
 * The write to sysfs lasts as long as initialisation does, so a child makes it,
 * and this process stays free to draw, to count seconds, and to end.  A child
 * that is killed only ends its own wait: the module goes on.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cause.h"
#include "files.h"
#include "host.h"
#include "out.h"
#include "terminal.h"

/* How often sysfs is asked, milliseconds. */
#define WAIT_TICK	100

static volatile sig_atomic_t wait_interrupted;

static void wait_on_signal(int signal)
{
	wait_interrupted = signal;
}

static void wait_catch_signals(void)
{
	const struct sigaction a = { .sa_handler = wait_on_signal };

	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGHUP, &a, NULL);
}

/*
 * Write @text to the file "enable" in a child, which ends with errno.  Its
 * exit status has room for that: errnos of Linux end at 133.
 */
static pid_t wait_start(const struct tool_options *o, const char *text)
{
	char *path = files_path(o, FILES_SYSFS "/enable");
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child) {
		int fd;

		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, text, strlen(text)) < 0)
			_exit(errno);
		_exit(0);
	}
	free(path);
	return child;
}

static void wait_draw(const struct tool_options *o)
{
	unsigned long long percent = 0;

	if (!terminal_draws())
		return;
	files_number(o, &percent, FILES_SYSFS "/progress");
	terminal_bar(percent > 100 ? 100 : percent);
}

/* How a child of wait_start() ended: true once it did, with its errno. */
static bool wait_ended(pid_t child, int *err)
{
	int status;

	switch (waitpid(child, &status, WNOHANG)) {
	case 0:
		return false;
	case -1:
		*err = errno;
		return true;
	}
	*err = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	return true;
}

/* What the module says, and how it ends: the last words of each command. */
static enum tool_exit wait_conclude(const struct tool_options *o,
				    enum tool_exit code)
{
	struct host *h = host_open(o);

	if (h->state)
		out_say(NULL, "state", NULL, "%s", h->state);
	if (h->last_error) {
		out_text(OUT_PLAIN, "", "%s.", h->last_error);
		out_say(NULL, "last_error", NULL, "%s", h->last_error);
	}
	if (h->error_cause)
		out_say(NULL, "cause", NULL, "%s",
			cause_get(h->error_cause)->name);
	host_close(h);
	return code;
}

static enum tool_exit wait_gave_up(const struct tool_options *o,
				   const char *what)
{
	out_text(OUT_PLAIN, "", wait_interrupted ?
		 "Interrupted; %s goes on. 'tdx-host wait' waits for its end." :
		 "The time is over; %s goes on. 'tdx-host wait' waits for its end.",
		 what);
	out_value("goes_on", json_object_new_boolean(true));
	return wait_conclude(o, wait_interrupted ? TOOL_INITIALIZING :
			     TOOL_TIMEOUT);
}

static enum tool_exit wait_not_loaded(void)
{
	const struct cause_text *c = cause_get(CAUSE_NOT_LOADED);

	out_text(OUT_PLAIN, "", "%s; %s.", c->what, c->cure);
	out_say(NULL, "cause", NULL, "%s", c->name);
	return TOOL_NOT_LOADED;
}

static enum tool_exit wait_refused(const struct tool_options *o, int err)
{
	const char *name = strerrorname_np(err);

	out_say(NULL, "errno_name", NULL, "%s", name ? name : "unknown");
	if (err == EACCES || err == EPERM)
		out_text(OUT_PLAIN, "", "Only root may do this; try again with sudo.");
	else
		out_text(OUT_RED, "", "It failed (%s).", name ? name : "unknown");
	return wait_conclude(o, TOOL_FAILED);
}

/* Make the write, and stay awake meanwhile. */
static enum tool_exit wait_write(const struct tool_options *o, const char *text,
				 const char *what)
{
	double end = terminal_seconds() + o->timeout;
	pid_t child;
	int err;

	if (!files_exist(o, FILES_SYSFS "/state"))
		return wait_not_loaded();
	wait_catch_signals();
	child = wait_start(o, text);
	if (child < 0) {
		perror("tdx-host: fork");
		return TOOL_FAILED;
	}
	while (!wait_ended(child, &err)) {
		if (wait_interrupted ||
		    (o->timeout >= 0 && terminal_seconds() >= end)) {
			/* Not waited for, in case it cannot be killed. */
			kill(child, SIGKILL);
			terminal_clear();
			return wait_gave_up(o, what);
		}
		wait_draw(o);
		poll(NULL, 0, WAIT_TICK);
	}
	terminal_clear();
	if (err)
		return wait_refused(o, err);
	return TOOL_OK;
}

static enum tool_exit wait_enable(const struct tool_options *o)
{
	enum tool_exit code = wait_write(o, "1\n", "initialisation");
	struct host *h;
	char *ready;

	if (code != TOOL_OK)
		return code;
	h = host_open(o);
	ready = files_read(o, FILES_SYSFS "/cpus_ready");
	out_text(OUT_PLAIN, "", "TDX is ready on CPU %s.",
		 ready ? ready : "?");
	out_say(NULL, "state", NULL, "%s", h->state ? h->state : "not loaded");
	free(ready);
	host_close(h);
	return TOOL_OK;
}

static enum tool_exit wait_disable(const struct tool_options *o)
{
	enum tool_exit code = wait_write(o, "0\n", "the shutdown");

	if (code != TOOL_OK)
		return code;
	out_text(OUT_PLAIN, "", "The TDX module is shut down; its memory is the kernel's again.");
	return wait_conclude(o, TOOL_OK);
}

static enum tool_exit wait_for_end(const struct tool_options *o)
{
	double end = terminal_seconds() + o->timeout;
	char *state;

	wait_catch_signals();
	while ((state = files_read(o, FILES_SYSFS "/state")) &&
	       !strcmp(state, "initializing")) {
		free(state);
		if (wait_interrupted ||
		    (o->timeout >= 0 && terminal_seconds() >= end)) {
			terminal_clear();
			return wait_gave_up(o, "initialisation");
		}
		wait_draw(o);
		poll(NULL, 0, WAIT_TICK);
	}
	terminal_clear();
	if (!state)
		return wait_not_loaded();
	if (!strcmp(state, "ready"))
		out_text(OUT_PLAIN, "", "TDX is ready.");
	else if (!strcmp(state, "detected"))
		out_text(OUT_PLAIN, "", "Nobody initialises TDX; do it with 'sudo tdx-host enable'.");
	else
		out_text(OUT_PLAIN, "", "The state is %s.", state);
	free(state);
	return TOOL_OK;
}

static enum tool_exit wait_main(const struct tool_options *o)
{
	enum tool_exit code = wait_for_end(o);
	struct host *h;

	if (code != TOOL_OK)
		return code;
	h = host_open(o);
	code = host_exit(h);
	host_close(h);
	return wait_conclude(o, code);
}

const struct tool_command tool_enable = {
	.name = "enable",
	.text = "initialise TDX, and wait until that is done",
	.doc = "Initialise TDX, and wait until that is done, with a bar on a terminal. Only root may. When the tool is interrupted or --timeout goes by, initialisation goes on by itself.\v"
	       "Exit status: 0 TDX is ready; 1 it failed, and the sentence says why; 4 interrupted; 8 not loaded; 9 --timeout went by.",
	.timed = true,
	.run = wait_enable,
};

const struct tool_command tool_disable = {
	.name = "disable",
	.text = "shut the TDX module down, and take its memory back",
	.doc = "Shut the TDX module down, where it can be, and take its memory back. Only root may.\v"
	       "Exit status: 0 done; 1 it failed, and the sentence says why; 4 interrupted; 8 not loaded; 9 --timeout went by.",
	.timed = true,
	.run = wait_disable,
};

const struct tool_command tool_wait = {
	.name = "wait",
	.text = "wait until an initialisation that is under way has ended",
	.doc = "Wait until an initialisation that somebody else began has ended, with a bar on a terminal. Where none is under way it ends at once.\v"
	       "The exit status is that of the state, as of status; 4 interrupted; 9 --timeout went by.",
	.timed = true,
	.run = wait_main,
};
