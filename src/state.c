// SPDX-License-Identifier: GPL-2.0-only
/*
 * State and last error.  Changes of state are announced by uevent; errors go
 * to dmesg once and stay readable in sysfs until something succeeds.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "compat/compat.h"
#include "state.h"
#include "status.h"

/* Guards state_dev, and keeps uevents in the order of the changes. */
static DEFINE_MUTEX(state_mutex);
static struct device *state_dev;
static enum tdx_host_state state = TDX_HOST_UNSUPPORTED;

/* Guards last_error.  Raw: errors are met with interrupts off, too. */
static DEFINE_RAW_SPINLOCK(error_lock);
static char last_error[ERROR_SENTENCE];

static const char * const state_names[] = {
	[TDX_HOST_UNSUPPORTED]	= "unsupported",
	[TDX_HOST_DISABLED]	= "disabled",
	[TDX_HOST_DETECTED]	= "detected",
	[TDX_HOST_INITIALIZING]	= "initializing",
	[TDX_HOST_READY]	= "ready",
	[TDX_HOST_FAILED]	= "failed",
};

/* From here on changes are announced on behalf of @dev. */
void state_attach(struct device *dev)
{
	mutex_lock(&state_mutex);
	state_dev = dev;
	mutex_unlock(&state_mutex);
}

void state_detach(void)
{
	state_attach(NULL);
}

const char *state_name(enum tdx_host_state s)
{
	return state_names[s];
}

enum tdx_host_state tdx_host_state_get(void)
{
	return READ_ONCE(state);
}
TDX_HOST_EXPORT(tdx_host_state_get);

/* Context: May sleep. */
void state_set(enum tdx_host_state s)
{
	char event[32];
	char *envp[] = { event, NULL };

	mutex_lock(&state_mutex);
	if (state != s) {
		WRITE_ONCE(state, s);
		snprintf(event, sizeof(event), "TDX_STATE=%s", state_names[s]);
		if (state_dev)
			kobject_uevent_env(&state_dev->kobj, KOBJ_CHANGE, envp);
	}
	mutex_unlock(&state_mutex);
}

/* A uevent with one variable of its own.  Context: May sleep. */
void state_event(char *variable)
{
	char *envp[] = { variable, NULL };

	mutex_lock(&state_mutex);
	if (state_dev)
		kobject_uevent_env(&state_dev->kobj, KOBJ_CHANGE, envp);
	mutex_unlock(&state_mutex);
}

/**
 * error_set() - report a failure to dmesg and sysfs
 * @sentence: without the final full stop
 *
 * The same sentence twice in a row is printed once.
 *
 * Context: Any.
 */
void error_set(const char *sentence)
{
	unsigned long flags;
	bool news;

	raw_spin_lock_irqsave(&error_lock, flags);
	news = strcmp(last_error, sentence);
	if (news)
		strscpy(last_error, sentence, sizeof(last_error));
	raw_spin_unlock_irqrestore(&error_lock, flags);
	if (news)
		pr_err("%s\n", sentence);
}

/* For a failure that nobody below has explained.  Context: Any. */
void error_set_default(const char *sentence)
{
	if (!READ_ONCE(last_error[0]))
		error_set(sentence);
}

void error_clear(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&error_lock, flags);
	last_error[0] = '\0';
	raw_spin_unlock_irqrestore(&error_lock, flags);
}

/* Copies the sentence; returns its length, 0 when there is no error. */
size_t error_get(char *buf, size_t len)
{
	unsigned long flags;
	ssize_t n;

	raw_spin_lock_irqsave(&error_lock, flags);
	n = strscpy(buf, last_error, len);
	raw_spin_unlock_irqrestore(&error_lock, flags);
	return n < 0 ? len - 1 : n;
}

/**
 * error_seamcall() - report a SEAMCALL that failed
 * @leaf: the leaf that was called
 * @status: what it returned
 * @cpu: CPU that made the call, or -1 if that does not matter
 * @out: output registers, or NULL
 *
 * Context: Any.
 * Return: the errno that goes with @status.
 */
int error_seamcall(u64 leaf, u64 status, int cpu, const struct tdx_regs *out)
{
	char sentence[ERROR_SENTENCE];

	tdx_host_explain(sentence, sizeof(sentence), leaf, status, cpu, out);
	error_set(sentence);
	return tdx_host_status_errno(leaf, status);
}
