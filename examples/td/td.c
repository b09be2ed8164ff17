// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making a TD: a KeyID, its control pages (TDR and TDCS), its key, its
 * parameters; and at last its measurement.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <tdx_host/error.h>
#include <tdx_host/keyid.h>
#include <tdx_host/mng.h>
#include <tdx_host/sysinfo.h>

#include "consumer.h"

/* Metadata field MRTD, six times 8 bytes.  Source: TDX Module ABI 1.5. */
#define FIELD_MRTD	0x1310000300000000ULL

/* Units of 25 MHz. */
#define TSC_2_5_GHZ	100

static atomic_t keyids_out = ATOMIC_INIT(0);

unsigned int consumer_keyids_out(void)
{
	return atomic_read(&keyids_out);
}

/* A sentence, and an errno, for a SEAMCALL that failed. */
static int failed_with(const struct consumer_td *c, u64 leaf, u64 status,
		       const struct tdx_regs *out)
{
	int ret = tdx_host_status_errno(leaf, status);
	char *why;

	why = kmalloc(512, GFP_KERNEL);
	if (why) {
		tdx_host_explain(why, 512, leaf, status, -1, out);
		pr_err(KBUILD_MODNAME ": TD %u: %s\n", c->nr, why);
		kfree(why);
	}
	/* Notes are no errors, but here nobody expects one. */
	return ret ? ret : -EIO;
}

int consumer_failed(const struct consumer_td *c, u64 leaf, u64 status)
{
	return failed_with(c, leaf, status, NULL);
}

/*
 * Is it worth trying again?  The wrappers of MEM leaves leave the waiting to
 * their caller, and those that wait for themselves do so for two seconds.
 * @until is when patience ends, 0 before the first try.
 */
static bool retry_until(u64 leaf, u64 status, ktime_t *until,
			unsigned int seconds)
{
	if (tdx_host_status_errno(leaf, status) != -EAGAIN)
		return false;
	if (!*until)
		*until = ktime_add_ms(ktime_get(), seconds * MSEC_PER_SEC);
	if (ktime_after(ktime_get(), *until))
		return false;
	usleep_range(100, 200);
	return true;
}

/* While a TD is made and runs: whoever waits for it may give up. */
bool consumer_again(u64 leaf, u64 status, ktime_t *until)
{
	return !consumer_given_up() &&
	       retry_until(leaf, status, until, 5);
}

/*
 * While it is torn down: a TD that cannot be costs its memory and a KeyID until
 * the next reboot.
 */
bool consumer_insist(u64 leaf, u64 status, ktime_t *until)
{
	return retry_until(leaf, status, until, 60);
}

static int keyid_get(struct consumer_td *c)
{
	int keyid = tdx_host_keyid_alloc();

	if (keyid < 0) {
		pr_err(KBUILD_MODNAME ": TD %u: no KeyID (%d)%s\n", c->nr, keyid,
		       keyid == -ENOSPC ? ": all are in use" :
		       keyid == -EBUSY ? ": a package has no CPU online" : "");
		return keyid;
	}
	atomic_inc(&keyids_out);
	c->td.keyid = keyid;
	consumer_say(c, "KeyID %d", keyid);
	return 0;
}

void consumer_keyid_put(struct consumer_td *c)
{
	if (!tdx_host_keyid_free(c->td.keyid))
		atomic_dec(&keyids_out);
}

/* The TDR is the TD to all who come after; from here on teardown is due. */
static int tdr_create(struct consumer_td *c)
{
	struct page *page = consumer_page_alloc(c, TDX_HOST_LEVEL_4K);
	ktime_t until = 0;
	u64 status;

	if (!page)
		return -ENOMEM;
	c->td.tdr = page;
	do {
		status = tdx_host_mng_create(&c->td);
	} while (consumer_again(TDH_MNG_CREATE, status, &until));
	if (!tdx_status_ok(status)) {
		c->td.tdr = NULL;
		consumer_page_refused(c, page, status);
		return consumer_failed(c, TDH_MNG_CREATE, status);
	}
	consumer_page_given(c, page);
	c->created = true;
	consumer_say(c, "TDR at 0x%llx", (u64)page_to_phys(page));
	return 0;
}

int consumer_td_create(struct consumer_td *c)
{
	int ret;

	ret = keyid_get(c);
	if (ret)
		return ret;
	ret = tdr_create(c);
	if (ret)
		goto err_keyid;
	return 0;

err_keyid:
	consumer_keyid_put(c);
	return ret;
}

static int key_config(struct consumer_td *c)
{
	ktime_t until = 0;
	u64 status;

	do {
		status = tdx_host_mng_key_config(&c->td);
	} while (consumer_again(TDH_MNG_KEY_CONFIG, status, &until));
	if (!tdx_status_ok(status))
		return consumer_failed(c, TDH_MNG_KEY_CONFIG, status);
	consumer_say(c, "key configured on every package");
	return 0;
}

static int tdcs_add(struct consumer_td *c)
{
	unsigned int i, n = tdx_host_get_sysinfo()->tdcs_base_size / PAGE_SIZE;

	for (i = 0; i < n; i++) {
		struct page *page = consumer_page_alloc(c, TDX_HOST_LEVEL_4K);
		u64 status;

		if (!page)
			return -ENOMEM;
		status = tdx_host_mng_addcx(&c->td, page);
		if (!tdx_status_ok(status)) {
			consumer_page_refused(c, page, status);
			return consumer_failed(c, TDH_MNG_ADDCX, status);
		}
		consumer_page_given(c, page);
	}
	consumer_say(c, "TDCS: %u pages added", n);
	return 0;
}

/* No more than what the TDX module demands. */
static void set_params(const struct consumer_td *c,
		       struct tdx_host_td_params *p)
{
	const struct tdx_host_sysinfo *si = tdx_host_get_sysinfo();

	/* Pages that the guest has not accepted are the VMM's business. */
	p->attributes = TDX_HOST_ATTRIBUTES_SEPT_VE_DISABLE |
			si->attributes_fixed1;
	p->xfam = si->xfam_fixed1;
	p->max_vcpus = c->vcpus;
	p->eptp_controls = TDX_HOST_EPTP_4_LEVELS;
	p->tsc_frequency = TSC_2_5_GHZ;
	if (c->params)
		c->params(p);
}

int consumer_td_init(struct consumer_td *c)
{
	struct tdx_host_td_params *params;
	struct tdx_regs out = { };
	u64 status;
	int ret;

	ret = key_config(c);
	if (ret)
		return ret;
	ret = tdcs_add(c);
	if (ret)
		return ret;
	params = kzalloc(sizeof(*params), GFP_KERNEL);
	if (!params)
		return -ENOMEM;
	set_params(c, params);
	status = tdx_host_mng_init(&c->td, params, &out.rcx);
	kfree(params);
	if (!tdx_status_ok(status))
		return failed_with(c, TDH_MNG_INIT, status, &out);
	consumer_say(c, "initialised: %u VCPU%s at most, 4 levels of Secure EPT",
		     c->vcpus, c->vcpus > 1 ? "s" : "");
	return 0;
}

/* What the TD was made of, for those who want to see it attested. */
static int read_mrtd(struct consumer_td *c, u64 mrtd[6])
{
	unsigned int i;

	for (i = 0; i < 6; i++) {
		u64 status = tdx_host_mng_rd(&c->td, FIELD_MRTD + i, &mrtd[i]);

		if (!tdx_status_ok(status))
			return consumer_failed(c, TDH_MNG_RD, status);
	}
	consumer_say(c, "MRTD %*phN", 48, mrtd);
	return 0;
}

int consumer_td_finalize(struct consumer_td *c, u64 mrtd[6])
{
	u64 status = tdx_host_mr_finalize(&c->td);

	if (!tdx_status_ok(status))
		return consumer_failed(c, TDH_MR_FINALIZE, status);
	consumer_say(c, "finalised, it can run");
	return read_mrtd(c, mrtd);
}
