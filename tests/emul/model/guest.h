/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest behind TDH.VP.ENTER. */
#ifndef TDX_EMUL_MODEL_GUEST_H
#define TDX_EMUL_MODEL_GUEST_H

#include "sept.h"

/* VMX exit reasons. */
#define MODEL_EXIT_EXCEPTION_NMI	0
#define MODEL_EXIT_INTERRUPT		1
#define MODEL_EXIT_TRIPLE_FAULT		2
#define MODEL_EXIT_INTERRUPT_WINDOW	7
#define MODEL_EXIT_NMI_WINDOW		8
#define MODEL_EXIT_CPUID		10
#define MODEL_EXIT_HLT			12
#define MODEL_EXIT_INVD			13
#define MODEL_EXIT_RDPMC		15
#define MODEL_EXIT_VMCALL		18
#define MODEL_EXIT_CR_ACCESS		28
#define MODEL_EXIT_IO			30
#define MODEL_EXIT_RDMSR		31
#define MODEL_EXIT_WRMSR		32
#define MODEL_EXIT_MWAIT		36
#define MODEL_EXIT_MONITOR		39
#define MODEL_EXIT_TPR_BELOW		43
#define MODEL_EXIT_EPT_VIOLATION	48
#define MODEL_EXIT_WBINVD		54
#define MODEL_EXIT_XSETBV		55
#define MODEL_EXIT_TDCALL		77
/* Bit 31: there was no entry; for 33, invalid guest state. */
#define MODEL_ENTRY_FAILED		0x80000021

/* Exit interruption information: valid, type NMI, vector 2. */
#define MODEL_INTERRUPTION_NMI		0x80000202

/* Exit qualification of an EPT violation. */
#define MODEL_EQ_READ			(1U << 0)
#define MODEL_EQ_WRITE			(1U << 1)
#define MODEL_EQ_FETCH			(1U << 2)
#define MODEL_EQ_RIGHTS			3	/* shift */
#define MODEL_EQ_GLA_VALID		(1U << 7)
#define MODEL_EQ_NOT_PAGE_WALK		(1U << 8)

/* Extended exit qualification, bits 3:0. */
#define MODEL_EEQ_ACCEPT		1
#define MODEL_EEQ_PENDING		6

/**
 * struct model_exit - why a guest is out
 * @status: bits 63:32 of RAX
 * @reason: bits 31:0, VMX exit reason
 * @qualification: RCX
 * @extended: RDX
 * @gpa: R8
 * @interruption: R9
 */
struct model_exit {
	u64 status;
	u32 reason;
	u64 qualification;
	u64 extended;
	u64 gpa;
	u32 interruption;
};

/**
 * struct model_guest - a guest while it runs
 * @m: the model
 * @lp: where
 * @td: its TD
 * @v: its VCPU
 * @e: how it ends
 */
struct model_guest {
	struct model *m;
	unsigned int lp;
	struct model_td *td;
	struct model_vcpu *v;
	struct model_exit *e;
};

void model_guest_run(struct model *m, unsigned int lp, struct model_td *td,
		     struct model_vcpu *v, struct model_exit *e);

/* VMX interruption types. */
#define MODEL_EVENT_INTERRUPT		0
#define MODEL_EVENT_NMI			2
#define MODEL_EVENT_EXCEPTION		3

/* What an instruction comes to. */
enum model_step {
	MODEL_STEP_NEXT,	/* go on */
	MODEL_STEP_EXCEPTION,	/* for the guest, described in the VCPU */
	MODEL_STEP_SHUTDOWN,	/* triple fault */
	MODEL_STEP_EXIT,	/* the exit is described */
	MODEL_STEP_UNKNOWN,	/* a CPU could do it, and this one cannot */
};

/* vapic.c: what has been posted is requested, if the host notifies of it. */
void model_apic_sync(struct model_guest *g);

/* The guest has to come back once it can be interrupted. */
#define MODEL_WINDOW_INTERRUPT		(1U << 0)
#define MODEL_WINDOW_NMI		(1U << 1)

/*
 * Before each instruction, or VM entry: an interrupt or NMI that may come in
 * now becomes the event to be delivered.  @masked: the last instruction (STI,
 * MOV to SS) keeps it off; @nmi_masked: an NMI is being handled.  What has to
 * wait, MODEL_WINDOW_*.
 */
unsigned int model_apic_inject(struct model_guest *g, bool masked,
			       bool nmi_masked);
bool model_apic_pending(const struct model_vcpu *v);
/* The class of priority that TPR has to fall below for one more; 0: none. */
unsigned int model_apic_threshold(const struct model_vcpu *v);

/* Its MSRs; what WRMSR comes to. */
enum model_apic_written {
	MODEL_APIC_DONE,
	MODEL_APIC_GP,
	MODEL_APIC_UNKNOWN,
};
u64 model_apic_read(const struct model_vcpu *v, u32 msr);
enum model_apic_written model_apic_write(struct model_vcpu *v, u32 msr,
					 u64 value);

enum model_step model_guest_tdcall(struct model_guest *g);

/* #VE, or #DF if the guest has not fetched what the last one was about. */
enum model_step model_guest_ve(struct model_guest *g, const u64 info[5]);

/**
 * struct model_access - an access of the guest to its memory
 * @gla: linear address
 * @gpa: guest physical address
 * @access: MODEL_EQ_READ, WRITE, FETCH
 * @walk: it is for the page tables on the way to @gla
 * @rights: out: what the EPT allows there, SEPT_RWX
 * @level: out: of the page, where it is shared
 */
struct model_access {
	u64 gla;
	u64 gpa;
	u32 access;
	bool walk;
	u64 rights;
	unsigned int level;
};

/* td_cpuid.c: CPUID at CPL 0; false: it is #VE. */
bool model_td_cpuid(const struct model_guest *g, u32 leaf, u32 subleaf,
		    u32 regs[4]);

/* With an address: it is not the TD's memory but the host's. */
#define MODEL_PA_SHARED		(1ULL << 63)

/* guest_mem.c: the way to a page, which may end in an exit or #VE. */
enum model_step model_guest_pa(struct model_guest *g, struct model_access *a,
			       u64 *pa);
enum model_step model_guest_violation(struct model_guest *g,
				      const struct model_access *a,
				      u64 extended);
enum model_step model_guest_violation_ve(struct model_guest *g,
					 const struct model_access *a);
/* shared_ept.c: the same for addresses that are not private. */
enum model_step model_shared_pa(struct model_guest *g, struct model_access *a,
				u64 *pa);

/*
 * What lies there.  The bits of @mask, in the 8 aligned bytes at @pa, become
 * those of @value at once.
 */
void model_guest_load(struct model_guest *g, u64 pa, void *buf, size_t len);
/* Before a store that is not the guest's: false if no memory is left. */
bool model_guest_own(struct model_guest *g, u64 pa);
void model_guest_store(struct model_guest *g, u64 pa, u64 mask, u64 value);
unsigned int model_gpa_bits(const struct model_td *td);
/* TDG.MEM.PAGE.ACCEPT: RAX unless it ends in an exit. */
enum model_step model_guest_accept(struct model_guest *g, u64 rcx, u64 *rax);

#endif /* TDX_EMUL_MODEL_GUEST_H */
