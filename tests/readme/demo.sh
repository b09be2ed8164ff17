#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The first command of README.md shows what README.md says it shows.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

scripts/demo --no-build >"$tmp/demo" 2>&1
check "the demo comes to its end" test $? -eq 0 ||
	tail -n 40 "$tmp/demo" | because
check_is "detected, initializing and ready, in this order" \
	"detected initializing ready" \
	"$(sed -n 's/^ *state: //p; /^detected$/p' "$tmp/demo" | uniq |
		tail -n 3 | paste -s -d ' ')"
check "SYS_BUSY is survived" grep -q 'TDX_SYS_BUSY, retried 5 times' "$tmp/demo"
check "a TD leaves nothing behind" \
	grep -q 'TD destroyed: 0 pages, 0 KeyIDs' "$tmp/demo"
finish
