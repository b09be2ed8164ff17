/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TDX_EMUL_MODEL_SHA384_H
#define TDX_EMUL_MODEL_SHA384_H

#include <linux/types.h>

#define MODEL_SHA384_BLOCK	128

struct model_sha384 {
	u64 h[8];
	u64 blocks;
};

void model_sha384_init(struct model_sha384 *s);
/* Whole blocks of 128 bytes: the TDX module measures nothing else. */
void model_sha384_block(struct model_sha384 *s, const void *block);
/* @s stays as it is; @digest is in memory order. */
void model_sha384_digest(const struct model_sha384 *s, u64 digest[6]);

#endif /* TDX_EMUL_MODEL_SHA384_H */
