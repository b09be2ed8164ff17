/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdx-model: a script that has been read, and what its commands do.
 */
#ifndef TDX_MODEL_H
#define TDX_MODEL_H

#include <stdio.h>

#include "../../emul/model/model.h"
#include "../../emul/model/env.h"

#define MALFORMED	2		/* exit status */
#define LOCK_NAME	64

/**
 * struct command - a line that is not about the platform
 * @run: executes it
 * @line: its number
 * @n: numbers in @arg
 * @arg: meaning depends on @run
 * @regs: seamcall only
 * @lock: hold and release only
 */
struct command {
	void (*run)(const struct command *c);
	unsigned int line;
	size_t n;
	u64 *arg;
	struct model_regs regs;
	char lock[LOCK_NAME];
};

extern struct model_config config;
extern struct model *model;
extern FILE *out;

/* One sentence about @line on stderr, and exit. */
void __attribute__((noreturn, format(printf, 2, 3)))
malformed(unsigned int line, const char *fmt, ...);

void run_w64(const struct command *c);
void run_r64(const struct command *c);
void run_seamcall(const struct command *c);
void run_vmx(const struct command *c);
void run_seam(const struct command *c);
void run_module(const struct command *c);
void run_inject(const struct command *c);
void run_hold(const struct command *c);
void run_release(const struct command *c);
void run_verify(const struct command *c);

#endif /* TDX_MODEL_H */
