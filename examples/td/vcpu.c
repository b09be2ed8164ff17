// SPDX-License-Identifier: GPL-2.0-only
/* Making a VCPU: its control pages (TDVPR and the rest of the TDVPS). */
#include <linux/mm.h>

#include <tdx_host/sysinfo.h>
#include <tdx_host/vp.h>

#include "consumer.h"

/* What the guest finds in RCX and R8 when it starts: nothing to speak of. */
#define GUEST_RCX	0
#define X2APIC_ID	0

static int tdvpr_create(struct consumer_td *c)
{
	struct page *page = consumer_page_alloc(c);
	u64 status;

	if (!page)
		return -ENOMEM;
	c->vp.td = &c->td;
	c->vp.tdvpr = page;
	status = tdx_host_vp_create(&c->vp);
	if (!tdx_status_ok(status)) {
		consumer_page_refused(page, status);
		return consumer_failed(c, TDH_VP_CREATE, status);
	}
	consumer_page_given(c, page);
	return 0;
}

static int tdvps_add(struct consumer_td *c, unsigned int n)
{
	while (n--) {
		struct page *page = consumer_page_alloc(c);
		u64 status;

		if (!page)
			return -ENOMEM;
		status = tdx_host_vp_addcx(&c->vp, page);
		if (!tdx_status_ok(status)) {
			consumer_page_refused(page, status);
			return consumer_failed(c, TDH_VP_ADDCX, status);
		}
		consumer_page_given(c, page);
	}
	return 0;
}

int consumer_vcpu_create(struct consumer_td *c)
{
	/* TDVPR is one of them. */
	unsigned int n = tdx_host_get_sysinfo()->tdvps_base_size / PAGE_SIZE;
	u64 status;
	int ret;

	ret = tdvpr_create(c);
	if (ret)
		return ret;
	ret = tdvps_add(c, n - 1);
	if (ret)
		return ret;
	status = tdx_host_vp_init(&c->vp, GUEST_RCX, X2APIC_ID);
	if (!tdx_status_ok(status))
		return consumer_failed(c, TDH_VP_INIT, status);
	c->vp_ready = true;
	consumer_say(c, "VCPU 0: TDVPS of %u pages, initialised", n);
	return 0;
}
