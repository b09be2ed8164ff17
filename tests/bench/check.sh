#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The figures of tests/bench/run are JSON that a program can read, and none
# exceeds its limit. With CHECK_LONG those of VMs as well.
# shellcheck source=SCRIPTDIR/../lib/check.sh
. "$(dirname -- "$0")/../lib/check.sh"
need jq cc
parts='call schedule layout'
[ -z "${CHECK_LONG:-}" ] || parts=

# fields - every line of a file is one object with the fields of a figure
# shellcheck disable=SC2317 # check calls it
fields()
{
	jq -R -e -n 'all(inputs; fromjson |
		keys == ["against", "name", "ratio", "spread", "unit", "value"] and
		(.name | type) == "string" and (.unit | type) == "string" and
		(.value | type) == "number" and
		(.against | type | . == "string" or . == "null") and
		(.ratio | type | . == "number" or . == "null") and
		(.spread == null or (.spread | length == 2 and
			all(.[]; type == "number") and .[0] <= .[1])))' <"$1"
}

# compared - what a figure is compared with is there, and the ratio is right:
# exactly, or about, where it is that of pairs
# shellcheck disable=SC2317 # check calls it
compared()
{
	jq -s -e '(map({(.name): .value}) | add) as $v |
		length == ($v | length) and all(.[];
			if .against == null then .ratio == null
			elif $v[.against] == null then false
			elif .ratio == null then
				.spread != null or $v[.against] == 0
			elif .spread == null then
				.value / $v[.against] - .ratio |
					. < 0.0001 and . > -0.0001
			else
				.value / $v[.against] / .ratio |
					. < 3 and . > 0.33
			end)' <"$1"
}

# shellcheck disable=SC2086 # several, or none for all
check "figures are measured, and no limit is exceeded" sh -c \
	"tests/bench/run $parts >'$tmp/json' 2>'$tmp/table' ||
		{ cat '$tmp/table'; exit 1; }"
check "there are figures" test "$(wc -l <"$tmp/json")" -gt 50
check "every line is an object with the fields of a figure" \
	fields "$tmp/json"
check "what a figure is compared with is there, and the ratio is right" \
	compared "$tmp/json"
grep -v '^#' tests/bench/limits | while read -r name field limit; do
	case " ${parts:-all} " in
	*" ${name%%.*} "*|" all ")	;;
	*)	continue ;;
	esac
	jq -s -r --arg name "$name" --arg field "$field" \
		--argjson limit "$limit" 'map(select(.name == $name)) |
		if length != 1 then "\($name) is not there"
		elif .[0][$field] == null then empty
		elif .[0][$field] > $limit and .[0].spread == null then
			"\($name): \(.[0][$field])"
		else empty end' "$tmp/json"
done | check_none "every limit is that of a figure, and holds"

# judged TEXT WORDS STATUS LINE... - what run makes of figures
judged()
{
	_text=$1 _words=$2 _rc=$3
	shift 3
	printf '%s\n' "$@" >"$tmp/figures"
	check "$_text: status $_rc" rc "$_rc" tests/bench/run --from "$tmp/figures"
	check_said "$_text: in words" "$_words"
}

judged "a count over its limit" \
	"limit: layout.failed: value 1, at most 0: exceeded" 1 \
	"layout.failed 1 maps - - - -"
judged "a ratio over its limit" \
	"limit: call.thin.instructions: ratio 0.6, at most 0.5: exceeded" 1 \
	"a 10 instructions - - - -" \
	"call.thin.instructions 6 instructions a - - -"
judged "times over their limit, with pairs that are below" \
	"inconclusive: pairs do not agree" 0 \
	"a 10 ms - - - -" "bringup.2cpus 7 ms a 0.7 0.55 0.75"
judged "times that differ too much" "inconclusive: pairs do not agree" 0 \
	"a 10 ms - - - -" "bringup.2cpus 5 ms a 0.5 0.4 0.9"
judged "times within their limit" "bringup.2cpus: ratio 0.5, at most 0.6: ok" \
	0 "a 10 ms - - - -" "bringup.2cpus 5 ms a 0.5 0.49 0.55"
[ "$(nproc)" -lt 2 ] || judged "times over their limit in all pairs" \
	"limit: bringup.2cpus: ratio 0.7, at most 0.6: exceeded" 1 \
	"a 10 ms - - - -" "bringup.2cpus 7 ms a 0.7 0.65 0.75"
judged "a comparison with nothing" "compared with b, which is not there" 1 \
	"a 10 ms b - - -"
judged "a line that is no figure" "not a figure: oops" 1 "oops"
finish
