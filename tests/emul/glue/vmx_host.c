// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the host's state to the guest's and back, as far as VM entry and VM exit
 * do not switch it, and the host's part of the VMCS, which is about this LP.
 * What TDH.VP.ENTER does not keep for the host is in its initial state after
 * it, so that a host which relies on it is found out.
 * Source: SDM 3C, "Host-State Area", "Loading Host State"; TDX Module ABI 1.5,
 * TDH.VP.ENTER, "Host VMM State on TD Exit".
 */
#include <linux/bug.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/string.h>
#include <asm/cpufeature.h>
#include <asm/desc_defs.h>
#include <asm/msr-index.h>
#include <asm/processor-flags.h>
#include <asm/segment.h>
#include <asm/vmx.h>

#include "emul.h"
#include "engine.h"

#define NO_VMCS		(~0ULL)
/* The part of XSAVE's area that FXSAVE has, and the header. */
#define XSAVE_LEGACY	576
#define XSAVE_BV	512
#define XSAVE_SSE	BIT_ULL(1)
#define FXSAVE_XMM	160

/* Those of the guest's MSRs that no VMCS has; of model_own_msrs[]. */
static const u8 guest_msrs[] = {
	MODEL_STAR, MODEL_LSTAR, MODEL_FMASK, MODEL_KERNEL_GS_BASE,
	MODEL_TSC_AUX,
};

/**
 * struct vmx_host - what is to be as it was
 * @vmcs: the current VMCS, KVM's; NO_VMCS: none
 * @gdtr: limit and base: VM exits know no limits
 * @idtr: likewise
 * @ldt: a selector that VM exits do not load as it is
 * @ds: likewise
 * @es: likewise
 * @fs: likewise
 * @gs: likewise
 * @fs_base: what the selector has nothing to do with
 * @image: extended state on its way from or to the host
 */
struct vmx_host {
	u64 vmcs;
	struct desc_ptr gdtr, idtr;
	u16 ldt, ds, es, fs, gs;
	u64 fs_base;
	u8 image[XSAVE_LEGACY] __aligned(64);
};

static DEFINE_PER_CPU(struct vmx_host, vmx_host);

static u64 host_rdmsr(u32 msr)
{
	u64 value;

	emul_platform_rdmsr(msr, &value);
	return value;
}

static void host_wrmsr(u32 msr, u64 value)
{
	asm volatile("wrmsr" : : "c" (msr), "a" ((u32)value),
		     "d" ((u32)(value >> 32)) : "memory");
}

static bool has_msr(unsigned int i)
{
	return i != MODEL_TSC_AUX || boot_cpu_has(X86_FEATURE_RDTSCP);
}

#define READ_SELECTOR(name) \
	({ u16 s_; asm volatile("mov %%" #name ", %0" : "=rm" (s_)); s_; })

static void save_host(struct vmx_host *h)
{
	asm volatile("vmptrst %0" : "=m" (h->vmcs) : : "cc");
	asm volatile("sgdt %0" : "=m" (h->gdtr));
	asm volatile("sidt %0" : "=m" (h->idtr));
	asm volatile("sldt %0" : "=rm" (h->ldt));
	h->ds = READ_SELECTOR(ds);
	h->es = READ_SELECTOR(es);
	h->fs = READ_SELECTOR(fs);
	h->gs = READ_SELECTOR(gs);
	h->fs_base = host_rdmsr(MSR_FS_BASE);
}

static void restore_host(const struct vmx_host *h)
{
	asm volatile("lgdt %0" : : "m" (h->gdtr));
	asm volatile("lidt %0" : : "m" (h->idtr));
	asm volatile("lldt %0" : : "rm" (h->ldt));
	asm volatile("mov %0, %%ds" : : "rm" (h->ds));
	asm volatile("mov %0, %%es" : : "rm" (h->es));
	if (h->fs) {
		asm volatile("mov %0, %%fs" : : "rm" (h->fs));
		host_wrmsr(MSR_FS_BASE, h->fs_base);
	}
	/* The base is the kernel's, and user space's has its own MSR. */
	if (h->gs)
		asm volatile("swapgs; mov %0, %%gs; swapgs" : : "rm" (h->gs));
	if (h->vmcs != NO_VMCS)
		vmcs_make_current(h->vmcs);
}

static u64 tss_base(const struct vmx_host *h, u16 tr)
{
	const struct ldttss_desc *d = (void *)(h->gdtr.address + (tr & ~7));

	return d->base0 | (u64)d->base1 << 16 | (u64)d->base2 << 24 |
	       (u64)d->base3 << 32;
}

#define READ_CR(n) \
	({ unsigned long v_; asm volatile("mov %%cr" #n ", %0" : "=r" (v_)); v_; })

static void write_host_fields(const struct vmx_host *h)
{
	u16 tr;

	asm volatile("str %0" : "=rm" (tr));
	vmcs_write(HOST_CR0, READ_CR(0));
	vmcs_write(HOST_CR3, READ_CR(3));
	vmcs_write(HOST_CR4, READ_CR(4));
	vmcs_write(HOST_CS_SELECTOR, READ_SELECTOR(cs));
	vmcs_write(HOST_SS_SELECTOR, READ_SELECTOR(ss));
	vmcs_write(HOST_DS_SELECTOR, 0);
	vmcs_write(HOST_ES_SELECTOR, 0);
	vmcs_write(HOST_FS_SELECTOR, 0);
	vmcs_write(HOST_GS_SELECTOR, 0);
	vmcs_write(HOST_TR_SELECTOR, tr);
	vmcs_write(HOST_TR_BASE, tss_base(h, tr));
	vmcs_write(HOST_GDTR_BASE, h->gdtr.address);
	vmcs_write(HOST_IDTR_BASE, h->idtr.address);
	vmcs_write(HOST_FS_BASE, h->fs_base);
	vmcs_write(HOST_GS_BASE, host_rdmsr(MSR_GS_BASE));
	vmcs_write(HOST_IA32_SYSENTER_CS, host_rdmsr(MSR_IA32_SYSENTER_CS));
	vmcs_write(HOST_IA32_SYSENTER_ESP, host_rdmsr(MSR_IA32_SYSENTER_ESP));
	vmcs_write(HOST_IA32_SYSENTER_EIP, host_rdmsr(MSR_IA32_SYSENTER_EIP));
	vmcs_write(HOST_IA32_EFER, host_rdmsr(MSR_EFER));
	vmcs_write(HOST_IA32_PAT, host_rdmsr(MSR_IA32_CR_PAT));
}

/* Extended state: by XSAVE where the kernel has it on, else by FXSAVE. */
static bool has_xsave(void)
{
	return READ_CR(4) & X86_CR4_OSXSAVE;
}

u64 emul_host_xfeatures(const struct model_td *td)
{
	return has_xsave() ? td->xfam & VMX_XFEATURES &
			     emul_platform_xfeatures() : 0;
}

static void set_xcr0(u64 value)
{
	asm volatile("xsetbv" : : "c" (0), "a" ((u32)value),
		     "d" ((u32)(value >> 32)) : "memory");
}

static void load_extended(const u8 *area, u64 features)
{
	if (!features)
		asm volatile("fxrstor64 %0" : : "m" (*area) : "memory");
	else
		asm volatile("xrstor64 %0" : : "m" (*area),
			     "a" ((u32)features), "d" (0) : "memory");
}

static void save_extended(struct vmx_vcpu *vcpu, u64 features)
{
	if (!features)
		asm volatile("fxsave64 %0" : "+m" (vcpu->xsave));
	else
		asm volatile("xsave64 %0" : "+m" (vcpu->xsave)
			     : "a" ((u32)features), "d" (0) : "memory");
}

/* Combinations that XSETBV refuses never get here. */
void emul_host_set_xcr0(struct vmx_vcpu *vcpu, u64 value)
{
	vcpu->xcr0 = value;
	set_xcr0(value);
}

/* As a reset leaves it, which is what a guest begins with, too. */
void emul_host_reset_extended(u8 *area)
{
	memset(area, 0, XSAVE_LEGACY);
	*(u16 *)area = 0x37f;			/* FCW */
	*(u32 *)(area + 24) = 0x1f80;		/* MXCSR */
}

static void copy_xmm(u8 *to, const u8 *from, u16 which)
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		if (which & BIT(i))
			memcpy(to + FXSAVE_XMM + 16 * i,
			       from + FXSAVE_XMM + 16 * i, 16);
	/* FXRSTOR does not look there. */
	if (which)
		*(u64 *)(to + XSAVE_BV) |= XSAVE_SSE;
}

/* The registers that the guest has shown are the host's to change. */
static void load_guest_extended(struct vmx_vcpu *vcpu, u64 features)
{
	u8 *image = this_cpu_ptr(&vmx_host)->image;

	if (vcpu->xmm) {
		asm volatile("fxsave64 %0" : "+m" (*image) : : "memory");
		copy_xmm(vcpu->xsave, image, vcpu->xmm);
	}
	if (features)
		set_xcr0(features);
	load_extended(vcpu->xsave, features);
	if (features)
		set_xcr0(vcpu->xcr0);
}

static void save_guest_extended(struct vmx_vcpu *vcpu, u64 features)
{
	u8 *image = this_cpu_ptr(&vmx_host)->image;

	if (features)
		set_xcr0(features);
	save_extended(vcpu, features);
	emul_host_reset_extended(image);
	copy_xmm(image, vcpu->xsave, vcpu->xmm);
	load_extended(image, features);
}

#define WRITE_DR(n, v)	asm volatile("mov %0, %%db" #n : : "r" (v))
#define READ_DR(n, to)	asm volatile("mov %%db" #n ", %0" : "=r" (to))

static void load_guest(struct model_guest *g)
{
	struct vmx_vcpu *vcpu = g->v->hw;
	unsigned int i, n;

	for (n = 0; n < ARRAY_SIZE(guest_msrs); n++) {
		i = guest_msrs[n];
		if (has_msr(i))
			host_wrmsr(model_own_msrs[i], g->v->cpu.msr[i]);
	}
	load_guest_extended(vcpu, emul_host_xfeatures(g->td));
	/* No breakpoint of the host's fires from here on. */
	WRITE_DR(7, 0x400UL);
	WRITE_DR(0, vcpu->dr[0]);
	WRITE_DR(1, vcpu->dr[1]);
	WRITE_DR(2, vcpu->dr[2]);
	WRITE_DR(3, vcpu->dr[3]);
	WRITE_DR(6, vcpu->dr6);
}

static void save_guest(struct model_guest *g)
{
	struct vmx_vcpu *vcpu = g->v->hw;
	unsigned int i, n;

	READ_DR(0, vcpu->dr[0]);
	READ_DR(1, vcpu->dr[1]);
	READ_DR(2, vcpu->dr[2]);
	READ_DR(3, vcpu->dr[3]);
	READ_DR(6, vcpu->dr6);
	vcpu->xmm = g->e->reason == MODEL_EXIT_TDCALL ?
		    g->v->cpu.gpr[GPR_RCX] >> 16 : 0;
	save_guest_extended(vcpu, emul_host_xfeatures(g->td));
	for (n = 0; n < ARRAY_SIZE(guest_msrs); n++) {
		i = guest_msrs[n];
		if (!has_msr(i))
			continue;
		g->v->cpu.msr[i] = host_rdmsr(model_own_msrs[i]);
		host_wrmsr(model_own_msrs[i], 0);
	}
}

/* The VCPU's VMCS is the current one from here on. */
bool emul_host_enter(struct model_guest *g)
{
	struct vmx_host *h = this_cpu_ptr(&vmx_host);

	save_host(h);
	if (!emul_vmcs_make(g) || !emul_ept_enter(g)) {
		restore_host(h);
		return false;
	}
	write_host_fields(h);
	load_guest(g);
	return true;
}

void emul_host_leave(struct model_guest *g)
{
	save_guest(g);
	restore_host(this_cpu_ptr(&vmx_host));
}
