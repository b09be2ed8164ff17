# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034 # what scenarios compare with
#
# tdcall.sh - TDCALLs and the emulator that answers them, for scenarios

TD=/sys/kernel/debug/tdx_emul_td
TDCALL=/sys/kernel/debug/tdx_tdcall_test

OK=0x0000000000000000
UD=0x8000ff0100000006
# OPERAND_INVALID and OPERAND_BUSY with an operand id.
RAX=0xc000010000000000
RCX=0xc000010000000001
RDX=0xc000010000000002
R8=0xc000010000000008
RCX_BUSY=0x8000020000000001
RTMR_BUSY=0x80000200000000a8

# td LINE - a command for the emulator
td()
{
	echo "$*" >"$TD/control"
}

# counted NAME - a counter of the emulator
counted()
{
	_n=$(sed -n "s/^$1 //p" "$TD/stats")
	echo "${_n:-0}"
}

# of FILE NAME - the value of NAME in a file with a name and a value on each
# line
of()
{
	_c="
$(cat "$1")
"
	_v=${_c#*"
$2 "}
	[ "$_v" = "$_c" ] || echo "${_v%%"
"*}"
}

# hex64 NUMBER - the number as the files show it. The shell's arithmetic has 63
# bits: greater numbers are given with all their digits.
hex64()
{
	case $1 in
	0x????????????????)	echo "$1" ;;
	*)			printf '0x%016x' "$(($1))" ;;
	esac
}

# are TEXT FILE PREFIX REG=VALUE... - check the lines "PREFIXREG VALUE" of a
# file
are()
{
	_what=$1 _prefix=$3
	_all="
$(cat "$2")
"
	shift 3
	for _r; do
		_got=${_all#*"
$_prefix${_r%%=*} "}
		check_is "$_what: $_prefix${_r%%=*}" "$(hex64 "${_r#*=}")" \
			"${_got%%"
"*}"
	done
}
