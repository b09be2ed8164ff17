// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trap flag stops a process after each of its instructions, which needs
 * neither privileges nor a CPU with counters.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "count.h"

#define TF	0x100

static struct {
	struct count n;
	const char *begin, *part, *part_end;
	unsigned long sp;	/* of the caller, once it is known */
	int state;		/* 0: before the function, 1: in it, 2: after */
} step;

/* The instruction at RIP is the next one. */
static void count_step(int sig, siginfo_t *info, void *context)
{
	static const unsigned char nopl[] = { 0x0f, 0x1f, 0x40 },
		test_rsp[] = { 0x48, 0x85, 0xe4 };
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
	const char *next = (const char *)regs[REG_RIP];
	unsigned long sp = regs[REG_RSP];

	(void)sig;
	(void)info;
	if (step.state == 0 && next == step.begin) {
		step.state = 1;
		step.sp = sp;
	}
	if (step.state == 1 && sp > step.sp)
		step.state = 2;	/* it has returned */
	if (step.state != 1)
		return;
	step.n.all++;
	step.n.part += next >= step.part && next < step.part_end;
	step.n.faked += !memcmp(next, nopl, sizeof(nopl)) ||
			!memcmp(next, test_rsp, sizeof(test_rsp));
}

/**
 * count_call() - how many instructions a call is
 * @fn: the function; it is called twice, so that what is done once is not
 *	counted
 * @part: first byte of a part of the code, or NULL
 * @part_end: where it ends
 *
 * Return: the counts.
 */
struct count count_call(unsigned long (*fn)(void), const void *part,
			const void *part_end)
{
	struct sigaction old, now = {
		.sa_sigaction = count_step,
		.sa_flags = SA_SIGINFO,
	};

	memset(&step, 0, sizeof(step));
	step.begin = (const char *)fn;
	step.part = part;
	step.part_end = part_end;
	fn();
	if (sigaction(SIGTRAP, &now, &old))
		abort();
	asm volatile("pushfq\n\torq %0, (%%rsp)\n\tpopfq"
		     : : "i" (TF) : "memory", "cc");
	fn();
	asm volatile("pushfq\n\tandq %0, (%%rsp)\n\tpopfq"
		     : : "i" (~TF) : "memory", "cc");
	sigaction(SIGTRAP, &old, NULL);
	return step.n;
}
