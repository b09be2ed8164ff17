// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a TD's CPUID says: computed by TDH.MNG.INIT, shown to the host as
 * CPUID_VALUES, and to the guest by the instruction.
 * Source: TDX Module ABI 1.5, "CPUID Virtualization"; TDX Module Base spec,
 * "CPUID Virtualization", "Extended Features Enumeration", "CPUID_VALUES"
 * field codes.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "x86.h"

#define NONE			MODEL_NO_SUBLEAF
#define MAX_BASIC		0x23
#define RESERVED_FIRST		0x40000000U
#define RESERVED_LAST		0x4fffffffU

/* Field code of CPUID_VALUES: 0 element, 7:1 subleaf, 8 none, 16:9 leaf. */
#define CODE_ELEMENT		1U
#define CODE_SUBLEAF_SHIFT	1
#define CODE_NO_SUBLEAF		0x1feU
#define CODE_LEAF_SHIFT		9
#define CODE_LEAF_31		(1U << 16)
#define CODE_RESERVED		0xfe0000U
#define CODE_FIELD		0x7fU

#define XFAM_USER		0x602ffU
#define XFAM_LAST		18
#define XSAVE_LEGACY		576	/* bytes, with the header */

/* Bits of the virtual values that something hangs on. */
#define LEAF1_ECX_MONITOR	(1U << 3)
#define LEAF1_ECX_OSXSAVE	(1U << 27)
#define LEAF7_EBX_HLE		(1U << 4)
#define LEAF7_EBX_RTM		(1U << 11)
#define LEAF7_ECX_OSPKE		(1U << 4)
#define LEAF7_ECX_LA57		(1U << 16)
#define LEAF7_ECX_KL		(1U << 23)
#define LEAF7_ECX_PKS		(1U << 31)
#define LEAF71_EAX_PERFMON	(1U << 8)
#define LEAFD_ECX_XFD		(1U << 2)
#define LEAFD1_EAX_XFD		(1U << 4)
#define EXT1_EDX_SYSCALL	(1U << 11)
#define CR4_PKE			(1U << 22)
#define CR4_OSXSAVE		(1U << 18)
#define MSR_ARCH_CAPABILITIES	0x10a
#define ARCH_CAPS_TSX_CTRL	(1U << 7)

enum { EAX, EBX, ECX, EDX };

/**
 * struct virtual_row - a leaf that a TD has, or that is #VE for it
 * @leaf: EAX
 * @subleaf: ECX, NONE: any
 * @faulting: #VE; no value
 * @one: bits that are always 1 (EAX EBX ECX EDX)
 * @zero: bits that are 0, or follow what the guest does
 */
struct virtual_row {
	u32 leaf, subleaf;
	bool faulting;
	u32 one[4], zero[4];
};

#define ROW(l, s, ...)		{ l, s, false, { 0 }, { __VA_ARGS__ } }
#define FAULT(l, s)		{ l, s, true, { 0 }, { 0 } }
#define ALL			~0U, ~0U, ~0U, ~0U
#define EMPTY(l)		ROW(l, NONE, ALL)
#define CACHE(n)		ROW(4, n, 0x3c00, 0, 0, 4)
#define XSAVE(n)		ROW(0xd, n, 0, 0, 0, ~0U)

/* In the TDX module's order, which is that of CPUID_VALUES. */
static const struct virtual_row rows[MODEL_CPUID_VALUES] = {
	{ 1, NONE, false, { 0, 0, 0x80000000, 0x200 },
	  { 0xf000c000, 0xff0000ff, 0x08010060, 0x40120400 } },
	CACHE(0), CACHE(1), CACHE(2),
	ROW(4, 3, 0x3c00, 0, 0, 0xfffffff8),
	ROW(7, 0, 0, 0x404006, 0x643e8010, 0x2298c3),
	ROW(7, 1, 0xffffe2cf, ~0U, ~0U, ~0U),
	ROW(0xa, NONE, 0, 0, 0, 0xffff6000),
	ROW(0x1c, NONE, 0),
	ROW(0x80000008, NONE, 0xffff0000, 0xfffffdff, ~0U, ~0U),
	{ 0, NONE, false, { MAX_BASIC }, { ~(u32)MAX_BASIC } },
	EMPTY(3),
	ROW(4, 4, ALL),
	FAULT(6, NONE),
	ROW(7, 2, ~0U, ~0U, ~0U, 0xffffffc0),
	EMPTY(8),
	ROW(0xd, 0, 0xfff9fd18, ~0U, 0, ~0U),
	ROW(0xd, 1, 0xffffffe0, ~0U, 0xffff26ff, ~0U),
	XSAVE(2), XSAVE(3), XSAVE(4), XSAVE(5), XSAVE(6), XSAVE(7), XSAVE(8),
	XSAVE(9), XSAVE(0xa), XSAVE(0xb), XSAVE(0xc), XSAVE(0xd), XSAVE(0xe),
	XSAVE(0xf), XSAVE(0x10), XSAVE(0x11), XSAVE(0x12),
	EMPTY(0xe), EMPTY(0x11), EMPTY(0x12), EMPTY(0x13),
	ROW(0x14, 0, 0, 0xfffffe00, 0x7ffffff0, ~0U),
	ROW(0x14, 1, 0xfff8, 0, ~0U, ~0U),
	{ 0x15, NONE, false, { 1, 0, 25000000 },
	  { ~1U, 0, ~25000000U, ~0U } },
	ROW(0x19, NONE, 0xfffffff8, 0xffffffeb, 0xfffffffd, ~0U),
	ROW(0x1d, 0, 0), ROW(0x1d, 1, 0), ROW(0x1e, NONE, 0),
	FAULT(0x1f, 0), FAULT(0x1f, 1), FAULT(0x1f, 2), FAULT(0x1f, 3),
	FAULT(0x1f, 4), FAULT(0x1f, 5),
	EMPTY(0x20),
	/* "IntelTDX    " */
	{ 0x21, 0, false, { 0, 0x65746e49, 0x20202020, 0x5844546c },
	  { ~0U, ~0x65746e49U, ~0x20202020U, ~0x5844546cU } },
	{ 0x80000000, NONE, false, { 0x80000008 },
	  { ~0x80000008U, ~0U, ~0U, ~0U } },
	ROW(0x80000001, NONE, ~0U, ~0U, 0xfffffede, 0xd3efffff),
	FAULT(0x80000006, NONE),
	ROW(0x80000007, NONE, ~0U, ~0U, ~0U, 0xfffffeff),
	EMPTY(0x22),
	ROW(0x23, 0, 0xfffffff0, 0, ~0U, ~0U),
	ROW(0x23, 1, 0, 0, ~0U, ~0U),
	ROW(0x23, 2, ALL),
	ROW(0x23, 3, 0, ~0U, ~0U, ~0U),
	ROW(5, NONE, 0xffff0000, 0xffff0000, 0xfffffffc, 0),
};

/**
 * struct xfam_row - bits of a leaf that XFAM allows
 * @leaf: of rows[]
 * @subleaf: of rows[]
 * @xfam: features that a TD must all have
 * @bits: else these are 0
 */
struct xfam_row {
	u32 leaf, subleaf, xfam;
	u32 bits[4];
};

static const struct xfam_row xfam_rows[] = {
	{ 1, NONE, 1U << 2, { 0, 0, 0x30001000, 0 } },
	{ 7, 0, 1U << 2, { 0, 0x20, 0x600, 0 } },
	{ 7, 0, 7U << 5, { 0, 0xdc230000, 0x5842, 0x80010c } },
	{ 7, 0, 1U << 8, { 0, 0x2000000, 0, 0 } },
	{ 7, 0, 1U << 9, { 0, 0, 8, 0 } },
	{ 7, 0, 3U << 11, { 0, 0, 0x80, 0x100000 } },
	{ 7, 0, 1U << 14, { 0, 0, 0, 0x20 } },
	{ 7, 0, 1U << 15, { 0, 0, 0, 0x80000 } },
	{ 7, 0, 3U << 17, { 0, 0, 0, 0x3400000 } },
	{ 7, 1, 7U << 5, { 0x30, 0, 0, 0 } },
	{ 0xd, 0, 1U << 2, { 4, 0, 0, 0 } },
	{ 0xd, 0, 7U << 5, { 0xe0, 0, 0, 0 } },
	{ 0xd, 0, 1U << 9, { 0x200, 0, 0, 0 } },
	{ 0xd, 0, 3U << 17, { 0x60000, 0, 0, 0 } },
	{ 0xd, 1, 1U << 8, { 0, 0, 0x100, 0 } },
	{ 0xd, 1, 3U << 11, { 0, 0, 0x1800, 0 } },
	{ 0xd, 1, 1U << 14, { 0, 0, 0x4000, 0 } },
	{ 0xd, 1, 1U << 15, { 0, 0, 0x8000, 0 } },
	{ 0x14, 0, 1U << 8, { ALL } },
	{ 0x14, 1, 1U << 8, { ALL } },
	{ 0x1c, NONE, 1U << 15, { ALL } },
	{ 0x1d, 0, 3U << 17, { ALL } },
	{ 0x1d, 1, 3U << 17, { ALL } },
};

static int find_row(u32 leaf, u32 subleaf)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].leaf == leaf && (rows[i].subleaf == NONE ||
					     rows[i].subleaf == subleaf))
			return i;
	return -1;
}

static u32 *value_of(struct model_td *td, u32 leaf, u32 subleaf)
{
	return td->cpuid[find_row(leaf, subleaf)];
}

/* Which of TD_PARAMS' values are for this row; -1: none. */
static int find_config(const struct virtual_row *r)
{
	unsigned int i;

	for (i = 0; i < MODEL_CPUID_CONFIGS; i++)
		if (model_cpuid_configs[i].leaf == r->leaf &&
		    model_cpuid_configs[i].subleaf == r->subleaf)
			return i;
	return -1;
}

/* XSAVE's area for the features of @xfam that XCR0 has, not compacted. */
static u32 xsave_size(const struct model *m, u64 xfam)
{
	u32 regs[4], size = XSAVE_LEGACY;
	unsigned int i;

	for (i = 2; i <= XFAM_LAST; i++) {
		if (!(xfam & XFAM_USER & 1U << i))
			continue;
		model_frozen_cpuid(m, 0xd, i, regs);
		if (regs[EBX] + regs[EAX] > size)
			size = regs[EBX] + regs[EAX];
	}
	return size;
}

/* Whether the TD has a feature whose use can be made to fault. */
static bool has_xfd(const struct model *m, u64 xfam)
{
	unsigned int i;
	u32 regs[4];

	for (i = 2; i <= XFAM_LAST; i++) {
		model_frozen_cpuid(m, 0xd, i, regs);
		if (xfam & 1U << i && regs[ECX] & LEAFD_ECX_XFD)
			return true;
	}
	return false;
}

static void apply_xfam(u64 xfam, const struct virtual_row *r, u32 v[4])
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(xfam_rows); i++) {
		const struct xfam_row *x = &xfam_rows[i];

		if (x->leaf != r->leaf || x->subleaf != r->subleaf ||
		    (xfam & x->xfam) == x->xfam)
			continue;
		for (j = 0; j < 4; j++)
			v[j] &= ~x->bits[j];
	}
}

static bool perfmon_leaf(struct model_td *td)
{
	return td->attributes & ATTR_PERFMON &&
	       value_of(td, 7, 1)[EAX] & LEAF71_EAX_PERFMON;
}

/* 0, or the family, model and stepping that the CPU has. */
static u64 check_fms(const struct model *m, u32 *eax)
{
	if (!*eax)
		*eax = model_pkg_fms(m);
	return *eax == model_pkg_fms(m) ? 0 : OPERAND_INVALID(CPUID_CONFIG);
}

static u64 check_tsx(struct model *m, unsigned int lp, u32 ebx)
{
	if (!(ebx & LEAF7_EBX_HLE) != !(ebx & LEAF7_EBX_RTM))
		return OPERAND_INVALID(CPUID_CONFIG);
	if (ebx & LEAF7_EBX_HLE &&
	    !(model_msr(m, lp, MSR_ARCH_CAPABILITIES) & ARCH_CAPS_TSX_CTRL))
		return (u64)TDX_ST_INCORRECT_MSR_VALUE | MSR_ARCH_CAPABILITIES;
	return 0;
}

static void clear(u32 v[4], bool keep)
{
	if (!keep)
		memset(v, 0, 4 * sizeof(*v));
}

static u64 compute_features(struct model *m, unsigned int lp,
			    struct model_td *td, u32 subleaf, u32 v[4])
{
	if (subleaf)
		return 0;
	v[ECX] &= ~(LEAF7_ECX_PKS | LEAF7_ECX_KL);
	if (td->attributes & ATTR_PKS)
		v[ECX] |= LEAF7_ECX_PKS;
	return check_tsx(m, lp, v[EBX]);
}

static void compute_xsave(const struct model *m, const struct model_td *td,
			  u32 subleaf, u32 v[4])
{
	if (subleaf > 1)
		clear(v, td->xfam & 1U << subleaf);
	else if (!subleaf)
		v[ECX] = xsave_size(m, td->xfam);
	else if (!has_xfd(m, td->xfam))
		v[EAX] &= ~LEAFD1_EAX_XFD;
}

/* What masks cannot say.  Rows that it looks at come before the row itself. */
static u64 compute_row(struct model *m, unsigned int lp, struct model_td *td,
		       const struct virtual_row *r, u32 v[4])
{
	switch (r->leaf) {
	case 1:
		return check_fms(m, &v[EAX]);
	case 5:
		clear(v, value_of(td, 1, 0)[ECX] & LEAF1_ECX_MONITOR);
		break;
	case 7:
		return compute_features(m, lp, td, r->subleaf, v);
	case 0xa:
		clear(v, td->attributes & ATTR_PERFMON);
		break;
	case 0xd:
		compute_xsave(m, td, r->subleaf, v);
		break;
	case 0x15:
		v[EBX] = td->tsc_frequency;
		break;
	case 0x19:
		clear(v, false);
		break;
	case 0x23:
		clear(v, perfmon_leaf(td));
		break;
	case 0x80000008:
		v[EAX] &= ~0xff00U;
		v[EAX] |= value_of(td, 7, 0)[ECX] & LEAF7_ECX_LA57 ? 57 << 8 :
								     48 << 8;
		break;
	}
	return 0;
}

/* Configured bits: as they are, or allowed where the CPU has them. */
static u64 configure(const struct model_cpuid_config *c, const u32 value[4],
		     u32 v[4])
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		if (value[i] & ~(c->direct[i] | c->allow[i]))
			return OPERAND_INVALID(CPUID_CONFIG);
		v[i] = (v[i] & ~c->direct[i]) | (value[i] & c->direct[i]);
		v[i] &= value[i] | ~c->allow[i];
	}
	return 0;
}

static u64 set_row(struct model *m, unsigned int lp, struct model_td *td,
		   unsigned int row, const u32 (*config)[4])
{
	const struct virtual_row *r = &rows[row];
	u32 *v = td->cpuid[row];
	int i, c = find_config(r);
	u64 status = 0;

	model_frozen_cpuid(m, r->leaf, r->subleaf, v);
	for (i = 0; i < 4; i++)
		v[i] = (v[i] & ~r->zero[i]) | r->one[i];
	if (c >= 0)
		status = configure(&model_cpuid_configs[c], config[c], v);
	if (status)
		return status;
	apply_xfam(td->xfam, r, v);
	return compute_row(m, lp, td, r, v);
}

u64 model_td_set_cpuid(struct model *m, unsigned int lp, struct model_td *td,
		       const u32 (*config)[4], u64 *leaf)
{
	unsigned int i;
	u64 status;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		status = set_row(m, lp, td, i, config);
		if (status == OPERAND_INVALID(CPUID_CONFIG))
			*leaf = rows[i].leaf | (u64)rows[i].subleaf << 32;
		if (status)
			return status;
	}
	return 0;
}

bool model_td_cpuid_valid(unsigned int row)
{
	return row < ARRAY_SIZE(rows) && !rows[row].faulting;
}

u64 model_td_cpuid_find(u32 code, unsigned int *element)
{
	u32 leaf, subleaf;
	int row;

	if (code & CODE_RESERVED)
		return TDX_ST_METADATA_FIELD_ID_INCORRECT;
	leaf = code >> CODE_LEAF_SHIFT & CODE_FIELD;
	if (code & CODE_LEAF_31)
		leaf |= 1U << 31;
	subleaf = code & 1U << 8 ? NONE :
				   code >> CODE_SUBLEAF_SHIFT & CODE_FIELD;
	row = find_row(leaf, subleaf);
	if (row < 0)
		return TDX_ST_METADATA_FIELD_ID_INCORRECT;
	*element = 2 * row + (code & CODE_ELEMENT);
	return model_td_cpuid_valid(row) ? 0 :
		TDX_ST_METADATA_FIELD_NOT_READABLE;
}

u32 model_td_cpuid_code(unsigned int element)
{
	const struct virtual_row *r = &rows[element / 2];
	u32 code = (r->leaf & CODE_FIELD) << CODE_LEAF_SHIFT;

	if (r->leaf & 1U << 31)
		code |= CODE_LEAF_31;
	code |= r->subleaf == NONE ? CODE_NO_SUBLEAF :
				     r->subleaf << CODE_SUBLEAF_SHIFT;
	return code | element % 2;
}

/* Leaves beyond the maximum are as the last one, as on every Intel CPU. */
static u32 known_leaf(u32 leaf)
{
	if (leaf >= RESERVED_FIRST && leaf <= RESERVED_LAST)
		return leaf;
	if (leaf > 0x80000008 || (leaf > MAX_BASIC && leaf < 0x80000000))
		return MAX_BASIC;
	return leaf;
}

bool model_td_cpuid(const struct model_guest *g, u32 leaf, u32 subleaf,
		    u32 regs[4])
{
	const struct model_cpu *c = &g->v->cpu;
	int row;

	leaf = known_leaf(leaf);
	row = find_row(leaf, subleaf);
	if (row < 0 || rows[row].faulting || g->v->cpuid_ve[0])
		return false;
	memcpy(regs, g->td->cpuid[row], 4 * sizeof(*regs));
	switch (leaf) {
	case 1:
		regs[EBX] |= g->v->index << 24;
		if (c->cr4 & CR4_OSXSAVE)
			regs[ECX] |= LEAF1_ECX_OSXSAVE;
		break;
	case 7:
		if (!subleaf && c->cr4 & CR4_PKE)
			regs[ECX] |= LEAF7_ECX_OSPKE;
		break;
	case 0xd:	/* the interpreter has no XCR0 but the initial one */
		if (subleaf < 2)
			regs[EBX] = XSAVE_LEGACY;
		break;
	case 0x80000001:
		if (c->code64)
			regs[EDX] |= EXT1_EDX_SYSCALL;
		break;
	}
	return true;
}
