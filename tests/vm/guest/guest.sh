# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# guest.sh - functions for scenarios. Sourced in the guest before the scenario.
#
# A scenario is a file of checks. It fails if a check fails, if it makes no
# check at all, or if it does not get to its end (a syntax error, `exit 1`, `set
# -e`). If it defines a function called cleanup, that runs at its end.

bochs=no
# shellcheck source=/dev/null # run writes it
. /vm/config
vm_passed=0
vm_failed=0
vm_reached=no	# init sets yes when the scenario has come to its end

# pass TEXT, fail TEXT - the result of a check
pass()
{
	vm_passed=$((vm_passed + 1))
	echo "ok - $*"
}

fail()
{
	vm_failed=$((vm_failed + 1))
	echo "not ok - $*"
}

# note TEXT - print something that is not a check
note()
{
	echo "# $*"
}

# check TEXT COMMAND... - passes if the command succeeds; shows what it
# printed if not
check()
{
	vm_text=$1
	shift
	# Not in $( ): the command may be a function that sets variables.
	if "$@" >/tmp/vm_check 2>&1; then
		pass "$vm_text"
	else
		vm_status=$?
		fail "$vm_text"
		echo "# status $vm_status of: $*"
		tail -n 40 /tmp/vm_check | sed 's/^/# /'
		return 1
	fi
}

# check_is TEXT WANT GOT - passes if both are the same string
check_is()
{
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1"
		printf '%s\n' "$2" | sed 's/^/# want: /'
		printf '%s\n' "$3" | sed 's/^/# got:  /'
		return 1
	fi
}

# not COMMAND... - succeeds if the command fails; for use in check
not()
{
	! "$@"
}

# within SECONDS COMMAND... - repeat the command until it succeeds; fails if
# that takes longer
within()
{
	vm_end=$(($(cut -d . -f 1 /proc/uptime) + $1))
	shift
	until "$@"; do
		[ "$(cut -d . -f 1 /proc/uptime)" -lt "$vm_end" ] || return 1
		usleep 50000
	done
}

# dmesg_mark - from here on, ignore what is in the kernel log so far
dmesg_mark()
{
	vm_mark=$((${vm_mark:-0} + 1))
	echo "<7>vm: mark $vm_mark" >/dev/kmsg
}

# dmesg_text [-l LEVEL] - the kernel's messages since the last mark, without
# level and time. LEVEL is a name (err, warn, notice, info, debug) for messages
# of this level only, or a name and "+" for this level and more serious ones.
dmesg_text()
{
	vm_level=debug+
	if [ "$1" = -l ]; then
		vm_level=$2
	fi
	# The number before ">" is facility * 8 + level, and the kernel has
	# facility 0. A line without a number continues the one before.
	dmesg -r | awk -v level="$vm_level" -v mark="${vm_mark:-0}" '
	BEGIN {
		split("emerg alert crit err warn notice info debug", name, " ")
		more = sub(/\+$/, "", level)
		for (i = 1; i <= 8; i++)
			if (name[i] == level)
				want = i - 1
		if (want == "") {
			print "no such level: " level >"/dev/stderr"
			exit 1
		}
		on = mark == 0
	}
	{
		if (match($0, /^<[0-9]+>/)) {
			prio = substr($0, 2, RLENGTH - 2) + 0
			$0 = substr($0, RLENGTH + 1)
			sub(/^\[ *[0-9.]+\]( *\[ *[CT][0-9]+\])? /, "")
			kernel = prio < 8
			if (prio % 8 == 7 && $0 == "vm: mark " mark) {
				on = 1
				next
			}
		}
		if (on && kernel && (prio == want || (more && prio < want)))
			print
	}'
}

# dmesg_has [-l LEVEL] REGEX - prints the messages that match the extended
# regular expression; fails if there are none
dmesg_has()
{
	if [ "$1" = -l ]; then
		dmesg_text -l "$2" | grep -E -e "$3"
	else
		dmesg_text | grep -E -e "$1"
	fi
}

# dmesg_lacks [-l LEVEL] REGEX - prints them too; fails if there are any
dmesg_lacks()
{
	! dmesg_has "$@"
}

# vm_qmp JSON - give QEMU's monitor a command from inside the guest, such as one
# to plug memory or CPUs; prints the reply, and fails if that is an error
vm_qmp()
{
	if [ "$bochs" = yes ]; then
		echo "vm_qmp: Bochs has no monitor" >&2
		return 1
	fi
	printf 'qmp %s\n' "$(printf '%s' "$*" | tr '\n\t' '  ')" >&5
	read -r vm_reply <&5 || return 1
	printf '%s\n' "$vm_reply"
	case $vm_reply in
	'{"return"'*)	return 0 ;;
	*)		return 1 ;;
	esac
}

# vm_later SECONDS JSON - the same after that time, when the guest may be
# asleep, and without a reply
vm_later()
{
	printf 'later %s %s\n' "$1" \
		"$(printf '%s' "$2" | tr '\n\t' '  ')" >&5
}

vm_done()
{
	vm_status=$?
	trap - EXIT
	if command -v cleanup >/dev/null; then
		cleanup
	fi
	if [ "$vm_reached" != yes ] && [ "$vm_status" -ne 0 ]; then
		fail "the scenario runs to its end (status $vm_status)"
	elif [ $((vm_passed + vm_failed)) -eq 0 ]; then
		fail "the scenario checks something"
	fi
	[ "$vm_failed" -eq 0 ] || exit 1
	exit 0
}
trap vm_done EXIT
