# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # scripts/demo sets bold and plain
#
# acts.sh - the acts of scripts/demo. Sourced in the guest.

# shellcheck source=SCRIPTDIR/../vm/guest/tdx.sh
. /vm/tdx.sh

BUSY=0x8000020200000000	# TDX_SYS_BUSY

# title TEXT / say TEXT - what the next lines are about
title()
{
	printf '\n%s== %s ==%s\n' "$bold" "$*" "$plain"
}

say()
{
	printf '%s\n' "$*"
}

# do_it COMMAND - a line as somebody would type it, and what it prints
do_it()
{
	printf '%s# %s%s\n' "$bold" "$1" "$plain"
	eval "$1"
}

# must TEXT COMMAND... - the demo is over where this is not so
must()
{
	_text=$1
	shift
	"$@" >/tmp/must 2>&1 && return
	cat /tmp/must
	say "demo: this should have been: $_text"
	exit 1
}

state_is()
{
	must "state $1" test "$(value state)" = "$1"
}

# kernel_said - dmesg since the last call, tdx_host's lines, level and all
kernel_said()
{
	dmesg -r | sed -n "$((${_seen:-0} + 1)),\$p" >/tmp/said
	_seen=$((${_seen:-0} + $(wc -l </tmp/said)))
	grep 'tdx_host:' /tmp/said | grep -v 'taint' |
		sed -E 's/^<[0-9]+>\[ *[0-9.]+\] /   dmesg: /'
}

# watch - state and progress as sysfs shows them, each time one changes, until
# TDX is ready or failed
watch()
{
	_state='' _progress=''
	while :; do
		read -r _s <"$TDX/state"
		if [ "$_s" != "$_state" ]; then
			say "   state: $_s"
			_state=$_s
			: >/tmp/watching
		fi
		case $_s in
		ready|failed)	return ;;
		initializing)
			_p=$(value progress)
			if [ -n "$_p" ] && [ "$_p" != "$_progress" ]; then
				say "   progress: $_p"
				_progress=$_p
				sleep 0.5
			fi ;;
		esac
	done
}

cd "$TDX/.." || exit 1
kernel_said >/dev/null

title "1. Loading detects, and touches nothing"
do_it 'modprobe tdx_host'
kernel_said
state_is detected
must "no SEAMCALL at load" test "$(counter seamcalls)" = 0
do_it 'cat tdx_host/state'
say "SEAMCALLs made so far: $(counter seamcalls)"
say "What sysfs has (-: not known before the TDX module is up):"
for f in $(find tdx_host/ -type f ! -path '*/power/*' ! -name uevent \
	   ! -name modalias ! -name driver_override | sort); do
	_v=$(cat "$f" 2>/dev/null) || _v=-
	printf '   %-32s %s\n' "$f" "$_v"
done

title "2. A machine without VMX"
must "another machine" new_machine vmx=off
do_it 'modprobe tdx_host init=load'
state_is failed
do_it 'cat tdx_host/state tdx_host/last_error'
must "a sentence about VMX" error_says VMX
kernel_said >/dev/null

title "3. Somebody wants TDX left alone"
must "another machine" new_machine
do_it 'modprobe tdx_host use_tdx=off'
state_is disabled
do_it 'cat tdx_host/state'
kernel_said
must "no SEAMCALL" test "$(counter seamcalls)" = 0
say "SEAMCALLs made: $(counter seamcalls)"

title "4. A busy TDX module: the first five TDH.SYS.INIT return TDX_SYS_BUSY"
must "another machine" new_machine "inject=33:$BUSY:5" tdmr_init_ns=4000000
do_it 'modprobe tdx_host'
state_is detected
watch &
until [ -e /tmp/watching ]; do sleep 0.1; done
do_it 'echo 1 > tdx_host/enable'
wait
state_is ready
must "six TDH.SYS.INIT, five of them busy" test "$(calls 33)" = 6
say "What people see in the log, and below, at debug level, the retries:"
kernel_said >/tmp/lines
grep -v retried /tmp/lines
say "..."
grep retried /tmp/lines
must "TDX_SYS_BUSY survived, at debug level" \
	grep -E '^<7>.*TDH.SYS.INIT.*TDX_SYS_BUSY.*retried 5 times' /tmp/said

title "5. Ready"
do_it 'grep . tdx_host/cpus_ready tdx_host/tdmr_count tdx_host/pamt_kb'
must "all CPUs" test "$(value cpus_ready)" = 0-3
do_it 'tdx-host status'
must "a report" tdx-host status
do_it 'tdx-host decode 33 0x8000020200000000'
must "an explanation" tdx-host decode 33 "$BUSY"
say
say "The module stays now: $(rmmod tdx_host 2>&1)"
state_is ready
kernel_said >/dev/null

title "6. What it is for: a module that makes a TD, runs and destroys it"
do_it 'modprobe tdx_consumer'
dmesg | sed -n 's/^\[ *[0-9.]*\] tdx_consumer: /   dmesg: /p' | tee /tmp/td
must "a TD that leaves nothing behind" grep -qx \
	'   dmesg: TD destroyed: 0 pages, 0 KeyIDs outstanding' /tmp/td
do_it 'rmmod tdx_consumer'
printf '\n%s' "$bold"
say "All of it happened. More: README.md, and tests/vm/run --help$plain"
exit 0
