// SPDX-License-Identifier: GPL-2.0-only
/* tdx-host leaves, tdx-host statuses: what the lists know. */
#include <stdio.h>
#include <string.h>

#include <linux/kernel.h>

#include "status.h"

#include "out.h"
#include "tool.h"

static const struct {
	const char *name;
	unsigned int number;
	unsigned int transient;
	bool guest;
} lists_leaves[] = {
#define TDX_LEAF(name, number, text, transient) \
	{ text, (number), (transient), false },
#include <tdx/leaves.def>
#define TDX_GUEST_LEAF(name, number, text) { text, (number), 0, true },
#include <tdx/guest_leaves.def>
};

static const struct {
	const char *name;
	unsigned long long value;
	const char *meaning;
	const char *remedy;
} lists_statuses[] = {
#define TDX_STATUS(name, value, details, meaning, remedy) \
	{ "TDX_" #name, (value), meaning, remedy },
#include <tdx/status.def>
};

static const struct {
	unsigned int bit;
	const char *name;
} lists_retries[] = {
	{ TDX_RETRY_SYS_BUSY, "sys_busy" },
	{ TDX_RETRY_NO_ENTROPY, "no_entropy" },
	{ TDX_RETRY_KEY_GENERATION, "key_generation" },
	{ TDX_RETRY_OPERAND_BUSY, "operand_busy" },
	{ TDX_RETRY_RESUMABLE, "resumable" },
	{ TDX_RETRY_RESTARTABLE, "restartable" },
	{ TDX_RETRY_RESUME_RCX, "resume_rcx" },
};

static enum tool_exit lists_run_leaves(const struct tool_options *o)
{
	(void)o;
	out_begin_list("leaves");
	for (size_t i = 0; i < ARRAY_SIZE(lists_leaves); i++) {
		char retries[128] = "";

		out_begin(NULL);
		out_value("name", json_object_new_string(lists_leaves[i].name));
		out_value("number", json_object_new_int(lists_leaves[i].number));
		out_value("instruction", json_object_new_string(
			  lists_leaves[i].guest ? "TDCALL" : "SEAMCALL"));
		out_begin_list("retries");
		for (size_t r = 0; r < ARRAY_SIZE(lists_retries); r++) {
			if (!(lists_leaves[i].transient & lists_retries[r].bit))
				continue;
			strcat(strcat(retries, " "), lists_retries[r].name);
			out_value(NULL, json_object_new_string(
				  lists_retries[r].name));
		}
		out_end();
		out_end();
		out_raw("%3u 0x%02x  %-26s%s\n", lists_leaves[i].number,
			lists_leaves[i].number, lists_leaves[i].name,
			retries[0] ? retries : " -");
	}
	out_end();
	return TOOL_OK;
}


static enum tool_exit lists_run_statuses(const struct tool_options *o)
{
	(void)o;
	out_begin_list("statuses");
	for (size_t i = 0; i < ARRAY_SIZE(lists_statuses); i++) {
		char value[19];

		snprintf(value, sizeof(value), "0x%016llx",
			 lists_statuses[i].value);
		out_begin(NULL);
		out_value("name", json_object_new_string(lists_statuses[i].name));
		out_value("value", json_object_new_string(value));
		out_value("meaning",
			  json_object_new_string(lists_statuses[i].meaning));
		out_value("remedy",
			  json_object_new_string(lists_statuses[i].remedy));
		out_end();
		out_raw("%s  %-42s %s\n", value, lists_statuses[i].name,
			lists_statuses[i].meaning);
	}
	out_end();
	return TOOL_OK;
}

const struct tool_command tool_leaves = {
	.name = "leaves",
	.text = "list every leaf of SEAMCALL and TDCALL",
	.doc = "List every leaf, first of SEAMCALL (TDH), then of TDCALL (TDG): its number, its name, and the statuses after which tdx_host makes the call again.",
	.run = lists_run_leaves,
};

const struct tool_command tool_statuses = {
	.name = "statuses",
	.text = "list every completion status",
	.doc = "List every completion status: its value with its details zero, its name, its meaning.",
	.run = lists_run_statuses,
};
