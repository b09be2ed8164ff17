/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdx_host:seamcall_enter and tdx_host:seamcall_exit: every SEAMCALL that
 * goes through the module's call path.  Names are copied into the record, so
 * that it can be read after the module has gone; numbers are there for filters
 * and histograms.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM tdx_host

#if !defined(TDX_HOST_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define TDX_HOST_TRACE_H

#include <linux/ktime.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/tracepoint.h>
#include <tdx/regs.h>

#include "status.h"

TRACE_EVENT(seamcall_enter,
	TP_PROTO(u64 leaf, const struct tdx_regs *args),
	TP_ARGS(leaf, args),
	TP_STRUCT__entry(
		__array(char, name, 32)
		__field(u64, leaf)
		__field(u64, rcx)
		__field(u64, rdx)
		__field(u64, r8)
		__field(u64, r9)
		__field(u32, cpu)
	),
	TP_fast_assign(
		strscpy(__entry->name, status_leaf_name(leaf), 32);
		__entry->leaf = leaf & TDX_LEAF_NUMBER_MASK;
		__entry->rcx = args->rcx;
		__entry->rdx = args->rdx;
		__entry->r8 = args->r8;
		__entry->r9 = args->r9;
		__entry->cpu = smp_processor_id();
	),
	TP_printk("%s leaf=%llu cpu=%u rcx=%#llx rdx=%#llx r8=%#llx r9=%#llx",
		  __entry->name, __entry->leaf, __entry->cpu, __entry->rcx,
		  __entry->rdx, __entry->r8, __entry->r9)
);

/*
 * start: ktime_get_mono_fast_ns() before the call, or 0 where it was not read;
 * the VMX window is in the time if the call has one of its own.
 */
TRACE_EVENT(seamcall_exit,
	TP_PROTO(u64 leaf, const struct tdx_regs *args, u64 status, u64 start),
	TP_ARGS(leaf, args, status, start),
	TP_STRUCT__entry(
		__array(char, name, 32)
		__array(char, what, 40)
		__field(u64, leaf)
		__field(u64, status)
		__field(u64, ns)
		__field(u64, rcx)
		__field(u64, rdx)
		__field(u64, r8)
		__field(u32, cpu)
	),
	TP_fast_assign(
		strscpy(__entry->name, status_leaf_name(leaf), 32);
		strscpy(__entry->what, status_name(status), 40);
		__entry->leaf = leaf & TDX_LEAF_NUMBER_MASK;
		__entry->status = status;
		__entry->ns = start ? ktime_get_mono_fast_ns() - start : 0;
		__entry->rcx = args->rcx;
		__entry->rdx = args->rdx;
		__entry->r8 = args->r8;
		__entry->cpu = smp_processor_id();
	),
	TP_printk("%s leaf=%llu cpu=%u ns=%llu -> %s (%#018llx) rcx=%#llx rdx=%#llx r8=%#llx",
		  __entry->name, __entry->leaf, __entry->cpu, __entry->ns,
		  __entry->what, __entry->status, __entry->rcx, __entry->rdx,
		  __entry->r8)
);

#endif /* TDX_HOST_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
