// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_td_bench: a TD, a step at a time, for who wants to know what each costs
 * where VMX operation is held, as KVM holds it.
 * In /sys/kernel/debug/tdx_td_bench/td:
 *
 *	new N		a TD with N VCPUs, and tables for its memory
 *	add N		N pages, by TDH.MEM.PAGE.ADD
 *	finalize
 *	aug N		N more, by TDH.MEM.PAGE.AUG
 *	remove N	the last N of these blocked, tracked and removed, and
 *			back with the kernel
 *	end		torn down
 *
 * Reading gives the nanoseconds of the last step, without the time for making
 * the pages.
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include <tdx_host/keyid.h>
#include <tdx_host/mem.h>
#include <tdx_host/mng.h>
#include <tdx_host/phymem.h>
#include <tdx_host/sysinfo.h>
#include <tdx_host/tdx_host.h>
#include <tdx_host/vp.h>

#include "test_files.h"

#define NR_TDCX		6
#define NR_TDVPX	5
#define MAX_VCPUS	8
#define MAX_MAPPED	1024	/* two tables of 4 KiB entries */
#define MAX_CONTROL	(NR_TDCX + MAX_VCPUS * (1 + NR_TDVPX) + 8)
#define GPA		0x40000000ULL

/* One TD.  Pages for its memory are made before a step, and used from 0 on. */
static struct {
	struct tdx_host_td td;
	struct tdx_host_vp vp[MAX_VCPUS];
	struct page *control[MAX_CONTROL];
	struct page *mapped[MAX_MAPPED];
	unsigned int nr_vcpus, nr_control, nr_mapped;
	bool failed;
	u64 ns;
} bench;

#define TRY(call)	bench_check(#call, call)

static void bench_check(const char *call, u64 status)
{
	if (tdx_status_ok(status))
		return;
	if (!bench.failed)
		pr_err("tdx_td_bench: FAILED %s: 0x%016llx\n", call, status);
	bench.failed = true;
}

static struct page *bench_page(void)
{
	return alloc_page(GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL);
}

/* They are there before the clock starts. */
static struct page *bench_control(void)
{
	return bench.control[bench.nr_control++];
}

static void bench_tables(u64 gpa)
{
	enum tdx_host_level level;

	for (level = TDX_HOST_LEVEL_512G; level > TDX_HOST_LEVEL_4K; level--) {
		u64 at = gpa & ~(tdx_host_level_size(level) - 1);

		/* Those above are there for the second. */
		if (level > TDX_HOST_LEVEL_2M && gpa > GPA)
			continue;
		TRY(tdx_host_mem_sept_add(&bench.td, at, level,
					  bench_control(), NULL));
	}
}

static void bench_vcpu(struct tdx_host_vp *vp, u32 nr)
{
	unsigned int i;

	vp->td = &bench.td;
	vp->tdvpr = bench_control();
	TRY(tdx_host_vp_create(vp));
	for (i = 0; i < NR_TDVPX; i++)
		TRY(tdx_host_vp_addcx(vp, bench_control()));
	TRY(tdx_host_vp_init(vp, 0, nr));
}

static void bench_new(unsigned int vcpus)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();
	struct tdx_host_td_params *p;
	unsigned int i;
	u64 error;

	bench.nr_vcpus = vcpus;
	p = kzalloc(sizeof(*p), GFP_KERNEL | __GFP_NOFAIL);
	p->attributes = si->attributes_fixed1;
	p->xfam = si->xfam_fixed1;
	p->max_vcpus = vcpus;
	p->eptp_controls = TDX_HOST_EPTP_4_LEVELS;
	p->tsc_frequency = 100;
	bench.td.keyid = tdx_host_keyid_alloc();
	TRY(tdx_host_mng_create(&bench.td));
	TRY(tdx_host_mng_key_config(&bench.td));
	for (i = 0; i < NR_TDCX; i++)
		TRY(tdx_host_mng_addcx(&bench.td, bench_control()));
	TRY(tdx_host_mng_init(&bench.td, p, &error));
	for (i = 0; i < vcpus; i++)
		bench_vcpu(&bench.vp[i], i);
	bench_tables(GPA);
	bench_tables(GPA + tdx_host_level_size(TDX_HOST_LEVEL_2M));
	kfree(p);
}

static void bench_add(unsigned int first, unsigned int nr, struct page *source)
{
	unsigned int i;

	for (i = first; i < first + nr; i++)
		TRY(tdx_host_mem_page_add(&bench.td, GPA + i * PAGE_SIZE,
					  page_to_pfn(bench.mapped[i]), source,
					  NULL));
}

static void bench_aug(unsigned int first, unsigned int nr)
{
	unsigned int i;

	for (i = first; i < first + nr; i++)
		TRY(tdx_host_mem_page_aug(&bench.td, GPA + i * PAGE_SIZE,
					  TDX_HOST_LEVEL_4K,
					  page_to_pfn(bench.mapped[i]), NULL));
}

static void bench_remove(unsigned int first, unsigned int nr)
{
	unsigned int i;

	for (i = first; i < first + nr; i++)
		TRY(tdx_host_mem_range_block(&bench.td, GPA + i * PAGE_SIZE,
					     TDX_HOST_LEVEL_4K, NULL));
	TRY(tdx_host_mem_track(&bench.td));
	for (i = first; i < first + nr; i++) {
		unsigned long pfn = 0;

		TRY(tdx_host_mem_page_remove(&bench.td, GPA + i * PAGE_SIZE,
					     TDX_HOST_LEVEL_4K, &pfn, NULL));
		TRY(tdx_host_page_to_shared(pfn, TDX_HOST_LEVEL_4K,
					    bench.td.keyid));
	}
}

static void bench_give_back(struct page *page, u32 keyid)
{
	unsigned long pfn = page_to_pfn(page);

	TRY(tdx_host_phymem_page_reclaim(pfn, NULL));
	TRY(tdx_host_page_to_shared(pfn, TDX_HOST_LEVEL_4K, keyid));
}

static void bench_end(void)
{
	unsigned int i;
	u64 status;

	for (i = 0; i < bench.nr_vcpus; i++) {
		status = tdx_host_vp_flush(&bench.vp[i]);
		if (!tdx_status_is(status, TDX_ST_VCPU_NOT_ASSOCIATED))
			bench_check("tdx_host_vp_flush()", status);
	}
	TRY(tdx_host_mng_vpflushdone(&bench.td));
	TRY(tdx_host_phymem_cache_wb());
	TRY(tdx_host_mng_key_freeid(&bench.td));
	for (i = 0; i < bench.nr_mapped; i++)
		bench_give_back(bench.mapped[i], bench.td.keyid);
	for (i = 0; i < bench.nr_control; i++)
		bench_give_back(bench.control[i], bench.td.keyid);
	bench_give_back(bench.td.tdr, 0);
	if (tdx_host_keyid_free(bench.td.keyid))
		bench.failed = true;
}

/* Pages of a TD that could not be torn down are nobody's any more. */
static void bench_free(void)
{
	unsigned int i;

	for (i = 0; !bench.failed && i < MAX_CONTROL; i++)
		if (bench.control[i])
			__free_page(bench.control[i]);
	for (i = 0; !bench.failed && i < bench.nr_mapped; i++)
		__free_page(bench.mapped[i]);
	if (!bench.failed)
		__free_page(bench.td.tdr);
	memset(bench.control, 0, sizeof(bench.control));
	bench.nr_control = bench.nr_mapped = bench.nr_vcpus = 0;
	bench.td.tdr = NULL;
}

static int bench_begin(unsigned int vcpus)
{
	unsigned int i;

	if (bench.td.tdr || !vcpus || vcpus > MAX_VCPUS)
		return -EINVAL;
	bench.td = (struct tdx_host_td){
		.tdr = bench_page(),
		.holds_vmx = true,
	};
	for (i = 0; i < MAX_CONTROL; i++)
		bench.control[i] = bench_page();
	return 0;
}

static int bench_map(const char *how, unsigned int nr)
{
	unsigned int i, first = bench.nr_mapped;
	struct page *source = bench_page();

	if (nr > MAX_MAPPED - first) {
		__free_page(source);
		return -EINVAL;
	}
	for (i = first; i < first + nr; i++)
		bench.mapped[i] = bench_page();
	bench.nr_mapped += nr;
	bench.ns = ktime_get_ns();
	if (!strcmp(how, "add"))
		bench_add(first, nr, source);
	else
		bench_aug(first, nr);
	bench.ns = ktime_get_ns() - bench.ns;
	__free_page(source);
	return 0;
}

static int bench_unmap(unsigned int nr)
{
	unsigned int i, first;

	if (nr > bench.nr_mapped)
		return -EINVAL;
	first = bench.nr_mapped - nr;
	bench.ns = ktime_get_ns();
	bench_remove(first, nr);
	bench.ns = ktime_get_ns() - bench.ns;
	for (i = first; !bench.failed && i < bench.nr_mapped; i++)
		__free_page(bench.mapped[i]);
	bench.nr_mapped = first;
	return 0;
}

static int bench_write(char *line)
{
	unsigned int nr = 0;
	char step[16] = "";
	int ret = 0;

	if (sscanf(line, "%15s %u", step, &nr) < 1)
		return -EINVAL;
	if (!strcmp(step, "new")) {
		ret = bench_begin(nr);
		if (ret)
			return ret;
	} else if (!bench.td.tdr) {
		return -EINVAL;
	}
	bench.ns = ktime_get_ns();
	if (!strcmp(step, "new"))
		bench_new(nr);
	else if (!strcmp(step, "finalize"))
		TRY(tdx_host_mr_finalize(&bench.td));
	else if (!strcmp(step, "end"))
		bench_end();
	else if (!strcmp(step, "add") || !strcmp(step, "aug"))
		return bench_map(step, nr) ?: bench.failed ? -EIO : 0;
	else if (!strcmp(step, "remove"))
		return bench_unmap(nr) ?: bench.failed ? -EIO : 0;
	else
		return -EINVAL;
	bench.ns = ktime_get_ns() - bench.ns;
	if (!strcmp(step, "end"))
		bench_free();
	return bench.failed ? -EIO : 0;
}

static void bench_show(struct seq_file *m)
{
	seq_printf(m, "%llu\n", bench.ns);
}

static const struct test_file *const bench_files[] = {
	&(const struct test_file){ "td", bench_write, bench_show },
};

static int __init bench_init(void)
{
	int ret = tdx_host_enable();

	if (ret)
		return ret;
	test_files_add("tdx_td_bench", bench_files, ARRAY_SIZE(bench_files));
	return 0;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	test_files_remove();
}
module_exit(bench_exit);

MODULE_DESCRIPTION("Makes a TD a step at a time (testing)");
MODULE_LICENSE("GPL");
/* MODULE_IMPORT_NS() takes a name before 6.13 and a string after. */
MODULE_INFO(import_ns, "TDX_HOST");
