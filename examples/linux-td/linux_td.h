/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * linux_td: a VMM for one Linux guest, on what tdx_consumer is made of
 * (../td).  Read main.c first, then boot.c, run.c and vmcall.c; memory.c,
 * apic.c and console.c are what these stand on.
 */
#ifndef LINUX_TD_H
#define LINUX_TD_H

#include <linux/hrtimer.h>
#include <linux/mutex.h>
#include <linux/wait.h>

#include "../td/consumer.h"
#include "guest.h"

/**
 * struct linux_td_vcpu - a VCPU, and what the VMM has of its APIC
 * @t: its TD
 * @nr: its number, which is its APIC ID
 * @vp: what the wrappers know it by
 * @thread: runs it
 * @wait: where it sleeps when the guest halts
 * @posted: its posted-interrupt descriptor, in a page of its own
 * @nmi: the guest is to get one
 * @timer: of the APIC
 * @lvt_timer: LVT timer register
 * @initial_count: initial count register
 * @divide: divide configuration register
 * @deadline: IA32_TSC_DEADLINE
 * @reg: registers that only have to read as they were written
 * @entries: how often the guest was entered
 * @ret: 0, or why it ended
 */
struct linux_td_vcpu {
	struct linux_td *t;
	unsigned int nr;
	struct tdx_host_vp *vp;
	struct task_struct *thread;
	wait_queue_head_t wait;
	unsigned long *posted;
	bool nmi;
	struct hrtimer timer;
	u32 lvt_timer, initial_count, divide;
	u64 deadline;
	u32 reg[64];
	u64 entries;
	int ret;
};

/**
 * struct linux_td - the TD
 * @c: what it has in common with any other
 * @vcpu: its VCPUs
 * @memory: for the private memory and what follows
 * @shared_ept: table at the top of the shared EPT
 * @shared: pages that guest and host share, by number of the page
 * @ram: bytes of memory
 * @entry: of the kernel
 * @mrtd: its measurement
 * @tsc_offset: of the guest's TSC, and
 * @tsc_multiplier: 48 bits of it are behind the point
 * @over: the guest has come to its end, or has to
 */
struct linux_td {
	struct consumer_td c;
	struct linux_td_vcpu vcpu[CONSUMER_MAX_VCPUS];
	struct mutex memory;
	u64 *shared_ept;
	struct xarray shared;
	u64 ram;
	u64 entry;
	u64 mrtd[6];
	u64 tsc_offset, tsc_multiplier;
	bool over;
};

#define linux_td_say(fmt, ...)	pr_info("linux_td: " fmt "\n", ##__VA_ARGS__)

/* TSC of the TD in units of 25 MHz, which is also what its APIC's timer has. */
#define LINUX_TD_CRYSTAL_KHZ	25000U
unsigned int linux_td_tsc_units(void);

/* boot.c */
int linux_td_boot_load(struct linux_td *t, const char *kernel,
		       const char *initrd, const char *cmdline);

/* memory.c */
int linux_td_memory_init(struct linux_td *t);
void linux_td_memory_exit(struct linux_td *t);
void *linux_td_share_new(struct linux_td *t, u64 gpa);
int linux_td_fault(struct linux_td *t, const struct tdx_regs *args);
u64 linux_td_map_gpa(struct linux_td *t, u64 gpa, u64 size, int *ret);

/* apic.c */
int linux_td_apic_init(struct linux_td_vcpu *v);
void linux_td_apic_exit(struct linux_td_vcpu *v);
bool linux_td_apic_wants(struct linux_td_vcpu *v);
void linux_td_apic_notify(struct tdx_host_vp *vp);
int linux_td_apic_nmi(struct linux_td_vcpu *v);
void linux_td_wake(struct linux_td_vcpu *v);
bool linux_td_rdmsr(struct linux_td_vcpu *v, u32 msr, u64 *value);
bool linux_td_wrmsr(struct linux_td_vcpu *v, u32 msr, u64 value);

/* console.c */
u64 linux_td_io_read(u16 port, u64 size);
void linux_td_io_write(u16 port, u64 size, u32 value);
void linux_td_console_flush(void);

/* vmcall.c */
int linux_td_vmcall(struct linux_td_vcpu *v, struct tdx_regs *args);

/* run.c */
int linux_td_run(struct linux_td *t);
void linux_td_stop(struct linux_td *t);

#endif /* LINUX_TD_H */
