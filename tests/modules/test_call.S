/* SPDX-License-Identifier: GPL-2.0-only */
/* The three SEAMCALL shapes. */
#include "test_call.inc"

	.text

test_call thin, tdx_host_seamcall
test_call ret, tdx_host_seamcall_ret
test_call saved, tdx_host_seamcall_saved_ret
