#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# clang's analyzer has nothing to say about any module. What it says about the
# kernel's own headers is not ours to mend.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"
# shellcheck source=SCRIPTDIR/../../tests/lib/clang.sh
. "$top/tests/lib/clang.sh"

kernel
need clang
# shellcheck disable=SC2046 # words
check "the analyzer reads all modules" build_apart analyzer $(clang_args) \
	C=1 CHECK="$top/tests/static/analyze" ||
	tail -n 40 "$built_log" | because
check_is "it reads each of its files" "$(cd "$built/$krel/stage" &&
	find . -name '*.o' ! -name '*.mod.o' | sed 's/o$/c/' |
	while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done | wc -l)" "$(grep -c '^analyze: ' "$built_log")"
grep -E "^$built/[^ ]*: (warning|error): " "$built_log" |
	sed "s,^$built/$krel/stage/,," | sort -u |
	check_none "the analyzer is silent"
finish
