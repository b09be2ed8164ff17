/* SPDX-License-Identifier: GPL-2.0-only */
/* What status.def, leaves.def and operands.def know, to look up. */
#ifndef TDX_HOST_SRC_STATUS_H
#define TDX_HOST_SRC_STATUS_H

#include <linux/types.h>
#include <tdx/leaf.h>
#include <tdx/status.h>

/**
 * struct status_entry - a line of status.def
 * @value: the status with its details zero
 * @details: what bits 31:0 carry
 * @name: name, as the specification prints it
 * @meaning: one clause
 * @remedy: one clause for the person at the machine; may be empty
 */
struct status_entry {
	u64 value;
	enum tdx_details details;
	const char *name;
	const char *meaning;
	const char *remedy;
};

/* What is set in no success: ERROR, its companions, bits 59:48 (reserved). */
#define STATUS_NOT_DONE		0xffff000000000000ULL

/**
 * status_done() - did a leaf of TDH.SYS do what it was asked to?
 * @status: completion status
 *
 * Stricter than tdx_status_ok(): what is neither a success nor an error by the
 * specification is not gone by.  The leaves of TDH.SYS have no status with
 * NON_RECOVERABLE or FATAL and without ERROR.
 *
 * Context: Any.
 * Return: true for success, and for notes.
 */
static inline bool status_done(u64 status)
{
	return !(status & STATUS_NOT_DONE);
}

const struct status_entry *status_find(u64 status);
const char *status_name(u64 status);
unsigned int status_transient(u64 leaf, u64 status);
const char *status_leaf_name(u64 leaf);
unsigned int status_leaf_transient(u64 leaf);
const char *status_operand_name(u32 id);

#endif /* TDX_HOST_SRC_STATUS_H */
