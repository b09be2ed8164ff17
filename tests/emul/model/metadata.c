// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading and writing metadata of a TD or a VCPU, a field at a time.
 * Source: TDX Module ABI 1.5, "Metadata Access".
 */
#include <linux/string.h>

#include "metadata.h"

#define ID_CODE(id)		((id) & 0xffffff)
#define ID_CONTEXT		(7ULL << 52)
#define ID_CLASS(id)		((id) >> 56 & 0x3f)
/* 31:24, 49:47, 55, 62 are reserved; 46:34 say "one element". */
#define ID_MUST_BE_ZERO \
	(0xff000000ULL | 7ULL << 47 | 1ULL << 55 | 1ULL << 62 | \
	 0x1fffULL << 34)

static unsigned int length(const struct model_field *f)
{
	return f->fields * f->elements;
}

static bool may(const struct model_md *md, const struct model_field *f,
		unsigned int host, unsigned int debug)
{
	return f->access & (md->debug ? debug : host);
}

static const struct model_field *next_readable(const struct model_md *md,
					       unsigned int i)
{
	for (; i < md->n; i++)
		if (may(md, &md->table[i], MD_HOST_R, MD_DEBUG_R))
			return &md->table[i];
	return NULL;
}

static u64 find_element(const struct model_field *f, u64 id,
			unsigned int *element)
{
	if (f->width == MD_CPUID)
		return model_td_cpuid_find(ID_CODE(id), element);
	*element = ID_CODE(id) - ID_CODE(f->id);
	return 0;
}

/* Field codes of CPUID_VALUES are sparse: they are a class of their own. */
static bool is_in(const struct model_field *f, u64 id)
{
	return ID_CLASS(f->id) == ID_CLASS(id) &&
	       (f->width == MD_CPUID ||
		(ID_CODE(id) >= ID_CODE(f->id) &&
		 ID_CODE(id) < ID_CODE(f->id) + length(f)));
}

/* Class and field code find the field; the context is that of the leaf. */
static u64 find(const struct model_md *md, u64 id,
		const struct model_field **field, unsigned int *element)
{
	unsigned int i;

	if (id & ~ID_CONTEXT & ID_MUST_BE_ZERO)
		return TDX_ST_METADATA_FIELD_ID_INCORRECT;
	for (i = 0; i < md->n; i++) {
		if (!is_in(&md->table[i], id))
			continue;
		*field = &md->table[i];
		return find_element(*field, id, element);
	}
	return TDX_ST_METADATA_FIELD_ID_INCORRECT;
}

static void *place(const struct model_md *md, const struct model_field *f,
		   unsigned int element)
{
	return (u8 *)md->base + f->offset + f->width * element;
}

static u64 value_of(const struct model_md *md, const struct model_field *f,
		    unsigned int element)
{
	u64 value = 0;

	if (f->width == MD_COMPUTED || f->width == MD_CPUID)
		return md->computed(md, f, element);
	if (f->width)
		memcpy(&value, place(md, f, element), f->width);
	return value;
}

static u64 id_of(const struct model_field *f, unsigned int element)
{
	return f->id + (f->width == MD_CPUID ? model_td_cpuid_code(element) :
					       element);
}

static u64 next_id(const struct model_md *md, const struct model_field *f,
		   unsigned int element)
{
	do
		element++;
	while (f->width == MD_CPUID && element < length(f) &&
	       !model_td_cpuid_valid(element / 2));
	if (element < length(f))
		return id_of(f, element);
	f = next_readable(md, f - md->table + 1);
	return f ? id_of(f, 0) : MODEL_NULL_ID;
}

u64 model_md_read(const struct model_md *md, const struct model_regs *in,
		  struct model_regs *out)
{
	bool tell_next = in->rax >> 16 & 0xff;
	const struct model_field *f;
	unsigned int element;
	u64 status;

	if (tell_next && (in->rdx | ID_CONTEXT) == MODEL_NULL_ID) {
		out->rdx = next_readable(md, 0)->id;
		return TDX_ST_METADATA_FIRST_FIELD_ID_IN_CONTEXT;
	}
	status = find(md, in->rdx, &f, &element);
	if (status)
		return status;
	if (!may(md, f, MD_HOST_R, MD_DEBUG_R))
		return TDX_ST_METADATA_FIELD_NOT_READABLE;
	out->r8 = value_of(md, f, element);
	if (tell_next)
		out->rdx = next_id(md, f, element);
	return TDX_ST_SUCCESS;
}

u64 model_md_write(const struct model_md *md, const struct model_regs *in,
		   struct model_regs *out)
{
	u64 mask = ~0ULL, old, new;
	const struct model_field *f;
	unsigned int element;
	u64 status = find(md, in->rdx, &f, &element);

	if (status)
		return status;
	if (!may(md, f, MD_HOST_W, MD_DEBUG_W))
		return TDX_ST_METADATA_FIELD_NOT_WRITABLE;
	old = value_of(md, f, element);
	if (!md->check(f, (old & ~in->r9) | (in->r8 & in->r9), &mask))
		return TDX_ST_METADATA_FIELD_VALUE_NOT_VALID;
	mask &= in->r9;
	if (!mask)
		return TDX_ST_METADATA_FIELD_NOT_WRITABLE;
	new = (old & ~mask) | (in->r8 & mask);
	memcpy(place(md, f, element), &new, f->width);
	out->r8 = old;
	return TDX_ST_SUCCESS;
}
