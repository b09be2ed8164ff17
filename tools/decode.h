/* SPDX-License-Identifier: GPL-2.0-only */
/* tdx-host decode: what is read out of a line, and what is said to it. */
#ifndef TDX_HOST_DECODE_H
#define TDX_HOST_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

#include "lists.h"

/* What may be said of one line: two statuses, and a sentence. */
#define DECODE_MOST	4

/* RCX, RDX, R8, R9, R10: what calls return, and what explains a status. */
enum decode_register {
	DECODE_RCX,
	DECODE_RDX,
	DECODE_R8,
	DECODE_R9,
	DECODE_R10,
	DECODE_REGISTERS,
};

enum decode_side {
	DECODE_NO_LEAF,
	DECODE_SEAMCALL,
	DECODE_TDCALL,
	DECODE_LOADER,
};

/**
 * enum decode_width - how much of a status there is
 * @DECODE_NO_STATUS: nothing
 * @DECODE_WHOLE: all of it
 * @DECODE_HALF: 32 bits, and nobody knows which
 */
enum decode_width {
	DECODE_NO_STATUS,
	DECODE_WHOLE,
	DECODE_HALF,
};

/**
 * struct decode_answer - what was read out of a line
 * @line: as it was pasted, without what a terminal would obey
 * @times: so many lines say the same
 * @side: who was called
 * @leaf: with which leaf; RAX on input
 * @width: how much of a status there is
 * @status: the status; for %DECODE_HALF in bits 31:0
 * @registers: which registers are known, a bit each
 * @value: their values
 * @err: positive errno, or 0
 * @sentence: what a list says of the line; its meaning is NULL if none does
 */
struct decode_answer {
	char *line;
	unsigned int times;
	enum decode_side side;
	u64 leaf;
	enum decode_width width;
	u64 status;
	unsigned int registers;
	u64 value[DECODE_REGISTERS];
	int err;
	struct lists_sentence sentence;
};

/**
 * struct decode_number - a number, as it was written
 * @value: two's complement, if negative
 * @negative: with a minus
 * @hex: in hex
 * @digits: how many digits
 */
struct decode_number {
	u64 value;
	bool negative;
	bool hex;
	unsigned int digits;
};

const char *decode_number(const char *text, struct decode_number *n);
int decode_register(const char *name);
void decode_take_status(struct decode_answer *a, const struct decode_number *n);
bool decode_take_leaf(struct decode_answer *a, enum decode_side side, u64 rax);
bool decode_take_name(struct decode_answer *a, const char *name);

char *decode_words(struct decode_answer *a, int n, char **words);
size_t decode_line(const char *line, bool about_tdx,
		   struct decode_answer answers[DECODE_MOST]);

bool decode_say(const struct decode_answer *a, bool with_line);

#endif /* TDX_HOST_DECODE_H */
