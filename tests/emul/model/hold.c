// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks that somebody else holds, as a call in flight would: how a test shows
 * contention without a second thread.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "sept.h"

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

static struct model_td *td_at(struct model *m, u64 tdr)
{
	unsigned int i;

	for (i = 0; i < MODEL_MAX_TDS; i++)
		if (model_load(&m->tds[i].tdr) == (tdr | 1))
			return &m->tds[i];
	return NULL;
}

/* Locks of a TD, by the address of its TDR page. */
static struct model_lock *find_td_lock(struct model *m, const char *name,
				       bool *shared)
{
	struct model_td *td;
	u64 tdr;

	if (lock_argument(name, "op_state", &tdr)) {
		td = td_at(m, tdr);
		return td ? &td->op_lock : NULL;
	}
	if (lock_argument(name, "sept", &tdr)) {
		td = td_at(m, tdr);
		return td ? &td->sept_lock : NULL;
	}
	if (lock_argument(name, "sept-shared", &tdr)) {
		*shared = true;
		td = td_at(m, tdr);
		return td ? &td->sept_lock : NULL;
	}
	if (lock_argument(name, "epoch", &tdr)) {
		td = td_at(m, tdr);
		return td ? &td->epoch_lock : NULL;
	}
	return NULL;
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
	if (lock_argument(name, "pamt-2m", &arg)) {
		if (model_private_page(m, arg, TDX_OPERAND_RCX))
			return NULL;
		page = model_pamt_entry(m, arg, MODEL_2M);
		return page ? &page->lock : NULL;
	}
	*shared = lock_argument(name, "pamt-shared", &arg);
	if (*shared || lock_argument(name, "pamt", &arg)) {
		if (model_private_page(m, arg, TDX_OPERAND_RCX))
			return NULL;
		page = model_page_slot(m, arg, true);
		return page ? &page->lock : NULL;
	}
	return find_td_lock(m, name, shared);
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

/*
 * What is held without being a lock of its own: an LP inside the module, a
 * VCPU inside a TD, a Secure EPT entry.  -ENOENT: @lock is none of these.
 */
static int hold_other(struct model *m, const char *lock,
		      struct model_hold *h, bool take)
{
	struct model_page *page;
	struct model_td *td;
	u64 arg, old, new;

	if (!strcmp(lock, "seam")) {
		__atomic_add_fetch(&m->inside, take ? 1 : -1,
				   __ATOMIC_ACQ_REL);
		return 0;
	}
	if (lock_argument(lock, "inside", &arg)) {
		td = td_at(m, arg);
		if (!td)
			return -EINVAL;
		if (take)
			h->epoch = model_load(&td->epoch);
		__atomic_add_fetch(&td->inside[h->epoch & 1], take ? 1 : -1,
				   __ATOMIC_ACQ_REL);
		return 0;
	}
	if (lock_argument(lock, "entry", &arg)) {
		page = model_page_slot(m, arg & ~(MODEL_PAGE - 1), false);
		if (arg & 7 || !page || !model_load(&page->watched))
			return -EINVAL;
		old = model_get64(m, page->key, arg);
		new = take ? old | SEPT_LOCK : old & ~SEPT_LOCK;
		return old != new && model_cas64(m, page->key, arg, &old, new) ?
		       0 : -EBUSY;
	}
	return -ENOENT;
}

int model_hold(struct model *m, const char *lock, unsigned int lp)
{
	struct model_hold *h = find_hold(m, lock, lp, false);
	struct model_lock *l;
	bool shared;
	int ret;

	if (lp >= m->lps || !h || strlen(lock) >= sizeof(h->lock))
		return -EINVAL;
	ret = hold_other(m, lock, h, true);
	if (ret != -ENOENT) {
		if (!ret)
			note_hold(h, lock, lp);
		return ret;
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
	int ret;

	if (!h)
		return -EINVAL;
	h->used = false;
	ret = hold_other(m, lock, h, false);
	if (ret != -ENOENT)
		return ret;
	l = find_lock(m, lock, &shared);
	if (!l)
		return -EINVAL;
	if (shared)
		model_unlock_shared(l);
	else
		model_unlock_exclusive(l);
	return 0;
}
