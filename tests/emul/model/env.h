/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the model core needs from where it runs: implemented by the kernel
 * glue and by the user-space tool.  All but the allocator are called with
 * interrupts off and must not sleep.
 */
#ifndef TDX_EMUL_MODEL_ENV_H
#define TDX_EMUL_MODEL_ENV_H

#include <linux/types.h>

/* Zeroed memory, sleeping context only; NULL when there is none. */
void *env_alloc(size_t size);
void env_free(void *p);

/*
 * Physical memory of the platform, any length and alignment.  False where
 * there is no memory (the real module would take a machine check): reads
 * give zeroes, writes are dropped.
 */
bool env_read_phys(u64 pa, void *buf, size_t len);
bool env_write_phys(u64 pa, const void *buf, size_t len);

/*
 * Compare and exchange of the aligned 8 bytes at @pa.  True: they were *@old
 * and are @value now; else *@old is what they are (0 where there is no memory).
 */
bool env_cas_phys(u64 pa, u64 *old, u64 value);

/* All of the 4 KiB page at @pa will be written with a private KeyID; has been. */
void env_private_begin(u64 pa);
void env_private_page(u64 pa);
/* Somebody else has written to such a page, at @pa. */
void env_private_changed(u64 pa);

/**
 * struct env_unknown - where the model cannot go on with a guest
 * @code: the instruction and what follows it, @n bytes; 0: no instruction
 * @rip: where it is
 * @rax: and @rcx, which tell CPUID leaves and MSRs
 * @vector: of the exception that was to be delivered, else -1
 */
struct env_unknown {
	const u8 *code;
	unsigned int n;
	u64 rip, rax, rcx;
	int vector;
};

/* People are to hear of that. */
void env_guest_unknown(const struct env_unknown *u);

/* An interrupt with that vector waits on this LP. */
bool env_interrupt_pending(u8 vector);

void env_delay_ns(u64 ns);
/* A value that differs from call to call (KeyIDs, patterns), not secret. */
u64 env_random(void);

#endif /* TDX_EMUL_MODEL_ENV_H */
