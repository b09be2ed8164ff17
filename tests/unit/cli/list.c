// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the compiler reads in the lists of include/tdx/, one entry a line,
 * columns parted by tabs: the tool, whose tables another reader made, has to
 * say the same.
 */
#include <stdio.h>

#define U(value) ((unsigned long long)(value))

static void status(const char *name, unsigned long long value,
		   const char *details, const char *meaning,
		   const char *remedy)
{
	printf("S\t%s\t0x%016llx\t%llu\t%lld\t%s\t%d%d%d\t%s\t%s\n", name,
	       value, value, (long long)value, details,
	       (int)(value >> 63), (int)(value >> 62 & 1),
	       (int)(value >> 61 & 1), meaning, remedy);
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
	return 0;
}
