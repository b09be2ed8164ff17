// SPDX-License-Identifier: GPL-2.0-only
/* Making a TD and its VCPU, with all that can be done wrong. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "wrappers.h"

/* Metadata fields.  Source: TDX Module ABI 1.5. */
#define TD_MAX_VCPUS		0x1110000200000002ULL
#define TD_VIRTUAL_TSC		0x111000030000000dULL	/* not for the host */
#define TD_HP_LOCK_TIMEOUT	0x9110000300000011ULL
#define TD_NONE			0x1110000300000999ULL
#define VP_SHARED_EPTP		0x002400030000203cULL
#define VP_RAX			0x1020000300000000ULL	/* for debug TDs */

#define MAX_TDCX	9
#define MAX_TDVPX	15

void wrap_create(struct wrap *w, u32 other_keyid)
{
	struct tdx_host_td other = { .tdr = w->td.tdr, .keyid = other_keyid };
	struct page *first, *spare = wrap_page(w);
	unsigned long tdr = page_to_pfn(w->td.tdr);
	struct tdx_host_page_info info;
	u64 value;
	int i;

	WRAP(tdx_host_phymem_page_rdmd, SUCCESS, (tdr, &info));
	wrap_fact("it is a free page", info.type == TDX_HOST_PAGE_FREE);
	/* There is no memory so far up. */
	WRAP(tdx_host_phymem_page_rdmd, OPERAND_ADDR_RANGE_ERROR,
	     (1UL << 33, &info));
	WRAP(tdx_host_phymem_page_wbinvd, SUCCESS, (tdr, w->td.keyid));

	/* An MKTME KeyID. */
	other.keyid = 1;
	WRAP(tdx_host_mng_create, OPERAND_INVALID, (&other));
	WRAP(tdx_host_mng_create, SUCCESS, (&w->td));
	other.keyid = other_keyid;
	WRAP(tdx_host_mng_create, PAGE_METADATA_INCORRECT, (&other));
	other.tdr = spare;
	other.keyid = w->td.keyid;
	WRAP(tdx_host_mng_create, HKID_NOT_FREE, (&other));
	WRAP(tdx_host_phymem_page_wbinvd, PAGE_METADATA_INCORRECT,
	     (tdr, w->td.keyid));
	WRAP(tdx_host_phymem_page_rdmd, SUCCESS, (tdr, &info));
	wrap_fact("it is a TDR now", info.type == TDX_HOST_PAGE_TDR);
	WRAP(tdx_host_phymem_page_reclaim, LIFECYCLE_STATE_INCORRECT,
	     (tdr, NULL));

	WRAP(tdx_host_mng_addcx, TD_KEYS_NOT_CONFIGURED, (&w->td, spare));
	WRAP(tdx_host_vp_create, TD_KEYS_NOT_CONFIGURED,
	     (&(struct tdx_host_vp){ .td = &w->td, .tdvpr = spare }));
	WRAP(tdx_host_mng_key_freeid, LIFECYCLE_STATE_INCORRECT, (&w->td));
	WRAP(tdx_host_mng_key_config, SUCCESS, (&w->td));
	WRAP(tdx_host_mng_key_config, LIFECYCLE_STATE_INCORRECT, (&w->td));
	WRAP(tdx_host_mng_key_reclaimid, SUCCESS, (&w->td));

	WRAP(tdx_host_mng_rd, TDCS_NOT_ALLOCATED,
	     (&w->td, TD_MAX_VCPUS, &value));
	first = wrap_page(w);
	WRAP(tdx_host_mng_addcx, SUCCESS, (&w->td, first));
	w->taken = first;
	WRAP(tdx_host_mng_addcx, PAGE_METADATA_INCORRECT,
	     (&w->td, w->taken));
	for (i = 1; i < MAX_TDCX; i++)
		WRAP(tdx_host_mng_addcx, SUCCESS, (&w->td, wrap_page(w)));
	WRAP(tdx_host_mng_addcx, TDCX_NUM_INCORRECT, (&w->td, spare));
}

void wrap_params(struct tdx_host_td_params *p, u64 attributes)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();

	p->attributes = attributes | si->attributes_fixed1;
	p->xfam = si->xfam_fixed1;
	p->max_vcpus = 1;
	p->eptp_controls = TDX_HOST_EPTP_4_LEVELS;
	p->tsc_frequency = 100;
}

/* People read which line of CPUID_CONFIG it was, and what to do. */
static void wrap_says_leaf(u64 error)
{
	const u64 status = TDX_ST_OPERAND_INVALID | TDX_OPERAND_CPUID_CONFIG;
	struct tdx_regs out = { .rcx = error };
	char *why = kmalloc(512, GFP_KERNEL), want[64];

	if (!why) {
		wrap_fact("there is memory for a sentence", false);
		return;
	}
	snprintf(want, sizeof(want), "(CPUID_CONFIG, CPUID leaf %#x",
		 lower_32_bits(error));
	tdx_host_explain(why, 512, TDH_MNG_INIT, status, -1, &out);
	wrap_fact("in the sentence, too", strstr(why, want) &&
		  strstr(why, "CPU model") && !strstr(why, "0xffffffff"));
	out.rcx = 7 | 1ULL << 32;
	tdx_host_explain(why, 512, TDH_MNG_INIT, status, -1, &out);
	wrap_fact("with its subleaf", strstr(why, "CPUID leaf 0x7.0x1)"));
	tdx_host_explain(why, 512, TDH_MNG_INIT, status, -1, NULL);
	wrap_fact("nothing is invented", strstr(why, "(CPUID_CONFIG): "));
	kfree(why);
}

void wrap_init(struct wrap *w)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();
	u64 error, value, old;

	WRAP(tdx_host_mng_rd, OP_STATE_INCORRECT,
	     (&w->td, TD_MAX_VCPUS, &value));
	WRAP(tdx_host_mng_wr, OP_STATE_INCORRECT,
	     (&w->td, TD_HP_LOCK_TIMEOUT, 0, 0, NULL));
	WRAP(tdx_host_mem_sept_add, OP_STATE_INCORRECT,
	     (&w->td, 0, TDX_HOST_LEVEL_512G, w->pages[1], NULL));
	WRAP(tdx_host_mr_finalize, OP_STATE_INCORRECT, (&w->td));
	WRAP(tdx_host_mem_track, OP_STATE_INCORRECT, (&w->td));

	wrap_params(w->params, TDX_HOST_ATTRIBUTES_SEPT_VE_DISABLE);
	w->params->max_vcpus = 0;
	WRAP(tdx_host_mng_init, OPERAND_INVALID, (&w->td, w->params, &error));
	wrap_fact("no CPUID leaf is to blame", !error);
	w->params->max_vcpus = 1;
	w->params->cpuid[0][0] = ~0;
	WRAP(tdx_host_mng_init, OPERAND_INVALID, (&w->td, w->params, &error));
	wrap_fact("the CPUID leaf is named",
		  error == (si->cpuid_config[0].leaf |
			    (u64)si->cpuid_config[0].subleaf << 32));
	wrap_says_leaf(error);
	w->params->cpuid[0][0] = 0;
	WRAP(tdx_host_mng_init, SUCCESS, (&w->td, w->params, &error));
	WRAP(tdx_host_mng_init, OP_STATE_INCORRECT,
	     (&w->td, w->params, NULL));

	WRAP(tdx_host_mng_rd, SUCCESS, (&w->td, TD_MAX_VCPUS, &value));
	wrap_fact("MAX_VCPUS is what was asked for", value == 1);
	WRAP(tdx_host_mng_rd, METADATA_FIELD_NOT_READABLE,
	     (&w->td, TD_VIRTUAL_TSC, &value));
	WRAP(tdx_host_mng_rd, METADATA_FIELD_ID_INCORRECT,
	     (&w->td, TD_NONE, &value));
	WRAP(tdx_host_mng_wr, SUCCESS,
	     (&w->td, TD_HP_LOCK_TIMEOUT, 2000000, ~0ULL, &old));
	WRAP(tdx_host_mng_wr, SUCCESS,
	     (&w->td, TD_HP_LOCK_TIMEOUT, old, ~0ULL, &value));
	wrap_fact("what was written is there", value == 2000000);
	WRAP(tdx_host_mng_wr, METADATA_FIELD_NOT_WRITABLE,
	     (&w->td, TD_MAX_VCPUS, 2, ~0ULL, NULL));
}

/* On another CPU than the one that the VCPU is associated with. */
static int use_elsewhere(void *data)
{
	struct wrap *w = data;
	u64 value;

	WRAP(tdx_host_vp_rd, VCPU_ASSOCIATED, (&w->vp, VP_SHARED_EPTP, &value));
	WRAP(tdx_host_vp_wr, VCPU_ASSOCIATED,
	     (&w->vp, VP_SHARED_EPTP, 0, 0, NULL));
	return 0;
}

static void one_too_many(struct wrap *w)
{
	struct tdx_host_vp second = { .td = &w->td, .tdvpr = wrap_page(w) };
	int i;

	WRAP(tdx_host_vp_create, SUCCESS, (&second));
	for (i = 1; i < MAX_TDVPX; i++)
		WRAP(tdx_host_vp_addcx, SUCCESS, (&second, wrap_page(w)));
	WRAP(tdx_host_vp_addcx, TDCX_NUM_INCORRECT, (&second, w->pages[1]));
	WRAP(tdx_host_vp_init, MAX_VCPUS_EXCEEDED, (&second, 0, 1));
}

void wrap_vcpu(struct wrap *w)
{
	u64 value, old;
	int i, cpu;

	WRAP(tdx_host_mr_finalize, NO_VCPUS, (&w->td));
	w->vp.tdvpr = w->taken;
	WRAP(tdx_host_vp_create, PAGE_METADATA_INCORRECT, (&w->vp));
	w->vp.tdvpr = wrap_page(w);
	WRAP(tdx_host_vp_create, SUCCESS, (&w->vp));
	WRAP(tdx_host_vp_init, TDCX_NUM_INCORRECT, (&w->vp, 0, 0));
	WRAP(tdx_host_vp_rd, TDCX_NUM_INCORRECT,
	     (&w->vp, VP_SHARED_EPTP, &value));
	wrap_fact("a call that failed associates it with none",
		  w->vp.cpu == -1);
	WRAP(tdx_host_vp_addcx, PAGE_METADATA_INCORRECT,
	     (&w->vp, w->taken));
	for (i = 1; i < 6; i++)
		WRAP(tdx_host_vp_addcx, SUCCESS, (&w->vp, wrap_page(w)));
	WRAP(tdx_host_vp_rd, VCPU_STATE_INCORRECT,
	     (&w->vp, VP_SHARED_EPTP, &value));
	WRAP(tdx_host_vp_init, SUCCESS, (&w->vp, 0, 0));
	wrap_fact("the VCPU is associated with a CPU", w->vp.cpu >= 0);
	WRAP(tdx_host_vp_init, VCPU_STATE_INCORRECT, (&w->vp, 0, 0));
	WRAP(tdx_host_vp_addcx, VCPU_STATE_INCORRECT,
	     (&w->vp, w->pages[1]));
	one_too_many(w);

	/* Another CPU may have it once it was flushed. */
	WRAP(tdx_host_vp_flush, SUCCESS, (&w->vp));
	wrap_fact("it is associated with none", w->vp.cpu == -1);
	WRAP(tdx_host_vp_flush, VCPU_NOT_ASSOCIATED, (&w->vp));
	WRAP(tdx_host_vp_rd, SUCCESS, (&w->vp, VP_SHARED_EPTP, &value));
	cpu = w->vp.cpu;
	smp_call_on_cpu(!cpu, use_elsewhere, w, false);
	WRAP(tdx_host_vp_flush, SUCCESS, (&w->vp));
	WRAP(tdx_host_vp_wr, SUCCESS,
	     (&w->vp, VP_SHARED_EPTP, 0x5000, ~0ULL, NULL));
	WRAP(tdx_host_vp_flush, SUCCESS, (&w->vp));
	WRAP(tdx_host_vp_wr, SUCCESS, (&w->vp, VP_SHARED_EPTP, 0, ~0ULL, &old));
	wrap_fact("what was written is there", old == 0x5000);
	WRAP(tdx_host_vp_flush, SUCCESS, (&w->vp));
	WRAP(tdx_host_vp_rd, METADATA_FIELD_NOT_READABLE,
	     (&w->vp, VP_RAX, &value));
	WRAP(tdx_host_vp_flush, VCPU_NOT_ASSOCIATED, (&w->vp));
	WRAP(tdx_host_vp_wr, METADATA_FIELD_NOT_WRITABLE,
	     (&w->vp, VP_RAX, 0, ~0ULL, NULL));
	WRAP(tdx_host_vp_flush, VCPU_NOT_ASSOCIATED, (&w->vp));
}

/* No more than it takes to read and write the memory of a debug TD. */
void wrap_debug(struct wrap *w)
{
	struct page *page = wrap_page(w), *source = wrap_page(w);
	enum tdx_host_level level;
	u64 value, old;
	int i;

	WRAP(tdx_host_mng_create, SUCCESS, (&w->td));
	WRAP(tdx_host_mng_key_config, SUCCESS, (&w->td));
	for (i = 0; i < 6; i++)
		WRAP(tdx_host_mng_addcx, SUCCESS, (&w->td, wrap_page(w)));
	wrap_params(w->params, TDX_HOST_ATTRIBUTES_DEBUG);
	WRAP(tdx_host_mng_init, SUCCESS, (&w->td, w->params, NULL));
	for (level = TDX_HOST_LEVEL_512G; level > TDX_HOST_LEVEL_4K; level--)
		WRAP(tdx_host_mem_sept_add, SUCCESS,
		     (&w->td, 0, level, wrap_page(w), NULL));
	*(u64 *)(page_address(source) + 8) = 0x1234;
	WRAP(tdx_host_mem_page_add, SUCCESS,
	     (&w->td, 0, page_to_pfn(page), source, NULL));

	WRAP(tdx_host_mem_rd, SUCCESS, (&w->td, 8, &value, NULL));
	wrap_fact("the content was copied", value == 0x1234);
	WRAP(tdx_host_mem_wr, SUCCESS, (&w->td, 8, 0x5678, &old, NULL));
	wrap_fact("what was there is told", old == 0x1234);
	WRAP(tdx_host_mem_rd, SUCCESS, (&w->td, 8, &value, NULL));
	wrap_fact("what was written is there", value == 0x5678);
	WRAP(tdx_host_mem_rd, OPERAND_INVALID, (&w->td, 4, &value, NULL));
	WRAP(tdx_host_mem_wr, OPERAND_INVALID, (&w->td, 4, 0, NULL, NULL));
	WRAP(tdx_host_mem_rd, EPT_ENTRY_NOT_PRESENT,
	     (&w->td, PAGE_SIZE, &value, NULL));
	WRAP(tdx_host_mem_wr, EPT_ENTRY_NOT_PRESENT,
	     (&w->td, PAGE_SIZE, 0, NULL, NULL));
}
