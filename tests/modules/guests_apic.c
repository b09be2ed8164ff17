// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that the host posts for a guest, and notifies this CPU of.
 * Source: SDM 3C, "Posted-Interrupt Processing".
 */
#include <linux/bitops.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>
#include <asm/msr-index.h>

#include "guests.h"

GUESTS_DECLARE(interrupted);

#define VP_POSTED_VECTOR	0x0024000100000002ULL
#define VP_POSTED_PA		0x0024000300002016ULL
#define VP_PIN_CONTROLS		0x0024000200004000ULL
#define VP_PEND_NMI		0x202000000000000bULL
#define VP_DETAILS		0x9120000300000100ULL

#define PIN_POSTED		BIT_ULL(7)
#define POSTED_ON		256

static u64 read_msr(u32 msr)
{
	u32 low, high;

	asm volatile("rdmsr" : "=a" (low), "=d" (high) : "c" (msr));
	return low | (u64)high << 32;
}

/* The kernel has a handler for it, which does nothing. */
void guests_notify(void)
{
	if (read_msr(MSR_IA32_APICBASE) & X2APIC_ENABLE)
		asm volatile("wrmsr" : : "c" (APIC_BASE_MSR + (APIC_SELF_IPI >> 4)),
			     "a" (POSTED_INTR_VECTOR), "d" (0) : "memory");
	else
		native_apic_mem_write(APIC_ICR,
				      APIC_DEST_SELF | POSTED_INTR_VECTOR);
}

static void next(struct guests_td *t, const char *when)
{
	struct tdx_regs args = { };
	u64 status = guests_go(t, &args);

	pr_info("tdx_guests: interrupted, %s: status %llx, vector %llx, %llx %llx %llx\n",
		when, status, args.r11, args.r12, args.r13, args.r14);
}

static void pending(struct guests_td *t)
{
	u64 value = 0;

	GUESTS_TRY(t, tdx_host_vp_rd(&t->vp, VP_DETAILS, &value));
	pr_info("tdx_guests: interrupted, pending: %llu\n", value & 1);
}

static void nmi(struct guests_td *t)
{
	GUESTS_TRY(t, tdx_host_vp_wr(&t->vp, VP_PEND_NMI, 1, 1, NULL));
}

static struct guests_td *make(void *descriptor)
{
	struct guests_td *t = guests_new(0);

	guests_add(t, GUESTS_RESET_PAGE, guest_reset, guest_reset_size);
	guests_add(t, GUESTS_CODE, guest_interrupted, guest_interrupted_size);
	GUESTS_TRY(t, tdx_host_mr_finalize(&t->td));
	GUESTS_TRY(t, tdx_host_vp_wr(&t->vp, VP_POSTED_VECTOR,
				     POSTED_INTR_VECTOR, 0xffff, NULL));
	GUESTS_TRY(t, tdx_host_vp_wr(&t->vp, VP_POSTED_PA,
				     virt_to_phys(descriptor), ~0ULL, NULL));
	GUESTS_TRY(t, tdx_host_vp_wr(&t->vp, VP_PIN_CONTROLS, PIN_POSTED,
				     PIN_POSTED, NULL));
	return t;
}

void guests_interrupted(void)
{
	unsigned long *descriptor = (void *)get_zeroed_page(GFP_KERNEL |
							    __GFP_NOFAIL);
	struct guests_td *t = make(descriptor);

	next(t, "started");
	set_bit(0x31, descriptor);
	set_bit(0x52, descriptor);
	set_bit(POSTED_ON, descriptor);
	t->notify = true;
	next(t, "IF is 0");
	pr_info("tdx_guests: interrupted, descriptor: %lx %lx\n", descriptor[0] |
		descriptor[1] | descriptor[2] | descriptor[3], descriptor[4]);
	pending(t);
	next(t, "behind STI's shadow");
	next(t, "the lower one");
	pending(t);
	next(t, "TPR keeps its own off");
	next(t, "and lets it in");
	next(t, "NMI next");
	nmi(t);
	next(t, "NMI");
	nmi(t);
	next(t, "no NMI in it");
	next(t, "but after it");
	next(t, "in it");
	next(t, "and out of it");
	guests_end(t);
	free_page((unsigned long)descriptor);
}
