# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034,SC3044 # doctor.sh and machine.sh
#
# wait_cases.sh - enable, disable, wait, watch
#
# A write that lasts is one to a FIFO that nobody reads.

machine
for command in enable disable wait; do
	run $command
	check_is "$command, not loaded: exit status" 8 "$code"
	says "$command, not loaded: the cure" 'sudo modprobe tdx_host'
done

ready
file "$sysfs/enable" ''
run enable
check_is 'enable: exit status' 0 "$code"
says 'enable: it says so' 'TDX is ready on CPU 0-3.'
check_is 'enable writes 1' 1 "$(cat "$root/$sysfs/enable")"
run disable
check_is 'disable: exit status' 0 "$code"
check_is 'disable writes 0' 0 "$(cat "$root/$sysfs/enable")"
run enable --json
check_is 'enable, as JSON' 'enable ready 0' \
	"$(json '"\(.command) \(.state) \(.exit)"')"

machine
loaded failed 'TDH.SYS.INIT: TDX_SYS_BUSY: somebody else has it; try again'
mkdir "$root/$sysfs/enable"
run enable
check_is 'enable fails: exit status' 1 "$code"
says 'enable fails: errno and sentence' \
	'(EISDIR). TDH.SYS.INIT: TDX_SYS_BUSY: somebody else has it; try again.'
run enable --json
check_is 'enable fails, as JSON' 'EISDIR failed 1' \
	"$(json '"\(.errno_name) \(.state) \(.exit)"')"
valid 'enable keeps to the schema'

machine
loaded initializing
mkfifo "$root/$sysfs/enable"
run enable --timeout 0.2
check_is 'enable, --timeout: exit status' 9 "$code"
says 'enable, --timeout: it goes on' 'The time is over; initialisation goes on.'
run wait --timeout 0.2
check_is 'wait, --timeout: exit status' 9 "$code"

# interrupted NUMBER COMMAND - the tool, with that signal once it catches it
interrupted()
{
	"$tool" "$2" --root "$root" >"$tmp/out" 2>"$tmp/err" &
	_pid=$!
	_bit=$((1 << ($1 - 1)))
	_caught=0
	# Before exec it is a shell, which may catch signals as well.
	until [ "$(readlink "/proc/$_pid/exe")" = "$tool" ]; do :; done
	while [ $((_caught & _bit)) -eq 0 ]; do
		_caught=$(sed -n 's/^SigCgt:[[:space:]]*/0x/p' \
			"/proc/$_pid/status")
	done
	kill "-$1" "$_pid"
	wait "$_pid"
	code=$?
	out=$(cat "$tmp/out" "$tmp/err")
	said=$(tr -s '\n ' ' ' <"$tmp/out")
}

for number in 2 15; do
	interrupted $number enable
	check_is "enable, signal $number: exit status" 4 "$code"
	says "enable, signal $number: it goes on" \
		'Interrupted; initialisation goes on.'
	interrupted $number wait
	check_is "wait, signal $number: exit status" 4 "$code"
done

# becomes STATE - wait ends with that state, and with its exit status
becomes()
{
	machine
	loaded initializing
	"$tool" wait --root "$root" >"$tmp/out" 2>&1 &
	_pid=$!
	# In one step, since the tool may read at any time.
	echo "$1" >"$root/new"
	mv "$root/new" "$root/$sysfs/state"
	wait "$_pid"
	check_is "wait, until it is $1" "$2" $?
}

becomes ready 0
becomes failed 7
becomes detected 3

machine
loaded initializing
file "$sysfs/progress" 37
mkfifo "$root/$sysfs/enable"
terminal TERM=xterm enable --timeout 0.3
case $out in
*'initialising ['*'##################'*'....'*'] '*' 37 %'*)
	pass 'enable: a bar on a terminal' ;;
*)	fail 'enable: a bar on a terminal'
	echo "$out" | because ;;
esac
terminal TERM=dumb enable --timeout 0.3
check_is 'enable: no bar on a dumb terminal' '' "$(grep initialising "$tmp/out")"
run enable --timeout 0.3
check_is 'enable: no bar without a terminal' '' "$(grep initialising "$tmp/out")"
run wait --timeout soon
check_is 'a wrong --timeout is refused' 2 "$code"

# watch: the counters grow while it looks.
machine
ready
run watch --timeout 0.3
check_is 'watch: exit status' 0 "$code"
says 'watch: nothing happens' 'state ready progress 100 % no SEAMCALL in this time'
"$tool" watch --root "$root" --timeout 1.5 --json >"$tmp/out" 2>&1 &
pid=$!
# It read the counters before it began to wait.
until grep -q '^poll' "/proc/$pid/wchan" || ! kill -0 $pid; do :; done
{
	cat "$root/$debugfs/seamcalls"
	echo 'TDH.VP.ENTER 1000 20 3 | 0 600 380 20 0 0 0 0 0 0 0 0 0 0 0 0'
	echo 'TDH.MNG.INIT 2 0 0 | 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 2'
	# Cut off: it does not count.
	echo 'TDH.VP.FLUSH 1000 0 0'
} >"$root/new"
mv "$root/new" "$root/$debugfs/seamcalls"
wait $pid
check_is 'watch: exit status' 0 $?
check_is 'watch, as JSON: one object a line' 3 "$(jq -c . "$tmp/out" | wc -l)"
valid 'watch keeps to the schema'
check_is 'watch, as JSON: what happened' 'TDH.VP.ENTER 1000 20 3 2 8
TDH.MNG.INIT 2 0 0 null null' "$(json '.leaves // [] | .[] |
	"\(.leaf) \(.calls) \(.transient) \(.errors) \(.half_below_us) \(.p99_below_us)"')"
check_is 'watch, as JSON: calls a second' true "$(json '.leaves // [] | .[0] //
	empty | .per_second > 900 and .per_second < 1001')"
gone "$debugfs"
run watch --timeout 0.1
says 'watch without debugfs says so' 'debugfs is not there, or only root may look'
gone "$sysfs"
run watch --timeout 0.1
says 'watch without tdx_host says so' 'not loaded'
