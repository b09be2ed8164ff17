// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parse memory maps and print layouts, line by line.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/limits.h>

#include "tdmr_map.h"

#define MAX_WORDS	8

struct line {
	unsigned int number;
	unsigned int nr;
	struct word {
		const char *s;
		size_t len;
	} word[MAX_WORDS];
	char *error;
	size_t error_size;
};

static int __attribute__((format(printf, 2, 3)))
complain(const struct line *l, const char *fmt, ...)
{
	int n = snprintf(l->error, l->error_size, "line %u: ", l->number);
	va_list ap;

	va_start(ap, fmt);
	if (n >= 0 && (size_t)n < l->error_size)
		vsnprintf(l->error + n, l->error_size - n, fmt, ap);
	va_end(ap);
	return -1;
}

static bool is(const struct word *w, const char *s)
{
	return w->len == strlen(s) && !memcmp(w->s, s, w->len);
}

/* Decimal or 0x-hex, nothing before or after it, no overflow. */
static bool number(const char *s, size_t len, u64 *out)
{
	unsigned int radix = 10;
	u64 v = 0;
	size_t i;

	if (len > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		radix = 16;
		s += 2;
		len -= 2;
	}
	if (!len)
		return false;
	for (i = 0; i < len; i++) {
		unsigned int d;

		if (s[i] >= '0' && s[i] <= '9')
			d = s[i] - '0';
		else if (s[i] >= 'a' && s[i] <= 'f')
			d = s[i] - 'a' + 10;
		else if (s[i] >= 'A' && s[i] <= 'F')
			d = s[i] - 'A' + 10;
		else
			return false;
		if (d >= radix || v > (U64_MAX - d) / radix)
			return false;
		v = v * radix + d;
	}
	*out = v;
	return true;
}

static int get_number(const struct line *l, unsigned int at, u64 min, u64 max,
		      const char *what, u64 *out)
{
	const struct word *w = &l->word[at];

	if (!number(w->s, w->len, out))
		return complain(l, "%s '%.*s' is not a decimal or 0x number of 64 bits",
				what, (int)(w->len < 60 ? w->len : 60), w->s);
	if (*out < min || *out > max)
		return complain(l, "%s %llu is not between %llu and %llu",
				what, *out, min, max);
	return 0;
}

static int get_range(const struct line *l, u64 *base, u64 *end)
{
	if (get_number(l, 1, 0, U64_MAX, "base", base) ||
	    get_number(l, 2, 0, U64_MAX, "end", end))
		return -1;
	if (*base >= *end)
		return complain(l, "end 0x%llx must be above base 0x%llx",
				*end, *base);
	if (*end > REGION_PA_LIMIT)
		return complain(l, "end 0x%llx is beyond 52 physical address bits",
				*end);
	if ((*base | *end) % REGION_ALIGN)
		return complain(l, "0x%llx-0x%llx is not made of whole 4 KiB pages",
				*base, *end);
	return 0;
}

/* Make room for one more entry; sizes double, so appending stays cheap. */
static void *room(void *list, u32 nr, size_t size)
{
	void *p = list;

	if (!(nr & (nr - 1)))
		p = realloc(list, (nr ? 2 * (size_t)nr : 1) * size);
	if (!p) {
		fputs("out of memory\n", stderr);
		exit(2);
	}
	return p;
}

static int want_words(const struct line *l, unsigned int nr, const char *form)
{
	if (l->nr == nr)
		return 0;
	return complain(l, "expected '%s'", form);
}

static int parse_limits(struct tdmr_map *map, const struct line *l, u32 *seen)
{
	static const char *const key[] = {
		"max_tdmrs=", "max_reserved=", "pamt4k=", "pamt2m=", "pamt1g="
	};
	u16 *const val[] = {
		&map->limits.max_tdmrs, &map->limits.max_reserved,
		&map->limits.entry_size[TDMR_4K],
		&map->limits.entry_size[TDMR_2M],
		&map->limits.entry_size[TDMR_1G]
	};
	unsigned int i, k, nr = sizeof(key) / sizeof(key[0]);
	u64 v;

	if (l->nr < 2)
		return complain(l, "'limits' names no limit");
	for (i = 1; i < l->nr; i++) {
		const struct word *w = &l->word[i];

		for (k = 0; k < nr; k++) {
			size_t n = strlen(key[k]);

			if (w->len > n && !memcmp(w->s, key[k], n))
				break;
		}
		if (k == nr)
			return complain(l, "unknown limit '%.*s'",
					(int)(w->len < 60 ? w->len : 60), w->s);
		if (*seen & 1U << k)
			return complain(l, "limit %s is given twice", key[k]);
		*seen |= 1U << k;
		if (!number(w->s + strlen(key[k]), w->len - strlen(key[k]), &v))
			return complain(l, "%s needs a number", key[k]);
		if (v > U16_MAX || (!v && val[k] != &map->limits.max_reserved))
			return complain(l, "%s%llu is not between %d and 65535",
					key[k], v,
					val[k] != &map->limits.max_reserved);
		*val[k] = v;
	}
	return 0;
}

static int parse_words(struct tdmr_map *map, const struct line *l, u32 *seen)
{
	const struct word *w = &l->word[0];
	u64 base, end, v;
	u32 i;

	if (is(w, "limits"))
		return parse_limits(map, l, seen);
	if (is(w, "cpus")) {
		if (want_words(l, 2, "cpus N") ||
		    get_number(l, 1, 1, U32_MAX, "cpus", &v))
			return -1;
		if (*seen & 1U << 31)
			return complain(l, "cpus is given twice");
		*seen |= 1U << 31;
		map->cpus = v;
		return 0;
	}
	if (is(w, "cmr")) {
		if (want_words(l, 3, "cmr BASE END") ||
		    get_range(l, &base, &end))
			return -1;
		map->cmr = room(map->cmr, map->nr_cmr, sizeof(*map->cmr));
		map->cmr[map->nr_cmr++] = (struct region){ base, end, 0 };
		return 0;
	}
	if (is(w, "avoid")) {
		if (want_words(l, 3, "avoid BASE END") ||
		    get_range(l, &base, &end))
			return -1;
		map->avoid = room(map->avoid, map->nr_avoid,
				  sizeof(*map->avoid));
		map->avoid[map->nr_avoid++] = (struct region){ base, end, 0 };
		return 0;
	}
	if (is(w, "ram")) {
		if (want_words(l, 4, "ram BASE END NODE") ||
		    get_range(l, &base, &end) ||
		    get_number(l, 3, 0, S32_MAX, "node", &v))
			return -1;
		map->ram = room(map->ram, map->nr_ram, sizeof(*map->ram));
		map->ram_line = room(map->ram_line, map->nr_ram,
				     sizeof(*map->ram_line));
		map->ram_line[map->nr_ram] = l->number;
		map->ram[map->nr_ram++] = (struct region){ base, end, v };
		return 0;
	}
	if (is(w, "chunk")) {
		if (want_words(l, 3, "chunk NODE MAX") ||
		    get_number(l, 1, 0, S32_MAX, "node", &base) ||
		    get_number(l, 2, 0, U64_MAX, "size", &v))
			return -1;
		for (i = 0; i < map->nr_chunks; i++) {
			if (map->chunk[i].node == (int)base)
				return complain(l, "chunk of node %llu is given twice",
						base);
		}
		map->chunk = room(map->chunk, map->nr_chunks,
				  sizeof(*map->chunk));
		map->chunk[map->nr_chunks++] = (struct tdmr_map_chunk){ base, v };
		return 0;
	}
	return complain(l, "unknown word '%.*s'; known are limits, cpus, cmr, ram, chunk, avoid",
			(int)(w->len < 60 ? w->len : 60), w->s);
}

static int parse_line(struct tdmr_map *map, struct line *l, const char *s,
		      size_t len, u32 *seen)
{
	const char *comment = memchr(s, '#', len);
	size_t i = 0;

	if (comment)
		len = comment - s;
	l->nr = 0;
	for (;;) {
		while (i < len && (s[i] == ' ' || s[i] == '\t'))
			i++;
		if (i == len)
			break;
		if (l->nr == MAX_WORDS)
			return complain(l, "too many words");
		l->word[l->nr].s = s + i;
		while (i < len && s[i] != ' ' && s[i] != '\t') {
			if (s[i] < 0x21 || s[i] > 0x7e)
				return complain(l, "unprintable byte 0x%02x",
						(unsigned char)s[i]);
			i++;
		}
		l->word[l->nr].len = s + i - l->word[l->nr].s;
		l->nr++;
	}
	return l->nr ? parse_words(map, l, seen) : 0;
}

/**
 * tdmr_map_parse - read a memory map
 * @map: set, to be freed with tdmr_map_free() in any case
 * @text: the text
 * @len: its length in bytes
 * @error: set to a sentence that names the line, on failure
 * @error_size: room in @error
 *
 * Return: 0, or -1 on a malformed line.
 */
int tdmr_map_parse(struct tdmr_map *map, const char *text, size_t len,
		   char *error, size_t error_size)
{
	struct line l = { .error = error, .error_size = error_size };
	u32 seen = 0;
	size_t pos = 0;

	memset(map, 0, sizeof(*map));
	map->limits = (struct tdmr_limits){ 64, 16, { 16, 16, 16 } };
	map->cpus = 1;
	while (pos < len) {
		const char *s = text + pos, *nl = memchr(s, '\n', len - pos);
		size_t n = nl ? (size_t)(nl - s) : len - pos;

		l.number++;
		if (parse_line(map, &l, s, n, &seen))
			return -1;
		pos += n + 1;
	}
	if (!map->nr_avoid) {
		map->avoid = room(map->avoid, 0, sizeof(*map->avoid));
		map->avoid[map->nr_avoid++] = (struct region){ 0, 16 << 20, 0 };
	}
	return 0;
}

void tdmr_map_free(struct tdmr_map *map)
{
	free(map->cmr);
	free(map->ram);
	free(map->ram_line);
	free(map->avoid);
	free(map->chunk);
	memset(map, 0, sizeof(*map));
}

/**
 * tdmr_map_print - write a memory map so that it can be read again
 * @map: the map
 * @f: where to
 */
void tdmr_map_print(const struct tdmr_map *map, FILE *f)
{
	u32 i;

	fprintf(f, "limits max_tdmrs=%u max_reserved=%u pamt4k=%u pamt2m=%u pamt1g=%u\n",
		map->limits.max_tdmrs, map->limits.max_reserved,
		map->limits.entry_size[TDMR_4K],
		map->limits.entry_size[TDMR_2M],
		map->limits.entry_size[TDMR_1G]);
	fprintf(f, "cpus %u\n", map->cpus);
	for (i = 0; i < map->nr_cmr; i++)
		fprintf(f, "cmr 0x%llx 0x%llx\n", map->cmr[i].base,
			map->cmr[i].end);
	for (i = 0; i < map->nr_ram; i++)
		fprintf(f, "ram 0x%llx 0x%llx %d\n", map->ram[i].base,
			map->ram[i].end, map->ram[i].node);
	for (i = 0; i < map->nr_chunks; i++)
		fprintf(f, "chunk %d 0x%llx\n", map->chunk[i].node,
			map->chunk[i].max);
	for (i = 0; i < map->nr_avoid; i++)
		fprintf(f, "avoid 0x%llx 0x%llx\n", map->avoid[i].base,
			map->avoid[i].end);
}

/**
 * tdmr_result_print - write a layout
 * @r: the layout
 * @f: where to
 */
void tdmr_result_print(const struct tdmr_result *r, FILE *f)
{
	static const char *const level[] = { "4k", "2m", "1g" };
	static const char *const reason[] = { "reserved_areas", "tdmrs", "pamt" };
	u32 i, j;

	for (i = 0; i < r->nr_tdmrs; i++) {
		const struct tdmr *t = &r->tdmr[i];

		fprintf(f, "tdmr 0x%llx 0x%llx\n", t->base, t->size);
		for (j = 0; j < TDMR_LEVELS; j++)
			fprintf(f, "pamt %s 0x%llx 0x%llx\n", level[j],
				t->pamt[j].base, t->pamt[j].size);
		for (j = 0; j < t->nr_rsvd; j++)
			fprintf(f, "rsvd 0x%llx 0x%llx\n", t->rsvd[j].offset,
				t->rsvd[j].size);
	}
	for (i = 0; i < r->nr_lost; i++)
		fprintf(f, "lost 0x%llx 0x%llx %s\n", r->lost[i].base,
			r->lost[i].end, reason[r->lost[i].reason]);
	for (i = 0; i < r->nr_outside; i++)
		fprintf(f, "outside 0x%llx 0x%llx\n", r->outside[i].base,
			r->outside[i].end);
	fprintf(f, "summary tdmrs=%u pamt=%llu tdx=%llu lost=%llu outside=%llu\n",
		r->nr_tdmrs, r->pamt_bytes, r->tdx_bytes, r->lost_bytes,
		r->outside_bytes);
}
