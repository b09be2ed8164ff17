/* SPDX-License-Identifier: GPL-2.0-only */
/* What status, doctor and report look at: the kernel, tdx_host, the CPUs. */
#ifndef TDX_HOST_HOST_H
#define TDX_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>

#include "cause.h"
#include "machine.h"
#include "tool.h"

/**
 * struct host - a machine as it was found, read once
 * @o: options, with the root
 * @state: of tdx_host; NULL where it is not loaded
 * @last_error: what failed last; NULL where nothing did
 * @error_cause: the cause that @last_error names, or CAUSE_NONE
 * @release: the kernel's release, "" where it is not known
 * @boot: words of the kernel's command line
 * @loaded_version: of the tdx_host that is loaded, or NULL
 * @installed: path of the tdx_host.ko that modprobe would load, or NULL
 * @installed_version: its version, NULL where that cannot be read
 * @log: messages of the kernel, oldest first
 * @nr_log: how many
 * @log_error: errno with which the log could not be read, or 0
 * @cpu: a CPU
 * @present: CPUs that are there
 * @online: CPUs that run
 */
struct host {
	const struct tool_options *o;
	char *state;
	char *last_error;
	enum cause error_cause;
	char *release;
	char *boot;
	char *loaded_version;
	char *installed;
	char *installed_version;
	char **log;
	size_t nr_log;
	int log_error;
	struct machine_cpu cpu;
	struct machine_cpus present;
	struct machine_cpus online;
};

struct host *host_open(const struct tool_options *o);
void host_close(struct host *h);

bool host_state_is(const struct host *h, const char *state);
bool host_detected(const struct host *h);
enum tool_exit host_exit(const struct host *h);
bool host_module_loaded(const struct host *h, const char *name);
char host_config(const struct host *h, const char *option);
char *host_boot_word(const struct host *h, const char *name);
char *host_modinfo(const struct host *h, const char *field);
const char *host_log_last(const struct host *h, const char *words);
const char *host_kernel_owns(const struct host *h);
bool host_kvm_has_tdx(const struct host *h);
bool host_kvm_by_tdx_host(const struct host *h);
char *host_kvm_refusal(const struct host *h);
char *host_signing(const struct host *h);

/**
 * struct host_parameter - a parameter of tdx_host that somebody set
 * @cause: CAUSE_UNKNOWN_PARAMETER, CAUSE_WRONG_VALUE, or CAUSE_NONE
 * @word: "init=load"
 * @where: the file it is in
 * @choices: values that it takes; NULL for an unknown one
 */
struct host_parameter {
	enum cause cause;
	char *word;
	char *where;
	const char *choices;
};

struct host_parameter *host_parameters(const struct host *h, size_t *count);
void host_parameters_free(struct host_parameter *p, size_t count);

/* What status says, for report as well. */
void status_run(const struct host *h);

#endif /* TDX_HOST_HOST_H */
