# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034 # scenarios read qemu_pid
#
# qemu.sh - guests of QEMU (--guest-qemu), for scenarios to source
#
# A guest is a TD ("td") or an ordinary one ("vm"), and has a name. What it says
# on its debug console is in /tmp/NAME.said, and what QEMU says in /tmp/NAME.err.

TD_MACHINE=q35,kernel-irqchip=split,confidential-guest-support=tdx

# qemu_words td|vm NAME - the options that it needs
qemu_words()
{
	rm -f "/tmp/$2.said"
	case $1 in
	td)	echo "-object tdx-guest,id=tdx -machine $TD_MACHINE" ;;
	vm)	echo "-machine q35" ;;
	esac
	echo "-accel kvm -cpu host -m 64M -nodefaults -no-user-config"
	echo "-display none -bios /qemu/firmware -debugcon file:/tmp/$2.said"
}

# qemu_runs td|vm NAME [OPTION...] - run a guest until it switches itself off;
# returns the status of QEMU
qemu_runs()
{
	_name=$2
	_words=$(qemu_words "$1" "$2")
	shift 2
	# shellcheck disable=SC2086 # words
	timeout 120 qemu-system-x86_64 $_words "$@" >"/tmp/$_name.err" 2>&1 || {
		_status=$?
		cat "/tmp/$_name.err"
		return $_status
	}
}

# qemu_holds td|vm NAME [OPTION...] - start a guest that waits until qemu_goes,
# once it has said what it is; sets qemu_pid
qemu_holds()
{
	_name=$2
	_words=$(qemu_words "$1" "$2")
	shift 2
	rm -f "/tmp/$_name.go"
	mkfifo "/tmp/$_name.go"
	# shellcheck disable=SC2086 # words
	qemu-system-x86_64 $_words -serial "pipe:/tmp/$_name.go" "$@" \
		>"/tmp/$_name.err" 2>&1 &
	qemu_pid=$!
	within 120 qemu_said "$_name" || {
		cat "/tmp/$_name.err"
		return 1
	}
}

# qemu_goes NAME - let it go on
qemu_goes()
{
	echo >"/tmp/$1.go"
}

# qemu_said NAME - print what the guest has said; fails if that was nothing yet
qemu_said()
{
	[ -s "/tmp/$1.said" ] && cat "/tmp/$1.said"
}
