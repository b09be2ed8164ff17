// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints what goes wrong without a status, one line each: name, what, cure,
 * with tabs between; with an argument, what goes wrong with one.
 */
#include <stdio.h>

static const struct text {
	const char *name, *what, *cure;
} causes[] = {
#define TDX_CAUSE(name, what, cure)	{ #name, what, cure },
#include <tdx/causes.def>
}, statuses[] = {
#define TDX_STATUS(name, value, details, meaning, remedy)	\
	{ #name, meaning, remedy },
#include <tdx/status.def>
};

static void print(const struct text *t, size_t n)
{
	for (; n--; t++)
		printf("%s\t%s\t%s\n", t->name, t->what, t->cure);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		print(statuses, sizeof(statuses) / sizeof(*statuses));
	else
		print(causes, sizeof(causes) / sizeof(*causes));
	return 0;
}
