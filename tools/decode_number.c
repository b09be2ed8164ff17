// SPDX-License-Identifier: GPL-2.0-only
/* Numbers, registers and names, one word each. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <linux/kernel.h>
#include <tdx/leaf.h>
#include <tdx/status.h>

#include "decode.h"

/* What does not fit was not meant to be 64 bits wide. */
static const char *const number_large =
	"has more than 64 bits; give at most 16 hex digits";

/**
 * decode_number() - a number as programs print it
 * @text: hex with 0x, with a letter among 8 digits or more, or of 16 digits, as
 *	  the kernel prints it; else decimal, which may be negative, as tracing
 *	  tools print 64 bits
 * @n: filled in
 *
 * Return: NULL, or what is wrong with it and what to give.
 */
const char *decode_number(const char *text, struct decode_number *n)
{
	const char *digits = text;
	char *end;

	*n = (struct decode_number){ 0 };
	if (!strncasecmp(digits, "0x", 2)) {
		digits += 2;
		n->hex = true;
	} else if (*digits == '-') {
		digits++;
		n->negative = true;
	}
	n->digits = strlen(digits);
	if (!n->negative && !n->hex)
		n->hex = n->digits == 16 ||
			 (n->digits >= 8 && digits[strspn(digits, "0123456789")]);
	if (!n->digits ||
	    digits[strspn(digits, n->hex ? "0123456789abcdefABCDEF" :
					   "0123456789")])
		return "is not a number; give hex like 0x8000020200000000, or decimal";

	errno = 0;
	n->value = strtoull(digits, &end, n->hex ? 16 : 10);
	if (errno || (n->negative && n->value > 1ULL << 63))
		return number_large;
	if (n->negative)
		n->value = -n->value;
	return NULL;
}

/**
 * decode_register() - a register by its name, in any case
 *
 * Return: its number; %DECODE_REGISTERS for one that explains no status; -1 if
 *	   it is none.
 */
int decode_register(const char *name)
{
	static const char *const names[] = {
		"rcx", "rdx", "r8", "r9", "r10", "r08", "r09",
	};
	static const char *const others[] = {
		"rbx", "rsi", "rdi", "rbp", "rsp", "rip", "rflags",
		"r11", "r12", "r13", "r14", "r15",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcasecmp(name, names[i]))
			return i < DECODE_REGISTERS ? i : i - 3;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (!strcasecmp(name, others[i]))
			return DECODE_REGISTERS;
	return -1;
}

/**
 * decode_take_status() - take a number for a status, or an errno
 * @a: answer that it goes to
 * @n: the number
 *
 * What has 32 bits may be either half of a status that was cut, and the lower
 * one looks like success.
 */
void decode_take_status(struct decode_answer *a, const struct decode_number *n)
{
	long long value = n->value;

	if (n->negative && value >= -4095 && value < 0) {
		a->err = -value;
		return;
	}
	a->width = DECODE_WHOLE;
	a->status = n->value;
	if (n->hex ? n->digits <= 8 : value >= -(1LL << 31) && value < 1LL << 32) {
		a->width = DECODE_HALF;
		a->status &= TDX_STATUS_DETAILS_MASK;
	}
}

/**
 * decode_take_leaf() - take a number for a leaf
 * @a: answer that it goes to
 * @side: %DECODE_SEAMCALL or %DECODE_TDCALL
 * @rax: leaf and version, or of the P-SEAMLDR
 *
 * Return: false if it can be none.
 */
bool decode_take_leaf(struct decode_answer *a, enum decode_side side, u64 rax)
{
	if (side == DECODE_SEAMCALL && (rax & TDX_LEAF_SEAMLDR) &&
	    !(rax & ~TDX_LEAF_SEAMLDR & ~0xffULL))
		side = DECODE_LOADER;
	else if (rax >> 24)
		return false;
	a->side = side;
	a->leaf = rax;
	return true;
}

/**
 * decode_take_name() - take a word for the name of a leaf
 * @a: answer that it goes to
 * @name: TDH.SYS.INIT, TDG.4, SEAMLDR.INFO
 *
 * Return: false if it is none.
 */
bool decode_take_name(struct decode_answer *a, const char *name)
{
	const struct lists_leaf *l = lists_leaf_named(name, true);
	struct decode_number n;

	if (l)
		return decode_take_leaf(a, l->guest ? DECODE_TDCALL :
					DECODE_SEAMCALL, l->number);
	if (!strcasecmp(name, "SEAMLDR.INFO") ||
	    !strcasecmp(name, "SEAMLDR_INFO"))
		return decode_take_leaf(a, DECODE_SEAMCALL, TDX_LEAF_SEAMLDR);
	if (!strcasecmp(name, "SEAMLDR.INSTALL") ||
	    !strcasecmp(name, "SEAMLDR_INSTALL"))
		return decode_take_leaf(a, DECODE_SEAMCALL,
					TDX_LEAF_SEAMLDR | 1);
	if (!strncasecmp(name, "TDG.", 4) && !decode_number(name + 4, &n) &&
	    !n.negative)
		return decode_take_leaf(a, DECODE_TDCALL, n.value);
	return false;
}
