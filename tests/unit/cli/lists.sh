# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of test.sh and expect.sh
#
# lists.sh - what is in the lists is what the tool says

tab=$(printf '\t')

# rows KIND COLUMNS - columns of the list
rows()
{
	awk -F '\t' -v kind="$1" -v columns="$2" '
	$1 == kind {
		n = split(columns, c, ",")
		for (i = 1; i <= n; i++)
			printf "%s%s", $c[i], i < n ? "\t" : "\n"
	}' "$tmp/list"
}

# same NAME - $tmp/wanted and $tmp/said are equal, and not empty
same()
{
	[ -s "$tmp/wanted" ] || why "nothing to compare with"
	diff "$tmp/wanted" "$tmp/said" >>"$tmp/why"
	verdict "$1"
}

# answers FILTER - answers to the lines on stdin, as jq prints them
answers()
{
	"$tool" decode --json >"$tmp/out" 2>>"$tmp/why"
	valid
	jq -r ".answers[] | $1" "$tmp/out" >"$tmp/said" 2>>"$tmp/why"
}

test_lists()
{
	# What is empty in the list has words of the tool's own; what is about
	# an MSR, or the CPUID bits of a TD, has better ones.
	rows S 3,2,7,8 | sed "s/$tab/${tab}TDX_/" >"$tmp/wanted"
	rows S 3 | answers '[.status, .name, .meaning,
		if .remedy // "" | startswith("none at the machine")
		then "" else .remedy // "" end] | @tsv'
	same "every status: name, meaning and remedy from its value"

	rows S 3 >"$tmp/wanted"
	for column in 4 5; do
		# 0 has 32 bits, and the tool does not take it for success.
		rows S $column | sed 's/^0$/0x0000000000000000/' |
			answers .status
		same "every status from its decimal value, column $column"
	done
	rows S 2 | answers .status
	same "every status from its name"
	rows S 2 | sed 's/^/TDX_/' | tr '[:upper:]' '[:lower:]' | answers .status
	same "every status from its name in small letters"

	# Bits 63:61 are what is said of them.
	rows S 3 | while read -r value; do
		digits=${value#0x}
		first=$((0x${digits%???????????????}))
		echo "$((first >> 3)) $((first >> 1 & 1))"
	done >"$tmp/wanted"
	rows S 3 | answers '"\(if .error then 1 else 0 end) \(if .fatal then 1 else 0 end)"'
	same "every status: error and fatal are bits 63 and 61"

	for kind in L G; do
		rows $kind 3,4 >"$tmp/wanted"
		call=TDH
		[ $kind = L ] || call=TDG
		for name in "$(rows $kind 4)" \
			    "$(rows $kind 4 | tr '[:upper:].' '[:lower:]_')" \
			    "$(rows $kind 2 | sed "s/^/${call}_/")"; do
			printf '%s\n' "$name" |
				answers '[.leaf_number, .leaf] | @tsv'
			same "every leaf of $call from its name: $(
				printf '%s\n' "$name" | head -n 1)"
		done
		call=
		[ $kind = L ] || call=TDG.
		rows $kind 3 | sed "s/.*/$call& 0x80000200000000ff/" |
			answers '[.leaf_number, .leaf] | @tsv'
		same "every leaf of ${call:-SEAMCALL} from its number"
	done

	rows O 3,4 | sed "s/\(.*\)$tab\(.*\)/operand \2 (id \1)/" >"$tmp/wanted"
	rows O 3 | while read -r id; do
		printf '0x80000200%08x\n' "$id"
	done | answers .details
	same "every operand id"

	rows E 2,3,4 >"$tmp/wanted"
	rows E 2 | answers '[.errno_name, .meaning, .remedy] | @tsv'
	same "every errno from its name"

	sed -n 's,^/\* Class 0x\(..\): \(.*[^.]\)\.* \*/,\1\t\2,p' \
		include/tdx/status.def | tr '[:upper:]' '[:lower:]' >"$tmp/wanted"
	rows C 2,3 | tr '[:upper:]' '[:lower:]' >"$tmp/said"
	same "the classes are the headings of status.def"

	run leaves --json </dev/null
	exits 0
	valid
	jq -r '.leaves[] | [.number, .name] | @tsv' "$tmp/out" >"$tmp/said"
	{ rows L 3,4; rows G 3,4; } >"$tmp/wanted"
	same "leaves lists all of them"
	run leaves </dev/null
	says ' 33 0x21 TDH.SYS.INIT sys_busy no_entropy'
	says ' 4 0x04 TDG.MR.REPORT -'
	verdict "leaves, as text"

	run statuses --json </dev/null
	exits 0
	valid
	jq -r '.statuses[] | [.name, .value, .meaning, .remedy] | @tsv' \
		"$tmp/out" >"$tmp/said"
	rows S 2,3,7,8 | sed 's/^/TDX_/' >"$tmp/wanted"
	same "statuses lists all of them"
	run statuses </dev/null
	says '0x8000020200000000 TDX_SYS_BUSY another CPU'
	verdict "statuses, as text"
}

# What the sentences of the lists promise to their readers.
test_texts()
{
	awk -F '\t' '
	$1 == "S" { name = $2; meaning = $7; remedy = $8 }
	$1 == "W" || $1 == "E" { name = $2; meaning = $3; remedy = $4 }
	$1 == "T" { name = $2; meaning = $2; remedy = $3 }
	$1 !~ /^[SWET]$/ { next }
	meaning == "" { print name ": no meaning" }
	$1 != "S" && remedy == "" { print name ": no remedy" }
	$1 == "S" && length(meaning) > 110 { print name ": long meaning" }
	meaning ~ /\.$/ || remedy ~ /\.$/ { print name ": full stop" }
	meaning ~ /^[A-Z][a-z]/ && meaning !~ /^(Secure|System) / || \
	remedy ~ /^[A-Z][a-z]/ { print name ": capital" }
	$1 == "S" && seen[$3]++ { print name ": value twice" }
	# Platform and system faults are for the person at the machine.
	$1 == "S" && substr($3, 3, 1) ~ /[89a-f]/ && \
	substr($3, 7, 2) ~ /^(09|ff)$/ && remedy == "" {
		print name ": no remedy"
	}' "$tmp/list" >>"$tmp/why"
	verdict "the sentences of the lists keep their rules"

	rows N 2 | sort -u >"$tmp/named"
	rows W 2 | sort >"$tmp/known"
	comm -23 "$tmp/named" "$tmp/known" >>"$tmp/why"
	verdict "lines.def names causes that are in causes.def"

	# Wrapped as it may be, and with the capital of a sentence.
	tr -s ' \n' ' ' <docs/troubleshooting.md >"$tmp/doc"
	rows T 2,3 | tr '\t' '\n' | while IFS= read -r text; do
		grep -qiF -e "$text" "$tmp/doc" ||
			echo "docs/troubleshooting.md does not say: $text"
	done >>"$tmp/why"
	verdict "troubleshooting.md has the words of lines.def"
}
