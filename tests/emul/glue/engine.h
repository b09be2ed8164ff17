/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine (../model/engine.h): guests run by the CPU's own VMX.
 *
 * All of it happens inside a SEAMCALL, in a die notifier with interrupts off:
 * memory comes from a pool that was filled before (pool.c).
 */
#ifndef TDX_EMUL_ENGINE_H
#define TDX_EMUL_ENGINE_H

#include <linux/build_bug.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <asm/page.h>

#include "../model/engine.h"
#include "../model/x86.h"

/* x87, SSE, AVX, AVX-512 and PKRU take 2,696 bytes. */
#define VMX_XFEATURES	0x2e7ULL

/**
 * struct vmx_vcpu - a VCPU as the CPU has it, in a page of the pool
 * @vmcs: physical address of its VMCS
 * @vapic: of its virtual APIC page
 * @launched: the VMCS is
 * @seen: which of struct vmx_td's @generation was the last here; 0: none
 * @event_length: bytes of the instruction that the event in struct model_vcpu
 *		  is from, where it is from one
 * @dr: debug registers 0 to 3 of the guest, @dr6 the sixth
 * @xcr0: XCR0
 * @xmm: XMM registers that TDG.VP.VMCALL showed to the host, which get the host's
 * @xsave: extended state, in the form of XSAVE or FXSAVE
 */
struct vmx_vcpu {
	u64 vmcs;
	u64 vapic;
	bool launched;
	u64 seen;
	u32 event_length;
	u64 dr[4];
	u64 dr6;
	u64 xcr0;
	u16 xmm;
	u8 xsave[2816] __aligned(64);
};
static_assert(sizeof(struct vmx_vcpu) <= PAGE_SIZE);

/**
 * struct vmx_td - a TD's shadow EPT, in a page of the pool
 * @lock: for what follows, and all tables
 * @root: physical address of the table at the top
 * @epoch: TLB epoch of the TD that the entries are from
 * @generation: goes up when all entries are dropped
 */
struct vmx_td {
	raw_spinlock_t lock;
	u64 root;
	u64 epoch;
	u64 generation;
};

/* pool.c */
int emul_pool_init(unsigned int mib);
void emul_pool_exit(void);
u64 emul_pool_get(void);
u64 emul_pool_get_zeroed(void);
void emul_pool_put(u64 pa);

/* shadow_ept.c: translations as an LP would cache them. */
bool emul_ept_enter(struct model_guest *g);
enum model_step emul_ept_violation(struct model_guest *g,
				   struct model_access *a);
void emul_ept_drop(struct model_td *td);
void emul_ept_forget(struct model_td *td);

/* vmcs.c: VMCS fields, and what they begin with. */
bool emul_vmcs_possible(void);
void emul_vmcs_exit(void);
bool emul_vmcs_make(struct model_guest *g);
void emul_vmcs_forget(struct model_vcpu *v);
void emul_vmcs_flush(struct model_vcpu *v);
/* The guest's registers that are in the VMCS, from and to struct model_cpu. */
void emul_vmcs_load(struct model_vcpu *v);
void emul_vmcs_save(struct model_vcpu *v);

static inline u64 vmcs_read(unsigned long field)
{
	u64 value;

	asm volatile("vmread %1, %0" : "=r" (value) : "r" (field) : "cc");
	return value;
}

void vmcs_write(unsigned long field, u64 value);

static inline void vmcs_clear(u64 pa)
{
	asm volatile("vmclear %0" : : "m" (pa) : "cc", "memory");
}

static inline void vmcs_make_current(u64 pa)
{
	asm volatile("vmptrld %0" : : "m" (pa) : "cc", "memory");
}

/* vmx_host.c: from the host's registers to the guest's, and back. */
bool emul_host_enter(struct model_guest *g);
void emul_host_leave(struct model_guest *g);
/* Extended state of a VCPU that has not run yet. */
void emul_host_reset_extended(u8 *area);
void emul_host_set_xcr0(struct vmx_vcpu *vcpu, u64 value);
/* Which parts of it the TD has; 0: what FXSAVE knows. */
u64 emul_host_xfeatures(const struct model_td *td);

/* vmx_run.c */
enum model_step emul_guest_step(struct model_guest *g);

/* vmx_enter.S: 0: the guest ran, and there was an exit. */
int emul_guest_enter(u64 *gpr, bool launched);

#endif /* TDX_EMUL_ENGINE_H */
