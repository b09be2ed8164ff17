// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer target: any text goes through what `tdx-host decode` reads, as
 * words and as lines, and what is found in it is said.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void say(struct decode_answer *a, char *line)
{
	a->line = line;
	a->times = 1;
	decode_say(a, true);
}

static void take_line(char *line, bool about_tdx)
{
	struct decode_answer answers[DECODE_MOST] = { 0 }, a;
	size_t n = decode_line(line, about_tdx, answers);
	char *copy = strdup(line), *rest = copy, *words[12], *word, *why;
	int n_words = 0;

	for (size_t i = 0; i < n; i++) {
		/* 32 bits are never success, nor is a half a whole. */
		if (answers[i].width == DECODE_HALF && answers[i].status >> 32)
			abort();
		say(&answers[i], line);
	}
	while (n_words < 12 && (word = strsep(&rest, " ")))
		words[n_words++] = word;
	why = decode_words(&a, n_words, words);
	if (!why)
		say(&a, line);
	free(why);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tool_options o = { .json = size & 1, .quiet = true, .root = "" };
	char *text = malloc(size + 1), *rest = text, *line;

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	out_open(&o, "decode");
	out_begin_list("answers");
	while ((line = strsep(&rest, "\n")))
		take_line(line, size & 2);
	out_end();
	out_close();
	free(text);
	return 0;
}
