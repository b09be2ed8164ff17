// SPDX-License-Identifier: GPL-2.0-only
/* The parameters that the model is made of: text into numbers, checked. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "emul.h"

char *emul_field(char **rest, char sep)
{
	const char seps[] = { sep, '\0' };

	return strsep(rest, seps);
}

int emul_parse_u64(const char *what, const char *text, u64 max, u64 *value)
{
	if (!text || kstrtou64(text, 0, value)) {
		pr_err("%s: '%s' is not a number: write it decimal or with 0x\n",
		       what, text ?: "");
		return -EINVAL;
	}
	if (*value > max) {
		pr_err("%s: %s is too much: at most %llu (0x%llx)\n", what,
		       text, max, max);
		return -EINVAL;
	}
	return 0;
}

int emul_parse_word(const char *what, const char *text,
		    const char *const *words, unsigned int nr)
{
	char list[64] = "";
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (text && !strcmp(text, words[i]))
			return i;

	for (i = 0; i < nr; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list),
			 "%s%s", i ? ", " : "", words[i]);
	pr_err("%s: '%s' is none of: %s\n", what, text ?: "", list);
	return -EINVAL;
}

static int parse_number(const char *what, const char *text, u64 min, u64 max,
			u64 *value)
{
	int ret;

	if (!text)
		return 0;
	ret = emul_parse_u64(what, text, max, value);
	if (!ret && *value < min) {
		pr_err("%s: %s is too little: at least %llu\n", what, text,
		       min);
		ret = -EINVAL;
	}
	return ret;
}

static int parse_keyids(struct model_config *cfg)
{
	u64 mktme, tdx;
	char *copy, *rest, *first;
	int ret;

	if (!emul_opt_keyids)
		return 0;
	copy = kstrdup(emul_opt_keyids, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	rest = copy;
	first = emul_field(&rest, ':');
	if (!rest) {
		pr_err("keyids: '%s' is one number: write MKTME:TDX, as in 31:32\n",
		       emul_opt_keyids);
		ret = -EINVAL;
	} else {
		ret = emul_parse_u64("keyids", first, U32_MAX, &mktme) ?:
		      emul_parse_u64("keyids", rest, U32_MAX, &tdx);
	}
	if (!ret) {
		cfg->mktme_keyids = mktme;
		cfg->tdx_keyids = tdx;
	}
	kfree(copy);
	return ret;
}

static int parse_cmrs(struct emul_config *cfg)
{
	char *copy, *rest, *one;
	int ret = 0;

	if (!emul_opt_cmrs) {
		cfg->model.nr_cmrs = emul_memory_cmrs(cfg->cmrs,
						      MODEL_MAX_CMRS);
		return 0;
	}

	copy = kstrdup(emul_opt_cmrs, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	rest = copy;
	while (!ret && (one = emul_field(&rest, ','))) {
		struct model_cmr *cmr = &cfg->cmrs[cfg->model.nr_cmrs];
		char *base = emul_field(&one, '+');

		if (!one) {
			pr_err("cmrs: '%s' is not BASE+SIZE\n", base);
			ret = -EINVAL;
		} else if (cfg->model.nr_cmrs == MODEL_MAX_CMRS) {
			pr_err("cmrs: %s is one too many: the table has %d\n",
			       base, MODEL_MAX_CMRS);
			ret = -EINVAL;
		} else {
			ret = emul_parse_u64("cmrs", base, U64_MAX,
					     &cmr->base) ?:
			      emul_parse_u64("cmrs", one, U64_MAX, &cmr->size);
			cfg->model.nr_cmrs++;
		}
	}
	kfree(copy);
	return ret;
}

static int parse_words(struct emul_config *cfg)
{
	static const char *const versions[] = { "1.0", "1.5", "2.0" };
	static const char *const on_off[] = { "off", "on" };
	static const char *const modules[] = { "absent", "present" };
	static const char *const seamrrs[] = {
		[EMUL_SEAMRR_LOCKED] = "locked",
		[EMUL_SEAMRR_UNLOCKED] = "unlocked",
		[EMUL_SEAMRR_UNCONFIGURED] = "unconfigured",
	};
	static const char *const errata[] = { "none", "partial-write" };
	int v;

	v = emul_parse_word("version", emul_opt_version ?: "1.5", versions,
			    ARRAY_SIZE(versions));
	if (v < 0)
		return v;
	cfg->model.version = v;		/* enum model_version, in order */

	v = emul_parse_word("seam", emul_opt_seam ?: "on", emul_seams,
			    EMUL_SEAMS);
	if (v < 0)
		return v;
	cfg->seam = v;

	v = emul_parse_word("vmx", emul_opt_vmx ?: "on", on_off, 2);
	if (v < 0)
		return v;
	cfg->vmx = v;

	v = emul_parse_word("module", emul_opt_module ?: "present", modules, 2);
	if (v < 0)
		return v;
	cfg->module = v;

	v = emul_parse_word("erratum", emul_opt_erratum ?: "none", errata, 2);
	if (v < 0)
		return v;
	cfg->erratum = v;

	v = emul_parse_word("seamrr", emul_opt_seamrr ?: "locked", seamrrs,
			    ARRAY_SIZE(seamrrs));
	if (v < 0)
		return v;
	cfg->seamrr = v;
	return 0;
}

int emul_config_parse(struct emul_config *cfg)
{
	u64 lps = emul_platform_lps(), pkgs, bits = 6, tdmr_ns = 0, call_ns = 0;
	u64 guest_mem = 8;
	int ret;

	cfg->model.mktme_keyids = 31;
	cfg->model.tdx_keyids = 32;
	ret = parse_words(cfg) ?:
	      parse_number("lps", emul_opt_lps, 1, MODEL_MAX_LPS, &lps) ?:
	      parse_number("keyid_bits", emul_opt_keyid_bits, 0, 15, &bits) ?:
	      parse_number("tdmr_init_ns", emul_opt_tdmr_init_ns, 0,
			   NSEC_PER_SEC, &tdmr_ns) ?:
	      parse_number("call_ns", emul_opt_call_ns, 0, NSEC_PER_SEC,
			   &call_ns) ?:
	      parse_number("guest_mem", emul_opt_guest_mem, 0, 16384,
			   &guest_mem) ?:
	      parse_keyids(&cfg->model) ?:
	      parse_cmrs(cfg);
	if (ret)
		return ret;

	if (lps > MODEL_MAX_LPS) {
		pr_err("%llu CPUs are more than the %d that a platform may have: give lps=%d\n",
		       lps, MODEL_MAX_LPS, MODEL_MAX_LPS);
		return -EINVAL;
	}
	pkgs = emul_platform_pkgs(cfg->lp_pkg, lps);
	if (emul_opt_pkgs) {
		u64 real = pkgs, i;

		ret = parse_number("pkgs", emul_opt_pkgs, real,
				   MODEL_MAX_PKGS, &pkgs);
		if (ret)
			return ret;
		/*
		 * A package is only known by its LPs: the further ones get
		 * the last LPs, which no CPU of ours runs on.
		 */
		if (lps < emul_platform_lps() + pkgs - real) {
			pr_err("pkgs: %llu packages need %llu LPs, not %llu: give lps= too\n",
			       pkgs, emul_platform_lps() + pkgs - real, lps);
			return -EINVAL;
		}
		for (i = real; i < pkgs; i++)
			cfg->lp_pkg[lps - (pkgs - i)] = i;
	}

	cfg->guest_mem = guest_mem;
	cfg->model.lps = lps;
	cfg->model.pkgs = pkgs;
	cfg->model.lp_pkg = cfg->lp_pkg;
	cfg->model.keyid_bits = bits;
	cfg->model.cmrs = cfg->cmrs;
	cfg->model.vmx_on = false;
	cfg->model.tdmr_init_ns = tdmr_ns;
	cfg->model.call_ns = call_ns;
	return 0;
}
