/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TDCALL: the leaves that a guest has.  Each gets the guest's registers, and
 * returns what RAX becomes in @status, unless it ends in an exit or in #VE: then
 * nothing has changed, and the guest makes the call again.
 */
#ifndef TDX_EMUL_MODEL_TDG_H
#define TDX_EMUL_MODEL_TDG_H

#include "guest.h"

/* tdg_report.c */
enum model_step model_tdg_rtmr_extend(struct model_guest *g, u64 *r,
				      u64 *status);
enum model_step model_tdg_report(struct model_guest *g, u64 *r, u64 *status);

/* td_fields.c, vp_fields.c, sysinfo.c: one metadata field. */
u64 model_tdg_vm_rd(struct model_guest *g, u64 *r);
u64 model_tdg_vm_wr(struct model_guest *g, u64 *r);
u64 model_tdg_vp_rd(struct model_guest *g, u64 *r);
u64 model_tdg_vp_wr(struct model_guest *g, u64 *r);
u64 model_tdg_sys_rd(struct model_guest *g, u64 *r);

#endif /* TDX_EMUL_MODEL_TDG_H */
