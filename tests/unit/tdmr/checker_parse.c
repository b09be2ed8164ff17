// SPDX-License-Identifier: GPL-2.0-only
/*
 * A layout from the lines that tdmr-layout prints.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "checker.h"

static const char *parse_tdmr_line(struct chk_layout *l, const char *s)
{
	struct chk_tdmr *t = l->nr_tdmrs ? &l->tdmr[l->nr_tdmrs - 1] : NULL;
	uint64_t a, b;
	char word[16];

	if (sscanf(s, "tdmr 0x%" SCNx64 " 0x%" SCNx64, &a, &b) == 2) {
		if (l->nr_tdmrs == CHK_MAX_TDMRS)
			return chk_wrong("too many TDMRs");
		t = &l->tdmr[l->nr_tdmrs++];
		t->base = a;
		t->size = b;
		t->nr_pamts = t->nr_rsvd = 0;
		return NULL;
	}
	if (!t)
		return chk_wrong("no TDMR before '%.40s'", s);
	if (sscanf(s, "pamt %15s 0x%" SCNx64 " 0x%" SCNx64, word, &a, &b) == 3) {
		static const char *const name[3] = { "4k", "2m", "1g" };

		if (t->nr_pamts == 3 || t->nr_rsvd ||
		    strcmp(word, name[t->nr_pamts]))
			return chk_wrong("PAMTs are not 4k, 2m, 1g");
		t->pamt[t->nr_pamts].base = a;
		t->pamt[t->nr_pamts++].size = b;
		return NULL;
	}
	if (sscanf(s, "rsvd 0x%" SCNx64 " 0x%" SCNx64, &a, &b) == 2) {
		if (t->nr_rsvd == CHK_MAX_RSVD)
			return chk_wrong("too many reserved areas");
		t->rsvd[t->nr_rsvd].offset = a;
		t->rsvd[t->nr_rsvd++].size = b;
		return NULL;
	}
	return chk_wrong("cannot read '%.40s'", s);
}

const char *chk_parse(struct chk_layout *l, const char *text)
{
	static const char *const reason[] = { "reserved_areas", "tdmrs", "pamt" };
	int summaries = 0;

	chk_layout_reset(l);
	while (*text) {
		const char *nl = strchr(text, '\n'), *bad;
		char line[256], word[32];
		uint64_t a, b;
		size_t n;
		int i;

		if (!nl)
			return chk_wrong("the last line is cut short");
		n = nl - text;
		if (n >= sizeof(line))
			return chk_wrong("a line is too long");
		memcpy(line, text, n);
		line[n] = 0;
		text = nl + 1;
		if (summaries)
			return chk_wrong("a line after the summary");
		if (sscanf(line, "lost 0x%" SCNx64 " 0x%" SCNx64 " %31s", &a, &b,
			   word) == 3) {
			for (i = 0; i < 3 && strcmp(word, reason[i]); i++)
				;
			if (i == 3)
				return chk_wrong("unknown reason '%s'", word);
			chk_add(&l->lost, a, b, i);
		} else if (sscanf(line, "outside 0x%" SCNx64 " 0x%" SCNx64, &a,
				  &b) == 2) {
			chk_add(&l->outside, a, b, 0);
		} else if (sscanf(line, "summary tdmrs=%" SCNu64 " pamt=%" SCNu64
				  " tdx=%" SCNu64 " lost=%" SCNu64
				  " outside=%" SCNu64, &l->tdmrs,
				  &l->pamt_bytes, &l->tdx_bytes, &l->lost_bytes,
				  &l->outside_bytes) == 5) {
			summaries++;
		} else {
			if (l->lost.n || l->outside.n)
				return chk_wrong("a TDMR after the lists");
			bad = parse_tdmr_line(l, line);
			if (bad)
				return bad;
		}
	}
	return summaries ? NULL : chk_wrong("no summary");
}
