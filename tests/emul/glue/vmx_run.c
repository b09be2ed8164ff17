// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest runs until it exits, and the model says what comes of that.
 * Source: SDM 3C, "VM Exits", "VMX Basic Exit Reasons"; TDX Module Base spec,
 * "CPU Virtualization".
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bug.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/apicdef.h>
#include <asm/vmx.h>

#include "emul.h"
#include "engine.h"

#define ENTRY_FAILED	BIT(31)
#define EVENT_VALID	BIT(31)
#define EVENT_ERROR	BIT(11)
#define EVENT_VECTOR	0xff
#define EVENT_TYPE(info)	((info) >> 8 & 7)

#define BLOCKED_BY_STI_OR_SS	3ULL
#define BLOCKED_BY_NMI		BIT(3)

/* Exit qualification of an EPT violation. */
#define VIOLATION_ACCESS	7
#define VIOLATION_UNBLOCKED_NMI	BIT(12)

#define XCR0_X87		BIT_ULL(0)
#define XCR0_SSE		BIT_ULL(1)
#define XCR0_AVX		BIT_ULL(2)
#define XCR0_AVX512		(7ULL << 5)

static u32 *vapic_tpr(const struct vmx_vcpu *vcpu)
{
	return phys_to_virt(vcpu->vapic + APIC_TASKPRI);
}

/* What has to wait for the guest makes it exit once it can be. */
static void await_windows(unsigned int windows)
{
	u64 old = vmcs_read(CPU_BASED_VM_EXEC_CONTROL);
	u64 new = old & ~(u64)(CPU_BASED_INTR_WINDOW_EXITING |
			       CPU_BASED_NMI_WINDOW_EXITING);

	if (windows & MODEL_WINDOW_INTERRUPT)
		new |= CPU_BASED_INTR_WINDOW_EXITING;
	if (windows & MODEL_WINDOW_NMI)
		new |= CPU_BASED_NMI_WINDOW_EXITING;
	if (new != old)
		vmcs_write(CPU_BASED_VM_EXEC_CONTROL, new);
}

/*
 * The guest's interrupts are delivered as events: virtual-interrupt delivery is
 * not had everywhere, and not right in Bochs.  CR8 is TPR in the virtual APIC
 * page; all else of the APIC ends in exits.
 */
static void choose_event(struct model_guest *g)
{
	u64 info = vmcs_read(GUEST_INTERRUPTIBILITY_INFO);
	struct vmx_vcpu *vcpu = g->v->hw;

	await_windows(model_apic_inject(g, info & BLOCKED_BY_STI_OR_SS,
					info & BLOCKED_BY_NMI));
	*vapic_tpr(vcpu) = g->v->tpr;
	vmcs_write(TPR_THRESHOLD, model_apic_threshold(g->v));
}

/* The event that the model has for the guest, or that an exit has stopped. */
static void put_event(const struct model_vcpu *v)
{
	const struct vmx_vcpu *vcpu = v->hw;
	u32 info;

	if (!v->event)
		return;
	info = EVENT_VALID | v->event_type << 8 | v->vector;
	if (v->event_type == MODEL_EVENT_EXCEPTION &&
	    model_x86_has_error_code(v->vector)) {
		info |= EVENT_ERROR;
		vmcs_write(VM_ENTRY_EXCEPTION_ERROR_CODE, v->error);
	}
	vmcs_write(VM_ENTRY_INSTRUCTION_LEN, vcpu->event_length);
	vmcs_write(VM_ENTRY_INTR_INFO_FIELD, info);
	vmcs_write(GUEST_INTERRUPTIBILITY_INFO,
		   vmcs_read(GUEST_INTERRUPTIBILITY_INFO) &
		   ~BLOCKED_BY_STI_OR_SS);
}

/* Which of these the exit came in the midst of. */
static void take_event(struct model_vcpu *v)
{
	struct vmx_vcpu *vcpu = v->hw;
	u32 info = vmcs_read(IDT_VECTORING_INFO_FIELD);

	v->event = info & EVENT_VALID;
	if (!v->event)
		return;
	v->vector = info & EVENT_VECTOR;
	v->event_type = EVENT_TYPE(info);
	v->error = info & EVENT_ERROR ? vmcs_read(IDT_VECTORING_ERROR_CODE) : 0;
	vcpu->event_length = vmcs_read(VM_EXIT_INSTRUCTION_LEN);
	/* Its delivery would have blocked others; it begins anew. */
	if (v->event_type == MODEL_EVENT_NMI)
		vmcs_write(GUEST_INTERRUPTIBILITY_INFO,
			   vmcs_read(GUEST_INTERRUPTIBILITY_INFO) &
			   ~(u64)BLOCKED_BY_NMI);
}

/* The instruction is done. */
static void skip(struct model_vcpu *v, unsigned int length)
{
	v->cpu.rip += length;
	if (!v->cpu.code64)
		v->cpu.rip = (u32)v->cpu.rip;
	vmcs_write(GUEST_INTERRUPTIBILITY_INFO,
		   vmcs_read(GUEST_INTERRUPTIBILITY_INFO) &
		   ~BLOCKED_BY_STI_OR_SS);
}

/* TDCALL is an undefined instruction to this CPU. */
static enum model_step on_undefined(struct model_guest *g)
{
	static const u8 tdcall[] = { 0x66, 0x0f, 0x01, 0xcc };
	struct model_cpu *c = &g->v->cpu;
	unsigned int n = 0, more = 0;
	enum model_step step;
	u8 code[sizeof(tdcall)];

	step = model_x86_fetch(g, c->cs_base + c->rip, code, sizeof(code), &n);
	if (step != MODEL_STEP_NEXT)
		return step;
	/* The next page is none of it unless the instruction may go on there. */
	if (n < sizeof(code) && !memcmp(code, tdcall, n))
		step = model_x86_fetch(g, c->cs_base + c->rip + n, code + n,
				       sizeof(code) - n, &more);
	if (step != MODEL_STEP_NEXT)
		return step;
	if (n + more < sizeof(code) || memcmp(code, tdcall, sizeof(code)))
		return model_x86_raise(g, X86_UD, 0);
	step = model_guest_tdcall(g);
	/* The exit of TDG.VP.VMCALL is not begun again. */
	if (step == MODEL_STEP_NEXT ||
	    (step == MODEL_STEP_EXIT && g->e->reason == MODEL_EXIT_TDCALL))
		skip(g->v, sizeof(code));
	return step;
}

static enum model_step on_exception(struct model_guest *g)
{
	u32 info = vmcs_read(VM_EXIT_INTR_INFO);

	if (EVENT_TYPE(info) == MODEL_EVENT_NMI) {
		g->e->reason = MODEL_EXIT_EXCEPTION_NMI;
		g->e->interruption = info;
		return MODEL_STEP_EXIT;
	}
	if ((info & EVENT_VECTOR) == X86_UD)
		return on_undefined(g);
	return MODEL_STEP_UNKNOWN;
}

static enum model_step on_violation(struct model_guest *g)
{
	u64 qualification = vmcs_read(EXIT_QUALIFICATION);
	struct model_access a = {
		.gla = vmcs_read(GUEST_LINEAR_ADDRESS),
		.gpa = vmcs_read(GUEST_PHYSICAL_ADDRESS),
		.access = qualification & VIOLATION_ACCESS,
		.walk = !(qualification & MODEL_EQ_NOT_PAGE_WALK),
	};

	/* IRET has unblocked NMIs, and is executed again. */
	if (!g->v->event && qualification & VIOLATION_UNBLOCKED_NMI)
		vmcs_write(GUEST_INTERRUPTIBILITY_INFO,
			   vmcs_read(GUEST_INTERRUPTIBILITY_INFO) |
			   BLOCKED_BY_NMI);
	return emul_ept_violation(g, &a);
}

/* Only of what the TDX module keeps there is an exit: MOV to CR0 and CR4. */
static enum model_step on_control_register(struct model_guest *g, u32 length)
{
	u64 q = vmcs_read(EXIT_QUALIFICATION);
	unsigned int reg = q >> 8 & 15, number = q & 15, type = q >> 4 & 3;
	u64 value = g->v->cpu.gpr[reg];

	if (type || (number && number != 4))
		return MODEL_STEP_UNKNOWN;
	return model_virt_write_cr(g, number, reg,
				   g->v->cpu.code64 ? value : (u32)value,
				   length);
}

/* XSETBV: what XFAM has, in combinations that the CPU takes. */
static enum model_step on_xsetbv(struct model_guest *g)
{
	const u64 *r = g->v->cpu.gpr;
	u64 value = (u32)r[GPR_RAX] | r[GPR_RDX] << 32;
	u64 have = emul_host_xfeatures(g->td);
	bool avx512 = value & XCR0_AVX512;

	if ((u32)r[GPR_RCX] || value & ~have || !(value & XCR0_X87) ||
	    (value & XCR0_AVX && !(value & XCR0_SSE)) ||
	    (avx512 && ((value & XCR0_AVX512) != XCR0_AVX512 ||
			!(value & XCR0_AVX))))
		return model_x86_raise(g, X86_GP, 0);
	emul_host_set_xcr0(g->v->hw, value);
	return MODEL_STEP_NEXT;
}

static enum model_step on_instruction(struct model_guest *g, u32 reason)
{
	u32 length = vmcs_read(VM_EXIT_INSTRUCTION_LEN);
	enum model_step step;

	switch (reason) {
	case MODEL_EXIT_CPUID:
		step = model_virt_cpuid(g, length);
		break;
	case MODEL_EXIT_RDMSR:
		step = model_virt_rdmsr(g, length);
		break;
	case MODEL_EXIT_WRMSR:
		step = model_virt_wrmsr(g, length);
		break;
	case MODEL_EXIT_CR_ACCESS:
		step = on_control_register(g, length);
		break;
	case MODEL_EXIT_XSETBV:
		step = on_xsetbv(g);
		break;
	case MODEL_EXIT_HLT:
	case MODEL_EXIT_INVD:
	case MODEL_EXIT_VMCALL:
	case MODEL_EXIT_WBINVD:
		return model_virt_ve(g, length, reason, 0);
	case MODEL_EXIT_MWAIT:
	case MODEL_EXIT_MONITOR:
		/* Not in the CPUID of any TD here. */
		return model_x86_raise(g, X86_UD, 0);
	case MODEL_EXIT_RDPMC:
		return model_x86_raise(g, X86_GP, 0);
	case MODEL_EXIT_IO:
		return model_virt_ve(g, length, reason,
				     (u32)vmcs_read(EXIT_QUALIFICATION));
	default:
		return MODEL_STEP_UNKNOWN;
	}
	if (step == MODEL_STEP_NEXT)
		skip(g->v, length);
	return step;
}

static enum model_step on_exit(struct model_guest *g, u32 reason)
{
	switch (reason) {
	case MODEL_EXIT_EXCEPTION_NMI:
		return on_exception(g);
	case MODEL_EXIT_INTERRUPT:
	case EXIT_REASON_PREEMPTION_TIMER:
		g->e->reason = MODEL_EXIT_INTERRUPT;
		return MODEL_STEP_EXIT;
	case MODEL_EXIT_INTERRUPT_WINDOW:
	case MODEL_EXIT_NMI_WINDOW:
	case MODEL_EXIT_TPR_BELOW:
		return MODEL_STEP_NEXT;
	case MODEL_EXIT_TRIPLE_FAULT:
		return MODEL_STEP_SHUTDOWN;
	case MODEL_EXIT_EPT_VIOLATION:
		return on_violation(g);
	default:
		return on_instruction(g, reason);
	}
}

static void tell_unknown(const struct model_guest *g, u32 reason)
{
	pr_err("guest: exit for reason %u, qualification 0x%llx, at RIP 0x%llx is unknown\n",
	       reason, vmcs_read(EXIT_QUALIFICATION), g->v->cpu.rip);
}

/* VMLAUNCH and VMRESUME, or the first checks of them, have failed. */
static enum model_step refused(const struct model_guest *g)
{
	pr_err("guest: VM entry failed, VM-instruction error %llu\n",
	       vmcs_read(VM_INSTRUCTION_ERROR));
	return MODEL_STEP_UNKNOWN;
}

enum model_step emul_guest_step(struct model_guest *g)
{
	struct model_vcpu *v = g->v;
	struct vmx_vcpu *vcpu = v->hw;
	enum model_step step;
	bool delivering;
	u8 vector;
	u32 reason;

	emul_vmcs_load(v);
	choose_event(g);
	put_event(v);
	if (emul_guest_enter(v->cpu.gpr, vcpu->launched))
		return refused(g);
	vcpu->launched = true;
	reason = vmcs_read(VM_EXIT_REASON);
	if (reason & ENTRY_FAILED) {
		tell_unknown(g, reason);
		return MODEL_STEP_UNKNOWN;
	}
	emul_vmcs_save(v);
	v->tpr = *vapic_tpr(vcpu);
	take_event(v);
	delivering = v->event && v->event_type == MODEL_EVENT_EXCEPTION;
	vector = v->vector;
	step = on_exit(g, reason & 0xffff);
	if (step == MODEL_STEP_UNKNOWN)
		tell_unknown(g, reason);
	if (step == MODEL_STEP_EXCEPTION && delivering)
		return model_x86_double_fault(g, vector);
	return step;
}
