// SPDX-License-Identifier: GPL-2.0-only
/* Text at 80 columns, or one JSON document. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "out.h"

/* Grows only with what programs have to know about; docs/tdx-host.schema.json */
#define OUT_SCHEMA	1

/* Objects within objects; doctor's checks are the deepest. */
#define OUT_DEPTH	6

static struct {
	const char *command;
	bool lines;		/* one JSON document a line */
	bool json;
	bool quiet;
	bool colour;
	struct json_object *open[OUT_DEPTH];	/* [0] is the document */
	int depth;
} out;

/**
 * out_open() - begin what a command says
 * @o: its options: as text, as JSON, not at all
 * @command: its name
 */
void out_open(const struct tool_options *o, const char *command)
{
	const char *no_color = getenv("NO_COLOR");

	out.json = o->json;
	out.quiet = o->quiet;
	out.colour = isatty(STDOUT_FILENO) && !(no_color && *no_color);
	out.command = command;
	if (!out.json)
		return;
	out.open[0] = json_object_new_object();
	out_value("schema", json_object_new_int(OUT_SCHEMA));
	out_value("tool", json_object_new_string(TOOL_VERSION));
	out_value("command", json_object_new_string(command));
}

/** out_close() - the command has said everything */
void out_close(void)
{
	if (!out.json)
		return;
	if (!out.quiet)
		puts(json_object_to_json_string_ext(out.open[0], out.lines ?
				JSON_C_TO_STRING_PLAIN |
				JSON_C_TO_STRING_NOSLASHESCAPE :
				JSON_C_TO_STRING_PRETTY |
				JSON_C_TO_STRING_SPACED |
				JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(out.open[0]);
	out.open[0] = NULL;
}

/**
 * out_next() - for commands that go on: print what there is, and begin anew
 *
 * As JSON each document is a line from then on.
 */
void out_next(const struct tool_options *o)
{
	const char *command = out.command;

	out.lines = true;
	out_close();
	fflush(stdout);
	out_open(o, command);
}

bool out_is_text(void)
{
	return !out.json && !out.quiet;
}

bool out_is_json(void)
{
	return out.json;
}

/* Terminals only, and not where NO_COLOR is set: https://no-color.org */
const char *out_colour(enum out_colour colour)
{
	static const char *const codes[] = {
		[OUT_PLAIN] = "\033[0m", [OUT_BOLD] = "\033[1m",
		[OUT_GREEN] = "\033[32m", [OUT_YELLOW] = "\033[33m",
		[OUT_RED] = "\033[31m",
	};

	return out.colour ? codes[colour] : "";
}

/*
 * Prints @text from column @column on, broken at spaces so that no line is
 * longer than OUT_WIDTH; what follows a newline, or does not fit, begins after
 * @indent.  A line that begins with a space is a command to copy, and is never
 * broken.  There is no newline at the end.
 */
static void out_fold(const char *indent, size_t column, const char *text)
{
	size_t left = strlen(indent);
	bool whole = *text == ' ';

	while (*text) {
		size_t word = strcspn(text, whole ? "\n" : " \n");

		if (column > left && column + 1 + word > OUT_WIDTH) {
			printf("\n%s", indent);
			column = left;
		} else if (column > left) {
			putchar(' ');
			column++;
		}
		printf("%.*s", (int)word, text);
		column += word;
		text += word;
		if (*text == '\n') {
			whole = text[1] == ' ';
			printf("\n%s", text[1] ? indent : "");
			column = left;
		}
		if (*text)
			text++;
	}
}

/**
 * out_text() - a paragraph that JSON has no use for
 * @colour: of all of it, on a terminal
 * @indent: what every line begins with
 * @fmt: printf()'s; a newline in it is kept
 */
void out_text(enum out_colour colour, const char *indent, const char *fmt, ...)
{
	char *text;
	va_list ap;

	if (!out_is_text())
		return;
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	printf("%s%s", colour ? out_colour(colour) : "", indent);
	out_fold(indent, strlen(indent), text);
	printf("%s\n", colour ? out_colour(OUT_PLAIN) : "");
	free(text);
}

/** out_raw() - text as it is: tables, commands to copy */
void out_raw(const char *fmt, ...)
{
	va_list ap;

	if (!out_is_text())
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

/**
 * out_column() - a line of a table: a label, and text beside it
 * @used: columns of the line that are printed already
 * @indent: what further lines begin with; the text begins below its end
 * @label: the label
 * @text: the text
 */
void out_column(size_t used, const char *indent, const char *label,
		const char *text)
{
	size_t width = strlen(indent) - used;

	if (!out_is_text())
		return;
	printf("%-*s ", (int)width - 1, label);
	out_fold(indent, strlen(indent), text);
	putchar('\n');
}

/**
 * out_value() - what only programs are told
 * @key: its name in the object that is open; NULL in a list
 * @value: consumed
 */
void out_value(const char *key, struct json_object *value)
{
	struct json_object *in = out.open[out.depth];

	if (!out.json)
		json_object_put(value);
	else if (json_object_is_type(in, json_type_array))
		json_object_array_add(in, value);
	else
		json_object_object_add(in, key, value);
}

/**
 * out_fraction() - a number that is no whole one, for programs
 * @key: its name
 * @value: it; three digits of it count
 */
void out_fraction(const char *key, double value)
{
	char text[64];

	snprintf(text, sizeof(text), "%.3f", value);
	out_value(key, json_object_new_double_s(value, text));
}

/**
 * out_say() - one fact
 * @label: what people read before it; NULL for a fact for programs only
 * @key: its name for programs; NULL where it is for people only
 * @value: what programs get, consumed; NULL for the text
 * @fmt: the text, printf()'s
 */
void out_say(const char *label, const char *key, struct json_object *value,
	     const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	if (label)
		out_column(0, "                 ", label, text);
	if (key && out.json)
		out_value(key, value ? value : json_object_new_string(text));
	else
		json_object_put(value);
	free(text);
}

static void out_push(const char *key, struct json_object *value)
{
	if (!out.json) {
		json_object_put(value);
		return;
	}
	out_value(key, value);
	if (++out.depth == OUT_DEPTH)
		abort();
	out.open[out.depth] = value;
}

/** out_begin() - an object for programs, until out_end(); NULL in a list */
void out_begin(const char *key)
{
	out_push(key, json_object_new_object());
}

/** out_begin_list() - a list for programs, until out_end() */
void out_begin_list(const char *key)
{
	out_push(key, json_object_new_array());
}

void out_end(void)
{
	if (out.json)
		out.depth--;
}
