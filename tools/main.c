// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx-host: what TDX says in numbers, and where a machine stands, in words.
 *
 * The table of commands, their options, help and completion.  Each command is
 * a file; what it says goes through out.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "out.h"
#include "tool.h"

static const struct tool_command *const commands[] = {
	&tool_status, &tool_doctor, &tool_decode, &tool_enable, &tool_disable,
	&tool_wait, &tool_watch, &tool_report, &tool_leaves, &tool_statuses,
};

enum {
	OPTION_JSON = 0x100,
	OPTION_QUIET = 'q',
	OPTION_ROOT = 0x101,
	OPTION_TIMEOUT = 't',
	OPTION_COMPLETION = 0x102,
};

static const struct argp_option main_options[] = {
	{ "json", OPTION_JSON, NULL, 0, "One JSON document instead of text", 0 },
	{ "quiet", OPTION_QUIET, NULL, 0,
	  "Nothing but the exit status and errors", 0 },
	{ "root", OPTION_ROOT, "DIR", 0,
	  "Read DIR/sys, DIR/proc ... instead: a copy from another machine", 0 },
	{ 0 },
};

static const struct argp_option main_timed_options[] = {
	{ "timeout", OPTION_TIMEOUT, "SECONDS", 0,
	  "Give up after so long; the default is to wait", 0 },
	{ 0 },
};

static const struct argp_option main_own_options[] = {
	{ "completion", OPTION_COMPLETION, NULL, OPTION_HIDDEN,
	  "Print the completion for bash", 0 },
	{ 0 },
};

/**
 * tool_bad() - bad usage: one sentence that names the value and the cure
 * @fmt: printf()'s, without the full stop
 */
void tool_bad(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "tdx-host: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	exit(TOOL_USAGE);
}

static error_t main_parse_common(int key, char *arg, struct argp_state *state)
{
	struct tool_options *o = state->input;
	char *end;

	switch (key) {
	case OPTION_JSON:
		o->json = true;
		return 0;
	case OPTION_QUIET:
		o->quiet = true;
		return 0;
	case OPTION_ROOT:
		o->root = arg;
		return 0;
	case OPTION_TIMEOUT:
		o->timeout = strtod(arg, &end);
		if (end == arg || *end || !(o->timeout >= 0))
			tool_bad("--timeout %s is no number of seconds; give 0 or more",
				 arg);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp main_common_argp = {
	.options = main_options, .parser = main_parse_common,
};

static const struct argp main_timed_argp = {
	.options = main_timed_options, .parser = main_parse_common,
};

static error_t main_parse_words(int key, char *arg, struct argp_state *state)
{
	struct tool_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		for (int i = 0; state->root_argp->children[i].argp; i++)
			state->child_inputs[i] = o;
		return 0;
	case ARGP_KEY_ARG:
		o->argv[o->argc++] = arg;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static void main_completion(void);

static error_t main_parse_command(int key, char *arg, struct argp_state *state)
{
	struct tool_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = o;
		return 0;
	case OPTION_COMPLETION:
		main_completion();
		exit(TOOL_OK);
	case ARGP_KEY_ARG:
		/* The command; what follows is parsed by its own argp. */
		o->argv[0] = arg;
		o->argc = state->next;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_state_help(state, stderr, ARGP_HELP_USAGE |
				ARGP_HELP_SHORT_USAGE | ARGP_HELP_SEE);
		exit(TOOL_USAGE);
	}
	return ARGP_ERR_UNKNOWN;
}

/* The list of commands, for --help. */
static char *main_filter(int key, const char *text, void *input)
{
	char *list;
	size_t size;
	FILE *f;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	f = open_memstream(&list, &size);
	if (!f)
		abort();
	fprintf(f, "Commands:\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(f, "  %-10s %s\n", commands[i]->name,
			commands[i]->text);
	fprintf(f, "\n`tdx-host COMMAND --help' says more of each, tdx-host(1) everything.");
	fclose(f);
	return list;
}

static const struct argp_child main_children[] = {
	{ &main_common_argp, 0, NULL, 0 }, { 0 },
};

static const struct argp main_argp = {
	.options = main_own_options,
	.parser = main_parse_command,
	.args_doc = "COMMAND [ARGUMENT...]",
	.doc = "Say in words what TDX says in numbers, and where a machine stands.\v.",
	.children = main_children,
	.help_filter = main_filter,
};

/*
 * Completion: commands, their options, and where a command has words of its
 * own (leaves, statuses) those, all from the table.
 */
static void main_completion(void)
{
	printf("# bash completion for tdx-host, made by `tdx-host --completion'\n"
	       "_tdx_host()\n{\n"
	       "\tlocal cur=${COMP_WORDS[COMP_CWORD]} cmd= i\n"
	       "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	       "\t\t[[ ${COMP_WORDS[i]} == -* ]] || { cmd=${COMP_WORDS[i]}; break; }\n"
	       "\tdone\n"
	       "\tcase $cmd in\n"
	       "\t'') COMPREPLY=($(compgen -W '");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		printf("%s ", commands[i]->name);
	printf("--json --quiet --root --help --version' -- \"$cur\")) ;;\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		printf("\t%s) COMPREPLY=($(compgen -W '", commands[i]->name);
		if (commands[i]->words)
			commands[i]->words();
		printf("--json --quiet --root --help%s' -- \"$cur\")) ;;\n",
		       commands[i]->timed ? " --timeout" : "");
	}
	printf("\tesac\n}\ncomplete -F _tdx_host tdx-host\n");
}

/*
 * argp takes what begins with a minus for an option; -28 and -ENOSPC are none.
 * A space before them is skipped by who reads them.
 */
static void main_keep_numbers(int n, char **words)
{
	for (int i = 1; i < n; i++) {
		char *word = words[i];

		if (word[0] == '-' && word[1] &&
		    strspn(word + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") ==
		    strlen(word + 1) && strcmp(word, "-V") &&
		    asprintf(&words[i], " %s", word) < 0)
			abort();
	}
}

const char *argp_program_version = "tdx-host " TOOL_VERSION;

int main(int argc, char **argv)
{
	struct tool_options o = { .root = "", .timeout = -1 };
	const struct tool_command *c = NULL;
	struct argp_child children[3] = {
		{ &main_common_argp, 0, NULL, 0 }
	};
	struct argp argp = { 0 };
	enum tool_exit code;
	char name[64];
	int first;

	argp_err_exit_status = TOOL_USAGE;
	o.argv = calloc(argc + 1, sizeof(*o.argv));
	if (!o.argv)
		abort();
	argp_parse(&main_argp, argc, argv, ARGP_IN_ORDER, NULL, &o);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i]->name, o.argv[0]))
			c = commands[i];
	if (!c)
		tool_bad("'%s' is no command; 'tdx-host --help' lists them",
			 o.argv[0]);

	first = o.argc - 1;
	o.argc = 0;
	main_keep_numbers(argc - first, argv + first);
	snprintf(name, sizeof(name), "tdx-host %s", c->name);
	argv[first] = name;
	if (c->timed)
		children[1].argp = &main_timed_argp;
	argp.parser = main_parse_words;
	argp.args_doc = c->args ? c->args : "";
	argp.doc = c->doc;
	argp.children = children;
	argp_parse(&argp, argc - first, argv + first, 0, NULL, &o);
	if (o.argc && !c->args)
		tool_bad("'%s' is one argument too many; '%s' takes none",
			 o.argv[0], c->name);

	out_open(&o, c->name);
	code = c->run(&o);
	out_value("exit", json_object_new_int(code));
	out_close();
	free(o.argv);
	if (fflush(stdout) || ferror(stdout)) {
		perror("tdx-host: standard output");
		return TOOL_FAILED;
	}
	return code;
}
