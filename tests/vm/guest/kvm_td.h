/* SPDX-License-Identifier: GPL-2.0-only */
/* What kvm_td and its guest have agreed on. */
#ifndef KVM_TD_H
#define KVM_TD_H

/* GPAs: the page with all of the guest; one that it asks for. */
#define TD_CODE		0xfffff000
#define TD_HEAP		0x1000

/* What it writes first; what it is given, and writes back from TD_HEAP. */
#define TD_PORT_HELLO	0x10
#define TD_PORT_ASK	0x12
#define TD_PORT_TELL	0x14
#define TD_HELLO	42

/* With which fatal error it ends: all is well, or what is not. */
#define TD_FATAL_DONE		7
#define TD_FATAL_IO		8	/* status of TDG.VP.VMCALL */
#define TD_FATAL_CPUID		9	/* leaf 0x21 */
#define TD_FATAL_ACCEPT		10	/* status of TDG.MEM.PAGE.ACCEPT */
#define TD_FATAL_CONTENT	11	/* a new page is not zero */

#endif /* KVM_TD_H */
