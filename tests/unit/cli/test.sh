#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of the command-line tool: test.sh [TDX-HOST]
#
# Builds the tool, with the address and undefined behaviour sanitizers, unless
# one is given.
set -u

# It is run from the top of the tree.
tool=${1:+$(realpath "$1")}
# shellcheck source=SCRIPTDIR/../../lib/check.sh
. "$(dirname -- "$0")/../../lib/check.sh"
need jq

for part in expect lists decode pasted usage; do
	# shellcheck source=/dev/null
	. "$here/$part.sh"
done

if [ -z "$tool" ]; then
	make -s -C tools OUT="$top/build/check/cli" CFLAGS="-O1 -g -Werror \
		-fsanitize=address,undefined -fno-sanitize-recover=all" ||
		exit 2
	tool=$top/build/check/cli/tools/tdx-host
fi
"${CC:-cc}" -std=gnu11 -Wall -Wextra -I include/tdx -I tools \
	-o "$tmp/list-entries" "$here/list.c" || exit 2
"$tmp/list-entries" >"$tmp/list" || exit 2

test_lists
test_texts
test_decode
test_pasted
test_usage
finish
