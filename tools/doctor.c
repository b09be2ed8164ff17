// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx-host doctor: every precondition in order, each with its cure.
 *
 * The table of checks is checks.def.  A check that depends on one that failed
 * is skipped, so that the first failure is the one to begin with.  Where
 * tdx_host is loaded and says in last_error what is wrong, the check that is
 * about this says the same, and does not look itself.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "out.h"

/* Columns of the result and the title. */
#define DOCTOR_INDENT	"                          "

#define DOCTOR_LIST(...) { __VA_ARGS__ }

static const struct doctor_check {
	const char *name;
	const char *title;
	void (*run)(struct doctor *d, struct doctor_verdict *v);
	enum doctor_id needs[6];	/* ends with CHECK_NONE */
	enum cause causes[8];		/* from [1] on; ends with CAUSE_NONE */
} doctor_checks[CHECK_COUNT] = {
#define DOCTOR_CHECK(id, name, title, needs, run, ...)		\
	[CHECK_##id] = { name, title, run, DOCTOR_LIST needs,	\
			 { CAUSE_NONE, ##__VA_ARGS__ } },
#include "checks.def"
};

static const struct {
	const char *text;
	const char *json;
	enum out_colour colour;
} doctor_results[] = {
	[DOCTOR_PASS] = { "PASS", "pass", OUT_GREEN },
	[DOCTOR_WARN] = { "WARN", "warn", OUT_YELLOW },
	[DOCTOR_FAIL] = { "FAIL", "fail", OUT_RED },
	[DOCTOR_SKIP] = { "SKIP", "skip", OUT_PLAIN },
};

static void doctor_set(struct doctor_verdict *v, enum doctor_result result,
		       enum cause cause, const char *fmt, va_list ap)
{
	v->result = result;
	v->cause = cause;
	free(v->text);
	v->text = NULL;
	if (fmt && vasprintf(&v->text, fmt, ap) < 0)
		abort();
}

/** doctor_pass() - it is as it should be */
void doctor_pass(struct doctor_verdict *v, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	doctor_set(v, DOCTOR_PASS, CAUSE_NONE, fmt, ap);
	va_end(ap);
}

/** doctor_say() - it is not; see struct doctor_verdict */
void doctor_say(struct doctor_verdict *v, enum doctor_result result,
		enum cause cause, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	doctor_set(v, result, cause, fmt, ap);
	va_end(ap);
}

static const char *doctor_cure(const struct doctor_verdict *v)
{
	if (v->cure)
		return v->cure;
	return v->cause ? cause_get(v->cause)->cure : NULL;
}

/* "what is wrong (numbers)", to free. */
static char *doctor_text(const struct doctor_verdict *v)
{
	const char *what = v->cause ? cause_get(v->cause)->what : NULL;
	char *text;
	int n;

	if (what && v->text && strstr(v->text, what))
		n = asprintf(&text, "%s", v->text);
	else if (what && v->text)
		n = asprintf(&text, "%s (%s)", what, v->text);
	else
		n = asprintf(&text, "%s", what ? what : v->text ? v->text : "");
	if (n < 0)
		abort();
	return text;
}

/** doctor_say_sentence() - a module's sentence; its cure has its own place */
void doctor_say_sentence(struct doctor_verdict *v, enum doctor_result result,
			 const char *sentence)
{
	enum cause cause = cause_find(sentence);
	const char *cure = cause ? cause_get(cause)->cure : NULL;
	const char *at = cure ? strstr(sentence, cure) : NULL;

	if (at && at >= sentence + 2)
		doctor_say(v, result, cause, "%.*s%s",
			   (int)(at - sentence - 2), sentence,
			   at + strlen(cure));
	else
		doctor_say(v, result, cause, "%s", sentence);
}

/* What tdx_host says. */
static bool doctor_by_last_error(const struct doctor *d,
				 const struct doctor_check *c,
				 struct doctor_verdict *v)
{
	for (int i = 1; c->causes[i]; i++) {
		if (c->causes[i] != d->h->error_cause)
			continue;
		doctor_say_sentence(v, DOCTOR_FAIL, d->h->last_error);
		return true;
	}
	return false;
}

/* @failed: for each check the one that failed and that it depends on */
static void doctor_check(struct doctor *d, enum doctor_id id,
			 enum doctor_id failed[CHECK_COUNT])
{
	const struct doctor_check *c = &doctor_checks[id];
	struct doctor_verdict *v = &d->verdict[id];

	for (int i = 0; c->needs[i]; i++) {
		failed[id] = failed[c->needs[i]];
		if (!failed[id])
			continue;
		doctor_say(v, DOCTOR_SKIP, CAUSE_NONE, "depends on: %s",
			   doctor_checks[failed[id]].title);
		return;
	}
	if (!doctor_by_last_error(d, c, v))
		c->run(d, v);
	if (v->result == DOCTOR_FAIL)
		failed[id] = id;
}

static void doctor_print(enum doctor_id id, const struct doctor_verdict *v)
{
	const char *cure = doctor_cure(v);
	char *text = doctor_text(v);

	out_raw("%s%s%s  ", out_colour(doctor_results[v->result].colour),
		doctor_results[v->result].text, out_colour(OUT_PLAIN));
	out_column(6, DOCTOR_INDENT, doctor_checks[id].title, text);
	if (cure)
		out_text(OUT_PLAIN, DOCTOR_INDENT, "Cure: %s", cure);

	out_begin(NULL);
	out_value("name", json_object_new_string(doctor_checks[id].name));
	out_value("title", json_object_new_string(doctor_checks[id].title));
	out_value("result", json_object_new_string(
		  doctor_results[v->result].json));
	out_value("text", json_object_new_string(text));
	if (v->cause)
		out_value("cause", json_object_new_string(
			  cause_get(v->cause)->name));
	if (cure)
		out_value("cure", json_object_new_string(cure));
	out_end();
	free(text);
}

static void doctor_sum_up(const struct doctor *d, enum doctor_id first)
{
	unsigned int count[DOCTOR_RESULTS] = { };
	char *text;

	for (int id = CHECK_NONE + 1; id < CHECK_COUNT; id++)
		count[d->verdict[id].result]++;
	out_raw("\n%u passed, %u warning%s, %u failed, %u skipped.\n",
		count[DOCTOR_PASS], count[DOCTOR_WARN],
		count[DOCTOR_WARN] == 1 ? "" : "s", count[DOCTOR_FAIL],
		count[DOCTOR_SKIP]);
	for (int i = 0; i < DOCTOR_RESULTS; i++)
		out_value(doctor_results[i].json,
			  json_object_new_int(count[i]));
	out_value("first_failure", first ? json_object_new_string(
		  doctor_checks[first].name) : NULL);
	if (!first)
		return;
	text = doctor_text(&d->verdict[first]);
	out_raw("\n");
	out_text(OUT_BOLD, "", "Begin with this: %s", doctor_checks[first].title);
	out_text(OUT_PLAIN, "  ", "%s.", text);
	out_text(OUT_PLAIN, "  ", "Cure: %s.", doctor_cure(&d->verdict[first]));
	free(text);
}

/**
 * doctor_run() - make all checks, and say what they found
 * @o: options
 * @h: the machine
 *
 * Return: TOOL_OK, TOOL_FAILED where a check failed.
 */
enum tool_exit doctor_run(const struct tool_options *o, struct host *h)
{
	struct doctor *d = calloc(1, sizeof(*d));
	enum doctor_id first = CHECK_NONE;
	enum doctor_id failed[CHECK_COUNT] = { };

	(void)o;
	if (!d)
		abort();
	d->h = h;
	doctor_read_msrs(d);
	out_begin_list("checks");
	for (int id = CHECK_NONE + 1; id < CHECK_COUNT; id++) {
		doctor_check(d, id, failed);
		if (!first && d->verdict[id].result == DOCTOR_FAIL)
			first = id;
		doctor_print(id, &d->verdict[id]);
	}
	out_end();
	doctor_sum_up(d, first);
	for (int id = 0; id < CHECK_COUNT; id++) {
		free(d->verdict[id].text);
		free(d->verdict[id].cure);
	}
	free(d);
	return first ? TOOL_FAILED : TOOL_OK;
}

static enum tool_exit doctor_main(const struct tool_options *o)
{
	struct host *h = host_open(o);
	enum tool_exit code = doctor_run(o, h);

	host_close(h);
	return code;
}

const struct tool_command tool_doctor = {
	.name = "doctor",
	.text = "check every precondition of TDX, and name the cures",
	.doc = "Check every precondition of TDX in order, before and after tdx_host is loaded, and also without it: PASS, WARN, FAIL or SKIP, with a cure. What depends on a failed check is skipped, so begin with the first failure. As root it sees more: MSRs, the kernel's log, the CMRs.\v"
	       "Exit status: 0 where no check failed, 1 where one did.",
	.run = doctor_main,
};
