/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The software TDX module, without a machine around it: SEAMCALL in,
 * completion status and output registers out, exactly as the TDX module 1.5
 * answers.  tdx_emul.ko links it behind a die notifier, tdx-model feeds it by
 * hand in user space.
 *
 * Everything here may be called from any context, interrupts off included,
 * and from all LPs at once: the model takes no lock that waits, as the TDX
 * module takes none.  What it needs from its surroundings is in model_env.h.
 */
#ifndef TDX_EMUL_MODEL_H
#define TDX_EMUL_MODEL_H

#include <linux/types.h>

#define MODEL_MAX_LPS		512
#define MODEL_NO_LP		0xff
#define MODEL_MAX_PKGS		8
#define MODEL_MAX_CMRS		32

struct model;
struct model_engine;

/**
 * struct model_regs - the general purpose registers at a SEAMCALL
 *
 * All but RSP, as the CPU holds them; outputs are written in place.
 */
struct model_regs {
	u64 rax, rcx, rdx, rbx, rbp, rsi, rdi;
	u64 r8, r9, r10, r11, r12, r13, r14, r15;
};

/**
 * enum model_outcome - what the SEAMCALL instruction itself did
 * @MODEL_RETURNED: CF=0; registers hold the answer
 * @MODEL_VMFAILINVALID: CF=1; no TDX module; registers unchanged
 * @MODEL_UD: #UD, the LP is not in VMX operation, or has no SEAMCALL
 * @MODEL_GP: #GP(0), SEAM is not enabled on this LP
 */
enum model_outcome {
	MODEL_RETURNED,
	MODEL_VMFAILINVALID,
	MODEL_UD,
	MODEL_GP,
};

struct model_cmr {
	u64 base;		/* bytes */
	u64 size;		/* bytes, 0 = empty slot */
};

/**
 * enum model_version - which TDX module the model is
 * @MODEL_V1_0: module 1.0: no TDH.SYS.RD/RDALL (answers SYS_NOT_READY),
 *	       TDH.SYS.INFO only
 * @MODEL_V1_5: module 1.5.01, the one that is recorded and documented
 * @MODEL_V2_0: 1.5 plus what a host driver meets in later modules: bits of
 *	       TDX_FEATURES0 above 20, TDH.SYS.DISABLE (leaf 69, FEATURES0
 *	       bit 53), VP.INIT version 1, metadata fields that are unknown
 */
enum model_version {
	MODEL_V1_0,
	MODEL_V1_5,
	MODEL_V2_0,
};

/**
 * struct model_config - the platform that BIOS and MCHECK hand over
 * @lps: LPs that BIOS knows have numbers below it, 1..MODEL_MAX_LPS; may be
 *	more than the OS runs
 * @pkgs: packages, 1..MODEL_MAX_PKGS
 * @lp_pkg: package of each LP, or NULL: LPs spread over packages in blocks;
 *	MODEL_NO_LP: no LP has that number
 * @keyid_bits: IA32_TME_ACTIVATE[35:32], 0..15
 * @mktme_keyids: number of MKTME KeyIDs (MSR 0x87 31:0)
 * @tdx_keyids: number of TDX private KeyIDs (MSR 0x87 63:32)
 * @cmrs: CMR table as BIOS wrote it, empty slots included
 * @nr_cmrs: slots of @cmrs in use, at most MODEL_MAX_CMRS
 * @version: see enum model_version
 * @vmx_on: initial VMX operation of every LP (tool: true, kernel: false)
 * @tdmr_init_ns: time that one TDH.SYS.TDMR.INIT takes, nanoseconds
 * @call_ns: time that every other leaf takes inside its locks, nanoseconds
 * @engine: the CPU that runs guests, engine.h; NULL: the interpreter
 */
struct model_config {
	unsigned int lps;
	unsigned int pkgs;
	const u8 *lp_pkg;
	unsigned int keyid_bits;
	u32 mktme_keyids;
	u32 tdx_keyids;
	const struct model_cmr *cmrs;
	unsigned int nr_cmrs;
	enum model_version version;
	bool vmx_on;
	u64 tdmr_init_ns;
	u64 call_ns;
	const struct model_engine *engine;
};

/*
 * Returns the model, or NULL with a sentence in @err (@len bytes) that names
 * the value that is wrong.  May sleep (allocates).
 */
struct model *model_create(const struct model_config *cfg,
			   char *err, size_t len);
/* How many LPs BIOS knows: lps of the configuration, without the gaps. */
unsigned int model_lps(const struct model *m);

void model_destroy(struct model *m);

/* One SEAMCALL on @lp.  @regs->rax is the input RAX. */
enum model_outcome model_seamcall(struct model *m, unsigned int lp,
				  struct model_regs *regs);

/*
 * State of the platform that tests change while the model runs.  SEAMCALLs
 * may be in flight; of the functions from here on that change something, one
 * runs at a time.
 */
void model_set_vmx(struct model *m, unsigned int lp, bool on);
bool model_get_vmx(struct model *m, unsigned int lp);

/**
 * enum model_seam - what an LP makes of SEAMCALL in VMX operation
 * @MODEL_SEAM_OFF: #GP(0), the BIOS did not enable SEAM
 * @MODEL_SEAM_ON: the leaf
 * @MODEL_SEAM_ABSENT: #UD, neither the CPU nor its hypervisor has SEAM
 */
enum model_seam {
	MODEL_SEAM_OFF,
	MODEL_SEAM_ON,
	MODEL_SEAM_ABSENT,
};

void model_set_seam(struct model *m, unsigned int lp, enum model_seam seam);
void model_set_module(struct model *m, bool present);
/*
 * The P-SEAMLDR loads the TDX module anew, in place of one that
 * TDH.SYS.DISABLE has put to rest.  Knobs and counters stay.  Returns 0, or
 * -EBUSY while the old one still owns memory or runs.
 */
int model_reload_module(struct model *m);
/* Power was lost: as loaded anew.  -EBUSY: a call was in flight. */
int model_lose_power(struct model *m);
/* Guests of TDs from now on are the engine's, or not; false: there is none. */
bool model_use_engine(struct model *m, bool use);
void model_set_tdmr_init_ns(struct model *m, u64 ns);
void model_set_call_ns(struct model *m, u64 ns);

/*
 * After @skip calls of @leaf (RAX 15:0) that reach the TDX module, the next
 * @count return @status and change nothing.  Injections of a leaf queue up;
 * count 0 drops all injections of that leaf.  @lp_only: -1, or only calls
 * of that LP count.  Returns 0, -EINVAL (unknown leaf), -ENOSPC.
 */
int model_inject(struct model *m, u16 leaf, u64 status, u64 count, u64 skip,
		 int lp_only);

/*
 * The TDX module lies from now on, as @seed says; 0: no more.  Returns what
 * about, for people; NULL without a seed.
 */
const char *model_set_hostile(struct model *m, u64 seed);

/**
 * enum model_source - hardware that can fail to deliver
 * @MODEL_RDRAND: TDH.SYS.INIT and LP.INIT return RND_NO_ENTROPY
 * @MODEL_RDSEED: TDH.MNG.CREATE returns RND_NO_ENTROPY
 * @MODEL_PCONFIG: TDH.SYS.KEY.CONFIG and TDH.MNG.KEY.CONFIG return
 *		  KEY_GENERATION_FAILED
 * @MODEL_INTERRUPT: interruptible leaves find an interrupt pending and return
 *		    INTERRUPTED_RESUMABLE, with progress kept
 * @MODEL_NMI: guests meet an NMI, which ends the entry and is consumed
 */
enum model_source {
	MODEL_RDRAND,
	MODEL_RDSEED,
	MODEL_PCONFIG,
	MODEL_INTERRUPT,
	MODEL_NMI,
};

/*
 * The next @count uses of @source on @lp fail (~0: every one, 0: none).
 * Unlike an injection it acts where the leaf gets that far, after all checks
 * that come before.
 */
void model_starve(struct model *m, unsigned int lp, enum model_source source,
		  u64 count);
/* The loaded image does not fit the hand-off parameters (TDH.SYS.INIT). */
void model_set_sigstruct_mismatch(struct model *m, bool mismatch);
/* What SEAMOPS reports on @lp: bit 0 and 1 are the SEAMDB operations. */
void model_set_seam_capabilities(struct model *m, unsigned int lp, u32 caps);
/* Whether this version of the TDX module knows @leaf. */
bool model_leaf_exists(const struct model *m, u16 leaf);

/*
 * Make @lp disagree with the others: the value that TDH.SYS.INIT/LP.INIT see
 * in @msr there.  CPUID likewise (regs: EAX EBX ECX EDX).  -ENOSPC when the
 * small override table is full, -EINVAL for an MSR that no check reads.
 */
int model_override_msr(struct model *m, unsigned int lp, u32 msr, u64 value);
int model_override_cpuid(struct model *m, unsigned int lp, u32 leaf,
			 u32 subleaf, const u32 regs[4]);
/*
 * A TDX module of another kind: what global metadata field @id reads as, in
 * place of what the model goes by.  -EINVAL for an id that is none.
 */
int model_override_field(struct model *m, u64 id, u64 value);
/* What the platform's MSR reads as on @lp; false: the MSR is not modelled. */
bool model_read_msr(struct model *m, unsigned int lp, u32 msr, u64 *value);

/*
 * @lp takes a lock of the module and keeps it, as a call in flight would:
 * "global-shared", "global-exclusive", "tdmr:BASE", "kot", "wbcache:PKG",
 * "ket:PKG", "pamt:PA", "pamt-shared:PA", "pamt-2m:PA" (the entry of the 2 MiB
 * page), "seam" (the LP counts as inside a module call), "seamldr" (the LP is
 * inside the P-SEAMLDR); of the TD whose TDR page is at PA "op_state:PA",
 * "sept:PA", "sept-shared:PA", "epoch:PA", "inside:PA" (a VCPU counts as inside
 * the TD since the current epoch); and "entry:PA", the Secure EPT entry in the
 * 8 bytes at PA.  Numbers as in C.
 * Returns 0, -EINVAL (no such lock), -EBUSY (cannot be had).
 */
int model_hold(struct model *m, const char *lock, unsigned int lp);
int model_release(struct model *m, const char *lock, unsigned int lp);

/**
 * struct model_stats - counters a test reads
 * @calls: SEAMCALLs that reached the instruction (UD and GP included)
 * @state: global state 0..4 of "System state" (SYSINIT_PENDING...)
 * @lps_done: LPs after TDH.SYS.LP.INIT
 * @pkgs_done: packages after TDH.SYS.KEY.CONFIG
 * @tdmrs: TDMRs configured
 * @tdmrs_done: TDMRs completely initialised
 * @pamt_pages: 4 KiB pages that the model owns (PAMT written by TDMR.INIT)
 * @pamt_corrupt: of these, pages found changed by somebody else so far
 * @keyids_in_use: guest KeyIDs not FREE
 * @refused: calls of leaves that the TDX module has and the model has not;
 *	     they return OPERAND_INVALID|RAX
 * @refused_leaf: the last such leaf
 * @pamt_in_use: PAMT entries that are not free, of any page size; entries of
 *		 reserved areas do not count
 * @private_pages: 4 KiB pages that belong to TDs
 * @private_corrupt: pages found changed by somebody else so far while they
 *		     belonged to a TD
 * @dirty_pages: 4 KiB pages that were given back, and of which caches may
 *		 still hold lines with the KeyID that they had
 * @tds: TDR pages
 * @vcpus: TDVPR pages
 * @vcpus_lost: VCPUs so far that were associated with an LP when it left VMX
 *		operation
 */
struct model_stats {
	u64 calls;
	unsigned int state;
	unsigned int lps_done;
	unsigned int pkgs_done;
	unsigned int tdmrs;
	unsigned int tdmrs_done;
	u64 pamt_pages;
	u64 pamt_corrupt;
	unsigned int keyids_in_use;
	u64 refused;
	unsigned int refused_leaf;
	u64 pamt_in_use;
	u64 private_pages;
	u64 private_corrupt;
	u64 dirty_pages;
	unsigned int tds;
	unsigned int vcpus;
	u64 vcpus_lost;
};

void model_get_stats(struct model *m, struct model_stats *stats);
/* Calls of @leaf that reached the module so far. */
u64 model_leaf_calls(struct model *m, u16 leaf);

/*
 * Compare PAMT pages that the model owns with the pattern it left there.
 * Every page that differs is given to @report once (physical address of the
 * first wrong byte) and repaired.  @max_pages bounds the work of this call;
 * the next call goes on where this one stopped (0 = all).  Returns the
 * number of pages that differed.
 */
u64 model_verify_pamt(struct model *m, u64 max_pages,
		      void (*report)(void *ctx, u64 pa), void *ctx);

/*
 * The same for pages that belong to TDs.  The address is that of the page,
 * or of the first wrong byte where the page holds nothing but the marker
 * (TDR, TDCX, TDVPR).  Also reports what was found when pages were given
 * back.  May run beside SEAMCALLs, but not beside itself.
 */
u64 model_verify_private(struct model *m, void (*report)(void *ctx, u64 pa),
			 void *ctx);

/*
 * Do the 64 bytes at @pa hold what the TDX module left there, in a PAMT or in
 * a page that it gave back?  True as well where a TD owns the page: that can
 * only be told of the whole, by model_check_private().
 */
bool model_line_intact(struct model *m, u64 pa);
/*
 * If the page at @pa belongs to a TD: has anybody else changed it?  What is
 * found goes to env_private_changed(), and waits for model_verify_private().
 */
void model_check_private(struct model *m, u64 pa);

#endif /* TDX_EMUL_MODEL_H */
