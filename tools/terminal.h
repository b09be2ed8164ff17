/* SPDX-License-Identifier: GPL-2.0-only */
/* What is drawn in place on a terminal, and the clock. */
#ifndef TDX_HOST_TERMINAL_H
#define TDX_HOST_TERMINAL_H

#include <stdbool.h>

bool terminal_draws(void);
void terminal_bar(unsigned int percent);
void terminal_clear(void);
void terminal_home(void);
double terminal_seconds(void);

#endif /* TDX_HOST_TERMINAL_H */
