// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a line of a log says of TDX: which leaf, which status, registers, an
 * errno.  Source of the formats: tdx_host; mainline's
 * arch/x86/virt/vmx/tdx/tdx.c and arch/x86/kvm/vmx/tdx.c; QEMU's
 * target/i386/kvm/tdx.c and accel/kvm/kvm-all.c.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <linux/kernel.h>
#include <tdx/status.h>

#include "decode.h"
#include "status.h"

/* Longer words are no names and no numbers. */
#define LINE_WORD	64

/* What the word before says of the next number. */
enum line_expect {
	LINE_NOTHING,
	LINE_STATUS,
	LINE_HEX_STATUS,
	LINE_SEAMCALL,
	LINE_TDCALL,
	LINE_ERRNO,
	LINE_REGISTER,
};

struct line_scan {
	const char *at;		/* behind the word */
	char word[LINE_WORD];
	char before[LINE_WORD];	/* the word before it */
	enum line_expect expect;
	int reg;
	enum decode_side instruction;
	struct decode_answer *answers;
	size_t n;		/* answers with a status */
	struct decode_answer rest;
};

static bool line_is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* The next word, without the full stop of a sentence; false at the end. */
static bool line_next(struct line_scan *s, const char *line)
{
	size_t n = 0;

	strcpy(s->before, s->word);
	for (; *s->at; s->at++) {
		if (isalnum((unsigned char)*s->at) || *s->at == '_')
			break;
		/* A minus, unless of a range, a date or a hyphen. */
		if (*s->at == '-' && isdigit((unsigned char)s->at[1]) &&
		    (s->at == line || !line_is_word(s->at[-1])))
			break;
	}
	if (!*s->at)
		return false;
	do {
		if (n < LINE_WORD - 1)
			s->word[n++] = *s->at;
		s->at++;
	} while (line_is_word(*s->at));
	while (n > 1 && s->word[n - 1] == '.')
		n--;
	s->word[n] = '\0';
	return true;
}

static bool line_word_in(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcasecmp(word, list[i]))
			return true;
	return false;
}

/* A word that is no number and no name: does it announce a number? */
static void line_expect(struct line_scan *s)
{
	static const char *const status[] = {
		"failed", "error", "errors", "err", "hw_error", "hw_errors",
		"status", "ret", "retval", "return", "returned", "returns",
		"rax", "rc", "result", "reason",
	};
	static const char *const filler[] = {
		"with", "code", "is", "was", "of", "the", "value",
	};
	int reg = decode_register(s->word);

	if (reg >= 0) {
		s->expect = LINE_REGISTER;
		s->reg = reg;
	} else if (!strcasecmp(s->word, "seamcall") ||
		   !strcasecmp(s->word, "tdcall")) {
		s->instruction = strcasecmp(s->word, "tdcall") ?
				 DECODE_SEAMCALL : DECODE_TDCALL;
		s->expect = s->instruction == DECODE_TDCALL ? LINE_TDCALL :
							      LINE_SEAMCALL;
	} else if (!strcasecmp(s->word, "leaf") &&
		   strcasecmp(s->before, "cpuid")) {
		s->expect = s->instruction == DECODE_TDCALL ? LINE_TDCALL :
							      LINE_SEAMCALL;
	} else if (!strcasecmp(s->word, "errno") ||
		   (!strcasecmp(s->word, "error") &&
		    !strcasecmp(s->before, "os"))) {
		s->expect = LINE_ERRNO;
	} else if (!strcasecmp(s->before, "hardware") &&
		   line_word_in(s->word, status, ARRAY_SIZE(status))) {
		/* QEMU prints KVM's without 0x. */
		s->expect = LINE_HEX_STATUS;
	} else if (line_word_in(s->word, status, ARRAY_SIZE(status))) {
		s->expect = LINE_STATUS;
	} else if (!line_word_in(s->word, filler, ARRAY_SIZE(filler))) {
		s->expect = LINE_NOTHING;
	}
}

/* A status by name and by number, in one line, is one. */
static void line_add_status(struct line_scan *s, const struct decode_answer *a)
{
	for (size_t i = 0; i < s->n; i++) {
		struct decode_answer *known = &s->answers[i];

		if (a->width != DECODE_WHOLE || known->width != DECODE_WHOLE ||
		    ((known->status ^ a->status) &
		     tdx_status_name_mask(a->status)))
			continue;
		if (tdx_status_details(a->status))
			known->status = a->status;
		return;
	}
	if (s->n < DECODE_MOST - 1)
		s->answers[s->n++] = *a;
}

/* Whole, an error, and known: that is no address. */
static bool line_looks_like_status(const struct decode_answer *a)
{
	return a->width == DECODE_WHOLE && (a->status & TDX_STATUS_ERROR) &&
	       status_find(a->status);
}

static void line_number(struct line_scan *s, const struct decode_number *n)
{
	struct decode_answer a = { 0 };
	enum line_expect expect = s->expect;

	s->expect = LINE_NOTHING;
	if (expect == LINE_REGISTER) {
		if (s->reg < DECODE_REGISTERS) {
			s->rest.registers |= 1U << s->reg;
			s->rest.value[s->reg] = n->value;
		}
		return;
	}
	if ((expect == LINE_SEAMCALL || expect == LINE_TDCALL) &&
	    !n->negative &&
	    decode_take_leaf(&s->rest, expect == LINE_TDCALL ? DECODE_TDCALL :
			     DECODE_SEAMCALL, n->value))
		return;
	if (expect == LINE_ERRNO && (long long)n->value > 0 &&
	    n->value <= 4095) {
		s->rest.err = n->value;
		return;
	}

	decode_take_status(&a, n);
	if (a.err) {
		s->rest.err = a.err;
		return;
	}
	/* Programs print 0 where the call was not even made. */
	if (!a.status)
		return;
	/* "error 22", "failed 3 times" are counted in decimal. */
	if (line_looks_like_status(&a) ||
	    ((expect == LINE_STATUS || expect == LINE_HEX_STATUS) &&
	     (n->hex || a.width == DECODE_WHOLE)))
		line_add_status(s, &a);
}

/* What follows the name of a status as "|RCX" or " (RCX)": its operand. */
static void line_operand(const char *at, u64 *status)
{
	const struct status_entry *e = status_find(*status);
	char word[LINE_WORD];
	unsigned int id;

	if (e->details == TDX_DETAILS_OPERAND &&
	    sscanf(at, "%*[|( ]%63[A-Za-z0-9_]", word) == 1 &&
	    lists_operand_named(word, &id))
		*status |= id;
}

static void line_word(struct line_scan *s)
{
	const struct lists_errno *e = lists_errno_named(s->word);
	struct decode_answer a = { .width = DECODE_WHOLE };
	struct decode_number n;
	char *hex;

	if (s->expect == LINE_HEX_STATUS && asprintf(&hex, "0x%s", s->word) > 0) {
		bool ok = !decode_number(hex, &n);

		free(hex);
		if (ok) {
			line_number(s, &n);
			return;
		}
	}
	if (isdigit((unsigned char)*s->word) || *s->word == '-' ||
	    s->expect == LINE_STATUS) {
		if (!decode_number(s->word, &n)) {
			line_number(s, &n);
			return;
		}
	}
	if (e) {
		s->rest.err = e->number;
	} else if (!strncasecmp(s->word, "TDX_", 4) &&
		   lists_status_named(s->word, false, &a.status)) {
		line_operand(s->at, &a.status);
		line_add_status(s, &a);
	} else if (!strncasecmp(s->word, "TDH", 3) ||
		   !strncasecmp(s->word, "TDG", 3) ||
		   !strncasecmp(s->word, "TDX_TD", 6) ||
		   !strncasecmp(s->word, "SEAMLDR", 7)) {
		if (!s->rest.side)
			decode_take_name(&s->rest, s->word);
		s->expect = LINE_NOTHING;
	} else {
		line_expect(s);
	}
}

/* tdx_host prints what RCX, RDX and R8 say of CPUID. */
static void line_cpuid(struct line_scan *s, const char *line)
{
	const char *at = strstr(line, "(CPUID leaf 0x");
	unsigned int leaf, subleaf, eax, ebx, ecx, edx;
	struct decode_answer *a = &s->rest;

	if (!at || sscanf(at, "(CPUID leaf %x.%x, bits EAX %x EBX %x ECX %x EDX %x)",
			  &leaf, &subleaf, &eax, &ebx, &ecx, &edx) != 6)
		return;
	a->registers |= 1U << DECODE_RCX | 1U << DECODE_RDX | 1U << DECODE_R8;
	a->value[DECODE_RCX] = (u64)subleaf << 32 | leaf;
	a->value[DECODE_RDX] = (u64)ebx << 32 | eax;
	a->value[DECODE_R8] = (u64)edx << 32 | ecx;
}

/* Of a line that is about something else, only what can be nothing else. */
static void line_keep_statuses(struct line_scan *s)
{
	struct lists_sentence sentence = s->rest.sentence;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (line_looks_like_status(&s->answers[i]))
			s->answers[n++] = s->answers[i];
	s->n = n;
	s->rest = (struct decode_answer){ .sentence = sentence };
}

/* Is this about TDX at all, so that a number or an errno may be taken for its? */
static bool line_is_about_tdx(const char *line)
{
	static const char *const words[] = {
		"tdx", "tdh", "tdg", "tdcall", "seam",
		"hardware reason", "hardware error",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasestr(line, words[i]))
			return true;
	return false;
}

/**
 * decode_line() - what a line of a log says
 * @line: as it was pasted
 * @about_tdx: a person says that it is about TDX; false for a line among others
 * @answers: filled in: one per status, or one without
 *
 * Return: how many answers there are; 0 for a line that says nothing of TDX.
 */
size_t decode_line(const char *line, bool about_tdx,
		   struct decode_answer answers[DECODE_MOST])
{
	struct line_scan s = { .at = line, .answers = answers };
	const struct lists_errno *e;

	about_tdx = about_tdx || line_is_about_tdx(line);
	lists_sentence(line, &s.rest.sentence);
	while (line_next(&s, line))
		line_word(&s);
	line_cpuid(&s, line);
	if (!about_tdx)
		line_keep_statuses(&s);
	e = about_tdx || s.rest.sentence.meaning ? lists_errno_at_end(line) :
						   NULL;
	if (e && !s.rest.err)
		s.rest.err = e->number;

	for (size_t i = 0; i < s.n; i++) {
		struct decode_answer *a = &answers[i];

		a->side = s.rest.side;
		a->leaf = s.rest.leaf;
		a->registers = s.rest.registers;
		memcpy(a->value, s.rest.value, sizeof(a->value));
		a->err = s.rest.err;
		/* The sentence says why half a number is there. */
		if (a->width == DECODE_HALF)
			a->sentence = s.rest.sentence;
	}
	if (!s.n && (s.rest.side || s.rest.registers || s.rest.err ||
		     s.rest.sentence.meaning))
		answers[s.n++] = s.rest;
	return s.n;
}

/* LEAF before STATUS, when there are two words that are no registers. */
static char *words_leaf(struct decode_answer *a, const char *word)
{
	struct decode_number n;
	char *why = NULL;

	if (decode_take_name(a, word))
		return NULL;
	if (decode_number(word, &n) || n.negative) {
		if (asprintf(&why, "'%s' is no leaf; give a number or a name of 'tdx-host leaves'",
			     word) < 0)
			abort();
	} else if (!decode_take_leaf(a, DECODE_SEAMCALL, n.value)) {
		if (asprintf(&why, "'%s' is no leaf, it has bits above 23; give the leaf first, then the status",
			     word) < 0)
			abort();
	}
	return why;
}

static char *words_status(struct decode_answer *a, const char *word)
{
	const struct lists_errno *e = lists_errno_named(word + (*word == '-'));
	size_t len = strcspn(word, "|");
	struct decode_number n;
	char *name, *why;
	const char *bad;
	bool known;

	if (e) {
		a->err = e->number;
		return NULL;
	}
	name = strndup(word, len);
	if (!name)
		abort();
	known = lists_status_named(name, true, &a->status);
	free(name);
	if (known) {
		a->width = DECODE_WHOLE;
		line_operand(word + len, &a->status);
		return NULL;
	}
	bad = decode_number(word, &n);
	if (!bad) {
		decode_take_status(a, &n);
		return NULL;
	}
	if (asprintf(&why, "the status '%s' %s", word, bad) < 0)
		abort();
	return why;
}

/* "rcx=1", "RCX:", "rcx": the register, and where its value begins, or NULL. */
static int words_register(const char *word, const char **value)
{
	size_t len = strcspn(word, "=:");
	char *name = strndup(word, len);
	int reg;

	if (!name)
		abort();
	reg = decode_register(name);
	free(name);
	*value = word[len] && word[len + 1] ? word + len + 1 : NULL;
	return reg;
}

/**
 * decode_words() - what a person typed: [LEAF] STATUS [REGISTER=VALUE...], or
 *		    a name
 * @a: filled in
 * @n: number of words
 * @words: the words
 *
 * Return: NULL, or a sentence that says what is wrong and what to give instead,
 *	   to free.
 */
char *decode_words(struct decode_answer *a, int n, char **words)
{
	const char *value, *bad;
	struct decode_number number;
	char *why = NULL;
	int i = 0, reg;

	*a = (struct decode_answer){ 0 };
	/* SYS_SHUTDOWN is both; people ask for a status. */
	if (n == 1 && !lists_status_named(words[0], true, &a->status) &&
	    decode_take_name(a, words[0]))
		return NULL;
	if (n > 1 && words_register(words[1], &value) < 0 &&
	    !strchr(words[1], '='))
		why = words_leaf(a, words[i++]);
	if (!why)
		why = words_status(a, words[i++]);
	while (!why && i < n) {
		const char *word = words[i++];

		reg = words_register(word, &value);
		if (reg < 0 || reg == DECODE_REGISTERS) {
			if (asprintf(&why, strchr(word, '=') ?
				     "'%s' names no output register with a value; give rcx=, rdx=, r8=, r9= or r10= and a number" :
				     "'%s' is one argument too many; give one leaf and one status, then registers as rcx=VALUE",
				     word) < 0)
				abort();
			break;
		}
		if (!value)
			value = i < n ? words[i++] : "";
		bad = decode_number(value, &number);
		if (bad) {
			if (asprintf(&why, "the value of %s, '%s', %s", word,
				     value, bad) < 0)
				abort();
			break;
		}
		a->registers |= 1U << reg;
		a->value[reg] = number.value;
	}
	return why;
}
