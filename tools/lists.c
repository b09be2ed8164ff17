// SPDX-License-Identifier: GPL-2.0-only
/* tdx-host leaves, tdx-host statuses, and look-ups in all lists. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <linux/kernel.h>

#include "status.h"

#include "lists.h"
#include "out.h"
#include "tool.h"

static const struct lists_leaf lists_leaves[] = {
#define TDX_LEAF(name, number, text, transient) \
	{ text, (number), (transient), false },
#include <tdx/leaves.def>
#define TDX_GUEST_LEAF(name, number, text) { text, (number), 0, true },
#include <tdx/guest_leaves.def>
};

static const struct {
	const char *name;
	unsigned long long value;
	const char *meaning;
	const char *remedy;
} lists_statuses[] = {
#define TDX_STATUS(name, value, details, meaning, remedy) \
	{ "TDX_" #name, (value), meaning, remedy },
#include <tdx/status.def>
};

static const struct {
	unsigned int id;
	const char *name;
	const char *text;
} lists_operands[] = {
#define TDX_OPERAND(name, id, text) { (id), #name, text },
#include <tdx/operands.def>
};

static const struct {
	unsigned int bit;
	const char *name;
} lists_retry_bits[] = {
	{ TDX_RETRY_SYS_BUSY, "sys_busy" },
	{ TDX_RETRY_NO_ENTROPY, "no_entropy" },
	{ TDX_RETRY_KEY_GENERATION, "key_generation" },
	{ TDX_RETRY_OPERAND_BUSY, "operand_busy" },
	{ TDX_RETRY_RESUMABLE, "resumable" },
	{ TDX_RETRY_RESTARTABLE, "restartable" },
	{ TDX_RETRY_RESUME_RCX, "resume_rcx" },
};

static const struct lists_errno lists_errnos[] = {
#define TDX_ERRNO(name, meaning, remedy) { name, #name, meaning, remedy },
#include "errnos.def"
};

static const struct lists_sentence lists_causes[] = {
#define TDX_CAUSE(name, what, cure) { #name, what, cure },
#include <tdx/causes.def>
};

/* Patterns of a line, and the cause, or the words of this tool only. */
static const struct {
	const char *patterns;
	struct lists_sentence sentence;
} lists_lines[] = {
#define TDX_LINE(patterns, meaning, remedy) \
	{ patterns, { NULL, meaning, remedy } },
#define TDX_LINE_CAUSE(patterns, cause) { patterns, { #cause, NULL, NULL } },
#include "lines.def"
};

/** lists_leaf() - the leaf with that number; NULL if none has it */
const struct lists_leaf *lists_leaf(bool guest, unsigned int number)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists_leaves); i++)
		if (lists_leaves[i].guest == guest &&
		    lists_leaves[i].number == number)
			return &lists_leaves[i];
	return NULL;
}

/* Names are compared as people and C write them: TDH.SYS.INIT, tdh_sys_init. */
static int lists_fold(char c)
{
	return c == '.' ? '_' : toupper((unsigned char)c);
}

static bool lists_same(const char *name, const char *known)
{
	while (*name && lists_fold(*name) == lists_fold(*known)) {
		name++;
		known++;
	}
	return !*name && !*known;
}

/**
 * lists_leaf_named() - a leaf by its name
 * @name: TDH.SYS.INIT, tdh_sys_init, TDX_TDG_MR_REPORT
 * @whole: nothing else can be meant, so that TDH. may be left out
 *
 * Return: the leaf; NULL if none has that name.
 */
const struct lists_leaf *lists_leaf_named(const char *name, bool whole)
{
	if (!strncasecmp(name, "TDX_TD", 6))
		name += strlen("TDX_");
	for (size_t i = 0; i < ARRAY_SIZE(lists_leaves); i++) {
		const struct lists_leaf *l = &lists_leaves[i];

		if (lists_same(name, l->name) ||
		    (whole && !l->guest &&
		     lists_same(name, l->name + strlen("TDH."))))
			return l;
	}
	return NULL;
}

/**
 * lists_status_named() - a status by its name
 * @name: TDX_SYS_BUSY
 * @whole: nothing else can be meant, so that TDX_ may be left out
 * @value: filled in, with zero details
 *
 * Return: true if there is one.
 */
bool lists_status_named(const char *name, bool whole, unsigned long long *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists_statuses); i++) {
		const char *known = lists_statuses[i].name;

		if (lists_same(name, known) ||
		    (whole && lists_same(name, known + strlen("TDX_")))) {
			*value = lists_statuses[i].value;
			return true;
		}
	}
	return false;
}

/** lists_operand_named() - an operand's id by its name in C or its text */
bool lists_operand_named(const char *name, unsigned int *id)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists_operands); i++) {
		if (!lists_same(name, lists_operands[i].name) &&
		    !lists_same(name, lists_operands[i].text))
			continue;
		*id = lists_operands[i].id;
		return true;
	}
	return false;
}

/** lists_operand() - an operand's name; NULL if it is not in the list */
const char *lists_operand(unsigned int id)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists_operands); i++)
		if (lists_operands[i].id == id)
			return lists_operands[i].text;
	return NULL;
}

/** lists_class() - the name of a class of statuses, or NULL */
const char *lists_class(unsigned int class)
{
	switch (class) {
#define TDX_CLASS(number, name) case number: return name;
#include "classes.def"
	}
	return NULL;
}

/** lists_exit() - the name of a VMX exit reason, or NULL */
const char *lists_exit(unsigned int reason)
{
	switch (reason) {
#define TDX_EXIT(number, name) case number: return name;
#include "exits.def"
	}
	return NULL;
}

/** lists_loader() - what a status of the P-SEAMLDR means, or NULL; and a cure */
const char *lists_loader(unsigned long long status, const char **remedy)
{
	switch (status) {
#define TDX_LOADER(value, meaning, text) \
	case value: *remedy = text; return meaning;
#include "loader.def"
	}
	return NULL;
}

/** lists_msr() - the name of an MSR, or NULL; with what to do about its value */
const char *lists_msr(unsigned int msr, const char **remedy)
{
	switch (msr) {
#define TDX_MSR(address, name, text) \
	case address: *remedy = text; return name;
#include "msrs.def"
	}
	return NULL;
}

/** lists_errno() - an errno that means something with TDX, or NULL */
const struct lists_errno *lists_errno(int number)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists_errnos); i++)
		if (lists_errnos[i].number == number)
			return &lists_errnos[i];
	return NULL;
}

/** lists_errno_named() - ENOSPC; NULL for what is none */
const struct lists_errno *lists_errno_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists_errnos); i++)
		if (!strcmp(lists_errnos[i].name, name))
			return &lists_errnos[i];
	return NULL;
}

/** lists_errno_at_end() - the errno whose text a line ends with, or NULL */
const struct lists_errno *lists_errno_at_end(const char *line)
{
	size_t n = strlen(line);

	while (n && strchr(" .)\"'", line[n - 1]))
		n--;
	for (size_t i = 0; i < ARRAY_SIZE(lists_errnos); i++) {
		const char *text = strerror(lists_errnos[i].number);
		size_t len = strlen(text);

		if (n >= len && !strncasecmp(line + n - len, text, len) &&
		    (n == len || !isalnum((unsigned char)line[n - len - 1])))
			return &lists_errnos[i];
	}
	return NULL;
}

/* The first @n characters of @text in @line, in any case; where they end. */
static const char *lists_find(const char *line, const char *text, size_t n)
{
	for (; *line; line++)
		if (lists_fold(*line) == lists_fold(*text) &&
		    !strncasecmp(line, text, n))
			return line + n;
	return NULL;
}

/* Has @line what one of @patterns, one a line, has between its "*"? */
static bool lists_match(const char *line, const char *patterns)
{
	const char *at = line;

	while (at && *patterns) {
		size_t n = strcspn(patterns, "*\n");

		at = lists_find(at, patterns, n);
		patterns += n;
		if (!at) {
			patterns += strcspn(patterns, "\n");
			if (!*patterns)
				return false;
			at = line;
		} else if (*patterns != '*') {
			return true;
		}
		patterns++;
	}
	return false;
}

/** lists_cause() - the words of a cause of causes.def */
bool lists_cause(const char *name, struct lists_sentence *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists_causes); i++) {
		if (strcmp(lists_causes[i].cause, name))
			continue;
		*s = lists_causes[i];
		return true;
	}
	return false;
}

/**
 * lists_sentence() - what a line of a log means that carries no status
 * @line: as it was pasted
 * @s: filled in
 *
 * Return: false if no list has it.
 */
bool lists_sentence(const char *line, struct lists_sentence *s)
{
	/* tdx_host's own lines have the words of the list. */
	for (size_t i = 0; i < ARRAY_SIZE(lists_causes); i++) {
		const char *what = lists_causes[i].meaning;

		if (!lists_find(line, what, strlen(what)))
			continue;
		*s = lists_causes[i];
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(lists_lines); i++) {
		if (!lists_match(line, lists_lines[i].patterns))
			continue;
		*s = lists_lines[i].sentence;
		return !s->cause || lists_cause(s->cause, s);
	}
	return false;
}

/** lists_retries() - the statuses in TDX_RETRY_*, a space before each */
void lists_retries(unsigned int transient, char text[LISTS_RETRIES])
{
	*text = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(lists_retry_bits); i++)
		if (transient & lists_retry_bits[i].bit)
			strcat(strcat(text, " "), lists_retry_bits[i].name);
}

/** lists_words() - leaves and statuses, for the completion of shells */
void lists_words(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists_leaves); i++)
		printf("%s ", lists_leaves[i].name);
	for (size_t i = 0; i < ARRAY_SIZE(lists_statuses); i++)
		printf("%s ", lists_statuses[i].name);
}

static enum tool_exit lists_run_leaves(const struct tool_options *o)
{
	(void)o;
	out_begin_list("leaves");
	for (size_t i = 0; i < ARRAY_SIZE(lists_leaves); i++) {
		const struct lists_leaf *l = &lists_leaves[i];
		char retries[LISTS_RETRIES];

		lists_retries(l->transient, retries);
		out_begin(NULL);
		out_value("name", json_object_new_string(l->name));
		out_value("number", json_object_new_int(l->number));
		out_value("instruction", json_object_new_string(
			  l->guest ? "TDCALL" : "SEAMCALL"));
		out_begin_list("retries");
		for (size_t r = 0; r < ARRAY_SIZE(lists_retry_bits); r++)
			if (l->transient & lists_retry_bits[r].bit)
				out_value(NULL, json_object_new_string(
					  lists_retry_bits[r].name));
		out_end();
		out_end();
		out_raw("%3u 0x%02x  %-26s%s\n", l->number, l->number, l->name,
			retries[0] ? retries : " -");
	}
	out_end();
	return TOOL_OK;
}

static enum tool_exit lists_run_statuses(const struct tool_options *o)
{
	(void)o;
	out_begin_list("statuses");
	for (size_t i = 0; i < ARRAY_SIZE(lists_statuses); i++) {
		char value[19];

		snprintf(value, sizeof(value), "0x%016llx",
			 lists_statuses[i].value);
		out_begin(NULL);
		out_value("name", json_object_new_string(lists_statuses[i].name));
		out_value("value", json_object_new_string(value));
		out_value("meaning",
			  json_object_new_string(lists_statuses[i].meaning));
		out_value("remedy",
			  json_object_new_string(lists_statuses[i].remedy));
		out_end();
		out_raw("%s  %-42s %s\n", value, lists_statuses[i].name,
			lists_statuses[i].meaning);
	}
	out_end();
	return TOOL_OK;
}

const struct tool_command tool_leaves = {
	.name = "leaves",
	.text = "list every leaf of SEAMCALL and TDCALL",
	.doc = "List every leaf, first of SEAMCALL (TDH), then of TDCALL (TDG): its number, its name, and the statuses after which tdx_host makes the call again.",
	.run = lists_run_leaves,
};

const struct tool_command tool_statuses = {
	.name = "statuses",
	.text = "list every completion status",
	.doc = "List every completion status: its value with its details zero, its name, its meaning.",
	.run = lists_run_statuses,
};
