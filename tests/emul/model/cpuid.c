// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUID: what a Sapphire Rapids answers, what TDH.SYS.INIT wants to see and
 * what TDH.SYS.LP.INIT compares.
 * Source: TDX Module ABI 1.5, "CPUID Virtualization" and the CPUID checks of
 * the two leaves.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "internal.h"

#define MAX_BASIC	0x20
#define MAX_EXTENDED	0x80000008U
#define FMS		0x806f8
#define PKG_SHIFT	9	/* LP numbers fit: MODEL_MAX_LPS is 512 */

/**
 * struct cpuid_row - one leaf that the TDX module looks at
 * @leaf: EAX
 * @subleaf: ECX, MODEL_NO_SUBLEAF: the leaf has none
 * @mask: bits that TDH.SYS.INIT verifies (EAX EBX ECX EDX)
 * @value: what they must be
 * @same: bits that every LP must share, compared by TDH.SYS.LP.INIT
 * @native: what the model's CPU answers
 */
struct cpuid_row {
	u32 leaf, subleaf;
	u32 mask[4], value[4], same[4], native[4];
};

#define ALL	{ ~0U, ~0U, ~0U, ~0U }
#define ANY	{ 0 }, { 0 }
#define PLAIN(l, s, ...) { l, s, ANY, ALL, { __VA_ARGS__ } }

/* In the order in which the TDX module goes through them. */
static const struct cpuid_row rows[] = {
	{ 1, MODEL_NO_SUBLEAF,
	  { 0, 0xff00, 0x47faa217, 0x1fa9fbff },
	  { 0, 0x0800, 0x47faa217, 0x1fa9fbff },
	  { 0xf000c000, 0xffff, 0xf7ffff9f, 0xffffffff },
	  { FMS, 0x800800, 0x77fefbff, 0xbfebfbff } },
	{ 4, 0, { 0, 0xfff, 0, 0 }, { 0, 0x3f, 0, 0 }, ALL,
	  { 0x04121, 0x02c0003f, 0x3f, 0 } },
	{ 4, 1, { 0, 0xfff, 0, 0 }, { 0, 0x3f, 0, 0 }, ALL,
	  { 0x04122, 0x01c0003f, 0x3f, 0 } },
	{ 4, 2, { 0, 0xfff, 0, 0 }, { 0, 0x3f, 0, 0 }, ALL,
	  { 0x04143, 0x03c0003f, 0x7ff, 0 } },
	{ 4, 3, { 0xe0, 0xfff, 0, 1 }, { 0x60, 0x3f, 0, 0 }, ALL,
	  { ((1U << PKG_SHIFT) - 1) << 14 | 0x163, 0x0380003f, 0x1bfff, 4 } },
	{ 7, 0,
	  { 0xffffffff, 0x219424c3, 0x99000000, 0xfc082600 },
	  { 2, 0x219424c3, 0x99000000, 0xfc080400 },
	  { 0xffffffff, 0xfffffffb, 0xbfc1ff6f, 0xffebffff },
	  { 2, 0xf3bfbffb, 0xfb417ffe, 0xffdd4432 } },
	PLAIN(7, 1, 0x1c30, 0, 0, 0),
	{ 0xa, MODEL_NO_SUBLEAF,
	  { 0xff00, 0, 0xffffff80, 0x8000 }, { 0x800, 0, 0, 0x8000 }, ALL,
	  { 0x08300805, 0, 0xf, 0x8604 } },
	PLAIN(0x1c, MODEL_NO_SUBLEAF, 0x4000000b, 7, 7, 0),
	{ 0x80000008, MODEL_NO_SUBLEAF,
	  { 0xff, 0x200, 0, 0 }, { 0x34, 0x200, 0, 0 }, ALL,
	  { 0x3934, 0x200, 0, 0 } },
	{ 0, MODEL_NO_SUBLEAF,
	  { 0, 0xffffffff, 0xffffffff, 0xffffffff },
	  { 0, 0x756e6547, 0x6c65746e, 0x49656e69 }, ALL,
	  { MAX_BASIC, 0x756e6547, 0x6c65746e, 0x49656e69 } },
	{ 4, 4, { 0x1f, 0, 0, 0 }, { 0 }, ALL, { 0 } },
	{ 6, MODEL_NO_SUBLEAF, { 0x800000, 0, 0, 0 }, { 0 },
	  { 0x800000, 0, 0, 0 }, { 0x001f8ff7, 2, 9, 0 } },
	{ 7, 2, { 0, 0, 0, 0x17 }, { 0, 0, 0, 0x17 }, ALL, { 0, 0, 0, 0x17 } },
	{ 0xd, 0, { 3, 0, 0, 0 }, { 3, 0, 0, 0 },
	  { ~0U, 0, ~0U, ~0U }, { 0x602e7, 0xa88, 0x2b00, 0 } },
	{ 0xd, 1, { 0xf, 0, 0x1800, 0 }, { 0xf, 0, 0x1800, 0 },
	  { ~0U, 0, ~0U, ~0U }, { 0x1f, 0xa88, 0x1900, 0 } },
	PLAIN(0xd, 2, 0x100, 0x240, 0, 0),
	PLAIN(0xd, 3, 0), PLAIN(0xd, 4, 0),
	PLAIN(0xd, 5, 0x40, 0x440, 0, 0), PLAIN(0xd, 6, 0x200, 0x480, 0, 0),
	PLAIN(0xd, 7, 0x400, 0x680, 0, 0), PLAIN(0xd, 8, 0x80, 0, 1, 0),
	PLAIN(0xd, 9, 8, 0xa80, 0, 0), PLAIN(0xd, 0xa, 0),
	PLAIN(0xd, 0xb, 0x10, 0, 1, 0), PLAIN(0xd, 0xc, 0x18, 0, 1, 0),
	PLAIN(0xd, 0xd, 0), PLAIN(0xd, 0xe, 0), PLAIN(0xd, 0xf, 0),
	PLAIN(0xd, 0x10, 0), PLAIN(0xd, 0x11, 0x40, 0xac0, 2, 0),
	PLAIN(0xd, 0x12, 0x2000, 0xb00, 6, 0),
	{ 0x14, 0, { ~0U, 0, 0, 0 }, { 1, 0, 0, 0 }, ALL,
	  { 1, 0x5f, 7, 0 } },
	PLAIN(0x14, 1, 0x2490002, 0x3fff003f, 0, 0),
	PLAIN(0x15, MODEL_NO_SUBLEAF, 2, 0xa8, 0x17d7840, 0),
	{ 0x19, MODEL_NO_SUBLEAF, ANY, { ~0U, ~0U - 1, ~0U, ~0U }, { 0 } },
	PLAIN(0x1d, 0, 1, 0, 0, 0),
	PLAIN(0x1d, 1, 0x4002000, 0x80040, 0x10, 0),
	PLAIN(0x1e, MODEL_NO_SUBLEAF, 0, 0x4010, 0, 0),
	/* EDX, the x2APIC id, is filled in by model_cpuid(). */
	{ 0x1f, 0, ANY, { ~0U, ~0U, ~0U, 0 }, { 1, 2, 0x100, 0 } },
	{ 0x1f, 1, ANY, { ~0U, ~0U, ~0U, 0 }, { PKG_SHIFT, 64, 0x201, 0 } },
	{ 0x1f, 2, ANY, { ~0U, ~0U, ~0U, 0 }, { 0, 0, 2, 0 } },
	{ 0x1f, 3, ANY, { ~0U, ~0U, ~0U, 0 }, { 0, 0, 3, 0 } },
	{ 0x1f, 4, ANY, { ~0U, ~0U, ~0U, 0 }, { 0, 0, 4, 0 } },
	{ 0x1f, 5, { 0, 0, 0xff00, 0 }, { 0 }, { ~0U, ~0U, ~0U, 0 },
	  { 0, 0, 5, 0 } },
	PLAIN(0x80000000, MODEL_NO_SUBLEAF, MAX_EXTENDED, 0, 0, 0),
	{ 0x80000001, MODEL_NO_SUBLEAF, { 0, 0, 0x121, 0x2c100800 },
	  { 0, 0, 0x121, 0x2c100800 }, ALL, { 0, 0, 0x121, 0x2c100800 } },
	{ 0x80000006, MODEL_NO_SUBLEAF, { 0, 0, 0xff, 0 }, { 0, 0, 0x40, 0 },
	  { 0, 0, 0xff, 0 }, { 0, 0, 0x8007040, 0 } },
	{ 0x80000007, MODEL_NO_SUBLEAF, { 0, 0, 0, 0x100 }, { 0, 0, 0, 0x100 },
	  { 0, 0, 0, 0x100 }, { 0, 0, 0, 0x100 } },
	PLAIN(0x23, 0, 0),
	{ 0x23, 1, { 0xffffff00, 0xfffffff0, 0, 0 }, { 0 }, ALL, { 0 } },
	PLAIN(0x23, 2, 0), PLAIN(0x23, 3, 0),
	PLAIN(5, MODEL_NO_SUBLEAF, 0x40, 0x40, 3, 0x2020),
};

static u32 x2apic_id(const struct model *m, unsigned int lp)
{
	return (u32)m->lp[lp].pkg << PKG_SHIFT | lp;
}

static bool same_leaf(u32 leaf, u32 subleaf, u32 l, u32 s)
{
	return leaf == l && (s == MODEL_NO_SUBLEAF || subleaf == s);
}

void model_cpuid(const struct model *m, unsigned int lp, u32 leaf,
		 u32 subleaf, u32 regs[4])
{
	unsigned int i, n = model_load(&m->nr_cpuid_ov);

	for (i = n; i-- > 0;)
		if (m->cpuid_ov[i].lp == lp &&
		    same_leaf(leaf, subleaf, m->cpuid_ov[i].leaf,
			      m->cpuid_ov[i].subleaf)) {
			memcpy(regs, m->cpuid_ov[i].regs, sizeof(u32) * 4);
			return;
		}
	memset(regs, 0, sizeof(u32) * 4);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (same_leaf(leaf, subleaf, rows[i].leaf, rows[i].subleaf)) {
			memcpy(regs, rows[i].native, sizeof(u32) * 4);
			break;
		}
	if (leaf == 0x1f)
		regs[3] = x2apic_id(m, lp);
	if (leaf == 1)
		regs[1] |= x2apic_id(m, lp) << 24;
}

int model_override_cpuid(struct model *m, unsigned int lp, u32 leaf,
			 u32 subleaf, const u32 regs[4])
{
	unsigned int i, n = m->nr_cpuid_ov;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (same_leaf(leaf, subleaf, rows[i].leaf, rows[i].subleaf))
			break;
	if (lp >= MODEL_MAX_LPS || i == ARRAY_SIZE(rows))
		return -EINVAL;
	if (n == MODEL_CPUID_OVERRIDES)
		return -ENOSPC;
	m->cpuid_ov[n].lp = lp;
	m->cpuid_ov[n].leaf = leaf;
	m->cpuid_ov[n].subleaf = rows[i].subleaf;
	memcpy(m->cpuid_ov[n].regs, regs, sizeof(m->cpuid_ov[n].regs));
	model_store(&m->nr_cpuid_ov, n + 1);
	return 0;
}

u32 model_pkg_fms(const struct model *m)
{
	return FMS;
}

static bool above_maximum(const struct model *m, unsigned int lp, u32 leaf)
{
	u32 base = leaf & 0x80000000;
	u32 regs[4];

	/* The leaf that tells the maximum is always there. */
	model_cpuid(m, lp, base, 0, regs);
	return leaf != base && leaf > regs[0];
}

static u64 pack(u32 low, u32 high)
{
	return low | (u64)high << 32;
}

static u64 incorrect(const struct cpuid_row *r, struct model_regs *out)
{
	out->rcx = pack(r->leaf, r->subleaf);
	out->rdx = pack(r->mask[0], r->mask[1]);
	out->r8 = pack(r->mask[2], r->mask[3]);
	out->r9 = pack(r->value[0], r->value[1]);
	out->r10 = pack(r->value[2], r->value[3]);
	return TDX_ST_INCORRECT_CPUID_VALUE;
}

/**
 * struct topology - what CPUID 0x1F has said so far
 * @last: type of the last level, 0: none yet
 * @ended: a level of type 0 came
 * @core: there is a core level
 * @levels: valid levels
 * @shift: bits of the x2APIC id below the package, by the last level
 */
struct topology {
	u32 last;
	bool ended;
	bool core;
	unsigned int levels;
	unsigned int shift;
};

/* SMT 1, core 2, module 3, tile 4, die 5; 0 ends the list. */
static bool topology_level(struct topology *t, const u32 regs[4])
{
	u32 type = regs[2] >> 8 & 0xff;

	if (!type) {
		t->ended = true;
		return true;
	}
	if (t->ended || type <= t->last || type > 5)
		return false;
	t->last = type;
	t->levels++;
	t->core |= type == 2;
	t->shift = regs[0] & 0x1f;
	return true;
}

/* The rules of a leaf that a mask cannot say. */
static u64 row_rules(const struct cpuid_row *r, const u32 regs[4],
		     struct topology *t, struct model_regs *out)
{
	switch (r->leaf) {
	case 0xa:	/* version, fixed counters */
		if ((regs[0] & 0xff) < 5 || (regs[3] & 0x1f) > 7)
			return incorrect(r, out);
		return 0;
	case 0x15:
		return regs[1] ? 0 :
			(u64)TDX_ST_CPUID_LEAF_NOT_SUPPORTED | 0x15;
	case 0x1f:
		return topology_level(t, regs) ? 0 :
			TDX_ST_CPUID_LEAF_1F_FORMAT_UNRECOGNIZED;
	default:
		return 0;
	}
}

static u64 check_row(struct model *m, unsigned int lp,
		     const struct cpuid_row *r, struct topology *t,
		     struct model_regs *out)
{
	u32 regs[4] = { 0 };
	unsigned int i;

	if (!above_maximum(m, lp, r->leaf))
		model_cpuid(m, lp, r->leaf, r->subleaf, regs);
	for (i = 0; i < 4; i++)
		if ((regs[i] & r->mask[i]) != r->value[i])
			return incorrect(r, out);
	return row_rules(r, regs, t, out);
}

static const struct cpuid_row *find_row(u32 leaf)
{
	const struct cpuid_row *r = rows;

	while (r->leaf != leaf)
		r++;
	return r;
}

static u64 check_widths(struct model *m, unsigned int lp,
			const struct topology *t, struct model_regs *out)
{
	u32 regs[4];
	bool la57;

	if (!t->levels || !t->core)
		return TDX_ST_CPUID_LEAF_NOT_SUPPORTED;
	model_cpuid(m, lp, 4, 3, regs);
	if ((regs[0] >> 14 & 0xfff) + 1 != 1U << t->shift)
		return TDX_ST_INVALID_WBINVD_SCOPE;
	model_cpuid(m, lp, 7, 0, regs);
	la57 = regs[2] & 1U << 16;
	model_cpuid(m, lp, 0x80000008, 0, regs);
	if ((regs[0] >> 8 & 0xff) != (la57 ? 57 : 48) ||
	    (regs[0] & 0xff) != MODEL_PA_BITS)
		return incorrect(find_row(0x80000008), out);
	return 0;
}

/* TDH.SYS.INIT, everything that it asks of CPUID. */
u64 model_check_cpuid(struct model *m, unsigned int lp, struct model_regs *out)
{
	struct topology t = { 0 };
	u32 regs[4];
	unsigned int i;
	u64 status;

	model_cpuid(m, lp, 0, 0, regs);
	if (regs[0] < 0x1f)
		return (u64)TDX_ST_CPUID_LEAF_NOT_SUPPORTED | 0x1f;
	model_cpuid(m, lp, 0x80000000, 0, regs);
	if (regs[0] < MAX_EXTENDED)
		return (u64)TDX_ST_CPUID_LEAF_NOT_SUPPORTED | MAX_EXTENDED;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		status = check_row(m, lp, &rows[i], &t, out);
		if (status)
			return status;
	}
	status = check_widths(m, lp, &t, out);
	if (!status)
		m->pkg_shift = t.shift;
	return status;
}

void model_freeze_cpuid(struct model *m, unsigned int lp)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		model_cpuid(m, lp, rows[i].leaf, rows[i].subleaf,
			    m->init_cpuid[i]);
}

void model_frozen_cpuid(const struct model *m, u32 leaf, u32 subleaf,
			u32 regs[4])
{
	unsigned int i;

	memset(regs, 0, sizeof(u32) * 4);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].leaf == leaf && rows[i].subleaf == subleaf)
			memcpy(regs, m->init_cpuid[i], sizeof(u32) * 4);
}

/* TDH.SYS.LP.INIT. */
u64 model_compare_cpuid(struct model *m, unsigned int lp,
			struct model_regs *out)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct cpuid_row *r = &rows[i];
		u32 regs[4];

		if (above_maximum(m, lp, r->leaf))
			continue;
		model_cpuid(m, lp, r->leaf, r->subleaf, regs);
		for (j = 0; j < 4; j++) {
			if (!((regs[j] ^ m->init_cpuid[i][j]) & r->same[j]))
				continue;
			out->rcx = pack(r->leaf, r->subleaf);
			out->rdx = pack(r->same[0], r->same[1]);
			out->r8 = pack(r->same[2], r->same[3]);
			return TDX_ST_INCONSISTENT_CPUID_FIELD;
		}
	}
	return 0;
}

unsigned int model_lp_package(struct model *m, unsigned int lp)
{
	u32 regs[4];

	model_cpuid(m, lp, 0x1f, 0, regs);
	return regs[3] >> m->pkg_shift;
}
