// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a test changes while the emulator runs, from the module parameters
 * and line by line from debugfs.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/slab.h>
#include <linux/string.h>

#include "emul.h"

#define SEAMRR_BASE		0x1400
#define SEAMRR_MASK		0x1401
#define SEAMRR_MASK_LOCK	(1ULL << 10)

/* What SEAMRR reads as on a platform in order. */
static u64 seamrr_base, seamrr_mask;

/* An LP number, or "all" where that is allowed. */
static int parse_lp(const char *what, const char *text, bool all,
		    unsigned int *lp)
{
	u64 value;
	int ret;

	if (all && text && !strcmp(text, "all")) {
		*lp = EMUL_ALL_LPS;
		return 0;
	}
	ret = emul_parse_u64(what, text, emul.lps - 1, &value);
	*lp = value;
	return ret;
}

/* LEAF:STATUS:COUNT[:SKIP[:LP]] */
static int do_inject(char *spec)
{
	const char *leaf_text = emul_field(&spec, ':');
	const char *status_text = emul_field(&spec, ':');
	const char *count_text = emul_field(&spec, ':');
	const char *skip_text = emul_field(&spec, ':');
	u64 leaf, status, count, skip = 0;
	unsigned int lp = 0;
	int ret;

	if (!count_text) {
		pr_err("inject: write LEAF:STATUS:COUNT[:SKIP[:LP]], as in 33:0x8000020200000000:5\n");
		return -EINVAL;
	}
	ret = emul_parse_u64("inject LEAF", leaf_text, U16_MAX, &leaf) ?:
	      emul_parse_u64("inject STATUS", status_text, U64_MAX, &status) ?:
	      emul_parse_u64("inject COUNT", count_text, U64_MAX, &count);
	if (!ret && skip_text)
		ret = emul_parse_u64("inject SKIP", skip_text, U64_MAX, &skip);
	if (!ret && spec)
		ret = parse_lp("inject LP", spec, false, &lp);
	if (ret)
		return ret;

	ret = model_inject(emul.model, leaf, status, count, skip,
			   spec ? (int)lp : -1);
	if (ret == -EINVAL)
		pr_err("inject: the TDX module has no leaf %llu\n", leaf);
	else if (ret)
		pr_err("inject: no room for one more: clear some with inject LEAF:0:0\n");
	return ret;
}

/*
 * For tdx_host, which reads MSRs that the TDX module does not look at, and
 * for the TDX module.
 */
static int override_msr(unsigned int lp, u32 msr, u64 value)
{
	unsigned int i;
	int ret = emul_override_msr(lp, msr, value);

	for (i = 0; !ret && i < emul.lps; i++) {
		if (lp != EMUL_ALL_LPS && lp != i)
			continue;
		ret = model_override_msr(emul.model, i, msr, value);
		if (ret == -EINVAL)
			return 0;
	}
	if (ret)
		pr_err("msr: no room for one more value (0x%x): name fewer MSRs and LPs\n",
		       msr);
	return ret;
}

/* LP:MSR:VALUE */
static int do_msr(char *spec)
{
	const char *lp_text = emul_field(&spec, ':');
	const char *msr_text = emul_field(&spec, ':');
	unsigned int lp;
	u64 msr, value;
	int ret;

	if (!spec) {
		pr_err("msr: write LP:MSR:VALUE, as in 1:0x981:0\n");
		return -EINVAL;
	}
	ret = parse_lp("msr LP", lp_text, true, &lp) ?:
	      emul_parse_u64("msr MSR", msr_text, U32_MAX, &msr) ?:
	      emul_parse_u64("msr VALUE", spec, U64_MAX, &value);
	return ret ?: override_msr(lp, msr, value);
}

/* LP:LEAF:SUBLEAF:EAX:EBX:ECX:EDX */
static int do_cpuid(char *spec)
{
	const char *lp_text = emul_field(&spec, ':');
	u32 value[6] = { };
	unsigned int lp, i;
	u64 v;
	int ret = parse_lp("cpuid LP", lp_text, false, &lp);

	for (i = 0; !ret && i < ARRAY_SIZE(value); i++) {
		const char *text = emul_field(&spec, ':');

		if (!text || (spec && i == ARRAY_SIZE(value) - 1)) {
			pr_err("cpuid: write LP:LEAF:SUBLEAF:EAX:EBX:ECX:EDX\n");
			return -EINVAL;
		}
		ret = emul_parse_u64("cpuid", text, U32_MAX, &v);
		value[i] = v;
	}
	if (ret)
		return ret;

	ret = model_override_cpuid(emul.model, lp, value[0], value[1],
				   value + 2);
	if (ret == -EINVAL)
		pr_err("cpuid: the TDX module does not look at leaf 0x%x, subleaf 0x%x\n",
		       value[0], value[1]);
	else if (ret)
		pr_err("cpuid: no room for one more value\n");
	return ret;
}

const char *const emul_seams[EMUL_SEAMS] = {
	[MODEL_SEAM_OFF] = "off",
	[MODEL_SEAM_ON] = "on",
	[MODEL_SEAM_ABSENT] = "absent",
};

/* ID:VALUE */
static int do_sysrd(char *spec)
{
	const char *id_text = emul_field(&spec, ':');
	u64 id, value;
	int ret;

	if (!spec) {
		pr_err("sysrd: write ID:VALUE, as in 0x9100000100000009:0\n");
		return -EINVAL;
	}
	ret = emul_parse_u64("sysrd ID", id_text, U64_MAX, &id) ?:
	      emul_parse_u64("sysrd VALUE", spec, U64_MAX, &value);
	if (ret)
		return ret;
	ret = model_override_field(emul.model, id, value);
	if (ret == -EINVAL)
		pr_err("sysrd: the TDX module has no field 0x%llx\n", id);
	else if (ret)
		pr_err("sysrd: no room for one more field\n");
	return ret;
}

static int set_seam(const char *lp_text, enum model_seam seam)
{
	unsigned int lp, i;
	int ret;

	ret = parse_lp("seam LP", lp_text ?: "all", true, &lp);
	for (i = 0; !ret && i < emul.lps; i++)
		if (lp == EMUL_ALL_LPS || lp == i)
			model_set_seam(emul.model, i, seam);
	return ret;
}

static int set_seamrr(enum emul_seamrr state)
{
	u64 base = seamrr_base, mask = seamrr_mask;
	int ret;

	switch (state) {
	case EMUL_SEAMRR_LOCKED:
		break;
	case EMUL_SEAMRR_UNLOCKED:
		mask &= ~SEAMRR_MASK_LOCK;
		break;
	case EMUL_SEAMRR_UNCONFIGURED:
		base = 0;
		mask = 0;
		break;
	}
	/* The TDX module reads neither. */
	ret = emul_override_msr(EMUL_ALL_LPS, SEAMRR_BASE, base) ?:
	      emul_override_msr(EMUL_ALL_LPS, SEAMRR_MASK, mask);
	if (ret)
		pr_err("seamrr: no room for two more MSR values\n");
	return ret ?: set_seam(NULL, state == EMUL_SEAMRR_LOCKED ?
			       MODEL_SEAM_ON : MODEL_SEAM_OFF);
}

/* SEED: whoever lies is a TDX module that was just loaded. */
static int do_hostile(char *spec)
{
	const char *about;
	u64 seed;
	int ret = emul_parse_u64("hostile", spec, U64_MAX, &seed);

	if (ret)
		return ret;
	if (seed && model_lose_power(emul.model)) {
		pr_err("hostile: a SEAMCALL is under way: try again\n");
		return -EBUSY;
	}
	about = model_set_hostile(emul.model, seed);
	if (about)
		pr_info("hostile: seed %llu: lies about %s\n", seed, about);
	return 0;
}

static int hold(const char *lock, const char *lp_text, bool take)
{
	unsigned int lp;
	int ret = parse_lp(take ? "hold LP" : "release LP", lp_text, false,
			   &lp);

	if (ret)
		return ret;
	ret = take ? model_hold(emul.model, lock, lp) :
		     model_release(emul.model, lock, lp);
	if (ret == -EINVAL)
		pr_err("%s: the TDX module has no lock '%s'\n",
		       take ? "hold" : "release", lock);
	else if (ret)
		pr_err("%s: LP %u %s %s\n", take ? "hold" : "release", lp,
		       take ? "cannot have" : "does not have", lock);
	return ret;
}

/* LP|all COUNT: the next COUNT (or always) uses of @source fail there. */
static int starve_source(const char *verb, enum model_source source,
			 const char *lp_text, const char *count_text)
{
	u64 count = U64_MAX;
	unsigned int lp, i;
	int ret = parse_lp(verb, lp_text, true, &lp);

	if (!ret && (!count_text || strcmp(count_text, "always")))
		ret = emul_parse_u64(verb, count_text, U64_MAX, &count);
	for (i = 0; !ret && i < emul.lps; i++)
		if (lp == EMUL_ALL_LPS || lp == i)
			model_starve(emul.model, i, source, count);
	return ret;
}

static int starve(const char *source_text, char *rest)
{
	static const char *const sources[] = {
		[MODEL_RDRAND] = "rdrand",
		[MODEL_RDSEED] = "rdseed",
		[MODEL_PCONFIG] = "pconfig",
	};
	const char *lp_text = emul_field(&rest, ' ');
	int source;

	source = emul_parse_word("starve", source_text, sources,
				 ARRAY_SIZE(sources));
	if (source < 0)
		return source;
	return starve_source("starve", source, lp_text, rest);
}

/* LOCK:LP, where LOCK may have a colon of its own. */
static int do_hold(char *spec)
{
	char *colon = strrchr(spec, ':');

	if (!colon) {
		pr_err("hold: write LOCK:LP, as in global-shared:0\n");
		return -EINVAL;
	}
	*colon = '\0';
	return hold(spec, colon + 1, true);
}

static int each(const char *list, int (*fn)(char *one))
{
	char *copy, *rest, *one;
	int ret = 0;

	if (!list)
		return 0;
	copy = kstrdup(list, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	rest = copy;
	while (!ret && (one = emul_field(&rest, ',')))
		ret = fn(one);
	kfree(copy);
	return ret;
}

int emul_control_apply(const struct emul_config *cfg)
{
	int ret = 0;

	model_read_msr(emul.model, 0, SEAMRR_BASE, &seamrr_base);
	model_read_msr(emul.model, 0, SEAMRR_MASK, &seamrr_mask);

	model_set_module(emul.model, cfg->module);
	if (cfg->seamrr != EMUL_SEAMRR_LOCKED)
		ret = set_seamrr(cfg->seamrr);
	if (!ret && cfg->seam != MODEL_SEAM_ON)
		ret = set_seam(NULL, cfg->seam);
	return ret ?: each(emul_opt_msr, do_msr) ?:
		      each(emul_opt_cpuid, do_cpuid) ?:
		      each(emul_opt_sysrd, do_sysrd) ?:
		      each(emul_opt_inject, do_inject) ?:
		      each(emul_opt_hostile, do_hostile) ?:
		      each(emul_opt_hold, do_hold);
}

static int set_ns(const char *what, const char *text,
		  void (*set)(struct model *m, u64 ns))
{
	u64 ns;
	int ret = emul_parse_u64(what, text, NSEC_PER_SEC, &ns);

	if (!ret)
		set(emul.model, ns);
	return ret;
}

static int reload_module(void)
{
	int ret = model_reload_module(emul.model);

	if (ret)
		pr_err("module fresh: shut the TDX module down first (TDH.SYS.DISABLE)\n");
	return ret;
}

static int vmx_held(const char *lp_text, bool on)
{
	unsigned int lp, cpu;
	int ret = parse_lp("CPU", lp_text, true, &lp);

	if (ret || lp != EMUL_ALL_LPS)
		return ret ?: emul_vmx_hold(lp, on);
	for_each_online_cpu(cpu)
		ret = ret ?: emul_vmx_hold(cpu, on);
	return ret;
}

/* Who runs the guests of TDs from now on. */
static int set_guests(const char *who)
{
	static const char *const runners[] = { "interpreter", "cpu" };
	int v = emul_parse_word("guests", who, runners, ARRAY_SIZE(runners));

	if (v >= 0 && !model_use_engine(emul.model, v)) {
		pr_err("guests: this CPU cannot run them, or was not to (guest_mem=0)\n");
		return -EOPNOTSUPP;
	}
	return min(v, 0);
}

/* One line of the control file, without its newline. */
int emul_control_line(char *line)
{
	static const char *const modules[] = { "absent", "present", "fresh" };
	static const char *const seamrrs[] = {
		[EMUL_SEAMRR_LOCKED] = "locked",
		[EMUL_SEAMRR_UNLOCKED] = "unlocked",
		[EMUL_SEAMRR_UNCONFIGURED] = "unconfigured",
	};
	char *rest = strim(line);
	const char *verb = emul_field(&rest, ' ');
	char *a = rest ? emul_field(&rest, ' ') : NULL;
	char *b = rest;
	u64 leaf;
	int v;

	if (!*verb || *verb == '#')
		return 0;
	if (!a) {
		pr_err("control: '%s' alone says nothing: see tests/emul/README.md\n",
		       verb);
		return -EINVAL;
	}

	if (!strcmp(verb, "inject"))
		return each(a, do_inject);
	if (!strcmp(verb, "msr"))
		return each(a, do_msr);
	if (!strcmp(verb, "cpuid"))
		return each(a, do_cpuid);
	if (!strcmp(verb, "sysrd"))
		return each(a, do_sysrd);
	if (!strcmp(verb, "hostile"))
		return do_hostile(a);
	if (!strcmp(verb, "hold") || !strcmp(verb, "release"))
		return hold(a, b, *verb == 'h');
	if (!strcmp(verb, "starve"))
		return starve(a, b);
	if (!strcmp(verb, "interrupt"))
		return starve_source(verb, MODEL_INTERRUPT, a, b);
	if (!strcmp(verb, "nmi"))
		return starve_source(verb, MODEL_NMI, a, b);
	if (!strcmp(verb, "vmx_held") || !strcmp(verb, "vmx_released"))
		return vmx_held(a, !strcmp(verb, "vmx_held"));
	if (!strcmp(verb, "tdmr_init_ns"))
		return set_ns(verb, a, model_set_tdmr_init_ns);
	if (!strcmp(verb, "call_ns"))
		return set_ns(verb, a, model_set_call_ns);
	if (!strcmp(verb, "trace") || !strcmp(verb, "crash")) {
		v = emul_parse_u64("LEAF", a, U16_MAX, &leaf);
		if (!v && *verb == 't')
			emul_trap_arm_trace(leaf);
		else if (!v)
			emul_trap_arm_crash(leaf);
		return v;
	}
	if (!strcmp(verb, "module")) {
		v = emul_parse_word(verb, a, modules, ARRAY_SIZE(modules));
		if (v == 2)
			return reload_module();
		if (v >= 0)
			model_set_module(emul.model, v);
		return min(v, 0);
	}
	if (!strcmp(verb, "seam")) {
		v = emul_parse_word(verb, a, emul_seams, EMUL_SEAMS);
		return v < 0 ? v : set_seam(b, v);
	}
	if (!strcmp(verb, "guests"))
		return set_guests(a);
	if (!strcmp(verb, "seamrr")) {
		v = emul_parse_word(verb, a, seamrrs, ARRAY_SIZE(seamrrs));
		return v < 0 ? v : set_seamrr(v);
	}
	pr_err("control: '%s' is no command: see tests/emul/README.md\n", verb);
	return -EINVAL;
}
