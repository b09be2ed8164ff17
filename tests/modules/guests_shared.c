// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that guest and host share, by tables that the host keeps.
 * Source: SDM 3C, "EPT Translation Mechanism".
 */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>

#include "guests.h"

GUESTS_DECLARE(sharer);

#define VP_SHARED_EPTP	0x002400030000203cULL	/* VMCS encoding 0x203c */

#define EPT_RWX		7ULL
#define EPT_WB		(6ULL << 3)
#define EPT_NO_VE	(1ULL << 63)
#define EPT_ENTRIES	512
#define EPT_TABLES	4

/* Where the guest reads, and where it writes that: words of the page. */
#define READ_AT		1
#define WRITE_AT	2

/**
 * struct shared - pages of the host's
 * @table: of the shared EPT, the one at the top first
 * @data: two that the guest's page may be
 */
struct shared {
	u64 *table[EPT_TABLES];
	u64 *data[2];
};

static u64 *new_page(void)
{
	return (u64 *)get_zeroed_page(GFP_KERNEL | __GFP_NOFAIL);
}

/* The way to the shared page 1: bit 47 of an address says that it is shared. */
static void make(struct shared *s)
{
	static const unsigned int way[EPT_TABLES - 1] = { 256, 0, 0 };
	unsigned int i, j;

	for (i = 0; i < EPT_TABLES; i++) {
		s->table[i] = new_page();
		for (j = 0; j < EPT_ENTRIES; j++)
			s->table[i][j] = EPT_NO_VE;
	}
	for (i = 0; i < EPT_TABLES - 1; i++)
		s->table[i][way[i]] = virt_to_phys(s->table[i + 1]) | EPT_RWX;
	s->data[0] = new_page();
	s->data[1] = new_page();
	s->data[0][READ_AT] = 0xaaaa;
	s->data[1][READ_AT] = 0xbbbb;
}

static void unmake(struct shared *s)
{
	unsigned int i;

	for (i = 0; i < EPT_TABLES; i++)
		free_page((unsigned long)s->table[i]);
	free_page((unsigned long)s->data[0]);
	free_page((unsigned long)s->data[1]);
}

static void set(struct shared *s, unsigned int i)
{
	WRITE_ONCE(s->table[EPT_TABLES - 1][1],
		   virt_to_phys(s->data[i]) | EPT_RWX | EPT_WB);
}

static void next(struct guests_td *t, struct shared *s, const char *when)
{
	struct tdx_regs args = { };
	u64 status = guests_go(t, &args);

	if (TDX_HOST_EXIT_REASON(status) == TDX_HOST_EXIT_TDCALL)
		pr_info("tdx_guests: shared, %s: it reads %llx, the host %llx %llx\n",
			when, args.r12, s->data[0][WRITE_AT],
			s->data[1][WRITE_AT]);
	else
		pr_info("tdx_guests: shared, %s: status %llx, %llx at %llx\n",
			when, status, args.rcx, args.r8);
}

void guests_shared(void)
{
	struct guests_td *t = guests_new(0);
	struct shared s;

	make(&s);
	guests_add(t, GUESTS_RESET_PAGE, guest_reset, guest_reset_size);
	guests_add(t, GUESTS_CODE, guest_sharer, guest_sharer_size);
	GUESTS_TRY(t, tdx_host_mr_finalize(&t->td));
	next(t, &s, "no tables");
	GUESTS_TRY(t, tdx_host_vp_wr(&t->vp, VP_SHARED_EPTP,
				     virt_to_phys(s.table[0]), ~0ULL, NULL));
	next(t, &s, "no page");
	set(&s, 0);
	next(t, &s, "a page");
	/* Whoever has the way to the old page cached goes on with it. */
	set(&s, 1);
	next(t, &s, "another page, not tracked");
	GUESTS_TRY(t, tdx_host_mem_track(&t->td));
	next(t, &s, "and tracked");
	guests_end(t);
	unmake(&s);
}
