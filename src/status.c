// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names, classes, meaning and remedy of every leaf and status, expanded from
 * the lists in include/tdx_host.
 */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "compat/compat.h"
#include "status.h"

struct status_entry {
	u64 value;
	enum tdx_details details;
	const char *name;
	const char *meaning;
	const char *remedy;
};

static const struct status_entry status_entries[] = {
#define TDX_STATUS(name, value, details, meaning, remedy) \
	{ (value), TDX_DETAILS_##details, "TDX_" #name, meaning, remedy },
#include <tdx/status.def>
};

struct status_leaf_entry {
	u16 number;
	u16 transient;
	const char *name;
};

static const struct status_leaf_entry status_leaves[] = {
#define TDX_LEAF(name, number, text, transient) \
	{ (number), (transient), text },
#include <tdx/leaves.def>
};

struct status_operand_entry {
	u8 id;
	const char *name;
};

static const struct status_operand_entry status_operands[] = {
#define TDX_OPERAND(name, id, text) { (id), text },
#include <tdx/operands.def>
};

static const struct status_entry *status_find(u64 status)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(status_entries); i++)
		if (tdx_status_is(status, status_entries[i].value))
			return &status_entries[i];
	return NULL;
}

static const struct status_leaf_entry *status_find_leaf(u64 leaf)
{
	size_t i;

	if (leaf & TDX_LEAF_SEAMLDR)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(status_leaves); i++)
		if (status_leaves[i].number == (leaf & TDX_LEAF_NUMBER_MASK))
			return &status_leaves[i];
	return NULL;
}

static const char *status_operand_name(u32 id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(status_operands); i++)
		if (status_operands[i].id == id)
			return status_operands[i].name;
	return "an unknown operand";
}

/* Name of a leaf ("TDH.SYS.INIT"); never NULL. */
const char *status_leaf_name(u64 leaf)
{
	const struct status_leaf_entry *e = status_find_leaf(leaf);

	return e ? e->name : "unknown leaf";
}

/* The TDX_RETRY_* of a leaf; 0 for a leaf that is not in the table. */
unsigned int status_leaf_transient(u64 leaf)
{
	const struct status_leaf_entry *e = status_find_leaf(leaf);

	return e ? e->transient : 0;
}

/* Name of a status ("TDX_SYS_BUSY"); never NULL. */
const char *status_name(u64 status)
{
	const struct status_entry *e = status_find(status);

	return e ? e->name : "unknown status";
}

/**
 * status_transient() - may the same call succeed if made again?
 * @leaf: the leaf that was called
 * @status: what it returned
 *
 * Context: Any.
 * Return: true if the retry table says so for this leaf.
 */
bool status_transient(u64 leaf, u64 status)
{
	unsigned int bit;

	switch (status & TDX_STATUS_NAME_MASK) {
	case TDX_ST_SYS_BUSY:
		bit = TDX_RETRY_SYS_BUSY;
		break;
	case TDX_ST_RND_NO_ENTROPY:
		bit = TDX_RETRY_NO_ENTROPY;
		break;
	case TDX_ST_KEY_GENERATION_FAILED:
		bit = TDX_RETRY_KEY_GENERATION;
		break;
	case TDX_ST_OPERAND_BUSY:
		bit = TDX_RETRY_OPERAND_BUSY;
		break;
	case TDX_ST_INTERRUPTED_RESUMABLE:
		bit = TDX_RETRY_RESUMABLE;
		break;
	case TDX_ST_INTERRUPTED_RESTARTABLE:
		bit = TDX_RETRY_RESTARTABLE;
		break;
	default:
		return false;
	}
	return status_leaf_transient(leaf) & bit;
}

int tdx_host_status_errno(u64 leaf, u64 status)
{
	if (tdx_status_ok(status))
		return 0;
	if (tdx_status_is(status, TDX_ST_GOING_DOWN))
		return -ESHUTDOWN;
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

static int explain_details(char *buf, size_t len, enum tdx_details kind,
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
	if (e) {
		n += explain_details(buf + n, len - n, e->details,
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
