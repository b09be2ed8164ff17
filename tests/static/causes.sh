#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What goes wrong is said in the same words everywhere: the list of causes is
# what the module and the tool are built with, and what people look up in
# docs/troubleshooting.md.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

need cc
cc -std=gnu11 -Wall -Wextra -I include -o "$tmp/causes" tests/static/causes.c
"$tmp/causes" >"$tmp/list"
"$tmp/causes" statuses >"$tmp/statuses"
check "there are causes" test -s "$tmp/list"
check "there are statuses" test -s "$tmp/statuses"

cut -f 1 "$tmp/list" | sort | uniq -d |
	check_none "no cause has the name of another"
cut -f 2 "$tmp/list" | sort | uniq -d |
	check_none "no cause has the words of another"
grep -nE '	([A-Z][a-z]|[^	]*[.;]	|[^	]*\.$|$)' "$tmp/list" |
	grep -v '	Secure Boot' |
	check_none "each is a clause: no capital, no full stop, and has a cure"

# The same name stands for the same words.
cut -f 1 "$tmp/statuses" | sort >"$tmp/names"
cut -f 1 "$tmp/list" | sort | comm -12 "$tmp/names" - >"$tmp/both"
while read -r name; do
	grep "^$name	" "$tmp/list" >"$tmp/words"
	grep "^$name	" "$tmp/statuses" | diff "$tmp/words" - || :
done <"$tmp/both" |
	check_none "a cause with the name of a status has its words"

# A bullet: `what` (elsewhere): cure.
# shellcheck disable=SC2016 # the backtick is the document's
tr -s ' \n' ' ' <docs/troubleshooting.md | sed 's/ \* `/\n* `/g' >"$tmp/bullets"
while IFS='	' read -r name what cure; do
	grep -F "* \`$what\`" "$tmp/bullets" | grep -qF ": $cure." ||
		echo "$name: $what: $cure"
done <"$tmp/list" |
	check_none "docs/troubleshooting.md has every cause, in these words"

# Words that are written out there would not change with the list.
cat src/*.c src/*/*.c kvm/*.[ch] tools/* 2>/dev/null >"$tmp/users"
cut -f 2 "$tmp/list" | grep -F -f - "$tmp/users" |
	check_none "neither src, kvm nor tools repeats the words of one"
finish
