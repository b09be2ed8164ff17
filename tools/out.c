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
		puts(json_object_to_json_string_ext(out.open[0],
				JSON_C_TO_STRING_PRETTY |
				JSON_C_TO_STRING_SPACED |
				JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(out.open[0]);
	out.open[0] = NULL;
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
 * @indent.
 */
static void out_fold(const char *indent, size_t column, const char *text)
{
	size_t left = strlen(indent);

	while (*text) {
		size_t word = strcspn(text, " \n");

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
			printf("\n%s", text[1] ? indent : "");
			column = left;
		}
		if (*text)
			text++;
	}
	putchar('\n');
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
	if (colour)
		printf("%s", out_colour(OUT_PLAIN));
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
	if (out_is_text() && label) {
		int column = printf("%-16s ", label);

		out_fold("                 ", column, text);
	}
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
