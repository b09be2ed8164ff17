// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the guest wants of its VMM: hypercalls, and memory.
 * Source: Guest-Host Communication Interface for Intel TDX 1.5,
 * "TDG.VP.VMCALL Interface".
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/mm.h>

#include "consumer.h"

/* TDG.VP.VMCALL: R10 is 0 for these, R11 says which; R10 is the answer. */
#define VMCALL_HLT		12
#define VMCALL_IO		30
#define VMCALL_MAP_GPA		0x10001
#define VMCALL_SUCCESS		0
#define VMCALL_INVALID_OPERAND	0x8000000000000000ULL

/* R12 of VMCALL_HLT: interrupts are blocked, so that nothing wakes it up. */
#define HLT_BLOCKED		BIT_ULL(0)

static u64 io(struct consumer_td *c, const struct tdx_regs *args)
{
	/* R12 size, R13 1 to write, R14 port, R15 value */
	if (args->r12 != 4 || args->r13 != 1)
		return VMCALL_INVALID_OPERAND;
	consumer_say(c, "exit: the guest writes 0x%08x to port 0x%llx",
		     (u32)args->r15, args->r14);
	return VMCALL_SUCCESS;
}

/* A page becomes shared by its private self being taken away. */
static int map_gpa(struct consumer_td *c, struct tdx_regs *args)
{
	u64 gpa = args->r12 & ~CONSUMER_SHARED;

	if (!(args->r12 & CONSUMER_SHARED) || gpa != CONSUMER_GPA_HEAP ||
	    args->r13 != PAGE_SIZE) {
		args->r10 = VMCALL_INVALID_OPERAND;
		return 0;
	}
	consumer_say(c, "exit: the guest gives back the page at GPA 0x%llx",
		     gpa);
	args->r10 = VMCALL_SUCCESS;
	return consumer_memory_remove(c, gpa);
}

/*
 * @args: in: registers as the guest chose to show them; out: what it gets
 *	  back.  @done: it wants nothing more
 */
int consumer_hypercall(struct consumer_td *c, struct tdx_regs *args,
		       bool *done)
{
	if (args->r10) {
		args->r10 = VMCALL_INVALID_OPERAND;
		return 0;
	}
	switch (args->r11) {
	case VMCALL_HLT:
		*done = args->r12 & HLT_BLOCKED;
		consumer_say(c, "exit: the guest halts%s", *done ?
			     " for good" : ", and is woken up");
		args->r10 = VMCALL_SUCCESS;
		return 0;
	case VMCALL_IO:
		args->r10 = io(c, args);
		return 0;
	case VMCALL_MAP_GPA:
		return map_gpa(c, args);
	default:
		args->r10 = VMCALL_INVALID_OPERAND;
		return 0;
	}
}

/* R8 is the address, of a private page without its lower bits. */
int consumer_ept_violation(struct consumer_td *c,
			   const struct tdx_regs *args)
{
	if (args->r8 != CONSUMER_GPA_HEAP) {
		pr_err(KBUILD_MODNAME ": TD %u: the guest has no memory at GPA 0x%llx\n",
		       c->nr, args->r8);
		return -EFAULT;
	}
	consumer_say(c, "exit: EPT violation at GPA 0x%llx", args->r8);
	return consumer_memory_aug(c, args->r8, TDX_HOST_LEVEL_4K);
}
