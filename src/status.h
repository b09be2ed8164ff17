/* SPDX-License-Identifier: GPL-2.0-only */
/* Statuses and leaves as people read them. */
#ifndef TDX_HOST_SRC_STATUS_H
#define TDX_HOST_SRC_STATUS_H

#include <tdx_host/error.h>
#include <tdx/leaf.h>
#include <tdx_host/seamcall.h>
#include <tdx/status.h>

const char *status_leaf_name(u64 leaf);
unsigned int status_leaf_transient(u64 leaf);
const char *status_name(u64 status);
bool status_transient(u64 leaf, u64 status);

#endif /* TDX_HOST_SRC_STATUS_H */
