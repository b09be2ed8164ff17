/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A CPU that runs guests, in the place of the interpreter.  It knows VMX and
 * no rule of the TDX module: what a guest may do, and what it gets for it, it
 * asks of guest.h, as the interpreter does.
 */
#ifndef TDX_EMUL_MODEL_ENGINE_H
#define TDX_EMUL_MODEL_ENGINE_H

#include "guest.h"

/**
 * struct model_engine - what the model wants of such a CPU
 * @enter: TDH.VP.ENTER begins here, on LP @g->lp; false: no memory is left
 * @step: the guest runs until the TDX module has something to do, and that is
 *	  done.  The registers in @g->v->cpu go in and come out
 * @leave: TDH.VP.ENTER ends; extended state, debug registers and MSRs are as
 *	   it leaves them
 * @flush: the VCPU has left this LP
 * @drop: no LP runs the TD, and it has no translation any more
 * @forget_vcpu: the VCPU is gone
 * @forget_td: the TD is gone
 * @get_page: the physical address of a page of memory that is nobody's, whatever
 *	      lies there; 0: there is none
 * @put_page: which is not needed any more
 *
 * All are called with interrupts off, and must not wait for anything but each
 * other.
 */
struct model_engine {
	bool (*enter)(struct model_guest *g);
	enum model_step (*step)(struct model_guest *g);
	void (*leave)(struct model_guest *g);
	void (*flush)(struct model_vcpu *v);
	void (*drop)(struct model_td *td);
	void (*forget_vcpu)(struct model_vcpu *v);
	void (*forget_td)(struct model_td *td);
	u64 (*get_page)(void);
	void (*put_page)(u64 pa);
};

#endif /* TDX_EMUL_MODEL_ENGINE_H */
