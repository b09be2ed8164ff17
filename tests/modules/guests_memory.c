// SPDX-License-Identifier: GPL-2.0-only
/* What a guest, and its host, find in memory while that changes. */
#include <linux/kmod.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/umh.h>

#include "guests.h"

GUESTS_DECLARE(keeper);
GUESTS_DECLARE(xmm);

/* What it writes. */
#define SECRET		0x1122334455667788ULL

static bool found(struct page *page)
{
	const u64 *word = page_address(page);
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(*word); i++)
		if (word[i] == SECRET)
			return true;
	return false;
}

/* What the guest says next, or why it does not. */
static void next(struct guests_td *t, const char *when)
{
	struct tdx_regs args = { };
	u64 status = guests_go(t, &args);

	if (TDX_HOST_EXIT_REASON(status) == TDX_HOST_EXIT_TDCALL)
		pr_info("tdx_guests: %s: it reads %llx\n", when, args.r12);
	else
		pr_info("tdx_guests: %s: status %llx, %llx at %llx\n", when,
			status, args.rcx, args.r8);
}

static void block(struct guests_td *t)
{
	GUESTS_TRY(t, tdx_host_mem_range_block(&t->td, GUESTS_DATA,
					       TDX_HOST_LEVEL_4K, NULL));
}

static void relocate(struct guests_td *t)
{
	struct page *to = guests_spare(t);
	unsigned long pfn = page_to_pfn(to);

	block(t);
	GUESTS_TRY(t, tdx_host_mem_track(&t->td));
	/* Back comes the page that it was. */
	GUESTS_TRY(t, tdx_host_mem_page_relocate(&t->td, GUESTS_DATA, &pfn,
						 NULL));
	next(t, "relocated");
	pr_info("tdx_guests: the host finds %s there\n",
		found(to) ? "it" : "noise");
}

static void remove(struct guests_td *t)
{
	unsigned long pfn;

	block(t);
	GUESTS_TRY(t, tdx_host_mem_track(&t->td));
	GUESTS_TRY(t, tdx_host_mem_page_remove(&t->td, GUESTS_DATA,
					       TDX_HOST_LEVEL_4K, &pfn, NULL));
	next(t, "removed");
}

/* Between BLOCK and TRACK an LP may go on with what it has. */
static void forget_track(struct guests_td *t)
{
	unsigned long pfn;
	u64 status;

	block(t);
	next(t, "blocked");
	status = tdx_host_mem_page_remove(&t->td, GUESTS_DATA,
					  TDX_HOST_LEVEL_4K, &pfn, NULL);
	pr_info("tdx_guests: removed too early: %s\n",
		tdx_status_is(status, TDX_ST_TLB_TRACKING_NOT_DONE) ?
		"TLB_TRACKING_NOT_DONE" : "other");
	GUESTS_TRY(t, tdx_host_mem_track(&t->td));
	next(t, "tracked");
	GUESTS_TRY(t, tdx_host_mem_range_unblock(&t->td, GUESTS_DATA,
						 TDX_HOST_LEVEL_4K, NULL));
	next(t, "unblocked");
}

/* Its page at GUESTS_DATA is *@data. */
static struct guests_td *new_keeper(struct page **data)
{
	struct guests_td *t = guests_new(TDX_HOST_ATTRIBUTES_SEPT_VE_DISABLE);

	guests_add(t, GUESTS_RESET_PAGE, guest_reset, guest_reset_size);
	guests_add(t, GUESTS_CODE, guest_keeper, guest_keeper_size);
	*data = guests_add(t, GUESTS_DATA, "", 0);
	GUESTS_TRY(t, tdx_host_mr_finalize(&t->td));
	return t;
}

void guests_memory(void)
{
	struct page *data;
	struct guests_td *t = new_keeper(&data);

	next(t, "written");
	pr_info("tdx_guests: the host finds %s there\n",
		found(data) ? "it" : "noise");
	forget_track(t);
	relocate(t);
	remove(t);
	guests_end(t);
}

/* For a CPU: the interpreter has no XMM registers. */
void guests_xmm(void)
{
	struct guests_td *t = guests_new(0);
	struct tdx_regs args = { };

	guests_add(t, GUESTS_RESET_PAGE, guest_reset, guest_reset_size);
	guests_add(t, GUESTS_CODE, guest_xmm, guest_xmm_size);
	GUESTS_TRY(t, tdx_host_mr_finalize(&t->td));
	t->xmm[0] = 0x5678;
	t->xmm[1] = 0x9abc;
	guests_go(t, &args);
	pr_info("tdx_guests: the host gets XMM1 %llx, XMM2 %llx\n", t->xmm[0],
		t->xmm[1]);
	t->xmm[0] = 0x5678;
	t->xmm[1] = 0x9abc;
	args.rcx = 0;
	guests_go(t, &args);
	pr_info("tdx_guests: the guest gets XMM1 %llx, XMM2 %llx\n", args.r12,
		args.r13);
	guests_end(t);
}

void guests_lose(char *program)
{
	char *argv[] = { program, NULL };
	char *envp[] = { "PATH=/bin:/sbin:/usr/bin:/usr/sbin", NULL };
	struct page *data;
	struct guests_td *t = new_keeper(&data);

	next(t, "in VMX operation");
	if (call_usermodehelper(program, argv, envp, UMH_WAIT_PROC))
		pr_err("tdx_guests: FAILED %s\n", program);
	next(t, "after VMXOFF");
	guests_end(t);
}
