#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# tdx-host - what the TDX host says, in words
#
# Self-contained: the lists of leaves, statuses and operand ids are inside, so
# that a status from another machine's log can be decoded anywhere. Needs a
# POSIX shell and awk. Every awk computes in double precision, which holds
# 53 bits: 64-bit values are strings of 16 hex digits throughout.

set -eu

version='@VERSION@'
sysfs=/sys/devices/platform/tdx_host

# One row a line, columns parted by tabs: see gen-tdx-host and tables.
tables()
{
	cat <<'TABLES'
@TABLES@
TABLES
}

usage()
{
	cat <<EOT
usage: tdx-host decode [LEAF] STATUS [REGISTER=VALUE]...
       tdx-host status [--sysfs DIR]
       tdx-host leaves
       tdx-host statuses
       tdx-host --help | --version

decode    say in words what a SEAMCALL or TDCALL returned: the completion
          status, what its details point at, what it means and what to do. LEAF
          is a number or a name (33, 0x21, TDH.SYS.INIT, sys_init), of TDCALL
          with TDG. before it (TDG.4, TDG.0x4, TDG.MR.REPORT, tdg_mr_report).
          Values are hex or decimal; 16 digits without 0x are hex, as the
          kernel prints them. REGISTER is rcx, rdx, r8, r9 or r10: what the
          call returned there
status    report what the loaded tdx_host module knows, and what to do next.
          DIR is read instead of $sysfs
leaves    list every leaf, SEAMCALL and TDCALL: number, name, statuses after
          which tdx_host makes the call again
statuses  list every completion status: value, name, meaning

exit status: 0 done; 1 unknown status, or TDX is not usable; 2 bad usage
EOT
}

# bad TEXT... - a sentence that names what is wrong and how to cure it
bad()
{
	printf 'tdx-host: %s\n' "$*" >&2
	exit 2
}

decode()
{
	case $# in
	0)
		bad 'decode needs a completion status;' \
		    'try: tdx-host decode TDH.SYS.INIT 0x8000020200000000'
	esac
	leaf=
	case $# in
	1)
		;;
	*)
		case $2 in
		*=*)
			;;
		*)
			leaf=$1
			if [ -z "$leaf" ]; then
				bad "the leaf is empty; give a number or a" \
				    "name of 'tdx-host leaves', or leave it out"
			fi
			shift
		esac
	esac
	status=$1
	shift
	registers=
	for pair in "$@"; do
		case $pair in
		[Rr][CcDd][Xx]=?*|[Rr][89]=?*|[Rr]10=?*)
			registers="$registers $pair"
			;;
		*=*)
			bad "'$pair' names no output register with a value;" \
			    "give rcx=, rdx=, r8=, r9= or r10= and a number"
			;;
		*)
			bad "'$pair' is one argument too many; give one leaf" \
			    "and one status, then registers as rcx=VALUE"
		esac
	done

	tables | LEAF=$leaf STATUS=$status REGISTERS=$registers awk -F '\t' '
@DECODE@
	'
}

leaves()
{
	tables | awk -F '\t' '
	$1 == "L" || $1 == "G" {
		retry = $1 == "G" || $5 == "0" ? "-" : tolower($5)
		gsub(/tdx_retry_/, "", retry)
		gsub(/\|/, " ", retry)
		printf "%3d 0x%02x  %-26s %s\n", $3, $3, $4, retry
	}'
}

statuses()
{
	tables | awk -F '\t' '
	$1 == "S" { printf "0x%s  TDX_%-38s %s\n", $3, $2, $5 }'
}

@STATUS@

if [ $# -eq 0 ]; then
	usage >&2
	exit 2
fi
command=$1
shift
case $command in
decode)
	decode "$@"
	;;
status)
	status "$@"
	;;
leaves|statuses|-h|--help|-V|--version)
	if [ $# -gt 0 ]; then
		bad "'$1' is one argument too many; '$command' takes none"
	fi
	case $command in
	leaves)
		leaves
		;;
	statuses)
		statuses
		;;
	-h|--help)
		usage
		;;
	*)
		echo "tdx-host $version"
	esac
	;;
*)
	bad "'$command' is no command; give decode, status, leaves or" \
	    "statuses, or ask 'tdx-host --help'"
esac
