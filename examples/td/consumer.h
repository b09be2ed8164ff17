/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdx_consumer: the whole life of a TD, as an example for modules that are
 * built on tdx_host.  Read main.c first, then td.c, vcpu.c, memory.c, enter.c,
 * exit.c and teardown.c, in which a TD is made, run and destroyed; guest_page.S
 * is what runs in it; then hold.c, which is told when TDX ends; page.c and
 * host_state.c are what these stand on.
 */
#ifndef TDX_CONSUMER_H
#define TDX_CONSUMER_H

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include <tdx/leaf.h>
#include <tdx_host/mem.h>
#include <tdx_host/seamcall.h>
#include <tdx_host/td.h>
#include <tdx_host/vp.h>

#include "guest.h"

/* As many as some TD here has. */
#define CONSUMER_MAX_VCPUS	2

/**
 * struct consumer_td - a TD and all that belongs to it
 * @td: what the wrappers know it by
 * @vp: its VCPUs, and
 * @vcpus: how many there are to be
 * @vps: so many of them are initialised
 * @nr: its number, for people
 * @verbose: tell every step
 * @created: the TDX module knows the TD, so that teardown is due
 * @pages: pages that the TDX module has of us, or is just being offered, the
 *	   TDR among them: by PFN, the level of each
 * @params: NULL, or what adds to the TD's parameters
 * @held: among the TDs that are held
 */
struct consumer_td {
	struct tdx_host_td td;
	struct tdx_host_vp vp[CONSUMER_MAX_VCPUS];
	unsigned int vcpus;
	unsigned int vps;
	unsigned int nr;
	bool verbose;
	bool created;
	struct xarray pages;
	void (*params)(struct tdx_host_td_params *p);
	struct list_head held;
};

#define consumer_say(c, fmt, ...)					\
	do {								\
		if ((c)->verbose)					\
			pr_info(KBUILD_MODNAME ": TD %u: " fmt "\n",	\
				(c)->nr, ##__VA_ARGS__);		\
	} while (0)

/* main.c */
bool consumer_given_up(void);
void consumer_balance(void);

/* hold.c */
int consumer_hold_init(void);
void consumer_hold_exit(void);
int consumer_begin(void);
void consumer_end(void);
void consumer_hold(struct consumer_td *c);
bool consumer_going_down(void);

/* page.c */
void consumer_pages_init(struct consumer_td *c);
void consumer_pages_exit(struct consumer_td *c);
struct page *consumer_page_alloc(struct consumer_td *c,
				 enum tdx_host_level level);
void consumer_page_given(struct consumer_td *c, struct page *page);
void consumer_page_refused(struct consumer_td *c, struct page *page,
			   u64 status);
int consumer_page_split(struct consumer_td *c, unsigned long pfn);
int consumer_page_back(struct consumer_td *c, unsigned long pfn, u32 keyid);
unsigned int consumer_pages_out(void);

/* td.c */
int consumer_td_create(struct consumer_td *c);
int consumer_td_init(struct consumer_td *c);
int consumer_td_finalize(struct consumer_td *c, u64 mrtd[6]);
int consumer_failed(const struct consumer_td *c, u64 leaf, u64 status);
bool consumer_again(u64 leaf, u64 status, ktime_t *until);
bool consumer_insist(u64 leaf, u64 status, ktime_t *until);
unsigned int consumer_keyids_out(void);
void consumer_keyid_put(struct consumer_td *c);

/* vcpu.c */
int consumer_vcpus_create(struct consumer_td *c);

/* memory.c */
int consumer_memory_add(struct consumer_td *c, u64 gpa, struct page *source);
int consumer_memory_measure(struct consumer_td *c, u64 gpa);
int consumer_memory_aug(struct consumer_td *c, u64 gpa,
			enum tdx_host_level level);
int consumer_memory_block(struct consumer_td *c, u64 gpa,
			  enum tdx_host_level level);
int consumer_memory_track(struct consumer_td *c);
int consumer_memory_split(struct consumer_td *c, u64 gpa);
int consumer_memory_take(struct consumer_td *c, u64 gpa,
			 enum tdx_host_level level);
int consumer_memory_remove(struct consumer_td *c, u64 gpa);

/* guest_page.S, guest.c */
extern const u8 consumer_guest_page[];
int consumer_guest_load(struct consumer_td *c);

/* host_state.c */
struct consumer_host_state {
	u64 msr[7];
	u64 xcr0;
	unsigned long dr[4];
	unsigned long dr6;
	unsigned long dr7;
};

void consumer_host_save(struct consumer_host_state *hs);
void consumer_host_restore(const struct consumer_host_state *hs);

/* enter.c */
u64 consumer_enter(struct tdx_host_vp *vp, struct tdx_regs *args,
		   void (*last)(struct tdx_host_vp *vp));
bool consumer_exit_served(u64 status, const struct tdx_regs *args);
int consumer_move_here(struct consumer_td *c, struct tdx_host_vp *vp);

/* run.c */
int consumer_run(struct consumer_td *c);

/* exit.c */
int consumer_hypercall(struct consumer_td *c, struct tdx_regs *args,
		       bool *done);
int consumer_ept_violation(struct consumer_td *c,
			   const struct tdx_regs *args);

/* teardown.c */
int consumer_td_destroy(struct consumer_td *c);

#endif /* TDX_CONSUMER_H */
