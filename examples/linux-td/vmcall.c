// SPDX-License-Identifier: GPL-2.0-only
/*
 * What Linux wants of its VMM.
 * Source: Guest-Host Communication Interface for Intel TDX 1.5,
 * "TDG.VP.VMCALL Interface".
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "linux_td.h"

/* R10 is 0 for these, R11 says which; R10 is the answer. */
#define VMCALL_CPUID		10
#define VMCALL_HLT		12
#define VMCALL_IO		30
#define VMCALL_RDMSR		31
#define VMCALL_WRMSR		32
#define VMCALL_WBINVD		54
#define VMCALL_GET_INFO		0x10000
#define VMCALL_MAP_GPA		0x10001
#define VMCALL_FATAL_ERROR	0x10003
#define VMCALL_SETUP_NOTIFY	0x10004
#define VMCALL_SUCCESS		0
#define VMCALL_INVALID_OPERAND	0x8000000000000000ULL
#define VMCALL_UNSUPPORTED	0x8000000000000003ULL

/* R12 of VMCALL_HLT: interrupts are blocked, so that nothing wakes it up. */
#define HLT_BLOCKED		BIT_ULL(0)

#define VCPU_STATE_DETAILS	0x9120000300000100ULL
#define DETAILS_PENDING		BIT_ULL(0)

/* A halted VCPU looks around that often, which HLT allows. */
#define HALT_JIFFIES		DIV_ROUND_UP(HZ, 50)

static u64 vmcall_io(struct tdx_regs *args)
{
	/* R12 size, R13 1 to write, R14 port, R15 value */
	if (args->r13 == 1)
		linux_td_io_write(args->r14, args->r12, args->r15);
	else
		args->r11 = linux_td_io_read(args->r14, args->r12);
	return VMCALL_SUCCESS;
}

/* What the TDX module has taken over from the descriptor by now. */
static int vmcall_pending(struct linux_td_vcpu *v, bool *is)
{
	u64 value, status = tdx_host_vp_rd(v->vp, VCPU_STATE_DETAILS, &value);

	if (!tdx_status_ok(status))
		return consumer_failed(&v->t->c, TDH_VP_RD, status);
	*is = value & DETAILS_PENDING;
	return 0;
}

static int vmcall_halt(struct linux_td_vcpu *v, struct tdx_regs *args)
{
	bool now;
	int ret;

	if (args->r12 & HLT_BLOCKED) {
		linux_td_say("VCPU %u halts for good", v->nr);
		/* It is the last one that Linux halts. */
		if (!v->nr)
			linux_td_stop(v->t);
		wait_event_interruptible(v->wait, READ_ONCE(v->nmi) ||
					 READ_ONCE(v->t->over));
		return 0;
	}
	ret = vmcall_pending(v, &now);
	if (!ret && !now)
		wait_event_interruptible_timeout(v->wait,
						 linux_td_apic_wants(v),
						 HALT_JIFFIES);
	return ret;
}

static int vmcall_fatal_error(struct linux_td_vcpu *v,
			      const struct tdx_regs *args)
{
	const u64 text[8] = { args->r14, args->r15, args->rbx, args->rdi,
			      args->rsi, args->r8, args->r9, args->rdx };

	linux_td_console_flush();
	pr_err("linux_td: VCPU %u: fatal error 0x%llx: %.64s\n", v->nr,
	       args->r12, (const char *)text);
	return -EIO;
}

static int vmcall_dispatch(struct linux_td_vcpu *v, struct tdx_regs *args)
{
	u64 value = 0;
	int ret = 0;

	switch (args->r11) {
	case VMCALL_CPUID:
		/* We say nothing of ourselves. */
		args->r12 = args->r13 = args->r14 = args->r15 = 0;
		break;
	case VMCALL_HLT:
		ret = vmcall_halt(v, args);
		break;
	case VMCALL_IO:
		args->r10 = vmcall_io(args);
		return 0;
	case VMCALL_RDMSR:
		if (!linux_td_rdmsr(v, args->r12, &value))
			args->r10 = VMCALL_INVALID_OPERAND;
		args->r11 = value;
		return 0;
	case VMCALL_WRMSR:
		if (!linux_td_wrmsr(v, args->r12, args->r13))
			args->r10 = VMCALL_INVALID_OPERAND;
		return 0;
	case VMCALL_WBINVD:
	case VMCALL_SETUP_NOTIFY:	/* no event comes */
		break;
	case VMCALL_GET_INFO:
		args->r11 = args->r12 = args->r13 = args->r14 = 0;
		return 0;
	case VMCALL_MAP_GPA:
		args->r10 = linux_td_map_gpa(v->t, args->r12, args->r13, &ret);
		break;
	case VMCALL_FATAL_ERROR:
		return vmcall_fatal_error(v, args);
	default:
		args->r10 = VMCALL_UNSUPPORTED;
	}
	args->r11 = 0;
	return ret;
}

/* @args: in: registers as the guest shows them; out: what it gets back */
int linux_td_vmcall(struct linux_td_vcpu *v, struct tdx_regs *args)
{
	if (args->r10) {
		args->r10 = VMCALL_INVALID_OPERAND;
		return 0;
	}
	return vmcall_dispatch(v, args);
}
