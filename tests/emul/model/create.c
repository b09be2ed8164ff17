// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making and unmaking a model, the switches that tests throw while it runs,
 * and its counters.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "td.h"

#define SEAM_CAPABILITIES	0x3	/* both SEAMDB operations */

static bool config_ok(const struct model_config *cfg, char *err, size_t len)
{
	if (!cfg->lps || cfg->lps > MODEL_MAX_LPS) {
		snprintf(err, len, "%u LPs: must be 1 to %u", cfg->lps,
			 MODEL_MAX_LPS);
		return false;
	}
	if (!cfg->pkgs || cfg->pkgs > MODEL_MAX_PKGS || cfg->pkgs > cfg->lps) {
		snprintf(err, len,
			 "%u packages: must be 1 to %u and at most one for each of the %u LPs",
			 cfg->pkgs, MODEL_MAX_PKGS, cfg->lps);
		return false;
	}
	if (cfg->keyid_bits > 15) {
		snprintf(err, len, "%u KeyID bits: must be 0 to 15",
			 cfg->keyid_bits);
		return false;
	}
	if ((u64)cfg->mktme_keyids + cfg->tdx_keyids >=
	    1ULL << cfg->keyid_bits) {
		snprintf(err, len,
			 "%u MKTME and %u TDX KeyIDs do not fit into %u KeyID bits",
			 cfg->mktme_keyids, cfg->tdx_keyids, cfg->keyid_bits);
		return false;
	}
	if (cfg->nr_cmrs > MODEL_MAX_CMRS) {
		snprintf(err, len, "%u CMRs: the table has %u slots",
			 cfg->nr_cmrs, MODEL_MAX_CMRS);
		return false;
	}
	if (cfg->version > MODEL_V2_0) {
		snprintf(err, len, "module version %u is not one of enum model_version",
			 cfg->version);
		return false;
	}
	return true;
}

static bool place_lps(struct model *m, const struct model_config *cfg,
		      char *err, size_t len)
{
	/* Blocks of equal size, the first ones one LP larger if need be. */
	unsigned int i;

	for (i = 0; i < MODEL_MAX_LPS; i++) {
		struct model_lp *lp = &m->lp[i];

		lp->vmx = cfg->vmx_on;
		lp->seam_caps = SEAM_CAPABILITIES;
		if (i >= cfg->lps ||
		    (cfg->lp_pkg && cfg->lp_pkg[i] == MODEL_NO_LP))
			continue;
		lp->seam = MODEL_SEAM_ON;
		m->bios_lps++;
		lp->pkg = cfg->lp_pkg ? cfg->lp_pkg[i] :
					i * cfg->pkgs / cfg->lps;
		if (lp->pkg >= cfg->pkgs) {
			snprintf(err, len, "LP %u: package %u is not one of %u",
				 i, lp->pkg, cfg->pkgs);
			return false;
		}
	}
	return true;
}

struct model *model_create(const struct model_config *cfg, char *err,
			   size_t len)
{
	struct model *m;

	if (!config_ok(cfg, err, len))
		return NULL;
	m = env_alloc(sizeof(*m));
	if (!m)
		goto no_memory;

	m->lps = cfg->lps;
	m->pkgs = cfg->pkgs;
	m->keyid_bits = cfg->keyid_bits;
	m->mktme_keyids = cfg->mktme_keyids;
	m->tdx_keyids = cfg->tdx_keyids;
	m->version = cfg->version;
	m->tdmr_init_ns = cfg->tdmr_init_ns;
	m->call_ns = cfg->call_ns;
	m->engine = cfg->engine;
	m->interpret = !cfg->engine;
	m->present = true;
	m->pattern_seed = env_random();
	if (cfg->nr_cmrs)
		memcpy(m->cmrs, cfg->cmrs, cfg->nr_cmrs * sizeof(m->cmrs[0]));
	m->tds = env_alloc(MODEL_MAX_TDS * sizeof(*m->tds));
	m->vcpus = env_alloc(MODEL_MAX_VCPUS * sizeof(*m->vcpus));
	if (model_pages_init(m) || !m->tds || !m->vcpus)
		goto no_memory;
	if (!place_lps(m, cfg, err, len)) {
		model_destroy(m);
		return NULL;
	}
	model_place_ranges(m);
	return m;

no_memory:
	snprintf(err, len, "no memory for the model of the TDX module");
	model_destroy(m);
	return NULL;
}

unsigned int model_lps(const struct model *m)
{
	return m->bios_lps;
}

void model_destroy(struct model *m)
{
	if (!m)
		return;
	model_pages_exit(m);
	if (m->tds)
		env_free(m->tds);
	if (m->vcpus)
		env_free(m->vcpus);
	env_free(m);
}

void model_set_vmx(struct model *m, unsigned int lp, bool on)
{
	if (lp >= MODEL_MAX_LPS)
		return;
	if (!on)
		model_vp_lose(m, lp);
	model_store(&m->lp[lp].vmx, on);
}

bool model_get_vmx(struct model *m, unsigned int lp)
{
	return lp < MODEL_MAX_LPS && model_load(&m->lp[lp].vmx);
}

void model_set_seam(struct model *m, unsigned int lp, enum model_seam seam)
{
	if (lp < MODEL_MAX_LPS)
		model_store(&m->lp[lp].seam, seam);
}

void model_set_module(struct model *m, bool present)
{
	model_store(&m->present, present);
}

int model_reload_module(struct model *m)
{
	unsigned int i;

	if (!model_load(&m->disabled) || model_load(&m->inside))
		return -EBUSY;
	for (i = 0; i < MODEL_MAX_LPS; i++)
		model_store(&m->lp[i].done, false);
	for (i = 0; i < MODEL_MAX_PKGS; i++)
		m->wb_next[i] = 0;
	memset(m->kot, 0, sizeof(m->kot));
	memset(m->tdmr, 0, sizeof(m->tdmr));
	m->init_lps = 0;
	m->pkg_bitmap = 0;
	m->pkgs_done = 0;
	m->global_keyid = 0;
	model_store(&m->dead, false);
	model_store(&m->disabled, false);
	model_store(&m->state, MODEL_SYSINIT_PENDING);
	return 0;
}

bool model_use_engine(struct model *m, bool use)
{
	if (use && !m->engine)
		return false;
	model_store(&m->interpret, !use);
	return true;
}

void model_set_tdmr_init_ns(struct model *m, u64 ns)
{
	model_store(&m->tdmr_init_ns, ns);
}

void model_set_call_ns(struct model *m, u64 ns)
{
	model_store(&m->call_ns, ns);
}

void model_set_sigstruct_mismatch(struct model *m, bool mismatch)
{
	model_store(&m->sigstruct_mismatch, mismatch);
}

void model_set_seam_capabilities(struct model *m, unsigned int lp, u32 caps)
{
	if (lp < MODEL_MAX_LPS)
		model_store(&m->lp[lp].seam_caps, caps);
}

static unsigned int count_tdmrs_done(struct model *m, unsigned int tdmrs)
{
	unsigned int i, done = 0;

	for (i = 0; i < tdmrs; i++)
		if (model_load(&m->tdmr[i].chunks) ==
		    m->tdmr[i].area.size / MODEL_4M)
			done++;
	return done;
}

void model_get_stats(struct model *m, struct model_stats *stats)
{
	unsigned int i;

	memset(stats, 0, sizeof(*stats));
	stats->calls = model_load(&m->calls);
	stats->state = model_load(&m->state);
	stats->lps_done = model_load(&m->init_lps);
	stats->pkgs_done = model_load(&m->pkgs_done);
	stats->tdmrs = model_load(&m->nr_tdmrs);
	stats->tdmrs_done = count_tdmrs_done(m, stats->tdmrs);
	stats->pamt_pages = model_pamt_pages(m);
	stats->pamt_corrupt = model_load(&m->pamt_corrupt);
	stats->vcpus_lost = model_load(&m->vcpus_lost);
	stats->refused = model_load(&m->refused);
	stats->refused_leaf = model_load(&m->refused_leaf);
	stats->pamt_in_use = model_load(&m->pamt_in_use);
	stats->private_pages = model_load(&m->private_pages);
	stats->private_corrupt = model_load(&m->private_corrupt);
	stats->dirty_pages = model_dirty_pages(m);
	for (i = 0; i < MODEL_MAX_TDS; i++)
		stats->tds += !!model_load(&m->tds[i].tdr);
	for (i = 0; i < MODEL_MAX_VCPUS; i++)
		stats->vcpus += !!model_load(&m->vcpus[i].tdvpr);
	for (i = 0; i < MODEL_MAX_KEYIDS; i++)
		if (i != m->global_keyid &&
		    model_load(&m->kot[i].state) != MODEL_KOT_FREE)
			stats->keyids_in_use++;
}
