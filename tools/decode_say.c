// SPDX-License-Identifier: GPL-2.0-only
/* What a status, half a status, a leaf, an errno or a line means. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "decode.h"
#include "out.h"
#include "status.h"

/* Details in words: asprintf() that cannot fail. */
static char *say_format(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

static char *say_format(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	return text;
}

static const char *say_level(unsigned int level)
{
	static const char *const names[] = {
		" (4 KiB)", " (2 MiB)", " (1 GiB)", " (512 GiB)", " (256 TiB)",
	};

	return level < ARRAY_SIZE(names) ? names[level] : "";
}

static char *say_pamt(unsigned int level)
{
	static const char *const names[] = { "4K", "2M", "1G" };

	return level < ARRAY_SIZE(names) ?
	       say_format("%s PAMT", names[level]) :
	       say_format("PAMT level %u", level);
}

static char *say_operand(unsigned int id)
{
	const char *name = lists_operand(id);

	return name ? say_format("operand %s (id %u)", name, id) :
		      say_format("operand id %u, which is not in the list", id);
}

static char *say_msr(unsigned int msr)
{
	const char *remedy, *name = lists_msr(msr, &remedy);

	return say_format("MSR 0x%x%s%s", msr, name ? " " : "",
			  name ? name : "");
}

/* RAX bits 31:0 after VP.ENTER.  Source: SDM 3C, "Basic VM-Exit Information" */
static char *say_exit(u32 reason)
{
	const char *name = lists_exit(reason & 0xffff);

	return say_format("VMX exit reason %u, %s%s%s", reason & 0xffff,
			  name ? name : "not in the list",
			  reason & 1U << 26 ? "; bit 26: a bus lock was detected" : "",
			  reason & 1U << 31 ? "; bit 31: the entry failed, and the guest did not run" : "");
}

/* What bits 31:0 say; NULL where they say nothing. */
static char *say_details(const struct status_entry *e, u32 low,
			 bool has_registers)
{
	unsigned int d0 = low & 0xff, d1 = low >> 8 & 0xff, d2 = low >> 16 & 0xff;
	char *pamt, *text;

	switch (e->details) {
	case TDX_DETAILS_OPERAND:
		return say_operand(low);
	case TDX_DETAILS_MSR:
		return say_msr(low);
	case TDX_DETAILS_PACKAGE:
		return say_format("package %u", low);
	case TDX_DETAILS_CPUID_LEAF:
		return say_format("CPUID leaf 0x%x", low);
	case TDX_DETAILS_LEVEL:
		return say_format("level %u%s", low, say_level(low));
	case TDX_DETAILS_SMRR:
		return say_format("SMRR %u", low);
	case TDX_DETAILS_SMRR_CMR:
		return say_format("SMRR %u, CMR %u", d0, d1);
	case TDX_DETAILS_TDMR:
		return say_format("TDMR %u", d0);
	case TDX_DETAILS_TDMR_LEVEL:
		pamt = say_pamt(d1);
		text = say_format("TDMR %u, its %s", d0, pamt);
		free(pamt);
		return text;
	case TDX_DETAILS_PAMT_OVERLAP:
		pamt = say_pamt(d1);
		text = say_format("%s of TDMR %u, against TDMR %u", pamt, d0, d2);
		free(pamt);
		return text;
	case TDX_DETAILS_TDMR_AREA:
		return say_format("TDMR %u, reserved area %u", d0, d1);
	case TDX_DETAILS_VM_LEVEL:
		return say_format("L2 VM %u, level %u%s", low >> 16,
				  low & 0xffff, say_level(low & 0xffff));
	case TDX_DETAILS_LIMIT:
		return say_format("the limit is %u", low);
	case TDX_DETAILS_CPUID_REGS:
		if (low)
			break;
		return has_registers ? NULL :
		       say_format("in RCX, RDX, R8, R9, R10 of the call: give them as rcx=VALUE");
	case TDX_DETAILS_NONE:
		break;
	}
	return low ? say_format("0x%x, which this status does not define", low) :
		     NULL;
}

static bool say_is_enter(const struct decode_answer *a)
{
	return (a->side == DECODE_SEAMCALL &&
		(a->leaf & TDX_LEAF_NUMBER_MASK) == TDH_VP_ENTER) ||
	       (a->side == DECODE_TDCALL &&
		lists_leaf_named("TDG.VP.ENTER", true)->number ==
		(a->leaf & TDX_LEAF_NUMBER_MASK));
}

/* Does VP.ENTER give a VMX exit reason with it? */
static bool say_ends_guest(const struct status_entry *e)
{
	return e->value == TDX_ST_SUCCESS ||
	       e->value == TDX_ST_PENDING_INTERRUPT ||
	       !strncmp(e->name, "TDX_NON_RECOVERABLE_", 20) ||
	       !strncmp(e->name, "TDX_TD_EXIT_", 12) ||
	       !strncmp(e->name, "TDX_L2_EXIT_", 12);
}

/* VP.ENTER that returned no error, and did not enter. */
static bool say_entry_failed(const struct decode_answer *a)
{
	const struct status_entry *e = status_find(a->status);

	return say_is_enter(a) && (!e || say_ends_guest(e)) &&
	       !(a->status & TDX_STATUS_ERROR) && a->status & 1U << 31;
}

static void say_leaf(const struct decode_answer *a)
{
	unsigned int number = a->leaf & TDX_LEAF_NUMBER_MASK;
	unsigned int version = a->leaf >> 16 & 0xff;
	const struct lists_leaf *l;
	char v[32] = "", retries[LISTS_RETRIES];

	if (a->side == DECODE_NO_LEAF)
		return;
	if (a->side == DECODE_LOADER) {
		out_say("leaf", "leaf", NULL, "%s of the P-SEAMLDR (0x%016llx)",
			number == 0 ? "SEAMLDR.INFO" :
			number == 1 ? "SEAMLDR.INSTALL" : "a function", a->leaf);
		out_value("instruction", json_object_new_string("SEAMCALL"));
		return;
	}
	l = lists_leaf(a->side == DECODE_TDCALL, number);
	if (version)
		snprintf(v, sizeof(v), ", version %u", version);
	if (l)
		out_say("leaf", "leaf", json_object_new_string(l->name),
			"%s (%u, 0x%x)%s", l->name, number, number, v);
	else
		out_say("leaf", NULL, NULL,
			"%u of %s, which this list does not know%s", number,
			a->side == DECODE_TDCALL ? "TDCALL" : "SEAMCALL", v);
	out_value("leaf_number", json_object_new_int(number));
	out_value("leaf_version", json_object_new_int(version));
	out_value("instruction", json_object_new_string(
		  a->side == DECODE_TDCALL ? "TDCALL" : "SEAMCALL"));
	if (!l || a->width || a->err || a->sentence.meaning)
		return;
	lists_retries(l->transient, retries);
	out_say("called again", NULL, NULL, "%s%s",
		*retries ? "by tdx_host, after" : "by nobody", retries);
}

/* A mask of a CPUID register, and what it must be. */
static void say_cpuid_register(const char *name, u32 mask, bool has_want,
			       u32 want)
{
	char *text;

	if (!mask)
		return;
	text = has_want ? say_format("%s & 0x%x must be 0x%x", name, mask, want) :
			  say_format("%s & 0x%x", name, mask);
	out_say("", NULL, NULL, "%s", text);
	out_value(NULL, json_object_new_string(text));
	free(text);
}

static bool say_has(const struct decode_answer *a, enum decode_register r)
{
	return a->registers & 1U << r;
}

/*
 * INCORRECT_CPUID_VALUE and INCONSISTENT_CPUID_FIELD: RCX = leaf |
 * subleaf << 32; RDX, R8 = masks EAX | EBX << 32, ECX | EDX << 32; R9, R10 =
 * what is wanted there.  Source: TDX Module ABI 1.5, TDH.SYS.INIT.
 */
static void say_cpuid(const struct decode_answer *a, bool with_masks)
{
	static const char *const names[] = { "EAX", "EBX", "ECX", "EDX" };
	u32 leaf = a->value[DECODE_RCX];
	u32 subleaf = a->value[DECODE_RCX] >> 32;

	if (!say_has(a, DECODE_RCX))
		return;
	if (subleaf == U32_MAX)
		out_say("cpuid", "cpuid_leaf", NULL, "leaf 0x%x", leaf);
	else
		out_say("cpuid", "cpuid_leaf", NULL, "leaf 0x%x, subleaf 0x%x",
			leaf, subleaf);
	if (!with_masks)
		return;
	out_begin_list("cpuid");
	for (int i = 0; i < 4; i++) {
		enum decode_register mask = i < 2 ? DECODE_RDX : DECODE_R8;
		enum decode_register want = i < 2 ? DECODE_R9 : DECODE_R10;
		int shift = i % 2 * 32;

		if (say_has(a, mask))
			say_cpuid_register(names[i], a->value[mask] >> shift,
					   say_has(a, want),
					   a->value[want] >> shift);
	}
	out_end();
}

static void say_meaning(const char *meaning, const char *remedy)
{
	if (meaning)
		out_say("meaning", "meaning", NULL, "%s", meaning);
	if (remedy && *remedy)
		out_say("remedy", "remedy", NULL, "%s", remedy);
}

static void say_remedy(const struct decode_answer *a,
		       const struct status_entry *e)
{
	bool error = a->status & TDX_STATUS_ERROR;
	const char *remedy = e->remedy;
	struct lists_sentence s;

	if (say_entry_failed(a)) {
		say_meaning("the CPU refused the state of the guest or of the VMM, and the guest did not run",
			    "none at the machine, unless MACHINE_CHECK is the reason: the code that made the call is at fault");
		return;
	}
	if (e->value == TDX_ST_OPERAND_INVALID &&
	    tdx_status_details(a->status) == TDX_OPERAND_CPUID_CONFIG &&
	    lists_cause("CPUID_NOT_CONFIGURABLE", &s)) {
		say_meaning(s.meaning, s.remedy);
		return;
	}
	if (e->details == TDX_DETAILS_MSR)
		lists_msr(tdx_status_details(a->status), &remedy);
	if (!*remedy && error)
		remedy = a->status & TDX_STATUS_NON_RECOVERABLE ?
			 "none at the machine: the code that made the call is at fault" :
			 "none at the machine: the code that made the call has to deal with it";
	say_meaning(e->meaning, remedy);
}

static void say_bits(const struct decode_answer *a)
{
	u64 status = a->status;
	unsigned int class = TDX_STATUS_CLASS(status);
	const char *name = lists_class(class);
	bool error = status & TDX_STATUS_ERROR;
	bool stuck = status & TDX_STATUS_NON_RECOVERABLE;
	bool failed_entry = say_entry_failed(a);

	out_say("class", "class", NULL, "0x%02x, %s", class,
		name ? name : "not in the list");
	out_say("error", "error", json_object_new_boolean(error || failed_entry),
		"%s", error ? "yes (bit 63): the operation was not done" :
		failed_entry ? "yes (bit 31 of VP.ENTER): the guest was not entered" :
		status >> 32 ? "no, a note" : "no");
	if ((error || stuck) && class != TDX_CLASS_SOFTWARE)
		out_say("retry", "retry", json_object_new_boolean(!stuck), "%s",
			stuck ? "no (bit 62): the same call cannot succeed" :
			"the same call may succeed (bit 62 is clear)");
	if (status & TDX_STATUS_FATAL)
		out_say("fatal", "fatal", json_object_new_boolean(true),
			"yes (bit 61): what it worked on is lost for good");
	if (status & TDX_STATUS_HOST_HINT)
		out_say("hint", "hint", json_object_new_boolean(true),
			"bit 60: the host is expected to act before it resumes");
}

static bool say_whole(const struct decode_answer *a)
{
	const struct status_entry *e = status_find(a->status);
	u32 low = tdx_status_details(a->status);
	bool enter = say_is_enter(a);
	char value[19], *details = NULL, *reason;

	snprintf(value, sizeof(value), "0x%016llx", a->status);
	out_say("status", "status", json_object_new_string(value), "%s%s%s%s",
		e ? e->name : "", e ? " (" : "", value, e ? ")" : "");
	if (e)
		out_value("name", json_object_new_string(e->name));
	say_bits(a);

	if (!e)
		details = low ? say_format("0x%x", low) : NULL;
	else if (enter && say_ends_guest(e))
		details = say_exit(low);
	else if (!a->side && low && say_ends_guest(e)) {
		reason = say_exit(low);
		details = say_format("0x%x; if the leaf is VP.ENTER: %s", low,
				     reason);
		free(reason);
	} else if (TDX_STATUS_CLASS(a->status) != TDX_CLASS_SOFTWARE) {
		details = say_details(e, low, say_has(a, DECODE_RCX));
	}
	if (details)
		out_say("details", "details", NULL, "%s", details);
	free(details);
	if (!e) {
		say_meaning("no such status in the TDX module 1.5",
			    "check the digits, or ask a newer tdx-host");
		return false;
	}
	if (e->details == TDX_DETAILS_CPUID_REGS)
		say_cpuid(a, true);
	else if (e->value == TDX_ST_OPERAND_INVALID &&
		 low == TDX_OPERAND_CPUID_CONFIG)
		say_cpuid(a, false);
	say_remedy(a, e);
	if (a->side == DECODE_SEAMCALL &&
	    status_transient(a->leaf, a->status))
		out_say("", "again", json_object_new_boolean(true),
			"tdx_host makes this call again by itself before it gives up");
	return true;
}

static bool say_loader(const struct decode_answer *a)
{
	const char *remedy, *meaning = lists_loader(a->status, &remedy);
	char value[19];

	snprintf(value, sizeof(value), "0x%016llx", a->status);
	out_say("status", "status", NULL, "%s", value);
	if (meaning)
		say_meaning(meaning, remedy);
	else
		say_meaning("the P-SEAMLDR has no such status",
			    "check the digits, or ask a newer tdx-host");
	return meaning;
}

/* What the low half may be, of a status whose name was cut off. */
static char *say_low(const struct decode_answer *a)
{
	const char *remedy;
	char *operand, *msr, *reason, *text;

	reason = say_exit(a->status);
	if (say_is_enter(a))
		return reason;
	operand = lists_operand(a->status) ? say_operand(a->status) : strdup("");
	msr = lists_msr(a->status, &remedy) ? say_msr(a->status) : strdup("");
	text = say_format("details of a status whose name was cut off%s%s%s%s; after VP.ENTER: %s",
			  *operand ? ": " : "", operand,
			  *msr ? *operand ? ", or " : ": " : "", msr, reason);
	free(operand);
	free(msr);
	free(reason);
	return text;
}

/*
 * 32 bits are never shown as success: they may be the upper half, or the lower
 * one of anything.
 */
static bool say_half(const struct decode_answer *a)
{
	const struct status_entry *e = a->status ? status_find(a->status << 32) :
						   NULL;
	char value[11], *low = say_low(a);

	snprintf(value, sizeof(value), "0x%08llx", a->status);
	out_say("status", "status", json_object_new_string(value),
		"%s: 32 of the 64 bits of a status, and either half is possible",
		value);
	out_begin("halves");
	if (e)
		out_say("as bits 63:32", "upper", NULL, "%s (0x%08llx........)",
			e->name, a->status);
	else
		out_say("as bits 63:32", NULL, NULL, "%s",
			a->status ? "no such status" :
			"no error, if it is that half");
	out_say("as bits 31:0", "lower", NULL, "%s", low);
	out_end();
	free(low);
	if (a->sentence.meaning)
		say_meaning(a->sentence.meaning, a->sentence.remedy);
	else if (e)
		say_meaning(e->meaning, *e->remedy ? e->remedy :
			    "look for all 16 digits, and decode them");
	else
		say_meaning(NULL, "look for all 16 digits, and decode them");
	return e || (say_is_enter(a) && lists_exit(a->status & 0xffff));
}

static void say_errno(int err, bool alone)
{
	const struct lists_errno *e = lists_errno(err);

	out_say("errno", "errno", json_object_new_int(err), "%s%s%d%s, %s",
		e ? e->name : "", e ? " (-" : "-", err, e ? ")" : "",
		strerror(err));
	if (e)
		out_value("errno_name", json_object_new_string(e->name));
	if (e && alone)
		say_meaning(e->meaning, e->remedy);
}

/**
 * decode_say() - say what an answer means, as text or JSON
 * @a: what was read out of a line
 * @with_line: the line first, so that people see what is answered
 *
 * Return: false for a status that is not known.
 */
bool decode_say(const struct decode_answer *a, bool with_line)
{
	bool known = true;

	out_begin(NULL);
	out_value("line", json_object_new_string(a->line));
	out_value("times", json_object_new_int(a->times));
	if (with_line)
		out_text(OUT_BOLD, "", a->times > 1 ? "%s (%u times)" : "%s",
			 a->line, a->times);
	say_leaf(a);
	if (a->width == DECODE_HALF)
		known = say_half(a);
	else if (a->width == DECODE_WHOLE)
		known = a->side == DECODE_LOADER ? say_loader(a) : say_whole(a);
	if (a->err)
		say_errno(a->err, !a->width && !a->sentence.meaning);
	if (!a->width && a->sentence.meaning) {
		if (a->sentence.cause)
			out_value("cause", json_object_new_string(
				  a->sentence.cause));
		say_meaning(a->sentence.meaning, a->sentence.remedy);
	}
	out_value("known", json_object_new_boolean(known));
	out_end();
	return known;
}
