#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of scripts/tdx-host: test.sh [TDX-HOST]
#
# Builds the tool unless one is given, and runs everything with each awk that
# is installed (mawk, gawk, busybox and the original differ in numbers and
# regular expressions).

set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM

passed=0
failed=0
tab=$(printf '\t')

pass()
{
	passed=$((passed + 1))
	echo "ok - $awk: $1"
}

fail()
{
	failed=$((failed + 1))
	echo "not ok - $awk: $1"
	if [ -s "$tmp/why" ]; then
		sed 's/^/#   /' "$tmp/why"
	fi
}

# verdict NAME - ok if nothing was written to $tmp/why
verdict()
{
	if [ -s "$tmp/why" ]; then
		fail "$1"
	else
		pass "$1"
	fi
	: > "$tmp/why"
}

why()
{
	printf '%s\n' "$*" >> "$tmp/why"
}

# run ARGUMENT... - the tool; leaves $out, $err and $code
run()
{
	PATH="$tmp/$awk:$PATH" "$tool" "$@" > "$tmp/out" 2> "$tmp/err"
	code=$?
	out=$(cat "$tmp/out")
	err=$(cat "$tmp/err")
}

# says TEXT - $out has a line that is exactly TEXT
says()
{
	case "
$out
" in
	*"
$1
"*)
		;;
	*)
		why "wanted the line: $1"
		why "got:"
		printf '%s\n%s\n' "$out" "$err" >> "$tmp/why"
	esac
}

exits()
{
	if [ "$code" -ne "$1" ]; then
		why "exit status $code, not $1: $out $err"
	fi
}

# quiet - nothing went to stderr
quiet()
{
	if [ -n "$err" ]; then
		why "said on stderr: $err"
	fi
}

# refuses VALUE ARGUMENT... - exit 2, one sentence on stderr that names VALUE,
# nothing on stdout
refuses()
{
	_value=$1
	shift
	run "$@"
	exits 2
	if [ -n "$out" ]; then
		why "'$*' printed: $out"
	fi
	if [ "$(wc -l < "$tmp/err")" -ne 1 ]; then
		why "'$*' did not say one line: $err"
	fi
	case $err in
	"tdx-host: "*"$_value"*)
		;;
	*)
		why "'$*' did not name '$_value': $err"
	esac
	case $err in
	*give*|*try:*|*takes*|*ask*|*"own is"*)
		;;
	*)
		why "'$*' named no cure: $err"
	esac
	verdict "refuses: tdx-host $*"
}

# decodes NAME ARGUMENT... - reads the lines to expect from stdin
decodes()
{
	_name=$1
	shift
	run decode "$@"
	exits 0
	quiet
	while IFS= read -r _line; do
		says "$_line"
	done
	verdict "$_name"
}

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
	verdict 'every leaf from its number and its names'

	while IFS=$tab read -r kind name number text meaning; do
		[ "$kind" = O ] || continue
		run decode "$(printf '0xc0000100%08x' "$number")"
		says "details   operand $text (id $number)"
	done < "$tmp/list"
	verdict 'every operand id'

	run leaves
	exits 0
	if [ "$(wc -l < "$tmp/out")" -ne "$(grep -c '^L' "$tmp/list")" ]; then
		why "'leaves' lists $(wc -l < "$tmp/out")"
	fi
	says ' 33 0x21  TDH.SYS.INIT               sys_busy no_entropy'
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

# What people met and asked about in public.
field_cases()
{
	decodes 'field: old BIOS, SYS.INIT 0xc000090000000000' \
		0x21 0xc000090000000000 <<-'END'
	leaf      TDH.SYS.INIT (33, 0x21)
	status    TDX_INCORRECT_CPUID_VALUE (0xc000090000000000)
	END
	decodes 'field: TSX_CTRL, leaf 33 0xc000092100000122' \
		33 0xc000092100000122 <<-'END'
	leaf      TDH.SYS.INIT (33, 0x21)
	status    TDX_INCORRECT_MSR_VALUE (0xc000092100000122)
	details   MSR 0x122 IA32_TSX_CTRL
	END
	decodes 'field: TDX module 1.0, SYS.RD 0xc000050500000000' \
		0x22 0xc000050500000000 <<-'END'
	leaf      TDH.SYS.RD (34, 0x22)
	status    TDX_SYS_NOT_READY (0xc000050500000000)
	END
	decodes 'field: PAGE.RECLAIM 0xc000030000000001' \
		0x1c 0xc000030000000001 <<-'END'
	leaf      TDH.PHYMEM.PAGE.RECLAIM (28, 0x1c)
	status    TDX_PAGE_METADATA_INCORRECT (0xc000030000000001)
	details   operand RCX (id 1)
	END
	decodes 'field: PAGE.DEMOTE 0xc0000b0800000001' \
		0xf 0xc0000b0800000001 <<-'END'
	leaf      TDH.MEM.PAGE.DEMOTE (15, 0xf)
	status    TDX_TLB_TRACKING_NOT_DONE (0xc0000b0800000001)
	END
	decodes 'field: MNG.INIT 0xc000010000000045' \
		TDH.MNG.INIT 0xc000010000000045 <<-'END'
	leaf      TDH.MNG.INIT (21, 0x15)
	status    TDX_OPERAND_INVALID (0xc000010000000045)
	details   operand CPUID_CONFIG (id 69)
	END
	decodes 'field: a CPU offline, SYS.CONFIG 0xc000050c00000000' \
		0x2d 0xc000050c00000000 <<-'END'
	leaf      TDH.SYS.CONFIG (45, 0x2d)
	status    TDX_SYS_CONFIG_NOT_PENDING (0xc000050c00000000)
	END
	decodes 'field: memory outside CMRs, SYS.CONFIG 0xc0000a1100000102' \
		0x2d 0xc0000a1100000102 <<-'END'
	status    TDX_PAMT_OUTSIDE_CMRS (0xc0000a1100000102)
	details   TDMR 2, its 2M PAMT
	END
	decodes 'field: module not loaded, VMfailInvalid' \
		0x8000ff00ffff0000 <<-'END'
	status    TDX_SEAMCALL_VMFAILINVALID (0x8000ff00ffff0000)
	END
}

detail_cases()
{
	decodes 'details: MSR with a cure of its own' 0xc0000921000000bd <<-'END'
	details   MSR 0xbd IA32_XAPIC_DISABLE_STATUS
	remedy    set x2APIC and clear 'x2APIC opt-out' in the BIOS
	END
	decodes 'details: an MSR without a name' 0xc000092000000777 <<-'END'
	details   MSR 0x777
	remedy    power the platform off and on; if it stays, update BIOS and microcode
	END
	decodes 'details: package' 0xc000090600000009 <<-'END'
	details   package 9
	END
	decodes 'details: CPUID leaf' 0xc00009088000001f <<-'END'
	details   CPUID leaf 0x8000001f
	END
	decodes 'details: SMRR' 0xc000091000000001 <<-'END'
	details   SMRR 1
	END
	decodes 'details: SMRR and CMR' 0xc000091200001f01 <<-'END'
	details   SMRR 1, CMR 31
	END
	decodes 'details: TDMR' 0xc0000a000000003f <<-'END'
	details   TDMR 63
	END
	decodes 'details: TDMR and PAMT level' 0xc0000a1000000204 <<-'END'
	details   TDMR 4, its 1G PAMT
	END
	decodes 'details: PAMT overlap' 0xc0000a1200050003 <<-'END'
	details   4K PAMT of TDMR 3, against TDMR 5
	END
	decodes 'details: reserved area' 0xc0000a2100000f07 <<-'END'
	details   TDMR 7, reserved area 15
	END
	decodes 'details: Secure EPT level' 0xc0000b0b00000001 <<-'END'
	details   level 1 (2 MiB)
	END
	decodes 'details: L2 VM and level' 0xc0000b0f00030002 <<-'END'
	details   L2 VM 3, level 2 (1 GiB)
	END
	decodes 'details: a limit' 0xc000082500000800 <<-'END'
	details   the limit is 2048
	END
	decodes 'details: an operand that is not in the list' \
		0x80000200000000ff <<-'END'
	details   operand id 255, which is not in the list
	END
	decodes 'details: KET, the busy key engine' 0x80000200000000bb <<-'END'
	details   operand KET (id 187)
	END
	decodes 'details: of a status that has none' 0x8000020200000007 <<-'END'
	details   0x7, which this status does not define
	END
	decodes 'details: VMX exit reason' VP.ENTER 0x4d <<-'END'
	leaf      TDH.VP.ENTER (0, 0x0)
	details   VMX exit reason 77, TDCALL
	END
	decodes 'details: exit reason of a TD that cannot go on' \
		0 0x6000000200000002 <<-'END'
	status    TDX_NON_RECOVERABLE_TD (0x6000000200000002)
	details   VMX exit reason 2, TRIPLE_FAULT
	END
	decodes 'details: CPUID leaf and values from registers' \
		33 0xc000090000000000 rcx=0x0000000100000007 \
		rdx=0x0000000200000001 r8=0 r9=0x00000002000000ff r10=0 <<-'END'
	cpuid     leaf 0x7, subleaf 0x1
	          EAX & 0x1 must be 0xff
	          EBX & 0x2 must be 0x2
	END
	decodes 'details: CPUID masks alone, no subleaf' \
		35 0xc000090200000000 RCX=18446744069414584321 R8=15 <<-'END'
	cpuid     leaf 0x1
	          ECX & 0xf
	END
	decodes 'a leaf with its version' 0x10016 0 <<-'END'
	leaf      TDH.VP.INIT (22, 0x16), version 1
	END
	decodes 'a leaf that no list has' 42 0x8000020300000000 <<-'END'
	leaf      42, which this list does not know
	END
	decodes '16 digits without 0x are hex' 33 8000020300000000 <<-'END'
	status    TDX_RND_NO_ENTROPY (0x8000020300000000)
	          tdx_host makes this call again by itself before it gives up
	END
	decodes 'hex digits without 0x, in capitals' C000050500000000 <<-'END'
	status    TDX_SYS_NOT_READY (0xc000050500000000)
	END
	decodes 'a P-SEAMLDR status by the name of its function' \
		SEAMLDR.INSTALL 0x8000000000030001 <<-'END'
	leaf      SEAMLDR.INSTALL of the P-SEAMLDR
	END
	decodes 'a P-SEAMLDR status by the number of its function' \
		0x8000000000000000 0x8000000000020000 <<-'END'
	leaf      0x8000000000000000 of the P-SEAMLDR, SEAMLDR.INFO
	meaning   the signature of the TDX module is not valid
	END

	run decode 33 0xc0000a0100000002
	case $out in
	*'makes this call again'*)
		why "a status that is not retried: $out"
	esac
	verdict 'a status that is not retried is not said to be'

	run decode 0xc0000fff00000000
	exits 1
	says 'status    0xc0000fff00000000'
	case $out in
	*'unknown   '*)
		;;
	*)
		why "$out"
	esac
	verdict 'an unknown status: exit 1, and its bits all the same'

	run decode SEAMLDR.INFO 0x8000000000070000
	exits 1
	verdict 'an unknown P-SEAMLDR status: exit 1'
}

refusals()
{
	refuses 'completion status' decode
	refuses "''" decode ''
	refuses leaf decode '' 0
	refuses '0x1g' decode 0x1g
	refuses '0x' decode 0x
	refuses 'TDX_SYS_BUSY!' decode 'TDX_SYS_BUSY!'
	refuses '1 2' decode '1 2'
	refuses "-" decode -
	refuses '--5' decode --5
	refuses 18446744073709551616 decode 18446744073709551616
	refuses -9223372036854775809 decode -9223372036854775809
	refuses 0x10000000000000000 decode 0x10000000000000000
	refuses TDH.NO.SUCH decode TDH.NO.SUCH 0
	refuses 0xc000090000000000 decode 0xc000090000000000 33
	refuses third decode 1 2 third
	refuses rsp=1 decode 1 2 rsp=1
	refuses 'rcx=' decode 1 2 rcx=
	refuses 0xzz decode 1 2 rcx=0xzz
	refuses frobnicate frobnicate
	refuses --sysfs status --sysfs
	refuses /nonexistent status --sysfs /nonexistent
	refuses now status now
	refuses x leaves x
	refuses x statuses x
	refuses x --help x

	run
	exits 2
	case $err in
	'usage: '*)
		;;
	*)
		why "$err"
	esac
	verdict 'no command: usage on stderr, exit 2'
	run decode 0x18446744073709551615a
	exits 2
	verdict 'too many hex digits: exit 2'
	run decode 0x000000000000000000008000020200000000
	exits 0
	says 'status    TDX_SYS_BUSY (0x8000020200000000)'
	verdict 'leading zeros do not count'
}

# state STATE - a sysfs directory in that state
state()
{
	rm -rf "$tmp/sysfs"
	mkdir -p "$tmp/sysfs/keyid"
	echo "$1" > "$tmp/sysfs/state"
}

reports()
{
	dir=$tmp/sysfs

	state ready
	echo 1.5.01 > "$dir/version"
	echo 744 > "$dir/build_num"
	echo 0xf0fbf > "$dir/features0"
	echo 0-3 > "$dir/cpus_ready"
	echo 8396820 > "$dir/pamt_kb"
	echo 64 > "$dir/tdmr_count"
	echo 2147483648 > "$dir/tdx_memory_kb"
	echo 512 > "$dir/unusable_memory_kb"
	echo 31 > "$dir/keyid/mktme_count"
	echo 32 > "$dir/keyid/global"
	echo 33 > "$dir/keyid/guest_start"
	echo 31 > "$dir/keyid/guest_count"
	echo 30 > "$dir/keyid/guest_free"
	run status --sysfs "$dir"
	exits 0
	quiet
	says 'state            ready'
	says 'TDX module       1.5.01, build 744'
	says 'CPUs ready       0-3'
	says 'shared KeyIDs    31'
	says 'global KeyID     32'
	says 'guest KeyIDs     31 from 33, 30 free'
	says 'PAMT             8.0 GiB'
	says 'TDX memory       2.0 TiB'
	says 'other memory     512 KiB not usable for TDX'
	verdict 'status: ready, everything there'

	state detected
	run status --sysfs "$dir/"
	exits 0
	quiet
	says "  echo 1 > $dir/enable"
	case $out in
	*module*|*PAMT*|*'last error'*)
		why "says what it cannot know: $out"
	esac
	verdict 'status: detected, no values yet, says how to go on'

	state initializing
	echo '37 % 12 GiB' > "$dir/progress"
	run status --sysfs "$dir"
	exits 0
	says 'progress         37 % 12 GiB'
	verdict 'status: initializing, with progress'

	state failed
	echo 'TDH.SYS.LP.INIT on CPU 3: TDX_RND_NO_ENTROPY' > "$dir/last_error"
	run status --sysfs "$dir"
	exits 1
	says 'last error       TDH.SYS.LP.INIT on CPU 3: TDX_RND_NO_ENTROPY'
	says "  echo 1 > $dir/enable"
	verdict 'status: failed, with the error and the way on'

	state unsupported
	run status --sysfs "$dir"
	exits 1
	case $out in
	*'SEAM Loader'*)
		;;
	*)
		why "$out"
	esac
	verdict 'status: unsupported, names the BIOS settings'

	state disabled
	run status --sysfs "$dir"
	exits 1
	case $out in
	*use_tdx=on*)
		;;
	*)
		why "$out"
	esac
	verdict 'status: disabled, names the parameter'

	state melted
	run status --sysfs "$dir"
	exits 1
	case $out in
	*"'melted'"*)
		;;
	*)
		why "$out"
	esac
	verdict 'status: a state from a newer module is not an accident'

	if [ ! -e /sys/devices/platform/tdx_host ]; then
		run status
		exits 1
		quiet
		case $out in
		*'not loaded'*)
			;;
		*)
			why "$out"
		esac
		verdict 'status: the module is not loaded'
	fi
}

generator()
{
	gen=$top/scripts/gen-tdx-host
	for args in '' '1.0' '1.0 /nonexistent /nonexistent' \
		    "a/b $top/scripts/tdx-host.in $top/include/tdx_host"; do
		# shellcheck disable=SC2086 # words on purpose
		PATH="$tmp/$awk:$PATH" "$gen" $args > "$tmp/out" 2> "$tmp/err"
		code=$?
		out=$(cat "$tmp/out")
		exits 2
		if [ -n "$out" ] || [ ! -s "$tmp/err" ]; then
			why "gen-tdx-host $args: $out"
		fi
	done
	verdict 'generator: refuses bad arguments'

	mkdir -p "$tmp/broken"
	cp "$top"/include/tdx_host/*.def "$tmp/broken"
	sed 's/^TDX_LEAF(SYS_RD, 34, /TDX_LEAF(SYS_RD, /' \
		"$top/include/tdx_host/leaves.def" > "$tmp/broken/leaves.def"
	if PATH="$tmp/$awk:$PATH" "$gen" 1.0 "$top/scripts/tdx-host.in" \
			"$tmp/broken" > "$tmp/out" 2> "$tmp/err"; then
		why 'took an entry with three arguments'
	fi
	if ! grep -q 'leaves\.def:[0-9]*: .*SYS_RD' "$tmp/err"; then
		why "did not name it: $(cat "$tmp/err")"
	fi
	verdict 'generator: names the entry that it cannot read'

	sed '/^@TABLES@$/d' "$top/scripts/tdx-host.in" > "$tmp/broken/in"
	if PATH="$tmp/$awk:$PATH" "$gen" 1.0 "$tmp/broken/in" \
			"$top/include/tdx_host" > "$tmp/out" 2> "$tmp/err"; then
		why 'took a text without @TABLES@'
	fi
	verdict 'generator: refuses a text without a place for the tables'

	PATH="$tmp/$awk:$PATH" "$gen" 9.8.7 "$top/scripts/tdx-host.in" \
		"$top/include/tdx_host" > "$tmp/generated" 2> "$tmp/err" ||
		why "$(cat "$tmp/err")"
	sed "s/^version='.*'/version='9.8.7'/" "$tool" |
		diff - "$tmp/generated" >> "$tmp/why"
	verdict 'generator: makes the tool under test'

	run --version
	exits 0
	says "tdx-host $(sed -n 's/^## \[\([0-9][^]]*\)\].*/\1/p' \
		"$top/CHANGELOG.md" | head -n 1)"
	verdict 'the version is the newest of the changelog'

	run --help
	exits 0
	quiet
	for word in decode status leaves statuses --version --sysfs; do
		case $out in
		*"$word"*)
			;;
		*)
			why "--help does not mention $word"
		esac
	done
	verdict 'help names every command'
}

# one_awk NAME COMMAND... - make it the awk of the tool; no if it is not there
one_awk()
{
	awk=$1
	shift
	if ! _path=$(command -v "$1"); then
		return 1
	fi
	shift
	mkdir -p "$tmp/$awk"
	printf '#!/bin/sh\nexec %s "$@"\n' "$_path${1:+ $1}" > "$tmp/$awk/awk"
	chmod +x "$tmp/$awk/awk"
}

: > "$tmp/why"
tool=${1:-}
if [ -z "$tool" ]; then
	make -s -f "$top/scripts/Makefile.tools" OUT="$tmp/build" || exit 2
	tool=$tmp/build/tools/tdx-host
fi
"${CC:-cc}" -std=gnu11 -Wall -Wextra -I "$top/include/tdx_host" \
	-o "$tmp/list-entries" "$here/list.c" || exit 2
"$tmp/list-entries" > "$tmp/list" || exit 2

for try in 'mawk mawk' 'gawk gawk' 'busybox busybox awk' \
	   'original-awk original-awk'; do
	# shellcheck disable=SC2086 # words on purpose
	one_awk $try || continue
	lists
	texts
	field_cases
	detail_cases
	refusals
	reports
	generator
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
