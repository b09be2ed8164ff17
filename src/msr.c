// SPDX-License-Identifier: GPL-2.0-only
/* The one place that reads MSRs. */
#include <asm/msr.h>

#include "compat/compat.h"
#include "msr.h"

/**
 * tdx_host_rdmsr() - read an MSR of this CPU
 * @msr: MSR address
 * @val: value, 0 on failure
 *
 * noinline: one function means one place to trace, and to stand in for a CPU
 * that has the MSR.
 *
 * Context: Any; the caller is pinned.
 * Return: 0, or -EIO where the CPU does not have the MSR (#GP).
 */
noinline int tdx_host_rdmsr(u32 msr, u64 *val)
{
	u64 v = 0;
	int err = tdx_compat_rdmsr_safe(msr, &v);

	*val = err ? 0 : v;
	return err ? -EIO : 0;
}
