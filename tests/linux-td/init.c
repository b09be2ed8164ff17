// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first program of a Linux guest in a TD: says in the kernel's log what it
 * finds there, and ends the guest.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* <linux/tdx-guest.h>, which not every machine has. */
struct report_request {
	uint8_t data[64];
	uint8_t report[1024];
};
#define GET_REPORT		_IOWR('T', 1, struct report_request)
/* In a TDREPORT.  Source: TDX Module ABI 1.5, "TDREPORT_STRUCT". */
#define REPORT_DATA		128
#define REPORT_MRTD		(512 + 16)
#define MRTD_SIZE		48

#define TICKS_WANTED		5

static int log_fd = -1;

static void say(const char *format, ...)
{
	char line[256];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	if (write(log_fd, line, n) < 0)
		_exit(1);
}

static void load(const char *file)
{
	int fd = open(file, O_RDONLY);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		say("userland: %s cannot be loaded: %m", file);
	close(fd);
}

static int has_flag(const char *flag)
{
	FILE *f = fopen("/proc/cpuinfo", "r");
	char line[4096];
	int found = 0;

	while (f && !found && fgets(line, sizeof(line), f))
		found = !strncmp(line, "flags", 5) && strstr(line, flag);
	if (f)
		fclose(f);
	return found;
}

/* Local timer interrupts of that CPU. */
static unsigned long ticks(int cpu)
{
	FILE *f = fopen("/proc/interrupts", "r");
	char line[4096], *p;
	unsigned long n = 0;

	while (f && fgets(line, sizeof(line), f)) {
		p = strstr(line, "LOC:");
		if (!p)
			continue;
		p += 4;
		do
			n = strtoul(p, &p, 10);
		while (cpu--);
		break;
	}
	if (f)
		fclose(f);
	return n;
}

/* Until its timer has ticked some more, asleep at times. */
static void wait_for_ticks(int cpu)
{
	const struct timespec nap = { 0, 1000000 };
	unsigned long before = ticks(cpu), now;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set)) {
		say("userland: CPU %d is not to be had: %m", cpu);
		return;
	}
	do {
		nanosleep(&nap, NULL);
		now = ticks(cpu);
	} while (now < before + TICKS_WANTED);
	say("userland: the timer of CPU %d ticks", cpu);
}

static void attest(void)
{
	static struct report_request r = { .data = "tdx_host" };
	char hex[2 * MRTD_SIZE + 1];
	int fd = open("/dev/tdx_guest", O_RDWR), i;

	if (fd < 0 || ioctl(fd, GET_REPORT, &r)) {
		say("userland: no TDREPORT: %m");
		return;
	}
	for (i = 0; i < MRTD_SIZE; i++)
		sprintf(hex + 2 * i, "%02x", r.report[REPORT_MRTD + i]);
	say("userland: REPORTDATA %s", memcmp(r.report + REPORT_DATA, r.data,
					      sizeof(r.data)) ?
	    "is another" : "is ours");
	say("userland: MRTD %s", hex);
}

int main(void)
{
	struct utsname u;
	long cpus, i;

	mount("dev", "/dev", "devtmpfs", 0, NULL);
	mount("proc", "/proc", "proc", 0, NULL);
	log_fd = open("/dev/kmsg", O_WRONLY);
	uname(&u);
	say("userland: Linux %s", u.release);
	say("userland: cpuinfo has %s", has_flag(" tdx_guest") ? "tdx_guest" :
	    "no tdx_guest");
	cpus = sysconf(_SC_NPROCESSORS_ONLN);
	say("userland: %ld CPUs", cpus);
	for (i = 0; i < cpus; i++)
		wait_for_ticks(i);
	load("/configfs.ko");
	load("/tsm_report.ko");
	load("/tdx-guest.ko");
	attest();
	say("userland: the end");
	reboot(RB_POWER_OFF);
	return 1;
}
