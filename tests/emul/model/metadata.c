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

static const struct model_field *next_readable(const struct model_md *md,
					       unsigned int i)
{
	for (; i < md->n; i++)
		if (md->table[i].access & md->reader)
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

/* @next: where the id after @id goes; NULL: nowhere. */
static u64 md_read(const struct model_md *md, u64 id, u64 *value, u64 *next)
{
	const struct model_field *f;
	unsigned int element;
	u64 status;

	if (next && (id | ID_CONTEXT) == MODEL_NULL_ID) {
		*next = next_readable(md, 0)->id;
		return TDX_ST_METADATA_FIRST_FIELD_ID_IN_CONTEXT;
	}
	status = find(md, id, &f, &element);
	if (status)
		return status;
	if (!(f->access & md->reader))
		return TDX_ST_METADATA_FIELD_NOT_READABLE;
	*value = value_of(md, f, element);
	if (next)
		*next = next_id(md, f, element);
	return TDX_ST_SUCCESS;
}

static u64 md_write(const struct model_md *md, u64 id, u64 value, u64 bits,
		    u64 *was)
{
	u64 mask = ~0ULL, old, new;
	const struct model_field *f;
	unsigned int element;
	u64 status = find(md, id, &f, &element);

	if (status)
		return status;
	if (!(f->access & md->writer))
		return TDX_ST_METADATA_FIELD_NOT_WRITABLE;
	old = value_of(md, f, element);
	if (!md->check(f, (old & ~bits) | (value & bits), &mask))
		return TDX_ST_METADATA_FIELD_VALUE_NOT_VALID;
	mask &= bits;
	if (!mask)
		return TDX_ST_METADATA_FIELD_NOT_WRITABLE;
	new = (old & ~mask) | (value & mask);
	memcpy(place(md, f, element), &new, f->width);
	*was = old;
	return TDX_ST_SUCCESS;
}

u64 model_md_read(const struct model_md *md, const struct model_regs *in,
		  struct model_regs *out)
{
	bool tell_next = in->rax >> 16 & 0xff;

	return md_read(md, in->rdx, &out->r8, tell_next ? &out->rdx : NULL);
}

u64 model_md_write(const struct model_md *md, const struct model_regs *in,
		   struct model_regs *out)
{
	return md_write(md, in->rdx, in->r8, in->r9, &out->r8);
}

/* RCX would name another TD or VM, which there is none of. */
u64 model_md_guest_read(struct model_md *md, u64 *r, bool tell_next)
{
	u64 id = r[GPR_RDX];

	md->reader = MD_GUEST_R;
	if (tell_next)
		r[GPR_RDX] = MODEL_NULL_ID;
	r[GPR_R8] = 0;
	if (r[GPR_RCX])
		return OPERAND_INVALID(RCX);
	return md_read(md, id, &r[GPR_R8], tell_next ? &r[GPR_RDX] : NULL);
}

u64 model_md_guest_write(struct model_md *md, u64 *r)
{
	u64 value = r[GPR_R8];

	md->writer = MD_GUEST_W;
	r[GPR_R8] = 0;
	if (r[GPR_RCX])
		return OPERAND_INVALID(RCX);
	return md_write(md, r[GPR_RDX], value, r[GPR_R9], &r[GPR_R8]);
}
