/* SPDX-License-Identifier: GPL-2.0-only */
/* What goes wrong, and the cure: include/tdx/causes.def, to look up. */
#ifndef TDX_HOST_CAUSE_H
#define TDX_HOST_CAUSE_H

/* CAUSE_<NAME>, those of the module and those that only the tool meets. */
enum cause {
	CAUSE_NONE,
#define TDX_CAUSE(name, what, cure) CAUSE_##name,
#include <tdx/causes.def>
#define TDX_CAUSE(name, what, cure) CAUSE_##name,
#include "doctor.def"
	CAUSE_COUNT
};

/**
 * struct cause_text - a line of causes.def or doctor.def
 * @name: as it is written there
 * @what: what is wrong, one clause
 * @cure: what to do, one clause
 */
struct cause_text {
	const char *name;
	const char *what;
	const char *cure;
};

const struct cause_text *cause_get(enum cause cause);
enum cause cause_find(const char *sentence);

#endif /* TDX_HOST_CAUSE_H */
