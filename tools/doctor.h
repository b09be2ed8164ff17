/* SPDX-License-Identifier: GPL-2.0-only */
/* The checks of tdx-host doctor, and what they find. */
#ifndef TDX_HOST_DOCTOR_H
#define TDX_HOST_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host.h"

enum doctor_result {
	DOCTOR_PASS,
	DOCTOR_WARN,
	DOCTOR_FAIL,
	DOCTOR_SKIP,
	DOCTOR_RESULTS
};

/* CHECK_<NAME>: the lines of checks.def, in their order. */
enum doctor_id {
	CHECK_NONE,
#define DOCTOR_CHECK(id, name, title, needs, run, ...) CHECK_##id,
#include "checks.def"
	CHECK_COUNT
};

/* MSRs of detection; msr.h of the module has the bits. */
enum doctor_msr {
	DOCTOR_MTRRCAP,
	DOCTOR_SEAMRR_BASE,
	DOCTOR_SEAMRR_MASK,
	DOCTOR_KEYID_PART,
	DOCTOR_TME_ACTIVATE,
	DOCTOR_APIC_BASE,
	DOCTOR_FEATURE_CONTROL,
	DOCTOR_MCHECK_ERROR,
	DOCTOR_MSRS
};

/**
 * struct doctor_msr_value - an MSR, on all CPUs that are online
 * @err: errno with which it could not be read, or 0
 * @value: its value on the first CPU
 * @odd_cpu: first CPU on which it has another, or -1
 * @odd_value: that one
 */
struct doctor_msr_value {
	int err;
	uint64_t value;
	int odd_cpu;
	uint64_t odd_value;
};

/**
 * struct doctor_verdict - what a check found
 * @result: how it went
 * @cause: what is wrong; CAUSE_NONE where nothing is, or the text is all
 * @text: what was found, or the numbers that go with @cause; may be NULL
 * @cure: instead of that of @cause; may be NULL
 */
struct doctor_verdict {
	enum doctor_result result;
	enum cause cause;
	char *text;
	char *cure;
};

/**
 * struct doctor - a visit
 * @h: the machine
 * @msr: its MSRs
 * @first_cpu: the CPU that the others are compared with
 * @verdict: of the checks so far
 */
struct doctor {
	struct host *h;
	struct doctor_msr_value msr[DOCTOR_MSRS];
	unsigned int first_cpu;
	struct doctor_verdict verdict[CHECK_COUNT];
};

/* A check says one of these; the text is printf()'s, NULL for none. */
void doctor_say_sentence(struct doctor_verdict *v, enum doctor_result result,
			 const char *sentence);
void doctor_pass(struct doctor_verdict *v, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void doctor_say(struct doctor_verdict *v, enum doctor_result result,
		enum cause cause, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

bool doctor_knows_msr(const struct doctor *d, enum doctor_msr msr);
void doctor_read_msrs(struct doctor *d);

/* Each is a check, named in checks.def. */
#define DOCTOR_CHECK(id, name, title, needs, run, ...) \
	void run(struct doctor *d, struct doctor_verdict *v);
#include "checks.def"

enum tool_exit doctor_run(const struct tool_options *o, struct host *h);

#endif /* TDX_HOST_DOCTOR_H */
