// SPDX-License-Identifier: GPL-2.0-only
/* Loss of power: nothing of the TDX module is left, in whatever state. */
#include <linux/errno.h>

#include "internal.h"

int model_lose_power(struct model *m)
{
	u64 status;

	/* What TDH.SYS.DISABLE gives up is all that there is. */
	__atomic_add_fetch(&m->inside, 1, __ATOMIC_SEQ_CST);
	status = model_sys_disable(m, 0, NULL, NULL);
	__atomic_sub_fetch(&m->inside, 1, __ATOMIC_ACQ_REL);
	return status == TDX_ST_SUCCESS ? model_reload_module(m) : -EBUSY;
}
