# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # sourced after tdx.sh
#
# bringup.sh - functions for scenarios that bring TDX up many times
#
# Where possible, files are read without starting a program: under TCG a process
# takes longer than a bring-up.

# first FILE - sets line, its first line
first()
{
	line=
	read -r line <"$1" || [ -n "$line" ]
}

# ask 1|0 - write that to enable; prints "ok" or the error of write()
ask()
{
	# dash reports every failed write as an I/O error.
	if _w=$(busybox sh -c "echo $1 >'$TDX/enable'" 2>&1); then
		echo ok
	else
		echo "${_w##*: }"
	fi
}

# is_ready - tdx_host is ready, and the TDX module agrees in every respect
is_ready()
{
	first "$TDX/state"
	if [ "$line" != ready ]; then
		echo "state is $line: $(value last_error)"
		return 1
	fi
	if first "$TDX/last_error"; then
		echo "ready, and last_error still says: $line"
		return 1
	fi
	first "$TDX/tdmr_count"
	while read -r _key _val; do
		case $_key in
		state)		_state=$_val ;;
		tdmrs)		_tdmrs=$_val ;;
		tdmrs_done)	_done=$_val ;;
		esac
	done <"$EMUL/stats"
	# 3 is SYS_READY.
	if [ "$_state $_tdmrs $_done" != "3 $line $line" ] ||
	   [ "$line" = 0 ]; then
		echo "the TDX module is in state $_state, with $_done of" \
			"$_tdmrs TDMRs done; tdmr_count is $line"
		return 1
	fi
}

# gets_ready - bring-up succeeds
gets_ready()
{
	if ! echo 1 >"$TDX/enable"; then
		echo "enable fails: $(value last_error)"
		return 1
	fi
	is_ready
}

# fresh_module - shut the TDX module (version=2.0) down and load a new one, as
# an update does
fresh_module()
{
	if ! echo 0 >"$TDX/enable"; then
		echo "disable fails: $(value last_error)"
		return 1
	fi
	emul module fresh
}

# users - how many references keep tdx_host loaded
users()
{
	cat /sys/module/tdx_host/refcnt
}

# untouched - nothing has changed memory that belongs to the TDX module
untouched()
{
	cat "$EMUL/verify"
	[ "$(cat "$EMUL/verify")" = "pages_corrupt 0" ] &&
		[ "$(counter pamt_corrupt)" = 0 ]
}

# covered_kb - KiB of address space that the TDMRs cover
covered_kb()
{
	_kb=0
	while read -r _what _base _size _rest; do
		[ "$_what" != tdmr ] || _kb=$((_kb + _size / 1024))
	done </sys/kernel/debug/tdx_host/tdmrs
	echo "$_kb"
}

# ram_kb - KiB of System RAM, counting whole pages
ram_kb()
{
	_kb=0
	while IFS=' -' read -r _from _to _colon _name; do
		case $_name in
		"System RAM")
			_from=$(((0x$_from + 4095) / 4096))
			_to=$(((0x$_to + 1) / 4096))
			[ "$_to" -le "$_from" ] ||
				_kb=$((_kb + (_to - _from) * 4)) ;;
		esac
	done </proc/iomem
	echo "$_kb"
}

# one_percent A B - A and B differ by at most one per cent
one_percent()
{
	echo "$1 and $2"
	_d=$(($1 - $2))
	[ "$2" -gt 0 ] && [ $((${_d#-} * 100)) -le "$2" ]
}
