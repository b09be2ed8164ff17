# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # run sets and reads them
#
# control.sh - start the VM, and be the other end of its control channel until
# it has ended. Sourced by run. guest/init has the channel's messages.

vm_pid='' revive_pid='' tail_pid=''

# start_vm COMMAND... - start it in the background; converse hears of its end
#
# Both FIFOs are also held open here, so that their readers come to an end even
# if the VM never opens them. The process ID of the command is in $tmp/pid.
start_vm()
{
	if [ "$mode" = shell ]; then
		exec 3<&0 4>&1 5>&2
	else
		exec 3</dev/null 4>"$tmp/vm.log" 5>&4
	fi
	{
		"$@" <&3 >&4 2>&5 8>&- &
		echo $! >"$tmp/pid"
		_rc=0
		wait $! || _rc=$?
		echo "ended $_rc"
	} >"$tmp/ctl.out" 8>"$tmp/out" &
	vm_pid=$!
}

# stop_vm - kill it, if it is still running
stop_vm()
{
	[ -n "$vm_pid" ] || return 0
	# The subshell that started the VM would wait for a reader of "ended".
	cat <"$tmp/ctl.out" >/dev/null &
	_reader=$!
	while [ ! -s "$tmp/pid" ]; do
		sleep 0.1
	done
	kill "$(cat "$tmp/pid")" 2>/dev/null || :
	wait "$vm_pid" || :
	kill "$_reader" 2>/dev/null || :
}

# qmp JSON - give QEMU's monitor a command; prints the reply
#
# The VM may have ended: no reply is waited for without end.
qmp()
{
	timeout 60 "$vm_dir/qmp" "$tmp" "$1" || :
}

# answer JSON - give the monitor a command of the guest's, and the guest the
# reply
answer()
{
	# The channel of Bochs goes one way only; guest.sh knows that.
	if [ "$bochs" = no ]; then
		qmp "$1" 1<>"$tmp/ctl.in"
	fi
}

# later SECONDS JSON - give the monitor a command while the guest cannot
later()
{
	sleep "$1"
	qmp "$2" </dev/null >"$tmp/later"
}

# converse - read the control channel until the VM has ended
#
# start_vm writes the last line, "ended STATUS".
converse()
{
	_up=no
	while read -r _verb _rest; do
		case $_verb in
		up)	_up=yes ;;
		exit)	status=$_rest ;;
		fail)	failure=$_rest ;;
		qmp)	answer "$_rest" ;;
		later)	later "${_rest%% *}" "${_rest#* }" & ;;
		ended)
			ended=$_rest
			break ;;
		esac
	done <"$tmp/ctl.out"
}

# said REGEX - how many lines of the console match
said()
{
	grep -c "$1" "$tmp/console" || :
}

# revive - reset the machine when its kernel hangs before it reaches userland
#
# TCG at times keeps executing code that the kernel has since patched (an INT3,
# for ever). A kernel that starts on a machine that was reset cannot hang
# because of this tree, of which nothing is loaded yet. One that kexec has
# started can, so boot_once does not call this then.
revive()
{
	trap 'kill "$_sleep"; exit' TERM
	_was=
	while :; do
		sleep 60 &
		_sleep=$!
		wait "$_sleep"
		_now=$(stat -c %s "$tmp/console")
		if [ "$_now" = "$_was" ] &&
		   [ "$(said 'Linux version')" -gt "$(said 'vm: userland reached')" ]
		then
			note "the kernel hangs before userland: the VM is reset"
			qmp '{"execute": "system_reset"}' </dev/null \
				>"$tmp/revive"
		fi
		_was=$_now
	done
}

stop_reviving()
{
	[ -z "$revive_pid" ] || kill "$revive_pid" 2>/dev/null || :
	revive_pid=
}

# boot_once - start the VM and follow it to its end
boot_once()
{
	status='' failure='' ended=''
	rm -f "$tmp/ctl.in" "$tmp/ctl.out" "$tmp/qmp.in" "$tmp/qmp.out" \
		"$tmp/out" "$tmp/pid"
	mkfifo "$tmp/ctl.in" "$tmp/ctl.out" "$tmp/qmp.in" "$tmp/qmp.out" \
		"$tmp/out"
	: >"$tmp/console"
	if [ "$verbose" = yes ] && [ "$mode" != shell ] &&
	   [ -z "$tail_pid" ]; then
		tail -s 0.2 -c +1 -f --pid=$$ "$tmp/console" >&2 &
		tail_pid=$!
	fi
	if [ "$bochs" = yes ]; then
		bochs_start
	else
		qemu_start
	fi
	tee "$tmp/said" <"$tmp/out" &
	tee_pid=$!
	if [ "$bochs" = no ] && [ "$kexec" = no ] && [ "$mode" != shell ]; then
		revive &
		revive_pid=$!
	fi
	converse
	vm_pid=
	wait "$tee_pid" || :
	stop_reviving
}

# boot - boot the VM, twice if need be
#
# Before userland nothing of this tree is loaded, so a kernel that dies there
# says nothing about the tree. Emulated CPUs that patch their own code (static
# keys) under load do make kernels die at times, and a CPU may be left without
# its timer (guest/init). What QEMU refuses it would refuse again.
boot()
{
	boot_once
	if [ "$_up" = no ] && [ "$mode" != shell ] && [ "$bochs" = no ] &&
	   [ "$ended" != 124 ] && [ "$ended" != 137 ] && ! refused; then
		note "the VM did not reach userland (status $ended): once again"
		show_console 40
		boot_once
	fi
	[ -z "$tail_pid" ] || { sleep 0.3; kill "$tail_pid" 2>/dev/null || :; }
	[ -z "$log" ] || cp "$tmp/console" "$log"
}
