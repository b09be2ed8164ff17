// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names, meaning and remedy of every leaf and status, and which of them are
 * worth another try: the lists of include/tdx, expanded.
 */
#include <linux/kernel.h>

#include "status.h"

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

/**
 * status_find() - what is known about a status
 * @status: whole; its details do not matter
 *
 * Context: Any.
 * Return: its entry; NULL for a status that is not in the list.
 */
const struct status_entry *status_find(u64 status)
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

/**
 * status_operand_name() - an operand as people read it
 * @id: operand id, from the details of a status
 *
 * Context: Any.
 * Return: its name; never NULL.
 */
const char *status_operand_name(u32 id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(status_operands); i++)
		if (status_operands[i].id == id)
			return status_operands[i].name;
	return "an unknown operand";
}

/**
 * status_leaf_name() - a leaf as the specification prints it
 * @leaf: RAX, whole
 *
 * Context: Any.
 * Return: its name ("TDH.SYS.INIT"); never NULL.
 */
const char *status_leaf_name(u64 leaf)
{
	const struct status_leaf_entry *e = status_find_leaf(leaf);

	return e ? e->name : "unknown leaf";
}

/**
 * status_leaf_transient() - what the retry table says about a leaf
 * @leaf: RAX, whole
 *
 * Context: Any.
 * Return: TDX_RETRY_*, or'ed; 0 for a leaf that is not in the table.
 */
unsigned int status_leaf_transient(u64 leaf)
{
	const struct status_leaf_entry *e = status_find_leaf(leaf);

	return e ? e->transient : 0;
}

/**
 * status_name() - a status as the specification prints it
 * @status: whole; its details do not matter
 *
 * Context: Any.
 * Return: its name ("TDX_SYS_BUSY"); never NULL.
 */
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
 * Return: the TDX_RETRY_* by which the retry table says so for this leaf, or 0.
 */
unsigned int status_transient(u64 leaf, u64 status)
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
	/* Somebody else began anew in between: so can this call. */
	case TDX_ST_WBCACHE_RESUME_ERROR:
		bit = TDX_RETRY_RESUME_RCX;
		break;
	case TDX_ST_INTERRUPTED_RESUMABLE:
		bit = TDX_RETRY_RESUMABLE;
		break;
	case TDX_ST_INTERRUPTED_RESTARTABLE:
		bit = TDX_RETRY_RESTARTABLE;
		break;
	default:
		return 0;
	}
	return status_leaf_transient(leaf) & bit;
}
