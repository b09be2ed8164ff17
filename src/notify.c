// SPDX-License-Identifier: GPL-2.0-only
/* Telling consumers what happens to TDX. */
#include <linux/kernel.h>
#include <linux/notifier.h>

#include "compat/compat.h"
#include "notify.h"

static BLOCKING_NOTIFIER_HEAD(notify_chain);

/**
 * notify_send() - call every consumer's notifier
 * @event: what happened, or is about to
 * @cpu: to which CPU; 0 where the event is not about one
 *
 * Context: Sleeps, for as long as consumers take.
 */
void notify_send(enum tdx_host_event event, unsigned int cpu)
{
	might_sleep();
	blocking_notifier_call_chain(&notify_chain, event,
				     (void *)(unsigned long)cpu);
}

int tdx_host_register_notifier(struct notifier_block *nb)
{
	might_sleep();
	return blocking_notifier_chain_register(&notify_chain, nb);
}
TDX_HOST_EXPORT(tdx_host_register_notifier);

int tdx_host_unregister_notifier(struct notifier_block *nb)
{
	might_sleep();
	return blocking_notifier_chain_unregister(&notify_chain, nb);
}
TDX_HOST_EXPORT(tdx_host_unregister_notifier);
