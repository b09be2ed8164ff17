/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Table tests of the model: a row says where the TDX module stands, what is
 * wrong with the platform, which SEAMCALL is made and what comes back.  The
 * row numbers are those of the checks in the TDX Module ABI 1.5, leaf by
 * leaf, in the module's order.
 */
#ifndef MODEL_TABLE_H
#define MODEL_TABLE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <linux/types.h>
#include <tdx/leaf.h>
#include <tdx/status.h>

#include "../../emul/model/model.h"
#include "../../emul/model/env.h"
#include "env_user.h"

#define ARRAY_LEN(a)	(sizeof(a) / sizeof((a)[0]))
#define GB(n)		((u64)(n) << 30)
#define OPERAND(op)	TDX_OPERAND_##op
#define INVALID(op)	((u64)TDX_ST_OPERAND_INVALID | TDX_OPERAND_##op)
#define BUSY(op)	((u64)TDX_ST_OPERAND_BUSY | TDX_OPERAND_##op)
#define RANGE(op) \
	((u64)TDX_ST_OPERAND_ADDR_RANGE_ERROR | TDX_OPERAND_##op)
#define NULL_ID		(~0ULL)

/* The platform of every row: 4 LPs, 2 packages, KeyIDs 32..63 private. */
#define LPS		4
#define PKGS		2
#define GLOBAL_KEYID	32
#define MKTME_KEYID(n)	((u64)(n) << 46)
/* Tables of SYS.CONFIG: the array, and one TDMR_INFO every 512 bytes. */
#define ARRAY_PA	0x1000000ULL
#define INFO_PA(i)	(0x1100000ULL + 512 * (i))
/* The TDMRs of table_write_tdmrs(): one of 1 GiB, one of 2 GiB. */
#define TDMR0		GB(4)
#define TDMR1		GB(6)
#define PAMT_AREA	GB(12)

/* How far initialisation has come when the row begins. */
enum stage {
	FRESH,		/* just loaded */
	INITED,		/* SYS.INIT on LP 0 */
	LP0_READY,	/* and LP.INIT on LP 0 */
	LPS_READY,	/* and on all */
	CONFIGURED,	/* and SYS.CONFIG */
	KEYED,		/* and KEY.CONFIG: state READY */
	DONE,		/* and TDMR.INIT of all TDMRs */
	SHUT,		/* KEYED, then SHUTDOWN */
};

enum fault_kind {
	F_NONE,
	F_MSR,		/* a: LP, b: MSR, c: value */
	F_CPUID,	/* a: LP, b: leaf, c: subleaf, regs */
	F_HOLD,		/* lock, a: LP */
	F_CAPS,		/* a: LP, b: SEAM capabilities */
	F_SIGSTRUCT,
	F_DRY,		/* a: LP, b: source, c: count */
	F_CALL,		/* a: LP, b: leaf, c: RCX, d: RDX; must succeed */
	F_ANY,		/* the same, with R8 and R9 in e and f, and may fail */
	F_W64,		/* a: PA, b: value */
};

struct fault {
	enum fault_kind kind;
	u64 a, b, c, d, e, f;
	u32 regs[4];
	const char *lock;
};

#define MSR(lp, msr, value)	{ .kind = F_MSR, .a = lp, .b = msr, .c = value }
#define CPUID(lp, leaf, sub, ...) \
	{ .kind = F_CPUID, .a = lp, .b = leaf, .c = sub, \
	  .regs = { __VA_ARGS__ } }
#define HOLD(name, lp)		{ .kind = F_HOLD, .a = lp, .lock = name }
#define CAPS(lp, caps)		{ .kind = F_CAPS, .a = lp, .b = caps }
#define SIGSTRUCT		{ .kind = F_SIGSTRUCT }
#define DRY(lp, source, n) \
	{ .kind = F_DRY, .a = lp, .b = source, .c = n }
#define CALL(lp, leaf, rcx, rdx) \
	{ .kind = F_CALL, .a = lp, .b = leaf, .c = rcx, .d = rdx }

#define CALL4(lp, leaf, rcx, rdx, r8_, r9_) \
	{ .kind = F_ANY, .a = lp, .b = leaf, .c = rcx, .d = rdx, .e = r8_, \
	  .f = r9_ }
#define POKE(pa, value)		{ .kind = F_W64, .a = pa, .b = value }

/* How far TD0 has come when the row begins; see td_reach(). */
enum td_stage {
	TD_NONE,
	TD_USABLE_MEMORY,	/* no TD, the first GiB of TDMR1 usable */
	TD_CREATED,
	TD_KEYED,
	TD_BUILT,		/* six TDCX pages */
	TD_INITED,
	TD_VCPU_BUILT,		/* VCPU 0, six pages */
	TD_VCPU_READY,		/* initialised on LP 0 */
	TD_MAPPED,		/* tables for CODE, a page there, one pending */
	TD_RUNNABLE,
	TD_FLUSHED,		/* VPFLUSHDONE */
	TD_TEARDOWN,		/* KeyID free */
};

/* A word of TDMR_INFO number @tdmr that differs from a sound one. */
struct patch {
	bool used;
	unsigned int tdmr;
	unsigned int word;
	u64 value;
};

#define W(tdmr, word, value)	{ true, tdmr, word, value }
#define ARRAY	99	/* "TDMR": the array of addresses */
/* Words of TDMR_INFO. */
enum { W_BASE, W_SIZE, W_1G, W_1G_SIZE, W_2M, W_2M_SIZE, W_4K, W_4K_SIZE };
#define W_RSVD(j)		(8 + 2 * (j))
#define W_RSVD_SIZE(j)		(9 + 2 * (j))

#define VERSION(v)	((v) + 1)
#define MAX_FAULTS	8
#define MAX_PATCHES	6

/* Registers that the leaf sets; all others must come back as they went. */
#define O_RCX	1
#define O_RDX	2
#define O_R8	4
#define O_R9	8
#define O_R10	16
#define O_R11	32

/**
 * struct row - one row of a table
 * @number: as printed
 * @stage: where initialisation stands
 * @version: VERSION(enum model_version); 0 is 1.5
 * @cmrs: CMR table, NULL: the usual one
 * @td: how far TD0 is, on top of @stage
 * @attributes: of TD0
 * @faults: applied in order once @stage and @td are reached
 * @patches: to the TDMR table, before @stage is reached
 * @lp: caller
 * @leaf: input RAX
 * @in: inputs; registers that are 0 here carry junk unless @zero
 * @zero: inputs that really are to be 0, O_*
 * @status: output RAX
 * @outputs: O_*
 * @out: what they are
 * @state: global state afterwards
 * @check_state: compare @state
 */
struct row {
	const char *number;
	enum stage stage;
	unsigned int version;
	const struct model_cmr *cmrs;
	enum td_stage td;
	u64 attributes;
	struct fault faults[MAX_FAULTS];
	struct patch patches[MAX_PATCHES];
	unsigned int lp;
	u64 leaf;
	struct model_regs in;
	unsigned int zero;
	u64 status;
	unsigned int outputs;
	struct model_regs out;
	unsigned int state;
	bool check_state;
};

struct model *table_model(const struct row *r);
void table_apply(struct model *m, const struct fault *f);
void table_reach(struct model *m, enum stage stage);
void table_write_tdmrs(void);
u64 table_call(struct model *m, unsigned int lp, u64 leaf,
	       struct model_regs *r);
/* The call with RCX, RDX, R8 alone; returns RAX. */
u64 table_simple(struct model *m, unsigned int lp, u64 leaf, u64 rcx, u64 rdx,
		 u64 r8);
void table_run(const char *name, const struct row *rows, size_t n);
u64 table_read64(u64 pa);
void table_write64(u64 pa, u64 value);

void td_reach(struct model *m, enum td_stage stage, u64 attributes);

extern const struct CMUnitTest init_tests[], info_tests[], order_tests[],
	config_tests[], thread_tests[], pamt_tests[], td_tests[],
	td_mng_tests[], td_vp_tests[], td_mem_tests[], td_guest_tests[],
	td_thread_tests[], td_state_tests[], td_x86_tests[],
	td_apic_tests[],
	td_cpuid_tests[],
	td_tdg_tests[];
extern const size_t nr_init_tests, nr_info_tests, nr_order_tests,
	nr_config_tests, nr_thread_tests, nr_pamt_tests, nr_td_tests,
	nr_td_mng_tests, nr_td_vp_tests, nr_td_mem_tests, nr_td_guest_tests,
	nr_td_thread_tests, nr_td_state_tests, nr_td_x86_tests,
	nr_td_apic_tests,
	nr_td_cpuid_tests,
	nr_td_tdg_tests;

#endif /* MODEL_TABLE_H */
