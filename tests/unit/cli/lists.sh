# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of test.sh and expect.sh
#
# lists.sh - what the compiler reads in the lists is what the tool says

lists()
{
	while IFS=$tab read -r kind name hex unsigned signed details bits meaning \
			remedy; do
		[ "$kind" = S ] || continue
		run decode "$hex"
		exits 0
		quiet
		says "status    TDX_$name ($hex)"
		says "meaning   $meaning"
		case $bits in
		00?)
			case $name in
			SUCCESS)
				says 'error     no'
				;;
			*)
				says 'error     no, a note'
			esac
			;;
		1??)
			says 'error     yes (bit 63): the operation was not done'
		esac
		case $details,$bits in
		*,?1?)
			says 'retry     no (bit 62): the same call cannot succeed'
			;;
		*,10?)
			case $hex in
			0x8000ff*)
				;;
			*)
				says 'retry     the same call may succeed (bit 62 is clear)'
			esac
		esac
		case $bits in
		??1)
			says 'fatal     yes (bit 61): what it worked on is lost for good'
			;;
		*)
			case $out in
			*'fatal     yes'*)
				why "$name is not fatal, but: $out"
			esac
		esac
		if [ "$details" = MSR ]; then
			# its advice is about the MSR that is named
			:
		elif [ -n "$remedy" ]; then
			says "remedy    $remedy"
		fi
	done < "$tmp/list"
	verdict "every status: name, meaning, remedy and bits from its hex value"

	while IFS=$tab read -r kind name hex unsigned signed details bits meaning \
			remedy; do
		[ "$kind" = S ] || continue
		for number in "$unsigned" "$signed"; do
			run decode "$number"
			says "status    TDX_$name ($hex)"
		done
	done < "$tmp/list"
	verdict 'every status from its unsigned and signed decimal value'

	while IFS=$tab read -r kind name number text meaning; do
		[ "$kind" = L ] || continue
		hex=$(printf '0x%x' "$number")
		for leaf in "$number" "$hex" "$name" "$text" "TDH_$name" \
			    "$(echo "$text" | tr '[:upper:]' '[:lower:]')"; do
			run decode "$leaf" 0x8000020200000000
			says "leaf      $text ($number, $hex)"
		done
	done < "$tmp/list"
	verdict 'every SEAMCALL leaf from its number and its names'

	while IFS=$tab read -r kind name number text meaning; do
		[ "$kind" = G ] || continue
		hex=$(printf '0x%x' "$number")
		for leaf in "TDG.$number" "tdg.$hex" "TDG_$name" "TDX_TDG_$name" \
			    "$text" "$(echo "$text" | tr '[:upper:]' '[:lower:]')"; do
			run decode "$leaf" 0x80000200000000a8
			says "leaf      $text ($number, $hex)"
			case $out in
			*'makes this call again'*)
				why "tdx_host makes no TDCALL: $out"
			esac
		done
	done < "$tmp/list"
	verdict 'every TDCALL leaf from its number and its names'

	while IFS=$tab read -r kind name number text meaning; do
		[ "$kind" = O ] || continue
		run decode "$(printf '0xc0000100%08x' "$number")"
		says "details   operand $text (id $number)"
	done < "$tmp/list"
	verdict 'every operand id'

	run leaves
	exits 0
	if [ "$(wc -l < "$tmp/out")" -ne "$(grep -c '^[LG]' "$tmp/list")" ]; then
		why "'leaves' lists $(wc -l < "$tmp/out")"
	fi
	says ' 33 0x21  TDH.SYS.INIT               sys_busy no_entropy'
	says '  4 0x04  TDG.MR.REPORT              -'
	verdict 'leaves lists all of them'

	run statuses
	exits 0
	sed -n 's/^\(0x[0-9a-f]*\) *\([A-Z0-9_]*\) .*/S TDX_\2 \1/
		s/TDX_TDX_/TDX_/p' "$tmp/out" | sort > "$tmp/said"
	awk -F '\t' '$1 == "S" { print "S TDX_" $2, $3 }' "$tmp/list" |
		sort > "$tmp/wanted"
	diff "$tmp/wanted" "$tmp/said" >> "$tmp/why"
	verdict 'statuses lists all of them with their values'
}

# What the sentences of status.def promise to their readers.
texts()
{
	awk -F '\t' '
	$1 != "S" { next }
	$8 == "" { print $2 ": no meaning" }
	length($8) > 110 { print $2 ": meaning of " length($8) " characters" }
	length($9) > 110 { print $2 ": remedy of " length($9) " characters" }
	$8 ~ /\.$/ || $9 ~ /\.$/ { print $2 ": full stop" }
	$8 ~ /^[A-Z][a-z]/ || $9 ~ /^[A-Z][a-z]/ { print $2 ": capital" }
	seen[$3]++ { print $2 ": value twice" }
	# Platform and system faults are for the person at the machine.
	substr($3, 3, 1) ~ /[89a-f]/ && substr($3, 7, 2) ~ /^(09|ff)$/ && \
	$9 == "" { print $2 ": no remedy" }' "$tmp/list" >> "$tmp/why"
	verdict 'the sentences of status.def keep their rules'
}
