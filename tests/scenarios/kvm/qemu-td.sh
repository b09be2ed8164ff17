# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: QEMU, as a distribution has it, does not run a TD
# on a stock kernel, or something of the TD is left when it ends or is killed
#
# vm: --kvm-tdx --smp 2 --guest-qemu --emul version=2.0
# shellcheck source=SCRIPTDIR/../../vm/guest/td.sh
. /vm/td.sh
# shellcheck source=SCRIPTDIR/../../vm/guest/qemu.sh
. /vm/qemu.sh

# gone - nobody has KVM open any more
gone()
{
	[ "$(cat /sys/module/kvm_intel/refcnt)" = 0 ]
}

check "KVM is loaded, with TDX" modprobe kvm-intel tdx=1
check_is "it says so" Y "$(cat /sys/module/kvm_intel/parameters/tdx)"
note "$(qemu-system-x86_64 --version | head -n 1)"

for n in 1 2 3; do
	check "TD $n: QEMU exits with status 0" qemu_runs td one
	check_is "TD $n: it said on its debug console" "TD!" "$(qemu_said one)"
	check_is "TD $n: QEMU said nothing" "" "$(cat /tmp/one.err)"
	nothing_left
done
check_is "there were three TDs" 3 "$(calls 9)"
check "one with two VCPUs" qemu_runs td one -smp 2
check_is "it said so" "TD!" "$(qemu_said one)"
check_is "five VCPUs were made" 5 "$(calls 10)"
nothing_left
check "an ordinary guest: QEMU exits with status 0" qemu_runs vm one
check_is "it knows that it is none" "VM!" "$(qemu_said one)"

check "a TD runs" qemu_holds td first
first=$qemu_pid
check "another beside it" qemu_holds td second
second=$qemu_pid
check "and an ordinary guest" qemu_holds vm third
third=$qemu_pid
check_is "they are what they say" "TD! TD! VM!" \
	"$(qemu_said first) $(qemu_said second) $(qemu_said third)"
check_is "there are two TDs" 2 "$(counter tds)"
check_is "which have two KeyIDs" $(($(value keyid/guest_count) - 2)) \
	"$(value keyid/guest_free)"
qemu_goes first
check "the first ends with status 0" wait "$first"
check_is "one TD is left" 1 "$(counter tds)"

kill -9 "$second"
wait "$second" 2>/dev/null
check_is "the second is killed while its guest runs" 137 $?
qemu_goes third
check "the ordinary guest ends with status 0" wait "$third"
check "KVM has no VM any more" within 60 gone
nothing_left
check "a TD lives after that" qemu_runs td one

check "KVM can be unloaded" rmmod kvm-intel
check "TDX can be shut down then" sh -c "echo 0 >$TDX/enable"
check "and tdx_host be unloaded" rmmod tdx_host
check "no warning" dmesg_lacks 'WARNING|BUG'
check_is "no SEAMCALL met #UD" 0 "$(counter ud)"
sane
