/* SPDX-License-Identifier: GPL-2.0-only */
/* Locks of code that one thread runs in user space. */
#ifndef SHIM_LINUX_SPINLOCK_H
#define SHIM_LINUX_SPINLOCK_H

#define DEFINE_RAW_SPINLOCK(name)	int name __attribute__((unused))
#define raw_spin_lock_irqsave(lock, flags)	((void)((flags) = 0))
#define raw_spin_unlock_irqrestore(lock, flags)	((void)(flags))

#endif
