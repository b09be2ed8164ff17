// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists as the compiler reads them, one entry a line, columns parted by
 * tabs: the tool has to say the same.
 */
#include <stdio.h>

#define U(value) ((unsigned long long)(value))

static void status(const char *name, unsigned long long value,
		   const char *details, const char *meaning,
		   const char *remedy)
{
	printf("S\t%s\t0x%016llx\t%llu\t%lld\t%s\t%s\t%s\n", name, value, value,
	       (long long)value, details, meaning, remedy);
}

int main(void)
{
#define TDX_STATUS(name, value, details, meaning, remedy) \
	status(#name, U(value), #details, meaning, remedy);
#include "status.def"
#define TDX_LEAF(name, number, text, transient) \
	printf("L\t%s\t%d\t%s\n", #name, number, text);
#include "leaves.def"
#define TDX_GUEST_LEAF(name, number, text) \
	printf("G\t%s\t%d\t%s\n", #name, number, text);
#include "guest_leaves.def"
#define TDX_OPERAND(name, id, text) \
	printf("O\t%s\t%d\t%s\n", #name, id, text);
#include "operands.def"
#define TDX_CLASS(number, name) printf("C\t%02x\t%s\n", number, name);
#include "classes.def"
#define TDX_CAUSE(name, what, cure) printf("W\t%s\t%s\t%s\n", #name, what, cure);
#include "causes.def"
#define TDX_LINE(patterns, meaning, remedy) printf("T\t%s\t%s\n", meaning, remedy);
#define TDX_LINE_CAUSE(patterns, cause) printf("N\t%s\n", #cause);
#include "lines.def"
#define TDX_ERRNO(name, meaning, remedy) \
	printf("E\t%s\t%s\t%s\n", #name, meaning, remedy);
#include "errnos.def"
	return 0;
}
