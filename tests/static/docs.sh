#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Manual pages and comments are in the form that their readers expect.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

kernel
need mandoc perl
pages=0
for page in docs/man/*.[1-9]; do
	[ -f "$page" ] || continue
	pages=$((pages + 1))
	check "$page" mandoc -T lint -W warning "$page"
done
check "there are manual pages" test "$pages" -gt 0

# The kernel's own reader of its comments.
kernel_doc=$kdir/scripts/kernel-doc
[ -f "$kernel_doc" ] || kernel_doc=$kdir/source/scripts/kernel-doc
[ -f "$kernel_doc" ] || kernel_doc=$(echo "$kdir"/../linux-kbuild*/scripts/kernel-doc)
if [ -f "$kernel_doc" ]; then
	tree_files 'src/*.[ch]' 'include/*.h' >"$tmp/files"
	# shellcheck disable=SC2046 # file names without blanks
	perl "$kernel_doc" -none $(cat "$tmp/files") >"$tmp/kernel-doc" 2>&1
	grep -E 'warning|error' "$tmp/kernel-doc" |
		check_none "kernel-doc finds no fault with src and include"
else
	fail "the kernel's headers bring kernel-doc"
fi

# Every export is explained where it is declared or where it is defined.
sed -n 's/^TDX_HOST_EXPORT(\(.*\));.*/\1/p' src/*.c src/*/*.c |
while read -r name; do
	grep -qE "^ \* $name\(\) - " include/*/*.h src/*.c src/*/*.c ||
		echo "$name"
done | check_none "every export has kernel-doc"
finish
