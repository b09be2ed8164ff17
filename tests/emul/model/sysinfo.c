// SPDX-License-Identifier: GPL-2.0-only
/*
 * Global metadata: TDH.SYS.RD and TDH.SYS.RDALL, TDG.SYS.RD.
 * Source: TDX Module ABI 1.5, "Metadata Access" and "Global Scope Metadata";
 * the rows below are that table, in its order, which is the order of
 * enumeration.
 */
#include <linux/kernel.h>

#include "tdg.h"

#define ID_CODE(id)		((id) & 0xffffff)
#define ID_SIZE(id)		((id) >> 32 & 3)
#define ID_LAST_ELEMENT		34
#define ID_LAST_FIELD		38
#define ID_CONTEXT		(7ULL << 52)
#define ID_CLASS(id)		((id) >> 56 & 0x3f)
#define ID_NON_ARCH		(1ULL << 63)
/* 31:24, 49:47, 55, 62 are reserved; 46:34 say "one element". */
#define ID_MUST_BE_ZERO \
	(0xff000000ULL | 7ULL << 47 | 1ULL << 55 | 1ULL << 62 | \
	 0x1fffULL << ID_LAST_ELEMENT)
#define RDALL_SIZE		4096

enum value {
	CONSTANT,
	NUM_PKGS,
	PKG_FMS,
	SYS_ATTRIBUTES,
	FEATURES0,
	CMR_BASE,
	CMR_SIZE,
	CPUID_LEAVES,
	CPUID_VALUES,
	ALLOWED_FMS,
	BY_VERSION,		/* 1.5 in the low half, 2.0 in the high half */
};

/**
 * struct field - a metadata field, or an array of them
 * @id: of its first element
 * @fields: fields in the array
 * @elements: elements of each field
 * @kind: where its value comes from
 * @since: first module version that has it
 * @hidden: not readable by the host
 * @value: for CONSTANT, BY_VERSION
 */
struct field {
	u64 id;
	u16 fields;
	u16 elements;
	u8 kind;
	u8 since;
	bool hidden;
	u64 value;
};

#define ONE(id, value)		{ id, 1, 1, CONSTANT, MODEL_V1_5, false, value }
#define KIND(id, n, e, kind)	{ id, n, e, kind, MODEL_V1_5, false, 0 }
#define LATER(id, n, value)	{ id, n, 1, CONSTANT, MODEL_V2_0, false, value }
#define VERSIONS(id, v15, v20) \
	{ id, 1, 1, BY_VERSION, MODEL_V1_5, false, (v15) | (u64)(v20) << 32 }

static const struct field field_table[] = {
	KIND(0x0000000200000000ULL, 1, 1, NUM_PKGS),
	KIND(0x0000000200000001ULL, 8, 1, PKG_FMS),
	ONE(0x0800000200000000ULL, 0x8086),		/* VENDOR_ID */
	ONE(0x8800000200000001ULL, MODEL_BUILD_DATE),
	ONE(0x8800000100000002ULL, MODEL_BUILD_NUM),
	VERSIONS(0x0800000100000003ULL, 5, 0),		/* MINOR_VERSION */
	VERSIONS(0x0800000100000004ULL, 1, 2),		/* MAJOR_VERSION */
	ONE(0x0800000100000005ULL, 1),			/* UPDATE_VERSION */
	ONE(0x0800000100000006ULL, 0),			/* INTERNAL_VERSION */
	ONE(0x8900000100000000ULL, MODEL_HV),
	ONE(0x8900000100000001ULL, MODEL_MIN_UPDATE_HV),
	ONE(0x8900000000000002ULL, MODEL_NO_DOWNGRADE),
	ONE(0x8900000100000003ULL, 13),			/* NUM_HANDOFF_PAGES */
	ONE(0x8900000000000004ULL, 0),			/* HANDOFF_DATA_VALID */
	ONE(0x8900000100000005ULL, 0),			/* HANDOFF_DATA_HV */
	ONE(0x8900000200000006ULL, 0),			/* HANDOFF_DATA_SIZE */
	KIND(0x0a00000200000000ULL, 1, 1, SYS_ATTRIBUTES),
	VERSIONS(0x0a00000000000001ULL, 1, 2),		/* NUM_TDX_FEATURES */
	KIND(0x0a00000300000008ULL, 1, 1, FEATURES0),
	LATER(0x0a00000300000009ULL, 1, 0),
	ONE(0x9000000100000000ULL, 32),			/* NUM_CMRS */
	KIND(0x9000000300000080ULL, 32, 1, CMR_BASE),
	KIND(0x9000000300000100ULL, 32, 1, CMR_SIZE),
	ONE(0x9100000100000008ULL, MODEL_MAX_TDMRS),
	ONE(0x9100000100000009ULL, MODEL_MAX_RESERVED),
	ONE(0x9100000100000010ULL, MODEL_PAMT_ENTRY),	/* 4 KiB */
	ONE(0x9100000100000011ULL, MODEL_PAMT_ENTRY),	/* 2 MiB */
	ONE(0x9100000100000012ULL, MODEL_PAMT_ENTRY),	/* 1 GiB */
	LATER(0x9100000100000013ULL, 1, 1),
	/* Guests alone may read this one. */
	{ 0x9100000100000020ULL, 1, 1, CONSTANT, MODEL_V2_0, true, 0 },
	ONE(0x9800000100000000ULL, 0x1000),		/* TDR_BASE_SIZE */
	ONE(0x9800000100000100ULL, MODEL_TDCS_SIZE),
	ONE(0x9800000100000101ULL, 0x1000),		/* TDCS per L2 VM */
	ONE(0x9800000100000200ULL, MODEL_TDVPS_SIZE),
	ONE(0x9800000100000201ULL, 0x3000),		/* TDVPS per L2 VM */
	ONE(0x1900000300000000ULL, MODEL_ATTRIBUTES_FIXED0),
	ONE(0x1900000300000001ULL, 0),			/* ATTRIBUTES_FIXED1 */
	ONE(0x1900000300000002ULL, MODEL_XFAM_FIXED0),
	ONE(0x1900000300000003ULL, MODEL_XFAM_FIXED1),
	ONE(0x9900000100000004ULL, MODEL_CPUID_CONFIGS),
	ONE(0x9900000300000006ULL, 7),			/* CONFIG_FLAGS_FIXED0 */
	ONE(0x9900000300000007ULL, 0),			/* CONFIG_FLAGS_FIXED1 */
	LATER(0x9900000100000008ULL, 1, MODEL_VCPUS_PER_TD),
	KIND(0x9900000300000400ULL, 32, 1, CPUID_LEAVES),
	KIND(0x9900000300000500ULL, 32, 2, CPUID_VALUES),
	ONE(0x9900000300000600ULL, 0x1180010),		/* ARCH_CAP. mask */
	ONE(0x9900000100000800ULL, 1),			/* NUM_ALLOWED_FMS */
	ONE(0x9900000100000801ULL, 0),			/* NUM_DISALLOWED_FMS */
	KIND(0x9900000300000810ULL, 64, 1, ALLOWED_FMS),
	{ 0x9900000300000850ULL, 64, 1, CONSTANT, MODEL_V1_5, false, 0 },
	ONE(0xa000000300000000ULL, 0),			/* MIG_ATTRIBUTES */
	ONE(0x2000000100000001ULL, 0),			/* MIN_EXPORT_VERSION */
	ONE(0x2000000100000002ULL, 0),			/* MAX_EXPORT_VERSION */
	ONE(0x2000000100000003ULL, 0),			/* MIN_IMPORT_VERSION */
	ONE(0x2000000100000004ULL, 0),			/* MAX_IMPORT_VERSION */
	ONE(0xa000000100000010ULL, 0x200),		/* MAX_MIGS */
	ONE(0xa000000000000020ULL, 3),			/* immutable pages */
	ONE(0xa000000000000021ULL, 2),			/* TD state pages */
	ONE(0xa000000000000022ULL, 5),			/* VP state pages */
	ONE(0xa100000100000000ULL, 1),			/* MAX_SERV_TDS */
	ONE(0xa100000300000001ULL, 0x7ff00000001ULL),	/* SERVTD_ATTR */
	ONE(0xa100000300000002ULL, 0),
	ONE(0xa200000100000000ULL, 0x807f),		/* L2 GPA attributes */
	ONE(0xa200000300000001ULL, 1),			/* VM_CTLS */
	ONE(0xa200000300000002ULL, 0),
	ONE(0xa200000300000003ULL, 3),			/* VCPU_L2_CTLS */
	ONE(0xa200000300000004ULL, 0),
	ONE(0xa200000300000005ULL, 7),			/* L2_DEBUG_CTLS */
	ONE(0xa200000300000006ULL, 0),
	/* A class of its own, long enough that RDALL takes two calls. */
	LATER(0x2800000300000000ULL, 160, 0),
};

/* "CPUID_CONFIG", in the order of TD_PARAMS. */
const struct model_cpuid_config model_cpuid_configs[MODEL_CPUID_CONFIGS] = {
	{ 0x1, MODEL_NO_SUBLEAF, { 0x0fff3fff, 0x00ff0000, 0, 0 },
	  { 0, 0, 0x31044d88, 0xb8440000 } },
	{ 0x4, 0, { 0xffffc3ff, 0xfffff000, 0xffffffff, 0xfffffffb }, { 0 } },
	{ 0x4, 1, { 0xffffc3ff, 0xfffff000, 0xffffffff, 0xfffffffb }, { 0 } },
	{ 0x4, 2, { 0xffffc3ff, 0xfffff000, 0xffffffff, 0xfffffffb }, { 0 } },
	{ 0x4, 3, { 0xffffc3ff, 0xfffff000, 0xffffffff, 0x00000007 }, { 0 } },
	{ 0x7, 0, { 0 }, { 0, 0xdc2b9b18, 0x02417f65, 0x0005411c } },
	{ 0x7, 1, { 0 }, { 0x1d30, 0, 0, 0 } },
	{ 0xa, MODEL_NO_SUBLEAF, { 0 }, { 0 } },
	{ 0x1c, MODEL_NO_SUBLEAF, { 0 }, { 0xff, 0, 0, 0 } },
	{ 0x80000008, MODEL_NO_SUBLEAF, { 0 }, { 0, 0x200, 0, 0 } },
	{ 0x7, 2, { 0 }, { 0, 0, 0, 0x28 } },
	{ 0x23, 0, { 0 }, { 0xf, 0, 0, 0 } },
};

/* What 1.5 was recorded on reported none of the bits that a CPU must have. */
static u32 configurable(const struct model *m,
			const struct model_cpuid_config *c, unsigned int reg)
{
	u32 regs[4];

	if (m->version < MODEL_V2_0)
		return c->direct[reg];
	model_frozen_cpuid(m, c->leaf, c->subleaf, regs);
	return c->direct[reg] | (c->allow[reg] & regs[reg]);
}

u64 model_cpuid_configurable(const struct model *m, unsigned int config,
			     unsigned int element)
{
	const struct model_cpuid_config *c = &model_cpuid_configs[config];

	return configurable(m, c, 2 * element) |
	       (u64)configurable(m, c, 2 * element + 1) << 32;
}

static u64 cpuid_leaf(unsigned int i)
{
	const struct model_cpuid_config *c;

	if (i >= MODEL_CPUID_CONFIGS)
		return ~0ULL;
	c = &model_cpuid_configs[i];
	return c->leaf | (u64)c->subleaf << 32;
}

static u64 cpuid_value(const struct model *m, unsigned int i)
{
	return i / 2 >= MODEL_CPUID_CONFIGS ? 0 :
		model_cpuid_configurable(m, i / 2, i % 2);
}

/* Bits that 1.5.01 sets; 20 and up, 53 (SYS_DISABLE) in later modules. */
static u64 features0(const struct model *m)
{
	return m->version >= MODEL_V2_0 ? 0xf0fbf | 1ULL << 20 | 1ULL << 53 :
					  0xf0fbf;
}

static u64 field_value(const struct model *m, const struct field *f,
		       unsigned int i)
{
	unsigned int n;

	for (n = model_load(&m->nr_field_ov); n-- > 0;)
		if (m->field_ov[n].id == f->id + i)
			return m->field_ov[n].value;
	switch (f->kind) {
	case NUM_PKGS:
		return m->pkgs;
	case PKG_FMS:
		return i < m->pkgs ? model_pkg_fms(m) : 0;
	case SYS_ATTRIBUTES:
		return m->sys_attributes;
	case FEATURES0:
		return features0(m);
	case CMR_BASE:
		return m->cmrs[i].base;
	case CMR_SIZE:
		return m->cmrs[i].size;
	case CPUID_LEAVES:
		return cpuid_leaf(i);
	case CPUID_VALUES:
		return cpuid_value(m, i);
	case ALLOWED_FMS:
		return i ? 0 : model_pkg_fms(m);
	case BY_VERSION:
		return m->version >= MODEL_V2_0 ? f->value >> 32 :
						  (u32)f->value;
	default:
		return f->value;
	}
}

static unsigned int field_length(const struct field *f)
{
	return f->fields * f->elements;
}

static const struct field *field_end(void)
{
	return field_table + ARRAY_SIZE(field_table);
}

/* What a guest may read: little, and what is hidden from the host. */
static bool guest_readable(const struct field *f)
{
	static const u64 ids[] = {
		0x0800000200000000ULL,	/* VENDOR_ID */
		0x0800000100000003ULL,	/* MINOR_VERSION */
		0x0800000100000004ULL,	/* MAJOR_VERSION */
		0x0a00000200000000ULL,	/* SYS_ATTRIBUTES */
		0x0a00000000000001ULL,	/* NUM_TDX_FEATURES */
		0x0a00000300000008ULL,	/* TDX_FEATURES0 */
		0xa000000300000000ULL,	/* MIG_ATTRIBUTES */
		0x2000000100000001ULL,	/* MIN_EXPORT_VERSION */
		0x2000000100000002ULL,	/* MAX_EXPORT_VERSION */
		0x2000000100000003ULL,	/* MIN_IMPORT_VERSION */
		0x2000000100000004ULL,	/* MAX_IMPORT_VERSION */
		0xa200000100000000ULL,	/* GUEST_L2_GPA_ATTR_MASK */
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ids); i++)
		if (f->id == ids[i])
			return true;
	return f->hidden;
}

static bool readable(const struct model *m, const struct field *f)
{
	return m->version >= f->since && !f->hidden;
}

static bool readable_by(const struct model *m, const struct field *f,
			bool guest)
{
	return guest ? m->version >= f->since && guest_readable(f) :
		       readable(m, f);
}

/* The next field that the host, or a guest, may read, from @f on; NULL: none. */
static const struct field *next_readable_by(const struct model *m,
					    const struct field *f, bool guest)
{
	for (; f < field_end(); f++)
		if (readable_by(m, f, guest))
			return f;
	return NULL;
}

static const struct field *next_readable(const struct model *m,
					 const struct field *f)
{
	return next_readable_by(m, f, false);
}

/* Class and field code find the field; nothing else of the id counts. */
static const struct field *find_field(const struct model *m, u64 id,
				      unsigned int *element)
{
	const struct field *f;

	for (f = field_table; f < field_end(); f++) {
		if (m->version < f->since || ID_CLASS(f->id) != ID_CLASS(id))
			continue;
		if (ID_CODE(id) < ID_CODE(f->id) ||
		    ID_CODE(id) >= ID_CODE(f->id) + field_length(f))
			continue;
		*element = ID_CODE(id) - ID_CODE(f->id);
		return f;
	}
	return NULL;
}

int model_override_field(struct model *m, u64 id, u64 value)
{
	unsigned int i, n = m->nr_field_ov;
	const struct field *f = find_field(m, id, &i);

	if (!f || f->id + i != id)
		return -EINVAL;
	if (n == MODEL_FIELD_OVERRIDES)
		return -ENOSPC;
	m->field_ov[n].id = id;
	m->field_ov[n].value = value;
	model_store(&m->nr_field_ov, n + 1);
	return 0;
}

static u64 read_field(struct model *m, bool guest, u64 id, u64 *value,
		      u64 *next)
{
	const struct field *f;
	unsigned int i;

	id &= ~ID_CONTEXT;
	if (id == (MODEL_NULL_ID & ~ID_CONTEXT)) {
		*next = next_readable_by(m, field_table, guest)->id;
		return TDX_ST_METADATA_FIRST_FIELD_ID_IN_CONTEXT;
	}
	if (id & ID_MUST_BE_ZERO)
		return TDX_ST_METADATA_FIELD_ID_INCORRECT;
	f = find_field(m, id, &i);
	if (!f)
		return TDX_ST_METADATA_FIELD_ID_INCORRECT;
	if (!readable_by(m, f, guest))
		return TDX_ST_METADATA_FIELD_NOT_READABLE;

	*value = field_value(m, f, i);
	if (i + 1 < field_length(f)) {
		*next = f->id + i + 1;
	} else {
		f = next_readable_by(m, f + 1, guest);
		*next = f ? f->id : MODEL_NULL_ID;
	}
	return TDX_ST_SUCCESS;
}

u64 model_sys_rd(struct model *m, unsigned int lp, const struct model_regs *in,
		 struct model_regs *out)
{
	if (!model_load(&m->lp[lp].done))
		return TDX_ST_SYS_LP_INIT_NOT_DONE;
	return read_field(m, false, in->rdx, &out->r8, &out->rdx);
}

u64 model_tdg_sys_rd(struct model_guest *g, u64 *r)
{
	u64 id = r[GPR_RDX];

	r[GPR_RDX] = MODEL_NULL_ID;
	r[GPR_R8] = 0;
	return read_field(g->m, true, id, &r[GPR_R8], &r[GPR_RDX]);
}

/*
 * A sequence takes in the fields that follow it with consecutive codes, equal
 * class, element size and number of elements, whatever their bit 63.
 * Returns the first field after it.
 */
static const struct field *sequence_end(const struct model *m,
					const struct field *f)
{
	u64 code = ID_CODE(f->id) + field_length(f);
	const struct field *next = next_readable(m, f + 1);

	while (next && ID_CLASS(next->id) == ID_CLASS(f->id) &&
	       ID_SIZE(next->id) == ID_SIZE(f->id) &&
	       next->elements == f->elements && ID_CODE(next->id) == code) {
		code += field_length(next);
		next = next_readable(m, next + 1);
	}
	return next ? next : field_end();
}

static unsigned int write_sequence(const struct model *m, u64 pa,
				   const struct field *f,
				   const struct field *end)
{
	const struct field *first = f;
	unsigned int fields = 0, n = 0, i;

	for (; f && f < end; f = next_readable(m, f + 1)) {
		fields += f->fields;
		for (i = 0; i < field_length(f); i++)
			model_write64(m, pa + 8 + 8 * n++,
				      field_value(m, f, i));
	}
	model_write64(m, pa, first->id |
		      (u64)(first->elements - 1) << ID_LAST_ELEMENT |
		      (u64)(fields - 1) << ID_LAST_FIELD);
	return 8 + 8 * n;
}

static unsigned int sequence_size(const struct model *m,
				  const struct field *f,
				  const struct field *end)
{
	unsigned int n = 1;

	for (; f && f < end; f = next_readable(m, f + 1))
		n += field_length(f);
	return 8 * n;
}

static const struct field *rdall_start(const struct model *m, u64 id)
{
	const struct field *f;

	if (id == MODEL_NULL_ID)
		return next_readable(m, field_table);
	for (f = field_table; f < field_end(); f++)
		if (f->id == id && readable(m, f))
			return f;
	return NULL;
}

u64 model_sys_rdall(struct model *m, unsigned int lp,
		    const struct model_regs *in, struct model_regs *out)
{
	unsigned int size = 8, sequences = 0;
	const struct field *f, *end;
	u64 status = TDX_ST_SUCCESS;

	if (!model_load(&m->lp[lp].done))
		return TDX_ST_SYS_LP_INIT_NOT_DONE;
	if (!model_shared_pa_ok(m, in->rdx, RDALL_SIZE))
		return OPERAND_INVALID(RDX);
	f = rdall_start(m, in->r8);
	if (!f)
		return TDX_ST_METADATA_FIELD_ID_INCORRECT;

	for (; f && f < field_end(); f = end) {
		end = sequence_end(m, f);
		if (size + sequence_size(m, f, end) > RDALL_SIZE) {
			out->r8 = f->id;
			status = TDX_ST_METADATA_LIST_OVERFLOW;
			break;
		}
		size += write_sequence(m, in->rdx + size, f, end);
		sequences++;
	}
	/* List header: size 15:0, sequences 31:16, the rest reserved. */
	model_write64(m, in->rdx, size | sequences << 16);
	return status;
}
