// SPDX-License-Identifier: GPL-2.0-only
/* tdx-host decode: words, lines of a log, or all of standard input. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "decode.h"
#include "out.h"
#include "tool.h"

/* A line is compared with so many before it, for those that say the same. */
#define DECODE_WINDOW	64

/* A leaf, a status, and registers with their values. */
#define DECODE_WORDS	(2 + 2 * DECODE_REGISTERS)

struct decode_list {
	struct decode_answer *answer;
	size_t n;
	bool by_hand;	/* a person chose these lines */
};

/* The line as it may be printed: not what a terminal would obey. */
static char *decode_clean(const char *line)
{
	char *clean = strdup(line), *c;

	if (!clean)
		abort();
	for (c = clean; *c; c++)
		if (!isprint((unsigned char)*c))
			*c = *c == '\t' ? ' ' : '?';
	while (c > clean && c[-1] == ' ')
		*--c = '\0';
	return clean;
}

static bool decode_same(const struct decode_answer *a,
			const struct decode_answer *b)
{
	return a->side == b->side && a->leaf == b->leaf &&
	       a->width == b->width && a->status == b->status &&
	       a->registers == b->registers && a->err == b->err &&
	       !memcmp(a->value, b->value, sizeof(a->value)) &&
	       a->sentence.meaning == b->sentence.meaning;
}

static void decode_add(struct decode_list *list, const struct decode_answer *a,
		       const char *line)
{
	struct decode_answer *new;

	new = realloc(list->answer, (list->n + 1) * sizeof(*new));
	if (!new)
		abort();
	list->answer = new;
	new += list->n++;
	*new = *a;
	new->line = decode_clean(line);
	new->times = 1;
}

/* Does an answer say anything?  Registers alone explain nothing. */
static bool decode_says_something(const struct decode_answer *a)
{
	return a->width || a->err || a->side || a->sentence.meaning;
}

/* Mainline prints registers in lines of their own, below the status. */
static bool decode_continue(struct decode_list *list,
			    const struct decode_answer *a)
{
	struct decode_answer *last;

	if (!list->n || decode_says_something(a))
		return false;
	last = &list->answer[list->n - 1];
	if (last->width != DECODE_WHOLE)
		return false;
	for (int r = 0; r < DECODE_REGISTERS; r++)
		if (a->registers & ~last->registers & 1U << r)
			last->value[r] = a->value[r];
	last->registers |= a->registers;
	return true;
}

/*
 * What a person typed, or one line of a log.  Return: NULL if it was typed as
 * decode_words() wants it, else what that says.
 */
static char *decode_add_line(struct decode_list *list, const char *line)
{
	struct decode_answer answers[DECODE_MOST] = { 0 };
	char *words[DECODE_WORDS], *copy = strdup(line), *rest = copy, *word;
	char *why = NULL;
	int n_words = 0;
	size_t n;

	if (!copy)
		abort();
	while (n_words < DECODE_WORDS && (word = strsep(&rest, " \t")))
		if (*word)
			words[n_words++] = word;
	if (n_words && !rest)
		why = decode_words(&answers[0], n_words, words);
	n = !n_words ? 0 : !rest && !why ? 1 :
	    decode_line(line, list->by_hand, answers);
	if (rest && !why)
		why = strdup("these are too many words; give one leaf and one status, then registers as rcx=VALUE");
	free(copy);

	if (n == 1 && decode_continue(list, &answers[0]))
		return why;
	for (size_t i = 0; i < n; i++)
		if (decode_says_something(&answers[i]))
			decode_add(list, &answers[i], line);
	return why;
}

static void decode_read(struct decode_list *list)
{
	size_t size = 0, lines = 0;
	char *line = NULL, *only = NULL;

	while (getline(&line, &size, stdin) >= 0) {
		lines++;
		line[strcspn(line, "\r\n")] = '\0';
		free(decode_add_line(list, line));
		if (lines == 1) {
			only = line;
			line = NULL;
			size = 0;
		}
	}
	free(line);
	/* A single line was chosen, others may be a whole log. */
	if (lines == 1 && !list->n) {
		list->by_hand = true;
		free(decode_add_line(list, only));
	}
	free(only);
	if (ferror(stdin))
		tool_bad("standard input cannot be read; give the line as an argument");
	if (!lines)
		tool_bad("standard input is empty; give lines of a log there, or a status as an argument");
}

/* Lines that say the same count as one. */
static void decode_unite(struct decode_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct decode_answer *a = &list->answer[i];
		size_t k = kept > DECODE_WINDOW ? kept - DECODE_WINDOW : 0;

		while (k < kept && !decode_same(&list->answer[k], a))
			k++;
		if (k < kept) {
			list->answer[k].times++;
			free(a->line);
		} else {
			list->answer[kept++] = *a;
		}
	}
	list->n = kept;
}

/* All words, parted by spaces. */
static char *decode_join(int n, char **words)
{
	size_t size;
	char *line;
	FILE *f = open_memstream(&line, &size);

	if (!f)
		abort();
	for (int i = 0; i < n; i++)
		fprintf(f, "%s%s", i ? " " : "", words[i]);
	if (fclose(f))
		abort();
	return line;
}

/*
 * Arguments: what was quoted is a line each, and the others are one together.
 * Return: false if that was typed as decode_words() wants it.
 */
static bool decode_arguments(struct decode_list *list, int n, char **words)
{
	bool quoted = false;
	char *why, *line;

	list->by_hand = true;
	for (int i = 0; i < n; i++)
		if (!*words[i])
			tool_bad("'' is empty; give a leaf, a status or a line of a log, or leave it out");
	for (int i = 0; i < n; i++)
		quoted = quoted || strpbrk(words[i] + strspn(words[i], " "),
					   " \t\n");
	for (int i = 0; quoted && i < n; i++) {
		char *rest = words[i], *one;

		while ((one = strsep(&rest, "\n")))
			free(decode_add_line(list, one));
	}
	if (quoted)
		return true;

	line = decode_join(n, words);
	why = decode_add_line(list, line);
	free(line);
	if (!list->n)
		tool_bad("%s", why);
	if (!why)
		return false;
	free(why);
	return true;
}

static enum tool_exit decode_run(const struct tool_options *o)
{
	struct decode_list list = { 0 };
	bool with_lines = true, known = true;

	if (!o->argc && isatty(STDIN_FILENO))
		tool_bad("decode needs a completion status; try: tdx-host decode TDH.SYS.INIT 0x8000020200000000");
	if (!o->argc || (o->argc == 1 && !strcmp(o->argv[0], "-")))
		decode_read(&list);
	else
		with_lines = decode_arguments(&list, o->argc, o->argv);

	decode_unite(&list);
	if (!list.n) {
		fprintf(stderr, "tdx-host: nothing there that is known to be of TDX; give the line with the number, or ask a newer tdx-host\n");
		known = false;
	}
	out_begin_list("answers");
	for (size_t i = 0; i < list.n; i++) {
		if (i)
			out_raw("\n");
		known &= decode_say(&list.answer[i], with_lines);
		free(list.answer[i].line);
	}
	out_end();
	free(list.answer);
	return known ? TOOL_OK : TOOL_FAILED;
}

const struct tool_command tool_decode = {
	.name = "decode",
	.args = "[LEAF] STATUS [REGISTER=VALUE...]\nNAME|ERRNO|LINE...\n[-]",
	.text = "say in words what a status, an errno or a line of a log means",
	.doc = "Say in words what a SEAMCALL or TDCALL returned: the completion status, what its details point at, what it means and what to do. Lines of the logs of tdx_host, mainline, KVM and QEMU are taken whole, as arguments or on standard input.\v"
	       "LEAF is a number or a name (33, 0x21, TDH.SYS.INIT, sys_init), of TDCALL with TDG. before it (TDG.4, TDG.MR.REPORT, tdg_mr_report). "
	       "STATUS is hex or decimal; 16 digits without 0x are hex, as the kernel prints them. "
	       "REGISTER is rcx, rdx, r8, r9 or r10: what the call returned there.\n\n"
	       "Exit status: 0 done; 1 a status is not known, or nothing of TDX was found; 2 bad usage.",
	.words = lists_words,
	.run = decode_run,
};
