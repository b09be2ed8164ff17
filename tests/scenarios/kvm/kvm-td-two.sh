# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # guest.sh and tdx.sh are sourced before
#
# what would break for a user: TDs of KVM are in the way of each other, of an
# ordinary guest, or of a CPU that goes offline under them
#
# vm: --kvm-tdx --smp 2 --emul version=2.0
# shellcheck source=SCRIPTDIR/../../vm/guest/td.sh
. /vm/td.sh

# opened NAME - what writes to that file is open
opened()
{
	grep -qx open "/tmp/$1"
}

# ran NAME PID - it has come to its end, and says that all was well
ran()
{
	wait "$2" || { cat "/tmp/$1"; return 1; }
	grep '^ok' "/tmp/$1"
}

# offline_and_online - CPU 1, under what runs there
offline_and_online()
{
	cpu 1 off && cpu 1 on
}

check "KVM is loaded, with TDX" modprobe kvm-intel tdx=1
taskset 1 kvm_td hold until /tmp/stop >/tmp/td0 2>&1 &
td0=$!
taskset 2 kvm_td hold until /tmp/stop >/tmp/td1 2>&1 &
td1=$!
kvm_guest --cpus 2 hold until /tmp/stop >/tmp/guest 2>&1 &
guest=$!
for n in td0 td1 guest; do
	check "$n is open" within 120 opened $n || cat /tmp/$n
done
check_is "there are two TDs, with a VCPU each" "2 2" \
	"$(counter tds) $(counter vcpus)"
check_is "which have two KeyIDs" $(($(value keyid/guest_count) - 2)) \
	"$(value keyid/guest_free)"
check "CPU 1 goes offline, and online" offline_and_online
check_is "a third TD lives meanwhile" "ok 1" "$(kvm_td run 2>&1 | tail -n 1)"

: >/tmp/stop
check "the first TD ran well to its end" ran td0 $td0
check "and the second" ran td1 $td1
check "and the ordinary guest" ran guest $guest
nothing_left

check "CPU 1 goes offline" cpu 1 off
check "a TD lives on the other one" kvm_td run
check "CPU 1 comes online" cpu 1 on
check "a TD lives on that one" taskset 2 kvm_td run
nothing_left
check "KVM can be unloaded" rmmod kvm-intel
check "TDX can be shut down then" sh -c "echo 0 >$TDX/enable"
check "and tdx_host be unloaded" rmmod tdx_host
sane
