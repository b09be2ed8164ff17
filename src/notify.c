// SPDX-License-Identifier: GPL-2.0-only
/* Consumers: whom to tell, and what they insist on. */
#include <linux/atomic.h>
#include <linux/notifier.h>

#include "compat/compat.h"
#include "notify.h"

static BLOCKING_NOTIFIER_HEAD(notify_chain);
static atomic_t require_all_cpus;

/* Context: Sleeps. */
void notify_send(enum tdx_host_event event, unsigned int cpu)
{
	blocking_notifier_call_chain(&notify_chain, event,
				     (void *)(unsigned long)cpu);
}

bool tdx_host_all_cpus_required(void)
{
	return atomic_read(&require_all_cpus) > 0;
}

int tdx_host_register_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_register(&notify_chain, nb);
}
TDX_HOST_EXPORT(tdx_host_register_notifier);

int tdx_host_unregister_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_unregister(&notify_chain, nb);
}
TDX_HOST_EXPORT(tdx_host_unregister_notifier);

void tdx_host_require_all_cpus(void)
{
	atomic_inc(&require_all_cpus);
}
TDX_HOST_EXPORT(tdx_host_require_all_cpus);

void tdx_host_release_all_cpus(void)
{
	atomic_dec(&require_all_cpus);
}
TDX_HOST_EXPORT(tdx_host_release_all_cpus);
