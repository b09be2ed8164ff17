// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx-host watch: state, progress, and what SEAMCALLs are made, each second.
 *
 * The counters of debugfs only grow, so the rates are differences.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "cause.h"
#include "files.h"
#include "host.h"
#include "out.h"
#include "terminal.h"

/* As src/stats.c counts: below 1 us, below 2 us, ..., all the rest. */
#define WATCH_BUCKETS	16

/* More leaves than there are lines in leaves.def. */
#define WATCH_LEAVES	128

/**
 * struct watch_leaf - the counters of a leaf
 * @name: of the leaf
 * @calls: calls
 * @transient: of these, with a transient status
 * @errors: of these, failed
 * @latency: calls by duration
 */
struct watch_leaf {
	char name[32];
	unsigned long long calls;
	unsigned long long transient;
	unsigned long long errors;
	unsigned long long latency[WATCH_BUCKETS];
};

struct watch_sample {
	bool known;
	size_t count;
	struct watch_leaf leaf[WATCH_LEAVES];
};

static volatile sig_atomic_t watch_ended;

static void watch_on_signal(int signal)
{
	watch_ended = signal;
}

static void watch_parse(struct watch_sample *s, char *line)
{
	struct watch_leaf *l = &s->leaf[s->count];
	int at = 0;

	/* What ends before the "|" leaves at alone, and counts as 4 as well. */
	if (*line == '#' || s->count == WATCH_LEAVES ||
	    sscanf(line, "%31s %llu %llu %llu |%n", l->name, &l->calls,
		   &l->transient, &l->errors, &at) != 4 || !at)
		return;
	line += at;
	for (int i = 0; i < WATCH_BUCKETS; i++)
		l->latency[i] = strtoull(line, &line, 10);
	s->count++;
}

static void watch_read(const struct tool_options *o, struct watch_sample *s)
{
	char *text = files_read(o, FILES_DEBUGFS "/seamcalls");
	char *line, *save = NULL;

	memset(s, 0, sizeof(*s));
	s->known = text;
	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		watch_parse(s, line);
	free(text);
}

/* What @after counts beyond @before, in @after. */
static void watch_subtract(struct watch_sample *after,
			   const struct watch_sample *before)
{
	for (size_t i = 0; i < after->count; i++) {
		struct watch_leaf *a = &after->leaf[i];

		for (size_t k = 0; k < before->count; k++) {
			const struct watch_leaf *b = &before->leaf[k];

			/* Counters that fell are those of another load. */
			if (strcmp(a->name, b->name) || b->calls > a->calls)
				continue;
			a->calls -= b->calls;
			a->transient -= b->transient;
			a->errors -= b->errors;
			for (int n = 0; n < WATCH_BUCKETS; n++)
				a->latency[n] -= b->latency[n];
		}
	}
}

/* The time below which @percent of the calls ended, us; 0 for beyond all. */
static unsigned int watch_below(const struct watch_leaf *l,
				unsigned int percent)
{
	unsigned long long sum = 0, want = (l->calls * percent + 99) / 100;

	for (int i = 0; i < WATCH_BUCKETS - 1; i++) {
		sum += l->latency[i];
		if (sum >= want)
			return 1u << i;
	}
	return 0;
}

static const char *watch_time(unsigned int us, char text[16])
{
	if (!us)
		snprintf(text, 16, "> %u ms", (1u << (WATCH_BUCKETS - 2)) / 1000);
	else if (us < 1000)
		snprintf(text, 16, "< %u us", us);
	else
		snprintf(text, 16, "< %u ms", (us + 999) / 1000);
	return text;
}

static void watch_leaf_line(const struct watch_leaf *l, double seconds)
{
	double rate = seconds > 0 ? l->calls / seconds : 0;
	unsigned int half = watch_below(l, 50), most = watch_below(l, 99);
	char a[16], b[16];

	if (!l->calls)
		return;
	out_raw("%-26s %10.0f %9llu %8llu %10s %10s\n", l->name, rate,
		l->transient, l->errors, watch_time(half, a),
		watch_time(most, b));
	out_begin(NULL);
	out_value("leaf", json_object_new_string(l->name));
	out_fraction("per_second", rate);
	out_value("calls", json_object_new_int64(l->calls));
	out_value("transient", json_object_new_int64(l->transient));
	out_value("errors", json_object_new_int64(l->errors));
	/* null: longer than the longest bucket */
	out_value("half_below_us", half ? json_object_new_int64(half) : NULL);
	out_value("p99_below_us", most ? json_object_new_int64(most) : NULL);
	out_end();
}

static void watch_leaves(const struct watch_sample *s, double seconds)
{
	unsigned long long calls = 0;

	if (!s->known) {
		out_text(OUT_PLAIN, "", "SEAMCALLs: %s; %s.",
			 cause_get(CAUSE_NO_DEBUGFS)->what,
			 cause_get(CAUSE_NO_DEBUGFS)->cure);
		return;
	}
	for (size_t i = 0; i < s->count; i++)
		calls += s->leaf[i].calls;
	if (calls)
		out_raw("%-26s %10s %9s %8s %10s %10s\n", "SEAMCALL", "a second",
			"transient", "errors", "half", "99 %");
	else
		out_raw("no SEAMCALL in this time\n");
	out_begin_list("leaves");
	for (size_t i = 0; i < s->count; i++)
		watch_leaf_line(&s->leaf[i], seconds);
	out_end();
}

static void watch_block(const struct tool_options *o,
			const struct watch_sample *s, double seconds)
{
	char *state = files_read(o, FILES_SYSFS "/state");
	char *error = files_read(o, FILES_SYSFS "/last_error");
	unsigned long long percent;

	if (terminal_draws())
		terminal_home();
	out_say("state", "state", NULL, "%s", state ? state : "not loaded");
	if (files_number(o, &percent, FILES_SYSFS "/progress"))
		out_say("progress", "progress",
			json_object_new_int64(percent), "%llu %%", percent);
	if (error && *error)
		out_say("last error", "last_error", NULL, "%s", error);
	out_fraction("seconds", seconds);
	if (state)
		watch_leaves(s, seconds);
	out_raw("\n");
	out_next(o);
	free(state);
	free(error);
}

static enum tool_exit watch_main(const struct tool_options *o)
{
	const struct sigaction a = { .sa_handler = watch_on_signal };
	static struct watch_sample before, after, difference;
	double begin = terminal_seconds(), last = begin, now;

	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGHUP, &a, NULL);
	sigaction(SIGPIPE, &a, NULL);
	watch_read(o, &before);
	while (!watch_ended) {
		double rest = begin + o->timeout - last;
		int wait = 1000;

		if (o->timeout >= 0 && rest <= 0)
			break;
		if (o->timeout >= 0 && rest < 1)
			wait = rest * 1000 + 1;
		poll(NULL, 0, wait);
		now = terminal_seconds();
		watch_read(o, &after);
		difference = after;
		watch_subtract(&difference, &before);
		watch_block(o, &difference, now - last);
		if (ferror(stdout))
			break;
		before = after;
		last = now;
	}
	return TOOL_OK;
}

const struct tool_command tool_watch = {
	.name = "watch",
	.text = "show state, progress and SEAMCALLs, once a second",
	.doc = "Show state, progress, and how many SEAMCALLs are made of each leaf, once a second: of those of the last second, how many a second, transient failures, errors, and the time below which half and 99 % of them ended. On a terminal it is drawn in place. Counters need root and debugfs.\v"
	       "It ends with --timeout or Ctrl-C, with status 0. With --json each second is an object on a line, and so is the end.",
	.timed = true,
	.run = watch_main,
};
