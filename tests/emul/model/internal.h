/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the model share; nobody outside includes it.
 *
 * Concurrency: every SEAMCALL may run on any LP at any time.  Objects are
 * protected as in the TDX module (TDX Module ABI 1.5, "Concurrency
 * Restrictions"): by try-locks whose failure is a completion status.  What no
 * lock of the module covers is a single word, read and written atomically.
 */
#ifndef TDX_EMUL_MODEL_INTERNAL_H
#define TDX_EMUL_MODEL_INTERNAL_H

#include <linux/types.h>
#include <linux/errno.h>
#include <tdx/leaf.h>
#include <tdx/status.h>

#include "model.h"
#include "env.h"

#define MODEL_MAX_TDMRS		64
#define MODEL_MAX_RESERVED	16
#define MODEL_MAX_KEYIDS	2048	/* limit of TDH.SYS.INIT */
#define MODEL_MAX_LEAVES	128
#define MODEL_PA_BITS		52	/* the module knows no other width */
#define MODEL_PAGE		4096ULL
#define MODEL_4M		(4ULL << 20)
#define MODEL_1G		(1ULL << 30)
#define MODEL_NULL_ID		(~0ULL)
#define MODEL_PAMT_ENTRY	16	/* bytes, at every level */

#define OPERAND_INVALID(op) \
	((u64)TDX_ST_OPERAND_INVALID | (u64)TDX_OPERAND_##op)
#define OPERAND_BUSY(op) ((u64)TDX_ST_OPERAND_BUSY | (u64)TDX_OPERAND_##op)

/* Global state; the numbers are those of struct model_stats. */
enum model_state {
	MODEL_SYSINIT_PENDING,
	MODEL_SYSINIT_DONE,
	MODEL_SYSCONFIG_DONE,
	MODEL_SYS_READY,
	MODEL_SYS_SHUTDOWN,
};

/* A try-lock: -1 exclusive, n > 0 shared n times, 0 free. */
struct model_lock {
	int v;
};

static inline bool model_try_exclusive(struct model_lock *l)
{
	int zero = 0;

	return __atomic_compare_exchange_n(&l->v, &zero, -1, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline bool model_try_shared(struct model_lock *l)
{
	int v = __atomic_load_n(&l->v, __ATOMIC_RELAXED);

	/* A CAS that loses to another sharer is no conflict: look again. */
	while (v >= 0)
		if (__atomic_compare_exchange_n(&l->v, &v, v + 1, false,
						__ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

static inline void model_unlock_exclusive(struct model_lock *l)
{
	__atomic_store_n(&l->v, 0, __ATOMIC_RELEASE);
}

static inline void model_unlock_shared(struct model_lock *l)
{
	__atomic_sub_fetch(&l->v, 1, __ATOMIC_RELEASE);
}

/* Values that calls on several LPs read while one changes them. */
#define model_load(p)		__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define model_store(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)

/**
 * struct model_lp - one logical processor
 * @vmx: in VMX operation
 * @seam: what becomes of SEAMCALL here, enum model_seam
 * @done: TDH.SYS.LP.INIT succeeded
 * @assoc: VCPUs that are associated with it; atomic
 * @pkg: package
 * @rdrand_dry: so many RDRANDs still fail
 * @rdseed_dry: so many RDSEED rounds still fail
 * @pconfig_dry: so many PCONFIGs still fail for want of entropy
 * @interrupts: so many polls still find an interrupt pending
 * @nmis: so many guests still meet an NMI
 * @seam_caps: SEAM capabilities as this LP reports them
 */
struct model_lp {
	bool vmx;
	u8 seam;
	bool done;
	u8 pkg;
	u32 assoc;
	u64 rdrand_dry;
	u64 rdseed_dry;
	u64 pconfig_dry;
	u64 interrupts;
	u64 nmis;
	u32 seam_caps;
};

struct model_range {
	u64 base;		/* bytes */
	u64 size;		/* bytes */
};

enum model_level { MODEL_4K, MODEL_2M, MODEL_1G_LEVEL, MODEL_LEVELS };

/**
 * struct model_tdmr - a configured TDMR
 * @area: the TDMR
 * @pamt: its PAMT at each level, indexed by enum model_level
 * @rsvd: reserved areas, base = offset from the TDMR's base
 * @lock: the TDMR mutex of TDH.SYS.TDMR.INIT
 * @chunks: 4 MiB pieces that are initialised
 */
struct model_tdmr {
	struct model_range area;
	struct model_range pamt[MODEL_LEVELS];
	struct model_range rsvd[MODEL_MAX_RESERVED];
	struct model_lock lock;
	u64 chunks;
};

/* KeyID ownership. */
enum { MODEL_KOT_FREE, MODEL_KOT_ASSIGNED, MODEL_KOT_FLUSHED,
	MODEL_KOT_RESERVED };

struct model_kot_entry {
	u8 state;
	u8 flush;		/* bitmap of packages still to be flushed */
	u8 flushing;		/* of packages whose flush is under way */
	u16 uses;		/* times that it became free, all caches flushed */
};

struct model_injection {
	bool active;
	u16 leaf;
	int lp_only;
	u64 order;
	u64 status;
	u64 count;
	u64 skip;
};

/* What TDH.SYS.RD returns for a field instead of its value. */
struct model_field_override {
	u64 id;
	u64 value;
};

#define MODEL_INJECTIONS	64
#define MODEL_HOLDS		64
#define MODEL_MSR_OVERRIDES	64
#define MODEL_CPUID_OVERRIDES	32
#define MODEL_FIELD_OVERRIDES	8
#define MODEL_MSRS		48	/* room for the frozen values */
#define MODEL_CPUID_ROWS	64
#define MODEL_CORRUPT_LOG	64

struct model_hold {
	char lock[32];
	unsigned int lp;
	u64 epoch;		/* of "inside" */
	bool used;
};

struct model_msr_override {
	unsigned int lp;
	u32 msr;
	u64 value;
};

struct model_cpuid_override {
	unsigned int lp;
	u32 leaf;
	u32 subleaf;
	u32 regs[4];
};

struct model_engine;

struct model {
	/* Platform, constant after model_create(). */
	unsigned int lps, bios_lps, pkgs; /* bios_lps: without the gaps */
	unsigned int keyid_bits;
	u32 mktme_keyids, tdx_keyids;
	enum model_version version;
	struct model_cmr cmrs[MODEL_MAX_CMRS];
	struct model_range seamrr;
	struct model_range smrr;	/* size 0: not valid */
	u64 pattern_seed;
	const struct model_engine *engine;	/* NULL: the interpreter */

	/* Knobs. */
	bool present;
	bool sigstruct_mismatch;
	bool interpret;			/* guests of new TDs */
	u64 tdmr_init_ns, call_ns;
	struct model_lp lp[MODEL_MAX_LPS];
	struct model_msr_override msr_ov[MODEL_MSR_OVERRIDES];
	unsigned int nr_msr_ov;
	struct model_cpuid_override cpuid_ov[MODEL_CPUID_OVERRIDES];
	unsigned int nr_cpuid_ov;
	struct model_field_override field_ov[MODEL_FIELD_OVERRIDES];
	unsigned int nr_field_ov;
	struct model_injection inj[MODEL_INJECTIONS];
	u64 inj_order;
	u64 hostile;			/* seed of lies; 0: none */
	u64 hostile_from[MODEL_MAX_LEAVES]; /* calls before that */
	struct model_hold holds[MODEL_HOLDS];

	/* Counters. */
	u64 calls;
	u64 leaf_calls[MODEL_MAX_LEAVES];
	u64 refused;
	unsigned int refused_leaf;
	u64 vcpus_lost;

	/* The TDX module's own data. */
	struct model_lock global;
	struct model_lock seamldr;
	unsigned int state;
	unsigned int inside;		/* LPs inside a module call */
	bool disabled;			/* by TDH.SYS.DISABLE */
	bool dead;			/* module disabled itself */
	u32 init_lps;
	u32 init_seam_caps;
	u64 init_msr[MODEL_MSRS];
	u32 init_cpuid[MODEL_CPUID_ROWS][4];
	unsigned int pkg_shift;
	u64 sys_attributes;
	u32 pkg_bitmap;
	u32 pkgs_done;
	u16 global_keyid;
	struct model_lock kot_lock;
	struct model_kot_entry kot[MODEL_MAX_KEYIDS];
	struct model_lock ket[MODEL_MAX_PKGS];
	struct model_lock wbcache[MODEL_MAX_PKGS];
	unsigned int wb_next[MODEL_MAX_PKGS];	/* sub-block, 0: none pending */
	struct model_tdmr tdmr[MODEL_MAX_TDMRS];
	unsigned int nr_tdmrs;
	struct model_region *regions;	/* PAMT entries, model_page.h */
	unsigned int nr_regions;
	struct model_block *blocks;
	struct model_td *tds;		/* model_td.h */
	struct model_vcpu *vcpus;
	u64 pamt_in_use;

	/* Ownership of PAMT memory. */
	struct model_lock verify_lock;
	u64 verify_cursor;
	u64 pamt_corrupt;
	u64 corrupt_log[MODEL_CORRUPT_LOG];
	unsigned int nr_corrupt_log;

	/* Ownership of private pages, model_memory.c. */
	u64 private_pages;
	u64 private_corrupt;
	u64 private_log[MODEL_CORRUPT_LOG];
	unsigned int nr_private_log;
};

/*
 * A leaf: @in holds the registers as they came, @out the same with the
 * outputs of the leaf zeroed.  Returns the completion status.
 */
typedef u64 (*model_leaf_fn)(struct model *m, unsigned int lp,
			     const struct model_regs *in,
			     struct model_regs *out);

u64 model_sys_init(struct model *m, unsigned int lp,
		   const struct model_regs *in, struct model_regs *out);
u64 model_sys_lp_init(struct model *m, unsigned int lp,
		      const struct model_regs *in, struct model_regs *out);
u64 model_sys_info(struct model *m, unsigned int lp,
		   const struct model_regs *in, struct model_regs *out);
u64 model_sys_rd(struct model *m, unsigned int lp,
		 const struct model_regs *in, struct model_regs *out);
u64 model_sys_rdall(struct model *m, unsigned int lp,
		    const struct model_regs *in, struct model_regs *out);
u64 model_sys_config(struct model *m, unsigned int lp,
		     const struct model_regs *in, struct model_regs *out);
u64 model_sys_key_config(struct model *m, unsigned int lp,
			 const struct model_regs *in, struct model_regs *out);
u64 model_sys_tdmr_init(struct model *m, unsigned int lp,
			const struct model_regs *in, struct model_regs *out);
u64 model_sys_lp_shutdown(struct model *m, unsigned int lp,
			  const struct model_regs *in, struct model_regs *out);
u64 model_sys_shutdown(struct model *m, unsigned int lp,
		       const struct model_regs *in, struct model_regs *out);
u64 model_sys_update(struct model *m, unsigned int lp,
		     const struct model_regs *in, struct model_regs *out);
u64 model_sys_disable(struct model *m, unsigned int lp,
		      const struct model_regs *in, struct model_regs *out);
enum model_outcome model_seamldr(struct model *m, unsigned int lp,
				 struct model_regs *regs);

/* model_addr.c */
u64 model_keyid_mask(const struct model *m);
u64 model_pa_keyid(const struct model *m, u64 pa);
bool model_pa_keyid0(const struct model *m, u64 pa);
bool model_shared_pa_ok(const struct model *m, u64 pa, u64 align);
void model_read(const struct model *m, u64 pa, void *buf, size_t len);
void model_write(const struct model *m, u64 pa, const void *buf, size_t len);
void model_write64(const struct model *m, u64 pa, u64 value);
bool model_ranges_overlap(u64 a, u64 asize, u64 b, u64 bsize);
bool model_inside_one_cmr(const struct model *m, u64 base, u64 size);
bool model_next_piece(const struct model_tdmr *t, unsigned int *area,
		      struct model_range *piece);
bool model_keyid_private(const struct model *m, u64 keyid);

/* model_platform.c, model_cpuid.c */

/* Which comparison of TDH.SYS.LP.INIT an MSR belongs to, in its order. */
enum model_msr_group {
	MODEL_MSR_NONE,
	MODEL_MSR_EARLY,
	MODEL_MSR_TSC,
	MODEL_MSR_SMRR,
	MODEL_MSR_VMX,
	MODEL_MSR_PERF,
	MODEL_MSR_KEYS,
};

void model_place_ranges(struct model *m);
u64 model_msr(const struct model *m, unsigned int lp, u32 msr);
u64 model_check_init_msrs(struct model *m, unsigned int lp);
u64 model_check_vmx_msrs(struct model *m, unsigned int lp);
u64 model_check_memory(struct model *m, unsigned int lp);
u64 model_compare_msrs(struct model *m, unsigned int lp,
		       enum model_msr_group group);
void model_freeze_msrs(struct model *m, unsigned int lp);
void model_cpuid(const struct model *m, unsigned int lp, u32 leaf,
		 u32 subleaf, u32 regs[4]);
u64 model_check_cpuid(struct model *m, unsigned int lp,
		      struct model_regs *out);
u64 model_compare_cpuid(struct model *m, unsigned int lp,
			struct model_regs *out);
void model_freeze_cpuid(struct model *m, unsigned int lp);
/* What it answered during TDH.SYS.INIT; 0: a leaf that nobody asked for. */
void model_frozen_cpuid(const struct model *m, u32 leaf, u32 subleaf,
			u32 regs[4]);
unsigned int model_lp_package(struct model *m, unsigned int lp);
u32 model_pkg_fms(const struct model *m);

/* model_pamt.c */
u64 model_pattern(const struct model *m, u64 pa);
/* A page of it; does a cache line hold it? */
void model_write_pattern(const struct model *m, u64 pa);
bool model_has_pattern(const struct model *m, u64 pa);
void model_pamt_extend(struct model *m, struct model_tdmr *t, u64 chunks);
u64 model_pamt_pages(const struct model *m);
void model_pamt_check_some(struct model *m);
bool model_pamt_release(struct model *m);

/* model_inject.c */
bool model_injected(struct model *m, unsigned int lp, u16 leaf, u64 *status);
bool model_dry(u64 *counter);

/* model_hostile.c */
bool model_lies(struct model *m, u16 leaf, u64 n, u64 *status);
void model_bend(struct model *m, u16 leaf, u64 n, const struct model_regs *in,
		struct model_regs *out, u64 *status);

/* model_sysinfo.c */
#define MODEL_CPUID_CONFIGS	12
#define MODEL_CPUID_VALUES	64
#define MODEL_NO_SUBLEAF	0xffffffffU
/**
 * struct model_cpuid_config - what the host may say of a leaf of a TD's CPUID
 * @leaf: EAX
 * @subleaf: ECX, MODEL_NO_SUBLEAF: the leaf has none
 * @direct: bits that are as it says (EAX EBX ECX EDX)
 * @allow: bits that are 1 if it says so and the CPU has them
 */
struct model_cpuid_config {
	u32 leaf, subleaf;
	u32 direct[4], allow[4];
};
extern const struct model_cpuid_config model_cpuid_configs[];
/* As the TDX module reports them: EAX and EBX, then ECX and EDX. */
u64 model_cpuid_configurable(const struct model *m, unsigned int config,
			     unsigned int element);
#define MODEL_ATTRIBUTES_FIXED0	0x8000000070000001ULL
#define MODEL_XFAM_FIXED0	0x61be7ULL
#define MODEL_XFAM_FIXED1	0x3ULL
#define MODEL_TDCS_SIZE		0x6000
#define MODEL_TDVPS_SIZE	0x6000
#define MODEL_VCPUS_PER_TD	576	/* from 2.0 on */
#define MODEL_BUILD_DATE	20231112
#define MODEL_BUILD_NUM		0
#define MODEL_HV		0
#define MODEL_MIN_UPDATE_HV	0
#define MODEL_NO_DOWNGRADE	0

#endif /* TDX_EMUL_MODEL_INTERNAL_H */
