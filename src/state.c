// SPDX-License-Identifier: GPL-2.0-only
/* Where the TDX module stands; each change is announced by a uevent. */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>

#include "compat/compat.h"
#include "state.h"

/* Guards state_dev, and keeps uevents in the order of the changes. */
static DEFINE_MUTEX(state_mutex);
static struct device *state_dev;
static enum tdx_host_state state = TDX_HOST_UNSUPPORTED;

static const char * const state_names[] = {
	[TDX_HOST_UNSUPPORTED]	= "unsupported",
	[TDX_HOST_DISABLED]	= "disabled",
	[TDX_HOST_DETECTED]	= "detected",
	[TDX_HOST_INITIALIZING]	= "initializing",
	[TDX_HOST_READY]	= "ready",
	[TDX_HOST_FAILED]	= "failed",
};

/**
 * state_attach() - announce changes on behalf of a device from now on
 * @dev: stays until state_detach()
 *
 * Context: Sleeps.
 */
void state_attach(struct device *dev)
{
	mutex_lock(&state_mutex);
	state_dev = dev;
	mutex_unlock(&state_mutex);
}

/**
 * state_detach() - announce nothing any more
 *
 * Context: Sleeps.
 */
void state_detach(void)
{
	state_attach(NULL);
}

/**
 * state_name() - a state as sysfs and uevents spell it
 * @s: the state
 *
 * Context: Any.
 * Return: its name.
 */
const char *state_name(enum tdx_host_state s)
{
	return state_names[s];
}

enum tdx_host_state tdx_host_state_get(void)
{
	return READ_ONCE(state);
}
TDX_HOST_EXPORT(tdx_host_state_get);

static void state_uevent(char *variable)
{
	char *envp[] = { variable, NULL };

	lockdep_assert_held(&state_mutex);
	if (state_dev)
		kobject_uevent_env(&state_dev->kobj, KOBJ_CHANGE, envp);
}

/**
 * state_set() - change the state, and announce it if it is another one
 * @s: the new state
 *
 * Context: Sleeps.
 */
void state_set(enum tdx_host_state s)
{
	char variable[32];

	might_sleep();
	mutex_lock(&state_mutex);
	if (state != s) {
		WRITE_ONCE(state, s);
		snprintf(variable, sizeof(variable), "TDX_STATE=%s",
			 state_names[s]);
		state_uevent(variable);
	}
	mutex_unlock(&state_mutex);
}

/**
 * state_event() - announce something else than a change of state
 * @variable: "NAME=VALUE", the uevent's own variable
 *
 * Context: Sleeps.
 */
void state_event(char *variable)
{
	might_sleep();
	mutex_lock(&state_mutex);
	state_uevent(variable);
	mutex_unlock(&state_mutex);
}
