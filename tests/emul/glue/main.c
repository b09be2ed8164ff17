// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdx_emul: a software TDX module for an ordinary virtual machine, so that
 * tdx_host runs there as it ships.  For test machines; never installed.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>

#include "emul.h"

struct emul emul;

static int make_model(struct emul_config *cfg)
{
	char err[160] = "";
	int ret;

	emul.real_vmx = emul_platform_has_vmx();
	if (emul.real_vmx && !cfg->vmx) {
		pr_err("vmx=off: this CPU has VMX and nothing here takes it away: boot one without\n");
		return -EINVAL;
	}
	emul.vmx = cfg->vmx && !emul.real_vmx;
	ret = emul_engine_init(cfg->guest_mem, &cfg->model.engine);
	if (ret) {
		pr_err("guest_mem: there is no memory for %u MiB of guests\n",
		       cfg->guest_mem);
		return ret;
	}
	emul.lps = cfg->model.lps;
	emul.model = model_create(&cfg->model, err, sizeof(err));
	if (!emul.model) {
		pr_err("%s\n", err[0] ? err : "no memory for the model");
		emul_engine_exit();
		return -EINVAL;
	}
	return 0;
}

static int __init emul_init(void)
{
	static const char *const versions[] = { "1.0", "1.5", "2.0" };
	struct emul_config *cfg;
	int ret;

	ret = emul_platform_check() ?: emul_options_check();
	if (ret)
		return ret;
	cfg = kzalloc(sizeof(*cfg), GFP_KERNEL);
	if (!cfg)
		return -ENOMEM;
	ret = emul_memory_init();
	if (ret)
		goto free_cfg;
	ret = emul_config_parse(cfg);
	if (ret)
		goto memory;
	ret = make_model(cfg);
	if (ret)
		goto memory;
	ret = emul_control_apply(cfg);
	if (ret)
		goto model;
	if (cfg->erratum)
		ret = emul_erratum_init();
	if (ret)
		goto model;
	ret = emul_vmx_init();
	if (ret)
		goto erratum;
	ret = emul_trap_init();
	if (ret)
		goto vmx;
	ret = emul_intercept_init();
	if (ret)
		goto trap;
	ret = emul_sleep_init();
	if (ret)
		goto intercept;
	emul_debugfs_init();

	pr_info("TDX module %s, %u LPs in %u packages, KeyIDs %u:%u, %u CMRs, VMX %s%s\n",
		versions[cfg->model.version], model_lps(emul.model), cfg->model.pkgs,
		cfg->model.mktme_keyids, cfg->model.tdx_keyids,
		cfg->model.nr_cmrs,
		emul.real_vmx ? "of the CPU" : emul.vmx ? "emulated" : "off",
		cfg->model.engine ? ", which runs guests" : "");
	kfree(cfg);
	return 0;

intercept:
	emul_intercept_exit();
trap:
	emul_trap_exit();
vmx:
	emul_vmx_exit();
erratum:
	emul_erratum_exit();
model:
	model_destroy(emul.model);
	emul_engine_exit();
memory:
	emul_memory_exit();
free_cfg:
	kfree(cfg);
	return ret;
}

static void __exit emul_exit(void)
{
	emul_debugfs_exit();
	emul_sleep_exit();
	emul_intercept_exit();
	emul_trap_exit();
	emul_vmx_exit();
	emul_erratum_exit();
	model_destroy(emul.model);
	emul_engine_exit();
	emul_memory_exit();
}

module_init(emul_init);
module_exit(emul_exit);

MODULE_DESCRIPTION("Software TDX module for virtual machines (testing)");
MODULE_LICENSE("GPL");
