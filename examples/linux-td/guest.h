/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the guest has what, for stub.S and for C. */
#ifndef LINUX_TD_GUEST_H
#define LINUX_TD_GUEST_H

/* Which half of the address space is shared: the upper one of 48 bits. */
#define LINUX_TD_SHARED		0x800000000000

/* The stub: two pages, of which the second ends below 4 GiB. */
#define LINUX_TD_GPA_STUB	0xffffe000
#define LINUX_TD_STUB_SIZE	0x2000

/* In RAM that the kernel is told to leave alone. */
#define LINUX_TD_GPA_ACPI	0xe0000
#define LINUX_TD_GPA_MAILBOX	0xe8000
#define LINUX_TD_GPA_PARAMS	0x10000
#define LINUX_TD_GPA_CMDLINE	0x20000

/* Beyond all memory: what the VMM shows to the stub, in shared pages. */
#define LINUX_TD_GPA_SHOWN	0x40000000

/*
 * The first of them says what the stub is to do: copy pieces of those that
 * follow to where the kernel wants them.  All are 8 bytes.
 */
#define LINUX_TD_BOOT_RAM	0	/* bytes, a multiple of 2 MiB */
#define LINUX_TD_BOOT_ENTRY	8	/* where the kernel starts */
#define LINUX_TD_BOOT_PIECES	16	/* how many pieces */
#define LINUX_TD_BOOT_PIECE	24	/* the first: from, to, bytes */
#define LINUX_TD_MAX_PIECES	16

#endif /* LINUX_TD_GUEST_H */
