// SPDX-License-Identifier: GPL-2.0-only
/*
 * kexec - load a kernel and start it
 *
 * usage: kexec KERNEL INITRD CMDLINE	load it
 *	  kexec -p KERNEL INITRD CMDLINE	load it, to be started by a crash
 *	  kexec -e			start it
 *
 * This makes two system calls and does nothing else.  kexec-tools would do,
 * but installing that package changes how the developer's machine reboots.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int load(const char *kernel, const char *initrd, const char *cmdline,
		unsigned long flags)
{
	int kfd = open(kernel, O_RDONLY);
	int ifd = open(initrd, O_RDONLY);

	if (kfd < 0 || ifd < 0) {
		fprintf(stderr, "kexec: cannot open %s: %s\n",
			kfd < 0 ? kernel : initrd, strerror(errno));
		return 1;
	}
	if (syscall(SYS_kexec_file_load, kfd, ifd, strlen(cmdline) + 1,
		    cmdline, flags)) {
		fprintf(stderr, "kexec: kexec_file_load of %s: %s\n", kernel,
			strerror(errno));
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4)
		return load(argv[1], argv[2], argv[3], 0);
	if (argc == 5 && !strcmp(argv[1], "-p"))
		return load(argv[2], argv[3], argv[4], KEXEC_FILE_ON_CRASH);
	if (argc != 2 || strcmp(argv[1], "-e")) {
		fputs("usage: kexec [-p] KERNEL INITRD CMDLINE, then kexec -e\n",
		      stderr);
		return 2;
	}
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		LINUX_REBOOT_CMD_KEXEC, NULL);
	fprintf(stderr, "kexec: reboot: %s\n", strerror(errno));
	return 1;
}
