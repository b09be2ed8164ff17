// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model's surroundings, see env.h, where nobody looks at memory but at the
 * first MiB: PAMTs are written to nowhere, which is most of a bring-up's time.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

#include "../../emul/model/env.h"

static u8 low[1 << 20];

bool env_read_phys(u64 pa, void *buf, size_t len)
{
	memset(buf, 0, len);
	if (pa < sizeof(low) && len <= sizeof(low) - pa)
		memcpy(buf, low + pa, len);
	return true;
}

bool env_write_phys(u64 pa, const void *buf, size_t len)
{
	if (pa < sizeof(low) && len <= sizeof(low) - pa)
		memcpy(low + pa, buf, len);
	return true;
}

bool env_cas_phys(u64 pa, u64 *old, u64 value)
{
	return true;
}

void *env_alloc(size_t size)
{
	return calloc(1, size);
}

void env_free(void *p)
{
	free(p);
}

void env_delay_ns(u64 ns)
{
}

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
}

bool env_interrupt_pending(u8 vector)
{
	return false;
}

u64 env_random(void)
{
	return 4;
}
