#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Every file has a licence and a copyright, by the rules of REUSE. What is
# judged is what the tree consists of, and nothing that was built in it: a
# copy, which has no .gitignore to go by.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

need reuse
mkdir "$tmp/tree"
tree_files '*' >"$tmp/files"
tar -c -T "$tmp/files" | tar -x -C "$tmp/tree"
check "reuse lint" reuse --root "$tmp/tree" lint
grep ' ERROR ' "$tmp/said" |
	check_none "reuse can read every licence"
check "COPYING is the licence in LICENSES" cmp COPYING \
	LICENSES/GPL-2.0-only.txt
finish
