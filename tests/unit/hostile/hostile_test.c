// SPDX-License-Identifier: GPL-2.0-only
/*
 * hostile_test FROM COUNT [STEP]: bring-up, as far as user space has it, under the
 * software TDX module that lies (tests/emul/model/hostile.c), once for each
 * seed: metadata, layout, TDH.SYS.CONFIG, progress of TDH.SYS.TDMR.INIT,
 * statuses.  What tdx_host believes is judged by other code (judge.c).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tdx/regs.h>
#include <tdx_host/error.h>
#include <tdx_host/sysinfo.h>

#include "../../emul/model/env.h"
#include "../../emul/model/model.h"
#include "error.h"
#include "judge.h"
#include "status.h"
#include "sysinfo.h"
#include "tdmr_progress.h"

#define LPS	2

/* Where the operands of TDH.SYS.CONFIG are, in RAM that no PAMT gets. */
#define LIST	0x10000ULL

static struct model *model;
static u64 now, calls;
static const char *wrong;

/* A call takes a while, and a pause longer: the clock is nobody's but ours. */
#define CALL_NS		1000000ULL
#define PATIENCE_NS	10000000000ULL

static void believe(const char *what)
{
	if (what && !wrong)
		wrong = what;
}

static u64 hostile_call(unsigned int lp, u64 leaf, struct tdx_regs *args)
{
	struct model_regs r = {
		.rax = leaf, .rcx = args->rcx, .rdx = args->rdx,
		.r8 = args->r8, .r9 = args->r9, .r10 = args->r10,
		.r11 = args->r11,
	};

	calls++;
	now += CALL_NS;
	if (model_seamcall(model, lp, &r) != MODEL_RETURNED)
		return TDX_ST_SEAMCALL_VMFAILINVALID;
	args->rcx = r.rcx;
	args->rdx = r.rdx;
	args->r8 = r.r8;
	args->r9 = r.r9;
	args->r10 = r.r10;
	args->r11 = r.r11;
	believe(judge_status(leaf, r.rax, lp, args));
	return r.rax;
}

static u64 hostile_insist(unsigned int lp, u64 leaf, struct tdx_regs *args)
{
	const struct tdx_regs in = *args;
	u64 status, begin = now;

	for (;;) {
		status = hostile_call(lp, leaf, args);
		if (!status_transient(leaf, status) ||
		    now - begin > PATIENCE_NS)
			return status;
		*args = in;
	}
}

/* For src/sysinfo.c. */
__u64 tdx_host_call(__u64 leaf, struct tdx_regs *args, bool may_sleep)
{
	(void)may_sleep;
	return hostile_insist(0, leaf, args);
}

static int hostile_failed(u64 leaf, u64 status, int lp,
			  const struct tdx_regs *out)
{
	int err = error_seamcall(leaf, status, lp, out);

	believe(judge_refusal(err));
	return err;
}

static int hostile_simple(unsigned int lp, u64 leaf, struct tdx_regs args)
{
	u64 status = hostile_insist(lp, leaf, &args);

	return status_done(status) ? 0 : hostile_failed(leaf, status, lp, &args);
}

static void write64(u64 pa, u64 value)
{
	env_write_phys(pa, &value, sizeof(value));
}

static int hostile_config(const struct tdmr_result *layout)
{
	for (u32 i = 0; i < layout->nr_tdmrs; i++) {
		const struct tdmr *t = &layout->tdmr[i];
		u64 info = LIST + 0x1000 + i * 512;

		write64(LIST + 8 * i, info);
		write64(info, t->base);
		write64(info + 8, t->size);
		for (int level = 0; level < TDMR_LEVELS; level++) {
			u64 at = info + 16 + 16 * (TDMR_LEVELS - 1 - level);

			write64(at, t->pamt[level].base);
			write64(at + 8, t->pamt[level].size);
		}
		for (u32 j = 0; j < 16; j++) {
			bool used = j < t->nr_rsvd;

			write64(info + 64 + 16 * j,
				used ? t->rsvd[j].offset : 0);
			write64(info + 72 + 16 * j, used ? t->rsvd[j].size : 0);
		}
	}
	return hostile_simple(0, TDH_SYS_CONFIG, (struct tdx_regs){
		.rcx = LIST, .rdx = layout->nr_tdmrs, .r8 = 32 });
}

static int hostile_next(void *ctx, u64 *rdx, u64 *time)
{
	const struct tdmr *t = ctx;
	struct tdx_regs args = { .rcx = t->base };
	u64 status = hostile_insist(0, TDH_SYS_TDMR_INIT, &args);

	*time = now;
	*rdx = args.rdx;
	if (tdx_status_is(status, TDX_ST_TDMR_ALREADY_INITIALIZED))
		*rdx = t->base + t->size;
	else if (!status_done(status))
		return hostile_failed(TDH_SYS_TDMR_INIT, status, -1, NULL);
	return 0;
}

static int hostile_bring_up(const struct tdmr_result *layout)
{
	int err = 0, step;

	err = hostile_config(layout) ?:
	      hostile_simple(0, TDH_SYS_KEY_CONFIG, (struct tdx_regs){ 0 });
	for (u32 i = 0; i < layout->nr_tdmrs && !err && !wrong; i++) {
		believe(judge_progress(layout->tdmr[i].base,
				       layout->tdmr[i].size, hostile_next,
				       (void *)&layout->tdmr[i], &step));
		err = step < 0 ? step : step == TDMR_DONE ? 0 : -EIO;
	}
	return err;
}

/* What the kernel's worker does, as far as there is no kernel. */
static int hostile_life(void)
{
	struct tdmr_result layout;
	int err = 0;

	for (unsigned int lp = 0; lp < LPS && !err; lp++)
		err = (lp ? 0 : hostile_simple(lp, TDH_SYS_INIT,
					       (struct tdx_regs){ 0 })) ?:
		      hostile_simple(lp, TDH_SYS_LP_INIT,
				     (struct tdx_regs){ 0 });
	err = err ?: sysinfo_read();
	if (err) {
		if (err != -ENOMEM)
			believe(judge_refusal(err));
		return err;
	}
	believe(judge_sysinfo(tdx_host_get_sysinfo()));
	if (wrong)
		return -EIO;
	believe(judge_layout(tdx_host_get_sysinfo(), &layout, &err));
	if (!err && !wrong) {
		/* The model has room for as many. */
		if (layout.nr_tdmrs <= 64)
			err = hostile_bring_up(&layout);
		judge_layout_free(&layout);
	}
	return err;
}

/*
 * What a status says beside its name is in the words, and not in the numbers
 * at the end alone.
 */
static const char *hostile_explain(u64 status, enum tdx_details kind)
{
	static const u32 operands[] = { 1, 2 }, others[] = { 0x10101, 0x20202 };
	const u32 *d = kind == TDX_DETAILS_OPERAND ? operands : others;
	const struct tdx_regs out = { .rcx = 7, .rdx = 1, .r8 = 2 };
	char words[2][ERROR_SENTENCE];

	for (int i = 0; i < 2; i++) {
		u64 s = kind == TDX_DETAILS_NONE ? status : status | d[i];
		const char *bad = judge_status(TDH_SYS_CONFIG, s, 1, NULL) ?:
				  judge_status(TDH_MNG_INIT, s, 1, &out);

		if (bad)
			return bad;
		tdx_host_explain(words[i], sizeof(words[i]), TDH_SYS_CONFIG, s,
				 1, &out);
		*strrchr(words[i], '(') = '\0';
	}
	if (kind == TDX_DETAILS_NONE || kind == TDX_DETAILS_CPUID_REGS)
		return NULL;
	return strcmp(words[0], words[1]) ? NULL : "details are not said";
}

static bool hostile_explain_all(void)
{
	static const struct {
		const char *name;
		u64 value;
		enum tdx_details kind;
	} statuses[] = {
#define TDX_STATUS(name, value, details, meaning, remedy)	\
		{ #name, value, TDX_DETAILS_##details },
#include <tdx/status.def>
	};
	bool good = true;

	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
		const char *bad = hostile_explain(statuses[i].value,
						  statuses[i].kind);

		if (bad)
			printf("not ok - TDX_%s: %s\n", statuses[i].name, bad);
		good = good && !bad;
	}
	if (good)
		printf("ok - %zu statuses, with all that they say\n",
		       ARRAY_SIZE(statuses));
	return good;
}

int main(int argc, char **argv)
{
	static const struct model_cmr cmrs[] = {
		{ 1ULL << 20, (1ULL << 30) - (1ULL << 20) }, { 0, 0 },
		{ 4ULL << 30, 515ULL << 20 },
	};
	const struct model_config config = {
		.lps = LPS, .pkgs = 1, .keyid_bits = 6, .mktme_keyids = 31,
		.tdx_keyids = 32, .cmrs = cmrs, .nr_cmrs = 3,
		.version = MODEL_V2_0, .vmx_on = true,
	};
	u64 seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1, first = seed;
	u64 count = argc > 2 ? strtoull(argv[2], NULL, 0) : 5000;
	u64 step = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
	u64 up = 0, most = 0, bad = 0;
	char why[256];

	model = model_create(&config, why, sizeof(why));
	if (!model) {
		fprintf(stderr, "%s\n", why);
		return 1;
	}
	for (; seed < first + count * step && bad < 20; seed += step) {
		const char *about;

		if (model_lose_power(model))
			abort();
		about = model_set_hostile(model, seed);
		error_clear();
		calls = 0;
		now = 0;
		wrong = NULL;
		up += !hostile_life();
		if (calls > most)
			most = calls;
		/* An honest one takes 1,200; the longest patience 10,000. */
		if (calls > 60000)
			believe("it calls and calls");
		if (wrong) {
			printf("not ok - seed %llu, which lies about %s: %s\n",
			       seed, about ?: "nothing", wrong);
			bad++;
		}
		sysinfo_free();
	}
	model_destroy(model);
	printf("%s - %llu seeds from %llu on: %llu came up, %llu calls at most\n",
	       bad ? "not ok" : "ok", count, first, up, most);
	return !hostile_explain_all() || bad > 0;
}
