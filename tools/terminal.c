// SPDX-License-Identifier: GPL-2.0-only
/* What is drawn in place on a terminal, and the clock. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "out.h"
#include "terminal.h"

#define TERMINAL_BAR	50

/* There is a bar on the screen. */
static bool terminal_drawn;

/** terminal_draws() - is there a terminal that things can be drawn on? */
bool terminal_draws(void)
{
	const char *term = getenv("TERM");

	return out_is_text() && isatty(STDOUT_FILENO) &&
	       !(term && !strcmp(term, "dumb"));
}

/** terminal_bar() - draw how far initialisation is, over what was drawn last */
void terminal_bar(unsigned int percent)
{
	char bar[TERMINAL_BAR + 1];

	memset(bar, '.', TERMINAL_BAR);
	memset(bar, '#', TERMINAL_BAR * percent / 100);
	bar[TERMINAL_BAR] = '\0';
	printf("\rinitialising [%s%s%s] %3u %%", out_colour(OUT_GREEN), bar,
	       out_colour(OUT_PLAIN), percent);
	fflush(stdout);
	terminal_drawn = true;
}

/** terminal_clear() - take the bar away */
void terminal_clear(void)
{
	if (terminal_drawn)
		printf("\r\033[K");
	terminal_drawn = false;
}

/** terminal_home() - begin at the top of an empty screen */
void terminal_home(void)
{
	printf("\033[H\033[J");
}

/** terminal_seconds() - a clock that only goes forward */
double terminal_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}
