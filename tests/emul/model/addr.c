// SPDX-License-Identifier: GPL-2.0-only
/*
 * Physical addresses as the TDX module sees them: KeyID bits, shared buffers,
 * CMRs, the pieces of a TDMR that are not reserved.
 * Source: TDX Module ABI 1.5, "Physical Memory Management".
 */
#include "internal.h"

/* KeyID bits lie right below bit 52, whatever the CPU's address width. */
u64 model_keyid_mask(const struct model *m)
{
	u64 top = 1ULL << MODEL_PA_BITS;

	return top - (top >> m->keyid_bits);
}

/* A private address in an operand: below 2^52, KeyID 0. */
bool model_pa_keyid0(const struct model *m, u64 pa)
{
	return !(pa >> MODEL_PA_BITS) && !(pa & model_keyid_mask(m));
}

bool model_ranges_overlap(u64 a, u64 asize, u64 b, u64 bsize)
{
	return asize && bsize && a < b + bsize && b < a + asize;
}

u64 model_pa_keyid(const struct model *m, u64 pa)
{
	return (pa & model_keyid_mask(m)) >> (MODEL_PA_BITS - m->keyid_bits);
}

bool model_keyid_private(const struct model *m, u64 keyid)
{
	return keyid > m->mktme_keyids && keyid < MODEL_MAX_KEYIDS &&
	       keyid <= (u64)m->mktme_keyids + m->tdx_keyids;
}

/*
 * A buffer that the module reads or writes on behalf of the host.  @align is
 * a power of two and also the length that must stay clear of SEAMRR: every
 * such buffer is as large as its alignment.
 */
bool model_shared_pa_ok(const struct model *m, u64 pa, u64 align)
{
	if (pa & (align - 1))
		return false;
	if (pa >> MODEL_PA_BITS)
		return false;
	if (model_ranges_overlap(pa & ~model_keyid_mask(m), align,
				 m->seamrr.base, m->seamrr.size))
		return false;
	return model_pa_keyid(m, pa) <= m->mktme_keyids;
}

/* The KeyID of a shared buffer chooses a key, not another place. */
void model_read(const struct model *m, u64 pa, void *buf, size_t len)
{
	env_read_phys(pa & ~model_keyid_mask(m), buf, len);
}

void model_write(const struct model *m, u64 pa, const void *buf, size_t len)
{
	env_write_phys(pa & ~model_keyid_mask(m), buf, len);
}

void model_write64(const struct model *m, u64 pa, u64 value)
{
	model_write(m, pa, &value, sizeof(value));
}

/*
 * CMRs that touch count as one; empty table slots between them do not
 * matter.  The table is ascending: TDH.SYS.INIT checked it.
 */
bool model_inside_one_cmr(const struct model *m, u64 base, u64 size)
{
	u64 end = base + size;
	u64 at = base;
	unsigned int i;

	for (i = 0; i < MODEL_MAX_CMRS; i++) {
		const struct model_cmr *c = &m->cmrs[i];

		if (!c->size || at < c->base || at >= c->base + c->size)
			continue;
		at = c->base + c->size;
		if (end <= at)
			return true;
	}
	return false;
}

/*
 * The pieces of a TDMR between its reserved areas, ascending.  *@area starts
 * at 0.  False when there is none left.
 */
bool model_next_piece(const struct model_tdmr *t, unsigned int *area,
		      struct model_range *piece)
{
	while (*area <= MODEL_MAX_RESERVED) {
		unsigned int i = (*area)++;
		u64 from = 0, to = t->area.size;

		if (i && !t->rsvd[i - 1].size)
			return false;
		if (i)
			from = t->rsvd[i - 1].base + t->rsvd[i - 1].size;
		if (i < MODEL_MAX_RESERVED && t->rsvd[i].size)
			to = t->rsvd[i].base;
		if (from >= to)
			continue;
		piece->base = t->area.base + from;
		piece->size = to - from;
		return true;
	}
	return false;
}
