// SPDX-License-Identifier: GPL-2.0-only
/*
 * Code on this CPU, at full speed or instruction by instruction.  32-bit code
 * runs in the code segment that Linux has for it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ucontext.h>

#include "cpu.h"

#define TRAP_FLAG	0x100

/* Which of the signal's registers is which of GPR_*. */
static const int greg_of[GPR_COUNT] = {
	REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
	REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
};

static volatile int met;		/* a signal that ended the code */
static volatile bool running;		/* between cpu_enter() and cpu_exit() */
static const struct cpu_code *stepped;
static struct cpu_state *stepped_state;
static bool (*on_step)(struct cpu_state *s);
static bool stepping;
static gregset_t outside;

static void *at(uintptr_t address)
{
	return (void *)address;
}

static void set_cs(greg_t *r, unsigned int cs)
{
	r[REG_CSGSFS] = (r[REG_CSGSFS] & ~0xffffLL) | cs;
}

static void state_in(greg_t *r, const struct cpu_state *s, bool code64)
{
	unsigned int i;

	for (i = 0; i < GPR_COUNT; i++)
		r[greg_of[i]] = s->gpr[i];
	r[REG_RIP] = s->rip;
	r[REG_EFL] = s->flags | TRAP_FLAG;
	set_cs(r, code64 ? CPU_CS64 : CPU_CS32);
}

static void state_out(const greg_t *r, struct cpu_state *s)
{
	unsigned int i;

	for (i = 0; i < GPR_COUNT; i++)
		s->gpr[i] = r[greg_of[i]];
	s->rip = r[REG_RIP];
	s->flags = r[REG_EFL] & ~(u64)TRAP_FLAG;
}

/* The first trap is our own int3, the others follow one instruction each. */
static void on_trap(int sig, siginfo_t *info, void *context)
{
	greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
	bool more = true;

	if (!stepping) {
		memcpy(outside, r, sizeof(outside));
		stepping = true;
	} else {
		state_out(r, stepped_state);
		more = on_step(stepped_state);
	}
	if (more) {
		state_in(r, stepped_state, stepped->code64);
		return;
	}
	stepping = false;
	memcpy(r, outside, sizeof(outside));
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;

	met = sig;
	if (stepping) {
		stepping = false;
		memcpy(r, outside, sizeof(outside));
	} else if (running) {
		running = false;
		r[REG_RIP] = (greg_t)cpu_exit;
		set_cs(r, CPU_CS64);
	} else {
		signal(sig, SIG_DFL);
	}
}

static void map(uintptr_t address)
{
	if (mmap(at(address), CPU_PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) ==
	    at(address))
		return;
	perror("cpu_test: mmap");
	exit(2);
}

void cpu_native_init(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE };
	/* jmp *CPU_EXIT */
	static const u8 jmp[] = { 0xff, 0x24, 0x25 };
	static u8 stack[1 << 16];
	stack_t alternative = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction sa = {
		.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_ONSTACK,
	};
	const u32 where = CPU_EXIT;
	const u64 to = (u64)cpu_exit;
	unsigned int i;

	/* Where there are none, only 64-bit code can do without. */
	__asm__ volatile ("mov %0, %%ds; mov %0, %%es" : : "r" (CPU_DS));
	map(CPU_CODE);
	map(CPU_DATA);
	map(CPU_CONTEXT);
	memcpy(at(CPU_EXIT_JMP), jmp, sizeof(jmp));
	memcpy(at(CPU_EXIT_JMP + sizeof(jmp)), &where, sizeof(where));
	memcpy(at(CPU_EXIT), &to, sizeof(to));
	sigaltstack(&alternative, NULL);
	sigaction(SIGTRAP, &sa, NULL);
	sa.sa_sigaction = on_fault;
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigaction(faults[i], &sa, NULL);
}

/* The code, and behind it a jump to CPU_EXIT_JMP in 64-bit mode. */
static void put_code(const struct cpu_code *c)
{
	static const u8 far_jmp32[] = {
		0xea, (u8)CPU_EXIT_JMP, (u8)(CPU_EXIT_JMP >> 8),
		(u8)(CPU_EXIT_JMP >> 16), CPU_EXIT_JMP >> 24, CPU_CS64, 0,
	};
	u8 *end = (u8 *)at(CPU_CODE) + c->size;

	memcpy(at(CPU_CODE), c->bytes, c->size);
	if (c->code64)
		memcpy(end, at(CPU_EXIT_JMP), sizeof(far_jmp32));
	else
		memcpy(end, far_jmp32, sizeof(far_jmp32));
}

int cpu_native_run(const struct cpu_code *c, struct cpu_state *s)
{
	const u32 entry = CPU_CODE;
	const u16 cs = c->code64 ? CPU_CS64 : CPU_CS32;

	put_code(c);
	memcpy(at(CPU_CONTEXT), s->gpr, sizeof(s->gpr));
	memcpy(at(CPU_FLAGS), &s->flags, sizeof(s->flags));
	memcpy(at(CPU_ENTRY), &entry, sizeof(entry));
	memcpy(at(CPU_ENTRY + 4), &cs, sizeof(cs));
	met = 0;
	running = true;
	cpu_enter();
	running = false;
	memcpy(s->gpr, at(CPU_CONTEXT), sizeof(s->gpr));
	memcpy(&s->flags, at(CPU_FLAGS), sizeof(s->flags));
	return met;
}

int cpu_native_step(const struct cpu_code *c, struct cpu_state *s,
		    bool (*step)(struct cpu_state *s))
{
	put_code(c);
	stepped = c;
	stepped_state = s;
	on_step = step;
	met = 0;
	__asm__ volatile ("int3" : : : "memory");
	return met;
}
