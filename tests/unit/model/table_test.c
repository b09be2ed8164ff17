// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running the rows of table.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

#define JUNK	0x5a5a000000000000ULL

static const struct model_cmr usual_cmrs[MODEL_MAX_CMRS] = {
	{ 0x100000, 0x7ff00000 },
	{ GB(4), GB(12) },
};

struct model *table_model(const struct row *r)
{
	struct model_config config = {
		.lps = LPS, .pkgs = PKGS, .keyid_bits = 6,
		.mktme_keyids = 31, .tdx_keyids = 32,
		.cmrs = r && r->cmrs ? r->cmrs : usual_cmrs,
		.nr_cmrs = MODEL_MAX_CMRS,
		.version = r && r->version ? r->version - 1 : MODEL_V1_5,
		.vmx_on = true,
	};
	char err[160];
	struct model *m = model_create(&config, err, sizeof(err));

	if (!m)
		fail_msg("%s", err);
	return m;
}

u64 table_read64(u64 pa)
{
	u64 value;

	env_read_phys(pa, &value, sizeof(value));
	return value;
}

void table_write64(u64 pa, u64 value)
{
	env_write_phys(pa, &value, sizeof(value));
}

/* Two sound TDMRs whose PAMTs lie in PAMT_AREA. */
void table_write_tdmrs(void)
{
	const u64 info[2][8] = {
		{ TDMR0, GB(1), PAMT_AREA, 0x1000, PAMT_AREA + 0x1000, 0x2000,
		  PAMT_AREA + 0x400000, 0x400000 },
		{ TDMR1, GB(2), PAMT_AREA + 0x3000, 0x1000,
		  PAMT_AREA + 0x4000, 0x4000, PAMT_AREA + 0x800000,
		  0x800000 },
	};
	unsigned int i;

	for (i = 0; i < 2; i++) {
		table_write64(ARRAY_PA + 8 * i, INFO_PA(i));
		env_write_phys(INFO_PA(i), info[i], sizeof(info[i]));
	}
}

u64 table_call(struct model *m, unsigned int lp, u64 leaf,
	       struct model_regs *r)
{
	r->rax = leaf;
	assert_int_equal(model_seamcall(m, lp, r), MODEL_RETURNED);
	return r->rax;
}

u64 table_simple(struct model *m, unsigned int lp, u64 leaf, u64 rcx, u64 rdx,
		 u64 r8)
{
	struct model_regs r = { .rcx = rcx, .rdx = rdx, .r8 = r8 };

	return table_call(m, lp, leaf, &r);
}

static void init_tdmrs(struct model *m)
{
	unsigned int i;

	for (i = 0; i < 256; i++)
		assert_int_equal(table_simple(m, 0, TDH_SYS_TDMR_INIT, TDMR0,
					      0, 0), 0);
	for (i = 0; i < 512; i++)
		assert_int_equal(table_simple(m, 0, TDH_SYS_TDMR_INIT, TDMR1,
					      0, 0), 0);
}

void table_reach(struct model *m, enum stage stage)
{
	unsigned int i;

	if (stage >= INITED)
		assert_int_equal(table_simple(m, 0, TDH_SYS_INIT, 0, 0, 0), 0);
	if (stage >= LP0_READY)
		assert_int_equal(table_simple(m, 0, TDH_SYS_LP_INIT, 0, 0, 0),
				 0);
	if (stage >= LPS_READY)
		for (i = 1; i < LPS; i++)
			assert_int_equal(table_simple(m, i, TDH_SYS_LP_INIT,
						      0, 0, 0), 0);
	if (stage >= CONFIGURED)
		assert_int_equal(table_simple(m, 0, TDH_SYS_CONFIG, ARRAY_PA,
					      2, GLOBAL_KEYID), 0);
	if (stage >= KEYED)
		for (i = 0; i < LPS; i += LPS / PKGS)
			assert_int_equal(table_simple(m, i, TDH_SYS_KEY_CONFIG,
						      0, 0, 0), 0);
	if (stage == DONE)
		init_tdmrs(m);
	if (stage == SHUT)
		assert_int_equal(table_simple(m, 0, TDH_SYS_SHUTDOWN, 0, 0, 0),
				 0);
}

void table_apply(struct model *m, const struct fault *f)
{
	switch (f->kind) {
	case F_NONE:
		break;
	case F_MSR:
		assert_int_equal(model_override_msr(m, f->a, f->b, f->c), 0);
		break;
	case F_CPUID:
		assert_int_equal(model_override_cpuid(m, f->a, f->b, f->c,
						      f->regs), 0);
		break;
	case F_HOLD:
		assert_int_equal(model_hold(m, f->lock, f->a), 0);
		break;
	case F_CAPS:
		model_set_seam_capabilities(m, f->a, f->b);
		break;
	case F_SIGSTRUCT:
		model_set_sigstruct_mismatch(m, true);
		break;
	case F_DRY:
		model_starve(m, f->a, f->b, f->c);
		break;
	case F_CALL:
		assert_int_equal(table_simple(m, f->a, f->b, f->c, f->d, 0),
				 0);
		break;
	case F_ANY: {
		struct model_regs r = { .rcx = f->c, .rdx = f->d, .r8 = f->e,
					.r9 = f->f };

		table_call(m, f->a, f->b, &r);
		break;
	}
	case F_W64:
		table_write64(f->a, f->b);
		break;
	}
}

struct reg {
	const char *name;
	size_t offset;
	unsigned int bit;
};

#define REG(r, bit)	{ #r, offsetof(struct model_regs, r), bit }

static const struct reg regs[] = {
	REG(rcx, O_RCX), REG(rdx, O_RDX), REG(r8, O_R8), REG(r9, O_R9),
	REG(r10, O_R10), REG(r11, O_R11), REG(rbx, 0), REG(rbp, 0),
	REG(rsi, 0), REG(rdi, 0), REG(r12, 0), REG(r13, 0), REG(r14, 0),
	REG(r15, 0),
};

static u64 *reg_of(const struct model_regs *r, const struct reg *g)
{
	return (u64 *)((char *)r + g->offset);
}

static void fill_inputs(const struct row *r, struct model_regs *in)
{
	size_t i;

	*in = r->in;
	for (i = 0; i < ARRAY_LEN(regs); i++)
		if (!*reg_of(in, &regs[i]) && !(r->zero & regs[i].bit))
			*reg_of(in, &regs[i]) = JUNK + i;
}

static bool check_answer(const char *name, const struct row *r,
			 const struct model_regs *in,
			 const struct model_regs *got)
{
	bool good = got->rax == r->status;
	size_t i;

	if (!good)
		print_error("%s %s: RAX %016llx, must be %016llx\n", name,
			    r->number, got->rax, r->status);
	for (i = 0; i < ARRAY_LEN(regs); i++) {
		u64 want = *reg_of(r->outputs & regs[i].bit ? &r->out : in,
				   &regs[i]);

		if (*reg_of(got, &regs[i]) == want)
			continue;
		print_error("%s %s: %s %016llx, must be %016llx\n", name,
			    r->number, regs[i].name,
			    *reg_of(got, &regs[i]), want);
		good = false;
	}
	return good;
}

static void apply_patches(const struct row *r)
{
	const struct patch *p;

	for (p = r->patches; p < r->patches + MAX_PATCHES && p->used; p++) {
		u64 pa = p->tdmr == ARRAY ? ARRAY_PA : INFO_PA(p->tdmr);

		table_write64(pa + 8 * p->word, p->value);
	}
}

static bool run_row(const char *name, const struct row *r)
{
	struct model *m = table_model(r);
	struct model_stats stats;
	struct model_regs in, got;
	unsigned int i;
	bool good;

	env_user_reset();
	table_write_tdmrs();
	apply_patches(r);
	table_reach(m, r->td ? KEYED : r->stage);
	td_reach(m, r->td, r->attributes);
	for (i = 0; i < MAX_FAULTS; i++)
		table_apply(m, &r->faults[i]);
	fill_inputs(r, &in);
	got = in;
	table_call(m, r->lp, r->leaf, &got);
	good = check_answer(name, r, &in, &got);
	model_get_stats(m, &stats);
	if (r->check_state && stats.state != r->state) {
		print_error("%s %s: state %u, must be %u\n", name, r->number,
			    stats.state, r->state);
		good = false;
	}
	model_destroy(m);
	return good;
}

void table_run(const char *name, const struct row *rows, size_t n)
{
	size_t i, failed = 0;

	for (i = 0; i < n; i++) {
		bool good = run_row(name, &rows[i]);

		print_message("row %s %s: %s\n", name, rows[i].number,
			      good ? "ok" : "FAILED");
		failed += !good;
	}
	print_message("%s: %zu rows, %zu failed\n", name, n, failed);
	assert_int_equal(failed, 0);
}

int main(void)
{
	static const struct {
		const struct CMUnitTest *tests;
		const size_t *n;
	} groups[] = {
		{ init_tests, &nr_init_tests }, { info_tests, &nr_info_tests },
		{ order_tests, &nr_order_tests },
		{ config_tests, &nr_config_tests },
		{ pamt_tests, &nr_pamt_tests }, { td_tests, &nr_td_tests },
		{ td_mng_tests, &nr_td_mng_tests },
		{ td_vp_tests, &nr_td_vp_tests },
		{ td_mem_tests, &nr_td_mem_tests },
		{ td_guest_tests, &nr_td_guest_tests },
		{ td_x86_tests, &nr_td_x86_tests },
		{ td_apic_tests, &nr_td_apic_tests },
		{ td_cpuid_tests, &nr_td_cpuid_tests },
		{ td_tdg_tests, &nr_td_tdg_tests },
		{ td_thread_tests, &nr_td_thread_tests },
		{ td_state_tests, &nr_td_state_tests },
		{ thread_tests, &nr_thread_tests },
	};
	struct CMUnitTest all[128];
	size_t i, n = 0;

	for (i = 0; i < ARRAY_LEN(groups); i++) {
		memcpy(all + n, groups[i].tests,
		       *groups[i].n * sizeof(all[0]));
		n += *groups[i].n;
	}
	return _cmocka_run_group_tests("model", all, n, NULL, NULL);
}
