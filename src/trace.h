/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdx_host:seamcall_enter and tdx_host:seamcall_exit: every SEAMCALL that
 * goes through the module's call path.  Names are copied into the record, so
 * that it can be read after the module has gone.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM tdx_host

#if !defined(TDX_HOST_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define TDX_HOST_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "status.h"

TRACE_EVENT(seamcall_enter,
	TP_PROTO(u64 leaf, const struct tdx_regs *args),
	TP_ARGS(leaf, args),
	TP_STRUCT__entry(
		__array(char, name, 32)
		__field(u64, rcx)
		__field(u64, rdx)
		__field(u64, r8)
		__field(u64, r9)
	),
	TP_fast_assign(
		strscpy(__entry->name, status_leaf_name(leaf), 32);
		__entry->rcx = args->rcx;
		__entry->rdx = args->rdx;
		__entry->r8 = args->r8;
		__entry->r9 = args->r9;
	),
	TP_printk("%s rcx=%#llx rdx=%#llx r8=%#llx r9=%#llx", __entry->name,
		  __entry->rcx, __entry->rdx, __entry->r8, __entry->r9)
);

TRACE_EVENT(seamcall_exit,
	TP_PROTO(u64 leaf, const struct tdx_regs *args, u64 status),
	TP_ARGS(leaf, args, status),
	TP_STRUCT__entry(
		__array(char, name, 32)
		__array(char, what, 40)
		__field(u64, status)
		__field(u64, rcx)
		__field(u64, rdx)
		__field(u64, r8)
	),
	TP_fast_assign(
		strscpy(__entry->name, status_leaf_name(leaf), 32);
		strscpy(__entry->what, status_name(status), 40);
		__entry->status = status;
		__entry->rcx = args->rcx;
		__entry->rdx = args->rdx;
		__entry->r8 = args->r8;
	),
	TP_printk("%s -> %s (%#018llx) rcx=%#llx rdx=%#llx r8=%#llx",
		  __entry->name, __entry->what, __entry->status,
		  __entry->rcx, __entry->rdx, __entry->r8)
);

#endif /* TDX_HOST_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
