// SPDX-License-Identifier: GPL-2.0-only
/* The order of the cases, and what they are counted with. */
#include <linux/gfp.h>
#include <linux/kmod.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/umh.h>

#include <tdx_host/tdx_host.h>

#include "wrappers.h"

static unsigned int passed, failed;

void wrap_check(const char *fn, const char *name, u64 want, u64 got)
{
	/* Success is success, and no note. */
	bool ok = want ? tdx_status_is(got, want) : !got;

	if (ok) {
		passed++;
		pr_info("tdx_wrappers: ok %s %s\n", fn, name);
	} else {
		failed++;
		pr_info("tdx_wrappers: FAILED %s: want %s, got 0x%016llx\n",
			fn, name, got);
	}
}

void wrap_fact(const char *text, bool holds)
{
	if (holds)
		passed++;
	else
		failed++;
	pr_info("tdx_wrappers: %s: %s\n", holds ? "holds" : "FAILED", text);
}

/* A process does it: a file of debugfs cannot be written from here. */
void wrap_emul(const char *fmt, ...)
{
	char *argv[] = { "/bin/sh", "-c", NULL, NULL };
	char *envp[] = { "PATH=/bin", NULL };
	char line[64], command[128];
	va_list ap;
	int ret;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	snprintf(command, sizeof(command),
		 "echo '%s' >/sys/kernel/debug/tdx_emul/control", line);
	argv[2] = command;
	ret = call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
	if (ret)
		wrap_fact(command, false);
}

/* NULL is an operand that every leaf refuses: no case passes with it. */
struct page *wrap_page(struct wrap *w)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL);

	if (w->nr_pages < WRAP_MAX_PAGES)
		w->pages[w->nr_pages++] = page;
	else
		wrap_fact("there is room for another page", false);
	return page;
}

static struct wrap *wrap_new(void)
{
	struct wrap *w = kzalloc(sizeof(*w), GFP_KERNEL | __GFP_NOFAIL);
	int keyid = tdx_host_keyid_alloc();

	w->params = kzalloc(sizeof(*w->params), GFP_KERNEL | __GFP_NOFAIL);
	wrap_fact("there is a KeyID", keyid > 0);
	w->td.keyid = keyid;
	w->td.tdr = wrap_page(w);
	w->td.holds_vmx = true;
	w->vp.td = &w->td;
	return w;
}

static void wrap_free(struct wrap *w)
{
	kfree(w->params);
	kfree(w);
}

static int __init wrap_module_init(void)
{
	struct wrap *w, *debug, *refused;
	int ret = tdx_host_enable();

	if (ret)
		return ret;
	/* As a VMM does that has KVM hold VMX operation. */
	wrap_emul("vmx_held all");
	w = wrap_new();
	debug = wrap_new();
	refused = wrap_new();

	wrap_create(w, debug->td.keyid);
	wrap_init(w);
	wrap_vcpu(w);
	wrap_build_memory(w);
	wrap_finalize(w);
	wrap_run_memory(w);
	wrap_large(w);
	wrap_enter(w);
	wrap_assoc(w);
	wrap_atomic(w);
	wrap_bench(w);
	wrap_all(w);
	wrap_debug(debug);
	wrap_end(w);
	wrap_end_quietly(debug);
	wrap_refused(refused);
	wrap_offline(w);

	wrap_free(refused);
	wrap_free(debug);
	wrap_free(w);
	pr_info("tdx_wrappers: %u passed, %u failed\n", passed, failed);
	return failed ? -EIO : 0;
}
module_init(wrap_module_init);

static void __exit wrap_module_exit(void)
{
}
module_exit(wrap_module_exit);

MODULE_DESCRIPTION("Calls every wrapper of a TD leaf (testing)");
MODULE_LICENSE("GPL");
/* MODULE_IMPORT_NS() takes a name before 6.13 and a string after. */
MODULE_INFO(import_ns, "TDX_HOST");
