/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdx_emul: the kernel glue around the model core.
 *
 * emul_main.c knows the order of things; everything else is one concern a
 * file.  The model never changes once it is made, so whoever may be called
 * after emul_main.c made it reads emul.model without a lock.
 */
#ifndef TDX_EMUL_EMUL_H
#define TDX_EMUL_EMUL_H

#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "../model/model.h"

struct module;
struct pt_regs;
struct seq_file;

/**
 * struct emul_config - what the module parameters ask for
 * @model: what the model core is made of
 * @guest_mem: memory for guests that the CPU runs, MiB
 * @cmrs: storage of @model.cmrs
 * @lp_pkg: storage of @model.lp_pkg
 * @vmx: tdx_host's VMX window is let through where the CPU has no VMX
 * @seam: what SEAMCALL finds
 * @module: a TDX module is loaded
 * @erratum: the CPU has the partial-write erratum
 * @seamrr: what SEAMRR looks like to who reads its MSRs
 */
struct emul_config {
	struct model_config model;
	unsigned int guest_mem;
	struct model_cmr cmrs[MODEL_MAX_CMRS];
	u8 lp_pkg[MODEL_MAX_LPS];
	bool vmx;
	enum model_seam seam;
	bool module;
	bool erratum;
	enum emul_seamrr {
		EMUL_SEAMRR_LOCKED,
		EMUL_SEAMRR_UNLOCKED,
		EMUL_SEAMRR_UNCONFIGURED,
	} seamrr;
};

/**
 * struct emul - the one emulator
 * @model: the software TDX module
 * @lps: LPs that @model knows: CPUs from here on were never seen by BIOS
 * @real_vmx: the CPU has VMX, so the VMX window is only looked at
 * @vmx: tdx_host may open its VMX window although the CPU has no VMX
 * @vmx_held: LPs that somebody else keeps in VMX operation, as KVM does
 */
struct emul {
	struct model *model;
	unsigned int lps;
	bool real_vmx;
	bool vmx;
	struct cpumask vmx_held;
};

extern struct emul emul;

#define EMUL_ALL_LPS	UINT_MAX

/* What the glue did, beside what the model counts. */
struct emul_counts {
	atomic64_t seamcalls;		/* SEAMCALL instructions that trapped */
	atomic64_t ud;			/* of these, left to be #UD */
	atomic64_t gp;			/* of these, turned into #GP */
	atomic64_t vmfail;		/* of these, VMfailInvalid */
	atomic64_t interruptible;	/* of these, with interrupts on */
	atomic64_t rdmsr;		/* tdx_host_rdmsr() calls answered */
	atomic64_t vmx_enters;		/* windows opened for tdx_host */
	atomic64_t vmx_leaves;		/* windows closed for tdx_host */
	atomic64_t window_interruptible; /* opened with interrupts on */
};

extern struct emul_counts emul_counts;

/* emul_options.c: the module parameters, as text. */
extern char *emul_opt_lps, *emul_opt_pkgs, *emul_opt_keyids,
	    *emul_opt_keyid_bits, *emul_opt_cmrs, *emul_opt_version,
	    *emul_opt_seam, *emul_opt_seamrr, *emul_opt_module, *emul_opt_vmx,
	    *emul_opt_inject, *emul_opt_msr, *emul_opt_cpuid,
	    *emul_opt_erratum, *emul_opt_tdmr_init_ns,
	    *emul_opt_call_ns, *emul_opt_hold, *emul_opt_sysrd,
	    *emul_opt_hostile, *emul_opt_guest_mem;
int emul_options_check(void);

/* emul_config.c: text into values.  Each says itself what is wrong. */
int emul_config_parse(struct emul_config *cfg);
int emul_parse_u64(const char *what, const char *text, u64 max, u64 *value);
int emul_parse_word(const char *what, const char *text,
		    const char *const *words, unsigned int nr);

/* Splits at @sep in place; the next field, NULL after the last one. */
char *emul_field(char **rest, char sep);

/* emul_platform.c: the machine that we are on. */
int emul_platform_check(void);
bool emul_platform_rdmsr(u32 msr, u64 *value);
bool emul_platform_has_vmx(void);
unsigned int emul_platform_lps(void);
unsigned int emul_platform_pkgs(u8 *lp_pkg, unsigned int lps);

/* XCR0 bits that this CPU can have. */
u64 emul_platform_xfeatures(void);

/* engine.c: guests run by the CPU, and memory for them. */
int emul_engine_init(unsigned int mib, const struct model_engine **engine);
void emul_engine_exit(void);
/* Pages of it in use. */
unsigned long emul_pool_used(void);

/* emul_memory.c: model_env.h, and the memory map behind it. */
int emul_memory_init(void);
void emul_memory_exit(void);
unsigned int emul_memory_cmrs(struct model_cmr *cmrs, unsigned int max);

/* emul_trap.c: SEAMCALL. */
int emul_trap_init(void);
void emul_trap_exit(void);
/* Modules whose SEAMCALLs are answered. */
int emul_trap_add_module(struct module *mod);
void emul_trap_del_module(struct module *mod);
/* The next call of @leaf leaves its stack in emul_trap_show(). */
void emul_trap_arm_trace(u16 leaf);
/* The next call of @leaf panics, as a machine check in it would. */
void emul_trap_arm_crash(u16 leaf);
void emul_trap_show_trace(struct seq_file *m);

/* emul_intercept.c: functions of tdx_host that meet the hardware. */
int emul_intercept_init(void);
void emul_intercept_exit(void);
/* @lp may be EMUL_ALL_LPS: what holds where an LP has no value of its own. */
int emul_override_msr(unsigned int lp, u32 msr, u64 value);

/* emul_vmx.c: is this CPU in VMX operation? */
int emul_vmx_init(void);
void emul_vmx_exit(void);
void emul_vmx_sync(unsigned int lp);
bool emul_vmx_enter(unsigned int lp);
void emul_vmx_leave(unsigned int lp);
int emul_vmx_hold(unsigned int lp, bool on);

/* emul_erratum.c: partial writes to TDX private memory. */
int emul_erratum_init(void);
void emul_erratum_exit(void);
bool emul_erratum_trap(struct pt_regs *regs);
void tdx_emul_erratum(u64 *lines, u64 *partial, u64 *whole);

/* emul_sleep.c: suspend to RAM. */
int emul_sleep_init(void);
void emul_sleep_exit(void);
u64 emul_sleep_losses(void);

/* emul_control.c: what changes while the emulator runs. */
#define EMUL_SEAMS	3	/* words for enum model_seam */
extern const char *const emul_seams[EMUL_SEAMS];
int emul_control_apply(const struct emul_config *cfg);
int emul_control_line(char *line);

/* emul_debugfs.c */
void emul_debugfs_init(void);
void emul_debugfs_exit(void);

/* emul_return.S: returns to its caller, RAX as it is. */
void emul_return(void);

#endif /* TDX_EMUL_EMUL_H */
