// SPDX-License-Identifier: GPL-2.0-only
/* TDREPORTs and RTMRs; hashes from FIPS 180-4. */
#include <linux/string.h>

#include "sha384.h"
#include "tdreport.h"

#define REPORT_TYPE_TDX		0x81
#define LENGTH_SIZE		16	/* at the end of the last block */

_Static_assert(sizeof(struct model_tdinfo) == 512, "TDINFO_STRUCT");
_Static_assert(sizeof(struct model_tdreport) == 1024, "TDREPORT_STRUCT");

/* Padded as the standard says; model_sha384_block() takes whole blocks. */
static void hash(const void *data, size_t len, u8 *digest)
{
	u8 block[MODEL_SHA384_BLOCK];
	struct model_sha384 s;
	size_t left = len;
	unsigned int i;

	model_sha384_init(&s);
	for (; left >= sizeof(block); left -= sizeof(block)) {
		model_sha384_block(&s, data);
		data = (const u8 *)data + sizeof(block);
	}
	memset(block, 0, sizeof(block));
	memcpy(block, data, left);
	block[left] = 0x80;
	if (left >= sizeof(block) - LENGTH_SIZE) {
		model_sha384_block(&s, block);
		memset(block, 0, sizeof(block));
	}
	/* In bits, big-endian; no message here has 2^32 of them. */
	for (i = 0; i < 4; i++)
		block[sizeof(block) - 1 - i] = len * 8 >> 8 * i;
	model_sha384_block(&s, block);
	for (i = 0; i < MODEL_HASH_SIZE; i++)
		digest[i] = s.h[i / 8] >> (56 - i % 8 * 8);
}

void model_tdreport_finish(struct model_tdreport *r)
{
	r->type = REPORT_TYPE_TDX;
	hash(&r->info, sizeof(r->info), r->tee_info_hash);
}

void model_rtmr_extend(void *rtmr, const void *data)
{
	u8 both[2 * MODEL_HASH_SIZE];

	memcpy(both, rtmr, MODEL_HASH_SIZE);
	memcpy(both + MODEL_HASH_SIZE, data, MODEL_HASH_SIZE);
	hash(both, sizeof(both), rtmr);
}
