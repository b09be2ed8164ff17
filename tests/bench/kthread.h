/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What src/tdmr_init.c takes from the kernel besides kernel.h: threads on the
 * CPUs of a machine that is not there, on its clock (machine.c).  One runs at a
 * time, so that nothing has to be atomic.
 */
#ifndef TESTS_BENCH_KTHREAD_H
#define TESTS_BENCH_KTHREAD_H

#include "kernel.h"

#define HZ			250
#define MACHINE_MAX_CPUS	512

#define IS_ERR(p)		((unsigned long)(p) >= -4095UL)
#define PTR_ERR(p)		((int)(long)(p))
#define ERR_PTR(err)		((void *)(long)(err))
#define kzalloc(size, gfp)	calloc(1, size)
#define kfree(p)		free(p)

typedef struct {
	int n;
} atomic_t;

typedef struct {
	s64 n;
} atomic64_t;

#define ATOMIC_INIT(i)		{ (i) }
#define atomic_read(v)		((v)->n)
#define atomic_inc(v)		((void)(v)->n++)
#define atomic_dec_and_test(v)	(!--(v)->n)
#define atomic64_read(v)	((v)->n)
#define atomic64_set(v, i)	((void)((v)->n = (i)))
#define atomic64_add(i, v)	((void)((v)->n += (i)))

static inline int atomic_cmpxchg(atomic_t *v, int old, int new)
{
	int was = v->n;

	if (was == old)
		v->n = new;
	return was;
}

#define BITS_PER_LONG		64
#define bitmap_zalloc(n, gfp)	calloc(DIV_ROUND_UP(n, BITS_PER_LONG) + 1, 8)
#define bitmap_free(p)		free(p)

static inline bool test_and_set_bit(unsigned int i, unsigned long *map)
{
	unsigned long bit = 1UL << i % BITS_PER_LONG;
	bool was = map[i / BITS_PER_LONG] & bit;

	map[i / BITS_PER_LONG] |= bit;
	return was;
}

struct cpumask {
	unsigned long bits[MACHINE_MAX_CPUS / BITS_PER_LONG];
};

static inline bool cpumask_intersects(const struct cpumask *a,
				      const struct cpumask *b)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(a->bits); i++)
		if (a->bits[i] & b->bits[i])
			return true;
	return false;
}

static inline void cpumask_and(struct cpumask *to, const struct cpumask *a,
			       const struct cpumask *b)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(a->bits); i++)
		to->bits[i] = a->bits[i] & b->bits[i];
}

const struct cpumask *cpumask_of_node(int node);
u32 num_online_cpus(void);

struct task_struct;
extern struct task_struct *current;
struct task_struct *kthread_create_on_node(int (*fn)(void *), void *data,
					   int node, const char *name, ...);
void wake_up_process(struct task_struct *t);
int kthread_stop(struct task_struct *t);
void get_task_struct(struct task_struct *t);
void put_task_struct(struct task_struct *t);
void set_cpus_allowed_ptr(struct task_struct *t, const struct cpumask *mask);

struct completion {
	bool done;
};

static inline void init_completion(struct completion *c)
{
	c->done = false;
}

void complete(struct completion *c);
/* Nobody looks at what is said once a second meanwhile. */
unsigned long wait_for_completion_timeout(struct completion *c,
					  unsigned long jiffies);

#endif /* TESTS_BENCH_KTHREAD_H */
