/* SPDX-License-Identifier: GPL-2.0-only */
/* Metadata fields of TDs and VCPUs. */
#ifndef TDX_EMUL_MODEL_METADATA_H
#define TDX_EMUL_MODEL_METADATA_H

#include "td.h"

/*
 * Who may do what with a field: the host of any TD, that of a debug TD, the
 * guest.
 */
#define MD_NONE		0
#define MD_HOST_R	(1U << 0)
#define MD_HOST_W	(1U << 1)
#define MD_DEBUG_R	(1U << 2)
#define MD_DEBUG_W	(1U << 3)
#define MD_GUEST_R	(1U << 4)
#define MD_GUEST_W	(1U << 5)

/* struct model_field.width; MD_CPUID: computed, with codes of its own */
#define MD_COMPUTED	0xff
#define MD_CPUID	0xfe

/**
 * struct model_field - a metadata field, or an array of them
 * @id: of its first element
 * @fields: fields in the array
 * @elements: elements of each field
 * @access: MD_*
 * @width: bytes of an element where the model keeps it; 0: it is zero
 * @offset: of the first element in struct model_td or struct model_vcpu
 */
struct model_field {
	u64 id;
	u16 fields;
	u16 elements;
	u8 access;
	u8 width;
	u16 offset;
};

/**
 * struct model_md - the fields of one TD or VCPU
 * @table: in the order of enumeration
 * @n: rows
 * @base: the struct that @table's offsets refer to
 * @reader: MD_* that the caller needs to read a field
 * @writer: and to write it
 * @computed: value of an MD_COMPUTED element
 * @check: whether an element may become @value, and which bits at all
 */
struct model_md {
	struct model *m;
	const struct model_field *table;
	unsigned int n;
	void *base;
	u8 reader, writer;
	u64 (*computed)(const struct model_md *md, const struct model_field *f,
			unsigned int element);
	bool (*check)(const struct model_field *f, u64 value, u64 *mask);
};

static inline void model_md_host(struct model_md *md, bool debug)
{
	md->reader = debug ? MD_DEBUG_R : MD_HOST_R;
	md->writer = debug ? MD_DEBUG_W : MD_HOST_W;
}

/* A guest's own; its registers, and what RAX becomes. */
u64 model_md_guest_read(struct model_md *md, u64 *r, bool tell_next);
u64 model_md_guest_write(struct model_md *md, u64 *r);

/* Version 1 also tells the next id. */
u64 model_md_read(const struct model_md *md, const struct model_regs *in,
		  struct model_regs *out);
u64 model_md_write(const struct model_md *md, const struct model_regs *in,
		   struct model_regs *out);

#endif /* TDX_EMUL_MODEL_METADATA_H */
