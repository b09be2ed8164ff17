// SPDX-License-Identifier: GPL-2.0-only
/* What goes wrong, and the cure, by number and by sentence. */
#include <string.h>

#include "cause.h"

static const struct cause_text cause_texts[CAUSE_COUNT] = {
#define TDX_CAUSE(name, what, cure) [CAUSE_##name] = { #name, what, cure },
#include <tdx/causes.def>
#define TDX_CAUSE(name, what, cure) [CAUSE_##name] = { #name, what, cure },
#include "doctor.def"
};

/** cause_get() - the words of a cause other than CAUSE_NONE */
const struct cause_text *cause_get(enum cause cause)
{
	return &cause_texts[cause];
}

/**
 * cause_find() - which cause a sentence of the module names
 * @sentence: last_error, or a line of the log
 *
 * The longest words count, should those of one cause be in those of another.
 *
 * Return: the cause, or CAUSE_NONE.
 */
enum cause cause_find(const char *sentence)
{
	enum cause found = CAUSE_NONE;
	size_t longest = 0;

	for (int i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++) {
		size_t length = strlen(cause_texts[i].what);

		if (length > longest && strstr(sentence, cause_texts[i].what)) {
			found = i;
			longest = length;
		}
	}
	return found;
}
