/* SPDX-License-Identifier: GPL-2.0-only */
/* What tdx_guest_call exports. */
#include "test_call.inc"

	.text

test_call module, tdx_guest_module_call
test_call module_saved, tdx_guest_module_call_saved
test_call hypercall, tdx_guest_hypercall
test_call hypercall_saved, tdx_guest_hypercall_saved
