/* SPDX-License-Identifier: GPL-2.0-only */
/* A completion status as an errno, and in words. */
#ifndef TDX_HOST_ERROR_H
#define TDX_HOST_ERROR_H

#include <linux/types.h>
#include <tdx_host/seamcall.h>

/**
 * tdx_host_status_errno() - a completion status as an errno
 * @leaf: the leaf that was called, TDH_*
 * @status: what it returned
 *
 * Context: Any.
 * Return: 0 for success and for notes; -EAGAIN where a later call may
 *	   succeed; -ENODEV without a TDX module or VMX; -EBUSY when a package
 *	   has no CPU online; -ESHUTDOWN when the machine is going down;
 *	   -EINVAL for an operand that was refused; -EIO otherwise.
 */
int tdx_host_status_errno(__u64 leaf, __u64 status);

/**
 * tdx_host_explain() - one sentence about a SEAMCALL that failed
 * @buf: filled in
 * @len: size of @buf, bytes; 512 are enough for every sentence
 * @leaf: the leaf that was called, TDH_*
 * @status: what it returned
 * @cpu: CPU that made the call, or -1 if that does not matter
 * @out: output registers, for statuses that explain themselves there; or NULL.
 *	 With what tdx_host_mng_init() gave for *@error as RCX, a CPUID leaf
 *	 that was refused is named
 *
 * It has, in this order: the leaf, the CPU, the status with its operand, what
 * that means, what to do about it; and the numbers last.
 *
 * Context: Any.
 * Return: length of the sentence without the final NUL.
 */
int tdx_host_explain(char *buf, size_t len, __u64 leaf, __u64 status, int cpu,
		     const struct tdx_regs *out);

/**
 * tdx_host_last_error() - what sysfs has in last_error
 * @buf: filled in
 * @len: size of @buf, bytes; 512 are enough for every sentence
 *
 * For a consumer that has to say in its own name why there is no TDX, as after
 * tdx_host_enable().
 *
 * Context: Any.
 * Return: length of the sentence, cut to fit, without the final NUL; 0 when
 *	   there is no error.
 */
size_t tdx_host_last_error(char *buf, size_t len);

#endif /* TDX_HOST_ERROR_H */
