// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtual APIC of a VCPU, as far as it is the TDX module's: registers in
 * x2APIC's MSRs, interrupts that the host posts or the guest sends to itself,
 * and NMIs of the host.  All other registers are the VMM's.
 * Source: SDM 3C, "Virtualizing MSR-Based APIC Accesses", "Evaluation and
 * Delivery of Virtual Interrupts", "Posted-Interrupt Processing"; TDX Module
 * Base spec, "Interrupt Handling and APIC Virtualization".
 */
#include "x86.h"

#define X2APIC_TPR	0x808
#define X2APIC_PPR	0x80a
#define X2APIC_EOI	0x80b
#define X2APIC_ISR	0x810
#define X2APIC_TMR	0x818
#define X2APIC_IRR	0x820

#define PIN_POSTED	(1ULL << 7)	/* process posted interrupts */

/* A posted-interrupt descriptor: 256 requests, then that there are new ones. */
#define POSTED_WORDS	4
#define POSTED_CONTROL	32
#define POSTED_ON	1ULL

#define CLASS(vector)	((vector) >> 4)

/* The highest of 256 bits; -1: none. */
static int highest(const u32 bits[8])
{
	int i;

	for (i = 7; i >= 0; i--)
		if (bits[i])
			return 32 * i + 31 - __builtin_clz(bits[i]);
	return -1;
}

static u8 ppr(const struct model_vcpu *v)
{
	int served = highest(v->isr);

	if (served < 0 || CLASS(v->tpr) >= CLASS(served))
		return v->tpr;
	return served & 0xf0;
}

/* The interrupt that is to be delivered as soon as the guest lets it; -1. */
static int pending(const struct model_vcpu *v)
{
	int vector = highest(v->irr);

	return vector >= 0 && CLASS(vector) > CLASS(ppr(v)) ? vector : -1;
}

bool model_apic_pending(const struct model_vcpu *v)
{
	return pending(v) >= 0;
}

unsigned int model_apic_threshold(const struct model_vcpu *v)
{
	int vector = highest(v->irr);

	return vector >= 0 && CLASS(vector) <= CLASS(v->tpr) ? CLASS(vector) :
							       0;
}

u64 model_apic_read(const struct model_vcpu *v, u32 msr)
{
	if (msr >= X2APIC_IRR)
		return v->irr[msr - X2APIC_IRR];
	if (msr >= X2APIC_TMR)
		return 0;	/* nothing is level-triggered */
	if (msr >= X2APIC_ISR)
		return v->isr[msr - X2APIC_ISR];
	return msr == X2APIC_PPR ? ppr(v) : v->tpr;
}

static void end_of_interrupt(struct model_vcpu *v)
{
	int served = highest(v->isr);

	if (served >= 0)
		v->isr[served / 32] &= ~(1U << served % 32);
}

enum model_apic_written model_apic_write(struct model_vcpu *v, u32 msr,
					 u64 value)
{
	switch (msr) {
	case X2APIC_TPR:
		if (value > 0xff)
			return MODEL_APIC_GP;
		v->tpr = value;
		return MODEL_APIC_DONE;
	case X2APIC_EOI:
		if (value)
			return MODEL_APIC_GP;
		end_of_interrupt(v);
		return MODEL_APIC_DONE;
	default:		/* SELF_IPI */
		if (value > 0xff)
			return MODEL_APIC_GP;
		if (value < 16)
			return MODEL_APIC_UNKNOWN;
		v->irr[value / 32] |= 1U << value % 32;
		return MODEL_APIC_DONE;
	}
}

/* Another CPU may set bits at any time. */
static u64 posted_take(u64 pa, u64 bits)
{
	u64 old = bits;
	unsigned int tries;

	for (tries = 0; tries < 1000; tries++)
		if (env_cas_phys(pa, &old, old & ~bits))
			return old & bits;
	return 0;
}

void model_apic_sync(struct model_guest *g)
{
	struct model_vcpu *v = g->v;
	unsigned int i;
	u64 new;

	if (!(v->pin_controls & PIN_POSTED) || !v->posted_pa ||
	    !env_interrupt_pending(v->posted_vector))
		return;
	posted_take(v->posted_pa + POSTED_CONTROL, POSTED_ON);
	for (i = 0; i < POSTED_WORDS; i++) {
		new = posted_take(v->posted_pa + 8 * i, ~0ULL);
		v->irr[2 * i] |= (u32)new;
		v->irr[2 * i + 1] |= new >> 32;
	}
}

static void put_event(struct model_vcpu *v, u8 type, u8 vector)
{
	v->event = true;
	v->event_type = type;
	v->vector = vector;
	v->error = 0;
}

unsigned int model_apic_inject(struct model_guest *g, bool masked,
			       bool nmi_masked)
{
	struct model_vcpu *v = g->v;
	int vector = pending(v);
	unsigned int windows = 0;

	/*
	 * No NMI comes between #VE and TDG.VP.VEINFO.GET, for its handler may
	 * meet a #VE.
	 */
	if (v->pend_nmi && !v->ve_valid) {
		if (v->event || masked || nmi_masked) {
			windows = MODEL_WINDOW_NMI;
		} else {
			v->pend_nmi = 0;
			put_event(v, MODEL_EVENT_NMI, X86_NMI);
		}
	}
	if (vector < 0)
		return windows;
	if (v->event || masked || !(v->cpu.rflags & X86_IF))
		return windows | MODEL_WINDOW_INTERRUPT;
	v->irr[vector / 32] &= ~(1U << vector % 32);
	v->isr[vector / 32] |= 1U << vector % 32;
	put_event(v, MODEL_EVENT_INTERRUPT, vector);
	return windows;
}
