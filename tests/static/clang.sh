#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# clang compiles every module without a warning, and objtool finds no fault
# with what it made of it.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"
# shellcheck source=SCRIPTDIR/../../tests/lib/clang.sh
. "$top/tests/lib/clang.sh"

kernel
need clang
# shellcheck disable=SC2046 # words
check "all modules build with clang" build_apart clang $(clang_args) ||
	tail -n 40 "$built_log" | because
complaints "$built_log" | check_none "clang, objtool and modpost are silent"
finish
