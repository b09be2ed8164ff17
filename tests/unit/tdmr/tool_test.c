// SPDX-License-Identifier: GPL-2.0-only
/*
 * tdmr-layout as people run it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tdmr_test.h"

/* Run the tool on a text; return its exit status and what it printed. */
static int run_tool(const char *text, char *out, size_t out_size, char *err,
		    size_t err_size)
{
	char path[] = "/tmp/tdmr-map-XXXXXX", cmd[4096];
	const char *tool = getenv("TDMR_LAYOUT");
	int fd = mkstemp(path), status;
	size_t n, len = strlen(text);
	FILE *p;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
	snprintf(cmd, sizeof(cmd), "'%s' <%s 2>%s.err",
		 tool ? tool : "build/tools/tdmr-layout", path, path);
	p = popen(cmd, "r");
	assert_non_null(p);
	n = fread(out, 1, out_size - 1, p);
	out[n] = 0;
	status = pclose(p);
	assert_true(WIFEXITED(status));
	snprintf(cmd, sizeof(cmd), "%s.err", path);
	p = fopen(cmd, "r");
	assert_non_null(p);
	n = fread(err, 1, err_size - 1, p);
	err[n] = 0;
	fclose(p);
	unlink(cmd);
	unlink(path);
	return WEXITSTATUS(status);
}

static void tool_lays_out(void **state)
{
	static char out[1 << 16], err[1024];
	char *text = read_data("emr-4node-256g.txt");
	const char *bad;

	(void)state;
	assert_int_equal(run_tool(text, out, sizeof(out), err, sizeof(err)), 0);
	assert_string_equal(err, "");
	bad = chk_parse(&layout, out);
	if (bad)
		fail_msg("%s", bad);
	lay_out(text);	/* sets the rules */
	bad = chk_parse(&layout, out);
	if (!bad)
		bad = chk_layout(&rules, &layout);
	if (bad)
		fail_msg("%s", bad);
	assert_int_equal(layout.lost_bytes, 0);
	assert_non_null(strstr(out, "outside 0x1000 0x9f000\n"));
	free(text);
}

static void tool_refuses(void **state)
{
	static const struct {
		const char *text, *says;
		int status;
	} t[] = {
		{ "cmr 0x100000 0x200000\nram 1 2 3\n", "line 2: ", 2 },
		{ "ram 0x1000 0x2000\n", "line 1: ", 2 },
		{ "ram 0x1000 0x2000 0 0\n", "line 1: ", 2 },
		{ "\n\n# fine\nrum 0x1000 0x2000 0\n", "line 4: ", 2 },
		{ "cmr 0x2000 0x1000\n", "line 1: ", 2 },
		{ "cmr 0x1000 0x1000\n", "line 1: ", 2 },
		{ "cmr 0x1000 0x1800\n", "line 1: ", 2 },
		{ "cmr 0x1000 -0x1000\n", "line 1: ", 2 },
		{ "cmr 0x1000 0x10000000001000\n", "line 1: ", 2 },
		{ "cmr 0x1000 0x1ffffffffffffffff\n", "line 1: ", 2 },
		{ "cmr 0x 0x1000\n", "line 1: ", 2 },
		{ "ram 0x1000 0x2000 node0\n", "line 1: ", 2 },
		{ "limits\n", "line 1: ", 2 },
		{ "limits max_tdmrs=0\n", "line 1: ", 2 },
		{ "limits max_tdmrs=65536\n", "line 1: ", 2 },
		{ "limits pamt8k=16\n", "line 1: ", 2 },
		{ "limits pamt4k=16 pamt4k=16\n", "line 1: ", 2 },
		{ "cpus 0\n", "line 1: ", 2 },
		{ "chunk 0 1\nchunk 0 2\n", "line 2: ", 2 },
		{ "cmr 0 0x200000\nram 0x1000 0x3000 0\nram 0x2000 0x4000 1\n", "line 3: ", 2 },
		{ "", "no RAM", 1 },
		{ "ram 0x100000 0x100000000 0\n", "no RAM", 1 },
		{ "chunk 0 4096\ncmr 0 0x80000000\nram 0x100000 0x80000000 0\n",
		  "PAMT", 1 },
		{ "limits max_reserved=0\ncmr 0x100000 0x40000000\n"
		  "ram 0x100000 0x40000000 0\n", "reserved areas", 1 },
	};
	static char out[1 << 16], err[1024];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		int status = run_tool(t[i].text, out, sizeof(out), err,
				      sizeof(err));

		if (status != t[i].status || !strstr(err, t[i].says) || *out ||
		    strchr(err, '\n') != err + strlen(err) - 1)
			fail_msg("case %zu: status %d, '%s' and '%s'", i,
				 status, out, err);
	}
}

int run_tool_tests(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tool_lays_out),
		cmocka_unit_test(tool_refuses),
	};

	return cmocka_run_group_tests_name("tool", tests, NULL, NULL);
}
