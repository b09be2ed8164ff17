// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx-model [FILE]: SEAMCALLs by hand.  Reads a script, feeds the model core
 * that tdx_emul.ko links, prints the answers.
 *
 * The whole script is read and judged before anything is printed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tdx-model.h"

#define MAX_WORDS	4096

static const char usage[] =
	"usage: tdx-model [FILE]\n"
	"Feeds the SEAMCALLs in FILE (default: standard input) to the software TDX\n"
	"module and prints its answers.  Numbers are decimal or 0x-hex.\n"
	"  lps N | pkgs N | keyid BITS MKTME TDX | cmr BASE SIZE | version 1.0|1.5|2.0\n"
	"  w64 PA VALUE...              write simulated physical memory\n"
	"  r64 PA [COUNT]               print it\n"
	"  seamcall LP LEAF [REG=VALUE...]\n"
	"  vmx LP on|off | seam LP on|off | module present|absent\n"
	"  inject LEAF STATUS COUNT [SKIP]\n"
	"  hold LOCK LP | release LOCK LP\n"
	"        global-shared global-exclusive kot tdmr:BASE pamt:PA wbcache:PKG\n"
	"        ket:PKG seam seamldr\n"
	"  verify                       look for foreign writes to PAMT and TD pages\n";

static struct command *commands;
static size_t nr_commands;
struct model_config config = {
	.lps = 1, .pkgs = 1,
	.keyid_bits = 6, .mktme_keyids = 31, .tdx_keyids = 32,
	.version = MODEL_V1_5, .vmx_on = true,
};
static struct model_cmr cmrs[MODEL_MAX_CMRS];
static bool seen_seamcall;
struct model *model;
FILE *out;
static unsigned int line_number;
static unsigned int platform_line;	/* the last about the platform */

void malformed(unsigned int line, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "tdx-model: line %u: ", line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs(".\n", stderr);
	exit(MALFORMED);
}

static void *must(void *p)
{
	if (!p) {
		fputs("tdx-model: out of memory.\n", stderr);
		exit(1);
	}
	return p;
}

/* Digits alone: no sign, no blanks, nothing after them. */
static bool parse_number(const char *s, u64 *value)
{
	bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
	const char *digits = hex ? s + 2 : s;
	char *end;

	if (!*digits || strspn(digits, hex ? "0123456789abcdefABCDEF" :
					     "0123456789") != strlen(digits))
		return false;
	errno = 0;
	*value = strtoull(digits, &end, hex ? 16 : 10);
	return !errno && !*end;
}

static u64 number(const char *what, const char *s)
{
	u64 value;

	if (!parse_number(s, &value))
		malformed(line_number,
			  "%s '%s' is not a decimal or 0x-hex number of at most 64 bits",
			  what, s);
	return value;
}

static unsigned int small_number(const char *what, const char *s, u64 max)
{
	u64 value = number(what, s);

	if (value > max)
		malformed(line_number, "%s %s is more than %" PRIu64, what, s,
			  (uint64_t)max);
	return value;
}

/* One of two words. */
static bool choice(const char *s, const char *yes, const char *no)
{
	if (strcmp(s, yes) && strcmp(s, no))
		malformed(line_number, "'%s' is neither %s nor %s", s, yes,
			  no);
	return !strcmp(s, yes);
}

/* The command being read; its numbers are copied to the heap. */
static struct command *add(void (*run)(const struct command *c),
			   const u64 *arg, size_t n)
{
	struct command *c;

	commands = must(reallocarray(commands, nr_commands + 1,
				     sizeof(*commands)));
	c = &commands[nr_commands++];
	memset(c, 0, sizeof(*c));
	c->run = run;
	c->line = line_number;
	c->n = n;
	c->arg = must(calloc(n + 1, sizeof(*arg)));
	if (n)
		memcpy(c->arg, arg, n * sizeof(*arg));
	return c;
}

/* How lines are read: @w holds the words after the first. */

static void read_lps(char **w, size_t n)
{
	config.lps = small_number("LP count", w[0], MODEL_MAX_LPS);
}

static void read_pkgs(char **w, size_t n)
{
	config.pkgs = small_number("package count", w[0], MODEL_MAX_PKGS);
}

static void read_keyid(char **w, size_t n)
{
	config.keyid_bits = small_number("number of KeyID bits", w[0], 15);
	config.mktme_keyids = small_number("number of MKTME KeyIDs", w[1],
					   0xffff);
	config.tdx_keyids = small_number("number of TDX KeyIDs", w[2], 0xffff);
}

static void read_cmr(char **w, size_t n)
{
	if (config.nr_cmrs == MODEL_MAX_CMRS)
		malformed(line_number, "there are more than %u CMRs",
			  MODEL_MAX_CMRS);
	cmrs[config.nr_cmrs].base = number("base", w[0]);
	cmrs[config.nr_cmrs++].size = number("size", w[1]);
}

static void read_version(char **w, size_t n)
{
	if (!strcmp(w[0], "1.0"))
		config.version = MODEL_V1_0;
	else if (!strcmp(w[0], "1.5"))
		config.version = MODEL_V1_5;
	else if (!strcmp(w[0], "2.0"))
		config.version = MODEL_V2_0;
	else
		malformed(line_number, "version '%s' is not 1.0, 1.5 or 2.0",
			  w[0]);
}

static void read_w64(char **w, size_t n)
{
	static u64 arg[MAX_WORDS];
	size_t i;

	for (i = 0; i < n; i++)
		arg[i] = number(i ? "value" : "address", w[i]);
	add(run_w64, arg, n);
}

static void read_r64(char **w, size_t n)
{
	u64 arg[2] = { number("address", w[0]), 1 };

	if (n > 1)
		arg[1] = small_number("count", w[1], 1U << 20);
	add(run_r64, arg, 2);
}

static u64 *find_register(struct model_regs *r, const char *name)
{
	const struct {
		const char *name;
		u64 *reg;
	} table[] = {
		{ "rcx", &r->rcx }, { "rdx", &r->rdx }, { "rbx", &r->rbx },
		{ "rbp", &r->rbp }, { "rsi", &r->rsi }, { "rdi", &r->rdi },
		{ "r8", &r->r8 },   { "r9", &r->r9 },	{ "r10", &r->r10 },
		{ "r11", &r->r11 }, { "r12", &r->r12 }, { "r13", &r->r13 },
		{ "r14", &r->r14 }, { "r15", &r->r15 },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (!strcmp(name, table[i].name))
			return table[i].reg;
	return NULL;
}

static void read_seamcall(char **w, size_t n)
{
	u64 lp = number("LP", w[0]);
	struct model_regs r = { .rax = number("leaf", w[1]) };
	size_t i;

	for (i = 2; i < n; i++) {
		char *value = strchr(w[i], '=');
		u64 *reg;

		if (!value)
			malformed(line_number, "'%s' is not REG=VALUE", w[i]);
		*value++ = '\0';
		reg = find_register(&r, w[i]);
		if (!reg)
			malformed(line_number,
				  "'%s' is not a register that a SEAMCALL takes",
				  w[i]);
		*reg = number(w[i], value);
	}
	seen_seamcall = true;
	add(run_seamcall, &lp, 1)->regs = r;
}

static void read_vmx(char **w, size_t n)
{
	u64 arg[2] = { number("LP", w[0]), choice(w[1], "on", "off") };

	add(run_vmx, arg, 2);
}

static void read_seam(char **w, size_t n)
{
	u64 arg[2] = { number("LP", w[0]), choice(w[1], "on", "off") };

	add(run_seam, arg, 2);
}

static void read_module(char **w, size_t n)
{
	u64 arg = choice(w[0], "present", "absent");

	add(run_module, &arg, 1);
}

static void read_inject(char **w, size_t n)
{
	u64 arg[4] = {
		small_number("leaf", w[0], 0xffff), number("status", w[1]),
		number("count", w[2]), n > 3 ? number("skip", w[3]) : 0,
	};

	add(run_inject, arg, 4);
}

static void add_lock(void (*run)(const struct command *c), char **w)
{
	u64 lp = number("LP", w[1]);
	struct command *c;

	if (strlen(w[0]) >= LOCK_NAME)
		malformed(line_number, "there is no lock '%s'", w[0]);
	c = add(run, &lp, 1);
	strcpy(c->lock, w[0]);
}

static void read_hold(char **w, size_t n)
{
	add_lock(run_hold, w);
}

static void read_release(char **w, size_t n)
{
	add_lock(run_release, w);
}

static void read_verify(char **w, size_t n)
{
	add(run_verify, NULL, 0);
}

static const struct {
	const char *name;
	const char *form;
	size_t min, max;
	bool platform;		/* before the first seamcall */
	void (*read)(char **w, size_t n);
} keywords[] = {
	{ "lps", "lps N", 1, 1, true, read_lps },
	{ "pkgs", "pkgs N", 1, 1, true, read_pkgs },
	{ "keyid", "keyid BITS MKTME TDX", 3, 3, true, read_keyid },
	{ "cmr", "cmr BASE SIZE", 2, 2, true, read_cmr },
	{ "version", "version 1.0|1.5|2.0", 1, 1, true, read_version },
	{ "w64", "w64 PA VALUE...", 2, MAX_WORDS, false, read_w64 },
	{ "r64", "r64 PA [COUNT]", 1, 2, false, read_r64 },
	{ "seamcall", "seamcall LP LEAF [REG=VALUE...]", 2, MAX_WORDS, false,
	  read_seamcall },
	{ "vmx", "vmx LP on|off", 2, 2, false, read_vmx },
	{ "seam", "seam LP on|off", 2, 2, false, read_seam },
	{ "module", "module present|absent", 1, 1, false, read_module },
	{ "inject", "inject LEAF STATUS COUNT [SKIP]", 3, 4, false,
	  read_inject },
	{ "hold", "hold LOCK LP", 2, 2, false, read_hold },
	{ "release", "release LOCK LP", 2, 2, false, read_release },
	{ "verify", "verify", 0, 0, false, read_verify },
};

static void read_words(char **w, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (strcmp(w[0], keywords[i].name))
			continue;
		if (n - 1 < keywords[i].min || n - 1 > keywords[i].max)
			malformed(line_number,
				  "%zu words after '%s'; the form is: %s",
				  n - 1, w[0], keywords[i].form);
		if (keywords[i].platform && seen_seamcall)
			malformed(line_number,
				  "'%s' must come before the first seamcall",
				  w[0]);
		if (keywords[i].platform)
			platform_line = line_number;
		keywords[i].read(w + 1, n - 1);
		return;
	}
	malformed(line_number, "unknown command '%s'; tdx-model --help lists them",
		  w[0]);
}

static void read_line(char *line, size_t len)
{
	static char *words[MAX_WORDS + 1];
	char *save, *w;
	size_t n = 0;

	if (strlen(line) != len)
		malformed(line_number, "there is a NUL byte in it");
	line[strcspn(line, "#\n")] = '\0';
	for (w = strtok_r(line, " \t", &save); w;
	     w = strtok_r(NULL, " \t", &save)) {
		if (n > MAX_WORDS)
			malformed(line_number, "more than %d words",
				  MAX_WORDS);
		words[n++] = w;
	}
	if (n)
		read_words(words, n);
}

static void read_script(FILE *f)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while ((len = getline(&line, &size, f)) >= 0) {
		line_number++;
		read_line(line, len);
	}
	free(line);
	if (ferror(f)) {
		perror("tdx-model: read");
		exit(1);
	}
}

static void run_script(void)
{
	char err[160];
	size_t i;

	config.cmrs = cmrs;
	model = model_create(&config, err, sizeof(err));
	if (!model) {
		fprintf(stderr, "tdx-model: line %u: %s.\n", platform_line, err);
		exit(MALFORMED);
	}
	for (i = 0; i < nr_commands; i++) {
		commands[i].run(&commands[i]);
		free(commands[i].arg);
	}
	free(commands);
	model_destroy(model);
}

int main(int argc, char **argv)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = stdin;

	if (argc == 2 && !strcmp(argv[1], "--help")) {
		fputs(usage, stdout);
		return 0;
	}
	if (argc > 2) {
		fputs(usage, stderr);
		return MALFORMED;
	}
	if (argc == 2 && strcmp(argv[1], "-")) {
		f = fopen(argv[1], "r");
		if (!f) {
			fprintf(stderr, "tdx-model: %s: %s\n", argv[1],
				strerror(errno));
			return 1;
		}
	}
	read_script(f);
	fclose(f);
	/* Nothing reaches stdout unless every line was right. */
	out = must(open_memstream(&text, &size));
	run_script();
	fclose(out);
	fwrite(text, 1, size, stdout);
	free(text);
	return fflush(stdout) ? 1 : 0;
}
