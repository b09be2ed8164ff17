// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx-model: what the commands of a script do.
 */
#include <errno.h>
#include <inttypes.h>

#include "tdx-model.h"

static unsigned int lp_of(const struct command *c, u64 lp)
{
	if (lp >= config.lps)
		malformed(c->line, "LP %" PRIu64 " is not one of the %u LPs",
			  (uint64_t)lp, config.lps);
	return lp;
}

void run_w64(const struct command *c)
{
	env_write_phys(c->arg[0], c->arg + 1, (c->n - 1) * 8);
}

void run_r64(const struct command *c)
{
	u64 i, value;

	fprintf(out, "r64 0x%llx", c->arg[0]);
	for (i = 0; i < c->arg[1]; i++) {
		env_read_phys(c->arg[0] + 8 * i, &value, sizeof(value));
		fprintf(out, " 0x%llx", value);
	}
	fputc('\n', out);
}

void run_seamcall(const struct command *c)
{
	struct model_regs r = c->regs;
	unsigned int lp = lp_of(c, c->arg[0]);

	fprintf(out, "%u %llu -> ", lp, r.rax);
	switch (model_seamcall(model, lp, &r)) {
	case MODEL_RETURNED:
		fprintf(out, "%016llx rcx=%016llx rdx=%016llx r8=%016llx r9=%016llx r10=%016llx r11=%016llx\n",
			r.rax, r.rcx, r.rdx, r.r8, r.r9, r.r10, r.r11);
		break;
	case MODEL_VMFAILINVALID:
		fputs("vmfailinvalid\n", out);
		break;
	case MODEL_UD:
		fputs("#UD\n", out);
		break;
	case MODEL_GP:
		fputs("#GP\n", out);
		break;
	}
}

void run_vmx(const struct command *c)
{
	model_set_vmx(model, lp_of(c, c->arg[0]), c->arg[1]);
}

void run_seam(const struct command *c)
{
	model_set_seam(model, lp_of(c, c->arg[0]), c->arg[1]);
}

void run_module(const struct command *c)
{
	model_set_module(model, c->arg[0]);
}

void run_inject(const struct command *c)
{
	int ret = model_inject(model, c->arg[0], c->arg[1], c->arg[2],
			       c->arg[3], -1);

	if (ret == -ENOSPC)
		malformed(c->line, "too many injections at once");
	if (ret)
		malformed(c->line, "the TDX module has no leaf %llu",
			  c->arg[0]);
}

void run_hold(const struct command *c)
{
	unsigned int lp = lp_of(c, c->arg[0]);
	int ret = model_hold(model, c->lock, lp);

	if (ret == -EBUSY)
		malformed(c->line, "LP %u cannot have %s: it is held", lp,
			  c->lock);
	if (ret)
		malformed(c->line, "there is no lock '%s' now", c->lock);
}

void run_release(const struct command *c)
{
	unsigned int lp = lp_of(c, c->arg[0]);

	if (model_release(model, c->lock, lp))
		malformed(c->line, "LP %u does not hold '%s'", lp, c->lock);
}

static void report_corrupt(void *ctx, u64 pa)
{
	fprintf(out, "corrupt 0x%llx\n", pa);
}

void run_verify(const struct command *c)
{
	u64 pages = model_verify_pamt(model, 0, report_corrupt, NULL);

	pages += model_verify_private(model, report_corrupt, NULL);
	fprintf(out, "verify 0x%llx\n", pages);
}
