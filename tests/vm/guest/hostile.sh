# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # sourced after tdx.sh
#
# hostile.sh - lives of tdx_host under a TDX module that lies, one for each
# seed. Sourced after bringup.sh and life.sh; tdx_host is not loaded.

# Bring-up has patience for 5 s with a GiB that makes no progress, shutdown for
# 10 s with TDH.SYS.DISABLE, and tdx_consumer for 60 s with what a TD is torn down
# by; what comes on top is the machine, which may be slow, by a clock that may be
# fast. In hundredths of a second.
BRING_UP_LIMIT=$((500 + 500 * clock))
SHUTDOWN_LIMIT=$((1000 + 500 * clock))
TD_LIMIT=$((6000 + 1500 * clock))

# now - sets now, in hundredths of a second, without starting a process
now()
{
	read -r _up _ </proc/uptime
	now=${_up%.*}${_up#*.}
}

# in_time LIMIT NAME COMMAND... - run it, and complain if it takes too long. Sets
# status.
in_time()
{
	_limit=$1
	_name=$2
	shift 2
	now
	_begin=$now
	status=0
	"$@" 2>/dev/null || status=$?
	now
	_took=$((now - _begin))
	[ "$_took" -le "$longest" ] || { longest=$_took; longest_of="$_name, seed $seed"; }
	[ "$_took" -le "$_limit" ] ||
		complain "$_name took $_took hundredths of a second"
}

enable()
{
	echo 1 >"$TDX/enable"
}

disable()
{
	echo 0 >"$TDX/enable"
}

# hostile_life - from load to unload, with a TD if TDX comes up
hostile_life()
{
	modprobe tdx_host || complain "tdx_host does not load"
	in_time $BRING_UP_LIMIT "bring-up" enable
	first "$TDX/state"
	case $line.$status in
	ready.0)
		ready=$((ready + 1))
		# It fails with the TD, which is its module's to say.
		in_time $TD_LIMIT "the life of a TD" modprobe tdx_consumer
		[ ! -d /sys/module/tdx_consumer ] || rmmod tdx_consumer
		take_keyids ;;
	failed.*)
		in_words || complain "bring-up fails without a word" ;;
	*)
		complain "bring-up ends with status $status, and state $line" ;;
	esac
	in_time $SHUTDOWN_LIMIT "shutdown" disable
	first "$TDX/state"
	case $line.$status in
	detected.0|failed.0)
		;;
	*)
		in_words || complain "shutdown fails without a word" ;;
	esac
	# Once it is honest, all can be had back.
	emul hostile 0
	disable 2>/dev/null || complain "cannot be shut down: $(value last_error)"
	rmmod tdx_host || complain "tdx_host cannot be unloaded"
}

# hostile_these SEED... - a life under each of these seeds. Sets ready, how often
# TDX came up, and longest, what took longest
hostile_these()
{
	bad=0 ready=0 longest=0 longest_of=''
	for seed in "$@"; do
		life="seed $seed"
		emul hostile "$seed"
		hostile_life
		[ "$bad" -lt 20 ] || return
	done
	[ "$bad" = 0 ]
}

# hostile_in_parts FROM TO STEP - the same, a check for each STEP
hostile_in_parts()
{
	_from=$1
	while [ "$_from" -le "$2" ]; do
		_to=$((_from + $3 - 1))
		# shellcheck disable=SC2046 # numbers
		check "seeds $_from to $_to: refused in words or harmless, in time" \
			hostile_these $(seq "$_from" $_to) || return
		note "$ready came up; $longest hundredths of a second: $longest_of"
		_from=$((_from + $3))
	done
}
