/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdx_emul_td: the TDX module as a TD sees it, behind the TDCALL instruction
 * of a virtual machine.
 *
 * All of it is answered under one raw lock, td.lock: the answers come from a
 * trap handler, interrupts off.
 */
#ifndef TDX_EMUL_TD_TD_H
#define TDX_EMUL_TD_TD_H

#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/threads.h>
#include <linux/types.h>

#include <tdx/status.h>
#include <tdx_guest/tdcall.h>

struct seq_file;

/* By their numbers in the instruction set, which masks and operand ids use. */
enum td_reg {
	TD_RAX, TD_RCX, TD_RDX, TD_RBX, TD_RSP, TD_RBP, TD_RSI, TD_RDI,
	TD_R8, TD_R9, TD_R10, TD_R11, TD_R12, TD_R13, TD_R14, TD_R15,
	TD_NR_REGS,
};

struct td_regs {
	u64 reg[TD_NR_REGS];
};

#define TD_MAX_LEAF	32
#define TD_NR_RTMRS	4
#define TD_HASH_SIZE	48

/**
 * struct td_vcpu - what a virtual CPU of the TD has of its own
 * @ve_valid: there is #VE information that nobody has taken
 * @ve: RCX, RDX, R8, R9, R10 of TDG.VP.VEINFO.GET
 * @cpuid_ve: bit 0 supervisor, bit 1 user
 */
struct td_vcpu {
	bool ve_valid;
	u64 ve[5];
	u8 cpuid_ve;
};

/**
 * struct td - the TD
 * @lock: guards all of it
 * @gpaw: width of guest-physical addresses, bits; the highest one is "shared"
 * @attributes: ATTRIBUTES
 * @xfam: XFAM
 * @config_flags: CONFIG_FLAGS
 * @notify_enables: NOTIFY_ENABLES
 * @td_ctls: TD_CTLS
 * @rtmr: run-time measurement registers
 * @vcpu: by CPU number
 * @busy_rtmr: so many calls find the RTMRs locked
 * @busy_sept: so many calls find the Secure EPT entry locked
 * @vmm_answer: what the VMM puts into the registers that it is shown
 * @vmm_saw: what the last TDG.VP.VMCALL showed to it, 0 where nothing
 * @last_in: registers of the last TDCALL, before
 * @last_out: and after
 * @calls: TDCALLs by leaf
 * @unknown: TDCALLs of a leaf that is beyond all
 * @refused: TDCALLs that a TDX module would have answered, and this does not
 * @ept_violations: how often the VMM was asked for a page
 */
struct td {
	raw_spinlock_t lock;
	unsigned int gpaw;
	u64 attributes;
	u64 xfam;
	u64 config_flags;
	u64 notify_enables;
	u64 td_ctls;
	u8 rtmr[TD_NR_RTMRS][TD_HASH_SIZE];
	struct td_vcpu vcpu[NR_CPUS];
	u64 busy_rtmr;
	u64 busy_sept;
	struct td_regs vmm_answer;
	struct td_regs vmm_saw;
	struct td_regs last_in;
	struct td_regs last_out;
	u64 calls[TD_MAX_LEAF];
	u64 unknown;
	u64 refused;
	u64 ept_violations;
};

extern struct td td;

/* CONFIG_FLAGS: RBP is no operand of TDG.VP.VMCALL. */
#define TD_CONFIG_NO_RBP_MOD	(1ULL << 2)

static inline u64 td_operand(enum tdx_status status, u32 operand)
{
	return status | operand;
}

/* td_trap.c: the instruction. */
int td_trap_init(void);
void td_trap_exit(void);

/* td_leaves.c: a TDCALL.  All of these below with td.lock held. */
void td_call(unsigned int cpu, struct td_regs *r);

/* td_vmcall.c */
u64 td_vp_vmcall(struct td_regs *r);
void td_vmm_reset(void);

/* td_memory.c: guest-physical addresses, and pages that are to be accepted. */
enum td_page { TD_PAGE_MAPPED, TD_PAGE_PENDING, TD_PAGE_FREE };
void *td_map(u64 gpa, size_t len, bool private_only);
u64 td_page_accept(u64 rcx);
int td_page_set(u64 gpa, unsigned int level, enum td_page state);
bool td_busy(u64 *count);

/* td_report.c */
u64 td_rtmr_extend(u64 gpa, u64 index);
u64 td_report(u64 report_gpa, u64 data_gpa, u64 subtype);

/* td_fields.c: metadata.  @next may be NULL. */
enum td_context { TD_CTX_SYS, TD_CTX_TD, TD_CTX_VP };
u64 td_field_read(unsigned int cpu, enum td_context ctx, u64 id, u64 *value,
		  u64 *next);
u64 td_field_write(unsigned int cpu, enum td_context ctx, u64 id, u64 value,
		   u64 mask, u64 *old);

/* td_control.c: debugfs. */
int td_control_init(void);
void td_control_exit(void);
/* Is this call answered by a line of the test?  Then @r is complete. */
bool td_control_answer(u16 leaf, struct td_regs *r);

#endif /* TDX_EMUL_TD_TD_H */
