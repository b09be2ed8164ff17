#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of the command-line tool: test.sh [TDX-HOST]
#
# Builds the tool unless one is given, and runs everything with each awk that
# is installed (mawk, gawk, busybox and the original differ in numbers and
# regular expressions).

set -u

# It is run from the top of the tree.
tool=${1:+$(realpath "$1")}
# shellcheck source=SCRIPTDIR/../../lib/check.sh
. "$(dirname -- "$0")/../../lib/check.sh"
tab=$(printf '\t')

# shellcheck source=tests/unit/cli/expect.sh
. "$here/expect.sh"
# shellcheck source=tests/unit/cli/lists.sh
. "$here/lists.sh"
# shellcheck source=tests/unit/cli/decode.sh
. "$here/decode.sh"
# shellcheck source=tests/unit/cli/report.sh
. "$here/report.sh"

# one_awk NAME COMMAND... - make it the awk of the tool; no if it is not there
one_awk()
{
	awk=$1
	shift
	if ! _path=$(command -v "$1"); then
		return 1
	fi
	shift
	mkdir -p "$tmp/$awk"
	printf '#!/bin/sh\nexec %s "$@"\n' "$_path${1:+ $1}" > "$tmp/$awk/awk"
	chmod +x "$tmp/$awk/awk"
}

: > "$tmp/why"
if [ -z "$tool" ]; then
	make -s -C "$top/tools" OUT="$tmp/build" || exit 2
	tool=$tmp/build/tools/tdx-host
fi
"${CC:-cc}" -std=gnu11 -Wall -Wextra -I "$top/include/tdx" \
	-o "$tmp/list-entries" "$here/list.c" || exit 2
"$tmp/list-entries" > "$tmp/list" || exit 2

for try in 'mawk mawk' 'gawk gawk' 'busybox busybox awk' \
	   'original-awk original-awk'; do
	# shellcheck disable=SC2086 # words on purpose
	one_awk $try || continue
	lists
	texts
	field_cases
	detail_cases
	refusals
	reports
	generator
done

finish
