// SPDX-License-Identifier: GPL-2.0-only
/*
 * src/seamcall.c once more, with its tracepoints on: the kernel patches its
 * text, which a process may not be allowed to.  Built with BENCH_TRACED.
 */
#define seamcall_retry		traced_retry
#define seamcall_retry_log	traced_retry_log
#define seamcall_stop		traced_stop
#define seamcall_left_vcpu	traced_left_vcpu
#define seamcall_once		traced_once
#define seamcall_hot		traced_hot
#define seamcall_insist		traced_insist
#define seamcall_stopped	traced_stopped
#define tdx_host_call		traced_call
#define tdx_host_call_once	traced_call_once

#include "seamcall.c"
