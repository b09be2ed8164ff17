// SPDX-License-Identifier: GPL-2.0-only
/*
 * For each cause that a check of tdx-host doctor goes by: the check, the cause,
 * its words and its cure, parted by tabs.
 */
#include <stdio.h>

enum {
	CAUSE_NONE,
#define TDX_CAUSE(name, what, cure) CAUSE_##name,
#include <tdx/causes.def>
};

static const struct {
	const char *name;
	const char *what;
	const char *cure;
} causes[] = {
	{ "", "", "" },
#define TDX_CAUSE(name, what, cure) { #name, what, cure },
#include <tdx/causes.def>
};

static const struct {
	const char *check;
	int causes[8];
} checks[] = {
#define DOCTOR_CHECK(id, name, title, needs, run, ...) \
	{ name, { CAUSE_NONE, ##__VA_ARGS__ } },
#include "../../../tools/checks.def"
};

int main(void)
{
	for (unsigned int i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		for (const int *c = checks[i].causes + 1; *c; c++)
			printf("%s\t%s\t%s\t%s\n", checks[i].check,
			       causes[*c].name, causes[*c].what,
			       causes[*c].cure);
	return 0;
}
