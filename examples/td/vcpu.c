// SPDX-License-Identifier: GPL-2.0-only
/* Making a VCPU: its control pages (TDVPR and the rest of the TDVPS). */
#include <linux/mm.h>

#include <tdx_host/sysinfo.h>
#include <tdx_host/vp.h>

#include "consumer.h"

/* What the guest finds in RCX and R8 when it starts: nothing to speak of. */
#define GUEST_RCX	0

static int tdvpr_create(struct consumer_td *c, struct tdx_host_vp *vp)
{
	struct page *page = consumer_page_alloc(c, TDX_HOST_LEVEL_4K);
	u64 status;

	if (!page)
		return -ENOMEM;
	vp->td = &c->td;
	vp->tdvpr = page;
	status = tdx_host_vp_create(vp);
	if (!tdx_status_ok(status)) {
		consumer_page_refused(c, page, status);
		return consumer_failed(c, TDH_VP_CREATE, status);
	}
	consumer_page_given(c, page);
	return 0;
}

static int tdvps_add(struct consumer_td *c, struct tdx_host_vp *vp,
		     unsigned int n)
{
	while (n--) {
		struct page *page = consumer_page_alloc(c, TDX_HOST_LEVEL_4K);
		u64 status;

		if (!page)
			return -ENOMEM;
		status = tdx_host_vp_addcx(vp, page);
		if (!tdx_status_ok(status)) {
			consumer_page_refused(c, page, status);
			return consumer_failed(c, TDH_VP_ADDCX, status);
		}
		consumer_page_given(c, page);
	}
	return 0;
}

static int vcpu_create(struct consumer_td *c)
{
	struct tdx_host_vp *vp = &c->vp[c->vps];
	/* TDVPR is one of them. */
	unsigned int n = tdx_host_get_sysinfo()->tdvps_base_size / PAGE_SIZE;
	u64 status;
	int ret;

	ret = tdvpr_create(c, vp);
	if (ret)
		return ret;
	ret = tdvps_add(c, vp, n - 1);
	if (ret)
		return ret;
	/* Its number is its x2APIC ID, too. */
	status = tdx_host_vp_init(vp, GUEST_RCX, c->vps);
	if (!tdx_status_ok(status))
		return consumer_failed(c, TDH_VP_INIT, status);
	consumer_say(c, "VCPU %u: TDVPS of %u pages, initialised", c->vps, n);
	c->vps++;
	return 0;
}

int consumer_vcpus_create(struct consumer_td *c)
{
	int ret;

	while (c->vps < c->vcpus) {
		ret = vcpu_create(c);
		if (ret)
			return ret;
	}
	return 0;
}
