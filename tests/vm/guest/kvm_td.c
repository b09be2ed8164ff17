// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvm_td - the life of a TD, through KVM's ioctls
 *
 *   kvm_td run [COUNT]		COUNT TDs, one after the other (1)
 *   kvm_td hold until FILE	one, which is left alone between its first exit
 *				and its last ones until FILE exists
 *
 * The guest is kvm_td_page.S.  A TD is correct if KVM reports what that does,
 * step by step, and the value that the guest wrote to a page of its own comes
 * back from there.
 *
 * Prints a line for each step, "open" when a TD that is held has had its first
 * exit, and at the end "ok COUNT".  What fails is named on stderr: the ioctl,
 * errno, and what the TDX module said.  Exit status: 0 all correct, 1 a TD
 * failed, 2 wrong arguments, 3 this KVM has no TDs.
 *
 * Interface: the kernel's Documentation/virt/kvm/x86/intel-tdx.rst.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "kvm_td.h"
#include "kvm_uapi.h"

#define PAGE_SIZE	4096
#define SLOT_SIZE	0x200000UL
#define SLOTS		2
#define MAX_CPUID	256
#define GPA_BITS	48
#define TSC_KHZ		2000000
#define ANSWER		4711
#define SEPT_VE_DISABLE	(1ULL << 28)
#define XFAM_X87_SSE	3ULL

extern const unsigned char kvm_td_page[PAGE_SIZE];

struct td {
	int vm;
	int vcpu;
	struct kvm_run *run;
	size_t run_size;
	int memfd[SLOTS];
	void *shared[SLOTS];
};

/* GPA of each slot: that of the heap, and that which ends below 4 GiB. */
static const uint64_t slot_gpa[SLOTS] = { 0, 0x100000000 - SLOT_SIZE };

static int kvm;

static _Noreturn void die(int status, const char *what)
{
	fprintf(stderr, "kvm_td: %s: %s\n", what, strerror(errno));
	exit(status);
}

static void step(const char *what)
{
	printf("%s\n", what);
	fflush(stdout);
}

/* An ioctl that is a step: its result, which is not negative. */
static int must(const char *what, int result)
{
	if (result < 0)
		die(1, what);
	step(what);
	return result;
}

#define IOCTL(fd, request, argument) \
	must(#request, ioctl(fd, request, argument))

/* KVM_MEMORY_ENCRYPT_OP. */
static void tdx(int fd, const char *what, uint32_t id, uint32_t flags,
		const void *data)
{
	struct kvm_tdx_cmd cmd = {
		.id = id,
		.flags = flags,
		.data = (uintptr_t)data,
	};

	if (!ioctl(fd, KVM_MEMORY_ENCRYPT_OP, &cmd)) {
		step(what);
		return;
	}
	fprintf(stderr, "kvm_td: %s: %s, TDX module %#llx\n", what,
		strerror(errno), (unsigned long long)cmd.hw_error);
	exit(1);
}

#define TDX(fd, id, flags, data)	tdx(fd, #id, id, flags, data)

/* Zeroed, with room for CPUID entries behind it. */
static void *with_cpuid(size_t size)
{
	void *p = calloc(1, size +
			 MAX_CPUID * sizeof(struct kvm_cpuid_entry2));

	if (!p)
		die(1, "calloc");
	return p;
}

static void *map(size_t size, int flags, int fd)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (p == MAP_FAILED)
		die(1, "mmap");
	return p;
}

static void enable(struct td *td, const char *what, uint32_t cap, uint64_t arg)
{
	struct kvm_enable_cap enable = { .cap = cap, .args[0] = arg };

	must(what, ioctl(td->vm, KVM_ENABLE_CAP, &enable));
}

#define ENABLE(td, cap, arg)	enable(td, #cap, cap, arg)

static void kvm_open(void)
{
	int types;

	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0)
		die(3, "/dev/kvm (is kvm-intel loaded?)");
	types = ioctl(kvm, KVM_CHECK_EXTENSION, KVM_CAP_VM_TYPES);
	if (types < 0 || !(types & 1 << KVM_X86_TDX_VM)) {
		fprintf(stderr, "kvm_td: KVM_CAP_VM_TYPES is %#x: no TDs\n",
			types);
		exit(3);
	}
}

/* All that can be configured is 0 but for the width of a GPA. */
static void td_init(struct td *td)
{
	struct kvm_tdx_capabilities *caps = with_cpuid(sizeof(*caps));
	struct kvm_tdx_init_vm *init = with_cpuid(sizeof(*init));
	unsigned int i;

	caps->cpuid.nent = MAX_CPUID;
	TDX(td->vm, KVM_TDX_CAPABILITIES, 0, caps);
	if ((caps->supported_xfam & XFAM_X87_SSE) != XFAM_X87_SSE ||
	    !(caps->supported_attrs & SEPT_VE_DISABLE)) {
		fprintf(stderr, "kvm_td: attributes %#llx, XFAM %#llx lack what is needed\n",
			(unsigned long long)caps->supported_attrs,
			(unsigned long long)caps->supported_xfam);
		exit(1);
	}
	ENABLE(td, KVM_CAP_SPLIT_IRQCHIP, 24);
	ENABLE(td, KVM_CAP_X2APIC_API, KVM_X2APIC_API_USE_32BIT_IDS);
	IOCTL(td->vm, KVM_SET_TSC_KHZ, TSC_KHZ);

	init->attributes = SEPT_VE_DISABLE;
	init->xfam = XFAM_X87_SSE;
	init->cpuid.nent = caps->cpuid.nent;
	for (i = 0; i < caps->cpuid.nent; i++) {
		const struct kvm_cpuid_entry2 *e = &caps->cpuid.entries[i];

		init->cpuid.entries[i] = (struct kvm_cpuid_entry2) {
			.function = e->function,
			.index = e->index,
			.flags = e->flags,
		};
		if (e->function == 0x80000008)
			init->cpuid.entries[i].eax = GPA_BITS << 16;
	}
	TDX(td->vm, KVM_TDX_INIT_VM, 0, init);
	free(init);
	free(caps);
}

static const struct kvm_cpuid_entry2 *find_leaf(const struct kvm_cpuid2 *cpuid,
						uint32_t leaf)
{
	unsigned int i;

	for (i = 0; i < cpuid->nent; i++)
		if (cpuid->entries[i].function == leaf)
			return &cpuid->entries[i];
	fprintf(stderr, "kvm_td: KVM_TDX_GET_CPUID: leaf %#x is not there\n",
		leaf);
	exit(1);
}

/* KVM is told what the TDX module will tell the guest. */
static void vcpu_cpuid(struct td *td)
{
	struct kvm_cpuid2 *cpuid = with_cpuid(sizeof(*cpuid));

	cpuid->nent = MAX_CPUID;
	TDX(td->vcpu, KVM_TDX_GET_CPUID, 0, cpuid);
	if (find_leaf(cpuid, 0)->ebx != 0x756e6547 ||
	    find_leaf(cpuid, 0x21)->ebx != 0x65746e49) {
		fprintf(stderr, "kvm_td: KVM_TDX_GET_CPUID: not Intel's\n");
		exit(1);
	}
	IOCTL(td->vcpu, KVM_SET_CPUID2, cpuid);
	free(cpuid);
}

static void vcpu_create(struct td *td)
{
	td->vcpu = IOCTL(td->vm, KVM_CREATE_VCPU, 0);
	td->run_size = IOCTL(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	td->run = map(td->run_size, MAP_SHARED, td->vcpu);
	vcpu_cpuid(td);
	TDX(td->vcpu, KVM_TDX_INIT_VCPU, 0, NULL);
}

static void add_slot(struct td *td, unsigned int slot)
{
	struct kvm_create_guest_memfd memfd = { .size = SLOT_SIZE };
	struct kvm_memory_attributes private = {
		.address = slot_gpa[slot],
		.size = SLOT_SIZE,
		.attributes = KVM_MEMORY_ATTRIBUTE_PRIVATE,
	};
	struct kvm_userspace_memory_region2 region = {
		.slot = slot,
		.flags = KVM_MEM_GUEST_MEMFD,
		.guest_phys_addr = slot_gpa[slot],
		.memory_size = SLOT_SIZE,
	};

	td->memfd[slot] = IOCTL(td->vm, KVM_CREATE_GUEST_MEMFD, &memfd);
	td->shared[slot] = map(SLOT_SIZE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	region.userspace_addr = (uintptr_t)td->shared[slot];
	region.guest_memfd = td->memfd[slot];
	IOCTL(td->vm, KVM_SET_USER_MEMORY_REGION2, &region);
	IOCTL(td->vm, KVM_SET_MEMORY_ATTRIBUTES, &private);
}

static void td_memory(struct td *td)
{
	struct kvm_tdx_init_mem_region region = {
		.source_addr = (uintptr_t)kvm_td_page,
		.gpa = TD_CODE,
		.nr_pages = 1,
	};
	unsigned int slot;

	for (slot = 0; slot < SLOTS; slot++)
		add_slot(td, slot);
	TDX(td->vcpu, KVM_TDX_INIT_MEM_REGION, KVM_TDX_MEASURE_MEMORY_REGION,
	    &region);
}

static _Noreturn void unexpected(const struct kvm_run *run, const char *want)
{
	fprintf(stderr, "kvm_td: KVM_RUN: exit reason %u, not %s\n",
		run->exit_reason, want);
	switch (run->exit_reason) {
	case KVM_EXIT_IO:
		fprintf(stderr, "kvm_td: port %#x, direction %u, size %u\n",
			run->io.port, run->io.direction, run->io.size);
		break;
	case KVM_EXIT_SYSTEM_EVENT:
		fprintf(stderr, "kvm_td: system event %u, R12 %#llx\n",
			run->system_event.type,
			(unsigned long long)run->system_event.data[12]);
		break;
	case KVM_EXIT_INTERNAL_ERROR:
		fprintf(stderr, "kvm_td: internal error %u, %#llx\n",
			run->internal.suberror,
			(unsigned long long)run->internal.data[0]);
		break;
	}
	exit(1);
}

static void vcpu_enter(struct td *td)
{
	int ret;

	do
		ret = ioctl(td->vcpu, KVM_RUN, 0);
	while (ret < 0 && errno == EINTR);
	if (ret < 0)
		die(1, "KVM_RUN");
}

/* The guest's next exit is 4 bytes from or to @port: where they are. */
static uint32_t *vcpu_port(struct td *td, unsigned int port, bool out)
{
	const struct kvm_run *run = td->run;
	char text[64];

	snprintf(text, sizeof(text), "KVM_RUN: port %#x, %s", port,
		 out ? "out" : "in");
	vcpu_enter(td);
	if (run->exit_reason != KVM_EXIT_IO || run->io.port != port ||
	    run->io.direction != (out ? KVM_EXIT_IO_OUT : KVM_EXIT_IO_IN) ||
	    run->io.size != 4 || run->io.count != 1)
		unexpected(run, text);
	step(text);
	return (uint32_t *)((char *)td->run + run->io.data_offset);
}

static void check_value(const char *what, uint32_t want, uint32_t got)
{
	if (want == got)
		return;
	fprintf(stderr, "kvm_td: %s: %u, not %u\n", what, got, want);
	exit(1);
}

static void td_first_exit(struct td *td)
{
	check_value("what the guest says first", TD_HELLO,
		    *vcpu_port(td, TD_PORT_HELLO, true));
}

static void td_last_exits(struct td *td)
{
	const struct kvm_run *run = td->run;

	*vcpu_port(td, TD_PORT_ASK, false) = ANSWER;
	/* Between the two it accepts a page, which KVM has to give it. */
	check_value("what the guest has read from its page", ANSWER,
		    *vcpu_port(td, TD_PORT_TELL, true));
	vcpu_enter(td);
	if (run->exit_reason != KVM_EXIT_SYSTEM_EVENT ||
	    run->system_event.type != KVM_SYSTEM_EVENT_TDX_FATAL)
		unexpected(run, "a fatal error of the guest");
	check_value("the guest's fatal error", TD_FATAL_DONE,
		    run->system_event.data[12]);
	step("KVM_RUN: fatal error");
}

static void td_create(struct td *td)
{
	td->vm = ioctl(kvm, KVM_CREATE_VM, KVM_X86_TDX_VM);
	must("KVM_CREATE_VM", td->vm);
	td_init(td);
	vcpu_create(td);
	td_memory(td);
	TDX(td->vm, KVM_TDX_FINALIZE_VM, 0, NULL);
}

/* The VM goes with the last descriptor, and so do its private pages. */
static void td_destroy(struct td *td)
{
	unsigned int slot;

	munmap(td->run, td->run_size);
	close(td->vcpu);
	close(td->vm);
	for (slot = 0; slot < SLOTS; slot++) {
		close(td->memfd[slot]);
		munmap(td->shared[slot], SLOT_SIZE);
	}
	step("closed");
}

static void wait_for(const char *file)
{
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };

	step("open");
	while (access(file, F_OK))
		nanosleep(&pause, NULL);
}

static int usage(void)
{
	fprintf(stderr, "usage: kvm_td run [COUNT] | hold until FILE\n");
	return 2;
}

int main(int argc, char **argv)
{
	const char *file = NULL;
	unsigned long count = 1, i;
	struct td td;
	char *rest;

	if (argc == 4 && !strcmp(argv[1], "hold") && !strcmp(argv[2], "until")) {
		file = argv[3];
	} else if (argc < 2 || argc > 3 || strcmp(argv[1], "run")) {
		return usage();
	} else if (argc == 3) {
		count = strtoul(argv[2], &rest, 10);
		if (*rest || !count)
			return usage();
	}

	kvm_open();
	for (i = 0; i < count; i++) {
		td_create(&td);
		td_first_exit(&td);
		if (file)
			wait_for(file);
		td_last_exits(&td);
		td_destroy(&td);
	}
	printf("ok %lu\n", count);
	return 0;
}
