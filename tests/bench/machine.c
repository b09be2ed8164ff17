// SPDX-License-Identifier: GPL-2.0-only
/* Threads of the kernel on a machine that is not there, see machine.h. */
#include "kthread.h"
#include "machine.h"

#define STACK		(64 * 1024)
#define MAX_TASKS	(MACHINE_MAX_CPUS + 1)

enum task_state { TASK_NONE, TASK_NEW, TASK_READY, TASK_WAITING, TASK_ENDED };

struct task_struct {
	enum task_state state;
	void *sp;
	void *stack;
	int (*fn)(void *data);
	void *data;
	struct cpumask mask;
	unsigned int cpu;
	int refs;
	u64 now;
};

static struct task_struct tasks[MAX_TASKS];
struct task_struct *current;
static u64 cpu_busy_until[MACHINE_MAX_CPUS];
static struct cpumask node_mask[MACHINE_MAX_CPUS], all_mask;
static unsigned int nr_cpus;

/*
 * machine_switch(save, load): the registers that a function keeps, and the
 * stack.
 */
void machine_switch(void **save, void *load);
asm(".text\n"
    "machine_switch:\n"
    "	pushq	%rbp\n"
    "	pushq	%rbx\n"
    "	pushq	%r12\n"
    "	pushq	%r13\n"
    "	pushq	%r14\n"
    "	pushq	%r15\n"
    "	movq	%rsp, (%rdi)\n"
    "	movq	%rsi, %rsp\n"
    "	popq	%r15\n"
    "	popq	%r14\n"
    "	popq	%r13\n"
    "	popq	%r12\n"
    "	popq	%rbx\n"
    "	popq	%rbp\n"
    "	ret\n");

/* Whoever is earliest on the clock is next: nobody's past changes. */
static void machine_next(void)
{
	struct task_struct *was = current, *next = NULL, *t;

	for (t = tasks; t < tasks + MAX_TASKS && t->state != TASK_NONE; t++)
		if (t->state == TASK_READY && (!next || t->now < next->now))
			next = t;
	if (!next)
		abort();	/* all wait for each other */
	if (next == was)
		return;
	current = next;
	machine_switch(&was->sp, next->sp);
}

static void task_main(void)
{
	current->fn(current->data);
	current->state = TASK_ENDED;
	machine_next();
	abort();
}

/**
 * machine_init() - a machine; whoever calls runs on it from now on
 * @cpus: how many, evenly on the nodes; at most MACHINE_MAX_CPUS
 * @nodes: how many
 */
void machine_init(unsigned int cpus, unsigned int nodes)
{
	unsigned int i;

	for (i = 0; i < MAX_TASKS; i++)
		free(tasks[i].stack);
	memset(tasks, 0, sizeof(tasks));
	memset(cpu_busy_until, 0, sizeof(cpu_busy_until));
	memset(node_mask, 0, sizeof(node_mask));
	memset(&all_mask, 0, sizeof(all_mask));
	nr_cpus = cpus;
	for (i = 0; i < cpus; i++) {
		test_and_set_bit(i, all_mask.bits);
		test_and_set_bit(i, node_mask[(u64)i * nodes / cpus].bits);
	}
	current = &tasks[0];
	current->state = TASK_READY;
	current->mask = all_mask;
}

u64 machine_now(void)
{
	return current->now;
}

/**
 * machine_work() - whoever calls needs a CPU for so long
 * @ns: nanoseconds
 */
void machine_work(u64 ns)
{
	struct task_struct *t = current;
	unsigned int cpu, best = t->cpu;
	u64 at, best_at = ~0ULL;

	/* The one that it had, if that is free as soon as any other. */
	if (t->mask.bits[best / BITS_PER_LONG] >> best % BITS_PER_LONG & 1)
		best_at = max(t->now, cpu_busy_until[best]);
	for (cpu = 0; best_at > t->now && cpu < nr_cpus; cpu++) {
		at = max(t->now, cpu_busy_until[cpu]);
		if (at < best_at && t->mask.bits[cpu / BITS_PER_LONG] >>
				    cpu % BITS_PER_LONG & 1) {
			best = cpu;
			best_at = at;
		}
	}
	t->cpu = best;
	t->now = best_at + ns;
	cpu_busy_until[best] = t->now;
	machine_next();
}

/* What src/ calls. */

const struct cpumask *cpumask_of_node(int node)
{
	return &node_mask[node];
}

u32 num_online_cpus(void)
{
	return nr_cpus;
}

void lp_init_ready_mask(struct cpumask *mask)
{
	*mask = all_mask;
}

void cpus_read_lock(void)
{
}

void cpus_read_unlock(void)
{
}

void cond_resched(void)
{
}

u64 ktime_get_mono_fast_ns(void)
{
	return machine_now();
}

struct task_struct *kthread_create_on_node(int (*fn)(void *), void *data,
					   int node, const char *name, ...)
{
	struct task_struct *t = tasks;
	void **sp;

	while (t->state != TASK_NONE)
		if (++t == tasks + MAX_TASKS)
			return ERR_PTR(-ENOMEM);
	t->stack = malloc(STACK);
	if (!t->stack)
		return ERR_PTR(-ENOMEM);
	t->fn = fn;
	t->data = data;
	t->mask = all_mask;
	t->refs = 1;
	/* As if task_main() had been called: RSP is 8 above a multiple of 16. */
	sp = (void **)((char *)t->stack + STACK) - 1;
	*--sp = (void *)task_main;
	sp -= 6;
	t->sp = sp;
	t->state = TASK_NEW;
	machine_work(MACHINE_START_NS);
	return t;
}

void wake_up_process(struct task_struct *t)
{
	t->now = current->now;
	t->state = TASK_READY;
}

void set_cpus_allowed_ptr(struct task_struct *t, const struct cpumask *mask)
{
	t->mask = *mask;
}

void get_task_struct(struct task_struct *t)
{
	t->refs++;
}

void put_task_struct(struct task_struct *t)
{
	t->refs--;
}

/* It has ended before, or is about to. */
int kthread_stop(struct task_struct *t)
{
	while (t->state != TASK_ENDED) {
		current->now = max(current->now, t->now) + 1;
		machine_next();
	}
	return 0;
}

void complete(struct completion *c)
{
	struct task_struct *waiter = &tasks[0];

	c->done = true;
	if (waiter->state != TASK_WAITING)
		return;
	waiter->now = max(waiter->now, current->now);
	waiter->state = TASK_READY;
}

unsigned long wait_for_completion_timeout(struct completion *c,
					  unsigned long jiffies)
{
	while (!c->done) {
		current->state = TASK_WAITING;
		machine_next();
	}
	return jiffies;
}
