#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# cppcheck has nothing to say. What it is told to leave out, and why, is in
# cppcheck.suppress.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

need cppcheck
tree_files '*.c' >"$tmp/files"
check "cppcheck reads every C file" cppcheck --quiet --std=c11 \
	--enable=warning,performance,portability --inline-suppr \
	--suppressions-list=tests/static/cppcheck.suppress \
	--platform=unix64 -j 2 -I include -D__x86_64__ \
	--template='{file}:{line}: {severity}: {message} [{id}]' \
	--output-file="$tmp/said-cppcheck" --file-list="$tmp/files"
sort -u "$tmp/said-cppcheck" | check_none "cppcheck is silent"
finish
