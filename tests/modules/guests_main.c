// SPDX-License-Identifier: GPL-2.0-only
/* tdx_guests: which guests, and what the host does for them. */
#include <linux/err.h>
#include <linux/module.h>

#include <tdx_host/tdx_host.h>
#include <tdx_host/error.h>

#include "guests.h"

bool guests_hold_vmx;
static char *between;
module_param(between, charp, 0444);
MODULE_PARM_DESC(between, "a program that ends VMX operation, and how a guest takes that; nothing else");
static bool shared = true;
module_param(shared, bool, 0444);
MODULE_PARM_DESC(shared, "addresses that are shared can be reached (default: yes)");
static bool on_cpu;
module_param(on_cpu, bool, 0444);
MODULE_PARM_DESC(on_cpu, "the CPU runs the guests, not the interpreter (default: no)");
module_param_named(hold_vmx, guests_hold_vmx, bool, 0444);
MODULE_PARM_DESC(hold_vmx, "the CPUs stay in VMX operation (default: no)");

GUESTS_DECLARE(initial);
GUESTS_DECLARE(tdcall32);
GUESTS_DECLARE(port);
GUESTS_DECLARE(ve);
GUESTS_DECLARE(df);
GUESTS_DECLARE(no_df);
GUESTS_DECLARE(crossing);
GUESTS_DECLARE(fitting);
GUESTS_DECLARE(faults);
GUESTS_DECLARE(tables);
GUESTS_DECLARE(life);
GUESTS_DECLARE(toucher);
GUESTS_DECLARE(acceptor);
GUESTS_DECLARE(shutdown);

#define NR_TABLES	4

/**
 * struct row - a guest
 * @name: in the log
 * @code: what is at GUESTS_CODE, or if @reset at GUESTS_RESET_PAGE
 * @size: of it
 * @attributes: of the TD
 * @reset: it is all that there is
 * @add: there is a page at GUESTS_DATA
 * @aug: there is one to be accepted
 * @tables: so many pages with its page tables follow its code
 * @exits: that are of interest; 0: until it is stopped
 */
struct row {
	const char *name;
	const u8 *code;
	const u64 *size;
	u64 attributes;
	bool reset, add, aug;
	unsigned int tables, exits;
};

static const struct row rows[] = {
	{ "initial", GUESTS_CODE_OF(initial), .reset = true, .exits = 1 },
	{ "tdcall32", GUESTS_CODE_OF(tdcall32), .reset = true },
	{ "port", GUESTS_CODE_OF(port) },
	{ "ve", GUESTS_CODE_OF(ve), .aug = true, .exits = 11 },
	{ "df", GUESTS_CODE_OF(df), .exits = 2 },
	{ "no_df", GUESTS_CODE_OF(no_df) },
	{ "crossing", GUESTS_CODE_OF(crossing) },
	{ "fitting", GUESTS_CODE_OF(fitting) },
	{ "faults", GUESTS_CODE_OF(faults), .add = true, .tables = NR_TABLES,
	  .exits = 16 },
	{ "walk", GUESTS_CODE_OF(faults), .add = true,
	  .tables = NR_TABLES - 1, .exits = 2 },
	{ "life", GUESTS_CODE_OF(life) },
	{ "toucher", GUESTS_CODE_OF(toucher), .attributes =
	  TDX_HOST_ATTRIBUTES_SEPT_VE_DISABLE },
	{ "acceptor", GUESTS_CODE_OF(acceptor), .exits = 2 },
	{ "shutdown", GUESTS_CODE_OF(shutdown) },
};

static struct guests_td *make(const struct row *row)
{
	struct guests_td *t = guests_new(row->attributes);
	unsigned int i;

	if (row->reset) {
		guests_add(t, GUESTS_RESET_PAGE, row->code, *row->size);
	} else {
		guests_add(t, GUESTS_RESET_PAGE, guest_reset,
			   guest_reset_size);
		guests_add(t, GUESTS_CODE, row->code, *row->size);
	}
	for (i = 0; i < row->tables; i++)
		guests_add(t, GUESTS_CODE + PAGE_SIZE * (i + 1),
			   guest_tables + PAGE_SIZE * i, PAGE_SIZE);
	if (row->add)
		guests_add(t, GUESTS_DATA, "", 0);
	GUESTS_TRY(t, tdx_host_mr_finalize(&t->td));
	if (row->aug)
		guests_aug(t, GUESTS_DATA);
	return t;
}

/* A line for each exit; true: the guest goes on. */
static bool tell(struct guests_td *t, const struct row *row, u64 status,
		 struct tdx_regs *a)
{
	switch (TDX_HOST_EXIT_REASON(status)) {
	case TDX_HOST_EXIT_TDCALL:
		pr_info("tdx_guests: %s: TDCALL %llx: %llx %llx %llx %llx %llx %llx\n",
			row->name, a->rcx, a->r10, a->r11, a->r12, a->r13,
			a->r14, a->r15);
		return true;
	case TDX_HOST_EXIT_EPT_VIOLATION:
		pr_info("tdx_guests: %s: EPT violation %llx %llx at %llx\n",
			row->name, a->rcx, a->rdx, a->r8);
		/* Unless it is there already, and the guest does not want it. */
		if ((a->rdx & 0xf) == 6)
			return false;
		guests_aug(t, a->r8);
		return !t->failed;
	default:
		pr_info("tdx_guests: %s: status %llx\n", row->name, status);
		return false;
	}
}

static void run(const struct row *row)
{
	struct guests_td *t = make(row);
	struct tdx_regs args = { };
	unsigned int exits = 0;
	u64 status;

	do {
		args.rcx = 0;
		status = guests_go(t, &args);
	} while (!t->failed && tell(t, row, status, &args) &&
		 ++exits != row->exits);
	guests_end(t);
}

static int __init guests_module_init(void)
{
	unsigned int i;
	int ret = tdx_host_enable();

	if (ret)
		return ret;
	if (between) {
		guests_lose(between);
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		run(&rows[i]);
	guests_memory();
	guests_large();
	guests_interrupted();
	if (shared)
		guests_shared();
	if (on_cpu)
		guests_xmm();
	return 0;
}
module_init(guests_module_init);

static void __exit guests_module_exit(void)
{
}
module_exit(guests_module_exit);

MODULE_DESCRIPTION("Runs guests in TDs (testing)");
MODULE_LICENSE("GPL");
/* MODULE_IMPORT_NS() takes a name before 6.13 and a string after. */
MODULE_INFO(import_ns, "TDX_HOST");
