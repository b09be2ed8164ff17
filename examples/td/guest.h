/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the guest has what, for guest_page.S and for C. */
#ifndef TDX_CONSUMER_GUEST_H
#define TDX_CONSUMER_GUEST_H

/* Which half of the address space is shared: the upper one of 48 bits. */
#define CONSUMER_SHARED		0x800000000000

/* What the guest finds at which guest physical address. */
#define CONSUMER_GPA_CODE	0xfffff000
#define CONSUMER_GPA_HEAP	0x40000000

#endif /* TDX_CONSUMER_GUEST_H */
