/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of the two declares kvcalloc() depends on the kernel's age. */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include <linux/mm.h>

#endif
