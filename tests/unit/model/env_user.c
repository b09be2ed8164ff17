// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model's surroundings in user space, see model_env.h.
 *
 * Pages come into being when they are first written and stay: a page is
 * pushed on its bucket with one compare and exchange, and finding it takes no
 * lock.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/types.h>

#include "../../emul/model/env.h"
#include "env_user.h"

#define PAGE		4096
#define BUCKETS		(1U << 16)

struct page {
	struct page *next;
	u64 number;
	u8 data[PAGE] __attribute__((aligned(8)));
};

static struct page *buckets[BUCKETS];

static struct page **bucket(u64 number)
{
	return &buckets[number * 0x9e3779b97f4a7c15ULL >> 48];
}

static struct page *find(struct page *p, u64 number)
{
	while (p && p->number != number)
		p = p->next;
	return p;
}

static struct page *get(u64 number)
{
	struct page **b = bucket(number);
	struct page *head = __atomic_load_n(b, __ATOMIC_ACQUIRE);
	struct page *p = find(head, number), *new;

	if (p)
		return p;
	new = calloc(1, sizeof(*new));
	if (!new)
		abort();
	new->number = number;
	do {
		p = find(head, number);
		if (p) {
			free(new);
			return p;
		}
		new->next = head;
	} while (!__atomic_compare_exchange_n(b, &head, new, false,
					      __ATOMIC_ACQ_REL,
					      __ATOMIC_ACQUIRE));
	return new;
}

void env_user_reset(void)
{
	unsigned int i;

	for (i = 0; i < BUCKETS; i++)
		while (buckets[i]) {
			struct page *p = buckets[i];

			buckets[i] = p->next;
			free(p);
		}
}

static size_t part(u64 pa, size_t len)
{
	size_t room = PAGE - pa % PAGE;

	return len < room ? len : room;
}

bool env_read_phys(u64 pa, void *buf, size_t len)
{
	u8 *to = buf;

	while (len) {
		size_t n = part(pa, len);
		u64 number = pa / PAGE;
		struct page *p = find(__atomic_load_n(bucket(number),
						      __ATOMIC_ACQUIRE),
				      number);

		if (p)
			memcpy(to, p->data + pa % PAGE, n);
		else
			memset(to, 0, n);
		to += n;
		pa += n;
		len -= n;
	}
	return true;
}

bool env_write_phys(u64 pa, const void *buf, size_t len)
{
	const u8 *from = buf;

	while (len) {
		size_t n = part(pa, len);

		memcpy(get(pa / PAGE)->data + pa % PAGE, from, n);
		from += n;
		pa += n;
		len -= n;
	}
	return true;
}

bool env_cas_phys(u64 pa, u64 *old, u64 value)
{
	u64 *word = (u64 *)(get(pa / PAGE)->data + pa % PAGE);

	return __atomic_compare_exchange_n(word, old, value, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

void *env_alloc(size_t size)
{
	return calloc(1, size);
}

void env_free(void *p)
{
	free(p);
}

static u64 now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* No CPU here has an erratum. */
void env_private_begin(u64 pa)
{
}

void env_private_page(u64 pa)
{
}

void env_private_changed(u64 pa)
{
}

void env_guest_unknown(const struct env_unknown *u)
{
	unsigned int i;

	fprintf(stderr, "guest: unknown to the interpreter at RIP 0x%llx:",
		(unsigned long long)u->rip);
	for (i = 0; i < u->n; i++)
		fprintf(stderr, " %02x", u->code[i]);
	if (u->vector >= 0)
		fprintf(stderr, " delivery of vector %d", u->vector);
	fprintf(stderr, " (RAX 0x%llx, RCX 0x%llx)\n",
		(unsigned long long)u->rax, (unsigned long long)u->rcx);
}

static int pending_vector = -1;

void env_user_interrupt(int vector)
{
	pending_vector = vector;
}

bool env_interrupt_pending(u8 vector)
{
	return vector == pending_vector;
}

static __thread struct env_gate *armed;

void env_gate_init(struct env_gate *g)
{
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->change, NULL);
	g->reached = false;
	g->open = false;
}

void env_gate_arm(struct env_gate *g)
{
	armed = g;
}

void env_gate_wait(struct env_gate *g)
{
	pthread_mutex_lock(&g->lock);
	while (!g->reached)
		pthread_cond_wait(&g->change, &g->lock);
	pthread_mutex_unlock(&g->lock);
}

void env_gate_open(struct env_gate *g)
{
	pthread_mutex_lock(&g->lock);
	g->open = true;
	pthread_cond_broadcast(&g->change);
	pthread_mutex_unlock(&g->lock);
}

static void pass_gate(struct env_gate *g)
{
	pthread_mutex_lock(&g->lock);
	g->reached = true;
	pthread_cond_broadcast(&g->change);
	while (!g->open)
		pthread_cond_wait(&g->change, &g->lock);
	pthread_mutex_unlock(&g->lock);
}

/* Sleeps where the wait is long, so that threads on few CPUs overlap. */
void env_delay_ns(u64 ns)
{
	u64 end = now_ns() + ns;

	if (armed) {
		struct env_gate *g = armed;

		armed = NULL;
		pass_gate(g);
		return;
	}
	if (ns >= 50000) {
		struct timespec t = { ns / 1000000000, ns % 1000000000 };

		nanosleep(&t, NULL);
	}
	while (now_ns() < end)
		;
}

u64 env_random(void)
{
	static u64 counter;

	return (__atomic_add_fetch(&counter, 1, __ATOMIC_RELAXED) +
		now_ns()) * 0x9e3779b97f4a7c15ULL;
}
