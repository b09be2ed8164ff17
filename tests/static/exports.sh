#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What other modules get is what the version of the interface promises: no
# export, prototype or structure changes unless its number does.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"

kernel
check "every export is declared in a public header" tests/abi/list || finish
cp "$tmp/said" "$tmp/list"
version=$(sed -n 's/^# Version \([0-9.]*\) .*/\1/p' "$tmp/list")
check "version $version of the interface has its list (tests/abi/list --save)" \
	test -s "tests/abi/$version" || finish
{
	diff "tests/abi/$version" "$tmp/list" || cat <<-'END'
	raise TDX_HOST_API_VERSION in tdx_host.h when a caller has to be
	changed, TDX_HOST_API_MINOR_VERSION when something was only added; then
	call tests/abi/list --save
	END
} | check_none "version $version of the interface is as it was"

# A minor number only adds.
major=${version%.*}
minor=${version#*.}
while [ "$minor" -gt 0 ]; do
	now=tests/abi/$major.$minor
	minor=$((minor - 1))
	sed '/^#/d' "$now" >"$tmp/now"
	sed '/^#/d' "tests/abi/$major.$minor" | comm -23 - "$tmp/now" |
		check_none "$major.$minor is part of ${now##*/}"
done

# The list against what the linker made of it: "MODULE NAME".
symvers=build/$krel/Module.symvers
awk '{ sub(/.*\//, "", $3); print $3, $2 }' "$symvers" | sort >"$tmp/real"
check "modules export something" test -s "$tmp/real"
sed -n 's/^\(tdx_[a-z_]*\) [^(]*[ *]\([a-z0-9_]*\)(.*/\1 \2/p' "$tmp/list" |
	sort | diff - "$tmp/real" |
	check_none "the modules for $krel export what the list says"
awk -F '\t' '$4 != "EXPORT_SYMBOL_GPL" || $5 != "TDX_HOST"' "$symvers" |
	check_none "all of it is GPL and in the namespace TDX_HOST"

# Whatever status a header promises is seen in a virtual machine: td-wrappers
# fails when a case does not hold, here is asked whether there is one. Only a
# million interrupts in a row would show that restarting has an end.
cat include/tdx_host/mng.h include/tdx_host/vp.h include/tdx_host/mem.h \
	include/tdx_host/phymem.h | awk '
	/^ \* [a-z_]*\(\) - / { sub(/\(\).*/, ""); fn = $2 }
	/^ \*\// { fn = "" }
	fn {
		while (match($0, /TDX_ST_[A-Z0-9_]*/)) {
			print fn, substr($0, RSTART + 7, RLENGTH - 7)
			$0 = substr($0, RSTART + RLENGTH)
		}
	}' | grep -v ' INTERRUPTED_RESTARTABLE$' | sort -u >"$tmp/promised"
check "headers promise statuses" test -s "$tmp/promised"
while read -r fn status; do
	grep -q "WRAP($fn, $status" tests/modules/wrap_*.c ||
		echo "$fn $status"
done <"$tmp/promised" |
	check_none "every status that a header promises has a case in td-wrappers"
sed -n 's/^tdx_host [^(]*[ *]\(tdx_host_\(mng\|vp\|mr\|mem\|phymem\)_[a-z_]*\)(.*/\1/p' \
	"$tmp/list" | while read -r fn; do
	grep -q "WRAP($fn, SUCCESS" tests/modules/wrap_*.c ||
		grep -q "wrap_check(\"$fn\", \"SUCCESS\"" \
			tests/modules/wrap_*.c || echo "$fn"
done | check_none "every wrapper has a case of success"
finish
