/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The model's surroundings in user space: physical memory that is there
 * wherever somebody writes, safe for any number of threads.
 */
#ifndef MODEL_ENV_USER_H
#define MODEL_ENV_USER_H

/* Physical memory is all zero again.  No other thread may use it. */
void env_user_reset(void);

#endif /* MODEL_ENV_USER_H */
