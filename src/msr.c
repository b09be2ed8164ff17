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
 * The name is known outside of the module: the emulator answers at the entry
 * of this function for a CPU that has the MSR.  noinline, so that there is one
 * entry.
 *
 * Context: Any; the caller is pinned.
 * Return: 0, or -EIO where the CPU does not have the MSR (#GP).
 */
noinline int tdx_host_rdmsr(u32 msr, u64 *val)
{
	u64 v = 0;
	int err;

	err = tdx_compat_rdmsr_safe(msr, &v);
	*val = err ? 0 : v;
	return err ? -EIO : 0;
}
