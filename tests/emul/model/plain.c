// SPDX-License-Identifier: GPL-2.0-only
/*
 * Private pages as a guest has them.  A CPU that runs guests cannot decrypt, so
 * each page that its guest touches has a second one beside it, with the content
 * as it is, until the page goes back to the host.  From the first touch on that
 * one counts; the page itself, which the host can reach, goes on holding what
 * was there before, encrypted, and is watched as ever.
 */
#include <linux/string.h>

#include "engine.h"

#define BURST		32	/* words on the stack */

u64 model_plain_at(struct model *m, u64 pa)
{
	struct model_page *p;
	u64 plain;

	if (!m->engine)
		return 0;
	p = model_page_slot(m, pa & ~(MODEL_PAGE - 1), false);
	plain = p ? model_load(&p->plain) : 0;
	return plain ? plain + pa % MODEL_PAGE : 0;
}

/* @pa is a page that the TD with that KeyID has. */
u64 model_plain_page(struct model *m, u16 key, u64 pa)
{
	struct model_page *p = model_page_slot(m, pa, false);
	u64 buf[BURST], plain, page, at;
	bool blank;

	if (!p)
		return 0;
	plain = model_load(&p->plain);
	if (plain)
		return plain;
	page = m->engine->get_page();
	if (!page)
		return 0;
	blank = model_load(&p->blank);
	memset(buf, 0, sizeof(buf));
	for (at = 0; at < MODEL_PAGE; at += sizeof(buf)) {
		if (!blank)
			model_get(m, key, pa + at, buf, sizeof(buf));
		env_write_phys(page + at, buf, sizeof(buf));
	}
	/* Another LP may have come first, and its guest have written there. */
	if (__atomic_compare_exchange_n(&p->plain, &plain, page, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return page;
	m->engine->put_page(page);
	return plain;
}

void model_plain_drop(struct model *m, struct model_page *p)
{
	u64 plain = __atomic_exchange_n(&p->plain, 0, __ATOMIC_ACQ_REL);

	if (plain)
		m->engine->put_page(plain);
}
