/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs: which of them can make SEAMCALLs, and whether all of them have to. */
#ifndef TDX_HOST_CPU_H
#define TDX_HOST_CPU_H

#include <linux/types.h>

/**
 * tdx_host_cpu_enable() - initialise the TDX module for the calling CPU
 *
 * TDH.SYS.INIT if nobody has done it yet, then TDH.SYS.LP.INIT unless this CPU
 * has had it.  A VMM calls this on each CPU that it takes into VMX operation.
 * A transient failure is retried for about 2 ms, and not remembered.
 *
 * Context: Any, interrupts on or off; the caller is pinned to its CPU.  Does
 *	    not sleep.
 * Return: 0; -ENODEV when this machine is not a TDX host, TDX is disabled, no
 *	   TDX module is loaded or VMX cannot be used; -EAGAIN when the TDX
 *	   module stayed busy or without entropy; -ESHUTDOWN when the machine
 *	   is going down; -EINVAL or -EIO when the TDX module refuses this CPU.
 */
int tdx_host_cpu_enable(void);

/**
 * tdx_host_cpu_ready() - can this CPU make SEAMCALLs?
 * @cpu: CPU number
 *
 * Context: Any; the answer may be old unless CPUs are kept from coming and
 *	    going.
 * Return: true for a CPU that is online and has had TDH.SYS.LP.INIT.
 */
bool tdx_host_cpu_ready(unsigned int cpu);

/**
 * tdx_host_require_all_cpus() - keep CPUs offline that TDX cannot use
 *
 * For a consumer whose VCPUs may run anywhere.  A CPU that is online already
 * stays online.  Each call is undone by one of tdx_host_release_all_cpus().
 *
 * Context: Any.
 */
void tdx_host_require_all_cpus(void);

/**
 * tdx_host_release_all_cpus() - undo one tdx_host_require_all_cpus()
 *
 * Context: Any.
 */
void tdx_host_release_all_cpus(void);

#endif /* TDX_HOST_CPU_H */
