// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvm_guest - a small virtual machine to check that KVM works
 *
 *   kvm_guest run			run the VM once
 *   kvm_guest hold SECONDS		keep it open and run it repeatedly, for
 *					that time
 *   kvm_guest hold until FILE		... until FILE exists
 *   kvm_guest --cpus N ...		with N VCPUs, each in a thread (1)
 *
 * The guest is 16-bit real-mode code that writes 42 to a port and halts. A run
 * is correct if KVM reports exactly that: the write with its value, then the
 * halt. All VCPUs do so at once. With hold, they are entered ten times a second,
 * so that it is noticed when something else breaks the open VM.
 *
 * With hold, prints "open" after the first run. At the end, prints "ok N" with
 * the number of runs. Exit status: 0 all correct, 1 the VM ran wrongly, 2 wrong
 * arguments, 3 no usable /dev/kvm.
 *
 * Interface: the kernel's Documentation/virt/kvm/api.rst.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define GUEST_PORT	0x10
#define GUEST_VALUE	42
#define GUEST_BASE	0x1000
#define GUEST_SIZE	0x1000
#define MAX_CPUS	8

static const uint8_t guest_code[] = {
	0xb0, GUEST_VALUE,	/* mov $42, %al */
	0xe6, GUEST_PORT,	/* out %al, $0x10 */
	0xf4,			/* hlt */
};

struct vcpu {
	int fd;
	struct kvm_run *run;
	pthread_t thread;
};

struct vm {
	int kvm;
	int vm;
	unsigned int cpus;
	struct vcpu vcpu[MAX_CPUS];
};

static int die(int status, const char *what)
{
	fprintf(stderr, "kvm_guest: %s: %s\n", what, strerror(errno));
	exit(status);
}

static void vcpu_open(struct vm *vm, unsigned int n)
{
	struct vcpu *vcpu = &vm->vcpu[n];
	struct kvm_sregs sregs;
	int size;

	vcpu->fd = ioctl(vm->vm, KVM_CREATE_VCPU, n);
	if (vcpu->fd < 0)
		die(1, "KVM_CREATE_VCPU");
	size = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (size < (int)sizeof(*vcpu->run))
		die(1, "KVM_GET_VCPU_MMAP_SIZE");
	vcpu->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		die(1, "mmap of the vCPU");

	if (ioctl(vcpu->fd, KVM_GET_SREGS, &sregs) < 0)
		die(1, "KVM_GET_SREGS");
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	if (ioctl(vcpu->fd, KVM_SET_SREGS, &sregs) < 0)
		die(1, "KVM_SET_SREGS");
}

static void vm_open(struct vm *vm)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = GUEST_BASE,
		.memory_size = GUEST_SIZE,
	};
	unsigned int i;
	void *mem;

	vm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vm->kvm < 0)
		die(3, "/dev/kvm (is kvm-intel or kvm-amd loaded?)");
	vm->vm = ioctl(vm->kvm, KVM_CREATE_VM, 0);
	if (vm->vm < 0)
		die(3, "KVM_CREATE_VM");
	/*
	 * Where VMX cannot run real mode natively, it needs three pages for a
	 * task state, outside the guest's memory.
	 */
	if (ioctl(vm->vm, KVM_SET_TSS_ADDR, 0xfffbd000) < 0)
		die(1, "KVM_SET_TSS_ADDR");

	mem = mmap(NULL, GUEST_SIZE, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		die(1, "mmap of guest memory");
	memcpy(mem, guest_code, sizeof(guest_code));
	region.userspace_addr = (uintptr_t)mem;
	if (ioctl(vm->vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		die(1, "KVM_SET_USER_MEMORY_REGION");

	for (i = 0; i < vm->cpus; i++)
		vcpu_open(vm, i);
}

/* Enters the guest until it exits to user space. */
static void vcpu_enter(struct vcpu *vcpu, uint32_t want)
{
	int ret;

	do
		ret = ioctl(vcpu->fd, KVM_RUN, 0);
	while (ret < 0 && errno == EINTR);
	if (ret < 0)
		die(1, "KVM_RUN");
	if (vcpu->run->exit_reason != want) {
		fprintf(stderr,
			"kvm_guest: exit reason %u, expected %u (KVM_EXIT_* of <linux/kvm.h>)\n",
			vcpu->run->exit_reason, want);
		if (vcpu->run->exit_reason == KVM_EXIT_FAIL_ENTRY)
			fprintf(stderr, "kvm_guest: hardware entry failure %#llx\n",
				(unsigned long long)
				vcpu->run->fail_entry.hardware_entry_failure_reason);
		exit(1);
	}
}

static void *vcpu_run(void *argument)
{
	struct vcpu *vcpu = argument;
	/* Bit 1 of RFLAGS is always one. */
	struct kvm_regs regs = { .rip = GUEST_BASE, .rflags = 2 };
	const struct kvm_run *run = vcpu->run;
	uint8_t value;

	if (ioctl(vcpu->fd, KVM_SET_REGS, &regs) < 0)
		die(1, "KVM_SET_REGS");
	vcpu_enter(vcpu, KVM_EXIT_IO);
	value = *((const uint8_t *)run + run->io.data_offset);
	if (run->io.direction != KVM_EXIT_IO_OUT || run->io.port != GUEST_PORT ||
	    value != GUEST_VALUE) {
		fprintf(stderr, "kvm_guest: port %#x got %u, expected %#x to get %u\n",
			run->io.port, value, GUEST_PORT, GUEST_VALUE);
		exit(1);
	}
	vcpu_enter(vcpu, KVM_EXIT_HLT);
	return NULL;
}

static void vm_run(struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < vm->cpus; i++) {
		errno = pthread_create(&vm->vcpu[i].thread, NULL, vcpu_run,
				       &vm->vcpu[i]);
		if (errno)
			die(1, "pthread_create");
	}
	for (i = 0; i < vm->cpus; i++)
		pthread_join(vm->vcpu[i].thread, NULL);
}

static int usage(void)
{
	fprintf(stderr,
		"usage: kvm_guest [--cpus N] (run | hold SECONDS | hold until FILE)\n");
	return 2;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
	const char *file = NULL;
	unsigned long runs = 0;
	double end = 0;
	struct vm vm = { .cpus = 1 };
	char *rest;

	if (argc > 2 && !strcmp(argv[1], "--cpus")) {
		vm.cpus = strtoul(argv[2], &rest, 10);
		if (*rest || vm.cpus < 1 || vm.cpus > MAX_CPUS)
			return usage();
		argc -= 2;
		argv += 2;
	}
	if (argc == 4 && !strcmp(argv[1], "hold") && !strcmp(argv[2], "until")) {
		file = argv[3];
	} else if (argc == 3 && !strcmp(argv[1], "hold")) {
		end = strtod(argv[2], &rest);
		if (*rest || rest == argv[2] || !(end >= 0)) {
			fprintf(stderr,
				"kvm_guest: '%s' is not a number of seconds\n",
				argv[2]);
			return usage();
		}
		end += now();
	} else if (argc != 2 || strcmp(argv[1], "run")) {
		return usage();
	}

	vm_open(&vm);
	vm_run(&vm);
	runs++;
	if (argc > 2) {
		puts("open");
		fflush(stdout);
		while (file ? access(file, F_OK) != 0 : now() < end) {
			nanosleep(&pause, NULL);
			vm_run(&vm);
			runs++;
		}
	}
	printf("ok %lu\n", runs);
	return 0;
}
