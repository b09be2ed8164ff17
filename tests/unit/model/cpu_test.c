// SPDX-License-Identifier: GPL-2.0-only
/*
 * cpu_test [SEED]: the interpreter does what the CPU does.
 *
 * Random code is run by both from the same registers, flags and memory, and all
 * of these are compared at its end; a part of it is compared after each
 * instruction.  What the SDM calls undefined is left out, and nothing else.
 * Then come random bytes: whatever the interpreter takes for an instruction
 * that works on registers must be that very one.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cpu.h"

#define SEQUENCES	100000		/* of each kind of code */
#define WILD		100000		/* instructions of random bytes */
#define STEPPED		1000		/* of these, each instruction compared */
#define MAX_STEPS	4096		/* no sequence has more */
#define STACK		(CPU_DATA + 0xc00)

static struct model_vcpu vcpu;
static struct model_exit no_exit;
static struct model_guest guest = { .v = &vcpu, .e = &no_exit };
static u8 memory[CPU_PAGE];		/* the interpreter's data page */
static unsigned long instructions;
static unsigned long executed[2][X86_SYSTEM];
static const struct cpu_code *code;
static bool shown;

static u8 *data(u64 linear, unsigned int size)
{
	if (linear < CPU_DATA || linear + size > CPU_DATA + CPU_PAGE)
		return NULL;
	return memory + (linear - CPU_DATA);
}

enum model_step model_x86_read(struct model_guest *g, u64 linear,
			       unsigned int size, u32 access, u64 *value)
{
	const u8 *from = data(linear, size);

	if (!from)
		return MODEL_STEP_EXCEPTION;
	*value = 0;
	memcpy(value, from, size);
	return MODEL_STEP_NEXT;
}

enum model_step model_x86_write(struct model_guest *g, u64 linear,
				unsigned int size, u64 value)
{
	u8 *to = data(linear, size);

	if (!to)
		return MODEL_STEP_EXCEPTION;
	memcpy(to, &value, size);
	return MODEL_STEP_NEXT;
}

enum model_step model_x86_system(struct model_guest *g,
				 const struct model_x86_insn *insn, u64 *next)
{
	return MODEL_STEP_UNKNOWN;
}

static void show_state(const char *who, const struct cpu_state *s)
{
	unsigned int i;

	printf("# %s: RIP %08" PRIx64 " flags %03" PRIx64, who,
	       (uint64_t)s->rip, (uint64_t)s->flags & X86_ARITHMETIC);
	for (i = 0; i < GPR_COUNT; i++)
		printf("%s%016" PRIx64, i % 8 ? " " : "\n#   ",
		       (uint64_t)s->gpr[i]);
	printf("\n");
}

static void show_code(u64 rip, unsigned int n)
{
	unsigned int i;

	printf("# at %08" PRIx64 ":", (uint64_t)rip);
	for (i = 0; i < n && rip - CPU_CODE + i < code->size; i++)
		printf(" %02x", code->bytes[rip - CPU_CODE + i]);
	printf("\n");
}

/* One instruction.  False: it is none, or it faults. */
static bool interpret(struct model_x86_insn *insn)
{
	struct model_cpu *c = &vcpu.cpu;
	u64 at = c->rip - CPU_CODE;
	enum model_x86_decoded decoded = X86_UNKNOWN;

	if (at < code->size)
		decoded = model_x86_decode(code->bytes + at,
					   code->size - at < X86_MAX_LENGTH ?
					   code->size - at : X86_MAX_LENGTH,
					   code->code64, insn);
	if (decoded == X86_DECODED && insn->op < X86_SYSTEM) {
		executed[code->code64][insn->op]++;
		instructions++;
		if (model_x86_execute(&guest, insn) == MODEL_STEP_NEXT)
			return true;
	}
	printf("# the interpreter does not get on, seed and code follow\n");
	show_code(c->rip, X86_MAX_LENGTH);
	return false;
}

static void state_in(const struct cpu_state *s)
{
	memset(&vcpu, 0, sizeof(vcpu));
	memcpy(vcpu.cpu.gpr, s->gpr, sizeof(s->gpr));
	vcpu.cpu.rip = s->rip;
	vcpu.cpu.rflags = s->flags;
	vcpu.cpu.code64 = code->code64;
}

static struct cpu_state state_out(void)
{
	struct cpu_state s = { .rip = vcpu.cpu.rip,
			       .flags = vcpu.cpu.rflags };

	memcpy(s.gpr, vcpu.cpu.gpr, sizeof(s.gpr));
	return s;
}

/* In 32-bit code there are eight registers, and nothing above bit 31. */
static bool same(const struct cpu_state *a, const struct cpu_state *b,
		 u64 undefined)
{
	u64 mask = code->code64 ? ~0ULL : 0xffffffff;
	unsigned int i;

	for (i = 0; i < (code->code64 ? 16 : 8); i++)
		if ((a->gpr[i] ^ b->gpr[i]) & mask)
			return false;
	return !((a->flags ^ b->flags) & X86_ARITHMETIC & ~undefined) &&
	       !memcmp(memory, (void *)(uintptr_t)CPU_DATA, CPU_PAGE);
}

/* What the SDM calls undefined after that instruction. */
static u64 undefined_after(const struct model_x86_insn *insn,
			   const struct model_cpu *before)
{
	unsigned int n;

	switch (insn->op) {
	case X86_AND:
	case X86_OR:
	case X86_XOR:
	case X86_TEST:
		return X86_AF;
	case X86_SHL:
	case X86_SHR:
	case X86_SAR:
		n = insn->src.place == X86_IMM ? insn->imm :
						 before->gpr[GPR_RCX];
		n &= insn->size == 8 ? 63 : 31;
		if (!n)
			return 0;
		return X86_AF | (n > 1 ? X86_OF : 0) |
		       (n >= 8U * insn->size && insn->op != X86_SAR ?
			X86_CF : 0);
	default:
		return 0;
	}
}

/* The CPU has done one more: so does the interpreter. */
static bool step(struct cpu_state *cpu)
{
	struct model_cpu before = vcpu.cpu;
	struct model_x86_insn insn;
	struct cpu_state have;
	u64 undefined;

	if (!interpret(&insn)) {
		shown = true;
		return false;
	}
	have = state_out();
	undefined = undefined_after(&insn, &before);
	if (!same(cpu, &have, undefined) || cpu->rip != have.rip) {
		show_code(before.rip, insn.length);
		show_state("the CPU", cpu);
		show_state("the interpreter", &have);
		shown = true;
		return false;
	}
	vcpu.cpu.rflags = (have.flags & ~undefined) | (cpu->flags & undefined);
	return cpu->rip != CPU_CODE + code->size;
}

static struct cpu_state make_state(u64 *seed)
{
	struct cpu_state s = { .rip = CPU_CODE };
	unsigned int i;

	for (i = 0; i < GPR_COUNT; i++)
		s.gpr[i] = code->code64 ? cpu_random(seed) :
					  (u32)cpu_random(seed);
	s.gpr[GPR_RSP] = STACK;
	s.flags = X86_FIXED | X86_IF | (cpu_random(seed) & X86_ARITHMETIC);
	for (i = 0; i < CPU_PAGE; i += 8) {
		u64 word = cpu_random(seed);

		memcpy(memory + i, &word, 8);
	}
	memcpy((void *)(uintptr_t)CPU_DATA, memory, CPU_PAGE);
	return s;
}

static bool run_stepped(u64 seed)
{
	struct cpu_state s = make_state(&seed);
	int sig;

	state_in(&s);
	shown = false;
	sig = cpu_native_step(code, &s, step);
	if (sig)
		printf("# the CPU met signal %d\n", sig);
	return !sig && !shown;
}

static bool run_at_once(u64 seed)
{
	struct cpu_state s = make_state(&seed), have;
	struct model_x86_insn insn;
	unsigned int i;
	int sig;

	state_in(&s);
	for (i = 0; vcpu.cpu.rip != CPU_CODE + code->size; i++)
		if (i == MAX_STEPS || !interpret(&insn))
			return false;
	have = state_out();
	sig = cpu_native_run(code, &s);
	return !sig && same(&s, &have, code->undefined);
}

static bool run(struct cpu_code *c, bool code64, u64 *seed, bool stepwise)
{
	u64 state_seed;

	cpu_code_make(c, code64, seed);
	code = c;
	state_seed = cpu_random(seed);
	if (stepwise)
		return run_stepped(state_seed);
	if (run_at_once(state_seed))
		return true;
	/* Which instruction was it? */
	if (run_stepped(state_seed))
		printf("# no instruction alone differs: %u bytes of code\n",
		       c->size);
	return false;
}

/* Jumps and stacks lead anywhere. */
static bool is_tame(const struct model_x86_insn *insn)
{
	return insn->op < X86_PUSH || insn->op == X86_NOP;
}

/* Bytes with prefixes more often than chance has them. */
static void make_wild(struct cpu_code *c, u64 *seed)
{
	static const u8 prefixes[] = { 0x66, 0x66, 0xf3, 0x0f, 0x40, 0x48 };
	unsigned int i, n = cpu_random(seed) % 4;

	for (i = 0; i < X86_MAX_LENGTH; i++)
		c->bytes[i] = i < n ? prefixes[cpu_random(seed) % 6] :
				      cpu_random(seed);
}

static bool run_wild(struct cpu_code *c, u64 *seed)
{
	struct model_x86_insn insn;
	struct model_cpu before;
	struct cpu_state s, have;
	u64 undefined;

	do {
		make_wild(c, seed);
	} while (model_x86_decode(c->bytes, X86_MAX_LENGTH, c->code64,
				  &insn) != X86_DECODED || !is_tame(&insn));
	c->size = insn.length;
	code = c;
	s = make_state(seed);
	state_in(&s);
	before = vcpu.cpu;
	if (model_x86_execute(&guest, &insn) != MODEL_STEP_NEXT)
		return true;
	instructions++;
	have = state_out();
	undefined = undefined_after(&insn, &before);
	if (!cpu_native_run(c, &s) && same(&s, &have, undefined))
		return true;
	show_code(CPU_CODE, insn.length);
	show_state("the CPU", &s);
	show_state("the interpreter", &have);
	return false;
}

static bool run_all_wild(bool code64, u64 seed)
{
	static struct cpu_code c;
	unsigned int i;

	c.code64 = code64;
	for (i = 0; i < WILD; i++)
		if (!run_wild(&c, &seed))
			break;
	printf("%sok - what it takes for an instruction is one: %u-bit code, %lu of random bytes\n",
	       i < WILD || !instructions ? "not " : "", code64 ? 64 : 32,
	       instructions);
	instructions = 0;
	return i == WILD;
}

static bool all_executed(bool code64)
{
	bool all = true;
	unsigned int op;

	for (op = 0; op < X86_SYSTEM; op++)
		if (!executed[code64][op]) {
			printf("# operation %u was never met\n", op);
			all = false;
		}
	return all;
}

static bool run_all(bool code64, u64 seed)
{
	static struct cpu_code c;
	unsigned int i;

	for (i = 0; i < SEQUENCES; i++)
		if (!run(&c, code64, &seed, i < STEPPED))
			break;
	printf("%sok - the interpreter is as the CPU: %u-bit code, %u sequences, %lu instructions\n",
	       i < SEQUENCES || !all_executed(code64) ? "not " : "",
	       code64 ? 64 : 32, i, instructions);
	instructions = 0;
	return i == SEQUENCES && all_executed(code64);
}

int main(int argc, char **argv)
{
	u64 seed = argc > 1 ? strtoull(argv[1], NULL, 0) :
			      (u64)time(NULL) * 0x9e3779b97f4a7c15ULL;
	bool good;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# seed 0x%" PRIx64 "\n", (uint64_t)seed);
	cpu_native_init();
	good = run_all(true, seed);
	good &= run_all(false, seed);
	good &= run_all_wild(true, seed);
	good &= run_all_wild(false, seed);
	return good ? 0 : 1;
}
