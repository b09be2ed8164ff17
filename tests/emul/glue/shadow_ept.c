// SPDX-License-Identifier: GPL-2.0-only
/*
 * The EPT by which the CPU runs a TD's guest.  An entry is made when the guest
 * touches a page, from what the model says then, and stays until the TD's TLB
 * epoch has gone on, as a translation may that an LP has cached: a host that
 * changes tables and does not see to it that the guest notices is found out by
 * a guest that goes on with what was.
 * Source: SDM 3C, "EPT Translation Mechanism", "Caching Translation
 * Information"; TDX Module ABI 1.5, "TLB Tracking".
 *
 * Tables stay where they are as long as the TD lives, for another LP may have
 * cached the way to them.
 */
#include <linux/bug.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <asm/vmx.h>

#include "emul.h"
#include "engine.h"

#define EPT_ENTRIES	512
#define EPT_TOP		3	/* of 4 levels, and no CPU here has 5 */
#define EPT_ADDRESS	0x000ffffffffff000ULL

static u64 *ept_table(u64 entry)
{
	return phys_to_virt(entry & EPT_ADDRESS);
}

static struct vmx_td *ept_make(struct model_td *td)
{
	struct vmx_td *t;
	u64 pa = emul_pool_get_zeroed();

	if (!pa)
		return NULL;
	t = phys_to_virt(pa);
	t->root = emul_pool_get_zeroed();
	if (!t->root) {
		emul_pool_put(pa);
		return NULL;
	}
	raw_spin_lock_init(&t->lock);
	t->generation = 1;
	return t;
}

/* Another LP may be the first at the same time. */
static struct vmx_td *ept_get(struct model_td *td)
{
	struct vmx_td *t = smp_load_acquire(&td->hw), *other;

	if (t)
		return t;
	t = ept_make(td);
	if (!t)
		return NULL;
	other = cmpxchg(&td->hw, NULL, t);
	if (!other)
		return t;
	emul_pool_put(t->root);
	emul_pool_put(virt_to_phys(t));
	return other;
}

static void clear_leaves(u64 *table, unsigned int level)
{
	unsigned int i;

	for (i = 0; i < EPT_ENTRIES; i++)
		if (!level)
			WRITE_ONCE(table[i], 0);
		else if (table[i])
			clear_leaves(ept_table(table[i]), level - 1);
}

static void drop_locked(struct vmx_td *t)
{
	clear_leaves(ept_table(t->root), EPT_TOP);
	t->generation++;
}

void emul_ept_drop(struct model_td *td)
{
	struct vmx_td *t = td->hw;
	unsigned long flags;

	raw_spin_lock_irqsave(&t->lock, flags);
	drop_locked(t);
	raw_spin_unlock_irqrestore(&t->lock, flags);
}

static void free_tables(u64 table, unsigned int level)
{
	u64 *e = ept_table(table);
	unsigned int i;

	for (i = 0; level && i < EPT_ENTRIES; i++)
		if (e[i])
			free_tables(e[i] & EPT_ADDRESS, level - 1);
	emul_pool_put(table);
}

void emul_ept_forget(struct model_td *td)
{
	struct vmx_td *t = td->hw;

	td->hw = NULL;
	free_tables(t->root, EPT_TOP);
	emul_pool_put(virt_to_phys(t));
}

static void invept(u64 eptp)
{
	const u64 what[2] = { eptp, 0 };

	asm volatile("invept %0, %1"
		     : : "m" (what), "r" ((u64)VMX_EPT_EXTENT_CONTEXT)
		     : "cc", "memory");
}

/*
 * On the VCPU's own LP, its VMCS current.  What is from before the epoch that
 * it has entered in is gone, and was from nowhere else.
 */
bool emul_ept_enter(struct model_guest *g)
{
	struct vmx_vcpu *vcpu = g->v->hw;
	struct vmx_td *t;
	u64 eptp;

	if (g->td->top != EPT_TOP) {
		pr_err_ratelimited("this CPU runs no guest with 5 levels of EPT\n");
		return false;
	}
	t = ept_get(g->td);
	if (!t)
		return false;
	eptp = t->root | VMX_EPTP_PWL_4 | VMX_EPTP_MT_WB;
	raw_spin_lock(&t->lock);
	if (t->epoch < g->v->epoch) {
		drop_locked(t);
		t->epoch = g->v->epoch;
	}
	if (vcpu->seen != t->generation) {
		vcpu->seen = t->generation;
		invept(eptp);
	}
	raw_spin_unlock(&t->lock);
	vmcs_write(EPT_POINTER, eptp);
	return true;
}

static bool set_leaf(struct vmx_td *t, u64 gpa, u64 leaf)
{
	u64 *e = ept_table(t->root), next;
	unsigned int level;

	for (level = EPT_TOP;; level--) {
		e += gpa >> (PAGE_SHIFT + 9 * level) & (EPT_ENTRIES - 1);
		if (!level)
			break;
		if (!*e) {
			next = emul_pool_get_zeroed();
			if (!next)
				return false;
			WRITE_ONCE(*e, next | VMX_EPT_RWX_MASK);
		}
		e = ept_table(*e);
	}
	WRITE_ONCE(*e, leaf);
	return true;
}

static u64 leaf_of(struct model_guest *g, const struct model_access *a, u64 pa)
{
	u64 bits = a->rights | VMX_EPTP_MT_WB << VMX_EPT_MT_EPTE_SHIFT;

	if (pa & MODEL_PA_SHARED)
		return (pa & EPT_ADDRESS) | bits;
	pa = model_plain_page(g->m, g->td->keyid, pa & EPT_ADDRESS);
	return pa ? pa | bits : 0;
}

/*
 * The lock is held from the look at the model's tables on: what another LP's
 * entry drops cannot come back.
 */
enum model_step emul_ept_violation(struct model_guest *g,
				   struct model_access *a)
{
	struct vmx_td *t = g->td->hw;
	enum model_step step;
	u64 pa, leaf;

	raw_spin_lock(&t->lock);
	step = model_guest_pa(g, a, &pa);
	if (step == MODEL_STEP_NEXT) {
		leaf = leaf_of(g, a, pa);
		if (!leaf || !set_leaf(t, a->gpa, leaf))
			step = MODEL_STEP_UNKNOWN;
	}
	raw_spin_unlock(&t->lock);
	return step;
}
