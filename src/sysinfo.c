// SPDX-License-Identifier: GPL-2.0-only
/*
 * Global metadata by TDH.SYS.RD, read once into one struct.
 *
 * NUM_CMRS counts the slots of the table, empty ones included.  Empty slots
 * may lie between used ones, and are left out here.
 *
 * Source: TDX Module ABI 1.5, "Global Scope Metadata Fields".
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/stddef.h>

#include "compat/compat.h"
#include "error.h"
#include "seamcall.h"
#include "status.h"
#include "sysinfo.h"

#define FIELD_NUM_CMRS			0x9000000100000000ULL
#define FIELD_CMR_BASE			0x9000000300000080ULL
#define FIELD_CMR_SIZE			0x9000000300000100ULL
#define FIELD_NUM_CPUID_CONFIG		0x9900000100000004ULL
#define FIELD_CPUID_CONFIG_LEAVES	0x9900000300000400ULL
#define FIELD_CPUID_CONFIG_VALUES	0x9900000300000500ULL

/**
 * struct sysinfo_field - a metadata field and where it goes
 * @id: metadata field id
 * @offset: in struct tdx_host_sysinfo
 * @size: bytes there
 * @needed: bring-up fails without it; other fields stay 0 where the TDX module
 *	    does not have them
 */
struct sysinfo_field {
	u64 id;
	u16 offset;
	u8 size;
	bool needed;
};

#define FIELD(id, member, needed)				\
	{ (id), offsetof(struct tdx_host_sysinfo, member),	\
	  sizeof_field(struct tdx_host_sysinfo, member), (needed) }

static const struct sysinfo_field sysinfo_fields[] = {
	FIELD(0x0800000100000004ULL, major_version, true),
	FIELD(0x0800000100000003ULL, minor_version, true),
	FIELD(0x0800000100000005ULL, update_version, false),
	FIELD(0x0800000100000006ULL, internal_version, false),
	FIELD(0x8800000100000002ULL, build_num, false),
	FIELD(0x8800000200000001ULL, build_date, false),
	FIELD(0x0a00000300000008ULL, features0, false),
	FIELD(0x9100000100000008ULL, max_tdmrs, true),
	FIELD(0x9100000100000009ULL, max_reserved_per_tdmr, true),
	FIELD(0x9100000100000010ULL, pamt_4k_entry_size, true),
	FIELD(0x9100000100000011ULL, pamt_2m_entry_size, true),
	FIELD(0x9100000100000012ULL, pamt_1g_entry_size, true),
	FIELD(0x9800000100000000ULL, tdr_base_size, false),
	FIELD(0x9800000100000100ULL, tdcs_base_size, false),
	FIELD(0x9800000100000200ULL, tdvps_base_size, false),
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

	*value = tdx_status_ok(status) ? args.r8 : 0;
	return status;
}

static int sysinfo_field_error(u64 id, u64 status)
{
	char call[ERROR_SENTENCE], sentence[ERROR_SENTENCE];

	if (tdx_status_is(status, TDX_ST_SYS_NOT_READY)) {
		scnprintf(sentence, sizeof(sentence),
			  "the TDX module does not know TDH.SYS.RD, so it is version 1.0; load TDX module 1.5 or later (a BIOS update brings it)");
	} else {
		tdx_host_explain(call, sizeof(call), TDH_SYS_RD, status, -1,
				 NULL);
		scnprintf(sentence, sizeof(sentence), "metadata field %#llx: %s",
			  id, call);
	}
	error_set(sentence);
	return tdx_host_status_errno(TDH_SYS_RD, status) ?: -EIO;
}

static int sysinfo_read_needed(u64 id, u64 *value)
{
	u64 status = sysinfo_read_field(id, value);

	return tdx_status_ok(status) ? 0 : sysinfo_field_error(id, status);
}

static int sysinfo_read_fields(struct tdx_host_sysinfo *si)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sysinfo_fields); i++) {
		const struct sysinfo_field *f = &sysinfo_fields[i];
		u64 value, status = sysinfo_read_field(f->id, &value);

		if (!tdx_status_ok(status) &&
		    (f->needed ||
		     !tdx_status_is(status,
				    TDX_ST_METADATA_FIELD_ID_INCORRECT)))
			return sysinfo_field_error(f->id, status);
		/* Little-endian: the low bytes are the value. */
		memcpy((u8 *)si + f->offset, &value, f->size);
	}
	return 0;
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
		      sysinfo_read_needed(FIELD_CMR_SIZE + i, &cmr->size);
		if (err)
			return err;
		if (cmr->size)
			si->num_cmrs++;
	}
	return 0;
}

static int sysinfo_read_cpuid_config(struct tdx_host_sysinfo *si)
{
	u64 n, i;
	int err;

	err = sysinfo_read_needed(FIELD_NUM_CPUID_CONFIG, &n);
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
 * Context: Sleeps; under cpus_read_lock(); bring-up only.  TDH.SYS.LP.INIT
 *	    must have succeeded on every online CPU.
 * Return: 0; -ENOMEM; or the errno of the TDH.SYS.RD that failed, reported.
 */
int sysinfo_read(void)
{
	struct tdx_host_sysinfo *si;
	int err;

	might_sleep();
	tdx_compat_assert_cpus_held();
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
