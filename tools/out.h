/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a command says, once, as text for people or as JSON for programs: the
 * commands do not know which.
 */
#ifndef TDX_HOST_OUT_H
#define TDX_HOST_OUT_H

#include <json-c/json.h>
#include <stdbool.h>

#include "tool.h"

/* Columns of text; longer sentences are folded. */
#define OUT_WIDTH	80

enum out_colour {
	OUT_PLAIN,
	OUT_BOLD,
	OUT_GREEN,
	OUT_YELLOW,
	OUT_RED,
};

void out_open(const struct tool_options *o, const char *command);
void out_next(const struct tool_options *o);
void out_close(void);
bool out_is_text(void);
bool out_is_json(void);

void out_say(const char *label, const char *key, struct json_object *value,
	     const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void out_value(const char *key, struct json_object *value);
void out_fraction(const char *key, double value);
void out_text(enum out_colour colour, const char *indent, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void out_column(size_t used, const char *indent, const char *label,
		const char *text);
void out_raw(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
const char *out_colour(enum out_colour colour);

void out_begin(const char *key);
void out_begin_list(const char *key);
void out_end(void);

#endif /* TDX_HOST_OUT_H */
