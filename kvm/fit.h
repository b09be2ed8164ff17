/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether KVM can have TDX on this machine, and why not. */
#ifndef KVM_TDX_HOST_FIT_H
#define KVM_TDX_HOST_FIT_H

void fit_release(void);

#endif /* KVM_TDX_HOST_FIT_H */
