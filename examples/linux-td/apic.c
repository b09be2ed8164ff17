// SPDX-License-Identifier: GPL-2.0-only
/*
 * A VCPU's APIC, as far as it is not the TDX module's: the timer, interrupts
 * from one VCPU to another, and how interrupts get into a TD at all.  There is
 * one way: a bit in the VCPU's posted-interrupt descriptor, and an interrupt of
 * the host's with the notification vector, while the guest runs or pending when
 * it is entered.
 * Source: SDM 3C, "Posted-Interrupt Processing"; SDM 3A, "Advanced
 * Programmable Interrupt Controller".
 */
#include <linux/bitops.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>
#include <asm/msr-index.h>
#include <asm/tsc.h>

#include "linux_td.h"

/* Metadata of a VCPU.  Source: TDX Module ABI 1.5. */
#define VP_POSTED_VECTOR	0x0024000100000002ULL
#define VP_POSTED_PA		0x0024000300002016ULL
#define VP_PIN_CONTROLS		0x0024000200004000ULL
#define VP_PEND_NMI		0x202000000000000bULL
#define PIN_POSTED		BIT_ULL(7)

/* Bit of the descriptor: there are new ones. */
#define POSTED_ON		256

#define MSR_TSC_DEADLINE	0x6e0
#define X2APIC(reg)		(APIC_BASE_MSR + ((reg) >> 4))
#define VERSION			0x50014	/* six LVT entries */

#define TIMER_PERIODIC		1
#define TIMER_DEADLINE		2
#define TIMER_MODE(lvt)		((lvt) >> 17 & 3)

#define ICR_LOGICAL		BIT(11)
#define ICR_MODE(icr)		((icr) >> 8 & 7)
#define ICR_SHORTHAND(icr)	((icr) >> 18 & 3)
#define MODE_NMI		4
#define MODE_LOWEST		1
enum { TO_DESTINATION, TO_SELF, TO_ALL, TO_OTHERS };
#define BROADCAST		0xffffffffU

unsigned int linux_td_tsc_units(void)
{
	return clamp((tsc_khz + LINUX_TD_CRYSTAL_KHZ / 2) /
		     LINUX_TD_CRYSTAL_KHZ, 4U, 400U);
}

void linux_td_wake(struct linux_td_vcpu *v)
{
	wake_up(&v->wait);
	/* Where the guest runs, on another CPU, it comes out. */
	kick_process(v->thread);
}

static void apic_post(struct linux_td_vcpu *v, u8 vector)
{
	set_bit(vector, v->posted);
	/* The TDX module takes it away before it looks at the others. */
	smp_mb__before_atomic();
	set_bit(POSTED_ON, v->posted);
	linux_td_wake(v);
}

bool linux_td_apic_wants(struct linux_td_vcpu *v)
{
	return test_bit(POSTED_ON, v->posted) || READ_ONCE(v->nmi) ||
	       READ_ONCE(v->t->over);
}

/*
 * Right before the entry, with interrupts off: the interrupt waits until the
 * guest runs.  The kernel has a handler for its vector, which does nothing.
 */
void linux_td_apic_notify(struct tdx_host_vp *vp)
{
	struct linux_td *t = container_of(vp->td, struct linux_td, c.td);
	struct linux_td_vcpu *v = &t->vcpu[vp - t->c.vp];

	if (!test_bit(POSTED_ON, v->posted))
		return;
	if (x2apic_enabled())
		asm volatile("wrmsr" : : "c" (X2APIC(APIC_SELF_IPI)),
			     "a" (POSTED_INTR_VECTOR), "d" (0) : "memory");
	else
		native_apic_mem_write(APIC_ICR,
				      APIC_DEST_SELF | POSTED_INTR_VECTOR);
}

/* In the VCPU's own thread, where it is associated. */
int linux_td_apic_nmi(struct linux_td_vcpu *v)
{
	u64 status;

	if (!xchg(&v->nmi, false))
		return 0;
	status = tdx_host_vp_wr(v->vp, VP_PEND_NMI, 1, 1, NULL);
	return tdx_status_ok(status) ? 0 :
	       consumer_failed(&v->t->c, TDH_VP_WR, status);
}

static u64 apic_guest_tsc(const struct linux_td *t)
{
	u64 now = rdtsc();

	if (!t->tsc_multiplier)
		return now;
	return mul_u64_u64_shr(now, t->tsc_multiplier, 48) + t->tsc_offset;
}

static unsigned int timer_divide_shift(const struct linux_td_vcpu *v)
{
	/* 2, 4, 8 ... 128, 1; bits 3, 1 and 0. */
	return (((v->divide & 3) | (v->divide >> 1 & 4)) + 1) & 7;
}

static u64 timer_ns(u64 ticks, u32 khz)
{
	return mul_u64_u32_div(ticks, NSEC_PER_MSEC, khz);
}

static u64 timer_count_ns(const struct linux_td_vcpu *v)
{
	return timer_ns((u64)v->initial_count << timer_divide_shift(v),
			   LINUX_TD_CRYSTAL_KHZ);
}

static void timer_start(struct linux_td_vcpu *v, u64 ns)
{
	hrtimer_start(&v->timer, ns_to_ktime(ns), HRTIMER_MODE_REL_PINNED);
}

static void timer_set_deadline(struct linux_td_vcpu *v, u64 deadline)
{
	u64 now = apic_guest_tsc(v->t);

	v->deadline = deadline;
	hrtimer_cancel(&v->timer);
	if (deadline)
		timer_start(v, deadline <= now ? 0 :
			    timer_ns(deadline - now, LINUX_TD_CRYSTAL_KHZ *
					linux_td_tsc_units()));
}

static void timer_set_count(struct linux_td_vcpu *v, u32 count)
{
	v->initial_count = count;
	hrtimer_cancel(&v->timer);
	if (count)
		timer_start(v, timer_count_ns(v));
}

static enum hrtimer_restart timer_expired(struct hrtimer *timer)
{
	struct linux_td_vcpu *v = container_of(timer, struct linux_td_vcpu,
					       timer);
	u32 lvt = READ_ONCE(v->lvt_timer);

	if (!(lvt & APIC_LVT_MASKED))
		apic_post(v, lvt);
	if (TIMER_MODE(lvt) != TIMER_PERIODIC) {
		WRITE_ONCE(v->deadline, 0);
		return HRTIMER_NORESTART;
	}
	hrtimer_forward_now(timer, ns_to_ktime(timer_count_ns(v)));
	return HRTIMER_RESTART;
}

static u64 timer_current_count(struct linux_td_vcpu *v)
{
	s64 ns = ktime_to_ns(hrtimer_get_remaining(&v->timer));

	if (!hrtimer_active(&v->timer) || ns <= 0)
		return 0;
	return mul_u64_u32_div(ns, LINUX_TD_CRYSTAL_KHZ, NSEC_PER_MSEC) >>
	       timer_divide_shift(v);
}

static bool apic_is_destination(const struct linux_td_vcpu *v, u64 icr)
{
	u32 to = icr >> 32;

	if (to == BROADCAST)
		return true;
	if (!(icr & ICR_LOGICAL))
		return to == v->nr;
	return to >> 16 == v->nr >> 4 && to & BIT(v->nr & 15);
}

static bool apic_is_meant(const struct linux_td_vcpu *v,
		     const struct linux_td_vcpu *from, u64 icr)
{
	switch (ICR_SHORTHAND(icr)) {
	case TO_SELF:
		return v == from;
	case TO_ALL:
		return true;
	case TO_OTHERS:
		return v != from;
	default:
		return apic_is_destination(v, icr);
	}
}

/* INIT and start-up are not for TDs: VCPUs wait for the mailbox. */
static void apic_send(struct linux_td_vcpu *from, u64 icr)
{
	struct linux_td *t = from->t;
	unsigned int i;

	for (i = 0; i < t->c.vcpus; i++) {
		struct linux_td_vcpu *v = &t->vcpu[i];

		if (!apic_is_meant(v, from, icr))
			continue;
		if (ICR_MODE(icr) <= MODE_LOWEST) {
			apic_post(v, icr);
		} else if (ICR_MODE(icr) == MODE_NMI) {
			WRITE_ONCE(v->nmi, true);
			linux_td_wake(v);
		}
	}
}

bool linux_td_rdmsr(struct linux_td_vcpu *v, u32 msr, u64 *value)
{
	switch (msr) {
	case X2APIC(APIC_ID):
		*value = v->nr;
		return true;
	case X2APIC(APIC_LVR):
		*value = VERSION;
		return true;
	case X2APIC(APIC_LDR):
		*value = v->nr >> 4 << 16 | BIT(v->nr & 15);
		return true;
	case X2APIC(APIC_LVTT):
		*value = v->lvt_timer;
		return true;
	case X2APIC(APIC_TMICT):
		*value = v->initial_count;
		return true;
	case X2APIC(APIC_TMCCT):
		*value = timer_current_count(v);
		return true;
	case X2APIC(APIC_TDCR):
		*value = v->divide;
		return true;
	case X2APIC(APIC_SPIV):
	case X2APIC(APIC_ESR):
	case X2APIC(APIC_LVTCMCI):
	case X2APIC(APIC_LVTTHMR) ... X2APIC(APIC_LVTERR):
		*value = v->reg[msr - APIC_BASE_MSR];
		return true;
	case MSR_TSC_DEADLINE:
		*value = READ_ONCE(v->deadline);
		return true;
	case MSR_IA32_UCODE_REV:
	case MSR_MTRRdefType:
	case MSR_MTRRcap:
	case MSR_IA32_MCG_CAP:
	case MSR_IA32_MCG_STATUS:
		*value = 0;
		return true;
	}
	return false;
}

bool linux_td_wrmsr(struct linux_td_vcpu *v, u32 msr, u64 value)
{
	switch (msr) {
	case X2APIC(APIC_ICR):
		apic_send(v, value);
		return true;
	case X2APIC(APIC_LVTT):
		WRITE_ONCE(v->lvt_timer, value);
		return true;
	case X2APIC(APIC_TMICT):
		timer_set_count(v, value);
		return true;
	case X2APIC(APIC_TDCR):
		v->divide = value;
		return true;
	case X2APIC(APIC_SPIV):
	case X2APIC(APIC_ESR):
	case X2APIC(APIC_LVTCMCI):
	case X2APIC(APIC_LVTTHMR) ... X2APIC(APIC_LVTERR):
		v->reg[msr - APIC_BASE_MSR] = value;
		return true;
	case MSR_TSC_DEADLINE:
		timer_set_deadline(v, value);
		return true;
	case MSR_IA32_UCODE_REV:
	case MSR_MTRRdefType:
		return true;
	}
	return false;
}

static int apic_write_field(struct linux_td_vcpu *v, u64 field, u64 value,
			    u64 mask)
{
	u64 status = tdx_host_vp_wr(v->vp, field, value, mask, NULL);

	return tdx_status_ok(status) ? 0 :
	       consumer_failed(&v->t->c, TDH_VP_WR, status);
}

int linux_td_apic_init(struct linux_td_vcpu *v)
{
	unsigned int i;
	int ret;

	v->lvt_timer = APIC_LVT_MASKED;
	for (i = APIC_LVTTHMR; i <= APIC_LVTERR; i += 0x10)
		v->reg[i >> 4] = APIC_LVT_MASKED;
	v->reg[APIC_SPIV >> 4] = 0xff;
	init_waitqueue_head(&v->wait);
#ifdef HAVE_HRTIMER_SETUP
	hrtimer_setup(&v->timer, timer_expired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED);
#else
	hrtimer_init(&v->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	v->timer.function = timer_expired;
#endif
	v->posted = (unsigned long *)get_zeroed_page(GFP_KERNEL);
	if (!v->posted)
		return -ENOMEM;
	ret = apic_write_field(v, VP_POSTED_VECTOR, POSTED_INTR_VECTOR, 0xffff);
	if (!ret)
		ret = apic_write_field(v, VP_POSTED_PA, virt_to_phys(v->posted),
				  ~0ULL);
	if (!ret)
		ret = apic_write_field(v, VP_PIN_CONTROLS, PIN_POSTED, PIN_POSTED);
	return ret;
}

/* The VCPU's thread is gone, or was never there. */
void linux_td_apic_exit(struct linux_td_vcpu *v)
{
	if (!v->posted)
		return;
	hrtimer_cancel(&v->timer);
	free_page((unsigned long)v->posted);
	v->posted = NULL;
}
