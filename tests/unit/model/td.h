/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TDs for table tests.  Each has a space of its own in TDMR1, its TDR first,
 * and KeyIDs and pages that are easily told apart.
 */
#ifndef MODEL_TD_TESTS_H
#define MODEL_TD_TESTS_H

#include "table.h"

#define TD_SPACE	0x100000ULL
#define TD0		(TDMR1 + 0x1000000)
#define TD1		(TD0 + TD_SPACE)
#define KEYID0		33
#define KEYID1		34
#define TDCX_PAGES	6
#define TDVPX_PAGES	6
#define TDCX(tdr, n)	((tdr) + 0x1000 * (1 + (n)))
#define TDVPR(tdr, n)	((tdr) + 0x10000 * (1 + (n)))
#define TDVPX(tdr, n, i) (TDVPR(tdr, n) + 0x1000 * (i))
#define SEPT(tdr)	((tdr) + 0x80000)
#define PAGE(tdr, n)	((tdr) + 0x90000 + 0x1000 * (n))
#define SPARE(tdr, n)	((tdr) + 0xa0000 + 0x1000 * (n))

/* Pages of the host's. */
#define PARAMS		0x3000000ULL
#define SOURCE		0x3001000ULL

/* Where a guest's code is, behind the page that it starts in. */
#define RESET_PAGE	0xfffff000ULL
#define CODE		0x40000000ULL

/* Guests of guests.S and guests_x86.S.  GUEST(name): bytes, how many. */
#define GUEST_DECLARE(name) \
	extern const u8 guest_##name[]; \
	extern const u64 guest_##name##_size
#define GUEST(name)	guest_##name, guest_##name##_size

GUEST_DECLARE(reset);
GUEST_DECLARE(short);
GUEST_DECLARE(halt);

/* What the page begins with that TD_MAPPED brings. */
#define MAPPED_WORD	0x0123456789abcdefULL

#define VE_DISABLE	(1ULL << 28)
#define DEBUG_TD	1ULL

struct model *td_model(enum model_version version);
void td_reach_td(struct model *m, enum td_stage stage, u64 attributes);
u64 td_call(struct model *m, u64 leaf, u64 rcx, u64 rdx, u64 r8);
void td_create(struct model *m, u64 tdr, u64 keyid);
void td_params(u64 attributes);
void td_init(struct model *m, u64 tdr, u64 attributes);
void td_vcpu(struct model *m, unsigned int lp, u64 tdr, unsigned int n);
unsigned int td_tables(struct model *m, u64 tdr, u64 gpa, u64 pages);
void td_add(struct model *m, u64 tdr, u64 gpa, u64 page, const void *content,
	    size_t size);
void td_ready(struct model *m, u64 tdr, u64 keyid, u64 attributes,
	      const u8 *code, size_t size);
u64 td_enter(struct model *m, unsigned int lp, u64 tdvpr,
	     struct model_regs *r);
void td_destroy(struct model *m, u64 tdr);

#endif /* MODEL_TD_TESTS_H */
