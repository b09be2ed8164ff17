/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What TDs and VCPUs are to the wrappers of mng.h, vp.h, mem.h and phymem.h.
 *
 * All wrappers return the completion status whole (status.h); error.h turns
 * it into an errno and a sentence.  A wrapper that the CPU could not execute
 * returns a status of the software class, TDX_ST_GOING_DOWN among them once
 * the machine is being shut down.
 *
 * Pages that a wrapper hands to the TDX module belong to the TDX module until
 * it gives them back; the wrapper writes their cache lines back first.
 *
 * A page that was refused, whatever the status, is the caller's as before: it
 * may be offered again, used or freed.  Where the TDX module had written to it
 * by then, with a private KeyID, the wrapper has brought it back, and it holds
 * zeroes.  If that failed, the status is TDX_ST_PAGE_LOST and not the leaf's:
 * nobody may touch or free the page before the next reset of the platform.
 * There are three such leaves:
 *
 *	leaf			statuses			KeyID
 *	TDH.MNG.CREATE		RND_NO_ENTROPY			global
 *	TDH.MNG.ADDCX		RND_NO_ENTROPY,			the TD's
 *				OP_STATE_INCORRECT
 *	TDH.MEM.PAGE.DEMOTE	INTERRUPTED_RESTARTABLE,	the TD's
 *				L2_SEPT_WALK_FAILED; OPERAND_BUSY
 *				with RCX, if RDX returns 0
 *
 * Who calls them by tdx_host_call() or tdx_host_seamcall_ret() does that with
 * tdx_host_page_to_shared(), after the last try: it counts whether any try had
 * one of these statuses.
 */
#ifndef TDX_HOST_TD_H
#define TDX_HOST_TD_H

#include <linux/types.h>

struct page;

/**
 * struct tdx_host_td - a TD, to the wrappers
 * @tdr: its TDR page, which is the TD's name in every call
 * @keyid: its KeyID, from tdx_host_keyid_alloc()
 * @holds_vmx: the VMM keeps every CPU in VMX operation that runs VCPUs of the
 *	       TD, and flushes them before that ends; see vp.h
 *
 * Filled in by the caller, who owns the page and the KeyID.
 */
struct tdx_host_td {
	struct page *tdr;
	__u32 keyid;
	_Bool holds_vmx;
};

/**
 * struct tdx_host_vp - a VCPU of a TD, to the wrappers
 * @td: the TD
 * @tdvpr: its TDVPR page, which is the VCPU's name in every call
 * @cpu: the CPU whose LP the VCPU is associated with, -1 for none
 * @on_cpu: link in the list of that CPU's VCPUs
 *
 * @td and @tdvpr are filled in by the caller.  The rest is set up by
 * tdx_host_vp_create() and kept by the wrappers; once tdx_host_vp_flush() has
 * returned, whatever it said, and until the VCPU is used again, nothing but
 * the caller refers to the structure.
 *
 * Source: TDX Module ABI 1.5, "VCPU to LP association".
 */
struct tdx_host_vp {
	const struct tdx_host_td *td;
	struct page *tdvpr;
	int cpu;
	struct hlist_node on_cpu;
};

/**
 * enum tdx_host_level - size of what a Secure EPT entry maps
 * @TDX_HOST_LEVEL_4K: a 4 KiB page
 * @TDX_HOST_LEVEL_2M: a 2 MiB page, or a Secure EPT page of 4 KiB entries
 * @TDX_HOST_LEVEL_1G: a Secure EPT page of 2 MiB entries
 * @TDX_HOST_LEVEL_512G: a Secure EPT page of 1 GiB entries; top level of a TD
 *	whose EPTP_CONTROLS say 4 levels
 * @TDX_HOST_LEVEL_256T: a Secure EPT page of 512 GiB entries
 */
enum tdx_host_level {
	TDX_HOST_LEVEL_4K,
	TDX_HOST_LEVEL_2M,
	TDX_HOST_LEVEL_1G,
	TDX_HOST_LEVEL_512G,
	TDX_HOST_LEVEL_256T,
};

/* Bytes that an entry of that level maps. */
static inline __u64 tdx_host_level_size(enum tdx_host_level level)
{
	return 4096ULL << (9 * level);
}

/**
 * enum tdx_host_sept_state - state of a Secure EPT entry
 * @TDX_HOST_SEPT_FREE: nothing is there
 * @TDX_HOST_SEPT_BLOCKED: a page, blocked
 * @TDX_HOST_SEPT_PENDING: a page that the TD has yet to accept
 * @TDX_HOST_SEPT_PENDING_BLOCKED: the same, blocked
 * @TDX_HOST_SEPT_MAPPED: a page
 * @TDX_HOST_SEPT_NL_BLOCKED: a Secure EPT page, blocked
 * @TDX_HOST_SEPT_NL_MAPPED: a Secure EPT page
 *
 * Those of migration are left out.  Source: TDX Module ABI 1.5, "Secure EPT
 * Entry Information as Returned by TDX Module Functions".
 */
enum tdx_host_sept_state {
	TDX_HOST_SEPT_FREE = 0,
	TDX_HOST_SEPT_BLOCKED = 1,
	TDX_HOST_SEPT_PENDING = 2,
	TDX_HOST_SEPT_PENDING_BLOCKED = 3,
	TDX_HOST_SEPT_MAPPED = 4,
	TDX_HOST_SEPT_NL_BLOCKED = 129,
	TDX_HOST_SEPT_NL_MAPPED = 132,
};

/**
 * struct tdx_host_sept_info - extended error information of TDH.MEM leaves
 * @entry: the Secure EPT entry at which the call stopped, in the
 *	   architectural form: permissions in bits 2:0, leaf in bit 7, host
 *	   physical address in bits 51:12 of a leaf
 * @level: its level, enum tdx_host_level
 * @state: its state, enum tdx_host_sept_state
 * @vm: 0, or the number of the L2 VM
 *
 * All zero where the status has none.
 */
struct tdx_host_sept_info {
	__u64 entry;
	__u8 level;
	__u8 state;
	__u8 vm;
};

/**
 * struct tdx_host_td_params - TD_PARAMS of TDH.MNG.INIT
 * @attributes: ATTRIBUTES
 * @xfam: XFAM
 * @max_vcpus: MAX_VCPUS, not 0
 * @num_l2_vms: NUM_L2_VMS, at most 3
 * @msr_config_ctls: bit 0: use @arch_capabilities
 * @reserved_20: 0
 * @eptp_controls: EPTP_CONTROLS: 2:0 memory type, 6; 5:3 levels less one
 * @config_flags: CONFIG_FLAGS: TDX_HOST_CONFIG_*
 * @tsc_frequency: in units of 25 MHz, 4 to 400
 * @reserved_42: 0
 * @mrconfigid: MRCONFIGID
 * @mrowner: MROWNER
 * @mrownerconfig: MROWNERCONFIG
 * @arch_capabilities: IA32_ARCH_CAPABILITIES_CONFIG
 * @reserved_232: 0
 * @cpuid: values for the bits that can be configured, in the order of
 *	   struct tdx_host_sysinfo's cpuid_config: EAX, EBX, ECX, EDX
 *
 * Source: TDX Module ABI 1.5, "TD_PARAMS".
 */
struct tdx_host_td_params {
	__u64 attributes;
	__u64 xfam;
	__u16 max_vcpus;
	__u8 num_l2_vms;
	__u8 msr_config_ctls;
	__u8 reserved_20[4];
	__u64 eptp_controls;
	__u64 config_flags;
	__u16 tsc_frequency;
	__u8 reserved_42[38];
	__u8 mrconfigid[48];
	__u8 mrowner[48];
	__u8 mrownerconfig[48];
	__u64 arch_capabilities;
	__u8 reserved_232[24];
	__u32 cpuid[48][4];
} __attribute__((packed, aligned(8)));

/* ATTRIBUTES */
#define TDX_HOST_ATTRIBUTES_DEBUG		(1ULL << 0)
#define TDX_HOST_ATTRIBUTES_SEPT_VE_DISABLE	(1ULL << 28)

/* EPTP_CONTROLS: write-back, and four or five levels */
#define TDX_HOST_EPTP_4_LEVELS			0x1eULL
#define TDX_HOST_EPTP_5_LEVELS			0x26ULL

/* CONFIG_FLAGS */
#define TDX_HOST_CONFIG_GPAW_52			(1ULL << 0)
#define TDX_HOST_CONFIG_FLEXIBLE_PENDING_VE	(1ULL << 1)
#define TDX_HOST_CONFIG_NO_RBP_MOD		(1ULL << 2)

#endif /* TDX_HOST_TD_H */
