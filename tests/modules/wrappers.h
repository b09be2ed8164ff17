/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdx_wrappers: each wrapper of a TD leaf once for success, and once for each
 * error that it can be brought to.  Loading the module does it; each case is a
 * line "ok WRAPPER STATUS" or "FAILED ..." in the kernel log.
 */
#ifndef TDX_TEST_WRAPPERS_H
#define TDX_TEST_WRAPPERS_H

#include <linux/types.h>

#include <tdx_host/error.h>
#include <tdx_host/keyid.h>
#include <tdx_host/mem.h>
#include <tdx_host/mng.h>
#include <tdx_host/phymem.h>
#include <tdx_host/sysinfo.h>
#include <tdx_host/vp.h>

#define WRAP_MAX_PAGES	128

/**
 * struct wrap - a TD that is brought to its limits
 * @td: the TD
 * @vp: its VCPU
 * @params: TD_PARAMS
 * @taken: a page that it has, and nobody else can get
 * @pages: pages that were meant for it, whether it has them or not
 * @nr_pages: how many
 */
struct wrap {
	struct tdx_host_td td;
	struct tdx_host_vp vp;
	struct tdx_host_td_params *params;
	struct page *taken;
	struct page *pages[WRAP_MAX_PAGES];
	unsigned int nr_pages;
};

/*
 * WRAP(wrapper, status, arguments): call it; the status must be that one,
 * whatever operand it names.
 */
#define WRAP(fn, want, args) \
	wrap_check(#fn, #want, TDX_ST_##want, fn args)

void wrap_check(const char *fn, const char *name, u64 want, u64 got);
/* A fact beside a status, for the same log. */
void wrap_fact(const char *text, bool holds);
/* A line for the emulator's control file. */
void wrap_emul(const char *fmt, ...) __printf(1, 2);
struct page *wrap_page(struct wrap *w);

/* wrap_build.c, wrap_mem.c, wrap_assoc.c, wrap_end.c: in the order of a TD's life */
void wrap_create(struct wrap *w, u32 other_keyid);
void wrap_params(struct tdx_host_td_params *p, u64 attributes);
void wrap_init(struct wrap *w);
void wrap_vcpu(struct wrap *w);
void wrap_build_memory(struct wrap *w);
void wrap_finalize(struct wrap *w);
void wrap_run_memory(struct wrap *w);
void wrap_large(struct wrap *w);
void wrap_enter(struct wrap *w);
void wrap_assoc(struct wrap *w);
void wrap_atomic(struct wrap *w);
void wrap_bench(struct wrap *w);
void wrap_debug(struct wrap *w);
void wrap_end(struct wrap *w);
void wrap_end_quietly(struct wrap *w);
void wrap_offline(struct wrap *w);
/* wrap_refused.c: a TD of its own, from the beginning to the end */
void wrap_refused(struct wrap *w);
/* wrap_all.c: what holds of all of them */
void wrap_all(struct wrap *w);

#endif /* TDX_TEST_WRAPPERS_H */
