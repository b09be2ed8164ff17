// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failures as people meet them: a status as an errno and as a sentence, and
 * the last sentence, which went to dmesg once and stays readable in sysfs
 * until something succeeds.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "compat/compat.h"
#include "error.h"
#include "status.h"

/* Guards last_error.  Raw: errors are met with interrupts off, too. */
static DEFINE_RAW_SPINLOCK(error_lock);
static char last_error[ERROR_SENTENCE];

int tdx_host_status_errno(u64 leaf, u64 status)
{
	if (tdx_status_ok(status))
		return 0;
	if (tdx_status_is(status, TDX_ST_GOING_DOWN))
		return -ESHUTDOWN;
	if (tdx_status_is(status, TDX_ST_PACKAGE_OFFLINE))
		return -EBUSY;
	if (tdx_status_is(status, TDX_ST_PAGE_LOST))
		return -EIO;
	if (TDX_STATUS_CLASS(status) == TDX_CLASS_SOFTWARE)
		return -ENODEV;
	if (status_transient(leaf, status))
		return -EAGAIN;
	if (tdx_status_is(status, TDX_ST_OPERAND_INVALID) ||
	    tdx_status_is(status, TDX_ST_OPERAND_ADDR_RANGE_ERROR))
		return -EINVAL;
	return -EIO;
}
TDX_HOST_EXPORT(tdx_host_status_errno);

static const struct {
	const char *what;
	const char *cure;
} error_causes[] = {
#define TDX_CAUSE(name, what, cure)	[TDX_CAUSE_##name] = { what, cure },
#include <tdx/causes.def>
};

static int error_explain_details(char *buf, size_t len, enum tdx_details kind,
				 u32 d, const struct tdx_regs *out)
{
	switch (kind) {
	case TDX_DETAILS_NONE:
		break;
	case TDX_DETAILS_OPERAND:
		return scnprintf(buf, len, " (%s)", status_operand_name(d));
	case TDX_DETAILS_MSR:
		return scnprintf(buf, len, " (MSR %#x)", d);
	case TDX_DETAILS_PACKAGE:
		return scnprintf(buf, len, " (package %u)", d);
	case TDX_DETAILS_CPUID_LEAF:
		return scnprintf(buf, len, " (CPUID leaf %#x)", d);
	case TDX_DETAILS_CPUID_REGS:
		if (!out)
			break;
		return scnprintf(buf, len,
				 " (CPUID leaf %#x.%#x, bits EAX %#x EBX %#x ECX %#x EDX %#x)",
				 lower_32_bits(out->rcx),
				 upper_32_bits(out->rcx),
				 lower_32_bits(out->rdx),
				 upper_32_bits(out->rdx),
				 lower_32_bits(out->r8),
				 upper_32_bits(out->r8));
	case TDX_DETAILS_LEVEL:
		return scnprintf(buf, len, " (level %u)", d);
	case TDX_DETAILS_SMRR:
		return scnprintf(buf, len, " (SMRR %u)", d);
	case TDX_DETAILS_SMRR_CMR:
		return scnprintf(buf, len, " (SMRR %u, CMR %u)",
				 d & 0xff, (d >> 8) & 0xff);
	case TDX_DETAILS_TDMR:
		return scnprintf(buf, len, " (TDMR %u)", d & 0xff);
	case TDX_DETAILS_TDMR_LEVEL:
		return scnprintf(buf, len, " (TDMR %u, PAMT level %u)",
				 d & 0xff, (d >> 8) & 0xff);
	case TDX_DETAILS_PAMT_OVERLAP:
		return scnprintf(buf, len,
				 " (PAMT level %u of TDMR %u, with TDMR %u)",
				 (d >> 8) & 0xff, d & 0xff, (d >> 16) & 0xff);
	case TDX_DETAILS_TDMR_AREA:
		return scnprintf(buf, len, " (TDMR %u, reserved area %u)",
				 d & 0xff, (d >> 8) & 0xff);
	case TDX_DETAILS_VM_LEVEL:
		return scnprintf(buf, len, " (L2 VM %u, level %u)",
				 d >> 16, d & 0xffff);
	case TDX_DETAILS_LIMIT:
		return scnprintf(buf, len, " (limit %u)", d);
	}
	return 0;
}

/*
 * The one operand that is a table: RCX has the CPUID leaf in the line that was
 * refused, and the subleaf, all ones where the leaf has none.  Who makes the
 * guest can cure it, so there are better words for it than the status has.
 *
 * Source: TDX Module ABI 1.5, TDH.MNG.INIT.
 */
static int error_explain_cpuid_config(char *buf, size_t len,
				      const struct tdx_regs *out)
{
	const enum error_cause cause = TDX_CAUSE_CPUID_NOT_CONFIGURABLE;
	int n;

	n = scnprintf(buf, len, " (%s",
		      status_operand_name(TDX_OPERAND_CPUID_CONFIG));
	if (out)
		n += scnprintf(buf + n, len - n, ", CPUID leaf %#x",
			       lower_32_bits(out->rcx));
	if (out && upper_32_bits(out->rcx) != U32_MAX)
		n += scnprintf(buf + n, len - n, ".%#x",
			       upper_32_bits(out->rcx));
	n += scnprintf(buf + n, len - n, "): %s; %s", error_causes[cause].what,
		       error_causes[cause].cure);
	return n;
}

int tdx_host_explain(char *buf, size_t len, u64 leaf, u64 status, int cpu,
		     const struct tdx_regs *out)
{
	const struct status_entry *e = status_find(status);
	int n;

	n = scnprintf(buf, len, "%s", status_leaf_name(leaf));
	if (cpu >= 0)
		n += scnprintf(buf + n, len - n, " on CPU %d", cpu);
	n += scnprintf(buf + n, len - n, ": %s",
		       e ? e->name : "a status that this version does not know");
	if (leaf == TDH_MNG_INIT &&
	    status == (TDX_ST_OPERAND_INVALID | TDX_OPERAND_CPUID_CONFIG)) {
		n += error_explain_cpuid_config(buf + n, len - n, out);
	} else if (e) {
		n += error_explain_details(buf + n, len - n, e->details,
					   tdx_status_details(status), out);
		if (e->meaning[0])
			n += scnprintf(buf + n, len - n, ": %s", e->meaning);
		if (e->remedy[0])
			n += scnprintf(buf + n, len - n, "; %s", e->remedy);
	}
	n += scnprintf(buf + n, len - n, " (leaf %llu, status %#018llx)",
		       leaf & TDX_LEAF_NUMBER_MASK, status);
	return n;
}
TDX_HOST_EXPORT(tdx_host_explain);

static __printf(4, 0)
int error_explain_cause_va(char *buf, size_t len, enum error_cause cause,
			   const char *fmt, va_list args)
{
	int n;

	n = scnprintf(buf, len, "%s", error_causes[cause].what);
	if (fmt) {
		n += scnprintf(buf + n, len - n, " (");
		n += vscnprintf(buf + n, len - n, fmt, args);
		n += scnprintf(buf + n, len - n, ")");
	}
	n += scnprintf(buf + n, len - n, "; %s", error_causes[cause].cure);
	return n;
}

/**
 * error_explain_cause() - a failure that has no status, as a sentence
 * @buf: where to
 * @len: size of @buf, bytes
 * @cause: what goes wrong
 * @fmt: numbers and names that go with it, or NULL if there are none
 *
 * Context: Any.
 * Return: length of the sentence, cut to fit, without the final NUL.
 */
int error_explain_cause(char *buf, size_t len, enum error_cause cause,
			const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = error_explain_cause_va(buf, len, cause, fmt, args);
	va_end(args);
	return n;
}

/**
 * error_log_cause() - say in dmesg alone what goes wrong
 * @level: KERN_WARNING or another level
 * @cause: what goes wrong
 * @fmt: numbers and names that go with it, or NULL if there are none
 *
 * Context: Any.
 */
void error_log_cause(const char *level, enum error_cause cause,
		     const char *fmt, ...)
{
	char sentence[ERROR_SENTENCE];
	va_list args;

	va_start(args, fmt);
	error_explain_cause_va(sentence, sizeof(sentence), cause, fmt, args);
	va_end(args);
	printk("%s" pr_fmt("%s\n"), level, sentence);
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

/**
 * error_set_cause() - report a failure that has no status
 * @cause: what goes wrong
 * @fmt: numbers and names that go with it, or NULL if there are none
 *
 * Context: Any.
 */
void error_set_cause(enum error_cause cause, const char *fmt, ...)
{
	char sentence[ERROR_SENTENCE];
	va_list args;

	va_start(args, fmt);
	error_explain_cause_va(sentence, sizeof(sentence), cause, fmt, args);
	va_end(args);
	error_set(sentence);
}

/**
 * error_set_default() - report a failure that nobody below has explained
 * @cause: what goes wrong; dropped where there is a sentence already
 *
 * Context: Any.
 */
void error_set_default(enum error_cause cause)
{
	if (!READ_ONCE(last_error[0]))
		error_set_cause(cause, NULL);
}

/**
 * error_clear() - something succeeded, or is tried anew
 *
 * Context: Any.
 */
void error_clear(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&error_lock, flags);
	last_error[0] = '\0';
	raw_spin_unlock_irqrestore(&error_lock, flags);
}

size_t tdx_host_last_error(char *buf, size_t len)
{
	unsigned long flags;
	ssize_t n;

	raw_spin_lock_irqsave(&error_lock, flags);
	n = strscpy(buf, last_error, len);
	raw_spin_unlock_irqrestore(&error_lock, flags);
	return n < 0 ? len - 1 : n;
}
TDX_HOST_EXPORT(tdx_host_last_error);

/**
 * error_seamcall() - report a SEAMCALL that failed
 * @leaf: the leaf that was called
 * @status: what it returned
 * @cpu: CPU that made the call, or -1 if that does not matter
 * @out: output registers, or NULL
 *
 * Context: Any.
 * Return: the errno that goes with @status, see tdx_host_status_errno(); -EIO
 *	   for one that has none, since it is no error by the specification.
 */
int error_seamcall(u64 leaf, u64 status, int cpu, const struct tdx_regs *out)
{
	char sentence[ERROR_SENTENCE];

	tdx_host_explain(sentence, sizeof(sentence), leaf, status, cpu, out);
	error_set(sentence);
	return tdx_host_status_errno(leaf, status) ?: -EIO;
}
