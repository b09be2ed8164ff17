// SPDX-License-Identifier: GPL-2.0-only
/*
 * What lies in private pages.  It is kept in the pages themselves, encrypted:
 * a host that reads them finds noise, as it does where real hardware lets it
 * read at all, and one that writes gives itself away.
 *
 * Every 8 bytes are combined with noise that depends on KeyID and address;
 * the sum of a mix of all words of a page, what memory holds, is kept beside
 * its PAMT entry and follows each change.  Several LPs may change words of a
 * page at once: a change is one compare and exchange and one addition, and
 * who compares the sum does so only while no change is under way.
 *
 * What a page still holds when it goes back to the host is of no use to
 * anybody, so it becomes the pattern of PAMTs then: noise like before, and each
 * line of it can be told from what the host writes.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "page.h"

#define WORDS		(MODEL_PAGE / 8)
#define BURST		32	/* words on the stack */

static u64 noise(const struct model *m, u16 key, u64 pa)
{
	return model_pattern(m, pa ^ (u64)key << MODEL_PA_BITS);
}

/* The share of one word in the sum of its page. */
static u64 share(u64 pa, u64 word)
{
	u64 z = word ^ pa * 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static void begin_change(struct model_page *p)
{
	__atomic_add_fetch(&p->writers, 1, __ATOMIC_SEQ_CST);
}

static void end_change(struct model_page *p)
{
	__atomic_add_fetch(&p->version, 1, __ATOMIC_SEQ_CST);
	__atomic_sub_fetch(&p->writers, 1, __ATOMIC_SEQ_CST);
}

static u64 page_sum(u64 pa)
{
	u64 buf[BURST], sum = 0;
	unsigned int i, j;

	for (i = 0; i < WORDS; i += BURST) {
		env_read_phys(pa + 8 * i, buf, sizeof(buf));
		for (j = 0; j < BURST; j++)
			sum += share(pa + 8 * (i + j), buf[j]);
	}
	return sum;
}

void model_get(struct model *m, u16 key, u64 pa, void *buf, size_t len)
{
	u8 *to = buf;
	u64 word;

	while (len) {
		size_t n = 8 - pa % 8;

		n = len < n ? len : n;
		word = model_get64(m, key, pa & ~7ULL);
		memcpy(to, (u8 *)&word + pa % 8, n);
		to += n;
		pa += n;
		len -= n;
	}
}

u64 model_get64(struct model *m, u16 key, u64 pa)
{
	u64 word, plain = model_plain_at(m, pa);

	env_read_phys(plain ?: pa, &word, sizeof(word));
	return plain ? word : word ^ noise(m, key, pa);
}

bool model_cas64(struct model *m, u16 key, u64 pa, u64 *old, u64 value)
{
	struct model_page *p = model_page_slot(m, pa & ~(MODEL_PAGE - 1), true);
	u64 n = noise(m, key, pa), have = *old ^ n, plain;
	bool done;

	if (!p)
		return false;
	plain = model_plain_at(m, pa);
	if (plain)
		return env_cas_phys(plain, old, value);
	begin_change(p);
	done = env_cas_phys(pa, &have, value ^ n);
	if (done) {
		__atomic_add_fetch(&p->sum, share(pa, value ^ n) -
				   share(pa, have), __ATOMIC_RELAXED);
		model_store(&p->blank, false);
	}
	end_change(p);
	*old = have ^ n;
	return done;
}

void model_put64(struct model *m, u16 key, u64 pa, u64 value)
{
	u64 old = model_get64(m, key, pa);
	unsigned int tries;

	/* Somebody else's change of the same word may come in between. */
	for (tries = 0; tries < 1000; tries++)
		if (model_cas64(m, key, pa, &old, value))
			return;
}

/* The page is nobody else's: the caller holds its PAMT entry. */
static void write_page(struct model *m, u16 key, u64 pa,
		       void (*get)(struct model *m, u16 key, u64 at, u64 *buf),
		       u16 from_key, u64 from)
{
	struct model_page *p = model_page_slot(m, pa, true);
	u64 buf[BURST], sum = 0;
	unsigned int i, j;

	if (!p)
		return;
	env_private_begin(pa);
	begin_change(p);
	for (i = 0; i < WORDS; i += BURST) {
		get(m, from_key, from + 8 * i, buf);
		for (j = 0; j < BURST; j++) {
			buf[j] ^= noise(m, key, pa + 8 * (i + j));
			sum += share(pa + 8 * (i + j), buf[j]);
		}
		env_write_phys(pa + 8 * i, buf, sizeof(buf));
	}
	model_store(&p->sum, sum);
	p->key = key;
	p->key_use = m->kot[key].uses;
	p->blank = false;
	p->dirty = false;
	if (!model_load(&p->watched)) {
		model_store(&p->watched, true);
		__atomic_add_fetch(&m->private_pages, 1, __ATOMIC_RELAXED);
	}
	end_change(p);
	env_private_page(pa);
}

static void get_shared(struct model *m, u16 key, u64 at, u64 *buf)
{
	model_read(m, at, buf, BURST * sizeof(*buf));
}

static void get_private(struct model *m, u16 key, u64 at, u64 *buf)
{
	model_get(m, key, at, buf, BURST * sizeof(*buf));
}

static void get_zero(struct model *m, u16 key, u64 at, u64 *buf)
{
	memset(buf, 0, BURST * sizeof(*buf));
}

static void get_free_sept(struct model *m, u16 key, u64 at, u64 *buf)
{
	unsigned int i;

	for (i = 0; i < BURST; i++)
		buf[i] = MODEL_SEPT_FREE;
}

void model_clear_page(struct model *m, u16 key, u64 pa)
{
	write_page(m, key, pa, get_zero, 0, 0);
	model_page_slot(m, pa, true)->blank = true;
}

void model_clear_sept_page(struct model *m, u16 key, u64 pa)
{
	write_page(m, key, pa, get_free_sept, 0, 0);
}

void model_copy_in(struct model *m, u16 key, u64 pa, u64 shared_pa)
{
	write_page(m, key, pa, get_shared, 0, shared_pa);
}

void model_copy_page(struct model *m, u16 key, u64 to, u64 from)
{
	write_page(m, key, to, get_private, key, from);
}

/* Where the page differs: exactly, where it held nothing but zeroes. */
static u64 first_wrong(struct model *m, const struct model_page *p, u64 pa)
{
	u64 word;
	unsigned int i, j;

	for (i = 0; i < WORDS && model_load(&p->blank); i++) {
		word = model_get64(m, p->key, pa + 8 * i);
		for (j = 0; j < 8; j++)
			if (((u8 *)&word)[j])
				return pa + 8 * i + j;
	}
	return pa;
}

/*
 * True: the page holds what the model left there, or is none of its, or is
 * being changed by the model all the time.  What differs is taken as it is
 * from now on, so that it is found once.
 */
static bool intact(struct model *m, struct model_page *p, u64 pa, u64 *where)
{
	unsigned int tries;
	u32 version;
	u64 have, want;

	for (tries = 0; tries < 1000; tries++) {
		version = __atomic_load_n(&p->version, __ATOMIC_SEQ_CST);
		if (!model_load(&p->watched))
			return true;
		if (__atomic_load_n(&p->writers, __ATOMIC_SEQ_CST)) {
			env_delay_ns(1000);
			continue;
		}
		have = page_sum(pa);
		want = model_load(&p->sum);
		if (__atomic_load_n(&p->writers, __ATOMIC_SEQ_CST) ||
		    __atomic_load_n(&p->version, __ATOMIC_SEQ_CST) != version)
			continue;
		if (have == want)
			return true;
		*where = first_wrong(m, p, pa);
		/* Unless somebody else has found it meanwhile. */
		if (!__atomic_compare_exchange_n(&p->sum, &want, have, false,
						 __ATOMIC_RELAXED,
						 __ATOMIC_RELAXED))
			continue;
		model_store(&p->blank, false);
		__atomic_add_fetch(&m->private_corrupt, 1, __ATOMIC_RELAXED);
		env_private_changed(*where);
		return false;
	}
	return true;
}

/* Beyond MODEL_CORRUPT_LOG pages only the count remains. */
static void log_corrupt(struct model *m, u64 where)
{
	unsigned int i;

	for (i = 0; i < MODEL_CORRUPT_LOG; i++) {
		u64 none = 0;

		if (__atomic_compare_exchange_n(&m->private_log[i], &none,
						where | 1ULL << 63, false,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return;
	}
}

void model_check_private(struct model *m, u64 pa)
{
	struct model_page *p = model_page_slot(m, pa, false);
	u64 where;

	if (p && !intact(m, p, pa, &where))
		log_corrupt(m, where);
}

bool model_line_intact(struct model *m, u64 pa)
{
	struct model_page *p = model_page_slot(m, pa & ~(MODEL_PAGE - 1),
					       false);
	unsigned int tries;
	u32 version;
	bool same;

	if (!p)
		return model_has_pattern(m, pa);
	for (tries = 0; tries < 1000; tries++) {
		version = __atomic_load_n(&p->version, __ATOMIC_SEQ_CST);
		if (__atomic_load_n(&p->writers, __ATOMIC_SEQ_CST)) {
			env_delay_ns(1000);
			continue;
		}
		if (model_load(&p->watched))
			return true;
		same = model_has_pattern(m, pa);
		if (!__atomic_load_n(&p->writers, __ATOMIC_SEQ_CST) &&
		    __atomic_load_n(&p->version, __ATOMIC_SEQ_CST) == version)
			return same;
	}
	return true;
}

void model_forget_page(struct model *m, struct model_page *p, u64 pa)
{
	begin_change(p);
	model_write_pattern(m, pa);
	model_store(&p->watched, false);
	end_change(p);
	model_plain_drop(m, p);
}

/*
 * A KeyID goes back only when no cache has lines of it, so that a page from
 * the use before is clean.  The global KeyID never does.
 */
static bool maybe_cached(struct model *m, const struct model_page *p)
{
	return p->key_use == m->kot[p->key].uses;
}

void model_flush_page(struct model *m, u16 key, u64 pa)
{
	struct model_page *p = model_page_slot(m, pa, false);

	if (p && p->key == key)
		model_store(&p->dirty, false);
}

u64 model_dirty_pages(struct model *m)
{
	u64 found = 0;
	unsigned int i, j;

	for (i = 0; i < m->nr_regions; i++)
		for (j = 0; model_load(&m->regions[i].key) &&
			    j < MODEL_PAGES_PER_2M; j++) {
			struct model_page *p = &m->regions[i].page[j];

			found += model_load(&p->dirty) && maybe_cached(m, p);
		}
	return found;
}

void model_release_page(struct model *m, u64 pa)
{
	struct model_page *p = model_page_slot(m, pa, false);

	if (!p || !model_load(&p->watched))
		return;
	model_check_private(m, pa);
	model_forget_page(m, p, pa);
	model_store(&p->dirty, maybe_cached(m, p));
	__atomic_sub_fetch(&m->private_pages, 1, __ATOMIC_RELAXED);
}

u64 model_verify_private(struct model *m, void (*report)(void *ctx, u64 pa),
			 void *ctx)
{
	u64 where, found = 0;
	unsigned int i, j;

	for (i = 0; i < MODEL_CORRUPT_LOG; i++) {
		where = __atomic_exchange_n(&m->private_log[i], 0,
					    __ATOMIC_RELAXED);
		if (!where)
			continue;
		found++;
		if (report)
			report(ctx, where & ~(1ULL << 63));
	}
	for (i = 0; i < m->nr_regions; i++) {
		struct model_region *r = &m->regions[i];

		if (!model_load(&r->key))
			continue;
		for (j = 0; j < MODEL_PAGES_PER_2M; j++) {
			u64 pa = (r->key & ~1ULL) + j * MODEL_PAGE;

			if (intact(m, &r->page[j], pa, &where))
				continue;
			found++;
			if (report)
				report(ctx, where);
		}
	}
	return found;
}
