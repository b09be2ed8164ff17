/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdx_guests: guests of the model's unit tests in TDs, by the public interface
 * of tdx_host.  Loading the module runs them; what each exit brings is a line
 * "NAME: ..." in the kernel log, the same whether the interpreter or a CPU runs
 * them.
 */
#ifndef TDX_TEST_GUESTS_H
#define TDX_TEST_GUESTS_H

#include <linux/types.h>

#include <tdx_host/mem.h>
#include <tdx_host/mng.h>
#include <tdx_host/vp.h>

#define GUESTS_MAX_PAGES	64

/* As guest.inc has it. */
#define GUESTS_RESET_PAGE	0xfffff000ULL
#define GUESTS_CODE		0x40000000ULL
#define GUESTS_DATA		0x40010000ULL
#define GUESTS_LARGE		0x80000000ULL

/**
 * struct guests_td - a TD with one VCPU
 * @td: the TD
 * @vp: its VCPU
 * @pages: all pages that it was given but the TDR
 * @nr_pages: how many
 * @failed: a call went wrong, which was said
 * @notify: the next entry finds that an interrupt waits which notifies of posted
 *	    ones
 * @xmm: XMM1 and XMM2, before and after an entry
 */
struct guests_td {
	struct tdx_host_td td;
	struct tdx_host_vp vp;
	struct page *pages[GUESTS_MAX_PAGES];
	unsigned int nr_pages;
	bool failed;
	bool notify;
	u64 xmm[2];
};

/* guests_td.c.  A call that fails is named in the log, once for a TD. */
#define GUESTS_TRY(t, call) guests_check(t, #call, call)

bool guests_check(struct guests_td *t, const char *call, u64 status);
struct guests_td *guests_new(u64 attributes);
/* Tables that lead to a page of @leaf at @gpa; those above may be there. */
void guests_tables(struct guests_td *t, u64 gpa, enum tdx_host_level leaf);
/* A page with @size bytes of @code; where it is. */
struct page *guests_add(struct guests_td *t, u64 gpa, const void *code,
			size_t size);
/* A page that is still the host's; it goes back with the TD's. */
struct page *guests_spare(struct guests_td *t);
struct page *guests_aug(struct guests_td *t, u64 gpa);
void guests_end(struct guests_td *t);

/* guests_run.c: one TDH.VP.ENTER; more, as long as interrupts end them. */
u64 guests_enter(struct guests_td *t, struct tdx_regs *args);
u64 guests_go(struct guests_td *t, struct tdx_regs *args);

/* The host keeps VMX operation on, as KVM does. */
extern bool guests_hold_vmx;

/* guests_apic.c: interrupts for a guest; one that says that there are. */
void guests_interrupted(void);
void guests_notify(void);

/* guests_memory.c: what becomes of a guest whose memory changes. */
void guests_memory(void);
void guests_xmm(void);
/* VMX operation ends, by that program, while a VCPU is associated. */
void guests_lose(char *program);

/* guests_large.c: 2 MiB, in one piece and in many. */
void guests_large(void);

/* guests_shared.c: memory that guest and host share. */
void guests_shared(void);

#define GUESTS_DECLARE(name) \
	extern const u8 guest_##name[]; extern const u64 guest_##name##_size

GUESTS_DECLARE(reset);
#define GUESTS_CODE_OF(name)	guest_##name, &guest_##name##_size

#endif /* TDX_TEST_GUESTS_H */
