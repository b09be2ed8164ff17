// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest: what is in its first page.
 *
 * It is written for the guest that the software TDX module (tests/emul of
 * tdx_host) runs: a program of 64-bit words, in private memory, that starts 16
 * bytes below 4 GiB.  A TD on a real TDX module runs x86 code from the same
 * place, in 32-bit protected mode; give it firmware.
 */
#include <linux/build_bug.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "consumer.h"

/* Numbers of registers. */
enum { RAX = 0, RCX = 1, RBX = 3, RDI = 7, R10 = 10, R11, R12, R13, R14, R15 };

/* An instruction: operation, registers a and b. */
#define WORD(op, a, b)	((u64)(op) | (u64)(a) << 8 | (u64)(b) << 16)
#define SET(a, value)	WORD(1, a, 0), (value)
#define LOAD(a, b)	WORD(4, a, b)
#define STORE(a, b)	WORD(5, a, b)
#define JMP(gpa)	WORD(6, 0, 0), (gpa)
#define TDCALL		WORD(9, 0, 0)

/* TDG.VP.VMCALL, leaf 0, that shows R10 to R15 to the VMM. */
#define VMCALL(function)						\
	SET(RAX, 0), SET(RCX, 0xfc00), SET(R10, 0), SET(R11, function), TDCALL

/* What is in R15 goes to the port. */
#define OUT(port)	SET(R12, 4), SET(R13, 1), SET(R14, port), VMCALL(30)
#define HLT(blocked)	SET(R12, blocked), VMCALL(12)
#define MAP_GPA(gpa, n)	SET(R12, gpa), SET(R13, n), VMCALL(0x10001)

/* TDG.MEM.PAGE.ACCEPT of 4 KiB. */
#define ACCEPT(gpa)	SET(RAX, 6), SET(RCX, gpa), TDCALL

#define SERIAL		0x3f8

static const u64 program[] = {
	SET(R15, 0x21444c54), OUT(SERIAL),
	HLT(0),
	/* The page is not there yet: an EPT violation. */
	ACCEPT(CONSUMER_GPA_HEAP),
	SET(RBX, CONSUMER_GPA_HEAP), SET(RDI, 0x5ec2e7ed),
	STORE(RDI, RBX), LOAD(R15, RBX), OUT(SERIAL),
	MAP_GPA(CONSUMER_GPA_HEAP | CONSUMER_SHARED, PAGE_SIZE),
	/* Another page, with nothing in it. */
	ACCEPT(CONSUMER_GPA_HEAP),
	LOAD(R15, RBX), OUT(SERIAL),
	HLT(1),
};

static const u64 reset_vector[] = { JMP(CONSUMER_GPA_CODE) };

#define RESET_OFFSET	(PAGE_SIZE - sizeof(reset_vector))

static_assert(sizeof(program) <= RESET_OFFSET);

/* The page that we write is copied, encrypted; ours stays ours. */
int consumer_guest_load(struct consumer_td *c)
{
	struct page *source = alloc_page(GFP_KERNEL | __GFP_ZERO);
	int ret;

	if (!source)
		return -ENOMEM;
	memcpy(page_address(source), program, sizeof(program));
	memcpy(page_address(source) + RESET_OFFSET, reset_vector,
	       sizeof(reset_vector));
	ret = consumer_memory_add(c, CONSUMER_GPA_CODE, source);
	__free_page(source);
	if (ret)
		return ret;
	return consumer_memory_measure(c, CONSUMER_GPA_CODE);
}
