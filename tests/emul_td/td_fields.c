// SPDX-License-Identifier: GPL-2.0-only
/*
 * Metadata that a TD can read, in the order of a walk, and the little that it
 * can write.  What there is and a TD cannot read is known by its id alone.
 *
 * Source: TDX Module ABI 1.5, "Metadata Access Interface" and the tables of
 * global, TD and VCPU fields.
 */
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "td.h"

/* Field id: the parts that find a field, and those that must be 0. */
#define ID_FIND			0x3f00000000ffffffULL	/* class, code */
#define ID_CONTEXT		0x0070000000000000ULL
/* 31:24, 37:34, 46:38, 49:47, 55, 62: reserved, and of lists only. */
#define ID_ZERO			0x4083fffcff000000ULL
#define ID_NONE			(~0ULL)

struct field {
	u64 id;			/* of the first element */
	u16 nr;			/* elements, their ids one apart */
	bool readable;
	u64 (*get)(unsigned int cpu, unsigned int element);
	/* Not NULL: the bits that can be written, and how. */
	u64 (*writable)(void);
	void (*set)(unsigned int cpu, u64 value);
};

#define FIXED(name, number)						\
	static u64 get_##name(unsigned int cpu, unsigned int element)	\
	{								\
		return (number);					\
	}

FIXED(zero, 0)
FIXED(vendor, 0x8086)
FIXED(minor, 5)
FIXED(major, 1)
FIXED(nr_features, 1)
FIXED(features0, 0xf0fbf)
FIXED(l2_attr, 0x807f)
FIXED(attributes, td.attributes)
FIXED(xfam, td.xfam)
FIXED(gpaw, td.gpaw == 52)
FIXED(vcpus, num_present_cpus())
FIXED(max_vcpus, nr_cpu_ids)
FIXED(tsc_frequency, 40)
FIXED(config_flags, td.config_flags)
FIXED(notify_enables, td.notify_enables)
FIXED(td_ctls, td.td_ctls)
FIXED(vcpu_index, cpu)
FIXED(supervisor_ve, td.vcpu[cpu].cpuid_ve & 1)
FIXED(user_ve, td.vcpu[cpu].cpuid_ve >> 1)

static u64 get_rtmr(unsigned int cpu, unsigned int element)
{
	u64 part;

	memcpy(&part, (u8 *)td.rtmr + 8 * element, sizeof(part));
	return part;
}

static u64 bit0(void)
{
	return 1;
}

static void set_notify_enables(unsigned int cpu, u64 value)
{
	td.notify_enables = value;
}

static void set_td_ctls(unsigned int cpu, u64 value)
{
	td.td_ctls = value;
}

static void set_supervisor_ve(unsigned int cpu, u64 value)
{
	td.vcpu[cpu].cpuid_ve = (td.vcpu[cpu].cpuid_ve & ~1) | value;
}

static void set_user_ve(unsigned int cpu, u64 value)
{
	td.vcpu[cpu].cpuid_ve = (td.vcpu[cpu].cpuid_ve & ~2) | value << 1;
}

#define R(id, nr, get)		{ id, nr, true, get_##get, NULL, NULL }
#define RW(id, name)		{ id, 1, true, get_##name, bit0, set_##name }
#define HIDDEN(id, nr)		{ id, nr, false, NULL, NULL, NULL }

static const struct field sys_fields[] = {
	HIDDEN(0x0000000200000000, 1),		/* NUM_PKGS */
	R(0x0800000200000000, 1, vendor),	/* VENDOR_ID */
	R(0x0800000100000003, 1, minor),	/* MINOR_VERSION */
	R(0x0800000100000004, 1, major),	/* MAJOR_VERSION */
	HIDDEN(0x0800000100000005, 1),		/* UPDATE_VERSION */
	R(0x0a00000200000000, 1, zero),		/* SYS_ATTRIBUTES */
	R(0x0a00000000000001, 1, nr_features),	/* NUM_TDX_FEATURES */
	R(0x0a00000300000008, 1, features0),	/* TDX_FEATURES0 */
	HIDDEN(0x9000000100000000, 1),		/* NUM_CMRS */
	R(0xa000000300000000, 1, zero),		/* MIG_ATTRIBUTES */
	R(0x2000000100000001, 4, zero),		/* MIN/MAX_EXPORT, IMPORT */
	R(0xa200000100000000, 1, l2_attr),	/* GUEST_L2_GPA_ATTR_MASK */
};

static const struct field td_fields[] = {
	HIDDEN(0x8010000000000001, 1),		/* FATAL */
	R(0x8010000300000020, 4, zero),		/* TD_UUID */
	HIDDEN(0x8110000100000001, 1),		/* HKID */
	R(0x9010000200000001, 1, vcpus),	/* NUM_VCPUS */
	HIDDEN(0x9010000200000004, 1),		/* OP_STATE */
	R(0x9010000100000005, 1, zero),		/* NUM_L2_VMS */
	R(0x1110000300000000, 1, attributes),	/* ATTRIBUTES */
	R(0x1110000300000001, 1, xfam),		/* XFAM */
	R(0x1110000200000002, 1, max_vcpus),	/* MAX_VCPUS */
	R(0x1110000000000003, 1, gpaw),		/* GPAW */
	R(0x111000010000000c, 1, tsc_frequency), /* TSC_FREQUENCY, 25 MHz */
	RW(0x9110000300000010, notify_enables),	/* NOTIFY_ENABLES */
	R(0x1110000300000016, 1, config_flags),	/* CONFIG_FLAGS */
	RW(0x1110000300000017, td_ctls),	/* TD_CTLS */
	R(0x1310000300000000, 6, zero),		/* MRTD */
	R(0x1310000300000010, 6, zero),		/* MRCONFIGID */
	R(0x1310000300000018, 6, zero),		/* MROWNER */
	R(0x1310000300000020, 6, zero),		/* MROWNERCONFIG */
	R(0x1310000300000040, 24, rtmr),	/* RTMR */
	R(0x9810000300000040, 4, zero),		/* PRE_IMPORT_UUID */
	R(0x9910000300000000, 6, zero),		/* SERVTD_HASH */
	R(0x9910000100000006, 1, zero),		/* SERVTD_NUM */
	R(0x9910000300000080, 16, zero),	/* SERVTD_BINDINGS_TABLE */
};

static const struct field vp_fields[] = {
	HIDDEN(0x0220000200000000, 1),		/* EXIT_REASON */
	HIDDEN(0x1020000300000000, 1),		/* RAX */
	R(0xa020000200000002, 1, vcpu_index),	/* VCPU_INDEX */
	RW(0xa020000000000007, supervisor_ve),	/* CPUID_SUPERVISOR_VE */
	RW(0xa020000000000008, user_ve),	/* CPUID_USER_VE */
};

static const struct field *fields_of(enum td_context ctx, unsigned int *nr)
{
	switch (ctx) {
	case TD_CTX_SYS:
		*nr = ARRAY_SIZE(sys_fields);
		return sys_fields;
	case TD_CTX_TD:
		*nr = ARRAY_SIZE(td_fields);
		return td_fields;
	case TD_CTX_VP:
		break;
	}
	*nr = ARRAY_SIZE(vp_fields);
	return vp_fields;
}

/* The first field that can be read from @i on, and its id; else ID_NONE. */
static u64 first_from(const struct field *f, unsigned int nr, unsigned int i)
{
	for (; i < nr; i++)
		if (f[i].readable)
			return f[i].id;
	return ID_NONE;
}

/*
 * Only class and code find a field.  Returns its place, @nr if there is none;
 * @status says what the request is worth.
 */
static unsigned int find(const struct field *f, unsigned int nr, u64 id,
			 unsigned int *element, u64 *status)
{
	unsigned int i;

	*status = TDX_ST_METADATA_FIELD_ID_INCORRECT;
	if (id & ID_ZERO)
		return nr;
	for (i = 0; i < nr; i++) {
		u64 first = f[i].id & ID_FIND, wanted = id & ID_FIND;

		if (wanted < first || wanted >= first + f[i].nr)
			continue;
		*element = wanted - first;
		*status = f[i].readable ? TDX_ST_SUCCESS :
					  TDX_ST_METADATA_FIELD_NOT_READABLE;
		return i;
	}
	return nr;
}

u64 td_field_read(unsigned int cpu, enum td_context ctx, u64 id, u64 *value,
		  u64 *next)
{
	unsigned int nr, i, element;
	const struct field *f = fields_of(ctx, &nr);
	u64 status;

	if (next && (id | ID_CONTEXT) == ID_NONE) {
		*next = first_from(f, nr, 0);
		return TDX_ST_METADATA_FIRST_FIELD_ID_IN_CONTEXT;
	}
	i = find(f, nr, id, &element, &status);
	if (status != TDX_ST_SUCCESS)
		return status;
	*value = f[i].get(cpu, element);
	if (next)
		*next = element + 1 < f[i].nr ? f[i].id + element + 1 :
						first_from(f, nr, i + 1);
	return TDX_ST_SUCCESS;
}

u64 td_field_write(unsigned int cpu, enum td_context ctx, u64 id, u64 value,
		   u64 mask, u64 *old)
{
	unsigned int nr, i, element;
	const struct field *f = fields_of(ctx, &nr);
	u64 status;

	i = find(f, nr, id, &element, &status);
	if (i == nr)
		return status;
	if (!f[i].set)
		return TDX_ST_METADATA_FIELD_NOT_WRITABLE;
	*old = f[i].get(cpu, element);
	value = (*old & ~mask) | (value & mask);
	if (value & ~f[i].writable()) {
		*old = 0;
		return TDX_ST_METADATA_FIELD_VALUE_NOT_VALID;
	}
	f[i].set(cpu, value);
	return TDX_ST_SUCCESS;
}
