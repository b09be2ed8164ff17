#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel's own coccinelle scripts have nothing to say about any module.
# What they are not listened to for, and why, is in cocci.suppress.
#
# They are in no package of headers: they are taken from the distribution's
# source of a kernel, whose tarball is downloaded once and kept.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

SOURCE=6.12

# options SCRIPT - what it says that it is to be called with
options()
{
	sed -n 's,^//* *Options: *,,p' "$1" | head -n 1 | tr ' ' '\n' |
		grep -xE -e '--(no-includes|include-headers|all-includes|no-loops)'
}

if ! have spatch; then
	fail "spatch is there (CHECK_LONG=1 scripts/setup installs it)"
	finish
fi
found=$(tests/debug/fetch $SOURCE) || {
	fail "the source of linux $SOURCE is there"
	finish
}
tar -x -C "$tmp" --strip-components=1 --wildcards \
	-f "${found#*
}/linux-source-$SOURCE.tar.xz" "linux-source-$SOURCE/scripts/coccinelle/*"
grep -v '^#' tests/static/cocci.suppress | grep . | sed 's/^/^/' >"$tmp/known"
find "$tmp/scripts" -name '*.cocci' | sort >"$tmp/list"
while IFS= read -r script; do
	grep -q '^virtual report' "$script" || continue
	name=${script#"$tmp/scripts/coccinelle/"}
	if grep -q '^@.*script:ocaml' "$script" && ! have ocamlopt; then
		pass "$name is silent # SKIP it needs an OCaml compiler"
		continue
	fi
	for dir in src tests/emul tests/modules; do
		# shellcheck disable=SC2046 # words
		timeout 120 spatch -D report --very-quiet --no-show-diff \
			--cocci-file "$script" $(options "$script") \
			-I include --dir $dir 2>"$tmp/errors" ||
			echo "status $?: $(tail -n 1 "$tmp/errors")"
	done >"$tmp/report"
	grep . "$tmp/report" | sed "s,^,$name: ," | grep -vf "$tmp/known" |
		check_none "$name is silent"
done <"$tmp/list"
finish
