/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The model's surroundings in user space: physical memory that is there
 * wherever somebody writes, safe for any number of threads.
 */
#ifndef MODEL_ENV_USER_H
#define MODEL_ENV_USER_H

#include <pthread.h>
#include <stdbool.h>

/**
 * struct env_gate - holds a call up where it takes its time
 * @lock: guards what follows
 * @change: one of them changed
 * @reached: the call is there
 * @open: it may go on
 */
struct env_gate {
	pthread_mutex_t lock;
	pthread_cond_t change;
	bool reached;
	bool open;
};

void env_gate_init(struct env_gate *g);
/* The calling thread's next delay lasts until env_gate_open(). */
void env_gate_arm(struct env_gate *g);
void env_gate_wait(struct env_gate *g);
void env_gate_open(struct env_gate *g);

/* An interrupt of that vector waits on all LPs; -1: none does. */
void env_user_interrupt(int vector);

/* Physical memory is all zero again.  No other thread may use it. */
void env_user_reset(void);

#endif /* MODEL_ENV_USER_H */
