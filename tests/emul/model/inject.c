// SPDX-License-Identifier: GPL-2.0-only
/*
 * How tests make the model misbehave: statuses out of the blue, sources of
 * entropy that run dry.
 */
#include <linux/kernel.h>

#include "internal.h"

/* One less of @counter; ~0 never ends.  True if there was one. */
bool model_dry(u64 *counter)
{
	u64 v = model_load(counter);

	while (v) {
		if (v == ~0ULL)
			return true;
		if (__atomic_compare_exchange_n(counter, &v, v - 1, false,
						__ATOMIC_ACQ_REL,
						__ATOMIC_ACQUIRE))
			return true;
	}
	return false;
}

void model_starve(struct model *m, unsigned int lp, enum model_source source,
		  u64 count)
{
	if (lp >= MODEL_MAX_LPS)
		return;
	switch (source) {
	case MODEL_RDRAND:
		model_store(&m->lp[lp].rdrand_dry, count);
		break;
	case MODEL_RDSEED:
		model_store(&m->lp[lp].rdseed_dry, count);
		break;
	case MODEL_PCONFIG:
		model_store(&m->lp[lp].pconfig_dry, count);
		break;
	case MODEL_INTERRUPT:
		model_store(&m->lp[lp].interrupts, count);
		break;
	case MODEL_NMI:
		model_store(&m->lp[lp].nmis, count);
		break;
	}
}

static bool injection_wanted(struct model_injection *inj, unsigned int lp,
			     u16 leaf)
{
	return model_load(&inj->active) && inj->leaf == leaf &&
	       (inj->lp_only < 0 || (unsigned int)inj->lp_only == lp) &&
	       model_load(&inj->count);
}

/* The oldest injection of @leaf that is not used up. */
static struct model_injection *oldest(struct model *m, unsigned int lp,
				      u16 leaf)
{
	struct model_injection *best = NULL;
	unsigned int i;

	for (i = 0; i < MODEL_INJECTIONS; i++) {
		struct model_injection *inj = &m->inj[i];

		if (injection_wanted(inj, lp, leaf) &&
		    (!best || inj->order < best->order))
			best = inj;
	}
	return best;
}

/* Called for every SEAMCALL that reaches the TDX module. */
bool model_injected(struct model *m, unsigned int lp, u16 leaf, u64 *status)
{
	struct model_injection *inj;

	while ((inj = oldest(m, lp, leaf))) {
		if (model_dry(&inj->skip))
			return false;
		*status = inj->status;
		/* Another LP may have used the last one: look for the next. */
		if (model_dry(&inj->count))
			return true;
	}
	return false;
}

int model_inject(struct model *m, u16 leaf, u64 status, u64 count, u64 skip,
		 int lp_only)
{
	unsigned int i;

	if (!model_leaf_exists(m, leaf))
		return -EINVAL;
	if (!count) {
		for (i = 0; i < MODEL_INJECTIONS; i++)
			if (m->inj[i].leaf == leaf)
				model_store(&m->inj[i].active, false);
		return 0;
	}
	for (i = 0; i < MODEL_INJECTIONS; i++) {
		struct model_injection *inj = &m->inj[i];

		if (model_load(&inj->active) && model_load(&inj->count))
			continue;
		model_store(&inj->active, false);
		inj->leaf = leaf;
		inj->lp_only = lp_only;
		inj->order = __atomic_add_fetch(&m->inj_order, 1,
						__ATOMIC_RELAXED);
		inj->status = status;
		inj->skip = skip;
		model_store(&inj->count, count);
		model_store(&inj->active, true);
		return 0;
	}
	return -ENOSPC;
}
