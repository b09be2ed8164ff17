// SPDX-License-Identifier: GPL-2.0-only
/*
 * Global metadata by TDH.SYS.RD, read once into one struct.
 *
 * NUM_CMRS counts the slots of the table, empty ones included.  Empty slots
 * may lie between used ones, and are left out here.
 *
 * A value that code further on could not bear is refused here, by its name:
 * from here on sizes can be multiplied, arrays sized, addresses added.
 *
 * Source: TDX Module ABI 1.5, "Global Scope Metadata Fields".
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/stddef.h>

#include "compat/compat.h"
#include "error.h"
#include "platform.h"
#include "seamcall.h"
#include "status.h"
#include "sysinfo.h"
#include "tdmr/region.h"

#define FIELD_NUM_CMRS			0x9000000100000000ULL
#define FIELD_CMR_BASE			0x9000000300000080ULL
#define FIELD_CMR_SIZE			0x9000000300000100ULL
#define FIELD_NUM_CPUID_CONFIG		0x9900000100000004ULL
#define FIELD_CPUID_CONFIG_LEAVES	0x9900000300000400ULL
#define FIELD_CPUID_CONFIG_VALUES	0x9900000300000500ULL

/*
 * What is asked of more than one field, or is no field of the struct.
 * A PAMT that takes a quarter of the memory, and areas that make a TDMR_INFO
 * larger than a page, are nonsense, and there are up to TDMR_MAX of the
 * latter in one allocation.  Ids of CPUID_CONFIG_VALUES have room for that
 * many before the next field begins.
 */
#define PAMT_ENTRY_MAX		1024
#define RESERVED_MAX		255
#define CPUID_CONFIG_MAX	128
#define PAGES_MAX		(U16_MAX & PAGE_MASK)

/**
 * struct sysinfo_field - a metadata field and where it goes
 * @name: as the struct has it
 * @id: metadata field id
 * @min: smallest value that is taken
 * @max: largest one
 * @offset: in struct tdx_host_sysinfo
 * @size: bytes there
 * @step: what values must be a multiple of
 * @needed: bring-up fails without it; other fields stay 0 where the TDX module
 *	    does not have them
 */
struct sysinfo_field {
	const char *name;
	u64 id;
	u64 min;
	u64 max;
	u16 offset;
	u16 step;
	u8 size;
	bool needed;
};

#define BOUNDED(id, member, needed, min, max, step)		\
	{ #member, (id), (min), (max),				\
	  offsetof(struct tdx_host_sysinfo, member), (step),	\
	  sizeof_field(struct tdx_host_sysinfo, member), (needed) }

/* Any value that fits. */
#define FIELD(id, member, needed)				\
	BOUNDED(id, member, needed, 0,				\
		U64_MAX >> (64 - 8 *				\
			    sizeof_field(struct tdx_host_sysinfo, member)), 1)

#define PAGES(id, member)					\
	BOUNDED(id, member, false, PAGE_SIZE, PAGES_MAX, PAGE_SIZE)

static const struct sysinfo_field sysinfo_fields[] = {
	FIELD(0x0800000100000004ULL, major_version, true),
	FIELD(0x0800000100000003ULL, minor_version, true),
	FIELD(0x0800000100000005ULL, update_version, false),
	FIELD(0x0800000100000006ULL, internal_version, false),
	FIELD(0x8800000100000002ULL, build_num, false),
	FIELD(0x8800000200000001ULL, build_date, false),
	FIELD(0x0a00000300000008ULL, features0, false),
	BOUNDED(0x9100000100000008ULL, max_tdmrs, true, 1, U16_MAX, 1),
	BOUNDED(0x9100000100000009ULL, max_reserved_per_tdmr, true,
		0, RESERVED_MAX, 1),
	BOUNDED(0x9100000100000010ULL, pamt_4k_entry_size, true,
		1, PAMT_ENTRY_MAX, 1),
	BOUNDED(0x9100000100000011ULL, pamt_2m_entry_size, true,
		1, PAMT_ENTRY_MAX, 1),
	BOUNDED(0x9100000100000012ULL, pamt_1g_entry_size, true,
		1, PAMT_ENTRY_MAX, 1),
	/* A TDR is a page: who makes one hands over no more. */
	BOUNDED(0x9800000100000000ULL, tdr_base_size, false,
		PAGE_SIZE, PAGE_SIZE, PAGE_SIZE),
	PAGES(0x9800000100000100ULL, tdcs_base_size),
	PAGES(0x9800000100000200ULL, tdvps_base_size),
	FIELD(0x1900000300000000ULL, attributes_fixed0, false),
	FIELD(0x1900000300000001ULL, attributes_fixed1, false),
	FIELD(0x1900000300000002ULL, xfam_fixed0, false),
	FIELD(0x1900000300000003ULL, xfam_fixed1, false),
	FIELD(0x9900000100000008ULL, max_vcpus_per_td, false),
};

static struct tdx_host_sysinfo *sysinfo;

static u64 sysinfo_read_field(u64 id, u64 *value)
{
	struct tdx_regs args = { .rdx = id };
	u64 status = tdx_host_call(TDH_SYS_RD, &args, true);

	*value = status_done(status) ? args.r8 : 0;
	return status;
}

static int sysinfo_field_error(u64 id, u64 status)
{
	char call[ERROR_SENTENCE], sentence[ERROR_SENTENCE];

	if (tdx_status_is(status, TDX_ST_SYS_NOT_READY)) {
		error_set_cause(TDX_CAUSE_MODULE_1_0, NULL);
	} else {
		tdx_host_explain(call, sizeof(call), TDH_SYS_RD, status, -1,
				 NULL);
		scnprintf(sentence, sizeof(sentence), "metadata field %#llx: %s",
			  id, call);
		error_set(sentence);
	}
	return tdx_host_status_errno(TDH_SYS_RD, status) ?: -EIO;
}

static int sysinfo_read_needed(u64 id, u64 *value)
{
	u64 status = sysinfo_read_field(id, value);

	return status_done(status) ? 0 : sysinfo_field_error(id, status);
}

/* @bound: what would do, "1 to 5" */
static int sysinfo_refuse(const char *name, u64 id, const char *value,
			  const char *bound)
{
	error_set_cause(TDX_CAUSE_ODD_METADATA,
			"%s = %s, and tdx_host can go by %s only; metadata field %#llx",
			name, value, bound, id);
	return -EIO;
}

static int sysinfo_check(const struct sysinfo_field *f, u64 v)
{
	char value[24], bound[64];
	int n;

	if (v >= f->min && v <= f->max && !(v % f->step))
		return 0;
	scnprintf(value, sizeof(value), "%llu", v);
	n = scnprintf(bound, sizeof(bound), "%llu to %llu", f->min, f->max);
	if (f->step > 1)
		scnprintf(bound + n, sizeof(bound) - n, " in steps of %u",
			  f->step);
	return sysinfo_refuse(f->name, f->id, value, bound);
}

static int sysinfo_read_fields(struct tdx_host_sysinfo *si)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(sysinfo_fields); i++) {
		const struct sysinfo_field *f = &sysinfo_fields[i];
		u64 value, status = sysinfo_read_field(f->id, &value);

		if (!f->needed &&
		    tdx_status_is(status, TDX_ST_METADATA_FIELD_ID_INCORRECT))
			continue;
		if (!status_done(status))
			return sysinfo_field_error(f->id, status);
		err = sysinfo_check(f, value);
		if (err)
			return err;
		/* Little-endian: the low bytes are the value. */
		memcpy((u8 *)si + f->offset, &value, f->size);
	}
	return 0;
}

static int sysinfo_refuse_cmr(const char *name, u64 id, u64 bytes,
			      const char *what)
{
	char value[24], bound[64];

	scnprintf(value, sizeof(value), "%#llx", bytes);
	scnprintf(bound, sizeof(bound), "what %s below %#llx in steps of %#llx",
		  what, REGION_PA_LIMIT, REGION_ALIGN);
	return sysinfo_refuse(name, id, value, bound);
}

/*
 * TDH.SYS.INIT fails where a CMR begins before the end of the one before it, so
 * a table in which one does comes from nobody who made that check.  Memory of
 * the SEAM range is closed to the kernel and to TDs.
 */
static int sysinfo_check_cmr_place(const struct tdx_host_cmr *cmr,
				   const struct tdx_host_cmr *before, u64 i)
{
	const struct platform_info *p = platform_get();
	u64 low = before ? before->base + before->size : 0;
	char value[24], bound[64];

	scnprintf(value, sizeof(value), "%#llx", cmr->base);
	if (cmr->base < low) {
		scnprintf(bound, sizeof(bound), "what is from %#llx on", low);
		return sysinfo_refuse("cmr_base", FIELD_CMR_BASE + i, value,
				      bound);
	}
	if (cmr->base < p->seamrr_base + p->seamrr_size &&
	    cmr->base + cmr->size > p->seamrr_base) {
		scnprintf(bound, sizeof(bound),
			  "what is outside the SEAM range [%#llx-%#llx)",
			  p->seamrr_base, p->seamrr_base + p->seamrr_size);
		return sysinfo_refuse("cmr_base", FIELD_CMR_BASE + i, value,
				      bound);
	}
	return 0;
}

/* Their sums are compared and sorted: an end that overflows must not be. */
static int sysinfo_check_cmr(const struct tdx_host_cmr *cmr,
			     const struct tdx_host_cmr *before, u64 i)
{
	if (!cmr->size)
		return 0;
	if (!IS_ALIGNED(cmr->base, REGION_ALIGN) ||
	    cmr->base >= REGION_PA_LIMIT)
		return sysinfo_refuse_cmr("cmr_base", FIELD_CMR_BASE + i,
					  cmr->base, "is");
	if (!IS_ALIGNED(cmr->size, REGION_ALIGN) ||
	    cmr->size > REGION_PA_LIMIT - cmr->base)
		return sysinfo_refuse_cmr("cmr_size", FIELD_CMR_SIZE + i,
					  cmr->size, "ends");
	return sysinfo_check_cmr_place(cmr, before, i);
}

static int sysinfo_read_cmrs(struct tdx_host_sysinfo *si)
{
	u64 slots, i;
	int err;

	err = sysinfo_read_needed(FIELD_NUM_CMRS, &slots);
	if (err)
		return err;
	if (slots > TDX_HOST_MAX_CMRS) {
		pr_warn("the TDX module has %llu CMR slots, only the first %u are used\n",
			slots, TDX_HOST_MAX_CMRS);
		slots = TDX_HOST_MAX_CMRS;
	}
	for (i = 0; i < slots; i++) {
		struct tdx_host_cmr *cmr = &si->cmrs[si->num_cmrs];

		err = sysinfo_read_needed(FIELD_CMR_BASE + i, &cmr->base) ?:
		      sysinfo_read_needed(FIELD_CMR_SIZE + i, &cmr->size) ?:
		      sysinfo_check_cmr(cmr, si->num_cmrs ? cmr - 1 : NULL, i);
		if (err)
			return err;
		if (cmr->size)
			si->num_cmrs++;
	}
	return 0;
}

static int sysinfo_read_cpuid_config(struct tdx_host_sysinfo *si)
{
	static const struct sysinfo_field num = {
		.name = "num_cpuid_config", .id = FIELD_NUM_CPUID_CONFIG,
		.max = CPUID_CONFIG_MAX, .step = 1,
	};
	u64 n, i;
	int err;

	err = sysinfo_read_needed(num.id, &n) ?: sysinfo_check(&num, n);
	if (err)
		return err;
	si->cpuid_config = kcalloc(n, sizeof(*si->cpuid_config), GFP_KERNEL);
	if (!si->cpuid_config)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		struct tdx_host_cpuid_config *c = &si->cpuid_config[i];
		u64 values = FIELD_CPUID_CONFIG_VALUES + 2 * i;
		u64 leaf, ab, cd;

		err = sysinfo_read_needed(FIELD_CPUID_CONFIG_LEAVES + i,
					  &leaf) ?:
		      sysinfo_read_needed(values, &ab) ?:
		      sysinfo_read_needed(values + 1, &cd);
		if (err)
			return err;
		c->leaf = lower_32_bits(leaf);
		c->subleaf = upper_32_bits(leaf);
		c->eax = lower_32_bits(ab);
		c->ebx = upper_32_bits(ab);
		c->ecx = lower_32_bits(cd);
		c->edx = upper_32_bits(cd);
	}
	si->num_cpuid_config = n;
	return 0;
}

static void sysinfo_release(struct tdx_host_sysinfo *si)
{
	if (!si)
		return;
	kfree(si->cpuid_config);
	kfree(si);
}

/**
 * sysinfo_read() - read the metadata, unless that was done before
 *
 * Context: Sleeps; bring-up only.  TDH.SYS.LP.INIT
 *	    must have succeeded on every online CPU.
 * Return: 0; -ENOMEM; -EIO where a value is nonsense, or the errno of the
 *	   TDH.SYS.RD that failed, both reported.
 */
int sysinfo_read(void)
{
	struct tdx_host_sysinfo *si;
	int err;

	might_sleep();
	if (sysinfo)
		return 0;
	si = kzalloc(sizeof(*si), GFP_KERNEL);
	if (!si)
		return -ENOMEM;
	err = sysinfo_read_fields(si) ?: sysinfo_read_cmrs(si) ?:
	      sysinfo_read_cpuid_config(si);
	if (err) {
		sysinfo_release(si);
		return err;
	}
	/* Pairs with tdx_host_get_sysinfo(). */
	smp_store_release(&sysinfo, si);
	pr_info("TDX module %u.%u.%02u build %u (%u), %u CMRs\n",
		si->major_version, si->minor_version, si->update_version,
		si->build_num, si->build_date, si->num_cmrs);
	return 0;
}

/**
 * sysinfo_free() - forget the metadata
 *
 * Context: Sleeps; no consumer is left, who could have a pointer to it.
 */
void sysinfo_free(void)
{
	sysinfo_release(sysinfo);
	sysinfo = NULL;
}

const struct tdx_host_sysinfo *tdx_host_get_sysinfo(void)
{
	return smp_load_acquire(&sysinfo);
}
TDX_HOST_EXPORT(tdx_host_get_sysinfo);
