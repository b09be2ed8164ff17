// SPDX-License-Identifier: GPL-2.0-only
/*
 * How tests make the model misbehave: statuses out of the blue, sources of
 * entropy that run dry, locks that somebody else holds.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "model_td.h"

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

/* "tdmr:0x100000000" -> the number.  False: not @kind, or no number. */
static bool lock_argument(const char *lock, const char *kind, u64 *arg)
{
	size_t len = strlen(kind);
	const char *p = lock + len + 1;
	unsigned int base = 10;
	u64 v = 0;

	if (strncmp(lock, kind, len) || lock[len] != ':')
		return false;
	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
		base = 16;
		p += 2;
	}
	if (!*p)
		return false;
	for (; *p; p++) {
		unsigned int d;

		if (*p >= '0' && *p <= '9')
			d = *p - '0';
		else if ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'f')
			d = (*p | 0x20) - 'a' + 10;
		else
			return false;
		if (d >= base || v > (~0ULL - d) / base)
			return false;
		v = v * base + d;
	}
	*arg = v;
	return true;
}

/* The lock that @name means; *@shared: how it is to be held. */
static struct model_lock *find_lock(struct model *m, const char *name,
				    bool *shared)
{
	struct model_page *page;
	unsigned int i;
	u64 arg;

	*shared = false;
	if (!strcmp(name, "global-shared")) {
		*shared = true;
		return &m->global;
	}
	if (!strcmp(name, "global-exclusive"))
		return &m->global;
	if (!strcmp(name, "kot"))
		return &m->kot_lock;
	if (!strcmp(name, "seamldr"))
		return &m->seamldr;
	if (lock_argument(name, "wbcache", &arg))
		return arg < m->pkgs ? &m->wbcache[arg] : NULL;
	if (lock_argument(name, "ket", &arg))
		return arg < m->pkgs ? &m->ket[arg] : NULL;
	if (lock_argument(name, "tdmr", &arg)) {
		for (i = 0; i < model_load(&m->nr_tdmrs); i++)
			if (m->tdmr[i].area.base == arg)
				return &m->tdmr[i].lock;
		return NULL;
	}
	if (lock_argument(name, "pamt", &arg)) {
		if (model_private_page(m, arg, TDX_OPERAND_RCX))
			return NULL;
		page = model_page_slot(m, arg, true);
		return page ? &page->lock : NULL;
	}
	return NULL;
}

static struct model_hold *find_hold(struct model *m, const char *lock,
				    unsigned int lp, bool used)
{
	unsigned int i;

	for (i = 0; i < MODEL_HOLDS; i++) {
		struct model_hold *h = &m->holds[i];

		if (h->used != used)
			continue;
		if (!used || (h->lp == lp && !strcmp(h->lock, lock)))
			return h;
	}
	return NULL;
}

static void note_hold(struct model_hold *h, const char *lock, unsigned int lp)
{
	/* model_hold() has seen that it fits.  7.2 has no strncpy() any more. */
	memcpy(h->lock, lock, strlen(lock) + 1);
	h->lp = lp;
	h->used = true;
}

int model_hold(struct model *m, const char *lock, unsigned int lp)
{
	struct model_hold *h = find_hold(m, lock, lp, false);
	struct model_lock *l;
	bool shared;

	if (lp >= m->lps || !h || strlen(lock) >= sizeof(h->lock))
		return -EINVAL;
	if (!strcmp(lock, "seam")) {
		__atomic_add_fetch(&m->inside, 1, __ATOMIC_ACQ_REL);
		note_hold(h, lock, lp);
		return 0;
	}
	l = find_lock(m, lock, &shared);
	if (!l)
		return -EINVAL;
	if (!(shared ? model_try_shared(l) : model_try_exclusive(l)))
		return -EBUSY;
	note_hold(h, lock, lp);
	return 0;
}

int model_release(struct model *m, const char *lock, unsigned int lp)
{
	struct model_hold *h = find_hold(m, lock, lp, true);
	struct model_lock *l;
	bool shared;

	if (!h)
		return -EINVAL;
	h->used = false;
	if (!strcmp(lock, "seam")) {
		__atomic_sub_fetch(&m->inside, 1, __ATOMIC_ACQ_REL);
		return 0;
	}
	l = find_lock(m, lock, &shared);
	if (!l)
		return -EINVAL;
	if (shared)
		model_unlock_shared(l);
	else
		model_unlock_exclusive(l);
	return 0;
}
