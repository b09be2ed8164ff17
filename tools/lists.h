/* SPDX-License-Identifier: GPL-2.0-only */
/* What include/tdx and the lists beside this file know, to look up. */
#ifndef TDX_HOST_LISTS_H
#define TDX_HOST_LISTS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct lists_leaf - a leaf of SEAMCALL or TDCALL
 * @name: as the specification prints it
 * @number: RAX 15:0
 * @transient: TDX_RETRY_* after which tdx_host makes the call again
 * @guest: of TDCALL
 */
struct lists_leaf {
	const char *name;
	unsigned int number;
	unsigned int transient;
	bool guest;
};

const struct lists_leaf *lists_leaf(bool guest, unsigned int number);
const struct lists_leaf *lists_leaf_named(const char *name, bool whole);
bool lists_status_named(const char *name, bool whole, unsigned long long *value);
bool lists_operand_named(const char *name, unsigned int *id);
const char *lists_operand(unsigned int id);
const char *lists_class(unsigned int class);
const char *lists_exit(unsigned int reason);
const char *lists_loader(unsigned long long status, const char **remedy);
const char *lists_msr(unsigned int msr, const char **remedy);

/**
 * struct lists_errno - an errno, and what it means where TDX is concerned
 * @number: positive
 * @name: of C
 * @meaning: one clause
 * @remedy: one clause
 */
struct lists_errno {
	int number;
	const char *name;
	const char *meaning;
	const char *remedy;
};

const struct lists_errno *lists_errno(int number);
const struct lists_errno *lists_errno_named(const char *name);
const struct lists_errno *lists_errno_at_end(const char *line);

/**
 * struct lists_sentence - what a line without a number means
 * @cause: name in causes.def; NULL where only this tool says it
 * @meaning: one clause
 * @remedy: one clause
 */
struct lists_sentence {
	const char *cause;
	const char *meaning;
	const char *remedy;
};

bool lists_sentence(const char *line, struct lists_sentence *s);
bool lists_cause(const char *name, struct lists_sentence *s);

/* Room for the names of all TDX_RETRY_*. */
#define LISTS_RETRIES	128

void lists_retries(unsigned int transient, char text[LISTS_RETRIES]);
void lists_words(void);

#endif /* TDX_HOST_LISTS_H */
