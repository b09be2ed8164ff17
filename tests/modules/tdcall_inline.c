// SPDX-License-Identifier: GPL-2.0-only
/*
 * inline: one of the inline calls of <tdx_guest/tdg.h>, and what it returned.
 *
 *	NAME [ARGUMENT]...
 *
 * Where tdcall_thin.c has the call in a function, that is what is called: the
 * machine code which another test has read.
 */
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "tdcall.h"

#define MAX_OUT		5

/* Inputs and outputs of a call; a pattern where it has put nothing. */
struct inline_call {
	u64 arg[3];
	u64 out[MAX_OUT];
};

static struct inline_call last;
static u64 status;
static bool called;

static u64 do_page_accept(struct inline_call *c)
{
	switch (c->arg[1]) {
	case TDX_GUEST_4K:
		return thin_page_accept(c->arg[0]);
	case TDX_GUEST_2M:
		return tdx_guest_page_accept(c->arg[0], TDX_GUEST_2M);
	}
	/* No level that there is. */
	return tdx_guest_page_accept(c->arg[0], (enum tdx_guest_level)c->arg[1]);
}

static u64 do_report(struct inline_call *c)
{
	if (!c->arg[2])
		return thin_report(c->arg[0], c->arg[1]);
	return tdx_guest_report(c->arg[0], c->arg[1], c->arg[2]);
}

static u64 do_rtmr_extend(struct inline_call *c)
{
	return thin_rtmr_extend(c->arg[0], c->arg[1]);
}

static u64 pair(struct inline_call *c, struct thin_pair p)
{
	c->out[0] = p.value;
	return p.status;
}

static u64 do_vm_rd(struct inline_call *c)
{
	return pair(c, thin_vm_rd(c->arg[0]));
}

static u64 do_vp_rd(struct inline_call *c)
{
	return pair(c, thin_vp_rd(c->arg[0]));
}

static u64 do_sys_rd(struct inline_call *c)
{
	return pair(c, thin_sys_rd(c->arg[0]));
}

static u64 walk(struct inline_call *c,
		u64 (*step)(u64 field, struct thin_walk *w))
{
	struct thin_walk w = { };
	u64 ret = step(c->arg[0], &w);

	c->out[0] = w.value;
	c->out[1] = w.next;
	return ret;
}

static u64 do_vm_walk(struct inline_call *c)
{
	return walk(c, thin_vm_rd_next);
}

static u64 do_vp_walk(struct inline_call *c)
{
	return walk(c, thin_vp_rd_next);
}

static u64 do_sys_walk(struct inline_call *c)
{
	return walk(c, thin_sys_rd_next);
}

static u64 do_veinfo_get(struct inline_call *c)
{
	struct tdx_guest_ve_info i;
	u64 ret = thin_veinfo_get(&i);

	c->out[0] = i.exit_reason;
	c->out[1] = i.exit_qualification;
	c->out[2] = i.gla;
	c->out[3] = i.gpa;
	c->out[4] = i.instruction;
	return ret;
}

static u64 do_cpuidve_set(struct inline_call *c)
{
	return thin_cpuidve_set(c->arg[0]);
}

static u64 do_vp_info(struct inline_call *c)
{
	struct tdx_guest_vp_info i;
	u64 ret = thin_vp_info(&i);

	c->out[0] = i.gpa_width;
	c->out[1] = i.attributes;
	c->out[2] = i.vcpus;
	c->out[3] = i.vcpu_index;
	c->out[4] = i.features;
	return ret;
}

static const struct {
	const char *name;
	unsigned int args;
	u64 (*call)(struct inline_call *c);
} calls[] = {
	{ "page_accept", 2, do_page_accept },
	{ "report", 3, do_report },
	{ "rtmr_extend", 2, do_rtmr_extend },
	{ "vm_rd", 1, do_vm_rd },
	{ "vp_rd", 1, do_vp_rd },
	{ "sys_rd", 1, do_sys_rd },
	{ "vm_walk", 1, do_vm_walk },
	{ "vp_walk", 1, do_vp_walk },
	{ "sys_walk", 1, do_sys_walk },
	{ "veinfo_get", 0, do_veinfo_get },
	{ "cpuidve_set", 1, do_cpuidve_set },
	{ "vp_info", 0, do_vp_info },
};

static int inline_write(char *line)
{
	const char *name = strsep(&line, " ");
	unsigned int i, a;

	called = false;
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (!strcmp(calls[i].name, name))
			break;
	if (i == ARRAY_SIZE(calls))
		return -EINVAL;
	for (a = 0; a < calls[i].args; a++)
		if (!line || kstrtou64(strsep(&line, " "), 0, &last.arg[a]))
			return -EINVAL;
	for (a = 0; a < MAX_OUT; a++)
		last.out[a] = TEST_PATTERN + a;
	status = calls[i].call(&last);
	called = true;
	return 0;
}

static void inline_show(struct seq_file *m)
{
	unsigned int i;

	if (!called)
		return;
	seq_printf(m, "status 0x%016llx\n", status);
	for (i = 0; i < MAX_OUT; i++)
		seq_printf(m, "out%u 0x%016llx\n", i, last.out[i]);
}

const struct test_file tdcall_inline = {
	.name = "inline",
	.write = inline_write,
	.show = inline_show,
};
